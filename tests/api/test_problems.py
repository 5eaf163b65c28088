"""Errors: one form (RFC 9457), with the field and the remedy, at every address and for every kind of mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from claims.models import Article, Claim
from tests import factories
from tests.api.clients import V1, client_of, client_with_session, fields_of

pytestmark = pytest.mark.django_db


def assert_problem(answer: Any, code: int) -> dict[str, Any]:
    assert answer.status_code == code, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "code", "detail"} <= set(body)
    assert body["status"] == code
    assert body["type"] == f"urn:plumbline:problem:{body['code']}"
    assert body["detail"]
    return body


def test_each_wrong_field_is_named_with_its_remedy(editor: User) -> None:
    body = {"text": 5, "published_on": "yesterday", "status": "published", "title": "x" * 501}
    answer = assert_problem(client_of(editor).post(f"{V1}articles/", body), 400)
    assert {error["field"] for error in answer["errors"]} == {"text", "status"}
    assert all(error["detail"] and error["remedy"] for error in answer["errors"])
    body = {"published_on": "yesterday", "title": "x" * 501}
    answer = assert_problem(client_of(editor).post(f"{V1}articles/", body), 400)
    assert {error["field"] for error in answer["errors"]} == {"published_on", "title"}


def test_field_inside_a_list_is_named_by_its_place(editor: User) -> None:
    items = [
        {"claim": 1, "action": "triage", "version": 1},
        {"claim": 2, "action": "fly", "version": 1, "x": 1},
    ]
    answer = client_of(editor).post(f"{V1}claims/bulk/transitions/", {"items": items})
    assert assert_problem(answer, 400)
    assert fields_of(answer) == ["items.1.x"]


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        ("null", "application/json", 400),
        ('"text"', "application/json", 400),
        ('{"title": NaN}', "application/json", 400),
        ("text=x", "application/x-www-form-urlencoded", 415),
        ("x", "multipart/form-data; boundary=b", 415),
    ],
)
def test_body_that_cannot_be_read(body: str, kind: str, code: int, editor: User) -> None:
    assert_problem(client_of(editor).generic("POST", f"{V1}articles/", body, content_type=kind), code)
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    "body",
    ["[" * 100_000, "[" * 40 + "]" * 40, '{"a":' * 900 + "1" + "}" * 900],
    ids=["unclosed", "lists", "objects"],
)
def test_a_body_nested_without_end_is_no_fault_of_the_desk(
    body: str, claim_in: Callable[..., Claim], editor: User
) -> None:
    """Neither from a program nor from a stranger, who may send readers' messages."""
    slug = claim_in("published").report.slug
    for client, address in (
        (client_of(editor), f"{V1}claims/"),
        (APIClient(), f"{V1}reports/{slug}/errors/"),
    ):
        answer = client.post(
            address, body, content_type="application/json", headers={"Idempotency-Key": "deep"}
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "parse_error"), answer.content


@pytest.mark.parametrize("name", ["\\ud800", "\\u0000", "a" * 5000, "__proto__", ""])
def test_hostile_field_names_and_texts_are_answered(name: str, editor: User) -> None:
    client = client_of(editor)
    for body in (f'{{"{name}": 1}}', f'{{"title": "{name}", "text": "{name}"}}'):
        answer = client.generic("POST", f"{V1}articles/", body, content_type="application/json")
        assert_problem(answer, 400)


def test_strangers_wrong_tokens_wrong_roles_and_wrong_addresses(
    editor: User, viewer: User, stranger: User, make_claim: Callable[..., Claim]
) -> None:
    claim = make_claim()
    assert assert_problem(APIClient().get(f"{V1}claims/"), 401)["code"] == "not_authenticated"
    assert APIClient().get(f"{V1}claims/")["WWW-Authenticate"] == "Bearer"
    wrong = APIClient()
    for header in ("Bearer nonsense", "Bearer", "Bearer a b", "Bearer \xff"):
        wrong.credentials(HTTP_AUTHORIZATION=header)
        assert assert_problem(wrong.get(f"{V1}claims/"), 401)["code"] == "authentication_failed"
    assert (
        assert_problem(client_with_session(stranger).get(f"{V1}claims/"), 403)["code"] == "permission_denied"
    )
    assert_problem(client_of(viewer).post(f"{V1}claims/{claim.pk}/comments/", {"text": "x"}), 403)
    client = client_of(editor)
    for path in (
        "claims/987654/",
        "claims/x/",
        f"claims/{'9' * 40}/",
        "nowhere/",
        "claims/1/nothing/",
        "evidence/0/",
    ):
        assert_problem(client.get(V1 + path), 404)
    assert_problem(client.get("/api/v2/"), 404)
    assert assert_problem(client.put(f"{V1}claims/", {}), 405)
    assert_problem(client.get(f"{V1}claims/", HTTP_ACCEPT="text/html"), 406)


def test_fault_of_the_desk_tells_nothing_of_its_inside(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from claims.domain import articles

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the inside of the desk")

    monkeypatch.setattr(articles, "receive_text", fail)
    client = client_of(editor)
    client.raise_request_exception = False
    answer = client.post(f"{V1}articles/", {"text": factories.TEXT})
    assert_problem(answer, 500)
    assert "inside" not in answer.content.decode()


def test_form_token_is_asked_of_browsers(editor: User, make_claim: Callable[..., Claim]) -> None:
    claim = make_claim()
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(editor, backend="django.contrib.auth.backends.ModelBackend")
    assert_problem(browser.post(f"{V1}claims/{claim.pk}/comments/", {"text": "x"}), 403)


@pytest.mark.parametrize(
    ("status", "body", "field", "remedy"),
    [
        ("triaged", {"action": "hold"}, "reason", "Give a reason."),
        ("triaged", {"action": "hold", "reason": "  "}, "reason", "Give a reason."),
        ("triaged", {"action": "assign"}, "assignee", "Choose a person of this desk."),
        ("triaged", {"action": "mark_duplicate"}, "original", "Choose the claim it repeats."),
        ("approved", {"action": "schedule"}, "publish_at", "Say when the report should go out."),
    ],
)
def test_what_a_move_lacks_is_named_with_its_remedy(
    status: str, body: dict[str, str], field: str, remedy: str, claim_in: Callable[..., Claim], editor: User
) -> None:
    claim = claim_in(status)
    client = client_of(editor)
    answer = client.post(f"{V1}claims/{claim.pk}/transitions/", {**body, "version": claim.version})
    told = assert_problem(answer, 422)
    assert told["code"] == "missing"
    assert [(one["field"], one["remedy"]) for one in told["errors"]] == [(field, remedy)]
    assert [(one["where"], one["remedy"]) for one in told["failing"]] == [(field, remedy)]
    item = {"claim": claim.pk, **body, "version": claim.version}
    bulk = client.post(f"{V1}claims/bulk/transitions/", {"items": [item]})
    assert [one["status"] for one in bulk.json()["items"]] == [422]
    claim.refresh_from_db()
    assert claim.status == status


def test_a_tag_too_long_is_named(editor: User, make_claim: Callable[..., Claim]) -> None:
    claim = make_claim()
    answer = client_of(editor).patch(f"{V1}claims/{claim.pk}/", {"tags": ["water", "x" * 61]})
    assert assert_problem(answer, 400)["errors"][0]["field"].startswith("tags")
    claim.refresh_from_db()
    assert claim.tags == []
