"""A new desk's reports are in its site's language. Only Django knows of defaults, so no table is altered."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import migrations, models

import claims.models.desk


def begin(apps: Any, schema_editor: Any) -> None:
    """The desk's row was made by an earlier migration; where nothing was done with it yet, it begins as the site's."""
    if not apps.get_model("claims", "Article").objects.exists():
        desk = apps.get_model("claims", "DeskSettings")
        desk.objects.filter(pk=1, language="en").update(language=settings.SITE_LANGUAGE)


class Migration(migrations.Migration):
    dependencies = [("claims", "0036_notes_of_open_corrections")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="desksettings",
                    name="language",
                    field=models.CharField(
                        default=claims.models.desk.site_language,
                        max_length=12,
                        verbose_name="language of reports",
                    ),
                )
            ]
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
