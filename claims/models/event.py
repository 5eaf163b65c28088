"""The audit trail: one row per change, only ever added, hash-chained per subject, heads sealed together."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.enums import Channel


class AuditEvent(models.Model):
    """Who did what, when, through which door. Database triggers refuse to change or remove a row."""

    chain = models.CharField(max_length=40)
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="audit_events",
        verbose_name=_("who"),
    )  # fmt: skip
    actor_name = models.CharField(_("name then"), max_length=160, blank=True)
    channel = models.CharField(_("through"), max_length=8, choices=Channel)
    action = models.CharField(_("what"), max_length=60)
    claim = models.ForeignKey("claims.Claim", on_delete=models.PROTECT, null=True, related_name="events")
    article = models.ForeignKey("claims.Article", on_delete=models.PROTECT, null=True, related_name="events")
    from_status = models.CharField(_("from"), max_length=12, blank=True)
    to_status = models.CharField(_("to"), max_length=12, blank=True)
    claim_version = models.PositiveIntegerField(null=True)
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("details"), default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-id"]
        indexes = [models.Index(fields=["claim", "-id"], name="event_of_claim")]
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="event_place_in_chain")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


class AuditSeal(models.Model):
    """All chain heads up to one event, hashed together and chained to the seal before it."""

    last_event_id = models.BigIntegerField()
    event_count = models.BigIntegerField()
    heads_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.hash[:12]


class AuditHeadCopy(models.Model):
    """The head of one day, and whether it has left the house. ``problem`` says why not, in a sentence."""

    day = models.DateField(_("day"), primary_key=True)
    line = models.CharField(_("head"), max_length=160)
    kept_at = models.DateTimeField(_("kept elsewhere since"), null=True)
    tried_at = models.DateTimeField(_("last tried"))
    problem = models.CharField(_("problem"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("copy of the head")
        verbose_name_plural = _("copies of the head")
        ordering = ["-day"]

    def __str__(self) -> str:
        return str(self.day)
