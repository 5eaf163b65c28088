"""The address of a list: what it is narrowed to, and the links that narrow it otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.models import User
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.domain import people, views
from claims.domain.listing import ReportFilter
from claims.domain.queries import ORDERS, ClaimFilter
from claims.enums import ClaimStatus, Priority
from claims.exceptions import InvalidInput
from claims.models import Article, Speaker
from claims.web import answers

# What the public list of reports is narrowed by: name, part of the address, longest value.
OF_REPORTS = (("topic", "topic", 80), ("words", "q", 200), ("verdict", "verdict", 40), ("speaker", "speaker", 120),
              ("outlet", "outlet", 120), ("language", "lang", 12))  # fmt: skip
WORTHS = ("50", "70", "75", "90")  # offered; an address may ask for any number from 0 to 100
NAMES = ("q", "status", "who", "worth", "order", "late", "topic", "tag", "priority", "article", "speaker")


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of the filter as a link: switched on, its address takes it out again."""

    label: str
    address: str
    on: bool


def read(query: QueryDict, person: User, *, statuses: bool = True) -> ClaimFilter:
    """The filter that an address means; parts that make no sense are left out, and ``not_understood`` tells which."""
    who = query.get("who", "")
    return ClaimFilter(
        statuses=tuple(s for s in query.getlist("status") if s in ClaimStatus.values) if statuses else (),
        assignee=person.pk if who == "me" else answers.number(who),
        unassigned=who == "nobody",
        article=answers.number(query.get("article")),
        speaker=answers.number(query.get("speaker")),
        topic=query.get("topic", "").strip()[:80],
        search=query.get("q", "").strip()[:200],
        tag=query.get("tag", "").strip()[:60],
        priority=query.get("priority", "") if query.get("priority") in Priority.values else "",
        worth_from=worth(query),
        overdue=query.get("late") == "1",
        order=query.get("order", "") if query.get("order") in ORDERS else "newest",
    )


def not_understood(query: QueryDict, *, statuses: bool = True) -> list[str]:
    """A sentence for each part of an address that narrows nothing, because it names what is not there."""
    said = []
    if statuses:
        unknown = [word for word in query.getlist("status") if word and word not in ClaimStatus.values]
        said += [_("There is no status “%(word)s”.") % {"word": word[:40]} for word in unknown]
    who = query.get("who", "")
    if who not in ("", "me", "nobody") and answers.number(who) is None:
        said.append(_("A checker is “me”, “nobody” or a number, not “%(word)s”.") % {"word": who[:40]})
    if query.get("worth") and worth(query) is None:
        said.append(
            _("Worth checking goes from 0 to 100; “%(word)s” is not on it.") % {"word": query["worth"][:40]}
        )
    if query.get("order") and query["order"] not in ORDERS:
        said.append(_("There is no order “%(word)s”.") % {"word": query["order"][:40]})
    if query.get("priority") and query["priority"] not in Priority.values:
        said.append(_("There is no priority “%(word)s”.") % {"word": query["priority"][:40]})
    if query.get("late", "") not in ("", "1"):
        said.append(_("“late” is 1 or left out, not “%(word)s”.") % {"word": query["late"][:40]})
    said += [
        _("“%(name)s” is a number, not “%(word)s”.") % {"name": name, "word": query[name][:40]}
        for name in ("article", "speaker")
        if query.get(name) and answers.number(query.get(name)) is None
    ]
    return said


def of_reports(query: QueryDict) -> ReportFilter:
    """What an address of the public list, of its files and feeds asks for, as ``listing`` calls it."""
    found = {name: query.get(key, "").strip()[:most] for name, key, most in OF_REPORTS}
    return cast(ReportFilter, found)


def require_understood(query: QueryDict) -> None:
    """Raise ``InvalidInput`` where a part of the address means nothing: what is done with the list cannot be seen first."""
    said = not_understood(query)
    if said:
        raise InvalidInput(" ".join(said))


def worth(query: QueryDict) -> float | None:
    """The least worth that is asked for, from 0 to 1."""
    asked = answers.number(query.get("worth"))
    return asked / 100 if asked is not None and asked <= 100 else None


def worths(query: QueryDict) -> list[str]:
    """The steps to choose from, with the one that the address asks for among them."""
    asked = query.get("worth", "")
    return sorted({*WORTHS, asked} if worth(query) is not None else WORTHS, key=int)


def to_keep(text: str) -> str:
    """What a saved list keeps of an address: its filter and order, not the page one happened to be on."""
    given = QueryDict(text.lstrip("?"))
    kept = QueryDict(mutable=True)
    for name in NAMES:
        values = [value for value in given.getlist(name) if value]
        if values:
            kept.setlist(name, values)
    return kept.urlencode()


def address(query: QueryDict, **changes: Any) -> str:
    """The same address with some parts changed (None takes one out), from its first page."""
    fresh = query.copy()
    for name in ("after", "before"):
        fresh.pop(name, None)
    for name, value in changes.items():
        fresh.pop(name, None)
        if value is not None:
            fresh[name] = value
    return f"?{fresh.urlencode()}"


def list_address(query: QueryDict) -> str:
    """The address of the table that shows what ``query`` asks for."""
    return f"{reverse('claims')}?{query.urlencode()}" if query else reverse("claims")


def quick(query: QueryDict) -> list[Chip]:
    """The lists people open most, as chips. Each is one address."""
    wanted: list[tuple[str, dict[str, str]]] = [
        (_("All"), {}),
        (_("To triage"), {"status": ClaimStatus.NEW, "order": "worth"}),
        (_("Nobody on it"), {"status": ClaimStatus.TRIAGED, "who": "nobody", "order": "worth"}),
        (_("Mine"), {"who": "me", "order": "due"}),
        (_("In review"), {"status": ClaimStatus.IN_REVIEW}),
        (_("Late"), {"late": "1", "order": "due"}),
    ]
    present = {name: query.getlist(name) for name in query if name not in {"after", "before"}}
    chips = []
    for label, parts in wanted:
        made = QueryDict(mutable=True)
        made.update(parts)
        chips.append(Chip(label, f"?{made.urlencode()}", present == {k: [v] for k, v in parts.items()}))
    return chips


def saved(query: QueryDict, person: User, place: str) -> list[Chip]:
    """The saved lists of a page as chips, one's own first; one of somebody else says whose it is."""
    present = to_keep(query.urlencode())
    return [
        Chip(
            view.name
            if view.owner_id == person.pk
            else _("%(list)s (%(name)s)") % {"list": view.name, "name": people.display_name(view.owner)},
            f"?{view.query}",
            view.query == present,
        )
        for view in views.open_to(person, place)
    ]


def narrowed(query: QueryDict) -> list[Chip]:
    """What the list is narrowed to beyond the form's own fields, each with a way out."""
    found = []
    for name, model in (("article", Article), ("speaker", Speaker)):
        pk = answers.number(query.get(name))
        row = model._default_manager.filter(pk=pk).first() if pk else None
        if row is not None:
            found.append(Chip(str(row), address(query, **{name: None}), True))
    for name, label in (("topic", _("Topic: %(word)s")), ("tag", _("Tag: %(word)s"))):
        if query.get(name):
            found.append(Chip(label % {"word": query[name]}, address(query, **{name: None}), True))
    priority = query.get("priority", "")
    if priority in Priority.values:
        found.append(Chip(str(Priority(priority).label), address(query, priority=None), True))
    return found


def kept(query: QueryDict) -> list[tuple[str, str]]:
    """The parts of the address that the filter form does not show, to be sent along with it."""
    return [(name, query.get(name, "")) for name in ("article", "speaker") if query.get(name)]
