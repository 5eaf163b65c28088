"""The audit trail in the administration: read, never touched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.base import ReadOnlyAdmin
from claims.domain import blind, told
from claims.models import AuditEvent, AuditSeal


class ActionFilter(admin.AllValuesFieldListFilter):
    """The kinds of events in the words of the timeline, not by the names that they are stored under."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": told.in_words(str(choice["display"]))}


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """Every line is there; the words of a claim that one has to rate unseen are shown once that is done."""

    list_display = ("at", "actor_name", "what", "claim", "from_status", "to_status", "channel", "why")
    list_filter = ("channel", ("action", ActionFilter))
    search_fields = ("actor_name", "reason", "chain")
    list_select_related = ("claim",)
    fields = (
        "at", "actor", "actor_name", "channel", "action", "claim", "article", "from_status", "to_status", "claim_version",
        "why", "details", "chain", "sequence", "previous_hash", "hash",
    )  # fmt: skip
    readonly_fields = ("why", "details")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        person: Any = request.user
        return blind.mark(super().get_queryset(request), person)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEvent], search_term: str
    ) -> tuple[QuerySet[AuditEvent], bool]:
        # A search through words that are kept back would tell them one guess at a time.
        rows, twice = super().get_search_results(request, queryset, search_term)
        return (rows.filter(unseen=False) if search_term else rows), twice

    @admin.display(description=gettext_lazy("action"), ordering="action")
    def what(self, event: AuditEvent) -> str:
        return told.in_words(event.action)

    @admin.display(description=gettext_lazy("reason"))
    def why(self, event: AuditEvent) -> str:
        return _later() if _is_kept_back(event) and event.reason else event.reason

    @admin.display(description=gettext_lazy("details"))
    def details(self, event: AuditEvent) -> Any:
        return _later() if _is_kept_back(event) else event.data


def _is_kept_back(event: AuditEvent) -> bool:
    return bool(getattr(event, "unseen", False))


def _later() -> str:
    return _("Shown once you have rated the claim.")


@admin.register(AuditSeal)
class AuditSealAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "event_count", "hash")
