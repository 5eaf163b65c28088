"""A copy of every cited page: our own (bytes, text, SHA-256, WARC), and an independent one where it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.enums import ArchiveState, StepOutcome
from claims.integrations import snapshot, wayback
from claims.models import Claim, Evidence
from claims.steps.asking import Asked, no_time, patience, silent, told
from claims.steps.base import Context, Copy, Result, Step, evidence_of
from claims.steps.registry import register

MOST = 10
# The archive's index follows a save with some delay.
CONFIRM_AFTER = 600.0


@register
class Archive(Step):
    """Copies of the sources that have a link.

    Items, one for each source: ``evidence`` (number), ``title``, ``url``, ``state`` (``independent``, ``own_copy``,
    ``none``), ``archive_url`` (only ever from a confirmed answer), ``sha256``, ``asked``: what each came to, ``note``.
    """

    kind = "archive"
    label = gettext_lazy("Copies of the sources")
    position = 60
    queue = "fetch"
    max_attempts = 5
    time_limit = 80
    services = ("wayback",)

    def inputs(self, subject: Claim) -> Mapping[str, Any]:
        return {"links": list(_linked(subject).values_list("number", "url"))}

    def requests(self, subject: Claim) -> Mapping[str, int]:
        without = _linked(subject).filter(archive_url="").count()
        return {"wayback": 2 * min(without, MOST)}  # is it archived; if not, please archive it

    def run(self, subject: Claim, context: Context) -> Result:
        sources = list(_linked(subject).select_related("snapshot")[:MOST])
        if not sources:
            return Result(StepOutcome.NOT_APPLICABLE, _("No source with a link has been added yet."))
        asked: list[Asked] = []
        copies: list[Copy] = []
        items = [_keep(item, asked, copies, context) for item in sources]
        confirmed = {
            source.pk: str(item["archive_url"])
            for source, item in zip(sources, items, strict=True)
            if item["archive_url"] and not source.archive_url
        }
        outcome = _together(items, asked)
        return Result(
            outcome,
            _in_words(outcome, items, asked),
            items=items,
            source=_("The cited pages and the Wayback Machine"),
            copies=copies,
            archive_links=confirmed,
            retry_after=patience(asked),
            look_again=CONFIRM_AFTER if any(one.name == "saving" for one in asked) else None,
        )


def _linked(claim: Claim) -> Any:
    return evidence_of(claim).exclude(url="").order_by("number")


def _keep(item: Evidence, asked: list[Asked], copies: list[Copy], context: Context) -> dict[str, Any]:
    own = item.snapshot.sha256 if item.snapshot is not None else ""
    link = item.archive_url
    notes: list[str] = []
    if not link:
        link, note = _independent(item.url, asked, context)
        notes.append(note)
    if not own and not context.time_for():
        asked.append(no_time("copy", item.url))
        notes.append(asked[-1].note)
    elif not own:
        taken = snapshot.take(item.url)
        asked.append(told("copy", taken, item.url))
        notes.append(taken.note)
        for page in taken.items:
            own = page.sha256
            copies.append(
                Copy(
                    content=page.content, text=page.text, url=page.url, title=page.title or item.title,
                    publisher=item.publisher, content_type=page.content_type, warc=page.warc,
                    evidence_id=item.pk,
                )
            )  # fmt: skip
    state = ArchiveState.INDEPENDENT if link else ArchiveState.OWN_COPY if own else ArchiveState.NONE
    return {
        "evidence": item.number,
        "title": item.title,
        "url": item.url,
        "state": state.value,
        "archive_url": link,
        "sha256": own,
        "note": " ".join(note for note in notes if note),
    }


def _independent(url: str, asked: list[Asked], context: Context) -> tuple[str, str]:
    """A confirmed link, or an empty one and why. A page asked to be saved is confirmed by the next run."""
    before = silent(asked, "wayback")
    if before is not None:
        return "", before.note
    if not context.time_for(24):
        asked.append(no_time("wayback", url))
        return "", asked[-1].note
    answer = wayback.available(url)
    asked.append(told("wayback", answer, url))
    if answer.first is not None:
        return answer.first.url, ""
    if answer.outcome != StepOutcome.NOTHING_FOUND:
        return "", answer.note
    job = wayback.save(url)
    if job.first is not None:
        asked.append(Asked("saving", StepOutcome.NOTHING_FOUND, query=url))
        return "", _("The archive was asked to save the page; its link is looked for again in some minutes.")
    return "", job.note


def _together(items: Sequence[Mapping[str, Any]], asked: Sequence[Asked]) -> StepOutcome:
    if any(item["state"] != ArchiveState.NONE for item in items):
        return StepOutcome.FOUND
    outcomes = {one.outcome for one in asked}
    return StepOutcome.UNAVAILABLE if StepOutcome.UNAVAILABLE in outcomes else StepOutcome.NOT_CONFIGURED


def _in_words(outcome: StepOutcome, items: Sequence[Mapping[str, Any]], asked: Sequence[Asked]) -> str:
    if outcome == StepOutcome.NOT_CONFIGURED:
        return _("No copies were made: services outside this desk are switched off.")
    independent = sum(item["state"] == ArchiveState.INDEPENDENT for item in items)
    own = sum(item["state"] == ArchiveState.OWN_COPY for item in items)
    none = len(items) - independent - own
    first = ngettext("%(count)d archived independently", "%(count)d archived independently", independent)
    second = ngettext("%(count)d kept by us only", "%(count)d kept by us only", own)
    third = ngettext("%(count)d without a copy.", "%(count)d without a copy.", none)
    counted = (first % {"count": independent}, second % {"count": own}, third % {"count": none})
    return ", ".join(counted)
