"""Claims that come from a spreadsheet: the sheet as it was brought, and whether its rows became claims."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ClaimSheet(models.Model):
    """One file or paste. Its rows become claims all together or not at all."""

    name = models.CharField(_("file"), max_length=255)
    content = models.TextField(_("content"))
    encoding = models.CharField(_("encoding"), max_length=20)
    delimiter = models.CharField(_("delimiter"), max_length=2)
    columns = models.JSONField(_("columns"), default=dict)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("brought by")
    )
    created_at = models.DateTimeField(_("brought"))
    done_at = models.DateTimeField(_("imported"), null=True, blank=True)
    made = models.PositiveIntegerField(_("claims made"), default=0)
    known = models.PositiveIntegerField(_("known before"), default=0)

    class Meta:
        verbose_name = _("spreadsheet of claims")
        verbose_name_plural = _("spreadsheets of claims")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name
