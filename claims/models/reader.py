"""What readers write to the desk about a published report."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.report import Correction, Report


class ReaderMessage(models.Model):
    """A reader says that something in a report is wrong. It gets a number, a day by which it is read, an answer.

    ``sender`` is a keyed hash of the address it came from, kept to slow down floods; the address itself is not.
    ``token`` opens the receipt: nobody else can look up how a message ended.
    """

    class About(models.TextChoices):
        FACT = "fact", _("A fact")
        QUOTE = "quote", _("A quotation")
        SOURCE = "source", _("A source")
        OTHER = "other", _("Something else")

    class Outcome(models.TextChoices):
        CORRECTED = "corrected", _("Corrected")
        CLARIFIED = "clarified", _("Clarified")
        REJECTED = "rejected", _("Nothing changed")
        KNOWN = "known", _("Already known")

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="reader_messages")
    report_version = models.PositiveIntegerField(_("version that was read"))
    number = models.CharField(_("number"), max_length=12, unique=True)
    token = models.CharField(max_length=40, unique=True, editable=False)
    about = models.CharField(_("what is wrong"), max_length=8, choices=About)
    passage = models.TextField(_("the passage"), blank=True)
    text = models.TextField(_("what it should say"))
    link = models.URLField(_("evidence"), max_length=2000, blank=True)
    email = models.EmailField(_("address for an answer"), blank=True)
    sender = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("came in"))
    due_at = models.DateTimeField(_("to be answered by"))
    correction = models.ForeignKey(
        Correction, on_delete=models.PROTECT, null=True, blank=True, related_name="reader_messages"
    )
    outcome = models.CharField(_("how it ended"), max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    closed_at = models.DateTimeField(_("answered"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("message from a reader")
        verbose_name_plural = _("messages from readers")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(closed_at__isnull=True), name="message_open"),
            models.Index(fields=["-created_at", "-id"], name="message_newest"),
            models.Index(fields=["sender", "-created_at"], name="message_sender"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="") | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="message_closed_has_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="rejected") | ~Q(answer=""), name="message_rejected_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.number
