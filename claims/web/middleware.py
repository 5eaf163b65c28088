"""What every request of the desk shares: the door it came through, who may come in, and what may be kept."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseNotAllowed,
    JsonResponse,
)
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from claims.domain import account_news, audit, factors, identities, locking, people, tokens
from claims.enums import Channel, Role
from claims.exceptions import DeskError, NotAllowed
from claims.integrations import openid
from claims.web import devices, known_browsers, problems, proof
from claims.workflow import permits

GetResponse = Callable[[HttpRequest], HttpResponse]

# The first part of the path says through which door a change comes.
_DOORS = {"admin": Channel.ADMIN, "api": Channel.API}
# Pages that hold what only the desk may see, or what somebody types: never kept by a browser or a proxy.
_PRIVATE = frozenset({"desk", "admin", "log-in", "password", "invitation"})


# Set in the session of a log-in by a provider that asked for a second factor itself.
SECOND_STEP_ELSEWHERE = "second_step_elsewhere"
# Set in the session of any log-in by a provider.
CAME_BY_PROVIDER = "came_by_provider"
# Nothing here listens, looks or asks where somebody is.
_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


def _without_nul(request: HttpRequest) -> HttpResponse | None:
    """No text of ours holds a NUL and PostgreSQL takes none: no page has such an address, and filters go without it."""
    if "\x00" in request.path_info:
        return HttpResponseBadRequest(
            _("This address cannot be read."), content_type="text/plain; charset=utf-8"
        )
    asked = request.META.get("QUERY_STRING", "")
    if "%00" in asked and not request.path_info.startswith("/api/"):  # the API says itself what is wrong
        request.META["QUERY_STRING"] = asked.replace("%00", "")
    return None


def headers(get_response: GetResponse) -> GetResponse:
    """The headers that no other middleware sets, on whatever is answered."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = _without_nul(request) or get_response(request)
        response.headers.setdefault("Permissions-Policy", _POLICY)
        return response

    return middleware


def _comes_by_key(request: HttpRequest) -> bool:
    """Whether the API will ask for a key here and look at no log-in. Any other such header means nothing."""
    header = request.headers.get("Authorization", "")
    return request.path_info.startswith("/api/") and tokens.brought(header) is not None


def _is_part(request: HttpRequest) -> bool:
    """Whether a part of a page is asked for, or a draft saves itself: no other page may come in its place."""
    return bool(request.headers.get("HX-Request")) or request.headers.get("Accept") == "application/json"


def _in_a_line(request: HttpRequest, said: str, way: str, address: str, status: int) -> HttpResponse:
    """For a part of a page: a sentence, and where to go. Nothing takes the page away with what was typed in it."""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"said": said}, status=status)
    link = format_html('<a href="{}" data-way>{}</a>', address, way)
    return HttpResponse(format_html('<p class="line error">{} {}</p>', said, link), status=status)


def _logged_out(request: HttpRequest) -> HttpResponse:
    said = _("You are logged out. Copy what you have typed, then log in again.")
    try:
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        page = urlsplit("")
    wanted = urlencode({"next": urlunsplit(("", "", page.path or reverse("my-work"), page.query, ""))})
    return _in_a_line(request, said, _("Log in"), f"{reverse('login')}?{wanted}", 401)


class DeskMiddleware:
    """Sets the audit's channel, keeps strangers out of ``/desk/``, and turns refusals into pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        room = request.path_info.strip("/").partition("/")[0]
        with (
            audit.channel(_DOORS.get(room, Channel.WEB)),
            account_news.coming_from(lambda: devices.whence(request)),
        ):
            response = None
            if room == "desk":
                response = self._turned_away(request)
            elif room in _DOORS and room != "api":  # the API's is asked where it is known which view answers
                response = self._without_second_step(request)
            response = response or self.get_response(request)
        known_browsers.mark(request, response)
        if room in _PRIVATE:
            response.headers["Cache-Control"] = "no-store"
        return response

    def _turned_away(self, request: HttpRequest) -> HttpResponse | None:
        """Every page of the desk asks for a log-in and a role, also one that forgets to say so itself."""
        if not request.user.is_authenticated:
            if _is_part(request):
                return _logged_out(request)
            wanted = request.get_full_path() if request.method == "GET" else reverse("my-work")
            return redirect_to_login(wanted)
        if Role.VIEWER not in people.roles(request.user):
            return problems.no_role(request)
        devices.note_seen(request)
        return self._without_second_step(request)

    @staticmethod
    def _without_second_step(request: HttpRequest) -> HttpResponse | None:
        """Editors and administrators do nothing before their second step is set up, where the desk asks for it.

        A key to the API stands for itself: it was made by somebody who had come in.
        """
        if not settings.SECOND_STEP_REQUIRED or _comes_by_key(request):
            return None
        if not request.user.is_authenticated or not factors.is_missing(request.user):
            return None
        if request.session.get(SECOND_STEP_ELSEWHERE):
            return None
        words = _("Your role needs a second step at the log-in. Set it up under Your account.")
        if request.path_info.startswith("/api/"):
            body = {"type": "second_step", "title": words, "status": 403}
            return JsonResponse(body, status=403, content_type="application/problem+json")
        ways = [reverse(name) for name in ("second-step", "passkey-add", "passkey-begin")]
        if _is_part(request) and request.path_info not in ways:
            said = _("Your role needs a second step at the log-in. Copy what you have typed, then set it up.")
            return _in_a_line(request, said, _("Your account"), reverse("account"), 403)
        if openid.configured() and identities.of(request.user) and not request.session.get(CAME_BY_PROVIDER):
            # Their second factor is there. A password, which a link by mail sets, must not be enough to put another one here.
            wanted = request.get_full_path() if request.method == "GET" else reverse("my-work")
            return redirect(f"{reverse('login-provider')}?{urlencode({'again': '1', 'next': wanted})}")
        return None if request.path_info in ways else redirect(ways[0])

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Ask the table who may open this address; one without a row is open to nobody.

        The API and the administration ask the same table, and refuse in their own words.
        """
        match = request.resolver_match
        if match is None:
            return None
        if request.path_info.startswith("/api/"):
            # The public part knows nobody: an answer that depended on a log-in could not be kept for all.
            if _comes_by_key(request) or getattr(getattr(view, "cls", None), "public", False):
                return None
            return self._without_second_step(request) or proof.asked_first(request, match)
        if request.path_info.startswith("/admin/"):
            return proof.asked_first(request, match)
        permit = permits.find(match.url_name)
        needed = permit.needed(request.method or "GET") if permit else ""
        if permit and (needed == permits.EVERYONE or needed in people.roles(request.user)):
            # Django's form views would take a PUT for a POST.
            if not permit.answers(request.method or "GET"):
                return HttpResponseNotAllowed(permit.who)
            return proof.asked_first(request, match)
        return problems.refusal(
            request, NotAllowed(_("Your role on this desk does not allow this. Ask an editor."))
        )

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal that no view has answered becomes a page with its sentence; the API answers for itself."""
        if request.path_info.startswith("/api/"):
            return None
        if isinstance(exception, DeskError):
            return problems.refusal(request, exception)
        return problems.busy(request) if locking.is_busy(exception) else None
