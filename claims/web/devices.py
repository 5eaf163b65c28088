"""What a log-in remembers of the browser it came from, so that its owner knows it again on the account page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.dispatch import receiver
from django.http import HttpRequest

from claims.domain import sessions
from claims.models.access import SessionStore
from factcheck.address import client_address

# Newer names stand first: Edge and Opera also call themselves Chrome, and Chrome calls itself Safari.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS X", "macOS"), ("Linux", "Linux"))  # fmt: skip


def device_of(user_agent: str) -> str:
    """The browser and the system in two words; nothing of the text itself is kept."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser}, {system}" if browser and system else browser or system


def whence(request: HttpRequest) -> tuple[str, str]:
    """Device and address of a request, for people who are told of it."""
    return device_of(request.headers.get("User-Agent", "")), client_address(request) or ""


@receiver(user_logged_in)
def remember(sender: Any, request: HttpRequest | None, **kwargs: Any) -> None:
    """Note device and address in the session, from where its row gets them."""
    if request is None or not hasattr(request, "session"):
        return
    request.session["device"], request.session["address"] = whence(request)
    cache.add(_mark(request), True, sessions.EVERY.total_seconds())


def note_seen(request: HttpRequest) -> None:
    """Note that this log-in is in use; each process writes that once in five minutes."""
    if cache.add(_mark(request), True, sessions.EVERY.total_seconds()):
        sessions.seen(SessionStore.row_key(request.session.session_key))


def _mark(request: HttpRequest) -> str:
    return f"seen-{SessionStore.row_key(request.session.session_key)}"
