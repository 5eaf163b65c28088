"""The desk as a whole over the API: webhooks, imports, figures, and lists as files."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoAssertNumQueries

from claims.domain import imports, webhooks
from claims.models import (
    AuditEvent,
    Claim,
    IdempotentAnswer,
    ImportBatch,
    ImportedCheck,
    OutboxMessage,
    WebhookReceiver,
)
from tests import factories
from tests.api.clients import V1, client_of, fields_of

pytestmark = pytest.mark.django_db
HOOK = {"name": "CMS", "url": "https://cms.example/hook", "form": "signed", "events": ["report.published"]}
REVIEW = {
    "@context": "https://schema.org", "@type": "ClaimReview", "claimReviewed": "Traffic fell by 31 per cent.",
    "url": "https://other.example/check", "datePublished": "2026-02-01",
    "author": {"@type": "Organization", "name": "Other Desk", "url": "https://other.example"},
    "reviewRating": {"@type": "Rating", "alternateName": "Mostly false"},
    "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "Lena Brandt"}},
}  # fmt: skip


def test_secret_of_a_webhook_is_shown_once_and_kept_nowhere(editor: User, reviewer: User) -> None:
    client = client_of(editor)
    made = client.post(f"{V1}webhooks/", HOOK, HTTP_IDEMPOTENCY_KEY="k")
    secret = made.json()["secret"]
    assert (made.status_code, secret[:6]) == (201, "whsec_")
    again = client.post(f"{V1}webhooks/", HOOK, HTTP_IDEMPOTENCY_KEY="k")
    assert (again.json()["id"], again.json()["secret"]) == (made.json()["id"], "")
    assert secret not in str(IdempotentAnswer.objects.values_list("body", flat=True))
    url = made["Location"]
    assert "secret" not in client.get(url).json()
    assert client.post(f"{url}secret/").json()["secret"] not in {secret, ""}
    assert client.patch(url, {"stopped": True}).json()["stopped_at"]
    assert client.post(f"{url}test/").status_code == 202
    (delivery,) = client.get(f"{url}deliveries/").json()["results"]
    assert (delivery["event"], delivery["state"], delivery["attempts"]) == ("desk.test", "waiting", [])
    assert client_of(reviewer).get(f"{V1}webhooks/").status_code == 403
    assert client_of(editor, "desk").post(f"{V1}webhooks/", HOOK).status_code == 403
    assert fields_of(client.post(f"{V1}webhooks/", {**HOOK, "url": "http://10.0.0.1/"})) == ["url"]
    assert WebhookReceiver.objects.count() == 1


def test_a_call_that_was_given_up_goes_out_again_under_the_same_id(editor: User, reviewer: User) -> None:
    client = client_of(editor)
    url = client.post(f"{V1}webhooks/", HOOK)["Location"]
    made = client.post(f"{url}test/").json()
    again = f"{url}deliveries/{made['id']}/again/"
    waiting = client.post(again)
    assert (waiting.status_code, waiting.json()["current"]["state"]) == (409, "waiting")
    calls = OutboxMessage.objects.filter(kind="webhook")
    calls.update(state=OutboxMessage.State.DEAD, attempts=9, last_error="gone")
    sent = client.post(again)
    assert (sent.status_code, sent.json()["state"], sent.json()["uid"]) == (202, "waiting", made["uid"])
    assert calls.get().attempts == 0
    assert AuditEvent.objects.latest("id").action == "webhook.replayed"
    assert client_of(editor, "desk").post(again).status_code == 403
    assert client_of(reviewer).post(again).status_code == 403
    assert client.post(f"{url}deliveries/{made['id'] + 1}/again/").status_code == 404
    other = client.post(f"{V1}webhooks/", {**HOOK, "name": "Chat"})["Location"]
    assert client.post(f"{other}deliveries/{made['id']}/again/").status_code == 404


def test_a_receiver_is_changed_in_parts_and_only_by_who_saw_it(editor: User) -> None:
    client = client_of(editor)
    url = client.post(f"{V1}webhooks/", HOOK)["Location"]
    secret = webhooks.secret_of(WebhookReceiver.objects.get())
    tag = client.get(url)["ETag"]
    moved = client.patch(url, {"url": "https://cms.example/v2"}, HTTP_IF_MATCH=tag)
    assert (moved.status_code, moved.json()["url"], moved.json()["name"]) == (
        200, "https://cms.example/v2", "CMS",
    )  # fmt: skip
    late = client.patch(url, {"events": ["claim.assigned"]}, HTTP_IF_MATCH=tag)
    assert (late.status_code, late.json()["current"]["url"]) == (412, "https://cms.example/v2")
    both = client.patch(url, {"name": "Site", "events": ["claim.assigned"], "stopped": True}).json()
    assert (both["name"], both["events"], bool(both["stopped_at"])) == ("Site", ["claim.assigned"], True)
    assert client.patch(url, {"stopped": True}).json()["stopped_at"] == both["stopped_at"]
    assert webhooks.secret_of(WebhookReceiver.objects.get()) == secret
    actions = AuditEvent.objects.filter(action__startswith="webhook.").order_by("id")
    assert list(actions.values_list("action", flat=True)) == [
        "webhook.added", "webhook.changed", "webhook.changed", "webhook.stopped",
    ]  # fmt: skip
    for body, field in (({"url": "http://10.0.0.1/"}, "url"), ({"events": []}, "events"), ({"name": " "}, "name"),
                        ({"form": "chat"}, "form"), ({"secret": "mine"}, "secret")):  # fmt: skip
        answer = client.patch(url, {"stopped": False, **body}, format="json")
        assert (answer.status_code, fields_of(answer)) == (400, [field]), body
    assert client.get(url).json()["stopped_at"], "nothing of a refused change is done"


def test_no_machine_account_decides_who_is_told(editor: User) -> None:
    """It may look and send again what editors chose to send; where news goes is for people, whatever its role and token."""
    robot = factories.person("pressbot", "editor", machine=True)
    mine, its = client_of(editor), client_of(robot)
    url = mine.post(f"{V1}webhooks/", HOOK)["Location"]
    before = WebhookReceiver.objects.values().get()
    for answer in (
        its.post(f"{V1}webhooks/", HOOK),
        its.patch(url, {"url": "https://elsewhere.example/"}),
        its.patch(url, {"stopped": True}),
        its.post(f"{url}secret/"),
    ):
        assert (answer.status_code, "machine account" in answer.json()["detail"]) == (403, True), (
            answer.content
        )
    assert WebhookReceiver.objects.values().get() == before
    made = its.post(f"{url}test/").json()
    OutboxMessage.objects.update(state=OutboxMessage.State.DEAD)
    assert its.post(f"{url}deliveries/{made['id']}/again/").status_code == 202


def test_calls_come_in_pages_and_each_by_itself(
    editor: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(editor)
    url = client.post(f"{V1}webhooks/", HOOK)["Location"]
    made = [client.post(f"{url}test/").json()["id"] for _ in range(3)]
    with django_assert_max_num_queries(9):
        first = client.get(f"{url}deliveries/", {"page_size": "2"}).json()
    second = client.get(first["next"]).json()
    assert [row["id"] for page in (first, second) for row in page["results"]] == made[::-1]
    assert second["next"] is None
    one = f"{url}deliveries/{made[0]}/"
    seen = client.get(one)
    assert (seen.json()["id"], seen.json()["state"]) == (made[0], "waiting")
    OutboxMessage.objects.filter(delivery=made[0]).update(state=OutboxMessage.State.DEAD)
    late = client.post(f"{one}again/", HTTP_IF_MATCH=seen["ETag"])
    assert (late.status_code, late.json()["current"]["state"]) == (412, "dead")
    fresh = client.get(one)["ETag"]
    again = [client.post(f"{one}again/", HTTP_IF_MATCH=fresh, HTTP_IDEMPOTENCY_KEY="k") for _ in range(2)]
    assert [(row.status_code, row.json()["uid"]) for row in again] == [(202, seen.json()["uid"])] * 2
    assert AuditEvent.objects.filter(action="webhook.replayed").count() == 1
    other = client.post(f"{V1}webhooks/", {**HOOK, "name": "Chat"})["Location"]
    assert client.get(f"{other}deliveries/{made[0]}/").status_code == 404


def test_checks_of_others_are_brought_in(editor: User, reviewer: User) -> None:
    def send(person: User, content: bytes) -> Any:
        file = SimpleUploadedFile("checks.json", content, "application/json")
        return client_of(person).post(f"{V1}imports/", {"file": file}, format="multipart")

    made = send(editor, json.dumps([REVIEW, {"@type": "Thing"}]).encode())
    assert made.status_code == 201, made.content
    assert (made.json()["fresh"], made.json()["put_aside"], made.json()["brought_by"]) == (1, 1, "pia")
    assert send(reviewer, b"[]").status_code == 403
    assert ImportedCheck.objects.get().publisher == "Other Desk"
    rows = client_of(reviewer).get(f"{V1}imports/").json()["results"]
    assert [row["id"] for row in rows] == [made.json()["id"]]


def test_what_unpacks_to_more_than_its_size_is_not_brought_in(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bomb of 10 GB is 10 MB on the wire; this one is the smaller sister."""

    def send(content: bytes) -> Any:
        file = SimpleUploadedFile("checks.json.gz", content, "application/gzip")
        return client_of(editor).post(f"{V1}imports/", {"file": file}, format="multipart")

    bomb = send(gzip.compress(b"[" + b" " * imports.FROM_OUTSIDE.unpacked, 1))
    assert bomb.status_code == 400, bomb.content
    assert "unpacks to more than 20 MB" in bomb.json()["errors"][0]["detail"]
    assert not ImportBatch.objects.exists()
    monkeypatch.setattr(imports, "FROM_OUTSIDE", imports.Limits(unpacked=20_000_000, records=3))
    many = send(gzip.compress(json.dumps([REVIEW, *[1] * 900]).encode()))
    assert (many.status_code, many.json()["fresh"], many.json()["put_aside"]) == (201, 1, 3)
    assert "more than 3 records" in ImportBatch.objects.get().quarantine.latest("id").reason


