"""What public lists need of a report: speaker, outlet, language and the words it is found by.

The new columns may be NULL, so that SQLite adds them without rebuilding the table that triggers lean on.
"""

from __future__ import annotations

import json
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from claims.domain.listing import slug_of
from claims.matching.words import words_of


def fill(apps: Any, schema_editor: Any) -> None:
    """Read the standing versions once."""
    word_row = apps.get_model("claims", "ReportWord")
    rows = apps.get_model("claims", "Report").objects.filter(current_version__isnull=False)
    for report in rows.select_related("current_version").iterator(chunk_size=200):
        document = json.loads(report.current_version.document)
        claim = document.get("claim", {})
        speaker = (claim.get("speaker") or {}).get("name", "")
        outlet = (claim.get("article") or {}).get("outlet", "")
        report.speaker, report.speaker_slug = speaker[:300] or None, slug_of(speaker) or None
        report.outlet, report.outlet_slug = outlet[:200] or None, slug_of(outlet) or None
        report.language = document.get("language", "")
        report.save(update_fields=["speaker", "speaker_slug", "outlet", "outlet_slug", "language"])
        stated = claim.get("restated") or claim.get("quote", "")
        topics = " ".join(document.get("topics", []))
        words = words_of(f"{document.get('headline', '')} {stated} {speaker} {topics}")
        word_row.objects.bulk_create(
            [word_row(report=report, word=word) for word in sorted({word[:60] for word in words})]
        )


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0018_source_health"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=60)),
            ],
            options={
                "verbose_name": "word of a report",
                "verbose_name_plural": "words of reports",
            },
        ),
        migrations.AddField(
            model_name="report",
            name="language",
            field=models.CharField(blank=True, max_length=12, null=True),
        ),
        migrations.AddField(
            model_name="report",
            name="outlet",
            field=models.CharField(blank=True, max_length=200, null=True),
        ),
        migrations.AddField(
            model_name="report",
            name="outlet_slug",
            field=models.CharField(blank=True, max_length=120, null=True),
        ),
        migrations.AddField(
            model_name="report",
            name="speaker",
            field=models.CharField(blank=True, max_length=300, null=True),
        ),
        migrations.AddField(
            model_name="report",
            name="speaker_slug",
            field=models.CharField(blank=True, max_length=120, null=True),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["topic", "-published_at", "-id"], name="report_topic"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["verdict_key", "-published_at", "-id"], name="report_verdict"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["speaker_slug", "-published_at", "-id"], name="report_speaker"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["outlet_slug", "-published_at", "-id"], name="report_outlet"),
        ),
        migrations.AddField(
            model_name="reportword",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="words", to="claims.report"
            ),
        ),
        migrations.AddIndex(
            model_name="reportword",
            index=models.Index(fields=["word", "report"], name="report_word"),
        ),
        migrations.AddConstraint(
            model_name="reportword",
            constraint=models.UniqueConstraint(fields=("report", "word"), name="report_word_once"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
