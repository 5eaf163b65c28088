"""What each action needs beyond a reason, brought into one form whichever face it came from.

========================  ==================================================================================
action                    payload
========================  ==================================================================================
assign, reassign          ``assignee`` (person or id), optional ``second_reader``, ``due_at``, ``note``
take                      nothing: the person who takes it
schedule                  ``publish_at``: aware time
decline                   optional ``decline_reason``
mark_duplicate            ``original``: claim or id
approve                   optional ``note``
open_correction           ``kind``: one of ``ChangeKind.corrections()``, optional ``public_note``: a first proposal
propose_retraction        optional ``public_note``: a first proposal
publish_correction,       ``public_note``: as readers will see it
retract
========================  ==================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from claims.domain import house_rules, notes, people
from claims.domain.people import Asked
from claims.enums import Action
from claims.exceptions import InvalidInput, Missing
from claims.models import Claim


@dataclass(frozen=True, slots=True)
class Parsed:
    """The payload with people, claims and times looked up, and what stands against each person whom it names."""

    values: dict[str, Any]
    asked: dict[int, Asked] = field(default_factory=dict)


def parse(action: Action, payload: Mapping[str, Any], *, claim: Claim, actor: User | None) -> Parsed:
    """The payload in its one form.

    Raises:
        InvalidInput: a part makes no sense; ``field`` names it.
        Missing: a part was left out.
    """
    parsed: dict[str, Any] = {
        key: payload[key] for key in ("note", "public_note", "kind") if isinstance(payload.get(key), str)
    }
    if "public_note" in parsed:
        parsed["public_note"] = notes.as_kept(parsed["public_note"])
    for key in ("note", "public_note"):
        notes.require_short(parsed.get(key), key)
    asked: dict[int, Asked] = {}
    if action in {Action.ASSIGN, Action.REASSIGN, Action.TAKE}:
        form: Mapping[str, Any] = {"assignee": actor} if action == Action.TAKE else payload
        asked = _people(form, parsed, claim)
        wanted = _time(form.get("due_at"), "due_at")
        house_rules.require_to_come(wanted, claim.due_at)
        parsed["due_at"] = wanted or claim.due_at or house_rules.due_for(claim, asked[parsed["assignee"].pk])
    elif action == Action.SCHEDULE:
        parsed["publish_at"] = _time(payload.get("publish_at"), "publish_at")
        if parsed["publish_at"] is None:
            raise Missing(_("The date is missing."), "publish_at", _("Say when the report should go out."))
    elif action == Action.DECLINE:
        given = str(payload.get("decline_reason") or "")
        if given and given not in dict(house_rules.reasons()):
            raise InvalidInput(_("Choose one of the reasons on the list."), "decline_reason")
        parsed["decline_reason"] = given
    elif action == Action.MARK_DUPLICATE:
        parsed["original"] = _claim(payload.get("original"))
    return Parsed(parsed, asked)


def _people(form: Mapping[str, Any], parsed: dict[str, Any], claim: Claim) -> dict[int, Asked]:
    """Put checker and second reader into ``parsed``; what stands against them comes in the same query."""
    if form.get("assignee") in (None, ""):
        raise Missing(_("The checker is missing."), "assignee", _("Choose a person of this desk."))
    checker, reader = _person_id(form.get("assignee")), _person_id(form.get("second_reader"))
    # With them whoever has the claim now: they are told.
    present = (claim.assignee_id or 0, claim.second_reader_id or 0)
    asked = people.asked(claim, checker, reader, *present) if checker else {}
    if checker not in asked:
        raise InvalidInput(_("Choose a person of this desk."), "assignee")
    parsed["assignee"] = asked[checker].person
    if form.get("second_reader"):
        if reader not in asked:
            raise InvalidInput(_("Choose a person of this desk."), "second_reader")
        if reader == checker:
            raise InvalidInput(_("The checker cannot be the second reader too."), "second_reader")
        parsed["second_reader"] = asked[reader].person
    return asked


def _person_id(value: Any) -> int:
    return int(value.pk) if isinstance(value, User) else _number(value)


def _claim(value: Any) -> Claim:
    if isinstance(value, Claim):
        return value
    if value in (None, ""):
        raise Missing(_("The first claim is missing."), "original", _("Choose the claim it repeats."))
    claim = Claim.objects.filter(pk=_number(value)).first()
    if claim is None:
        raise InvalidInput(_("Choose the claim it repeats."), "original")
    return claim


def _number(value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        return 0
    return number if 0 < number < 2**63 else 0


def _time(value: Any, field: str) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        when = value if isinstance(value, datetime) else parse_datetime(str(value))
    except ValueError:
        when = None
    if when is None:
        raise InvalidInput(_("Enter a date and a time, such as 2026-03-01 14:30."), field)
    house_rules.require_within_reach(when, field)
    return when if timezone.is_aware(when) else timezone.make_aware(when)
