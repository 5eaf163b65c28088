"""Other programs that the desk tells: receivers of signed calls, what was sent to them, and pages at Google."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.outbox import OutboxMessage
from claims.models.report import Report


class WebhookReceiver(models.Model):
    """A program elsewhere that wants to be told.

    Its secret is not stored: it is made from ``nonce`` and the desk's own ``SECRET_KEY``, so that a copy of the
    database signs nothing. ``previous_nonce`` stays good for a day after the secret was changed.
    """

    class Form(models.TextChoices):
        SIGNED = "signed", _("Signed call (JSON), for programs")
        CHAT = "chat", _("A line in a chat (Slack, Mattermost, Rocket.Chat)")

    name = models.CharField(_("name"), max_length=100)
    url = models.URLField(_("address"), max_length=2000)
    form = models.CharField(_("form"), max_length=8, choices=Form, default=Form.SIGNED)
    events = models.JSONField(_("events"), default=list)
    nonce = models.CharField(max_length=32)
    previous_nonce = models.CharField(max_length=32, blank=True)
    rotated_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)

    class Meta:
        verbose_name = _("receiver of calls")
        verbose_name_plural = _("receivers of calls")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class WebhookDelivery(models.Model):
    """One call to one receiver. Its id goes along with every try, so that the receiver can tell a repetition."""

    receiver = models.ForeignKey(WebhookReceiver, on_delete=models.PROTECT, related_name="deliveries")
    message = models.OneToOneField(OutboxMessage, on_delete=models.CASCADE, related_name="delivery")
    uid = models.CharField(max_length=32, unique=True)
    event = models.CharField(_("event"), max_length=40)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["receiver", "-created_at", "-id"], name="delivery_of_receiver")]

    def __str__(self) -> str:
        return f"{self.event} · {self.uid[:8]}"


class WebhookAttempt(models.Model):
    """One try of one call, and what the receiver answered. The body of the answer is not kept."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    delivered = models.BooleanField()
    status_code = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("try")
        verbose_name_plural = _("tries")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.delivery} · {self.status_code or '–'}"


class GooglePage(models.Model):
    """A report's page in Google's Fact Check Tools, as it was last sent. ``name`` is Google's own."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="google_page")
    name = models.CharField(max_length=200, blank=True)
    version_id = models.CharField(max_length=100, blank=True)
    pushed_sha256 = models.CharField(max_length=64, blank=True)
    pushed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("page at Google")
        verbose_name_plural = _("pages at Google")
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=~Q(name=""), name="google_page_name"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.report)
