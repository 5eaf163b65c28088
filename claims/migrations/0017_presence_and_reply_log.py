"""Who has a claim open, and the log of asking speakers; what is recorded already begins the log."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def begin_log(apps: Any, schema_editor: Any) -> None:
    """Each record of having asked becomes the first entry of its log."""
    entries = apps.get_model("claims", "ReplyAttempt")
    for reply in (
        apps.get_model("claims", "RightOfReply").objects.filter(contacted=True).order_by("pk").iterator()
    ):
        entries.objects.create(
            claim_id=reply.claim_id, asked_on=reply.asked_on, channel=reply.channel, deadline=reply.deadline,
            answer=reply.answer, answered_on=reply.answered_on, saved_by_id=reply.saved_by_id, saved_at=reply.saved_at,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0016_media_findings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReplyAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_on", models.DateField(verbose_name="asked on")),
                ("channel", models.CharField(blank=True, max_length=100, verbose_name="how")),
                ("deadline", models.DateTimeField(blank=True, null=True, verbose_name="answer asked for by")),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="answered on")),
                ("saved_at", models.DateTimeField()),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reply_attempts",
                        to="claims.claim",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "request for a reply",
                "verbose_name_plural": "requests for a reply",
                "ordering": ["claim", "asked_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_at", models.DateTimeField(verbose_name="last seen")),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="claims.claim"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "somebody on a claim's page",
                "verbose_name_plural": "people on claims' pages",
                "constraints": [models.UniqueConstraint(fields=("claim", "person"), name="presence_once")],
            },
        ),
        migrations.RunPython(begin_log, migrations.RunPython.noop),
    ]
