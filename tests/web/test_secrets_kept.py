"""A whole day of logging in, and then a look at everything that was written down: no secret is among it."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from claims.domain import factors, passkeys
from claims.models import DeskSession
from claims.models.access import SessionStore
from tests.dump import every_row
from tests.softkey import SoftKey

PASSWORD, WRONG = "correct horse battery staple", "staple battery horse incorrect"


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that is logged, also each statement with its values."""
    connection.force_debug_cursor = True
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, "django.db.backends"):
        yield caplog
    connection.force_debug_cursor = False


class Browser(Client):
    """A browser whose every session id is remembered."""

    def __init__(self) -> None:
        super().__init__(raise_request_exception=False)
        self.ids: list[str] = []

    def request(self, **request: Any) -> Any:
        answer = super().request(**request)
        held = self.cookies.get("sessionid")
        if held and held.value and held.value not in self.ids:
            self.ids.append(held.value)
        return answer


def test_no_session_id_code_or_password_is_written_down(
    settings: Any, editor: User, logged: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SITE_URL = "https://desk.example.org"
    browser, pages, key = Browser(), [], SoftKey("https://desk.example.org", "desk.example.org")

    def post(address: str, /, **fields: str) -> Any:
        answer = browser.post(reverse(address), fields)
        pages.append(answer.content.decode())
        return answer

    def after_a_fault(address: str, module: Any, verb: str, /, **fields: str) -> None:
        monkeypatch.setattr(module, verb, lambda *args, **named: 1 // 0)
        assert post(address, **fields).status_code == 500
        monkeypatch.undo()

    assert post("login", username=editor.username, password=WRONG).status_code == 422
    assert post("login", username=editor.username, password=PASSWORD).status_code == 302
    page = browser.get(reverse("second-step")).content.decode()
    secret = page.split('class="secret">')[1].split("<")[0].replace(" ", "")
    first, now = (factors.code_at(secret, factors.window_now() + step) for step in (-1, 0))
    papers = re.findall(r'class="secret">([0-9a-f-]{14})<', post("second-step", code=first).content.decode())
    assert len(papers) == 10
    made = key.made(post("passkey-begin").json())
    assert post("passkey-add", name="phone", passkey=made).status_code == 302
    post("logout")
    post("login", username=editor.username, password=PASSWORD)
    after_a_fault("login-second", factors, "check", code=now)
    assert post("login-second", code=now).status_code == 302
    post("logout")
    post("login", username=editor.username, password=PASSWORD)
    misread = papers[0][:-1] + ("0" if papers[0][-1] != "0" else "1")
    assert post("login-second", code=misread).status_code == 422
    assert post("login-second", code=papers[0]).status_code == 302
    post("logout")
    signed = key.signed(post("login-passkey-begin").json())
    after_a_fault("login-passkey", passkeys, "use", passkey=signed)
    assert post("login-passkey", passkey=signed).status_code == 302
    session = browser.session
    session["proven_at"] = 0
    session.save()
    assert post("recovery-codes", **{"proof-password": WRONG}).status_code == 422
    assert post("recovery-codes", **{"proof-password": PASSWORD}).status_code == 200

    assert len(browser.ids) >= 7, "each log-in and each half of one has an id of its own"
    assert SessionStore.row_key(browser.ids[-1]) in set(
        DeskSession.objects.values_list("session_key", flat=True)
    )
    signature = json.loads(signed)["response"]["signature"]
    compact = [paper.replace("-", "") for paper in papers]
    secrets = {"a session id": browser.ids, "a password": [PASSWORD, WRONG], "the app's key": [secret],
               "a code on paper": [*papers, *compact, misread], "a signature": [signature]}  # fmt: skip
    told = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in logged.records)
    assert "INSERT INTO" in told and "ZeroDivisionError" in told, "the look is worth something"
    shown = "\n".join(page for page in pages if "second_codes" not in page and 'class="secret"' not in page)
    for place, text in (("the logs", told), ("the tables", every_row()), ("the pages", shown)):
        found = {what for what, values in secrets.items() for value in values if value in text}
        if place == "the pages":  # the field shows what was typed wrong, to whom typed it
            found -= {"a code on paper"} if not any(paper in text for paper in (*papers, *compact)) else set()
        assert found == set(), place
