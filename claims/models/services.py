"""Limits of the services outside: how many requests a day, how many were sent, and when a host may be asked again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceLimit(models.Model):
    """What an editor allows for one service; without a row the figure of ``integrations.known`` holds."""

    service = models.CharField(_("service"), max_length=40, primary_key=True)
    daily = models.PositiveIntegerField(_("requests a day"), null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("limit of a service")
        verbose_name_plural = _("limits of services")
        ordering = ["service"]

    def __str__(self) -> str:
        return self.service


class ServiceUse(models.Model):
    """Requests sent to one service on one day of the desk, with those that running steps have reserved."""

    service = models.CharField(_("service"), max_length=40)
    day = models.DateField(_("day"))
    used = models.PositiveIntegerField(_("requests"), default=0)

    class Meta:
        verbose_name = _("use of a service")
        verbose_name_plural = _("use of services")
        ordering = ["-day", "service"]
        constraints = [models.UniqueConstraint(fields=["service", "day"], name="service_use_day")]

    def __str__(self) -> str:
        return f"{self.service}, {self.day}: {self.used}"


class HostTurn(models.Model):
    """When a host may be asked again, for all workers together."""

    host = models.CharField(max_length=255, primary_key=True)
    next_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("turn at a host")
        verbose_name_plural = _("turns at hosts")

    def __str__(self) -> str:
        return self.host


class RateBucket(models.Model):
    """When a bucket of ``domain.limits`` will be full again, as seconds since 1970. Only where no Redis counts."""

    key = models.CharField(max_length=40, primary_key=True)
    full_at = models.FloatField(db_index=True)

    class Meta:
        verbose_name = _("limit")
        verbose_name_plural = _("limits")

    def __str__(self) -> str:
        return self.key
