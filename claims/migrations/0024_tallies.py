"""Kept counts of public reports, and indexes whose order is that of the lists they serve."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import migrations, models

from claims.domain import tallies


def count(apps: Any, schema_editor: Any) -> None:
    """Count what stands already."""
    models = [apps.get_model("claims", name) for name in ("Tally", "Report", "ReportVersion")]
    tallies.rebuild(*models)


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0023_limits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("all", "Reports"),
                            ("corrected", "Corrected reports"),
                            ("topic", "Topic"),
                            ("speaker", "Speaker"),
                            ("outlet", "Outlet"),
                            ("article", "Article"),
                            ("part", "Part of the sitemap"),
                        ],
                        max_length=10,
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=120)),
                ("verdict", models.CharField(blank=True, max_length=40)),
                ("count", models.IntegerField(default=0)),
                ("name", models.CharField(blank=True, max_length=300)),
                ("latest", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "count of reports",
                "verbose_name_plural": "counts of reports",
            },
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["language", "-published_at", "-id"], name="report_language"),
        ),
        migrations.AddIndex(
            model_name="reportversion",
            index=models.Index(
                condition=models.Q(("kind", "correction")),
                fields=["-created_at", "-id"],
                name="version_correction_log",
            ),
        ),
        migrations.AddIndex(
            model_name="reportversion",
            index=models.Index(
                condition=models.Q(("kind", "verdict_change")),
                fields=["-created_at", "-id"],
                name="version_verdict_change_log",
            ),
        ),
        migrations.AddIndex(
            model_name="reportversion",
            index=models.Index(
                condition=models.Q(("kind", "retraction")),
                fields=["-created_at", "-id"],
                name="version_retraction_log",
            ),
        ),
        migrations.AddIndex(
            model_name="tally",
            index=models.Index(
                condition=models.Q(("latest__isnull", False)),
                fields=["kind", "-latest", "-id"],
                name="tally_latest",
            ),
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(fields=("kind", "verdict", "key"), name="tally_once"),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
