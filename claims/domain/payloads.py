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
open_correction           ``kind``: one of ``ChangeKind.corrections()``
publish_correction,       ``public_note``
retract
========================  ==================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from claims.domain import house_rules
from claims.domain.people import Person
from claims.enums import Action
from claims.exceptions import InvalidInput
from claims.models import Claim


def parse(action: Action, payload: Mapping[str, Any], *, claim: Claim, actor: User | None) -> dict[str, Any]:
    """The payload with people, claims and times looked up.

    Raises:
        InvalidInput: a part is missing or makes no sense; ``field`` names it.
    """
    parsed: dict[str, Any] = {
        key: payload[key] for key in ("note", "public_note", "kind") if isinstance(payload.get(key), str)
    }
    if action in {Action.ASSIGN, Action.REASSIGN}:
        parsed["assignee"] = _person(payload.get("assignee"), "assignee")
        if payload.get("second_reader"):
            parsed["second_reader"] = _person(payload["second_reader"], "second_reader")
            if parsed["second_reader"] == parsed["assignee"]:
                raise InvalidInput(_("The checker cannot be the second reader too."), "second_reader")
        parsed["due_at"] = (
            _time(payload.get("due_at"), "due_at")
            or claim.due_at
            or house_rules.due_at(claim.priority, claim.topic)
        )
    elif action == Action.TAKE:
        parsed["assignee"] = actor
        parsed["due_at"] = claim.due_at or house_rules.due_at(claim.priority, claim.topic)
    elif action == Action.SCHEDULE:
        parsed["publish_at"] = _time(payload.get("publish_at"), "publish_at")
        if parsed["publish_at"] is None:
            raise InvalidInput(_("Say when the report should go out."), "publish_at")
    elif action == Action.DECLINE:
        given = str(payload.get("decline_reason") or "")
        if given and given not in dict(house_rules.reasons()):
            raise InvalidInput(_("Choose one of the reasons on the list."), "decline_reason")
        parsed["decline_reason"] = given
    elif action == Action.MARK_DUPLICATE:
        parsed["original"] = _claim(payload.get("original"))
    return parsed


def _person(value: Any, field: str) -> User:
    if isinstance(value, User):
        return value
    person = Person.objects.filter(pk=_number(value)).first() if value not in (None, "") else None
    if person is None:
        raise InvalidInput(_("Choose a person of this desk."), field)
    return person


def _claim(value: Any) -> Claim:
    if isinstance(value, Claim):
        return value
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
    return when if timezone.is_aware(when) else timezone.make_aware(when)
