"""Reports in the administration: to be looked at. Publishing, correcting and retracting happen on the claim."""

from __future__ import annotations

from django.contrib import admin

from claims.admin.base import ReadOnlyAdmin, VeiledAdmin
from claims.models import (
    Approval,
    Correction,
    GateException,
    ProposedNote,
    ReaderMessage,
    ReplyAttempt,
    Report,
    ReportVersion,
    SecondRating,
    Verdict,
)


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "verdict_key", "published_at", "modified_at", "retracted_at", "approved_by")
    list_filter = ("verdict_key", "topic")
    search_fields = ("headline", "slug")
    list_select_related = ("approved_by",)


@admin.register(ReportVersion)
class ReportVersionAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "kind", "author", "approved_by", "created_at", "sha256")
    list_filter = ("kind",)
    list_select_related = ("report", "author", "approved_by")


@admin.register(Verdict)
class VerdictAdmin(VeiledAdmin):
    list_display = ("claim", "level", "summary", "saved_by", "saved_at", "revision")
    list_select_related = ("claim", "level", "saved_by")


@admin.register(SecondRating)
class SecondRatingAdmin(VeiledAdmin):
    list_display = ("claim", "reader", "level", "first_author", "first_level", "created_at")
    list_select_related = ("claim", "reader", "level", "first_author", "first_level")


@admin.register(ReplyAttempt)
class ReplyAttemptAdmin(ReadOnlyAdmin):
    list_display = ("claim", "asked_on", "channel", "deadline", "answered_on", "saved_by")
    list_select_related = ("claim", "saved_by")


@admin.register(Approval)
class ApprovalAdmin(ReadOnlyAdmin):
    list_display = ("claim", "person", "created_at")
    list_select_related = ("claim", "person")


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    list_display = ("claim", "kind", "opened_by", "opened_at", "closed_at", "outcome")
    list_select_related = ("claim", "opened_by")


@admin.register(ProposedNote)
class ProposedNoteAdmin(ReadOnlyAdmin):
    list_display = ("claim", "__str__", "proposed_by", "agreed_by", "proposed_at")
    list_select_related = ("claim", "proposed_by", "agreed_by")


@admin.register(GateException)
class GateExceptionAdmin(VeiledAdmin):
    list_display = ("claim", "gate", "person", "reason", "created_at")
    list_select_related = ("claim", "person")


@admin.register(ReaderMessage)
class ReaderMessageAdmin(ReadOnlyAdmin):
    """To be looked at; the desk's own list answers them."""

    list_display = ("number", "report", "about", "created_at", "due_at", "outcome", "closed_by")
    list_filter = ("outcome", "about")
    search_fields = ("number", "text")
    list_select_related = ("report", "closed_by")
    exclude = ("token", "sender")
