"""The cells of the table of claims that are changed where they stand: which ones a person may, and by which verb.

The same tables answer as everywhere (``workflow.table`` for the checker, ``workflow.permits`` for the rest); the verb asks them
again when it is saved. Nothing here asks the database.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.domain import people
from claims.enums import Action, Role
from claims.workflow import permits, table

# What each is called in its form, above it and to screen readers.
LABELS = {
    "assignee": gettext_lazy("Checker of claim %(number)s"),
    "due_at": gettext_lazy("Due date of claim %(number)s"),
    "priority": gettext_lazy("Priority of claim %(number)s"),
    "tags": gettext_lazy("Tags of claim %(number)s"),
}
_INVITATIONS = {
    "assignee": gettext_lazy("change the checker of claim %(number)s"),
    "due_at": gettext_lazy("change the due date of claim %(number)s"),
    "priority": gettext_lazy("change the priority of claim %(number)s"),
    "tags": gettext_lazy("change the tags of claim %(number)s"),
}
# The first that is open is what a choice of a checker means.
_MOVES = (Action.ASSIGN, Action.TAKE, Action.REASSIGN)


class Row(people.Held, Protocol):
    """A claim, or its row in the table."""

    @property
    def status(self) -> str: ...


def label(field: str, number: int) -> str:
    """What the cell is called."""
    return str(LABELS[field]) % {"number": number}


def invitation(field: str, number: int) -> str:
    """What following the cell's link does."""
    return str(_INVITATIONS[field]) % {"number": number}


def not_open(field: str, number: int) -> str:
    """The sentence for a cell that this person may not change now."""
    return _("“%(action)s” is not open to you on this claim now.") % {"action": label(field, number)}


def open_to(claim: Row, person: User | None) -> frozenset[str]:
    """The fields of this claim that the person may change."""
    return _fields(claim.status, people.relations(claim, person)) if person is not None else frozenset()


@lru_cache(maxsize=256)
def _fields(status: str, here: frozenset[str]) -> frozenset[str]:
    """The tables never change while the desk runs, and a page of the list asks the same few things for each row."""
    if Role.REVIEWER not in here:
        return frozenset()
    found = {"due_at", "priority", "tags"} if permits.may_do("details", status, here) else set[str]()
    return frozenset(found | {"assignee"} if _move(status, here) else found)


def move_of(claim: Row, person: User) -> Action | None:
    """By which move the person gives the claim a checker; None where it is not theirs to give."""
    return _move(claim.status, people.relations(claim, person))


def _move(status: str, here: frozenset[str]) -> Action | None:
    rows = [row for row in table.actions_from(status) if here & set(row.who)]
    return next((action for action in _MOVES if any(row.action == action for row in rows)), None)
