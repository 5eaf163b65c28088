"""The desk itself: its switches, rating scales and public pages. One installation is one desk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def site_language() -> str:
    """What a new desk writes its reports in, until an editor says otherwise: the language of its public site."""
    return str(settings.SITE_LANGUAGE)


class DeskSettings(models.Model):
    """The single row of switches. They are read by guards; they never change who may do what."""

    name = models.CharField(_("name of the desk"), max_length=120, default="Fact-check desk")
    tagline = models.CharField(_("one line about it"), max_length=200, blank=True)
    language = models.CharField(_("language of reports"), max_length=12, default=site_language)
    contact = models.EmailField(_("contact"), blank=True)
    complaint_route = models.TextField(_("where to complain"), blank=True)
    blind_second_rating = models.BooleanField(
        _("second reader rates before seeing the verdict"), default=False
    )
    note_needs_two = models.BooleanField(_("a public note needs two people"), default=False)
    due_days = models.PositiveSmallIntegerField(_("days to check a claim"), default=3)
    # Both lists are edited as a whole by ``domain.house_rules``, which alone knows their shape; empty means "as delivered".
    decline_reasons: models.JSONField[Any, Any] = models.JSONField(
        _("reasons to decline"), default=list, blank=True
    )
    due_rules: models.JSONField[Any, Any] = models.JSONField(_("due dates"), default=list, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("desk settings")
        verbose_name_plural = _("desk settings")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_desk")]

    def __str__(self) -> str:
        return self.name


class RatingScale(models.Model):
    """A version of the rating scale. Reports keep the version they were rated with."""

    name = models.CharField(_("name"), max_length=80)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    in_use = models.BooleanField(_("in use"), default=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("rating scale")
        verbose_name_plural = _("rating scales")
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="scale_version"),
            models.UniqueConstraint(fields=["in_use"], condition=Q(in_use=True), name="scale_one_in_use"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.version}"


class RatingLevel(models.Model):
    """One rating. ``value`` runs from 1 (false) upwards to true; a label off the scale has none, ever."""

    scale = models.ForeignKey(RatingScale, on_delete=models.PROTECT, related_name="levels")
    key = models.SlugField(_("key"), max_length=40)
    word = models.CharField(_("word"), max_length=60)
    definition = models.TextField(_("meaning"))
    value = models.PositiveSmallIntegerField(_("place on the scale"), null=True, blank=True)
    off_scale = models.BooleanField(_("off the scale"), default=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["scale", "off_scale", "position"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "key"], name="level_key"),
            models.CheckConstraint(
                condition=Q(off_scale=True, value__isnull=True) | Q(off_scale=False, value__gte=1),
                name="level_off_scale_has_no_number",
            ),
        ]

    def __str__(self) -> str:
        return self.word


class Page(models.Model):
    """A public page about the desk (methodology, corrections policy, …). Each save is a new version."""

    class Kind(models.TextChoices):
        METHODOLOGY = "methodology", _("How we work")
        CORRECTIONS = "corrections-policy", _("Corrections policy")
        FUNDING = "funding", _("Funding")
        ABOUT = "about", _("About us")

    kind = models.CharField(_("page"), max_length=24, choices=Kind)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text (Markdown)"))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("public page")
        verbose_name_plural = _("public pages")
        ordering = ["kind", "-version"]
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="page_version")]

    def __str__(self) -> str:
        return f"{self.title}, {self.version}"


class SavedView(models.Model):
    """A name for the address of a list: for its owner alone, or for everybody on the desk."""

    class Place(models.TextChoices):
        CLAIMS = "claims", _("Table")
        BOARD = "board", _("Board")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=60)
    place = models.CharField(_("page"), max_length=8, choices=Place)
    query = models.CharField(_("address"), max_length=1000, blank=True)
    shared = models.BooleanField(_("shared with the desk"), default=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved list")
        verbose_name_plural = _("saved lists")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "place", "name"], name="view_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
