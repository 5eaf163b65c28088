"""The board: a column for each status somebody works in, twenty cards each, the rest in the table."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims.domain import people, queries
from claims.enums import ClaimStatus
from claims.models import Claim
from claims.web import answers, filters
from claims.web.offers import offers

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
class Column:
    """One status: its first cards, how many there are, and the address of all of them."""

    status: ClaimStatus
    claims: list[Claim]
    count: int
    more: bool
    address: str

    @property
    def runs(self) -> bool:
        """Whether somebody still waits for these, so that a date can be late."""
        return self.status in ClaimStatus.with_checker()


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Every column with two queries, whatever is in it."""
    person = answers.person_of(request)
    chosen = filters.read(request.GET, person, statuses=False)
    columns = [_column(status, chosen, request) for status in COLUMNS]
    context = {
        "columns": columns,
        "offers": offers([claim for column in columns for claim in column.claims], person),
        "chosen": chosen,
        "search_words": chosen.search,
        "narrowed": filters.narrowed(request.GET),
        "worths": list(filters.WORTH),
        "kept": filters.kept(request.GET),
        "reviewers": list(people.reviewers()),
        "table_address": f"{reverse('claims')}{filters.address(request.GET)}",
        "here": request.get_full_path(),
    }
    return render(request, "desk/board.html", context)


def _column(status: ClaimStatus, chosen: queries.ClaimFilter, request: HttpRequest) -> Column:
    order = "worth" if status in BY_WORTH else "newest"
    rows = queries.claims(replace(chosen, statuses=(status,), order=order))
    count, more = queries.capped_count(rows)
    link = f"{reverse('claims')}{filters.address(request.GET, status=status, order=order)}"
    return Column(status, list(rows[: NEW_CARDS if status == ClaimStatus.NEW else CARDS]), count, more, link)
