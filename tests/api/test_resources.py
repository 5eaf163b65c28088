"""What the API offers beside the main job: bulk moves, files, speakers, matches, versions, and the public part."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from claims.enums import ArticleState, StepState
from claims.models import Article, AuditEvent, Claim, Report, StepResult, VerificationStep
from tests import factories
from tests.api.clients import V1, client_of, client_with_session, do_steps

pytestmark = pytest.mark.django_db


# --- many at once ----------------------------------------------------------------------------------------------
def test_many_moves_each_say_how_it_went(editor: User, make_claim: Callable[..., Claim]) -> None:
    good, late, wrong = (
        make_claim(w) for w in ("31 per cent", "carries 4,000 more passengers", "22,400 vehicles")
    )
    factories.move(late, "triage", editor)
    items = [
        {"claim": good.pk, "action": "triage", "version": 1},
        {"claim": late.pk, "action": "triage", "version": 1},
        {"claim": wrong.pk, "action": "submit", "version": 1},
        {"claim": 987_654, "action": "triage", "version": 1},
        {"claim": wrong.pk, "action": "assign", "version": 1, "assignee": "nobody"},
    ]
    answer = client_of(editor).post(
        f"{V1}claims/bulk/transitions/", {"items": items}, HTTP_IDEMPOTENCY_KEY="k"
    )
    body = answer.json()
    assert (answer.status_code, body["done"], body["refused"]) == (200, 1, 4)
    assert [item["status"] for item in body["items"]] == [200, 409, 422, 404, 400]
    assert [item["state"] for item in body["items"]] == ["triaged", "triaged", "new", None, "new"]
    assert body["items"][1]["problem"]["current"]["version"] == 2
    assert body["items"][4]["problem"]["errors"][0]["field"] == "assignee"
    again = client_of(editor).post(
        f"{V1}claims/bulk/transitions/", {"items": items}, HTTP_IDEMPOTENCY_KEY="k"
    )
    assert again.json()["items"][0]["status"] == 409  # another token, so another key


def test_many_are_assigned_to_one_checker(
    editor: User, reviewer: User, viewer: User, make_claim: Callable[..., Claim]
) -> None:
    first, second = make_claim("31 per cent"), make_claim("22,400 vehicles")
    body = {
        "items": [{"claim": claim.pk, "version": 1} for claim in (first, second)],
        "assignee": "noor",
        "note": "Before Friday.",
    }
    url = f"{V1}claims/bulk/assign/"
    refused = client_of(reviewer).post(url, body).json()
    assert (refused["done"], {item["status"] for item in refused["items"]}) == (0, {403})
    assert client_of(viewer).post(url, body).status_code == 403
    done = client_of(editor).post(url, body).json()
    assert done["done"] == 2
    assert set(
        Claim.objects.filter(pk__in=[first.pk, second.pk]).values_list("assignee__username", flat=True)
    ) == {"noor"}
    mine = (
        client_of(reviewer).get(f"{V1}assignments/", {"person": "noor", "standing": "true"}).json()["results"]
    )
    assert {row["claim"] for row in mine} == {first.pk, second.pk}
    over = {
        **body,
        "items": [{"claim": first.pk, "version": 2}],
        "assignee": "pia",
        "reason": "Noor is away.",
    }
    assert client_of(editor).post(url, over).json()["done"] == 1
    assert client_of(editor).post(url, {**body, "items": []}).status_code == 400
    assert (
        client_of(editor).post(url, {**body, "items": [{"claim": 1, "version": 1}] * 101}).status_code == 400
    )


# --- articles and claims ---------------------------------------------------------------------------------------
def test_article_comes_in_as_a_file_and_is_described_later(editor: User) -> None:
    client = client_of(editor)
    file = SimpleUploadedFile("toll.txt", factories.TEXT.encode(), "text/plain")
    made = client.post(f"{V1}articles/upload/", {"file": file, "outlet": "Courier"}, format="multipart")
    assert made.status_code == 201, made.content
    assert made["Location"] == f"{V1}articles/{made.json()['id']}/"
    changed = client.patch(made["Location"], {"published_on": "2026-03-01", "author": "J. Ames"})
    assert (changed.json()["author"], changed.json()["outlet"]) == ("J. Ames", "Courier")
    binary = SimpleUploadedFile("x.exe", b"MZ\0\1" * 100)
    refused = client.post(f"{V1}articles/upload/", {"file": binary}, format="multipart")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "file")
    unknown = client.post(f"{V1}articles/upload/", {"file": file, "status": "x"}, format="multipart")
    assert unknown.json()["errors"][0]["field"] == "status"


def test_failed_article_is_tried_again_or_given_its_text(editor: User) -> None:
    client = client_of(editor)
    made = client.post(f"{V1}articles/", {"url": "https://news.example/toll"}).json()
    url = f"{V1}articles/{made['id']}/"
    assert made["state"] == "fetching"
    early = client.post(f"{url}retry/")
    assert (early.status_code, early.json()["code"]) == (422, "refused")
    Article.objects.filter(pk=made["id"]).update(state=ArticleState.FAILED, problem="No answer.")
    assert client.post(f"{url}retry/").json()["state"] == "fetching"
    Article.objects.filter(pk=made["id"]).update(state=ArticleState.FAILED, problem="No answer.")
    assert client.post(f"{url}text/", {"text": factories.TEXT}).status_code == 202
    VerificationStep.objects.filter(kind="fetch").update(state=StepState.DEAD)
    do_steps()
    assert client.get(url, {"fields": "state"}).json() == {"state": "ready"}
    statements = client.get(f"{url}statements/").json()["results"]
    text = client.get(url).json()["text"]
    assert all(text[row["start"] : row["end"]] == row["text"] for row in statements)


def test_claim_is_edited_split_and_dated(editor: User, make_claim: Callable[..., Claim]) -> None:
    claim, client = make_claim("carries 4,000 more passengers"), client_of(editor)
    url = f"{V1}claims/{claim.pk}/"
    assert client.patch(url, {"start": 5}).json()["errors"][0]["field"] == "end"
    changed = client.patch(
        url, {"topic": "ferry", "priority": "1_urgent", "due_at": "2030-01-01T12:00:00Z"}
    ).json()
    assert (changed["topic"], changed["priority"], changed["due_at"]) == (
        "ferry",
        "1_urgent",
        "2030-01-01T12:00:00Z",
    )
    pair = client.post(f"{url}split/", {"at": claim.start + 12})
    assert pair.status_code == 201, pair.content
    assert pair.json()["first"]["end"] == pair.json()["first"]["start"] + len(pair.json()["first"]["text"])
    assert pair.json()["second"]["id"] != claim.pk


def test_speakers_lead_to_their_claims(editor: User, make_claim: Callable[..., Claim]) -> None:
    make_claim()
    client = client_of(editor)
    rows = client.get(f"{V1}speakers/", {"search": "brandt"}).json()["results"]
    assert [row["name"] for row in rows] == ["Lena Brandt"]
    assert client.get(f"{V1}speakers/{rows[0]['id']}/").json()["name"] == "Lena Brandt"
    assert client.get(f"{V1}claims/", {"speaker": "Lena Brandt"}).json()["results"]


def test_earlier_checks_of_a_claim(
    editor: User, make_claim: Callable[..., Claim], claim_in: Callable[..., Claim]
) -> None:
    claim_in("published")
    claim = make_claim("22,400 vehicles")
    step = VerificationStep.objects.filter(claim=claim, kind="previous_checks").order_by("-run").first()
    assert step is not None
    now = step.created_at
    VerificationStep.objects.filter(pk=step.pk).update(state=StepState.DONE, started_at=now, finished_at=now)
    item = {
        "slug": Report.objects.get().slug,
        "headline": "It fell by less",
        "verdict": "Mostly false",
        "score": 0.7,
    }
    StepResult.objects.create(step=step, outcome="found", items=[item], started_at=now, finished_at=now)
    client = client_of(editor)
    (match,) = client.get(f"{V1}claims/{claim.pk}/matches/").json()["results"]
    assert (match["title"], match["score"], match["step"]) == ("It fell by less", 0.7, step.pk)
    assert APIClient().get(match["url"]).status_code == 200
    again = client.post(f"{V1}steps/{step.pk}/rerun/")
    assert (again.status_code, again.json()["run"]) == (202, 2)
    runs = client.get(f"{V1}steps/", {"claim": claim.pk, "kind": "previous_checks"}).json()["results"]
    assert [row["run"] for row in runs] == [2, 1]
    cancel = f"{V1}steps/{again.json()['id']}/cancel/"
    assert client_of(factories.person("looker", "viewer")).post(cancel).status_code == 403
    assert (client.post(cancel).json()["state"], client.post(cancel).status_code) == ("cancelled", 409)
    assert client.post(cancel).json()["current"]["state"] == "cancelled"


def test_saved_states_ratings_and_history(editor: User, claim_in: Callable[..., Claim]) -> None:
    claim, client = claim_in("in_review"), client_of(editor)
    url = f"{V1}claims/{claim.pk}/"
    keys = [row["key"] for row in client.get(f"{V1}ratings/").json()["results"]]
    states = client.get(f"{url}verdict/revisions/").json()["results"]
    assert [row["revision"] for row in states] == [1]
    assert states[0]["level"] in keys
    moves = client.get(f"{url}transitions/").json()["results"]
    assert [row["to_status"] for row in moves] == ["in_review", "researching", "assigned", "triaged"]
    events = client.get(f"{url}history/").json()["results"]
    assert len(events) == AuditEvent.objects.filter(claim=claim).count() > len(moves)
    assert client.get(f"{url}gates/").json()["results"]
    assert client.get(f"{V1}evidence/", {"claim": claim.pk, "stance": "supports"}).json()["results"]
    assert client.get(f"{url}reply/").json()["not_contacted_reason"] == "public_record"


# --- the public part -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("second_step", [False, True])
def test_public_part_may_be_read_from_any_site_and_knows_no_cookies(
    second_step: bool, editor: User, claim_in: Callable[..., Claim], settings: Any
) -> None:
    settings.SECOND_STEP_REQUIRED = second_step
    claim_in("published")
    draft = claim_in("approved", "carries 4,000 more passengers")
    Claim.objects.filter(pk=draft.pk).update(restated="canary-5f2c", topic="canary-5f2c")
    slug = Report.objects.get().slug
    paths = (
        "reports/",
        f"reports/{slug}/",
        f"reports/{slug}/versions/",
        f"reports/{slug}/versions/1/",
        "reports/none/",
    )
    for client in (APIClient(), client_with_session(editor)):
        for path in paths:
            answer = client.get(V1 + path, HTTP_ORIGIN="https://elsewhere.example")
            assert answer["Access-Control-Allow-Origin"] == "*", path
            assert "Access-Control-Allow-Credentials" not in answer, path
            assert "Cookie" not in answer.get("Vary", ""), path
            assert answer.cookies == {}, path
            assert answer["Cache-Control"] == "public, max-age=60", path
            assert "canary-5f2c" not in answer.content.decode(), path
    version = APIClient().get(f"{V1}reports/{slug}/versions/1/").json()
    whole = APIClient().get(f"{V1}reports/{slug}/").json()
    assert (version["sha256"], version["document"]) == (whole["sha256"], whole["document"])
    assert APIClient().get(f"{V1}reports/{slug}/versions/2/").status_code == 404
    assert APIClient().get(f"{V1}reports/", {"verdict": "mostly_false"}).json()["results"][0]["slug"] == slug
    assert APIClient().get(f"{V1}reports/", {"verdict": "true"}).json()["results"] == []


def test_preflight_allows_reading_the_public_part_alone(claim_in: Callable[..., Claim], editor: User) -> None:
    claim_in("published")
    asked = {"HTTP_ORIGIN": "https://elsewhere.example", "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "GET"}
    answer = APIClient().options(f"{V1}reports/", **asked)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "*")
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert set(answer["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    private = client_of(editor).options(f"{V1}claims/", **asked)
    assert (private.status_code, set(private["Allow"].split(", "))) == (
        204,
        {"GET", "HEAD", "POST", "OPTIONS"},
    )
    for response in (
        private,
        APIClient().options(f"{V1}claims/", **asked),
        client_of(editor).get(f"{V1}claims/", **asked),
    ):
        assert "Access-Control-Allow-Origin" not in response
    assert APIClient().options(f"{V1}claims/", **asked).status_code == 401
    sent = {"about": "fact", "text": "The counts were revised in May."}
    url = f"{V1}reports/{Report.objects.get().slug}/errors/"
    made = [APIClient().post(url, sent, HTTP_IDEMPOTENCY_KEY="k") for _time in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json() == made[1].json()
    assert "Access-Control-Allow-Origin" not in made[0]


def test_private_answers_are_kept_by_nobody(editor: User, make_claim: Callable[..., Claim]) -> None:
    answer = client_of(editor).get(f"{V1}claims/{make_claim().pk}/")
    assert answer["Cache-Control"] == "no-store"
    assert json.loads(answer.content)["id"]


def test_lists_of_the_api_and_head_requests(editor: User, make_claim: Callable[..., Claim]) -> None:
    url = f"{V1}claims/{make_claim().pk}/"
    client: Any = client_of(editor)
    head = client.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == client.get(url)["ETag"]
