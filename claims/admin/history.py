"""The audit trail in the administration: read, never touched."""

from __future__ import annotations

from django.contrib import admin

from claims.admin.base import ReadOnlyAdmin
from claims.models import AuditEvent, AuditSeal


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor_name", "action", "claim", "from_status", "to_status", "channel", "reason")
    list_filter = ("channel", "action")
    search_fields = ("actor_name", "reason", "chain")
    list_select_related = ("claim",)


@admin.register(AuditSeal)
class AuditSealAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "event_count", "hash")
