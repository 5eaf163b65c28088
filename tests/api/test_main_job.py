"""The whole main job over the API, and the ways in which it says no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from claims.domain import tokens
from claims.models import ApiToken, Claim, Report
from tests import factories
from tests.api.clients import client_of, client_with_session, do_steps

pytestmark = pytest.mark.django_db


def test_article_to_report(editor: User, reviewer: User, second_reader: User) -> None:
    factories.pages()
    desk, checker, reader = client_of(editor), client_of(reviewer), client_of(second_reader)
    sent = {"text": factories.TEXT, "title": "Bridge toll", "url": "https://courier.example/toll"}
    made = desk.post("/api/v1/articles/", sent)
    assert made.status_code == 201, made.data
    do_steps()
    article = desk.get(f"/api/v1/articles/{made.data['id']}/").data
    assert article["state"] == "ready"
    found = desk.get("/api/v1/claims/", {"article": article["id"], "status": "new"}).data["results"]
    assert found
    claim = desk.get(f"/api/v1/claims/{found[0]['id']}/").data
    assert article["text"][claim["start"] : claim["end"]] == claim["text"]
    url = f"/api/v1/claims/{claim['id']}/"

    assigned = desk.post(f"{url}assign/", {"version": claim["version"], "assignee": "noor"})
    assert assigned.data["assignee"] == "noor"
    started = checker.post(f"{url}transitions/", {"version": assigned.data["version"], "action": "start"})
    for source in (
        {
            "title": "Counts",
            "publisher": "Port",
            "url": "https://port.example/c",
            "stance": "undermines",
            "kind": "primary",
        },
        {
            "title": "Minutes",
            "publisher": "Council",
            "where": "Archive",
            "stance": "supports",
            "kind": "secondary",
        },
    ):
        assert checker.post(f"{url}evidence/", source).status_code == 201
    saved = checker.put(
        f"{url}verdict/",
        {"revision": 0, "level": "mostly_false", "headline": "It fell by less", "summary": "Counts show 27 per cent.",
         "reasoning": "Counts [1], minutes [2].", "why_checked": "Quoted widely."},
    )  # fmt: skip
    assert saved.data["revision"] == 1
    reply = {"contacted": False, "not_contacted_reason": "public_record"}
    assert checker.put(f"{url}reply/", reply).status_code == 200
    sent = checker.post(f"{url}transitions/", {"version": started.data["version"], "action": "submit"})
    assert sent.status_code == 200, sent.data
    own = checker.post(f"{url}transitions/", {"version": sent.data["version"], "action": "approve"})
    assert own.status_code == 422
    assert "You wrote on this claim" in own.data["detail"]
    good = reader.post(f"{url}transitions/", {"version": sent.data["version"], "action": "approve"})
    assert good.data["status"] == "approved"
    out = desk.post(f"{url}transitions/", {"version": good.data["version"], "action": "publish"})
    assert out.data["status"] == "published"
    public = APIClient().get("/api/v1/reports/").data["results"]
    assert [row["headline"] for row in public] == ["It fell by less"]
    document = APIClient().get(f"/api/v1/reports/{public[0]['slug']}/").data["document"]
    assert document["verdict"]["key"] == "mostly_false"


def test_second_person_at_the_same_version_gets_409(
    editor: User, second_reader: User, make_claim: Callable[..., Claim]
) -> None:
    claim = make_claim()
    body = {"version": claim.version, "action": "triage"}
    assert client_of(editor).post(f"/api/v1/claims/{claim.pk}/transitions/", body).status_code == 200
    late = client_of(second_reader).post(f"/api/v1/claims/{claim.pk}/transitions/", body)
    assert late.status_code == 409
    assert late.data["current"]["status"] == "triaged"
    assert late["Content-Type"].startswith("application/problem+json")


def test_role_and_guard_answer_differently(
    viewer: User, reviewer: User, editor: User, make_claim: Callable[..., Claim]
) -> None:
    claim = make_claim()
    url = f"/api/v1/claims/{claim.pk}/transitions/"
    body = {"version": claim.version, "action": "hold", "reason": "x"}
    assert client_of(viewer).post(url, body).status_code == 403
    assert client_of(reviewer).post(url, body).status_code == 403
    refused = client_of(editor).post(url, body)
    assert refused.status_code == 422


def test_unknown_fields_are_refused(editor: User, make_claim: Callable[..., Claim]) -> None:
    claim = make_claim()
    answer = client_of(editor).patch(f"/api/v1/claims/{claim.pk}/", {"status": "published", "restated": "x"})
    assert answer.status_code == 400
    assert [error["field"] for error in answer.data["errors"]] == ["status"]
    claim.refresh_from_db()
    assert claim.status == "new"
    assert claim.restated != "x"


def test_strangers_and_the_public_see_nothing_of_the_desk(
    stranger: User, editor: User, make_claim: Callable[..., Claim]
) -> None:
    claim = make_claim()
    for client, code in ((APIClient(), 401), (client_with_session(stranger), 403)):
        for path in ("claims/", f"claims/{claim.pk}/", "articles/", "people/", f"claims/{claim.pk}/history/"):
            assert client.get(f"/api/v1/{path}").status_code == code, path


def test_read_token_cannot_write(editor: User, make_claim: Callable[..., Claim]) -> None:
    claim = make_claim()
    client = client_of(editor, ApiToken.Scope.READ)
    assert client.get(f"/api/v1/claims/{claim.pk}/").status_code == 200
    body = {"version": claim.version, "action": "triage"}
    assert client.post(f"/api/v1/claims/{claim.pk}/transitions/", body).status_code == 403


def test_desk_token_cannot_publish(editor: User, claim_in: Callable[..., Claim]) -> None:
    claim = claim_in("approved")
    factories.pages()
    body = {"version": claim.version, "action": "publish"}
    client = client_of(editor, ApiToken.Scope.DESK)
    assert client.post(f"/api/v1/claims/{claim.pk}/transitions/", body).status_code == 403
    assert not Report.objects.exists()


def test_desk_token_agrees_to_no_public_note(
    editor: User, second_reader: User, claim_in: Callable[..., Claim]
) -> None:
    """Broken build: let any token that writes stand for the second pair of eyes."""
    claim = claim_in("published")
    given = {"kind": "correction", "public_note": "It is 27 per cent."}
    factories.move(claim, "open_correction", editor, reason="mend", payload=given)
    address, note = f"/api/v1/claims/{claim.pk}/correction-note/", {"public_note": "It is 27 per cent."}
    refused = client_of(second_reader, ApiToken.Scope.DESK).put(address, note)
    assert refused.status_code == 403
    assert "what is public" in refused.json()["detail"]
    assert client_of(second_reader).put(address, note).json()["agreed_by"] == second_reader.username


def test_token_is_not_in_the_database_and_dies_with_its_revocation(editor: User) -> None:
    token, secret = tokens.create(editor, "cms")
    assert not ApiToken.objects.filter(digest__contains=secret[4:]).exists()
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert client.get("/api/v1/people/me/").status_code == 200
    tokens.revoke(token, actor=editor)
    assert client.get("/api/v1/people/me/").status_code == 401


def test_same_article_twice_names_the_first(editor: User) -> None:
    client = client_of(editor)
    first = client.post("/api/v1/articles/", {"text": factories.TEXT})
    second = client.post("/api/v1/articles/", {"text": "  " + factories.TEXT.replace("\n\n", "\n \n")})
    assert second.status_code == 409
    assert second.data["article"] == first.data["id"]


def test_list_costs_the_same_queries_whatever_it_holds(
    editor: User, make_claim: Callable[..., Claim], django_assert_num_queries: Any
) -> None:
    client = client_of(editor)
    make_claim()
    client.get("/api/v1/claims/")
    with django_assert_num_queries(4):  # token, roles, the count of requests, claims
        client.get("/api/v1/claims/")
    make_claim("carries 4,000 more passengers")
    make_claim("22,400 vehicles")
    with django_assert_num_queries(4):
        assert len(client.get("/api/v1/claims/").data["results"]) >= 3


def test_schema_is_whole(tmp_path: Any) -> None:
    from django.core.management import call_command

    call_command("spectacular", "--validate", "--fail-on-warn", file=str(tmp_path / "schema.yml"))
    assert "/api/v1/claims/{id}/transitions/" in (tmp_path / "schema.yml").read_text()
