"""The moves that lists and the board offer on many claims at once, with a fixed number of queries.

They follow the same table and relations as the door. What only the door can judge (evidence, gates, approvals) is asked
when a button is pressed: looking it up for every card would cost several queries a claim.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User

from claims.domain import people
from claims.enums import Action
from claims.models import Claim
from claims.web import addresses, cards
from claims.web.forms_claim import asks_more
from claims.workflow import table


@dataclass(frozen=True, slots=True)
class Offer:
    """One move as a button, or as a link to the page that asks for more."""

    action: str
    label: str
    target: str
    page: str  # address of the page that asks for more; empty for a plain button


def offers(claims: Iterable[Claim], person: User) -> dict[int, list[Offer]]:
    """The moves for each claim, by its id, in at most four queries."""
    rows = list(claims)
    open_to = cards.triage_moves(rows, person)
    return {claim.pk: _of(claim, person, open_to[claim.pk]) for claim in rows}


def _of(claim: Claim, person: User, triage: frozenset[str]) -> list[Offer]:
    here = people.relations(claim, person)
    return [
        Offer(
            row.action,
            str(row.action.label),
            row.target or "",
            addresses.of_claim("move", claim.pk, row.action) if asks_more(row.action) else "",
        )
        for row in table.actions_from(claim.status)
        if here & set(row.who)
        and (row.action not in cards.TRIAGE or row.action in triage)
        and (row.action != Action.CANCEL_RETRACTION or claim.retraction_proposed_by_id)
    ]
