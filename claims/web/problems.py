"""Pages for what was refused: what happened, that nothing is lost, and the way on."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from claims.domain import desk, locking, people
from claims.exceptions import Conflict, DeskError, NotAllowed, TooMany, TransitionRefused
from claims.web import languages
from claims.web.answers import is_htmx

logger = logging.getLogger(__name__)


def status_of(error: DeskError) -> int:
    """403 for the role, 409 when somebody was first, 429 for a flood, 422 for everything that can be mended."""
    if isinstance(error, NotAllowed):
        return 403
    if isinstance(error, TooMany):
        return 429
    return 409 if isinstance(error, Conflict) else 422


def refusal(request: HttpRequest, error: DeskError) -> HttpResponse:
    """The sentence of the error as a page; where a part of a page was asked for, as the line under the bar."""
    status = status_of(error)
    context = {
        "title": _title(status),
        "sentence": str(error),
        "failing": error.failing if isinstance(error, TransitionRefused) else [],
        "current": error.current if isinstance(error, Conflict) else {},
        "back": _back(request),
    }
    if is_htmx(request):
        response = render(request, "partials/_problem.html", context, status=status)
        response.headers["HX-Retarget"] = "#line"
        response.headers["HX-Reswap"] = "innerHTML"
        return response
    return render(request, "errors/refused.html", context, status=status)


def _title(status: int) -> str:
    return {403: _("You cannot do this"), 409: _("Somebody was first")}.get(
        status, _("This cannot be done now")
    )


def _back(request: HttpRequest) -> str:
    """The page the person came from, where it is one of ours."""
    for address in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        if address and url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
            return address
    return reverse("home" if languages.is_public(request.path_info) else "my-work")


def no_role(request: HttpRequest) -> HttpResponse:
    """Somebody with an account, but without a role on this desk: whom to ask."""
    editors = [people.display_name(person) for person in desk.editors()[:4]]
    return render(request, "errors/no_role.html", {"editors": editors}, status=403)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django would not read to its end. The page asks nothing of the request, which may be anybody's and broken."""
    too_big = isinstance(exception, RequestDataTooBig)
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // (1024 * 1024)
    page = render_to_string("400.html", {"most_mb": most if too_big else 0})
    return HttpResponse(page, status=413 if too_big else 400)


def busy(request: HttpRequest) -> HttpResponse:
    """Nothing could be written, for another piece of work held the database. The page asks nothing of it."""
    logger.warning("The database was busy at %s", request.path)
    response = HttpResponse(render_to_string("503.html"), status=503)
    response.headers["Retry-After"] = str(locking.BUSY_FOR)
    return response
