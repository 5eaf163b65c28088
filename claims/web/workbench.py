"""What the claim page shows, gathered with a number of queries that does not grow with the claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from claims.domain import (
    blind,
    checklists,
    gates,
    people,
    presence,
    queries,
    replies,
    steps,
    transitions,
    verdicts,
)
from claims.domain.transitions import Move
from claims.enums import Action, ClaimStatus, Role, Stance
from claims.models import Claim, Comment, Evidence, RatingLevel
from claims.web import polling, proposed_notes
from claims.web.forms_claim import AttemptForm, CommentForm, ReplyForm, VerdictForm
from claims.web.spans import around
from claims.web.step_rows import panel
from claims.web.wording import happenings, sent_back

ROWS = (
    "article", "speaker", "assignee", "second_reader", "verdict__level", "verdict__saved_by", "right_of_reply",
    "report__current_version", "duplicate_of", "statement", "retraction_proposed_by", "media_finding",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """The sources of one stance."""

    stance: str
    label: str
    items: tuple[Evidence, ...]


def offers(claim: Claim, person: User) -> list[Move]:
    """The moves as buttons show them. One approves on the review page, after reading, so that move is left to it."""
    found = transitions.available(claim, person)
    return [move for move in found if move.action != Action.APPROVE]


def board(evidence: Sequence[Evidence]) -> list[Column]:
    """The evidence by what it does to the claim."""
    order = (Stance.UNDERMINES, Stance.SUPPORTS, Stance.CONTEXT)
    return [
        Column(stance, str(stance.label), tuple(item for item in evidence if item.stance == stance))
        for stance in order
    ]


def sources(claim: Claim, person: User) -> dict[str, Any]:
    """The evidence board alone."""
    rows = list(Evidence.objects.standing().select_related("snapshot", "added_by").filter(claim=claim))
    return {
        "claim": claim, "board": board(rows), "evidence_count": len(rows), "may_write": verdicts.may_write(claim, person)
    }  # fmt: skip


def levels(claim: Claim) -> tuple[list[RatingLevel], list[RatingLevel]]:
    """The ratings on the scale in use, truest first, and those off it."""
    rows = list(RatingLevel.objects.filter(scale__in_use=True).order_by("off_scale", "-value", "position"))
    return [row for row in rows if not row.off_scale], [row for row in rows if row.off_scale]


def workbench(claim: Claim, person: User) -> dict[str, Any]:
    """Everything on the claim page."""
    same_speaker = queries.other_claims_of_speaker(claim)
    unseen = claim.pk in blind.veil([claim, *same_speaker], person)
    dossier = gates.load_dossier(claim, timezone.now())
    results = gates.evaluate(dossier)
    verdict = None if unseen else dossier.verdict
    sources = list(
        Evidence.objects.standing().select_related("snapshot", "added_by", "check_up").filter(claim=claim)
    )
    before, after = queries.neighbours(claim)
    on_scale, off_scale = levels(claim)
    held = people.roles(person)
    may_write = verdicts.may_write(claim, person)
    progress = steps.progress(claim)
    events = queries.timeline(claim)
    correction = proposed_notes.correction_of(claim)
    return {
        "claim": claim,
        "article": claim.article,
        "moves": offers(claim, person),
        "around": around(claim.article.text, claim.start, claim.end),
        "claims_in_article": claim.article.claims.count(),
        "before": before,
        "after": after,
        "panel": panel(steps.latest(claim)),
        "progress": progress,
        "delay": polling.delay(0, at_rest=progress.at_rest),
        "asked": 1,
        "board": board(sources),
        "evidence_count": len(sources),
        "verdict": verdict,
        "unseen": unseen,
        "form": VerdictForm.of([*on_scale, *off_scale], verdict),
        "on_scale": on_scale,
        "off_scale": off_scale,
        "chosen": verdict.level_id if verdict else None,
        "reply": dossier.reply,
        "reply_form": ReplyForm.of(dossier.reply),
        "reply_log": replies.log_of(claim),
        "attempt_form": AttemptForm(auto_id="id_attempt_%s"),
        "here": presence.others(claim, person),
        "beat": 1,
        **gates_of(gates.without_words(results) if unseen else results),
        "may_write": may_write,
        "may_edit": may_write or (claim.status == ClaimStatus.NEW and Role.REVIEWER in held),
        "may_detail": Role.EDITOR in held or claim.assignee_id == person.pk,
        "checklists": checklists.on_claim(claim),
        "may_tick": checklists.may_tick(claim, person),
        "comments": [] if unseen else list(Comment.objects.filter(claim=claim).select_related("author")),
        "comment_form": CommentForm(),
        "mentionable": [row.get_username() for row in people.reviewers()[:8]],
        "timeline": happenings(events, reasons=not unseen),
        "sent_back": None if unseen else sent_back(events),
        "same_speaker": same_speaker,
        "record": record_of(claim),
        "now": part_for_now(claim, may_write=may_write, evidence=len(sources)),
        "correction": correction,
        "notes": proposed_notes.on_claim(claim, person, correction),
        "why_retract": proposed_notes.why_retract(claim),
    }


def part_for_now(claim: Claim, *, may_write: bool, evidence: int) -> str:
    """The part of the workbench that a narrow screen shows first: what the claim waits for."""
    if claim.status in {ClaimStatus.NEW, ClaimStatus.TRIAGED, ClaimStatus.ASSIGNED}:
        return "steps"
    return "evidence" if may_write and not evidence else "verdict"


def gates_of(results: Sequence[gates.GateResult]) -> dict[str, Any]:
    """The gates as the page lists them, with how many hold."""
    return {"gates": results, "gates_passed": sum(result.passed for result in results)}


def ready(claim: Claim, person: User) -> dict[str, Any]:
    """What a saved draft changes besides itself: the moves with what is missing, and the gates."""
    results = gates.evaluate(gates.load_dossier(claim, timezone.now()))
    if blind.is_hidden(claim, person):
        results = gates.without_words(results)
    return {"claim": claim, "moves": offers(claim, person), **gates_of(results)}


def record_of(claim: Claim) -> list[dict[str, Any]]:
    """How often each verdict was given to this speaker: counts, never a score."""
    if claim.speaker_id is None:
        return []
    rows = Claim.objects.filter(speaker_id=claim.speaker_id, report__current_version__isnull=False)
    counted = (
        rows.order_by().values("verdict__level__word", "verdict__level__key").annotate(count=Count("id"))
    )
    return [
        {"word": row["verdict__level__word"], "key": row["verdict__level__key"], "count": row["count"]}
        for row in counted
        if row["verdict__level__word"]
    ]


def address(claim: Claim, place: str = "") -> str:
    """The claim's page, at one of its parts."""
    return f"{reverse('claim', args=[claim.pk])}{'#' + place if place else ''}"
