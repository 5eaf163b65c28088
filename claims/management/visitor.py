"""A visitor of a running desk over HTTP: logs in through the form, then speaks the API as that person.

Uses the standard library alone. ``site`` may differ from where the desk listens: behind a proxy that ends TLS the
desk sees another host and scheme than its own, and this visitor can stand in for that proxy.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

LOG_IN = "/log-in/"


class VisitError(Exception):
    """The desk did not answer as it should; the text says to what, and what came instead."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request."""

    status: int
    text: str
    location: str = ""

    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.text)


class Visitor:
    """One browser session. Without ``log_in`` it is a member of the public."""

    def __init__(self, port: int, site: str, seconds: float = 20.0) -> None:
        self._port = port
        self._site = site.rstrip("/")
        self._seconds = seconds
        self._cookies: dict[str, str] = {}

    def get(self, path: str, expected: int = 200) -> Answer:
        """The page at ``path``.

        Raises:
            VisitError: no answer, or not with the expected status.
        """
        return self._ask("GET", path, {}, b"", expected)

    def log_in(self, username: str, password: str) -> None:
        """Open the form, fill it in, send it."""
        self.get(LOG_IN)
        form = urlencode({"username": username, "password": password, "csrfmiddlewaretoken": self._token})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self._ask("POST", LOG_IN, kind, form.encode(), 302)

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None, expected: int = 200) -> Any:
        """One call of the API under ``/api/v1/``; its JSON."""
        kind = {"Content-Type": "application/json", "Accept": "application/json"}
        data = b"" if body is None else json.dumps(body).encode()
        return self._ask(method, f"/api/v1/{path}", kind, data, expected).json()

    @property
    def _token(self) -> str:
        return self._cookies.get("csrftoken", "")

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes, expected: int) -> Answer:
        parts = urlsplit(self._site)
        headers = {
            **headers,
            "Host": parts.netloc,
            "X-Forwarded-Proto": parts.scheme,
            "Referer": f"{self._site}{path}",
            "X-CSRFToken": self._token,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
        }
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=self._seconds)
        try:
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            text = response.read().decode("utf-8", errors="replace")
        except (OSError, http.client.HTTPException) as error:
            raise VisitError(f"{method} {path}: no answer ({error})") from error
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        if response.status != expected:
            said = " ".join(text.split())[:300]
            raise VisitError(f"{method} {path}: {response.status} instead of {expected}. It said: {said}")
        return Answer(response.status, text, response.headers.get("Location", ""))
