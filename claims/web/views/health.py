"""Two questions that machines ask: does the process live, and can it serve?

``/healthz`` looks at nothing but itself, so that a database that is away does not get healthy processes killed.
``/readyz`` looks at the database and its migrations. A broker that is away makes the desk slower, not unready:
the sweeper finds the work in the database.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims import queue
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
        applied = set(MigrationRecorder(connection).applied_migrations())
    except DatabaseFault:
        return "unreachable"
    return "ok" if _migrations() <= applied else "migrations missing"


@lru_cache(maxsize=1)
def _migrations() -> frozenset[tuple[str, str]]:
    """Every migration that the code at hand brings."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


def _broker() -> str:
    """Whether the doorbell can be asked how many rings wait; one short try."""
    return "unreachable" if queue.waiting(settings.CELERY_TASK_DEFAULT_QUEUE) is None else "ok"


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
