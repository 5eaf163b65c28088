"""A move meets a change of what it judges, each in a connection of its own: nobody's words come out that only they saw.

On PostgreSQL the move stops before a chosen statement until the change is through, or waits for the move. SQLite has one
place to write, taken when a move begins: there the two can only follow each other.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections

from claims.domain import articles, claims, desk, evidence, public_notes, verdicts
from claims.domain.transitions import transition
from claims.enums import Action
from claims.exceptions import Conflict, DeskError
from claims.models import Claim, ProposedNote, Report
from tests import factories
from tests.factories import move

pytestmark = pytest.mark.django_db(transaction=True)
ClaimIn = Callable[..., Claim]
Outcome = DeskError | None
HELD = 'UPDATE "claims_claim" SET "touched_at"'
GIVE_UP_AFTER = 30


class _Second(threading.Thread):
    """The change, in a connection of its own."""

    def __init__(self, act: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.act, self.outcome, self.process = act, None, 0
        self.fault: BaseException | None = None

    def run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.process = cursor.fetchone()[0]
            self.outcome = _outcome(self.act)
        except BaseException as fault:
            self.fault = fault
        finally:
            connections.close_all()

    def waits(self) -> bool:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = %s", [self.process])
            return bool(cursor.fetchone()[0])


def _outcome(act: Callable[[], Any]) -> Outcome:
    try:
        act()
    except DeskError as refusal:
        return refusal
    return None


def meet(first: Callable[[], Any], second: Callable[[], Any], *, before: str) -> tuple[Outcome, Outcome]:
    """``second`` while ``first`` is about to send its first statement with ``before`` in it; what each was told."""
    if connection.vendor == "sqlite":
        return _outcome(first), _outcome(second)
    other, begun = _Second(second), []

    def pause(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if before in sql and not begun:
            begun.append(sql)
            other.start()
            end = time.monotonic() + GIVE_UP_AFTER
            while other.is_alive() and not other.waits() and time.monotonic() < end:
                time.sleep(0.01)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(pause):
        told = _outcome(first)
    assert begun, f"the move never sent {before}"
    other.join(GIVE_UP_AFTER)
    assert not other.is_alive() and other.fault is None, other.fault
    return told, other.outcome


@pytest.fixture
def otto() -> User:
    return factories.person("otto", "editor", first="Otto")


def _printed(claim: Claim) -> str:
    version = Report.objects.select_related("current_version").get(claim=claim).current_version
    assert version is not None
    return str(version.document)


def _in_correction(claim: Claim, by: User) -> Claim:
    return move(claim, Action.OPEN_CORRECTION, by, reason="Seen.", payload={"kind": "correction"})


def _publish(claim: Claim, by: User) -> Outcome:
    return _outcome(
        lambda: move(claim, Action.PUBLISH_CORRECTION, by, payload={"public_note": "What was wrong."})
    )


def test_what_a_correction_changes_last_is_in_it_or_never_published_by_its_author(
    claim_in: ClaimIn, editor: User, second_reader: User, otto: User
) -> None:
    """Broken build: the claim is read before it is held, so the words stay behind and pass as old in the next correction."""
    claim = _in_correction(claim_in("published"), otto)
    meet(
        lambda: _publish(claim, second_reader),
        lambda: claims.reword(claim.pk, actor=editor, fields={"restated": "Only I wrote this."}),
        before=HELD,
    )
    present = Claim.objects.get(pk=claim.pk)
    assert (present.restated == "Only I wrote this.") == ("Only I wrote this." in _printed(claim))


def _retitle(claim: Claim, by: User) -> None:
    articles.change_details(claim.article_id, actor=by, fields={"title": "Only I wrote this."})


@pytest.mark.parametrize("before", ['FROM "claims_authorship"', 'FROM "claims_evidence"'])
def test_nobody_slips_a_title_into_the_correction_that_they_publish(
    claim_in: ClaimIn, editor: User, otto: User, before: str
) -> None:
    """Broken build: the title is read after it was asked who wrote, and the change was not through yet."""
    claim = _in_correction(claim_in("published"), otto)
    meet(lambda: _publish(claim, editor), lambda: _retitle(claim, editor), before=before)
    if claim.status == "correcting":
        _publish(claim, editor)
    assert "Only I wrote this." not in _printed(claim)
    # Nor in the next one, which another editor opens for something else.
    if Claim.objects.get(pk=claim.pk).status == "published":
        _in_correction(claim, otto)
    _publish(claim, editor)
    assert "Only I wrote this." not in _printed(claim)


def test_nor_into_the_next_correction_by_way_of_the_first_publication(
    claim_in: ClaimIn, editor: User, otto: User
) -> None:
    """Broken build: a title that was changed while the report went out counts as part of what went out."""
    factories.pages()
    claim = claim_in("approved")
    first, _second = meet(
        lambda: move(claim, Action.PUBLISH, editor), lambda: _retitle(claim, editor), before="INSERT INTO"
    )
    if first is not None:  # the title was through first, and the approval is not for it
        return
    assert "Only I wrote this." not in _printed(claim)
    _in_correction(claim, otto)
    assert _publish(claim, editor) is not None
    assert "Only I wrote this." not in _printed(claim)


def _change_verdict(claim: Claim, by: User) -> None:
    verdicts.save_verdict(claim.pk, actor=by, revision=1, fields={"summary": "Only I wrote this."})


def _change_source(claim: Claim, by: User) -> None:
    source = claim.evidence.order_by("number")[0]
    evidence.change_evidence(source.pk, actor=by, fields={"title": "Only I wrote this."})


def _except(claim: Claim, by: User) -> None:
    verdicts.except_gate(claim.pk, "two_origins", actor=by, reason="Only I wrote this.")


def _topic(claim: Claim, by: User) -> None:
    claims.set_details(claim.pk, actor=by, fields={"topic": "Only I wrote this."})


@pytest.mark.parametrize("change", [_except, _topic, _retitle])
def test_nobody_approves_what_they_change_at_that_moment(
    claim_in: ClaimIn, editor: User, change: Callable[[Claim, User], None]
) -> None:
    """Whatever comes first: nothing of it goes out by that approval."""
    factories.pages()
    claim = claim_in("in_review")
    meet(
        lambda: move(claim, Action.APPROVE, editor), lambda: change(claim, editor),
        before='FROM "claims_gateexception"',
    )  # fmt: skip
    _outcome(lambda: move(claim, Action.PUBLISH, editor))
    report = Report.objects.filter(claim=claim).first()
    assert report is None or "Only I wrote this." not in _printed(claim)


@pytest.mark.parametrize("change", [_change_verdict, _change_source])
def test_nobody_publishes_the_verdict_or_a_source_that_they_change_at_that_moment(
    claim_in: ClaimIn, editor: User, otto: User, change: Callable[[Claim, User], None]
) -> None:
    claim = _in_correction(claim_in("published"), otto)
    for before in (HELD, 'FROM "claims_evidence"'):
        meet(lambda: _publish(claim, editor), lambda: change(claim, editor), before=before)
        assert "Only I wrote this." not in _printed(claim)
        if Claim.objects.get(pk=claim.pk).status == "published":
            _in_correction(claim, otto)


def test_of_two_who_propose_a_retraction_at_once_the_second_is_told_of_the_first(
    claim_in: ClaimIn, editor: User, otto: User
) -> None:
    """Broken build: both notes are made before either has moved the claim, and the second breaks off at the database."""
    claim = claim_in("published")

    def propose(by: User) -> Claim:
        return transition(
            claim.pk, Action.PROPOSE_RETRACTION, actor=by, version=claim.version, reason="Wrong bridge.",
            payload={"public_note": f"{by} says it is wrong."},
        )  # fmt: skip

    first, second = meet(lambda: propose(editor), lambda: propose(otto), before="INSERT INTO")
    assert [type(told) for told in (first, second)] == [type(None), Conflict]
    assert ProposedNote.objects.get(claim=claim).proposed_by == editor


@pytest.mark.parametrize("before", [HELD, 'FROM "claims_correction"'])
def test_a_note_that_is_changed_at_that_moment_does_not_go_out_with_the_agreement_to_the_former_words(
    claim_in: ClaimIn, editor: User, otto: User, second_reader: User, before: str
) -> None:
    desk.save_settings(actor=editor, fields={"note_needs_two": True})
    claim = _in_correction(claim_in("published"), otto)
    public_notes.propose(claim.pk, "correction", actor=otto, text="What was wrong.")
    told, _other = meet(
        lambda: move(
            claim, Action.PUBLISH_CORRECTION, second_reader, payload={"public_note": "What was wrong."}
        ),
        lambda: public_notes.propose(claim.pk, "correction", actor=second_reader, text="Only I wrote this."),
        before=before,
    )
    published = Claim.objects.get(pk=claim.pk).status == "published"
    assert published == (told is None)
    if not published:  # the change was through first
        assert ProposedNote.objects.get(claim=claim).text == "Only I wrote this."
        assert _outcome(
            lambda: move(
                claim, Action.PUBLISH_CORRECTION, second_reader, payload={"public_note": "Only I wrote this."}
            )
        )
    assert "Only I wrote this." not in _printed(claim)
