"""A real PostgreSQL and a real Redis from the system's packages, each in a throw-away folder on a free port.

Nothing of the machine's own clusters is touched. ``python -m tests.deploy.services -- COMMAND ...`` runs a command
with ``DATABASE_URL`` set to such a PostgreSQL and returns its exit code: so the suite runs on it a second time.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.management.processes import eventually

ROLE = "desk"


def postgres_binaries() -> Path | None:
    """The folder with ``initdb`` and ``postgres`` of the newest version found; Debian keeps it off the search path."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True
    )
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def missing() -> str:
    """What is not on this machine; empty when both are."""
    parts = {"PostgreSQL": postgres_binaries(), "Redis": shutil.which("redis-server")}
    return " and ".join(name for name, where in parts.items() if where is None)


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database on a PostgreSQL of its own, which ends with the block."""
    binaries = postgres_binaries()
    assert binaries is not None, "PostgreSQL is not on this machine"
    port, password = free_port(), secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="desk-pg-") as folder:
        _initialise(binaries, Path(folder), password)
        options = {
            "-D": f"{folder}/data", "-p": str(port), "-k": folder, "-h": "127.0.0.1",
        }  # fmt: skip
        command = [str(binaries / "postgres"), *(part for pair in options.items() for part in pair)]
        # Durability is not what is tried here, and the machine may be small.
        command += ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        with (Path(folder) / "log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, **_as_postgres())
        try:
            url = f"postgres://{ROLE}:{password}@127.0.0.1:{port}/postgres"
            ready = [str(binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
            assert eventually(lambda: subprocess.run(ready, check=False).returncode == 0, 30), Path(
                f"{folder}/log"
            ).read_text()
            yield url
        finally:
            server.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown: open connections are ended
            server.wait(timeout=30)


def _initialise(binaries: Path, folder: Path, password: str) -> None:
    (folder / "password").write_text(password)
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        account = pwd.getpwnam("postgres")
        for path in (folder, folder / "password"):
            os.chown(path, account.pw_uid, account.pw_gid)
    options = {
        "-D": folder / "data", "-U": ROLE, "--pwfile": folder / "password", "-E": "UTF8", "--locale": "C.UTF-8",
        "--auth": "scram-sha-256",
    }  # fmt: skip
    subprocess.run(
        [binaries / "initdb", "--no-sync", *(part for pair in options.items() for part in pair)],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
        **_as_postgres(),
    )


def _as_postgres() -> dict[str, object]:
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


@contextmanager
def redis_server() -> Iterator[str]:
    """The URL of a Redis of its own with a password and an append-only file, as docker-compose.yml starts it."""
    port, password = free_port(), secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="desk-redis-") as folder:
        options = {
            "--bind": "127.0.0.1", "--port": str(port), "--dir": folder, "--appendonly": "yes", "--save": "",
            "--maxmemory-policy": "noeviction", "--requirepass": password,
        }  # fmt: skip
        server = subprocess.Popen(
            ["redis-server", *(part for pair in options.items() for part in pair)], stdout=subprocess.DEVNULL
        )
        try:
            assert eventually(lambda: _listens(port), 15), "Redis did not come up"
            yield f"redis://:{password}@127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait(timeout=30)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def main(arguments: list[str]) -> int:
    """Run ``arguments`` with ``DATABASE_URL`` set; its exit code."""
    if not arguments or postgres_binaries() is None:
        print("usage: python -m tests.deploy.services -- COMMAND ... (needs PostgreSQL)", file=sys.stderr)
        return 2
    with postgres() as url:
        return subprocess.run(arguments, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:] if sys.argv[1:2] == ["--"] else sys.argv[1:]))
