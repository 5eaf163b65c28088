"""People in the administration: to be looked at. Roles, invitations and closing happen on the desk's People page."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth import admin as registered_by_django
from django.contrib.auth.models import Group, User

from claims.admin.base import ReadOnlyAdmin

# Django registers both with forms that would change roles and passwords past the desk's verbs and its audit trail.
assert registered_by_django, "imported, so that it does not register them again later"
admin.site.unregister(Group)
admin.site.unregister(User)


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("username", "email", "first_name", "last_name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser", "groups")
    search_fields = ("username", "email", "first_name", "last_name")
    ordering = ("username",)
    fields = (
        "username", "first_name", "last_name", "email", "is_active", "is_staff", "is_superuser", "groups",
        "last_login", "date_joined",
    )  # fmt: skip
