"""Are the cited pages still there, and do they still say what they said? Run by the clock, not with every change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.enums import SourceState, StepOutcome
from claims.integrations import links
from claims.integrations.snapshot import text_digest
from claims.matching import quoting
from claims.models import Claim, Evidence
from claims.steps.asking import Asked, no_time, patience, told
from claims.steps.base import Context, Copy, Result, Step, evidence_of
from claims.steps.registry import register

MOST = 20


@dataclass(frozen=True, slots=True)
class Look:
    """What one look came to, for the domain to store. ``words_gone``: the cited words stand there no more."""

    evidence_id: int
    state: SourceState
    note: str = ""
    text_sha256: str = ""
    words_gone: bool | None = None
    copy: Copy | None = None


@register
class SourceHealth(Step):
    """A fresh look at every linked source.

    Items: ``evidence`` (number), ``title``, ``url``, ``state`` (alive, changed, gone, refused, unknown), ``words``
    (``stand``, ``gone`` or empty where none are cited or the page did not change), ``note``.
    """

    kind = "source_health"
    label = gettext_lazy("Links of the sources")
    planned = False
    position = 65
    queue = "fetch"
    max_attempts = 3
    time_limit = 120

    def inputs(self, subject: Claim) -> Mapping[str, Any]:
        return {"links": list(_linked(subject).values_list("number", "url"))}

    def run(self, subject: Claim, context: Context) -> Result:
        # What was never looked at, or longest ago, comes first: next time it is the turn of the others.
        oldest = F("check_up__checked_at").asc(nulls_first=True)
        linked = _linked(subject).select_related("snapshot", "check_up")
        sources = list(linked.order_by(oldest, "number")[:MOST])
        if not sources:
            return Result(StepOutcome.NOT_APPLICABLE, _("No source with a link has been added yet."))
        asked: list[Asked] = []
        looks = [_look(item, asked, context) for item in sources]
        if all(one.outcome == StepOutcome.NOT_CONFIGURED for one in asked):
            return Result(StepOutcome.NOT_CONFIGURED, asked[0].note)
        known = [look for look in looks if look.state != SourceState.UNKNOWN]
        return Result(
            StepOutcome.FOUND if known else StepOutcome.UNAVAILABLE,
            _in_words(looks),
            items=[_item(item, look) for item, look in zip(sources, looks, strict=True)],
            source=_("The cited pages"),
            retry_after=patience(asked),
            payload=looks if known or context.last else None,
        )


def _linked(claim: Claim) -> Any:
    return evidence_of(claim).exclude(url="").order_by("number")


def _known_digest(item: Evidence) -> str:
    """What the page said when it was cited, or what a person has settled since."""
    check_up = getattr(item, "check_up", None)
    settled = check_up.settled if check_up is not None and len(check_up.settled) == 64 else ""
    return settled or (text_digest(item.snapshot.text) if item.snapshot is not None else "")


def _look(item: Evidence, asked: list[Asked], context: Context) -> Look:
    if not context.time_for():
        asked.append(no_time("link", item.url))
        return Look(item.pk, SourceState.UNKNOWN, asked[-1].note)
    answer = links.check(item.url, _known_digest(item))
    asked.append(told("link", answer, item.url))
    seen = answer.first
    if seen is None:
        return Look(item.pk, SourceState.UNKNOWN, answer.note)
    state = SourceState(seen.state.value)
    if state != SourceState.CHANGED or seen.page is None:
        return Look(item.pk, state, seen.note, seen.text_sha256)
    place = quoting.find(item.quote, seen.page.text) if item.quote.strip() else None
    words_gone = None if not item.quote.strip() else place is None or not place.exact
    page = seen.page
    copy = Copy(
        content=page.content, text=page.text, url=page.url, title=page.title or item.title,
        publisher=item.publisher, content_type=page.content_type, warc=page.warc,
    )  # fmt: skip
    return Look(item.pk, state, seen.note, seen.text_sha256, words_gone, copy)


def _item(item: Evidence, look: Look) -> dict[str, Any]:
    words = "" if look.words_gone is None else "gone" if look.words_gone else "stand"
    return {
        "evidence": item.number,
        "title": item.title,
        "url": item.url,
        "state": look.state.value,
        "words": words,
        "note": look.note,
    }


def _in_words(looks: Sequence[Look]) -> str:
    first = ngettext("%(count)d link looked at", "%(count)d links looked at", len(looks)) % {
        "count": len(looks)
    }
    counts = [
        (SourceState.ALIVE, _("%(count)d unchanged")),
        (SourceState.CHANGED, _("%(count)d changed")),
        (SourceState.GONE, _("%(count)d gone")),
        (SourceState.REFUSED, _("%(count)d that turn programs away")),
        (SourceState.UNKNOWN, _("%(count)d without an answer")),
    ]
    told = [
        words % {"count": number}
        for state, words in counts
        if (number := sum(look.state == state for look in looks))
    ]
    return f"{first}: {', '.join(told)}."
