"""Our own interests and the language of a report; sources that stay unnamed, with the reason.

On SQLite a new column rebuilds the table and drops its triggers: those of the saved states of verdicts are made again.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.db import migrations, models

TABLE = "claims_verdictrevision"


def make_again(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "sqlite":
        return
    for statement in import_module("claims.migrations.0002_triggers")._sqlite():
        if f" ON {TABLE} " in statement:
            schema_editor.execute(
                statement.replace("CREATE TRIGGER ", "CREATE TRIGGER IF NOT EXISTS ", 1), params=None
            )


class Migration(migrations.Migration):
    dependencies = [("claims", "0005_saved_views_and_tags")]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="anonymous",
            field=models.BooleanField(default=False, verbose_name="the source stays unnamed"),
        ),
        migrations.AddField(
            model_name="evidence",
            name="anonymous_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="why it stays unnamed"),
        ),
        migrations.AddField(
            model_name="verdict",
            name="interests",
            field=models.CharField(blank=True, max_length=500, verbose_name="our own interests"),
        ),
        migrations.AddField(
            model_name="verdict",
            name="language",
            field=models.CharField(blank=True, max_length=12, verbose_name="language of the report"),
        ),
        migrations.AddField(
            model_name="verdictrevision",
            name="interests",
            field=models.CharField(blank=True, max_length=500, verbose_name="our own interests"),
        ),
        migrations.AddField(
            model_name="verdictrevision",
            name="language",
            field=models.CharField(blank=True, max_length=12, verbose_name="language of the report"),
        ),
        migrations.RunPython(make_again, make_again),
    ]
