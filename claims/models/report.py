"""Reports, their frozen versions, who approved them, what was corrected, and exceptions from the gates."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.enums import ChangeKind
from claims.models.claim import Claim


class ReportQuerySet(models.QuerySet["Report"]):
    """What outsiders may see is decided here and nowhere else."""

    def public(self) -> ReportQuerySet:
        """Published at least once: a frozen version stands. Retracted ones stay, with the reason."""
        return self.filter(current_version__isnull=False)

    def standing(self) -> ReportQuerySet:
        """Public and not retracted."""
        return self.public().filter(retracted_at__isnull=True)


class Report(models.Model):
    """The public face of a checked claim: a stable address and the version that stands now."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="report")
    slug = models.SlugField(max_length=120, unique=True)
    current_version = models.ForeignKey(
        "claims.ReportVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    modified_at = models.DateTimeField(_("last noted change"), null=True, blank=True)
    retracted_at = models.DateTimeField(_("retracted"), null=True, blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Copied from the frozen version so that lists need no document: never shown instead of it.
    headline = models.CharField(max_length=300, blank=True)
    verdict_key = models.CharField(max_length=40, blank=True)
    topic = models.CharField(max_length=80, blank=True)
    # Empty is NULL here: a new column without a default leaves the table, and its triggers, as they are.
    speaker = models.CharField(max_length=300, null=True, blank=True)
    speaker_slug = models.CharField(max_length=120, null=True, blank=True)
    outlet = models.CharField(max_length=200, null=True, blank=True)
    outlet_slug = models.CharField(max_length=120, null=True, blank=True)
    language = models.CharField(max_length=12, null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-published_at", "-id"]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="report_newest"),
            models.Index(fields=["-modified_at", "-id"], name="report_changed"),
            models.Index(fields=["topic", "-published_at", "-id"], name="report_topic"),
            models.Index(fields=["verdict_key", "-published_at", "-id"], name="report_verdict"),
            models.Index(fields=["speaker_slug", "-published_at", "-id"], name="report_speaker"),
            models.Index(fields=["outlet_slug", "-published_at", "-id"], name="report_outlet"),
            models.Index(fields=["language", "-published_at", "-id"], name="report_language"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(current_version__isnull=False),
                name="report_published_has_version",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(approved_by__isnull=False),
                name="report_published_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
                name="report_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return self.headline or self.slug

    def get_absolute_url(self) -> str:
        return reverse("report", args=[self.slug])


# Written out, not bound: SQLite uses a partial index only where the query holds its condition word for word.
_LOGGED = {
    kind: RawSQL(  # noqa: S611  # every word is written here
        f'"claims_reportversion"."kind" {test}', (), output_field=models.BooleanField()
    )
    for kind, test in {
        "": "IN ('correction', 'verdict_change', 'retraction')",
        ChangeKind.CORRECTION: "= 'correction'",
        ChangeKind.VERDICT_CHANGE: "= 'verdict_change'",
        ChangeKind.RETRACTION: "= 'retraction'",
    }.items()
}


class ReportVersionQuerySet(models.QuerySet["ReportVersion"]):
    """Lists of versions."""

    def corrections(self, kind: str = "") -> ReportVersionQuerySet:
        """Those of the public corrections log, newest first: an error of fact, another verdict, a withdrawal.

        ``kind`` narrows it to one of the three; any other word is none of them and narrows nothing.
        """
        return self.filter(_LOGGED.get(kind, _LOGGED[""])).order_by("-created_at", "-id")


class ReportWord(models.Model):
    """One word by which a public report is found. Made from the version that stands."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=60)

    class Meta:
        verbose_name = _("word of a report")
        verbose_name_plural = _("words of reports")
        constraints = [models.UniqueConstraint(fields=["report", "word"], name="report_word_once")]
        indexes = [models.Index(fields=["word", "report"], name="report_word")]

    def __str__(self) -> str:
        return self.word


class ReportVersion(models.Model):
    """What the public saw, frozen: canonical JSON, its SHA-256, and the hash of the version before it."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    kind = models.CharField(_("kind of change"), max_length=16, choices=ChangeKind, default=ChangeKind.FIRST)
    note = models.TextField(_("public note"), blank=True)
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    previous_sha256 = models.CharField(max_length=64, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("published"))

    objects = ReportVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a report")
        verbose_name_plural = _("versions of reports")
        ordering = ["report", "-number"]
        indexes = [
            models.Index(
                fields=["-created_at", "-id"],
                condition=Q(kind__in=["correction", "verdict_change", "retraction"]),
                name="version_corrections",
            ),
            *(
                models.Index(
                    fields=["-created_at", "-id"], condition=Q(kind=kind), name=f"version_{kind}_log"
                )
                for kind in ("correction", "verdict_change", "retraction")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="report_version_number"),
            models.CheckConstraint(condition=~Q(approved_by=F("author")), name="report_version_four_eyes"),
            models.CheckConstraint(
                condition=Q(number=1, previous_sha256="") | Q(number__gt=1) & ~Q(previous_sha256=""),
                name="report_version_chained",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report.slug} v{self.number}"


class Approval(models.Model):
    """A second person's approval of one very version: ``fingerprint`` is the hash of what was read."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="approvals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="approvals")
    fingerprint = models.CharField(max_length=64)
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.person} · {self.claim_id}"


class PlainEncoder(DjangoJSONEncoder):
    """Days and times to the last digit, so that they come back as they were."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, date) else super().default(o)


class Correction(models.Model):
    """A correction being made to a published report."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField(_("kind"), max_length=16, choices=ChangeKind)
    reason = models.TextField(_("reason"))
    public_note = models.TextField(_("public note"), blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    revision_before = models.PositiveIntegerField()
    # What dropping it puts back (``domain.dropped``); NULL where it was opened before this was remembered.
    before: models.JSONField[Any, Any] = models.JSONField(
        null=True, blank=True, editable=False, encoder=PlainEncoder
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, blank=True)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(closed_at__isnull=True), name="correction_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.claim_id}"


class ProposedNote(models.Model):
    """The note to readers as it is proposed for a correction or a retraction, and who stands by these very words.

    The audit trail has every wording that was ever proposed; this row has the one that stands.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="proposed_notes")
    # Which correction it speaks of; NULL for the retraction; no report has two proposed at once.
    correction = models.OneToOneField(
        Correction, on_delete=models.PROTECT, null=True, blank=True, related_name="proposed_note"
    )
    text = models.TextField(_("public note"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("agreed to by"),
    )  # fmt: skip
    proposed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("proposed public note")
        verbose_name_plural = _("proposed public notes")
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(correction__isnull=True), name="note_one_for_retraction"
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=models.F("proposed_by")),
                name="note_agreed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 100 else f"{self.text[:99]}…"


class GateException(models.Model):
    """A named person lets a report pass one gate, for a reason that is printed on it."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="gate_exceptions")
    gate = models.CharField(_("gate"), max_length=24)
    reason = models.TextField(_("reason"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("exception from a gate")
        verbose_name_plural = _("exceptions from gates")
        constraints = [models.UniqueConstraint(fields=["claim", "gate"], name="gate_exception_once")]

    def __str__(self) -> str:
        return f"{self.gate} · {self.claim_id}"
