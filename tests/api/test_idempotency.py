"""A write that is sent twice under one Idempotency-Key has one effect and one answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from claims.domain import replays
from claims.domain import transitions as door
from claims.models import Article, AuditEvent, Claim, Comment, Evidence, IdempotentAnswer
from tests import factories
from tests.api.clients import V1, client_of, client_with_session

pytestmark = pytest.mark.django_db
ARTICLES = f"{V1}articles/"


def keyed(key: str) -> dict[str, Any]:
    return {"HTTP_IDEMPOTENCY_KEY": key}


def test_replay_has_one_effect_and_the_same_answer(editor: User) -> None:
    client = client_of(editor)
    first = client.post(ARTICLES, {"text": factories.TEXT}, **keyed("k1"))
    second = client.post(ARTICLES, {"text": factories.TEXT}, **keyed("k1"))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (first["ETag"], first["Location"]) == (second["ETag"], second["Location"])
    assert second["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Article.objects.count() == 1


def test_every_kind_of_write_takes_a_key(editor: User, claim_in: Callable[..., Claim]) -> None:
    claim = claim_in("researching")
    client = client_of(editor)
    source = {"title": "Counts", "where": "Archive", "stance": "context", "kind": "primary"}
    writes: list[tuple[str, str, Any]] = [
        ("post", f"claims/{claim.pk}/evidence/", source),
        ("post", f"claims/{claim.pk}/comments/", {"text": "Look."}),
        ("put", f"claims/{claim.pk}/verdict/", {"revision": 0, "headline": "It fell"}),
        ("patch", f"claims/{claim.pk}/", {"topic": "traffic"}),
        (
            "post",
            f"claims/{claim.pk}/transitions/",
            {"action": "hold", "version": claim.version, "reason": "x"},
        ),
    ]
    for number, (method, path, body) in enumerate(writes):
        first = getattr(client, method)(V1 + path, body, **keyed(f"k{number}"))
        events = AuditEvent.objects.count()
        again = getattr(client, method)(V1 + path, body, **keyed(f"k{number}"))
        assert first.status_code in {200, 201}, (path, first.json())
        assert (again.status_code, again.json()) == (first.status_code, first.json()), path
        assert AuditEvent.objects.count() == events, path
    assert (Evidence.objects.count(), Comment.objects.count()) == (1, 1)
    item = Evidence.objects.get()
    factories.move(claim, "reopen", editor, reason="x")
    for _time in range(2):
        assert client.delete(f"{V1}evidence/{item.pk}/", **keyed("gone")).status_code == 204
    assert AuditEvent.objects.filter(action="evidence.withdrawn").count() == 1


def test_same_key_for_another_request_is_refused(editor: User) -> None:
    client = client_of(editor)
    client.post(ARTICLES, {"text": factories.TEXT}, **keyed("k"))
    other = client.post(ARTICLES, {"text": factories.TEXT + " More."}, **keyed("k"))
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_key_reused"
    elsewhere = client.post(f"{ARTICLES}1/retry/", {"text": factories.TEXT}, **keyed("k"))
    assert elsewhere.status_code == 422
    assert Article.objects.count() == 1


def test_refused_write_leaves_no_key_behind(editor: User) -> None:
    client = client_of(editor)
    assert client.post(ARTICLES, {"text": "!" * 90}, **keyed("k")).status_code == 400
    assert not IdempotentAnswer.objects.exists()
    assert client.post(ARTICLES, {"text": factories.TEXT}, **keyed("k")).status_code == 201


def test_crash_in_the_middle_loses_nothing_and_doubles_nothing(
    editor: User, make_claim: Callable[..., Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, client = make_claim(), client_of(editor)
    client.raise_request_exception = False
    body = {"action": "triage", "version": claim.version}
    url = f"{V1}claims/{claim.pk}/transitions/"
    tell = door.notices.tell

    def crash(*args: Any) -> None:
        tell(*args)
        raise RuntimeError("the process dies here")

    monkeypatch.setattr(door.notices, "tell", crash)
    assert client.post(url, body, **keyed("k")).status_code == 500
    monkeypatch.undo()
    claim.refresh_from_db()
    assert (claim.status, IdempotentAnswer.objects.count()) == ("new", 0)
    assert client.post(url, body, **keyed("k")).status_code == 200
    assert client.post(url, body, **keyed("k")).status_code == 200
    assert AuditEvent.objects.filter(claim=claim, action="claim.triage").count() == 1


def test_keys_of_two_programs_and_a_log_in_are_apart(editor: User, make_claim: Callable[..., Claim]) -> None:
    claim = make_claim()
    url = f"{V1}claims/{claim.pk}/comments/"
    for client in (client_of(editor), client_of(editor), client_with_session(editor)):
        assert client.post(url, {"text": "Mine."}, **keyed("same")).status_code == 201
    assert Comment.objects.count() == 3


def test_key_expires_after_a_day(editor: User, make_claim: Callable[..., Claim]) -> None:
    claim, client = make_claim(), client_of(editor)
    url = f"{V1}claims/{claim.pk}/comments/"
    client.post(url, {"text": "One."}, **keyed("k"))
    old = timezone.now() - replays.KEPT - timedelta(seconds=1)
    IdempotentAnswer.objects.update(created_at=old)
    assert client.post(url, {"text": "Two."}, **keyed("k")).status_code == 201
    IdempotentAnswer.objects.update(created_at=old)
    assert replays.forget_old() == 1
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.parametrize("key", ["x" * 201, "a\tb"])
def test_key_that_is_none_is_refused(key: str, editor: User) -> None:
    answer = client_of(editor).post(ARTICLES, {"text": factories.TEXT}, **keyed(key))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


def test_file_sent_twice_is_the_same_request(editor: User) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = client_of(editor)
    answers = [
        client.post(
            f"{ARTICLES}upload/",
            {"file": SimpleUploadedFile("toll.txt", factories.TEXT.encode()), "outlet": "Courier"},
            format="multipart",
            **keyed("file"),
        )
        for _time in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201], answers[0].json()
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["outlet"] == "Courier"
