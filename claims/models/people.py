"""What the desk knows of its people beyond Django's users, and their keys to the API."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.enums import MailRhythm


class Profile(models.Model):
    """Working life of one person on the desk."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    is_machine = models.BooleanField(_("machine account"), default=False)
    away_until = models.DateField(_("away until"), null=True, blank=True)
    most_claims = models.PositiveSmallIntegerField(_("claims at a time"), default=6)
    topics = models.JSONField(_("topics"), default=list, blank=True)
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True)
    muted = models.JSONField(_("no mail when"), default=list, blank=True)
    muted_desk = models.JSONField(_("no notice when"), default=list, blank=True)
    mail_rhythm = models.CharField(
        _("mail comes"), max_length=8, choices=MailRhythm, default=MailRhythm.AT_ONCE
    )
    digest_at = models.DateTimeField(_("last daily mail"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return str(self.person)


class Conflict(models.Model):
    """A declared conflict of interest: this person does not check this speaker or topic."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conflicts")
    speaker = models.ForeignKey(
        "claims.Speaker", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    topic = models.CharField(_("topic"), max_length=80, blank=True)
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [
            models.CheckConstraint(
                condition=Q(speaker__isnull=False) | ~Q(topic=""), name="conflict_names_speaker_or_topic"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.speaker or self.topic}"


class ApiToken(models.Model):
    """A key to the API. Only its SHA-256 digest is kept; the key itself is shown once."""

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        DESK = "desk", _("Work on claims")
        PUBLISH = "publish", _("Publish")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(_("begins with"), max_length=12, db_index=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scope = models.CharField(_("may"), max_length=10, choices=Scope, default=Scope.DESK)
    created_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class IdempotentAnswer(models.Model):
    """The answer to a write that carried an Idempotency-Key, so that a replay has one effect."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    # ``token:7``, ``person:3`` or a hashed address: the keys of two programs of one person are apart.
    owner = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("answer kept for replays")
        verbose_name_plural = _("answers kept for replays")
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key
