"""How every service answers: one envelope, and four outcomes that must never be mistaken for each other.

"Not configured" and "unavailable" are never "nothing found".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from claims.enums import StepOutcome
from claims.integrations import conf, errors, http, urls
from claims.integrations.conf import gettext_noop as _
from claims.integrations.conf import say
from claims.integrations.response import Response

Item = TypeVar("Item")
MAX_TEXT = 5_000


@dataclass(frozen=True)
class Answer(Generic[Item]):
    """The answer of one service to one question.

    ``note`` is a sentence for the person; ``retryable`` and ``retry_after`` (seconds) hold for ``UNAVAILABLE``;
    ``query`` is what was asked, without keys, to be shown beside "nothing found".
    """

    outcome: StepOutcome
    service: str
    items: tuple[Item, ...] = ()
    note: str = ""
    retryable: bool = False
    retry_after: float | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    asked_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def first(self) -> Item | None:
        return self.items[0] if self.items else None


class OddShape(Exception):
    """The service answered, but not in the shape it documents."""


@dataclass(frozen=True)
class Service:
    """A service by its key in the settings and the name people know it by."""

    key: str
    label: str

    def listed(self, url: str) -> bool:
        """Whether the operator listed the origin of ``url`` for this service."""
        origin = conf.trusted_origin(self.key)
        try:
            return (
                bool(origin)
                and urls.parse(url, any_port=True).origin == urls.parse(origin, any_port=True).origin
            )
        except errors.FetchError:
            return False

    def reachable(self, url: str) -> bool:
        """Whether the master switch lets us ask ``url``: always where the operator listed that very origin."""
        return self.listed(url) or conf.outside_allowed()

    def switched_off(self, query: Mapping[str, str] | None = None) -> Answer[Any]:
        note = say(_("Not asked: services outside this desk are switched off."))
        return Answer(StepOutcome.NOT_CONFIGURED, self.key, note=note, query=query or {})

    def not_configured(self, note: str, query: Mapping[str, str] | None = None) -> Answer[Any]:
        return Answer(StepOutcome.NOT_CONFIGURED, self.key, note=note, query=query or {})

    def unavailable(self, error: errors.FetchError, query: Mapping[str, str] | None = None) -> Answer[Any]:
        note = say(_("%(service)s did not answer: %(reason)s"), service=self.label, reason=str(error))
        return self.no_answer(note, error, query)

    def no_answer(
        self, note: str, error: errors.FetchError, query: Mapping[str, str] | None = None
    ) -> Answer[Any]:
        """Nothing came, in the words of ``note``; whether and when to ask again is what the error says."""
        return Answer(
            StepOutcome.UNAVAILABLE,
            self.key,
            note=note,
            retryable=error.retryable,
            retry_after=error.retry_after,
            query=query or {},
        )

    def odd(self, query: Mapping[str, str] | None = None) -> Answer[Any]:
        note = say(_("%(service)s gave an answer in a form that we do not know."), service=self.label)
        return Answer(StepOutcome.UNAVAILABLE, self.key, note=note, retryable=True, query=query or {})

    def refused(self, setting: str, query: Mapping[str, str] | None = None) -> Answer[Any]:
        note = say(
            _("%(service)s refused our request. An administrator should check %(setting)s."),
            service=self.label,
            setting=setting,
        )
        return Answer(StepOutcome.UNAVAILABLE, self.key, note=note, query=query or {})

    def found(self, items: tuple[Item, ...], query: Mapping[str, str] | None = None) -> Answer[Item]:
        if items:
            return Answer(StepOutcome.FOUND, self.key, items, query=query or {})
        note = say(_("%(service)s was searched and found nothing."), service=self.label)
        return Answer(StepOutcome.NOTHING_FOUND, self.key, note=note, query=query or {})

    def ask(
        self,
        url: str,
        read: Callable[[Any], tuple[Item, ...]],
        *,
        query: Mapping[str, str],
        method: str = "GET",
        key_setting: str = "FACTCHECK_USER_AGENT",
        **sent: Any,
    ) -> Answer[Item]:
        """Ask ``url`` and read the JSON answer with ``read``; every way this can go wrong becomes an ``Answer``.

        ``key_setting`` names the setting to check when the service refuses us (free services do so to clients
        that do not say who they are); ``sent`` goes to ``http.request``.
        """
        if not self.reachable(url):
            return self.switched_off(query)
        try:
            answer = http.request(method, url, service=self.key, **sent)
            if answer.status in {400, 401, 403}:
                return self.refused(key_setting, query)
            busy = _media_wiki_wait(answer)
            if busy is not None:
                return self.unavailable(busy, query)
            answer.raise_for_status()
            return self.found(read(answer.json()), query)
        except errors.Unreadable:
            return self.odd(query)
        except OddShape:
            return self.odd(query)
        except errors.FetchError as error:
            return self.unavailable(error, query)


def _media_wiki_wait(answer: Response) -> errors.FetchError | None:
    """Wikimedia reports a busy server with status 200 and an error code in the body."""
    code = answer.headers.get("mediawiki-api-error", "")
    if code in {"maxlag", "ratelimited", "readonly"}:
        return errors.Busy(status=answer.status, retry_after=answer.retry_after)
    return None


# --- reading JSON that may be anything ---------------------------------------------------------------------------


def mapping(value: Any) -> dict[str, Any]:
    """``value`` as a JSON object; raises ``OddShape``."""
    if not isinstance(value, dict):
        raise OddShape
    return value


def listing(value: Any) -> list[Any]:
    """``value`` as a JSON list; raises ``OddShape``."""
    if not isinstance(value, list):
        raise OddShape
    return value


def text(value: Any, limit: int = MAX_TEXT) -> str:
    """``value`` as one line of text, empty for anything that is no text; NUL and lone surrogates dropped."""
    if not isinstance(value, str):
        return ""
    clean = value[: limit * 4].replace("\0", "").encode("utf-8", "ignore").decode()
    return " ".join(clean.split())[:limit]


def web_address(value: Any) -> str:
    """``value`` where it is an http(s) address without credentials, else an empty string (never a script)."""
    address = text(value, 2_000)
    try:
        return address if urls.parse(address, any_port=True) else ""
    except errors.FetchError:
        return ""


def moment(value: Any) -> datetime | None:
    """``value`` as a time: ISO 8601, or the fourteen digits of the web archive; UTC where no zone is given."""
    stamp = text(value, 40)
    try:
        if re.fullmatch(r"\d{14}", stamp):
            return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        parsed = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=UTC)


def readable(raw: list[Any], items: list[Item | None]) -> tuple[Item, ...]:
    """The items that could be read; raises ``OddShape`` when there were some and not one could be."""
    kept = tuple(item for item in items if item is not None)
    if raw and not kept:
        raise OddShape
    return kept