def test_claims_come_from_a_spreadsheet(editor: User, reviewer: User, second_reader: User) -> None:
    client = client_of(reviewer)
    rows = "What they said;Who\nThe ferry carries 4,000 more passengers.;Marek Dunn\nThe toll was raised twice.;Lena Brandt\n"

    def bring(text: str, key: str = "a") -> Any:
        file = SimpleUploadedFile("claims.csv", text.encode(), "text/csv")
        return client.post(
            f"{V1}claim-sheets/upload/", {"file": file}, format="multipart", HTTP_IDEMPOTENCY_KEY=key
        )

    made = bring(rows)
    assert (made.status_code, made.json()["head"], made.json()["fresh"]) == (
        201,
        ["What they said", "Who"],
        0,
    )
    assert "column that holds the claim" in made.json()["missing"]
    url = made["Location"]
    chosen = {"columns": {"claim": 0, "speaker": 1}}
    assert client.post(f"{url}look/", chosen, format="json").json()["fresh"] == 2
    assert not Claim.objects.exists()
    assert fields_of(client.post(f"{url}import/", {"columns": {"claim": 9}}, format="json")) == [
        "columns.claim"
    ]
    assert fields_of(client.post(f"{url}import/", {}, format="json")) == ["claim"]
    assert client_of(second_reader).get(url).status_code == 404, "whoever brought it, and editors"
    assert client_of(editor).get(url).json()["brought_by"] == "noor"
    assert [row["id"] for row in client.get(f"{V1}claim-sheets/").json()["results"]] == [made.json()["id"]]
    assert client_of(second_reader).get(f"{V1}claim-sheets/").json()["results"] == []
    tag = client.get(url)["ETag"]
    done = client.post(f"{url}import/", chosen, format="json", HTTP_IF_MATCH=tag, HTTP_IDEMPOTENCY_KEY="k")
    assert (done.status_code, done.json()["made"], done.json()["columns"]) == (200, 2, chosen["columns"])
    assert set(Claim.objects.values_list("speaker__name", flat=True)) == {"Marek Dunn", "Lena Brandt"}
    again = client.post(f"{url}import/", chosen, format="json", HTTP_IF_MATCH=tag)
    assert (again.status_code, again.json()["current"]["made"]) == (412, 2)
    assert "imported already" in client.post(f"{url}import/", chosen, format="json").json()["detail"]
    bad = bring("Claim,Speaker\nToo,A\n", "b").json()
    assert (bad["fresh"], [row["row"] for row in bad["problems"]]) == (0, [2])
    refused = client.post(f"{V1}claim-sheets/{bad['id']}/import/", {}, format="json")
    assert (refused.status_code, "Nothing was imported" in refused.json()["detail"]) == (400, True)
    assert Claim.objects.count() == 2


