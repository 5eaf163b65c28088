"""Whether the sources still stand: the latest look at each link, and what people should look at because of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.enums import SourceState, TaskKind
from claims.models.claim import Claim
from claims.models.evidence import Evidence, Snapshot


class SourceCheck(models.Model):
    """The latest look at the link of one source, and when the next is due."""

    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, related_name="check_up")
    state = models.CharField(_("state"), max_length=10, choices=SourceState, default=SourceState.UNKNOWN)
    note = models.CharField(_("note"), max_length=500, blank=True)
    checked_at = models.DateTimeField(_("looked at"), null=True)
    next_check_at = models.DateTimeField(_("next look"))
    gone_since = models.DateTimeField(null=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    settled = models.CharField(max_length=64, blank=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("look at a source")
        verbose_name_plural = _("looks at sources")
        indexes = [models.Index(fields=["next_check_at"], name="source_check_due")]

    def __str__(self) -> str:
        return f"{self.evidence_id}: {self.get_state_display()}"


class ReviewTask(models.Model):
    """Something about a published claim that a person should look at. It changes nothing by itself."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="review_tasks")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="review_tasks")
    kind = models.CharField(_("reason"), max_length=20, choices=TaskKind)
    text = models.CharField(_("what happened"), max_length=500)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("settled"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(_("what came of it"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("source to look at")
        verbose_name_plural = _("sources to look at")
        ordering = ["opened_at", "id"]
        indexes = [
            models.Index(fields=["opened_at", "id"], condition=Q(closed_at__isnull=True), name="task_open")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "kind"], condition=Q(closed_at__isnull=True), name="task_open_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_by__isnull=False),
                name="task_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("task", args=[self.pk])
