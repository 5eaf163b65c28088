"""What each move of the workflow table asks of the database: a number that stands here, whatever the desk holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.domain.people import roles
from claims.domain.transitions import transition
from claims.enums import Action, ClaimStatus
from claims.models import Claim, DeskSettings
from claims.workflow.table import TABLE, Row
from tests import factories
from tests.factories import move

pytestmark = pytest.mark.django_db
# Four are the move itself: the claim, the conditional UPDATE, the end of its chain, the event. Telling adds two (notices,
# mails), and one where those who are told did not come with the claim; an assignment adds one for beginning and one for
# ending, the desk's list of reasons, the move that is undone, what a second reader took back and the receivers of calls one each. The gates read the whole
# dossier of a claim, a publication writes version, words and counts.
MOST: dict[str, int] = {
    Action.TRIAGE: 4, Action.START: 4, Action.REOPEN: 4, Action.MARK_DUPLICATE: 5, Action.TAKE: 6,
    Action.HOLD: 6, Action.SEND_BACK: 6, Action.DECLINE: 7, Action.UNSCHEDULE: 7, Action.PROPOSE_RETRACTION: 7,
    Action.RELEASE: 8, Action.CANCEL_RETRACTION: 9, Action.UNDO: 9, Action.ASSIGN: 10, Action.REASSIGN: 10, Action.APPROVE: 15,
    Action.OPEN_CORRECTION: 16, Action.SUBMIT: 17, Action.SCHEDULE: 17, Action.CANCEL_CORRECTION: 18,
    Action.PUBLISH: 27, Action.RETRACT: 32, Action.PUBLISH_CORRECTION: 32,
}  # fmt: skip


@pytest.fixture
def people(editor: User, reviewer: User, second_reader: User) -> dict[str, User]:
    return {
        "editor": editor,
        "checker": reviewer,
        "reader": second_reader,
        "chief": factories.person("chief", "editor"),
    }


def _stand(status: str, people: dict[str, User]) -> Claim:
    """A claim brought to this status through the door."""
    claim, editor = factories.claim(people["editor"]), people["editor"]
    on_the_way = {"editor": editor, "checker": people["checker"], "reader": people["reader"]}
    if status == ClaimStatus.ON_HOLD:
        return move(factories.bring_to("triaged", claim, **on_the_way), Action.HOLD, editor, reason="later")
    if status == ClaimStatus.DECLINED:
        return move(claim, Action.DECLINE, editor, reason="no")
    if status == ClaimStatus.DUPLICATE:
        return move(
            claim, Action.MARK_DUPLICATE, editor, payload={"original": factories.claim(editor, "22,400")}
        )
    if status == ClaimStatus.SCHEDULED:
        factories.pages()
        approved = factories.bring_to("approved", claim, **on_the_way)
        return move(
            approved, Action.SCHEDULE, editor, payload={"publish_at": timezone.now() + timedelta(days=1)}
        )
    if status == ClaimStatus.CORRECTING:
        published = factories.bring_to("published", claim, **on_the_way)
        return move(published, Action.OPEN_CORRECTION, editor, reason="mend", payload={"kind": "correction"})
    return factories.bring_to(status, claim, **on_the_way)


def _ready(row: Row, status: str, people: dict[str, User]) -> tuple[Claim, User, dict[str, Any]]:
    """A claim on which the move can be made, who makes it, and what the form says."""
    claim, editor, checker = _stand(status, people), people["editor"], people["checker"]
    forms: dict[str, dict[str, Any]] = {
        Action.ASSIGN: {"assignee": checker.pk, "second_reader": people["reader"].pk},
        Action.REASSIGN: {"assignee": people["chief"].pk},
        Action.SCHEDULE: {"publish_at": timezone.now() + timedelta(days=1)},
        Action.OPEN_CORRECTION: {"kind": "correction"},
        Action.PUBLISH_CORRECTION: {"public_note": "It was 27 per cent."},
        Action.RETRACT: {"public_note": "The source was wrong."},
        Action.DECLINE: {"decline_reason": "opinion"},
    }
    who = editor
    if row.action in {Action.TAKE, Action.RELEASE, Action.START, Action.SUBMIT}:
        who = checker
    if row.action in {Action.APPROVE, Action.PUBLISH_CORRECTION}:
        who = people["reader"]
    if row.action == Action.SUBMIT:
        claim = factories.fill(claim, checker)
    if row.action in {Action.SCHEDULE, Action.PUBLISH}:
        factories.pages()
    if row.action == Action.MARK_DUPLICATE:
        forms[Action.MARK_DUPLICATE] = {"original": factories.claim(editor, "22,400").pk}
    if row.action == Action.RETRACT:
        claim, who = move(claim, Action.PROPOSE_RETRACTION, editor, reason="wrong"), people["chief"]
    if row.action == Action.CANCEL_RETRACTION:
        claim = move(claim, Action.PROPOSE_RETRACTION, editor, reason="wrong")
    if row.action == Action.UNDO and status == ClaimStatus.ASSIGNED:
        who = editor
    return claim, who, forms.get(row.action, {})


EDGES = [(row, status) for row in TABLE for status in row.sources]


@pytest.mark.parametrize(
    ("row", "status"), EDGES, ids=[f"{row.action} from {status}" for row, status in EDGES]
)
def test_a_move_asks_no_more_than_this(row: Row, status: str, people: dict[str, User]) -> None:
    claim, who, form = _ready(row, status, people)
    asked = _asked(claim, row, who, form)
    assert len(asked) <= MOST[row.action], "\n".join(asked)


def test_more_people_to_tell_never_mean_more_queries(people: dict[str, User]) -> None:
    DeskSettings.objects.update_or_create(pk=1, defaults={"blind_second_rating": True})
    row = next(row for row in TABLE if row.action == Action.RELEASE)
    seen = []
    for words in ("fallen by 31 per cent", "22,400 vehicles"):
        claim = factories.claim(people["editor"], words)
        claim = factories.bring_to(
            "assigned", claim, editor=people["editor"], checker=people["checker"], reader=people["reader"]
        )
        seen.append(len(_asked(claim, row, people["checker"], {})))
        for number in range(3):
            factories.person(f"editor{number}-{len(seen)}", "editor")
    assert seen[0] == seen[1]


def _asked(claim: Claim, row: Row, who: User, form: dict[str, Any]) -> list[str]:
    """The statements of one move; who acts has been looked up with the log-in, as in a request."""
    version = Claim.objects.values_list("version", flat=True).get(pk=claim.pk)
    actor = User.objects.get(pk=who.pk)
    roles(actor)
    with CaptureQueriesContext(connection) as seen:
        transition(
            claim.pk,
            row.action,
            actor=actor,
            version=version,
            reason="why" if row.needs_reason else "",
            payload=form,
        )
    return [
        query["sql"]
        for query in seen.captured_queries
        if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
    ]