def test_figures_of_the_desk(editor: User, reviewer: User, claim_in: Callable[..., Claim]) -> None:
    claim_in("published")
    found = client_of(editor).get(f"{V1}insight/figures/", {"weeks": "4"}).json()
    assert sum(week["published"] for week in found["weeks"]) == 1
    assert {person["name"] for person in found["people"]} >= {"Noor Demo"}
    assert client_of(reviewer).get(f"{V1}insight/figures/", {"weeks": "4"}).json()["people"] == []
    client = client_of(editor)
    for query in ({"weeks": "0"}, {"first": "2026-01-01"}, {"first": "2026-02-30", "last": "2026-03-01"},
                  {"first": "2026-03-01", "last": "2026-01-01"}, {"months": "1"}):  # fmt: skip
        assert client.get(f"{V1}insight/figures/", query).status_code == 400, query
    days = {"first": "2026-01-01", "last": "2026-01-31"}
    assert client.get(f"{V1}insight/figures/", days).json()["period"] == days


def test_claims_are_taken_along_as_a_file(
    editor: User, stranger: User, make_claim: Callable[..., Claim]
) -> None:
    first = make_claim("carries 4,000 more passengers")
    make_claim("22,400 vehicles")
    factories.move(first, "triage", editor)
    client = client_of(editor)
    answer: Any = client.get(f"{V1}exports/claims/", {"status": "triaged"}, HTTP_ACCEPT="text/csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert len(rows) == 2
    assert "4,000" in str(rows[1])
    assert fields_of(client.get(f"{V1}exports/claims/", {"form": "exe"})) == ["form"]
    assert client.get(f"{V1}exports/claims/", {"page_size": "1"}).status_code == 400
