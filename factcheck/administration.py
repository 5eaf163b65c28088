"""The administration's front door: the desk's own log-in, and administrators alone behind it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from claims.domain import people


class DeskAdmin(admin.AdminSite):
    """Django's administration without doors of its own: who comes in has come in at the desk."""

    def has_permission(self, request: HttpRequest) -> bool:
        return people.is_administrator(request.user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Off to the desk's log-in, which knows lock-outs and second factors, and back.

        Raises:
            PermissionDenied: somebody who has logged in and is no administrator: the log-in would send them back here.
        """
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        wanted = request.GET.get("next") or request.get_full_path()
        if request.path == reverse("admin:login") and "next" not in request.GET:
            wanted = reverse("admin:index")
        return redirect_to_login(wanted)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The desk's page does it, and ends the other sessions."""
        return HttpResponseRedirect(reverse("password_change"))
