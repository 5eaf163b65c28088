"""Who was asked to do what on a claim, by whom, until when: rows are ended, never deleted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.enums import AssignmentRole
from claims.models.claim import Claim


class Assignment(models.Model):
    """One person in one role on one claim."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="assignments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(_("role"), max_length=16, choices=AssignmentRole, default=AssignmentRole.CHECKER)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "role"], condition=Q(ended_at__isnull=True), name="assignment_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"


class Presence(models.Model):
    """When somebody last had a claim's page open. It tells colleagues; it never locks anything."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("somebody on a claim's page")
        verbose_name_plural = _("people on claims' pages")
        constraints = [models.UniqueConstraint(fields=["claim", "person"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.claim_id}"
