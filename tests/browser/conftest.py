"""A real Chromium for the browser tests. Where none is installed they are left out, and the header says so."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
REQUIRED = os.environ.get("BROWSER_TESTS") == "required"
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
collect_ignore_glob = [] if CHROMIUM or REQUIRED else ["test_*.py"]

# Playwright keeps an event loop in this thread, which Django takes for an asynchronous view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def pytest_report_header() -> str:
    return f"browser tests: {CHROMIUM or 'left out, because Chromium was not found'}"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visitor:
    """Somebody at a browser: opens pages, and remembers what the console complained about."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.address = address
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: Any) -> None:
        if message.type == "error" and "409" not in message.text and "422" not in message.text:
            self.complaints.append(message.text)

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def violations(self) -> list[str]:
        """What axe-core finds on the page as it is now, one line a fault."""
        # Run in the isolated world of the debugger, so that the page's own policy stays as strict as it is.
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {preload: false, resultTypes: ['violations']})")
        return [
            f"{fault['id']}: {node['target']}" for fault in found["violations"] for node in fault["nodes"][:4]
        ]


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite in memory all threads of the live server share one connection, so they take turns."""
    turn = threading.Lock()
    answer = WSGIHandler.__call__

    def in_turn(self: WSGIHandler, environ: Any, start_response: Any) -> Any:
        with turn:
            return answer(self, environ, start_response)

    monkeypatch.setattr(WSGIHandler, "__call__", in_turn)


@pytest.fixture
def visit(
    chromium: Browser, one_at_a_time: None, live_server: Any, transactional_db: None
) -> Iterator[Callable[..., Visitor]]:
    """``visit(person, width=360, dark=True, script=False)``: that person at a browser, logged in."""
    contexts: list[BrowserContext] = []

    def come(person: User, *, width: int = 1280, dark: bool = False, script: bool = True) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": 860},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        return Visitor(context, live_server.url)

    with Quiet() as quiet:
        yield come
        for context in contexts:
            context.close()
        # A page may still ask while it closes (a draft, the steps); the database is emptied after the last answer.
        quiet.wait()


class Quiet:
    """Counts the requests that the live server is answering."""

    def __init__(self) -> None:
        self.open = 0
        self.changed = threading.Condition()

    def __enter__(self) -> Quiet:
        request_started.connect(self._begun)
        request_finished.connect(self._over)
        return self

    def __exit__(self, *error: object) -> None:
        request_started.disconnect(self._begun)
        request_finished.disconnect(self._over)

    def _begun(self, **kwargs: Any) -> None:
        with self.changed:
            self.open += 1

    def _over(self, **kwargs: Any) -> None:
        with self.changed:
            self.open -= 1
            self.changed.notify_all()

    def wait(self) -> None:
        """Until no answer is under way, at most ten seconds."""
        with self.changed:
            self.changed.wait_for(lambda: self.open <= 0, timeout=10)
