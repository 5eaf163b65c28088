"""Checklists: what editors want looked at on every claim, and who has looked at what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit, desk, people
from claims.domain.locking import lock_claim
from claims.enums import ClaimStatus, Role
from claims.exceptions import InvalidInput, TransitionRefused
from claims.models import Checklist, ChecklistItem, ChecklistTick, Claim

MOST_ITEMS = 40
LONGEST_ITEM = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One item as it stands on a claim; ``tick`` says who looked at it and when."""

    item: ChecklistItem
    tick: ChecklistTick | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One checklist as it stands on a claim."""

    checklist: Checklist
    lines: tuple[Line, ...]

    @property
    def done(self) -> int:
        return sum(line.tick is not None for line in self.lines)


def on_claim(claim: Claim) -> list[Listed]:
    """The lists that hold for the claim with their ticks, in two queries.

    Items in use stand there, and those out of use that were ticked on this very claim.
    """
    ticks = {
        tick.item_id: tick
        for tick in ChecklistTick.objects.filter(claim=claim).select_related("person", "item__checklist")
    }
    fitting = Q(checklist__topic="") | Q(checklist__topic__iexact=claim.topic)
    standing = Q(retired_at__isnull=True, checklist__retired_at__isnull=True) & fitting
    items = (
        ChecklistItem.objects.filter(standing | Q(pk__in=list(ticks)))
        .select_related("checklist")
        .order_by("checklist__topic", "checklist__name", "checklist_id", "position", "id")
    )
    lists: dict[int, tuple[Checklist, list[Line]]] = {}
    for item in items:
        _first, lines = lists.setdefault(item.checklist_id, (item.checklist, []))
        lines.append(Line(item, ticks.get(item.pk)))
    return [Listed(checklist, tuple(lines)) for checklist, lines in lists.values()]


def may_tick(claim: Claim, person: User) -> bool:
    """Whether the person may tick items here: the checker, the second reader or an editor, while work goes on."""
    held = people.roles(person)
    if Role.REVIEWER not in held or claim.status not in ClaimStatus.open():
        return False
    return Role.EDITOR in held or person.pk in {claim.assignee_id, claim.second_reader_id}


@transaction.atomic
def set_ticks(claim_id: int, item_ids: Sequence[int], *, actor: User) -> int:
    """Tick exactly these items of the claim's lists and no others; how many ticks changed.

    A tick that stays keeps its person and time.

    Raises:
        NotAllowed: viewers read only.
        TransitionRefused: this claim is somebody else's, or nobody works on it.
        InvalidInput: an item that is not on the claim's lists.
    """
    people.require(actor, Role.REVIEWER)
    claim = lock_claim(claim_id)
    if not may_tick(claim, actor):
        raise TransitionRefused(
            _("Only the checker, the second reader or an editor ticks the list, while the claim is open.")
        )
    lines = {line.item.pk: line for listed in on_claim(claim) for line in listed.lines}
    wanted = set(item_ids)
    if wanted - set(lines):
        raise InvalidInput(_("The checklist was changed meanwhile. Look at it again."), "item")
    fresh = [line.item for pk, line in lines.items() if pk in wanted and line.tick is None]
    gone = [line for pk, line in lines.items() if pk not in wanted and line.tick is not None]
    now = timezone.now()
    ChecklistTick.objects.bulk_create(
        [ChecklistTick(claim=claim, item=item, person=actor, at=now) for item in fresh]
    )
    ChecklistTick.objects.filter(claim=claim, item__in=[line.item.pk for line in gone]).delete()
    if fresh or gone:
        audit.record(
            "claim.checklist", actor=actor, claim=claim,
            data={"ticked": [item.text for item in fresh], "taken_back": [line.item.text for line in gone]},
        )  # fmt: skip
    return len(fresh) + len(gone)


# --- what editors write -------------------------------------------------------------------------------------------


@transaction.atomic
def save(checklist_id: int | None, *, name: str, topic: str, items: Sequence[str], actor: User) -> Checklist:
    """Make a checklist, or put these items in place of those that stand.

    An item whose words stay the same keeps its ticks. One that goes is retired, so that old ticks keep a meaning;
    written again it comes back.

    Raises:
        NotAllowed: only editors do this.
        InvalidInput: no name, no item, too many, or one that is too long.
    """
    people.require_head(actor)
    name, topic = " ".join(name.split()), " ".join(topic.split())[:80]
    if not name:
        raise InvalidInput(_("Enter a name for the list."), "name")
    texts = list(dict.fromkeys(clean for text in items if (clean := " ".join(text.split()))))
    _check_items(texts)
    desk.hold()
    checklist = Checklist.objects.filter(pk=checklist_id).first() if checklist_id else Checklist()
    if checklist is None:
        raise InvalidInput(_("There is no such checklist."), "name")
    checklist.name, checklist.topic = name[:80], topic
    checklist.save()
    _place(checklist, texts)
    audit.record(
        "checklist.saved", actor=actor, data={"checklist": checklist.pk, "name": name, "topic": topic, "items": texts}
    )  # fmt: skip
    return checklist


def _check_items(texts: Sequence[str]) -> None:
    if not texts:
        raise InvalidInput(_("Write at least one line: each line is one thing to look at."), "items")
    if len(texts) > MOST_ITEMS:
        raise InvalidInput(_("Keep a list to %(most)d lines.") % {"most": MOST_ITEMS}, "items")
    long = next((text for text in texts if len(text) > LONGEST_ITEM), "")
    if long:
        raise InvalidInput(
            _("“%(text)s” is longer than %(most)d characters. Shorten it.")
            % {"text": long[:40] + "…", "most": LONGEST_ITEM},
            "items",
        )


def _place(checklist: Checklist, texts: Sequence[str]) -> None:
    present = {item.text: item for item in checklist.items.order_by("-retired_at", "id")}
    now = timezone.now()
    for position, text in enumerate(texts):
        item = present.pop(text, None) or ChecklistItem(checklist=checklist, text=text)
        item.position, item.retired_at = position, None
        item.save()
    ChecklistItem.objects.filter(
        pk__in=[item.pk for item in present.values()], retired_at__isnull=True
    ).update(retired_at=now)


@transaction.atomic
def set_in_use(checklist_id: int, in_use: bool, *, actor: User) -> Checklist:
    """Take a checklist out of use, or bring it back. Ticks made stay where they are."""
    people.require_head(actor)
    desk.hold()
    checklist = Checklist.objects.filter(pk=checklist_id).first()
    if checklist is None:
        raise InvalidInput(_("There is no such checklist."), "name")
    checklist.retired_at = None if in_use else timezone.now()
    checklist.save(update_fields=["retired_at"])
    audit.record(
        "checklist.in_use" if in_use else "checklist.retired", actor=actor,
        data={"checklist": checklist.pk, "name": checklist.name},
    )  # fmt: skip
    return checklist
