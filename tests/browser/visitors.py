"""People at a real Chromium, for every test that looks at pages. Loaded as a plugin, so that there is one browser."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import leftout

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
# Everything that axe knows of: WCAG 2.0 to 2.2 A and AA, and best practice. Level AAA is not asked for.
AXE_OPTIONS = """{preload: false, resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa',
  'wcag22aa', 'best-practice']}"""

# Playwright keeps an event loop in this thread, which Django takes for an asynchronous view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
# How long a page may take to become what a test expects. Playwright's own five seconds judge the machine, not the page.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run; every visitor gets a profile of their own in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=leftout.chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
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
        # A refusal (409, 422) is an answer that pages expect; the browser's own line about it is no complaint.
        if message.type == "error" and "409" not in message.text and "422" not in message.text:
            self.complaints.append(message.text)

    def open(self, path: str) -> Page:
        """Go to an address of the site."""
        self.page.goto(self.address + path)
        return self.page

    def violations(self) -> list[str]:
        """What axe-core finds on the page as it is now, one line a fault."""
        # Run in the isolated world of the debugger, so that the page's own policy stays as strict as it is.
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(f"axe.run(document, {AXE_OPTIONS})")
        return [
            f"{fault['id']}: {node['target']}" for fault in found["violations"] for node in fault["nodes"][:4]
        ]


@contextmanager
def taking_turns() -> Iterator[threading.RLock]:
    """The lock under which the live server answers: on SQLite in memory its threads share one connection.

    A test that changes the database while a page is open holds the lock meanwhile. Each statement of its own waits for it
    in any case: two threads in one connection can wait for each other for ever.
    """
    turn = threading.RLock()
    answer = WSGIHandler.__call__

    def in_turn(self: WSGIHandler, environ: Any, start_response: Any) -> Any:
        with turn:
            return answer(self, environ, start_response)

    def in_line(execute: Any, *statement: Any) -> Any:
        with turn:
            return execute(*statement)

    with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(in_line):
        patch.setattr(WSGIHandler, "__call__", in_turn)
        yield turn


@pytest.fixture
def one_at_a_time() -> Iterator[threading.RLock]:
    """See ``taking_turns``."""
    with taking_turns() as turn:
        yield turn


def come(
    chromium: Browser,
    address: str,
    person: User | None = None,
    *,
    width: int = 1280,
    dark: bool = False,
    script: bool = True,
    touch: bool = False,
) -> tuple[BrowserContext, Visitor]:
    """Somebody at a browser of their own, logged in where a person is named."""
    context = chromium.new_context(
        viewport={"width": width, "height": 860},
        color_scheme="dark" if dark else "light",
        java_script_enabled=script,
        has_touch=touch,
        reduced_motion="reduce",
        base_url=address,
    )
    if person is not None:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
    return context, Visitor(context, address)


@pytest.fixture
def visit(
    chromium: Browser, one_at_a_time: Any, live_server: Any, transactional_db: None
) -> Iterator[Callable[..., Visitor]]:
    """``visit(person, width=360, dark=True, script=False, touch=True)``: that person at a browser; without one, a stranger."""
    contexts: list[BrowserContext] = []

    def arrive(person: User | None = None, **options: Any) -> Visitor:
        with one_at_a_time:  # pages of others may be asking while this one logs in
            context, visitor = come(chromium, live_server.url, person, **options)
        contexts.append(context)
        return visitor

    with Quiet() as quiet:
        yield arrive
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
        """Until no answer is under way, at most a minute."""
        with self.changed:
            self.changed.wait_for(lambda: self.open <= 0, timeout=60)
