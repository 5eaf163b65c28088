"""What other desks found, brought in from their ClaimReviews: matched against claims, never published as ours."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportBatch(models.Model):
    """One file that was read in, and how it went."""

    name = models.CharField(_("file"), max_length=300)
    sha256 = models.CharField(max_length=64)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    started_at = models.DateTimeField(_("begun"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    fresh = models.PositiveIntegerField(_("new"), default=0)
    renewed = models.PositiveIntegerField(_("known before"), default=0)
    put_aside = models.PositiveIntegerField(_("put aside"), default=0)

    class Meta:
        verbose_name = _("import of checks")
        verbose_name_plural = _("imports of checks")
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return self.name


class ImportedCheck(models.Model):
    """One check by another publisher. ``rating`` is their own word; numbers are there only where they make sense."""

    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="checks")
    claim = models.TextField(_("claim"))
    claimant = models.CharField(_("who said it"), max_length=300, blank=True)
    publisher = models.CharField(_("publisher"), max_length=300)
    publisher_url = models.CharField(max_length=2000, blank=True)
    rating = models.CharField(_("rating in their words"), max_length=300, blank=True)
    rating_value = models.FloatField(null=True)
    best = models.FloatField(null=True)
    worst = models.FloatField(null=True)
    url = models.CharField(_("link"), max_length=2000)
    title = models.CharField(_("title"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=40, blank=True)
    license = models.CharField(max_length=500, blank=True)
    reviewed_on = models.DateField(_("checked on"), null=True)
    claimed_on = models.DateField(null=True)
    imported_at = models.DateTimeField(_("brought in"))

    class Meta:
        verbose_name = _("check by others")
        verbose_name_plural = _("checks by others")
        ordering = ["-reviewed_on", "-id"]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.claim[:80]}"


class QuarantinedCheck(models.Model):
    """A record of an import that could not be used, with the reason and how it begins."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="quarantine")
    place = models.PositiveIntegerField(_("place in the file"))
    reason = models.CharField(_("reason"), max_length=300)
    excerpt = models.CharField(_("how it begins"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("record put aside")
        verbose_name_plural = _("records put aside")
        ordering = ["batch", "place", "id"]

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"
