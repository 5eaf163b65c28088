"""The board: a column for each status somebody works in, twenty cards each, the rest in the table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims.domain import blind, people, queries, tags
from claims.domain.notices import shorten
from claims.enums import ClaimStatus, Priority
from claims.models import Claim, SavedView
from claims.web import addresses, answers, filters
from claims.web.offers import Offer, offers

COLUMNS = (
    ClaimStatus.NEW, ClaimStatus.TRIAGED, ClaimStatus.ASSIGNED, ClaimStatus.RESEARCHING, ClaimStatus.IN_REVIEW,
    ClaimStatus.APPROVED, ClaimStatus.SCHEDULED, ClaimStatus.CORRECTING, ClaimStatus.PUBLISHED,
)  # fmt: skip
# Nobody has chosen among these yet, so what is most worth checking stands on top; elsewhere the newest.
BY_WORTH = frozenset({ClaimStatus.NEW, ClaimStatus.TRIAGED})
CARDS = 20
# New claims are decided in their article, beside the words they stand in; the board shows the top of the heap.
NEW_CARDS = 8


@dataclass(frozen=True, slots=True)
class Card:
    """One claim as the board shows it."""

    claim: Claim
    offers: list[Offer]

    @property
    def words(self) -> str:
        return shorten(self.claim.wording, 110)

    @property
    def address(self) -> str:
        return addresses.of_claim("claim", self.claim.pk)

    @property
    def door(self) -> str:
        """Where the buttons of its menu are sent."""
        return addresses.of_claim("transition", self.claim.pk)


@dataclass(frozen=True, slots=True)
class Column:
    """One status: the ids of its first claims, how many there are, and the address of all of them."""

    status: ClaimStatus
    ids: list[int]
    count: int
    more: bool
    address: str

    @property
    def runs(self) -> bool:
        """Whether somebody still waits for these, so that a date can be late."""
        return self.status in ClaimStatus.with_checker()

    @property
    def waits(self) -> bool:
        """Whether these should have a checker and have none yet."""
        return self.status == ClaimStatus.TRIAGED

    @property
    def by_worth(self) -> bool:
        """Whether the worth decides what is looked at first."""
        return self.status in BY_WORTH


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Every column with two small queries, whatever is in it."""
    person = answers.person_of(request)
    chosen = filters.read(request.GET, person, statuses=False)
    columns = [_column(status, chosen, request) for status in COLUMNS]
    claims = Claim.objects.for_lists().in_bulk([pk for column in columns for pk in column.ids])
    blind.veil(claims.values(), person)
    open_to = offers(claims.values(), person)
    context = {
        "columns": [
            (column, [Card(claims[pk], open_to[pk]) for pk in column.ids if pk in claims])
            for column in columns
        ],
        "chosen": chosen,
        "search_words": chosen.search,
        "narrowed": filters.narrowed(request.GET),
        "not_understood": filters.not_understood(request.GET, statuses=False),
        "worths": filters.worths(request.GET),
        "saved": filters.saved(request.GET, person, SavedView.Place.BOARD),
        "place": SavedView.Place.BOARD,
        "tags": tags.in_use(),
        "priorities": Priority.choices,
        "kept": filters.kept(request.GET),
        "reviewers": list(people.reviewers()),
        "table_address": f"{reverse('claims')}{filters.address(request.GET)}",
        "here": request.get_full_path(),
        "here_quoted": quote(request.get_full_path(), safe=""),
    }
    return render(request, "desk/board.html", context)


def _column(status: ClaimStatus, chosen: queries.ClaimFilter, request: HttpRequest) -> Column:
    order = "worth" if status in BY_WORTH else "newest"
    rows = queries.claims(replace(chosen, statuses=(status,), order=order))
    count, more = queries.capped_count(rows)
    # Ids first and all rows in one go: a query with everything a card shows, once for each column, takes longer.
    ids = list(rows.values_list("pk", flat=True)[: NEW_CARDS if status == ClaimStatus.NEW else CARDS])
    link = f"{reverse('claims')}{filters.address(request.GET, status=status, order=order)}"
    return Column(status, ids, count, more, link)
