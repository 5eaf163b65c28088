"""All claims as a dense table: filters in the address, pages by key, rows to be chosen together."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from claims.domain import listed, people, queries, tags
from claims.enums import ClaimStatus, Priority, Role
from claims.models import SavedView
from claims.web import answers, filters
from claims.web.views import bulk

ORDER_LABELS = {"newest": _("Newest first"), "worth": _("Most worth checking"), "due": _("Due first")}


@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """One page of the claims that the address asks for."""
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
    context = {
        "page": page,
        "rows": listed.veiled(page.rows, person),
        "count": count,
        "more": more,
        "chosen": chosen,
        "search_words": chosen.search,
        "quick": filters.quick(request.GET),
        "narrowed": filters.narrowed(request.GET),
        "not_understood": filters.not_understood(request.GET),
        "filter": filters.to_keep(request.GET.urlencode()),
        "at_once": bulk.MOST,
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
    }
    return render(request, "desk/claims.html", context)
