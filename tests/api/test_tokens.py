"""Tokens: never in clear anywhere, narrowed by scope, dead at once; machines never judge; limits for each caller."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone
from django.views.debug import ExceptionReporter
from rest_framework.request import Request
from rest_framework.test import APIClient

from claims.api.authentication import TokenAuthentication
from claims.domain import limits, tokens
from claims.domain.desk import set_active
from claims.models import ApiToken, Claim, DeskSettings
from tests import factories
from tests.api.clients import V1, client_of, client_with_session
from tests.dump import every_row

pytestmark = pytest.mark.django_db
ME = f"{V1}people/me/"


def bearer(secret: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


class Kept(logging.Handler):
    """Everything that is logged, with its arguments and tracebacks, as text."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        plain = logging.Formatter().format(record)
        self.lines.append(f"{plain} {record.__dict__}")


@pytest.fixture
def logged() -> Any:
    kept, loggers = (
        Kept(),
        [logging.getLogger(), logging.getLogger("django.db.backends"), logging.getLogger("django.request")],
    )
    former = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.addHandler(kept)
    connection.force_debug_cursor = True  # statements are logged with their values
    yield kept.lines
    connection.force_debug_cursor = False
    for logger, level in zip(loggers, former, strict=True):
        logger.setLevel(level)
        logger.removeHandler(kept)


