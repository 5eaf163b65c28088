"""Google's pages: off until set up, one page for each report however often it is sent, gone with a retraction."""

from __future__ import annotations

import io
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from jsonschema import Draft202012Validator

from claims.domain import google_pages, outbox
from claims.models import Claim, GooglePage, OutboxMessage, Report
from tests.factories import move
from tests.standins.server import Reply, Seen, StandIn

pytestmark = pytest.mark.django_db
SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "claims/publishing/exports/google_pages.schema.json").read_text()
)


class Google:
    """The pages that the stand-in holds, by name."""

    def __init__(self) -> None:
        self.pages: dict[str, dict[str, Any]] = {}
        self.made = 0

    def token(self, seen: Seen) -> Reply:
        assert b"refresh_token=refresh" in seen.body
        return Reply.json({"access_token": "short-lived", "expires_in": 3599})

    def answer(self, seen: Seen) -> Reply:
        assert seen.headers["authorization"] == "Bearer short-lived"
        name = seen.path.removeprefix("/v1alpha1/")
        if seen.method == "POST":
            Draft202012Validator(SCHEMA).validate(seen.json)
            self.made += 1
            return self._keep(f"pages/p{self.made}", seen.json)
        if name == "pages":
            found = [page for page in self.pages.values() if page["pageUrl"] == seen.query["url"]]
            return Reply.json({"claimReviewMarkupPages": found} if found else {})
        if name not in self.pages:
            return Reply.json({"error": {"code": 404}}, 404)
        if seen.method == "DELETE":
            del self.pages[name]
            return Reply.json({})
        if seen.method == "PUT":
            assert seen.json["versionId"] == self.pages[name]["versionId"]
            return self._keep(name, seen.json)
        return Reply.json(self.pages[name])

    def _keep(self, name: str, page: dict[str, Any]) -> Reply:
        former = int(self.pages.get(name, {}).get("versionId", "0"))
        self.pages[name] = {**page, "name": name, "versionId": str(former + 1)}
        return Reply.json(self.pages[name])


@pytest.fixture
def google(services: StandIn, settings: Any) -> Google:
    settings.GOOGLE_PAGES_CLIENT_ID = "client"
    settings.GOOGLE_PAGES_CLIENT_SECRET = "secret"
    settings.GOOGLE_PAGES_REFRESH_TOKEN = "refresh"
    settings.GOOGLE_PAGES_URL = f"{services.origin}/v1alpha1"
    settings.GOOGLE_PAGES_TOKEN_URL = f"{services.origin}/oauth2/token"
    made = Google()
    services.route("/oauth2/token", made.token)
    services.route("/v1alpha1/pages", made.answer)
    return made


def deliver_all() -> None:
    for pk in list(OutboxMessage.objects.filter(kind="google").order_by("pk").values_list("pk", flat=True)):
        outbox.deliver(pk)


def test_without_credentials_nothing_is_sent(
    claim_in: Callable[..., Claim], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Check 20, second half: not_configured, and no socket is opened."""
    settings.FACTCHECK_OUTSIDE = True
    claim_in("published")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: pytest.fail("asked for an address"))
    monkeypatch.setattr(socket.socket, "connect", lambda *args: pytest.fail("opened a connection"))
    assert not OutboxMessage.objects.filter(kind="google").exists()
    report = Report.objects.select_related("current_version").get()
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("push_google_pages", report.slug, stdout=out)
    assert f"{report.slug}: not_configured" in out.getvalue()


def test_one_page_follows_the_report_through_its_life(
    google: Google, claim_in: Callable[..., Claim], editor: User, second_reader: User
) -> None:
    claim = claim_in("published")
    deliver_all()
    assert [page["versionId"] for page in google.pages.values()] == ["1"]
    report = Report.objects.select_related("current_version").get()
    assert google_pages.push(report).note == "This version was sent before."
    assert google.pages["pages/p1"]["versionId"] == "1"
    move(claim, "open_correction", editor, reason="x", payload={"kind": "clarification"})
    move(claim, "publish_correction", second_reader, payload={"public_note": "Clearer."})
    deliver_all()
    assert (google.made, google.pages["pages/p1"]["versionId"]) == (1, "2")
    move(claim, "propose_retraction", editor, reason="wrong bridge")
    move(claim, "retract", second_reader, payload={"public_note": "It was another bridge."})
    deliver_all()
    assert google.pages == {}


def test_a_page_whose_answer_was_lost_is_not_made_twice(
    google: Google, claim_in: Callable[..., Claim]
) -> None:
    claim_in("published")
    deliver_all()
    GooglePage.objects.all().delete()
    google_pages.push(Report.objects.select_related("current_version").get())
    assert (google.made, len(google.pages)) == (1, 1)


def test_an_absent_google_is_tried_again_and_a_refusal_ends_it(
    google: Google, services: StandIn, claim_in: Callable[..., Claim]
) -> None:
    services.fault("/v1alpha1/pages", "fault")
    claim_in("published")
    deliver_all()
    message = OutboxMessage.objects.get(kind="google")
    assert (message.state, message.attempts) == ("waiting", 1)
    OutboxMessage.objects.update(next_attempt_at=message.created_at)
    services.fault("/oauth2/token", "status", status=401)
    deliver_all()
    message.refresh_from_db()
    assert message.state == "dead"
    assert google.pages == {}
