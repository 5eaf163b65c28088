"""Kept counts of public reports, so that no public list counts through all of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Tally(models.Model):
    """How many public reports one thing has: a topic, a speaker, an article, the desk. Kept by ``domain.tallies``."""

    class Kind(models.TextChoices):
        ALL = "all", _("Reports")
        CORRECTED = "corrected", _("Corrected reports")
        TOPIC = "topic", _("Topic")
        SPEAKER = "speaker", _("Speaker")
        OUTLET = "outlet", _("Outlet")
        ARTICLE = "article", _("Article")
        PART = "part", _("Part of the sitemap")

    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=120, blank=True)
    # Of speakers and outlets there is a row for each verdict beside the one for all of them.
    verdict = models.CharField(max_length=40, blank=True)
    # No check that it stays above zero: a wrong count must never stop a withdrawal. ``verify_history`` finds it.
    count = models.IntegerField(default=0)
    name = models.CharField(max_length=300, blank=True)
    # Of a part: its last noted change. Of an article: when it came in.
    latest = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("count of reports")
        verbose_name_plural = _("counts of reports")
        constraints = [models.UniqueConstraint(fields=["kind", "verdict", "key"], name="tally_once")]
        indexes = [
            models.Index(
                fields=["kind", "-latest", "-id"], condition=Q(latest__isnull=False), name="tally_latest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.verdict}: {self.count}"
