"""Evidence on a claim, and the copies kept of what was cited."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.enums import ArchiveState, SourceKind, Stance
from claims.models.claim import Claim
from claims.models.texts import TextQuerySet


class SnapshotQuerySet(TextQuerySet["Snapshot"]):
    """Kept copies; their texts have an index of words."""


class Snapshot(models.Model):
    """A copy of a source as it was: bytes, text and their SHA-256. Never changed."""

    sha256 = models.CharField(max_length=64, unique=True)
    url = models.URLField(max_length=2000, blank=True)
    title = models.CharField(max_length=500, blank=True)
    publisher = models.CharField(max_length=300, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    content = models.BinaryField()
    text = models.TextField(blank=True)
    warc = models.BinaryField(null=True, blank=True)
    taken_at = models.DateTimeField(_("taken"))

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept copy")
        verbose_name_plural = _("kept copies")
        ordering = ["-taken_at"]

    def __str__(self) -> str:
        return self.title or self.url or self.sha256[:12]


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence that counts."""

    def standing(self) -> EvidenceQuerySet:
        """Not taken back."""
        return self.filter(withdrawn_at__isnull=True)


class Evidence(models.Model):
    """One source that says something about one claim. Its number stays, whatever is added or taken back."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="evidence")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=500)
    publisher = models.CharField(_("publisher"), max_length=300, blank=True)
    url = models.URLField(_("link"), max_length=2000, blank=True)
    where = models.CharField(_("where to find it"), max_length=500, blank=True)
    quote = models.TextField(_("the words that matter"), blank=True)
    note = models.TextField(_("note for colleagues"), blank=True)
    stance = models.CharField(_("what it does"), max_length=12, choices=Stance)
    kind = models.CharField(_("kind of source"), max_length=12, choices=SourceKind)
    origin = models.CharField(_("origin"), max_length=200, blank=True)
    interests = models.CharField(_("interests"), max_length=500, blank=True)
    anonymous = models.BooleanField(_("the source stays unnamed"), default=False)
    anonymous_reason = models.CharField(_("why it stays unnamed"), max_length=300, blank=True)
    accessed_on = models.DateField(_("seen on"))
    archive_state = models.CharField(max_length=12, choices=ArchiveState, default=ArchiveState.NONE)
    archive_url = models.URLField(max_length=2000, blank=True)
    snapshot = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    quote_found = models.BooleanField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evidence_added"
    )
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["position", "number"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="evidence_number"),
            models.CheckConstraint(condition=~Q(url="") | ~Q(where=""), name="evidence_can_be_found"),
            models.CheckConstraint(
                condition=~Q(archive_state="independent") | ~Q(archive_url=""),
                name="evidence_archive_has_link",
            ),
            models.CheckConstraint(
                condition=~Q(archive_state="own_copy") | Q(snapshot__isnull=False),
                name="evidence_own_copy_is_kept",
            ),
        ]

    def __str__(self) -> str:
        return f"[{self.number}] {self.title}"
