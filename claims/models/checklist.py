"""What a checker goes through before a claim is submitted: lists that editors write, ticks that checkers make."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim


class Checklist(models.Model):
    """A list of things to look at, for every claim or for those of one topic."""

    name = models.CharField(_("name"), max_length=80)
    topic = models.CharField(_("topic"), max_length=80, blank=True)
    retired_at = models.DateTimeField(_("out of use since"), null=True, blank=True)

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["topic", "name", "id"]

    def __str__(self) -> str:
        return self.name


class ChecklistItem(models.Model):
    """One thing to look at. An item that was ticked is retired instead of removed, so that its ticks keep a meaning."""

    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="items")
    text = models.CharField(_("what to look at"), max_length=300)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    retired_at = models.DateTimeField(_("out of use since"), null=True, blank=True)

    class Meta:
        verbose_name = _("item of a checklist")
        verbose_name_plural = _("items of checklists")
        ordering = ["checklist", "position", "id"]

    def __str__(self) -> str:
        return self.text


class ChecklistTick(models.Model):
    """Somebody looked at this, on this claim. Taking a tick back removes the row; the history keeps both."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="ticks")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="ticks")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("tick")
        verbose_name_plural = _("ticks")
        constraints = [models.UniqueConstraint(fields=["claim", "item"], name="tick_once")]

    def __str__(self) -> str:
        return f"{self.item} · {self.person}"
