"""Insight: the desk's own work in figures, as charts with their tables."""

from __future__ import annotations

import csv
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from claims.domain import insight as figures
from claims.domain import people
from claims.domain.insight import Period
from claims.enums import Role
from claims.exceptions import NotAllowed
from claims.publishing.exports.tables import harmless
from claims.web import answers, filters, insight_charts

SPANS = {"4": gettext_lazy("4 weeks"), "12": gettext_lazy("12 weeks"), "52": gettext_lazy("A year")}
LONGEST = timedelta(days=366 * 5)


@require_safe
def insight(request: HttpRequest) -> HttpResponse:
    """Charts of a span of time: ``weeks``, or ``from`` and ``to``."""
    person = answers.person_of(request)
    period, chosen, problem = _period(request)
    found = figures.insight(period)
    every = insight_charts.every(found, names_too=Role.EDITOR in people.roles(person))
    context = {
        "charts": every,
        "period": period,
        "counted_at": found.counted_at,
        "spans": [(weeks, label, f"?weeks={weeks}", weeks == chosen) for weeks, label in SPANS.items()],
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "query": filters.address(request.GET) if request.GET else "",
        "errors": [{"field": "from", "text": problem}] if problem else [],
    }
    return render(request, "desk/insight.html", context, status=422 if problem else 200)


@require_safe
def table(request: HttpRequest, kind: str) -> HttpResponse:
    """The figures of one chart as CSV."""
    person = answers.person_of(request)
    make = insight_charts.BY_NAME.get(kind)
    if make is None:
        raise Http404
    if kind == "load" and Role.EDITOR not in people.roles(person):
        raise NotAllowed(_("What single people do is for editors to see."))
    period, _chosen, problem = _period(request)
    if problem:
        raise Http404
    chart = make(figures.insight(period))
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"{kind}-{period.first.isoformat()}-{period.last.isoformat()}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    rows = csv.writer(answer, lineterminator="\r\n")
    rows.writerow(chart.table.head)
    rows.writerows([harmless(cell) for cell in row] for row in chart.table.rows)
    return answer


def _period(request: HttpRequest) -> tuple[Period, str, str]:
    """The span asked for, which of the ready ones it is, and what is wrong with the days that were typed."""
    asked = request.GET.get("weeks", "")
    first, last = request.GET.get("from", ""), request.GET.get("to", "")
    if asked in SPANS or not (first or last):
        weeks = asked if asked in SPANS else "12"
        return Period.of_weeks(int(weeks)), weeks, ""
    since, until = _day(first), _day(last)
    usual = Period.of_weeks(12)
    if since is None or until is None:
        return usual, "", _("Enter both days as year-month-day, such as 2026-03-01.")
    if since > until:
        return usual, "", _("The first day comes after the last. Change one of them.")
    if until - since > LONGEST:
        return usual, "", _("Choose at most five years.")
    return Period(since, min(until, timezone.localdate())) if since <= timezone.localdate() else usual, "", ""


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
