"""A dropped correction leaves nothing behind; who may publish one; and what an approval is for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from claims.domain import claims, documents, evidence, gates, replies, verdicts
from claims.exceptions import TransitionRefused
from claims.models import (
    Claim,
    Conflict,
    Correction,
    Evidence,
    GateException,
    ReplyAttempt,
    Report,
    RightOfReply,
    Speaker,
)
from claims.publishing.document import ReportDocument
from tests.factories import fill, move

pytestmark = pytest.mark.django_db
ClaimIn = Callable[..., Claim]


def correcting(claim_in: ClaimIn, editor: User) -> Claim:
    return move(claim_in("published"), "open_correction", editor, reason="x", payload={"kind": "correction"})


def as_printed(claim: Claim) -> dict[str, Any]:
    """What would be frozen now, without what every new document has of its own."""
    draft = documents.draft(gates.load_dossier(Claim.objects.get(pk=claim.pk), timezone.now()))
    left_out = (
        "slug",
        "version",
        "change",
        "published_at",
        "modified_at",
        "history",
        "notice",
        "second_readers",
    )
    return {name: value for name, value in vars_of(draft).items() if name not in left_out}


def vars_of(document: ReportDocument) -> dict[str, Any]:
    return {name: getattr(document, name) for name in document.__dataclass_fields__}


def test_everything_is_as_published_again(claim_in: ClaimIn, editor: User, reviewer: User) -> None:
    claim = correcting(claim_in, editor)
    before, rows = as_printed(claim), list(Evidence.objects.order_by("pk").values())
    one, two = Evidence.objects.filter(claim=claim).order_by("number")
    evidence.change_evidence(
        one.pk,
        actor=reviewer,
        fields={"title": "Other counts", "url": "https://else.example/", "note": "Hm."},
    )
    evidence.withdraw_evidence(two.pk, actor=reviewer)
    evidence.arrange_evidence(claim.pk, [two.pk, one.pk], actor=reviewer)
    evidence.add_evidence(
        claim.pk, actor=reviewer,
        fields={"title": "Third", "url": "https://third.example/", "stance": "context", "kind": "secondary"},
    )  # fmt: skip
    replies.log_attempt(claim.pk, actor=reviewer, fields={"asked_on": date(2026, 3, 1), "answer": "Never."})
    claims.reword(
        claim.pk, actor=editor, fields={"restated": "It fell.", "speaker": "Somebody", "topic": "Ships"}
    )
    GateException.objects.create(
        claim=claim, gate="primary_source", reason="None exists.", person=editor, created_at=timezone.now()
    )
    verdicts.save_verdict(
        claim.pk, actor=reviewer, revision=claim.verdict.revision, fields={"summary": "Other."}
    )
    assert as_printed(claim) != before
    move(claim, "cancel_correction", editor)
    assert as_printed(claim) == before
    assert list(Evidence.objects.filter(pk__in=[one.pk, two.pk]).order_by("pk").values()) == rows
    assert Evidence.objects.get(title="Third").withdrawn_at is not None
    assert ReplyAttempt.objects.filter(claim=claim).count() == 1, "it was asked all the same"


def test_a_reply_that_was_recorded_is_recorded_again(claim_in: ClaimIn, editor: User, reviewer: User) -> None:
    claim = claim_in("published")
    claim = move(claim, "open_correction", editor, reason="x", payload={"kind": "correction"})
    asked = {"contacted": True, "asked_on": date(2026, 3, 1), "channel": "e-mail", "deadline": timezone.now()}
    verdicts.save_reply(claim.pk, actor=reviewer, fields=asked)
    kept = RightOfReply.objects.filter(claim=claim).values()
    former = RightOfReply.objects.filter(claim=claim)
    move(claim, "cancel_correction", editor)
    assert former.get().not_contacted_reason == "public_record"
    claim = move(claim, "open_correction", editor, reason="x", payload={"kind": "correction"})
    stood = kept.get()
    RightOfReply.objects.filter(claim=claim).delete()
    move(claim, "cancel_correction", editor)
    assert {**kept.get(), "id": 0} == {**stood, "id": 0}


def test_a_correction_from_before_is_dropped_as_it_was(
    claim_in: ClaimIn, editor: User, reviewer: User
) -> None:
    claim = correcting(claim_in, editor)
    Correction.objects.filter(claim=claim).update(before=None)
    item = evidence.add_evidence(
        claim.pk, actor=reviewer,
        fields={"title": "Third", "url": "https://third.example/", "stance": "context", "kind": "secondary"},
    )  # fmt: skip
    move(claim, "cancel_correction", editor)
    item.refresh_from_db()
    assert item.withdrawn_at is not None
    assert Evidence.objects.standing().filter(claim=claim).count() == 2


def test_who_declared_a_conflict_publishes_no_correction(
    claim_in: ClaimIn, editor: User, reviewer: User, second_reader: User
) -> None:
    claim = correcting(claim_in, editor)
    fill(claim, reviewer, summary="Counts show 28 per cent.")
    Conflict.objects.create(person=second_reader, note="Shares.", **about(claim))
    note = {"public_note": "It was 28."}
    with pytest.raises(TransitionRefused, match="conflict of interest"):
        move(claim, "publish_correction", second_reader, payload=note)
    Conflict.objects.all().delete()
    assert move(claim, "publish_correction", second_reader, payload=note).status == "published"


def about(claim: Claim) -> dict[str, Any]:
    return {"speaker": claim.speaker, "created_at": timezone.now()}


def test_an_approval_is_for_this_very_speaker(claim_in: ClaimIn) -> None:
    claim = claim_in("in_review")
    mark = lambda: documents.fingerprint(  # noqa: E731
        gates.load_dossier(Claim.objects.get(pk=claim.pk), timezone.now())
    )
    before = mark()
    Speaker.objects.filter(pk=claim.speaker_id).update(same_as="https://www.wikidata.org/wiki/Q1")
    assert mark() != before


def test_a_new_version_keeps_its_id_though_the_desk_moved(
    claim_in: ClaimIn, editor: User, reviewer: User, second_reader: User, settings: Any
) -> None:
    """Check 28: feeds tell of a correction, not of a new report."""
    claim = claim_in("published")
    report = Report.objects.select_related("current_version").get(claim=claim)
    assert report.current_version is not None
    first = ReportDocument.from_json(report.current_version.document)
    settings.SITE_URL = "https://moved.example"
    move(claim, "open_correction", editor, reason="x", payload={"kind": "correction"})
    fill(claim, reviewer, summary="Counts show 28 per cent.")
    move(claim, "publish_correction", second_reader, payload={"public_note": "It was 28."})
    report = Report.objects.select_related("current_version").get(claim=claim)
    assert report.current_version is not None
    second = ReportDocument.from_json(report.current_version.document)
    assert second.tag_uri == first.tag_uri
    assert second.url.startswith("https://moved.example/")
