"""Reading settings from the environment, failing loudly on a value that makes no sense.

The process environment wins over ``.env``; ``.env`` is optional and only read in the project folder.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def load_env_file(path: Path) -> None:
    """Put ``NAME=value`` lines of ``path`` into the environment where the name is not set yet."""
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        name, separator, value = entry.partition("=")
        if not separator:
            raise ImproperlyConfigured(f"{path.name}, line {number}: expected NAME=value, found {entry!r}.")
        os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


def text(name: str, default: str = "") -> str:
    """The variable as written; an empty value counts as not set."""
    return os.environ.get(name) or default


def flag(name: str, default: bool) -> bool:
    """A yes/no variable: 1, true, yes, on or 0, false, no, off."""
    value = os.environ.get(name)
    if not value:
        return default
    lowered = value.lower()
    if lowered in {"1", "true", "yes", "on"}:
        return True
    if lowered in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. Set it to one of: true, false.")


def one_of(name: str, choices: tuple[str, ...]) -> str:
    """One of a few words, as written; the first where nothing is set."""
    value = os.environ.get(name) or choices[0]
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to one of: {', '.join(choices)}.")
    return value


def integer(name: str, default: int, *, least: int | None = None) -> int:
    """A whole number, not below ``least``."""
    value = os.environ.get(name)
    if not value:
        return default
    try:
        found = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to a whole number.") from None
    if least is not None and found < least:
        raise ImproperlyConfigured(f"{name} is {found}. Set it to {least} or more.")
    return found


def number(name: str, default: float) -> float:
    """A number, whole or not, from 0 up."""
    value = os.environ.get(name)
    if not value:
        return default
    try:
        found = float(value)
    except ValueError:
        found = -1.0
    if not 0 <= found < 1e9:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to a number from 0 up.")
    return found


def price(name: str) -> str:
    """An amount of money as written, such as 0.15; empty where none is set."""
    value = os.environ.get(name) or ""
    if value:
        number(name, 0)
    return value


def names(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A comma-separated list."""
    value = os.environ.get(name)
    if not value:
        return list(default)
    return [part.strip() for part in value.split(",") if part.strip()]


def origins(name: str) -> dict[str, str]:
    """``service=https://host:port, other=…``: exact origins that one named service may use."""
    pairs: dict[str, str] = {}
    for part in names(name):
        service, separator, origin = part.partition("=")
        if not separator or not urlsplit(origin).scheme:
            raise ImproperlyConfigured(f"{name}: {part!r} is not of the form service=http://host:port.")
        pairs[service.strip()] = origin.strip().rstrip("/")
    return pairs


def is_open_redis(url: str) -> bool:
    """Whether a broker's address leads beyond this machine and carries no password."""
    parts = urlsplit(url)
    local = parts.hostname in {None, "localhost", "127.0.0.1", "::1"} or "socket" in parts.scheme
    return not local and not parts.password


SQLITE_INIT = (
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=NORMAL;"
    "PRAGMA busy_timeout=20000;"
    "PRAGMA foreign_keys=ON;"
    "PRAGMA recursive_triggers=ON;"
    "PRAGMA cache_size=-20000;"
)


def database(url: str) -> dict[str, object]:
    """Django's ``DATABASES`` entry for ``sqlite:///path`` or ``postgres://user:password@host:port/name``.

    SQLite runs in WAL with IMMEDIATE transactions, so that two writers wait for each other instead of
    failing. Connections of both are kept over requests.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path)[1:]
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path if path == ":memory:" else Path(path or "var/desk.sqlite3"),
            "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": SQLITE_INIT},
            # Opening the file and its eight settings cost more than most pages' queries.
            "CONN_MAX_AGE": 600,
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(
        f"DATABASE_URL begins with {parts.scheme or url!r}. Use sqlite:///path or postgres://user:password@host/name."
    )
