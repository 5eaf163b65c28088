"""What must leave the house, who was told what, and who is alive to do the work."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutboxMessage(models.Model):
    """A mail or call promised in the same transaction as the change it tells of; sent at least once, by key."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        DEAD = "dead", _("Given up")

    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=20)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="waiting"), name="outbox_due"),
        ]

    def __str__(self) -> str:
        return self.key


class Notification(models.Model):
    """One line for one person."""

    why: str = (
        ""  # the reason given for what it tells of, filled in by ``domain.inbox`` for whoever may read it
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    claim = models.ForeignKey("claims.Claim", on_delete=models.CASCADE, null=True, related_name="+")
    event = models.ForeignKey("claims.AuditEvent", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=400)
    address = models.CharField(_("page"), max_length=300, blank=True)
    # Switched off in the desk by the person, kept for their daily mail alone.
    hidden = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["person", "-created_at"], condition=Q(read_at__isnull=True), name="notice_unread"
            )
        ]
        constraints = [models.UniqueConstraint(fields=["person", "event", "kind"], name="notice_once")]

    def __str__(self) -> str:
        return self.text


class Reminder(models.Model):
    """Those who have a claim were told that this due date has passed."""

    claim = models.ForeignKey("claims.Claim", on_delete=models.CASCADE, related_name="reminders")
    due_at = models.DateTimeField(_("due"))
    created_at = models.DateTimeField(_("told"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["claim", "due_at"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.due_at:%Y-%m-%d}"


class Lease(models.Model):
    """A named turn that one process holds for a while, so that three sweepers behave as one."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=80, blank=True)
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"


class WorkerSeen(models.Model):
    """When a worker or sweeper last showed that it is getting on."""

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=12)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name
