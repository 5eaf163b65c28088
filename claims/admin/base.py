"""What every page of the administration shares: history is read-only, errors of the desk become sentences."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.db.models import Model
from django.http import HttpRequest


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows that are looked at, never edited: nothing to add, change or delete."""

    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class NoDeleteAdmin(admin.ModelAdmin[Any]):
    """Rows that stay: the desk parks, declines or retracts, it never deletes."""

    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}

    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
