"""Answers kept for replays belong to a token or a person. They live for a day, so the old ones need not move."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def forget(apps: Any, schema_editor: Any) -> None:
    apps.get_model("claims", "IdempotentAnswer").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("claims", "0012_version_corrections")]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="idempotentanswer", name="idempotency_key_once"),
        migrations.AddField(
            model_name="idempotentanswer",
            name="owner",
            field=models.CharField(max_length=40, default=""),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="idempotentanswer",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="idempotentanswer", name="headers", field=models.JSONField(default=dict)
        ),
        migrations.AddConstraint(
            model_name="idempotentanswer",
            constraint=models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_once"),
        ),
    ]
