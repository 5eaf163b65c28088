"""The desk's own settings: switches, public pages, rating scales, people."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest

from claims.admin.base import LookOnlyInline, NoDeleteAdmin, ReadOnlyAdmin
from claims.domain import desk
from claims.models import (
    AuditEvent,
    Checklist,
    ChecklistItem,
    ChecklistTick,
    Conflict,
    DeskSettings,
    Page,
    Profile,
    RatingLevel,
    RatingScale,
)


@admin.register(DeskSettings)
class DeskSettingsAdmin(NoDeleteAdmin):
    list_display = ("name", "language", "blind_second_rating", "note_needs_two", "due_days")

    # Their shape belongs to the verbs behind the settings pages.
    readonly_fields = ("decline_reasons", "due_rules")

    def tell(self, obj: DeskSettings, changed: list[str], *, actor: User, event: AuditEvent) -> None:
        desk.tell_of_rules({name: getattr(obj, name) for name in changed}, actor=actor, event=event)


@admin.register(Page)
class PageAdmin(ReadOnlyAdmin):
    list_display = ("title", "kind", "version", "saved_by", "created_at")
    list_filter = ("kind",)


class RatingLevelInline(LookOnlyInline):
    model = RatingLevel


@admin.register(RatingScale)
class RatingScaleAdmin(ReadOnlyAdmin):
    """A scale in use is never edited: reports keep the version that they were rated with."""

    list_display = ("name", "version", "in_use", "created_at")
    inlines = (RatingLevelInline,)


class ChecklistItemInline(LookOnlyInline):
    model = ChecklistItem


@admin.register(Checklist)
class ChecklistAdmin(ReadOnlyAdmin):
    """Written on the settings page, where an item that was ticked is retired instead of removed."""

    list_display = ("name", "topic", "retired_at")
    list_filter = ("topic",)
    inlines = (ChecklistItemInline,)


@admin.register(ChecklistTick)
class ChecklistTickAdmin(ReadOnlyAdmin):
    list_display = ("item", "claim", "person", "at")
    list_select_related = ("item", "claim", "person")
    search_fields = ("item__text",)


@admin.register(Profile)
class ProfileAdmin(NoDeleteAdmin):
    list_display = ("person", "is_machine", "away_until", "most_claims")
    list_filter = ("is_machine",)
    list_select_related = ("person",)

    def tell(self, obj: Profile, changed: list[str], *, actor: User, event: AuditEvent) -> None:
        if "is_machine" in changed:
            desk.tell_of_program(obj.person, obj.is_machine, actor=actor, event=event)


@admin.register(Conflict)
class ConflictAdmin(NoDeleteAdmin):
    """Declared here for somebody; taken back by whoever it names, on their own page, where the trail keeps that it stood."""

    list_display = ("person", "speaker", "topic", "created_at")
    list_select_related = ("person", "speaker")
    readonly_fields = ("created_at",)

    def save_model(self, request: HttpRequest, obj: Conflict, form: Any, change: bool) -> None:
        from django.utils import timezone

        obj.created_at = obj.created_at or timezone.now()
        super().save_model(request, obj, form, change)
