"""What every page of the administration shares: the table says what is offered, and what is changed is recorded."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from claims.admin.widgets import DayAndTime
from claims.domain import audit, blind, people
from claims.models import AuditEvent
from claims.workflow import permits


class TableAdmin(admin.ModelAdmin[Any]):
    """Offers what ``claims.workflow.permits`` says of this table, to administrators. Nothing is ever deleted."""

    formfield_overrides: ClassVar = {
        models.URLField: {"assume_scheme": "https"},
        models.DateTimeField: {"widget": DayAndTime},
    }
    show_full_result_count = False

    def _offers(self, request: HttpRequest, what: str) -> bool:
        offered = permits.administration(self.opts.label_lower)
        return what in offered and people.is_administrator(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._offers(request, permits.VIEW)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._offers(request, permits.VIEW)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._offers(request, permits.CHANGE)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._offers(request, permits.ADD)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(TableAdmin):
    """Rows that are looked at, never edited."""


class VeiledAdmin(ReadOnlyAdmin):
    """Rows that tell a verdict, or may: a second reader who has to rate first does not find them until then."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        person: Any = request.user
        return blind.in_sight(super().get_queryset(request), person)


class NoDeleteAdmin(TableAdmin):
    """Rows that stay: the desk parks, declines or retracts, it never deletes."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Where no verb of the desk does it, the row and the event that tells of it are written together."""
        actor: Any = request.user
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            event = audit.record(
                "admin.changed" if change else "admin.added",
                actor=actor,
                data={"table": self.opts.label_lower, "row": obj.pk, "fields": sorted(form.changed_data)},
            )
            self.tell(obj, form.changed_data, actor=actor, event=event)

    def tell(self, obj: Any, changed: list[str], *, actor: User, event: AuditEvent) -> None:
        """Whom the desk's own verb would tell of the change."""


class LookOnlyInline(admin.TabularInline[Any, Any]):
    """Rows beside the row that they belong to, shown and never edited."""

    extra = 0
    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
