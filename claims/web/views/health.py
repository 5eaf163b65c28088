"""Two questions that machines ask: does the process live, and can it serve? And the page that tells editors how all is.

``/healthz`` looks at nothing but itself, so that a database that is away does not get healthy processes killed.
``/readyz`` looks at the database and its migrations. A broker that is away makes the desk slower, not unready:
the sweeper finds the work in the database.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import Error as DatabaseFault
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.domain import wellbeing
from claims.models import DeskSettings


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. No database, no broker."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 with ``ok`` or ``degraded`` (broker away), 503 with ``down``; the parts stand beside it."""
    parts = {"database": _database(), "broker": _broker()}
    if parts["database"] != "ok":
        status = "down"
    else:
        status = "ok" if parts["broker"] == "ok" else "degraded"
    return JsonResponse({"status": status, **parts}, status=503 if status == "down" else 200)


def _database() -> str:
    try:
        return "migrations missing" if wellbeing.missing_migrations() else "ok"
    except DatabaseFault:
        return "unreachable"


def _broker() -> str:
    return "ok" if wellbeing.broker_answers() else "unreachable"


@require_safe
def wellbeing_page(request: HttpRequest) -> HttpResponse:
    """For editors: every part of the desk, how it is, and what to do."""
    found = wellbeing.parts()
    wrong = [part for part in found if part.state in {wellbeing.State.LOOK, wellbeing.State.BAD}]
    context = {"parts": found, "wrong": len(wrong), "versions": wellbeing.versions()}
    return render(request, "desk/wellbeing.html", context)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to tell of a hole (RFC 9116): the contact that the desk names under Settings."""
    contact = DeskSettings.objects.filter(pk=1).values_list("contact", flat=True).first() or ""
    mail = (
        contact
        if contact.startswith(("https:", "mailto:"))
        else f"mailto:{contact or settings.DEFAULT_FROM_EMAIL}"
    )
    until = (timezone.now() + timedelta(days=180)).replace(microsecond=0, hour=0, minute=0, second=0)
    lines = (f"Contact: {mail}", f"Expires: {until.isoformat()}", "Preferred-Languages: en",
             f"Canonical: {settings.SITE_URL}/.well-known/security.txt")  # fmt: skip
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
