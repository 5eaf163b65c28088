"""What editors lay down for their own desk: reasons to decline a claim, and how soon claims are due.

Both live in the desk's one row, which most pages read anyway. A desk that never changed them has the lists as
delivered. A reason that goes off the list stays known, since declined claims name it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from claims.domain import audit, desk, people, statements
from claims.enums import DeclineReason, Priority
from claims.exceptions import InvalidInput
from claims.models import Claim, DeskSettings

MOST_REASONS = 20
LONGEST_LABEL = 80
MOST_RULES = 40
LAST_YEAR = 2200  # from which on nothing is planned


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason to decline. ``retired``: off the list, kept for the claims that name it."""

    key: str
    label: str
    retired: bool = False


@dataclass(frozen=True, slots=True)
class DueRule:
    """So many days for claims of this priority and this topic; an empty part fits all."""

    days: int
    priority: str = ""
    topic: str = ""


def settings() -> DeskSettings:
    """The desk's row; its defaults where it was never saved."""
    return statements.one(DeskSettings, 1) or DeskSettings(pk=1)


# --- reasons to decline -------------------------------------------------------------------------------------------


def all_reasons(row: DeskSettings | None = None) -> list[Reason]:
    """Every reason the desk ever had, in the order of its list, those in use first."""
    stored = (row or settings()).decline_reasons
    if not stored:
        return [Reason(reason.value, str(reason.label)) for reason in DeclineReason]
    found = [Reason(entry["key"], entry["label"], bool(entry.get("retired"))) for entry in stored]
    return sorted(found, key=lambda reason: reason.retired)


def reasons(row: DeskSettings | None = None) -> list[tuple[str, str]]:
    """The reasons in use as key and label."""
    return [(reason.key, reason.label) for reason in all_reasons(row) if not reason.retired]


def reason_label(key: str, row: DeskSettings | None = None) -> str:
    """The words of a reason, also of one that is off the list; empty for a key that is none."""
    if not key:
        return ""
    known = next((reason.label for reason in all_reasons(row) if reason.key == key), "")
    return known or (str(DeclineReason(key).label) if key in DeclineReason.values else "")


@transaction.atomic
def save_reasons(entries: Sequence[Mapping[str, Any]], *, actor: User) -> list[Reason]:
    """Put this list in place of the one that stands.

    Args:
        entries: in their order, each ``label`` and, for a reason the desk has already, its ``key``; ``retired``
            takes it off the list. Entries without a label are left out; a known one left out is retired.

    Raises:
        NotAllowed: only editors do this.
        InvalidInput: no reason is left, one stands there twice, or one is too long.
    """
    people.require_head(actor)
    row = desk.hold()
    known = {reason.key: reason for reason in all_reasons(row)}
    made: list[Reason] = []
    for entry in entries:
        label = " ".join(str(entry.get("label", "")).split())
        if not label:
            continue
        key = str(entry.get("key") or "")
        key = key if key in known else _new_key(label, {*known, *(reason.key for reason in made)})
        made.append(Reason(key, label, bool(entry.get("retired"))))
    _check_reasons(made)
    gone = [Reason(r.key, r.label, True) for r in known.values() if r.key not in {one.key for one in made}]
    wanted = sorted([*made, *gone], key=lambda reason: reason.retired)
    if wanted != list(known.values()):
        _store(row, actor, "decline_reasons", [
            {"key": reason.key, "label": reason.label, "retired": reason.retired} for reason in wanted
        ])  # fmt: skip
    return wanted


def _check_reasons(made: Sequence[Reason]) -> None:
    standing = [reason for reason in made if not reason.retired]
    if not standing:
        raise InvalidInput(_("Keep at least one reason on the list."), "reasons")
    if len(standing) > MOST_REASONS:
        raise InvalidInput(_("Keep the list to %(most)d reasons.") % {"most": MOST_REASONS}, "reasons")
    seen: set[str] = set()
    for reason in standing:
        if len(reason.label) > LONGEST_LABEL:
            raise InvalidInput(
                _("“%(label)s” is longer than %(most)d characters. Shorten it.")
                % {"label": reason.label[:40] + "…", "most": LONGEST_LABEL},
                "reasons",
            )
        if reason.label.casefold() in seen:
            raise InvalidInput(
                _("“%(label)s” is on the list twice. Take one off.") % {"label": reason.label}, "reasons"
            )
        seen.add(reason.label.casefold())


def _new_key(label: str, taken: Iterable[str]) -> str:
    base = slugify(label).replace("-", "_")[:16].strip("_") or "reason"
    used = set(taken)
    return next(key for n in range(1, 10_000) if (key := base if n == 1 else f"{base}_{n}"[:20]) not in used)


