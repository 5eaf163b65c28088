"""The note that was proposed with a correction still open: it moves to where proposals stand now."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def move(apps: Any, schema_editor: Any) -> None:
    correction = apps.get_model("claims", "Correction")
    note = apps.get_model("claims", "ProposedNote")
    for row in correction.objects.filter(closed_at__isnull=True).exclude(public_note="").order_by("pk"):
        note.objects.create(
            claim_id=row.claim_id, correction=row, text=row.public_note.replace("\r\n", "\n").strip(),
            proposed_by_id=row.opened_by_id, proposed_at=row.opened_at,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("claims", "0035_public_notes")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
