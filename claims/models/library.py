"""The desk's own source library: documents that people put there to be searched and cited."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.enums import DocumentState, SourceKind
from claims.models.evidence import Snapshot


class LibraryQuerySet(models.QuerySet["LibraryDocument"]):
    """Which documents a page may list."""

    def standing(self) -> LibraryQuerySet:
        """Not taken out of the library."""
        return self.filter(withdrawn_at__isnull=True)

    def readable(self) -> LibraryQuerySet:
        """Standing, and here: neither on its way nor failed."""
        return self.standing().filter(state=DocumentState.READY)


class LibraryDocument(models.Model):
    """One document. Its bytes and text are a kept copy, which stays when the document is taken out."""

    title = models.CharField(_("title"), max_length=500, blank=True)
    publisher = models.CharField(_("publisher"), max_length=300, blank=True)
    kind = models.CharField(
        _("kind of source"), max_length=12, choices=SourceKind, default=SourceKind.SECONDARY
    )
    note = models.TextField(_("note for colleagues"), blank=True)
    url = models.URLField(_("address"), max_length=2000, blank=True)
    original_name = models.CharField(_("name of the file"), max_length=255, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=DocumentState, default=DocumentState.READY)
    problem = models.TextField(_("problem"), blank=True)
    snapshot = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="documents_added"
    )
    created_at = models.DateTimeField(_("added"))
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of the library")
        verbose_name_plural = _("documents of the library")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="library_newest")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=DocumentState.READY) | Q(snapshot__isnull=False),
                name="document_ready_is_kept",
            ),
            models.UniqueConstraint(
                fields=["snapshot"],
                condition=Q(withdrawn_at__isnull=True, snapshot__isnull=False),
                name="document_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.original_name or self.url

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.pk])
