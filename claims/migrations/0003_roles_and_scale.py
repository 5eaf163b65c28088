"""The three roles as groups, the desk's one row of switches, and a first rating scale to start from."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.utils import timezone

LEVELS = (
    ("true", "True", 5, "The claim is accurate and nothing important is missing."),
    ("mostly_true", "Mostly true", 4, "The claim is accurate but needs a clarification or more detail."),
    (
        "half_true",
        "Half true",
        3,
        "The claim has accurate parts but leaves out or bends something important.",
    ),
    (
        "mostly_false",
        "Mostly false",
        2,
        "The claim has an element of truth, but its main point does not hold.",
    ),
    ("false", "False", 1, "The claim is not accurate."),
)
OFF_SCALE = (
    (
        "unproven",
        "Unproven",
        "The evidence that could be found neither bears the claim out nor rules it out.",
    ),
    ("missing_context", "Missing context", "The words are accurate, but without their context they mislead."),
    ("satire", "Satire", "The words were meant as satire and are passed on as fact."),
    ("outdated", "Outdated", "The claim was accurate once and no longer is."),
)


def make(apps: Any, schema_editor: Any) -> None:
    group = apps.get_model("auth", "Group")
    for name in ("viewer", "reviewer", "editor"):
        group.objects.get_or_create(name=name)
    apps.get_model("claims", "DeskSettings").objects.get_or_create(pk=1)
    scale, made = apps.get_model("claims", "RatingScale").objects.get_or_create(
        name="Accuracy", version=1, defaults={"in_use": True, "created_at": timezone.now()}
    )
    if not made:
        return
    level = apps.get_model("claims", "RatingLevel")
    for position, (key, word, value, definition) in enumerate(LEVELS):
        level.objects.create(
            scale=scale, key=key, word=word, value=value, definition=definition, position=position
        )
    for position, (key, word, definition) in enumerate(OFF_SCALE):
        level.objects.create(
            scale=scale, key=key, word=word, definition=definition, off_scale=True, position=position
        )


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_triggers"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