def test_no_token_in_clear_in_database_and_logs(
    editor: User, make_claim: Callable[..., Claim], logged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = make_claim()
    page = client_with_session(editor)
    made = page.post(
        "/desk/account/tokens/", {"name": "CMS", "scope": "publish", "days": "30"}, format="multipart"
    )
    secret = next(
        word.strip("\"'<>")
        for word in made.content.decode().replace("<", " ").replace(">", " ").split()
        if word.startswith("plb_") and len(word) > 40
    )
    client = bearer(secret)
    comment = {"text": "A word."}
    assert (
        client.post(f"{V1}claims/{claim.pk}/comments/", comment, HTTP_IDEMPOTENCY_KEY="k").status_code == 201
    )
    assert client.get(f"{V1}tokens/").json()["results"][0]["prefix"] == secret[:10]
    assert client.get(f"{V1}nowhere/").status_code == 404
    assert client.post(f"{V1}articles/", {"text": 1}).status_code == 400
    client.raise_request_exception = False
    monkeypatch.setattr(tokens, "digest", _fail)
    assert client.get(ME).status_code == 500
    monkeypatch.undo()
    assert bearer(secret + "x").get(ME).status_code == 401
    rest = secret[10:]
    assert len(rest) > 30
    assert any("INSERT INTO" in line and "A word." in line for line in logged)
    assert any("a fault inside" in line for line in logged)
    assert [line for line in logged if rest in line] == []
    assert ApiToken.objects.get().digest in every_row()
    assert rest not in every_row()


def _fail(*args: Any) -> str:
    raise RuntimeError("a fault inside")


def test_no_token_on_an_error_page(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    _token, secret = tokens.create(editor, "CMS")
    request = RequestFactory().get(ME, HTTP_AUTHORIZATION=f"Bearer {secret}")
    monkeypatch.setattr(tokens.hashlib, "sha256", None)
    try:
        TokenAuthentication().authenticate(Request(request))
    except TypeError:
        kind, value, traceback = sys.exc_info()
    else:
        pytest.fail("the fault did not come up")
    monkeypatch.undo()
    assert traceback is not None
    reporter = ExceptionReporter(request, kind, value, traceback.tb_next)  # without this test's own frame
    pages = reporter.get_traceback_html() + reporter.get_traceback_text()
    assert "authenticate" in pages
    assert secret[10:] not in pages


def test_token_dies_with_the_next_request(editor: User) -> None:
    """Revoked, expired, its person's account closed or role taken: the very next request is refused."""
    other_editor = factories.person("second", "editor")
    for end, code in (("revoke", 401), ("expire", 401), ("close", 401), ("role", 403)):
        person = factories.person(f"p-{end}", "reviewer")
        token, secret = tokens.create(person, "x")
        client = bearer(secret)
        assert client.get(ME).status_code == 200
        if end == "revoke":
            tokens.revoke(token, actor=other_editor)
        elif end == "expire":
            ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
        elif end == "close":
            set_active(person.pk, False, actor=other_editor)
        else:
            person.groups.remove(Group.objects.get(name="reviewer"))
        assert client.get(ME).status_code == code, end


def test_one_lists_and_revokes_ones_own_tokens_only(editor: User, reviewer: User) -> None:
    mine, theirs = client_of(reviewer, "desk"), client_of(editor)
    own = mine.get(f"{V1}tokens/").json()["results"]
    assert [row["name"] for row in own] == ["test"]
    assert "digest" not in own[0]
    assert theirs.delete(f"{V1}tokens/{own[0]['id']}/").status_code == 404
    reading = client_of(reviewer, "read")
    assert reading.delete(f"{V1}tokens/{own[0]['id']}/").status_code == 403
    assert mine.delete(f"{V1}tokens/{own[0]['id']}/").status_code == 204
    assert mine.get(f"{V1}tokens/").status_code == 401


def test_use_is_noted_once_a_minute(editor: User, django_assert_num_queries: Any) -> None:
    token, secret = tokens.create(editor, "x")
    client = bearer(secret)
    client.get(ME)
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    client.get(ME)
    token.refresh_from_db()
    assert token.last_used_at == first
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=first - timedelta(seconds=61))
    client.get(ME)
    token.refresh_from_db()
    assert token.last_used_at is not None
    assert token.last_used_at >= first


@pytest.mark.parametrize("action", sorted(tokens.PUBLIC_ACTIONS))
def test_scope_narrows_what_the_role_allows(
    action: str, editor: User, make_claim: Callable[..., Claim]
) -> None:
    claim = make_claim()
    body = {"action": action, "version": claim.version, "reason": "x"}
    url = f"{V1}claims/{claim.pk}/transitions/"
    narrow = client_of(editor, "desk").post(url, body)
    assert (narrow.status_code, narrow.json()["code"]) == (403, "not_allowed")
    assert "token" in narrow.json()["detail"]
    assert client_of(editor, "publish").post(url, body).status_code != 403
    bulk = client_of(editor, "desk").post(
        f"{V1}claims/bulk/transitions/", {"items": [{**body, "claim": claim.pk}]}
    )
    assert bulk.json()["items"][0]["status"] == 403


def test_read_and_desk_tokens_have_no_other_way_in(editor: User, claim_in: Callable[..., Claim]) -> None:
    claim = claim_in("researching")
    exception = {"gate": "both_sides", "reason": "x"}
    assert client_of(editor, "desk").post(f"{V1}claims/{claim.pk}/gates/", exception).status_code == 403
    reading = client_of(editor, "read")
    for method, path, body in (
        ("post", "articles/", {"text": factories.TEXT}), ("patch", f"claims/{claim.pk}/", {"topic": "x"}),
        ("put", f"claims/{claim.pk}/verdict/", {"revision": 0}), ("post", f"claims/{claim.pk}/comments/", {"text": "x"}),
        ("post", "claims/bulk/assign/", {"items": [{"claim": claim.pk, "version": 1}], "assignee": "noor"}),
    ):  # fmt: skip
        assert getattr(reading, method)(V1 + path, body).status_code == 403, path


def test_machine_never_sets_or_approves_a_verdict(
    machine: User, editor: User, second_reader: User, claim_in: Callable[..., Claim]
) -> None:
    factories.pages()
    robot = client_of(machine)
    claim = claim_in("researching")
    url = f"{V1}claims/{claim.pk}/"
    Claim.objects.filter(pk=claim.pk).update(assignee=machine)
    saved = robot.put(f"{url}verdict/", {"revision": 0, "level": "false"})
    assert saved.status_code == 403
    assert "machine account" in saved.json()["detail"]
    Claim.objects.filter(pk=claim.pk).update(assignee=User.objects.get(username="noor"))
    factories.fill(Claim.objects.get(pk=claim.pk), User.objects.get(username="noor"))
    claim = factories.move(claim, "submit", User.objects.get(username="noor"))
    body = {"action": "approve", "version": claim.version}
    for answer in (
        robot.post(f"{url}transitions/", body),
        client_with_session(machine).post(f"{url}transitions/", body),
    ):
        assert answer.status_code == 422
        assert "machine" in [failing["gate"] for failing in answer.json()["failing"]]
    many = robot.post(f"{V1}claims/bulk/transitions/", {"items": [{**body, "claim": claim.pk}]}).json()
    assert (many["done"], many["items"][0]["status"]) == (0, 422)
    DeskSettings.objects.update_or_create(pk=1, defaults={"blind_second_rating": True})
    assert robot.post(f"{url}second-rating/", {"level": "false"}).status_code == 403
    claim.refresh_from_db()
    assert claim.status == "in_review"


def test_machine_cannot_publish_a_change_of_verdict(
    machine: User, editor: User, reviewer: User, claim_in: Callable[..., Claim]
) -> None:
    claim = factories.move(
        claim_in("published"), "open_correction", editor, reason="x", payload={"kind": "verdict_change"}
    )
    factories.fill(claim, reviewer if claim.assignee_id == reviewer.pk else editor, level="false")
    machine.groups.add(Group.objects.get(name="editor"))
    body = {"action": "publish_correction", "version": claim.version, "public_note": "It is false."}
    answer = client_of(machine).post(f"{V1}claims/{claim.pk}/transitions/", body)
    assert answer.status_code == 422
    assert "machine" in [failing["gate"] for failing in answer.json()["failing"]]


# --- limits ----------------------------------------------------------------------------------------------------
@pytest.fixture
def burst(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Three at once, then one a second; the clock stands still until it is moved on."""
    settings.API_BURST = 3
    settings.API_RATES = {"anonymous": "60/min", "person": "60/min"}
    clock = [1000.0]
    monkeypatch.setattr(limits, "_now", lambda: clock[0])

    def later(seconds: float) -> None:
        clock[0] += seconds

    return later


def spend(client: APIClient, path: str, **extra: Any) -> list[int]:
    return [client.get(path, **extra).status_code for _time in range(4)]


def test_address_has_its_limit(burst: Callable[[float], None]) -> None:
    client, path = APIClient(), f"{V1}reports/"
    assert spend(client, path) == [200, 200, 200, 429]
    refused = client.get(path)
    assert refused["Content-Type"] == "application/problem+json"
    assert 1 <= int(refused["Retry-After"]) <= 2
    assert refused["Access-Control-Allow-Origin"] == "*"
    assert (
        client.get(path, HTTP_X_FORWARDED_FOR="10.1.1.1").status_code == 429
    )  # nobody is believed without a proxy
    assert client.get(path, REMOTE_ADDR="203.0.113.9").status_code == 200
    burst(int(refused["Retry-After"]))
    assert client.get(path).status_code == 200


def test_tokens_have_their_limits_apart(editor: User, viewer: User, burst: Callable[[float], None]) -> None:
    first, second = client_of(editor), client_of(editor)
    assert spend(first, ME) == [200, 200, 200, 429]
    assert spend(second, ME) == [200, 200, 200, 429]
    assert spend(client_with_session(editor), ME) == [200, 200, 200, 429]
    assert client_of(viewer).get(ME).status_code == 200
    burst(2)
    assert first.get(ME).status_code == 200


def test_refused_requests_are_counted_too(viewer: User, burst: Callable[[float], None]) -> None:
    """Made-up tokens, no token, and a role that may not: none of them can be tried without end."""
    assert spend(bearer("plb_made_up"), ME) == [401, 401, 401, 429]
    assert spend(APIClient(), ME, REMOTE_ADDR="203.0.113.8") == [401, 401, 401, 429]
    client = client_of(viewer)
    tries = [client.post(f"{V1}articles/", {}).status_code for _time in range(4)]
    assert tries == [403, 403, 403, 429]
