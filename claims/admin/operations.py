"""The machinery: steps, outgoing messages, workers. Steps that gave up can be tried again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.base import LookOnlyInline, ReadOnlyAdmin, VeiledAdmin
from claims.domain import steps
from claims.exceptions import DeskError
from claims.models import (
    ApiToken,
    ClaimSheet,
    ImportBatch,
    ImportedCheck,
    LibraryDocument,
    Notification,
    OutboxMessage,
    QuarantinedCheck,
    Reminder,
    ReviewTask,
    ServiceLimit,
    ServiceUse,
    Snapshot,
    SourceCheck,
    StepResult,
    VerificationStep,
    WebhookDelivery,
    WebhookReceiver,
    WorkerSeen,
)
from claims.models.article import long_fields


@admin.register(VerificationStep)
class VerificationStepAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "claim", "article", "state", "attempts", "next_run_at", "last_error")
    list_filter = ("state", "kind", "queue")
    actions = ("try_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[VerificationStep]:
        """Without the texts of the articles, which the list does not show and would sort along."""
        rows: QuerySet[VerificationStep] = super().get_queryset(request)
        rows = rows.select_related("claim", "article")
        return rows.defer(*long_fields("article"))

    @admin.action(description=gettext_lazy("Try again"))
    def try_again(self, request: HttpRequest, chosen: QuerySet[VerificationStep]) -> None:
        person: Any = request.user
        for step in chosen:
            try:
                steps.rerun(step, actor=person)
            except DeskError as error:
                messages.error(request, str(error))
        messages.success(request, _("The steps are queued again."))


@admin.register(StepResult)
class StepResultAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "summary", "source", "finished_at")
    list_filter = ("outcome",)
    list_select_related = ("step",)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    """Mails are letters: whom they are for is shown, what they say is not (it may tell a verdict to be rated unseen)."""

    list_display = ("key", "kind", "state", "attempts", "created_at", "sent_at", "last_error")
    list_filter = ("state", "kind")
    fields = (
        "key", "kind", "content", "state", "attempts", "next_attempt_at", "created_at", "sent_at", "last_error",
    )  # fmt: skip
    readonly_fields = ("content",)

    @admin.display(description=gettext_lazy("content"))
    def content(self, message: OutboxMessage) -> Any:
        return {"to": message.payload.get("to")} if message.kind == "mail" else message.payload


@admin.register(Notification)
class NotificationAdmin(VeiledAdmin):
    list_display = ("text", "person", "kind", "created_at", "read_at")
    list_filter = ("kind",)
    list_select_related = ("person",)
    search_fields = ("text", "person__username")


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    list_display = ("claim", "due_at", "created_at")
    list_select_related = ("claim",)


@admin.register(WorkerSeen)
class WorkerSeenAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "seen_at")


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "url", "content_type", "taken_at", "sha256")
    fields = ("title", "publisher", "url", "content_type", "taken_at", "sha256", "text")


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ("name", "person", "scope", "expires_at", "last_used_at", "revoked_at")
    fields = ("name", "person", "prefix", "scope", "created_at", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("person",)


class QuarantineInline(LookOnlyInline):
    """Why records of a file could not be used."""

    model = QuarantinedCheck
    fields = ("place", "reason", "excerpt")


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    list_display = ("name", "brought_by", "started_at", "finished_at", "fresh", "renewed", "put_aside")
    list_select_related = ("brought_by",)
    inlines = (QuarantineInline,)


@admin.register(ImportedCheck)
class ImportedCheckAdmin(ReadOnlyAdmin):
    list_display = ("claim", "publisher", "rating", "reviewed_on", "imported_at")
    list_filter = ("language",)
    search_fields = ("claim", "publisher", "url")


@admin.register(WebhookReceiver)
class WebhookReceiverAdmin(ReadOnlyAdmin):
    list_display = ("name", "url", "form", "created_at", "stopped_at")
    fields = ("name", "url", "form", "events", "made_by", "created_at", "rotated_at", "stopped_at")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    list_display = ("uid", "event", "receiver", "message", "created_at")
    list_select_related = ("receiver", "message")


@admin.register(LibraryDocument)
class LibraryDocumentAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "publisher", "kind", "state", "added_by", "created_at", "withdrawn_at")
    list_filter = ("state", "kind")
    list_select_related = ("added_by",)
    search_fields = ("title", "publisher", "url")
    exclude = ("snapshot",)


@admin.register(ServiceLimit)
class ServiceLimitAdmin(ReadOnlyAdmin):
    list_display = ("service", "daily", "changed_by", "changed_at")
    list_select_related = ("changed_by",)


@admin.register(ServiceUse)
class ServiceUseAdmin(ReadOnlyAdmin):
    list_display = ("service", "day", "used")
    list_filter = ("service",)


@admin.register(SourceCheck)
class SourceCheckAdmin(ReadOnlyAdmin):
    list_display = ("evidence", "state", "checked_at", "next_check_at", "note")
    list_filter = ("state",)
    list_select_related = ("evidence",)
    exclude = ("snapshot",)


@admin.register(ReviewTask)
class ReviewTaskAdmin(ReadOnlyAdmin):
    list_display = ("text", "kind", "claim", "opened_at", "closed_at", "closed_by", "outcome")
    list_filter = ("kind",)
    list_select_related = ("claim", "closed_by")


@admin.register(ClaimSheet)
class ClaimSheetAdmin(ReadOnlyAdmin):
    list_display = ("name", "brought_by", "created_at", "done_at", "made", "known")
    list_select_related = ("brought_by",)
    fields = (
        "name",
        "brought_by",
        "created_at",
        "done_at",
        "made",
        "known",
        "encoding",
        "delimiter",
        "columns",
    )