# --- due dates ----------------------------------------------------------------------------------------------------


def due_rules(row: DeskSettings | None = None) -> list[DueRule]:
    """The rules in the order in which they are asked; after them the desk's usual days hold."""
    return [
        DueRule(entry["days"], entry["priority"], entry["topic"]) for entry in (row or settings()).due_rules
    ]


def days_for(priority: str, topic: str, row: DeskSettings | None = None) -> int:
    """How many days a claim of this priority and topic may take: the closest rule, else the desk's usual days.

    A rule that names the topic comes before one that names only the priority, and one that names both before all.
    """
    row = row or settings()
    fitting = [
        rule
        for rule in due_rules(row)
        if rule.priority in ("", priority) and rule.topic.casefold() in ("", topic.casefold())
    ]
    best = max(fitting, key=lambda rule: (bool(rule.topic), bool(rule.priority)), default=None)
    return best.days if best else row.due_days


def due_at(priority: str, topic: str, row: DeskSettings | None = None) -> datetime:
    """When a claim given out now is due."""
    return timezone.now() + timedelta(days=days_for(priority, topic, row))


def due_for(claim: Claim, whom: people.Asked) -> datetime:
    """When a claim given to this person now is due, by the rules that came with them."""
    row = DeskSettings(pk=1)
    if whom.due_days is not None:
        row.due_days, row.due_rules = whom.due_days, whom.due_rules or []
    return due_at(claim.priority, claim.topic, row)


def require_within_reach(moment: datetime | None, field: str) -> None:
    """Refuse a time so far off that it has no place in the calendar of another time zone, nor in anybody's plans.

    Raises:
        InvalidInput: for ``field``.
    """
    if moment is not None and moment.year >= LAST_YEAR:
        raise InvalidInput(
            _("This is too far off. Choose a time before the year %(year)s.") % {"year": LAST_YEAR}, field
        )


def require_to_come(moment: datetime | None, stands: datetime | None = None) -> None:
    """Refuse a due date that is over, unless it is the one that stands already (forms leave its seconds out).

    Raises:
        InvalidInput: for ``due_at``.
    """
    require_within_reach(moment, "due_at")
    if moment is None or moment >= timezone.now():
        return
    if stands is None or abs(moment - stands) >= timedelta(minutes=1):
        raise InvalidInput(_("The due date is over. Choose a later one."), "due_at")


@transaction.atomic
def save_due_rules(rules: Sequence[DueRule], *, usual_days: int, actor: User) -> list[DueRule]:
    """Put these rules in place of those that stand.

    Raises:
        NotAllowed: only editors do this.
        InvalidInput: a number of days that makes no sense, a rule for nothing in particular, or one twice.
    """
    people.require_head(actor)
    row = desk.hold()
    wanted = [DueRule(rule.days, rule.priority, " ".join(rule.topic.split())[:80]) for rule in rules]
    seen: set[tuple[str, str]] = set()
    for days in (usual_days, *(rule.days for rule in wanted)):
        if not 1 <= days <= 365:
            raise InvalidInput(_("Enter a number of days from 1 to 365."), "rules")
    for rule in wanted:
        what = (rule.priority, rule.topic.casefold())
        if what == ("", ""):
            raise InvalidInput(
                _("Choose a priority or a topic for each rule, or leave its days empty."), "rules"
            )
        if rule.priority and rule.priority not in Priority.values:
            raise InvalidInput(_("Choose a priority."), "rules")
        if what in seen:
            raise InvalidInput(_("Two rules are for the same claims. Leave one of them out."), "rules")
        seen.add(what)
    if len(wanted) > MOST_RULES:
        raise InvalidInput(_("Keep it to %(most)d rules.") % {"most": MOST_RULES}, "rules")
    if usual_days != row.due_days:
        desk.save_settings(actor=actor, fields={"due_days": usual_days})
        row.refresh_from_db()
    stored = [{"days": rule.days, "priority": rule.priority, "topic": rule.topic} for rule in wanted]
    if stored != row.due_rules:
        _store(row, actor, "due_rules", stored)
    return wanted


def _store(row: DeskSettings, actor: User, name: str, value: list[dict[str, Any]]) -> None:
    before = getattr(row, name)
    DeskSettings.objects.filter(pk=row.pk).update(**{name: value})
    setattr(row, name, value)
    audit.record("desk.settings", actor=actor, data={"before": {name: before}, "after": {name: value}})
