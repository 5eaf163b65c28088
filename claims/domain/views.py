"""Saved lists: a name for the address of a list, private or shared with the desk."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit, people
from claims.enums import Role
from claims.exceptions import InvalidInput, NotAllowed
from claims.models import SavedView

MOST = 40
SHOWN = 24


def open_to(person: User, place: str) -> list[SavedView]:
    """The person's own lists and those shared with the desk, own ones first."""
    rows = SavedView.objects.select_related("owner").filter(Q(owner=person) | Q(shared=True), place=place)
    return sorted(rows.order_by("name", "id")[: SHOWN * 2], key=lambda view: view.owner_id != person.pk)[
        :SHOWN
    ]


@transaction.atomic
def save_view(*, actor: User, place: str, name: str, query: str, shared: bool = False) -> SavedView:
    """Keep an address under a name. The same name again replaces one's own list of that name.

    Raises:
        InvalidInput: no name, no such page, or more lists than anybody needs.
        NotAllowed: viewers keep lists for themselves only.
    """
    people.require(actor, Role.VIEWER)
    if shared:
        people.require(actor, Role.REVIEWER, _("Only reviewers and editors share lists with the desk."))
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise InvalidInput(_("Enter a name for this list."), "name")
    if len(name) > 60:
        raise InvalidInput(_("Enter a shorter name, of up to 60 characters."), "name")
    if place not in SavedView.Place.values or len(query) > 1000:
        raise InvalidInput(_("This list cannot be saved. Take a part of the filter out."), "name")
    mine = SavedView.objects.filter(owner=actor)
    if mine.count() >= MOST and not mine.filter(place=place, name=name).exists():
        raise InvalidInput(_("You have %(most)s saved lists. Remove one first.") % {"most": MOST}, "name")
    before = mine.filter(place=place, name=name, shared=True).exists()
    view, _made = SavedView.objects.update_or_create(
        owner=actor, place=place, name=name,
        defaults={"query": query, "shared": shared, "created_at": timezone.now()},
    )  # fmt: skip
    if shared or before:
        audit.record(
            "view.shared" if shared else "view.unshared", actor=actor, data={"name": name, "query": query}
        )
    return view


@transaction.atomic
def remove_view(view_id: int, *, actor: User) -> str:
    """Forget a saved list; its name, for the line that says so. An editor may remove shared lists of others.

    Raises:
        NotAllowed: somebody else's list.
        InvalidInput: there is no such list.
    """
    view = SavedView.objects.filter(pk=view_id).filter(Q(owner=actor) | Q(shared=True)).first()
    if view is None:
        raise InvalidInput(_("There is no such list. It may be gone already."))
    if view.owner_id != actor.pk and Role.EDITOR not in people.roles(actor):
        raise NotAllowed(_("This list is %(name)s's to remove.") % {"name": people.display_name(view.owner)})
    name, shared = view.name, view.shared
    view.delete()
    if shared:
        audit.record("view.removed", actor=actor, data={"name": name})
    return name
