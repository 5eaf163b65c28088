"""All claims as a dense table: filters in the address, pages by key, rows to be chosen together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from claims.domain import listed, people, queries, tags
from claims.enums import ClaimStatus, Priority, Role
from claims.exceptions import InvalidInput
from claims.models import SavedView
from claims.web import answers, filters

ORDER_LABELS = {"newest": _("Newest first"), "worth": _("Most worth checking"), "due": _("Due first")}
# So many claims are changed by one press; each goes through the door by itself, which takes a few seconds.
MOST_TOGETHER = 200
# Where what was chosen beside a button stands on the page.
_IDS = {
    "assignee": "b-who", "due_at": "b-due", "priority": "b-priority", "tags": "b-tags", "decline_reason": "b-why",
    "claim": "list",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refused:
    """What was asked for with several claims at once, and why it was not done."""

    error: InvalidInput
    typed: QueryDict
    ticked: Sequence[tuple[int, int]]  # claim and the version that was seen


@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """One page of the claims that the address asks for."""
    return shown(request)


def shown(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    """The page of the list that the address asks for; after a refusal with all that was ticked and typed on it."""
    person = answers.person_of(request)
    chosen = filters.read(request.GET, person)
    rows = queries.claims(chosen)
    page = queries.page_by_key(
        rows,
        queries.ORDERS[chosen.order],
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        read=listed.read,
    )
    count, more = queries.capped_count(rows)
    reviewers = people.choices()
    found = _with_ticked(page.rows, refused.ticked) if refused else page.rows
    context = {
        "page": page,
        "rows": listed.veiled(found, person),
        "person": person,
        "list_address": filters.list_address(request.GET),
        "count": count,
        "more": more,
        "chosen": chosen,
        "search_words": chosen.search,
        "quick": filters.quick(request.GET),
        "narrowed": filters.narrowed(request.GET),
        "not_understood": filters.not_understood(request.GET),
        "filter": filters.to_keep(request.GET.urlencode()),
        "at_once": MOST_TOGETHER,
        "orders": [
            (name, label, filters.address(request.GET, order=name)) for name, label in ORDER_LABELS.items()
        ],
        "by": {name: filters.address(request.GET, order=name) for name in ORDER_LABELS},
        "later": filters.address(request.GET, after=page.after) if page.after else "",
        "earlier": filters.address(request.GET, before=page.before) if page.before else "",
        "kept": filters.kept(request.GET),
        "worths": filters.worths(request.GET),
        "saved": filters.saved(request.GET, person, SavedView.Place.CLAIMS),
        "place": SavedView.Place.CLAIMS,
        "tags": tags.in_use(),
        "statuses": ClaimStatus.choices,
        "reviewers": reviewers,
        "people_shown": [(one.pk, one.name) for one in reviewers],
        "may_choose": Role.REVIEWER in people.roles(person),
        "asked": request.GET.urlencode(),
        "priorities": Priority.choices,
        "ticked": frozenset(pk for pk, _version in refused.ticked) if refused else frozenset(),
        **(_told(refused) if refused else {}),
    }
    return render(request, "desk/claims.html", context, status=422 if refused else 200)


def _with_ticked(rows: Sequence[listed.Listed], ticked: Sequence[tuple[int, int]]) -> list[listed.Listed]:
    """The rows of the page, before them those that were ticked and have left it since.

    A ticked row keeps the version that was seen: what somebody else did to it meanwhile is then said, not done over.
    """
    here, seen = {row.pk for row in rows}, dict(ticked)
    gone = listed.read([pk for pk in seen if pk not in here])
    found = [gone[pk] for pk in seen if pk in gone]
    return [replace(row, version=seen.get(row.pk, row.version)) for row in (*found, *rows)]


def _told(refused: Refused) -> dict[str, object]:
    field = refused.error.field
    return {
        "typed": refused.typed,
        "wrong": {field: str(refused.error)},
        "errors": [{"text": str(refused.error), "field": _IDS.get(field, "")}],
    }
