"""What somebody with the database file could do to the audit trail, each undone again. Used by ``audit_verify`` and the suite."""

from __future__ import annotations

import random
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import connection

from claims.domain import audit
from claims.models import AuditEvent

TEXTS = ("action", "actor_name", "reason", "hash", "previous_hash", "channel")


def run(dice: random.Random, flips: int, head: str) -> list[str]:
    """Damage after damage, the triggers out of the way; those that ``verify`` did not find, or not at the right row.

    A flipped byte is looked for with the chain of its row alone, by the same walk, since only that chain can tell of it.
    """
    triggers: Any = import_module("claims.migrations.0002_triggers")
    with connection.schema_editor() as editor:
        triggers.drop(apps, editor)
    rows = list(AuditEvent.objects.order_by("id").values_list("pk", flat=True))
    missed = [f"flip in row {pk}" for pk in dice.sample(rows, min(flips, len(rows))) if not _flip(dice, pk)]
    middle = rows[len(rows) // 2 + 1]
    kept = AuditEvent.objects.get(pk=middle)
    _execute("DELETE FROM claims_auditevent WHERE id = %s", middle)
    fault = audit.verify(head=head)
    if fault is None:
        missed.append("middle row dropped")
    kept.save(force_insert=True)
    _swap(rows[7], rows[8])
    fault = audit.verify(head=head)
    if fault is None or fault.event_id not in {rows[7], rows[8]}:
        missed.append(f"two rows swapped: {fault}")
    _swap(rows[7], rows[8])
    if audit.verify(head=head) is not None:
        missed.append("not put right again")
    _execute("DELETE FROM claims_auditevent WHERE id > %s", rows[-6])
    if audit.verify(head=head) is None:
        missed.append("tail cut")
    return missed


def _flip(dice: random.Random, pk: int) -> bool:
    """One byte of one field of this row, changed and put right again; whether the walk of its chain names the row."""
    event = AuditEvent.objects.get(pk=pk)
    name = dice.choice([name for name in TEXTS if getattr(event, name)])
    text = str(getattr(event, name))
    place = dice.randrange(len(text))
    forged = text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]
    AuditEvent.objects.filter(pk=pk).update(**{name: forged})
    fault = audit.verify_rows(AuditEvent.objects.filter(chain=event.chain).order_by("id"))
    AuditEvent.objects.filter(pk=pk).update(**{name: text})
    return fault is not None and fault.event_id == pk


def _swap(one: int, other: int) -> None:
    """Two neighbours trade places: the ids, as somebody would who reorders history."""
    _execute("UPDATE claims_auditevent SET id = -1 WHERE id = %s", one)
    _execute("UPDATE claims_auditevent SET id = %s WHERE id = %s", one, other)
    _execute("UPDATE claims_auditevent SET id = %s WHERE id = -1", other)


def _execute(statement: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF" if connection.vendor == "sqlite" else "SELECT 1")
        cursor.execute(statement, values)
