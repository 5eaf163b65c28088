"""The workflow: one row per action, nothing else in this file. An auditor can read the rules here.

``who`` names relations of a person to a claim: ``reviewer`` and ``editor`` are roles; ``assignee`` is the
claim's checker; ``second_reader`` is a reviewer who may read it a second time; ``clock`` is the desk's own
scheduler; ``doer`` is whoever made the latest move. ``guards`` are names of functions in ``guards.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

from claims.enums import Action as A  # noqa: N817  # the table reads better with one letter
from claims.enums import ClaimStatus as S


@dataclass(frozen=True, slots=True)
class Row:
    """What one action does: from where, to where, by whom, under which conditions."""

    action: A
    sources: tuple[S, ...]
    target: S | None  # None: the status stays, or is what it was before (undo)
    who: tuple[str, ...]
    guards: tuple[str, ...] = ()
    needs_reason: bool = False
    undoable: bool = False


TABLE: tuple[Row, ...] = (
    Row(A.TRIAGE, (S.NEW,), S.TRIAGED, ("reviewer", "editor"), undoable=True),
    Row(
        A.ASSIGN,
        (S.NEW, S.TRIAGED, S.ON_HOLD),
        S.ASSIGNED,
        ("editor",),
        ("checker_can_work", "reader_can_read"),
        undoable=True,
    ),
    Row(
        A.TAKE,
        (S.NEW, S.TRIAGED, S.ON_HOLD),
        S.ASSIGNED,
        ("reviewer", "editor"),
        ("checker_can_work",),
        undoable=True,
    ),
    Row(
        A.REASSIGN,
        (S.ASSIGNED, S.RESEARCHING),
        S.ASSIGNED,
        ("assignee", "editor"),
        ("checker_can_work", "reader_can_read"),
        needs_reason=True,
    ),
    Row(
        A.REASSIGN,
        (S.IN_REVIEW,),
        S.ASSIGNED,
        ("editor",),
        ("checker_can_work", "reader_can_read"),
        needs_reason=True,
    ),
    Row(A.RELEASE, (S.ASSIGNED, S.RESEARCHING), S.TRIAGED, ("assignee",), needs_reason=True),
    Row(A.START, (S.ASSIGNED,), S.RESEARCHING, ("assignee",)),
    Row(A.SUBMIT, (S.RESEARCHING,), S.IN_REVIEW, ("assignee",), ("verdict_written", "author_gates")),
    Row(
        A.SEND_BACK, (S.IN_REVIEW, S.APPROVED), S.RESEARCHING, ("second_reader", "editor"), needs_reason=True
    ),
    Row(
        A.APPROVE,
        (S.IN_REVIEW,),
        S.APPROVED,
        ("second_reader",),
        ("never_wrote", "no_conflict_declared", "no_exception_of_own", "person_decides", "blind_rating_done"),
    ),
    Row(A.SCHEDULE, (S.APPROVED,), S.SCHEDULED, ("editor",), ("date_ahead", "all_gates", "approval_stands")),
    Row(A.UNSCHEDULE, (S.SCHEDULED,), S.APPROVED, ("editor",)),
    Row(
        A.PUBLISH,
        (S.APPROVED, S.SCHEDULED),
        S.PUBLISHED,
        ("editor", "clock"),
        ("time_has_come", "all_gates", "approval_stands"),
    ),
    Row(
        A.OPEN_CORRECTION, (S.PUBLISHED,), S.CORRECTING, ("editor",), ("correction_kind",), needs_reason=True
    ),
    Row(
        A.PUBLISH_CORRECTION,
        (S.CORRECTING,),
        S.PUBLISHED,
        ("second_reader", "editor"),
        (
            "another_than_corrector",
            "no_conflict_declared",
            "no_exception_of_own",
            "public_note",
            "note_read_by_two",
            "correction_gates",
        ),
    ),
    Row(A.CANCEL_CORRECTION, (S.CORRECTING,), S.PUBLISHED, ("editor",)),
    Row(
        A.PROPOSE_RETRACTION,
        (S.PUBLISHED, S.CORRECTING),
        None,
        ("editor",),
        ("not_yet_proposed",),
        needs_reason=True,
    ),
    Row(
        A.RETRACT,
        (S.PUBLISHED, S.CORRECTING),
        S.RETRACTED,
        ("editor", "second_reader"),
        (
            "retraction_proposed_by_another",
            "no_conflict_declared",
            "person_confirms",
            "retraction_note",
            "note_read_by_two",
        ),
    ),
    Row(
        A.CANCEL_RETRACTION,
        (S.PUBLISHED, S.CORRECTING),
        None,
        ("editor",),
        ("retraction_proposed",),
        needs_reason=True,
    ),
    Row(A.DECLINE, (S.NEW,), S.DECLINED, ("reviewer", "editor"), needs_reason=True, undoable=True),
    Row(
        A.DECLINE,
        (S.TRIAGED, S.ASSIGNED, S.RESEARCHING),
        S.DECLINED,
        ("editor",),
        needs_reason=True,
        undoable=True,
    ),
    Row(
        A.MARK_DUPLICATE,
        (S.NEW, S.TRIAGED),
        S.DUPLICATE,
        ("reviewer", "editor"),
        ("duplicate_of_original",),
        undoable=True,
    ),
    Row(
        A.HOLD, (S.TRIAGED, S.ASSIGNED, S.RESEARCHING, S.IN_REVIEW), S.ON_HOLD, ("editor",), needs_reason=True
    ),
    Row(A.REOPEN, (S.DECLINED, S.DUPLICATE, S.ON_HOLD), S.TRIAGED, ("editor",), needs_reason=True),
    Row(A.UNDO, (S.TRIAGED, S.ASSIGNED, S.DECLINED, S.DUPLICATE), None, ("doer",), ("nobody_acted_since",)),
)

UNDOABLE: frozenset[A] = frozenset(row.action for row in TABLE if row.undoable)


def find(action: str, status: str) -> Row | None:
    """The row for ``action`` from ``status``; None where the table has no such move."""
    return next((row for row in TABLE if row.action == action and status in row.sources), None)


def actions_from(status: str) -> tuple[Row, ...]:
    """Every row that leaves ``status``, in the table's order."""
    return tuple(row for row in TABLE if status in row.sources)
