"""Saved lists, and tags as rows of their own; tags that claims have already become rows too."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:
    """A row for each tag that a claim has."""
    claims, tags = apps.get_model("claims", "Claim"), apps.get_model("claims", "Tag")
    made = apps.get_model("claims", "ClaimTag")
    known: dict[str, Any] = {}
    for claim in claims.objects.exclude(tags=[]).only("pk", "tags").order_by("pk").iterator(chunk_size=1000):
        for word in claim.tags:
            name = " ".join(str(word).split())[:60].strip()
            key = name.casefold()[:60]
            if not key:
                continue
            if key not in known:
                known[key] = tags.objects.get_or_create(key=key, defaults={"name": name})[0]
            made.objects.get_or_create(tag=known[key], claim=claim)


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0004_imported_checks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="tag")),
                ("key", models.CharField(editable=False, max_length=60, unique=True)),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "ordering": ["key"],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "place",
                    models.CharField(
                        choices=[("claims", "Table"), ("board", "Board")], max_length=8, verbose_name="page"
                    ),
                ),
                ("query", models.CharField(blank=True, max_length=1000, verbose_name="address")),
                ("shared", models.BooleanField(default=False, verbose_name="shared with the desk")),
                ("created_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "saved list",
                "verbose_name_plural": "saved lists",
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "place", "name"), name="view_name_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tagged", to="claims.claim"
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="claims.tag"
                    ),
                ),
            ],
            options={
                "verbose_name": "tag of a claim",
                "verbose_name_plural": "tags of claims",
                "constraints": [models.UniqueConstraint(fields=("tag", "claim"), name="claim_tag_once")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
