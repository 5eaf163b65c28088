"""Several claims at once: each goes through the same door by itself, and each says how it went."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims.domain import claims as wordings
from claims.domain import house_rules, queries, tags, transitions
from claims.enums import Action, Priority
from claims.exceptions import DeskError, InvalidInput
from claims.models import Claim
from claims.web import answers, filters
from claims.web.views import table
from claims.web.wording import said

MOST = table.MOST_TOGETHER
# The field beside each button.
_FIELDS = {
    "assign": "assignee", "due": "due_on", "priority": "priority", "tag": "tags", "decline": "decline_reason",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went with one claim."""

    claim: Claim
    text: str
    done: bool


Deed = Callable[[Claim, int], str]


@require_http_methods(["GET", "POST"])
def together(request: HttpRequest) -> HttpResponse:
    """Do one thing (``do``) to every chosen claim (``claim``, as ``id.version``), and show what came of each.

    Where something is missing, the list is shown again as its address says, with all that was ticked and typed. Its
    links and the browser's own reload lead through here back to the list.
    """
    if request.method == "GET":
        return HttpResponseRedirect(filters.list_address(request.GET))
    back = answers.next_address(request, reverse("claims"))
    person = answers.require_reviewer(request)
    whole = request.POST.get("everything") == "1"
    ticked = _chosen(request.POST)
    try:
        deed = _deed(request.POST, person)
        chosen, left = _whole_list(request.POST, person) if whole else (ticked, 0)
        if not chosen:
            raise InvalidInput(_("Choose at least one claim."), "claim")
    except InvalidInput as error:
        return table.shown(request, table.Refused(error, request.POST, ticked))
    rows = Claim.objects.for_lists().in_bulk([pk for pk, _version in chosen])
    outcomes = [_do(deed, rows[pk], version or rows[pk].version) for pk, version in chosen if pk in rows]
    done = sum(outcome.done for outcome in outcomes)
    context = {
        "outcomes": sorted(outcomes, key=lambda outcome: outcome.done),  # what was refused first
        "done": done,
        "refused": len(outcomes) - done,
        "left": left,
        "left_more": left >= queries.COUNT_CAP,
        "back": back,
    }
    return render(request, "desk/together.html", context)


def _chosen(form: QueryDict) -> list[tuple[int, int]]:
    """The ticked rows with the version that was seen."""
    pairs = []
    for value in form.getlist("claim")[:MOST]:
        pk, _dot, version = value.partition(".")
        number, seen = answers.number(pk), answers.number(version)
        if number is not None and seen is not None:
            pairs.append((number, seen))
    return pairs


def _whole_list(form: QueryDict, person: User) -> tuple[list[tuple[int, int]], int]:
    """The first claims of the list whose filter stands in the form, read anew, and how many more there are.

    No page has shown them all, so each is taken at the version that stands (0).
    """
    query = QueryDict(form.get("filter", ""))
    filters.require_understood(query)
    rows = queries.claims(filters.read(query, person))
    ids = list(queries.only_ids(rows)[:MOST])
    count, _more = queries.capped_count(rows) if len(ids) == MOST else (len(ids), False)
    return [(pk, 0) for pk in ids], count - len(ids) if count < queries.COUNT_CAP else count


def _do(deed: Deed, claim: Claim, version: int) -> Outcome:
    try:
        return Outcome(claim, deed(claim, version), True)
    except DeskError as error:
        return Outcome(claim, str(error), False)


def _deed(form: QueryDict, person: User) -> Deed:
    """What is to be done to each; raises ``InvalidInput`` where the choice beside the button is missing."""
    what = form.get("do") or _meant(form)
    if what == "assign":
        if not form.get("assignee"):
            raise InvalidInput(_("Choose who checks these claims."), "assignee")
        return _move(Action.ASSIGN, person, assignee=form.get("assignee", ""))
    if what == "decline":
        reason = form.get("decline_reason", "")
        label = dict(house_rules.reasons()).get(reason)
        if label is None:
            raise InvalidInput(_("Choose why these claims are not checked."), "decline_reason")
        return _move(Action.DECLINE, person, reason=label, decline_reason=reason)
    if what == "accept":
        return _move(Action.TRIAGE, person)
    if what == "due":
        day = _day(form.get("due_on", ""))
        moment = end_of(day)
        house_rules.require_to_come(moment)
        return lambda claim, version: _detail(claim, person, {"due_at": moment})
    if what == "priority":
        if form.get("priority") not in Priority.values:
            raise InvalidInput(_("Choose how soon these claims should be looked at."), "priority")
        return lambda claim, version: _detail(claim, person, {"priority": form.get("priority", "")})
    if what == "tag":
        words = form.get("tags", "").split(",")
        if not tags.cleaned(words):
            raise InvalidInput(_("Enter the tag these claims should have."), "tags")
        return lambda claim, version: _tag(claim, person, words)
    raise InvalidInput(_("Choose what to do with these claims."))


def _day(text: str) -> date:
    """The day that was typed; raises ``InvalidInput`` for none, and for one that no calendar has."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise InvalidInput(_("Enter the day on which these claims are due."), "due_at")
    return day


def end_of(day: date) -> datetime:
    """Six in the evening; where that is over today, the end of the day."""
    evening = timezone.make_aware(datetime.combine(day, time(18)))
    return evening if evening > timezone.now() else timezone.make_aware(datetime.combine(day, time(23, 59)))


def _meant(form: QueryDict) -> str:
    """Enter in a field presses no button: what is meant is the one field that says something, if it is one alone."""
    said = [what for what, field in _FIELDS.items() if form.get(field)]
    return said[0] if len(said) == 1 else ""


def _move(action: Action, person: User, *, reason: str = "", **payload: str) -> Deed:
    def deed(claim: Claim, version: int) -> str:
        moved = transitions.transition(
            claim.pk, action, actor=person, version=version, reason=reason, payload=payload
        )
        return said(moved, action)

    return deed


def _tag(claim: Claim, person: User, words: list[str]) -> str:
    return _("Tags: %(tags)s.") % {"tags": ", ".join(tags.add_tags(claim.pk, words, actor=person))}


def _detail(claim: Claim, person: User, fields: dict[str, object]) -> str:
    wordings.set_details(claim.pk, actor=person, fields=fields)
    return _("Changed.")
