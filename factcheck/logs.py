"""One JSON line per event, UTC, with control characters escaped by JSON itself, and nothing that opens a door.

Nobody should log a secret; but libraries log addresses, requests and faults, and those can hold one. So every line passes
a sieve: the operator's own secrets by their value, what the desk gives out by its form.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, MutableMapping
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog

HIDDEN = "[hidden]"
_FORMS = (
    # Links by mail, and a reader's receipt: the part of the address that opens them.
    (
        re.compile(r"(/password/new/[^/\s]+/|/invitation/[^/\s]+/|/messages/)(?!set\b)[^/\s\"'?]+"),
        rf"\1{HIDDEN}",
    ),
    # Keys to the API, and secrets of receivers.
    (re.compile(r"\b(plb_|whsec_)[\w-]{8,}"), rf"\1{HIDDEN}"),
    # A password in an address, of a database or a broker.
    (re.compile(r"(\b[a-z][a-z0-9+.-]*://[^/\s:@]*:)[^@/\s]+@"), rf"\1{HIDDEN}@"),
    # What a provider of single sign-on sends back, and whatever calls itself a secret.
    (
        re.compile(
            r"([?&](?:code|state|token|id_token|access_token|refresh_token|key|secret|client_secret|password)=)"
            r"[^&\s\"'>]+"
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(?i)(\bauthorization['\"]?\s*[:=]\s*['\"]?(?:bearer|basic)\s+)[^\s'\"]+"), rf"\1{HIDDEN}"),
)
_NAMES_OF_SECRETS = re.compile(r"(_KEYS?|SECRET|PASSWORD|TOKEN|FALLBACKS)$")
_URLS = ("DATABASE_URL", "REDIS_URL")
# Shorter values are words that stand in many a harmless line.
_SHORTEST = 8


def make_formatter() -> structlog.stdlib.ProcessorFormatter:
    """The formatter for every handler: message, extras, time, level, logger and, where there is one, the fault."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.stdlib.ExtraAdder(),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            Sieve(os.environ),
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
    )


class Sieve:
    """A processor that takes secrets out of whatever is about to be written."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment  # asked at each line: ``.env`` is read after the first ones

    def _known(self) -> list[str]:
        """The operator's own secrets, the longest first, since one may be part of another."""
        values = [value for name, value in self._environment.items() if _NAMES_OF_SECRETS.search(name)]
        values += [part for value in values for part in re.split(r"[,:]", value)]
        values += [unquote(urlsplit(self._environment.get(name, "")).password or "") for name in _URLS]
        return sorted({value for value in values if len(value) >= _SHORTEST}, key=len, reverse=True)

    def __call__(
        self, logger: Any, name: str, event_dict: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        return {key: self._clean(value) for key, value in event_dict.items()}

    def _clean(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Mapping):
            return {str(key): self._clean(held) for key, held in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(held) for held in value]
        return self.text(value if isinstance(value, str) else repr(value))

    def text(self, text: str) -> str:
        """The text without what is secret in it."""
        for value in self._known():
            text = text.replace(value, HIDDEN)
        for form, instead in _FORMS:
            text = form.sub(instead, text)
        return text
