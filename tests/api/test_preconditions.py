"""Entity tags: 304 for what is unchanged, 412 with the present state for what somebody changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from claims.domain import claims as verbs
from claims.domain import evidence, verdicts
from claims.models import Article, Claim, Comment
from tests import factories
from tests.api.clients import V1, client_of

pytestmark = pytest.mark.django_db


def matching(tag: str) -> dict[str, Any]:
    return {"HTTP_IF_MATCH": tag}


def test_unchanged_is_304_without_a_body(editor: User, make_claim: Callable[..., Claim]) -> None:
    claim, client = make_claim(), client_of(editor)
    url = f"{V1}claims/{claim.pk}/"
    first = client.get(url)
    again = client.get(url, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    verbs.add_comment(claim.pk, actor=editor, text="Does not show on the claim.")
    assert client.get(url, HTTP_IF_NONE_MATCH=f'"other", W/{first["ETag"]}').status_code == 304
    factories.move(claim, "triage", editor)
    changed = client.get(url, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (changed.status_code, changed.json()["status"]) == (200, "triaged")
    narrow = client.get(url, {"fields": "id"}, HTTP_IF_NONE_MATCH=changed["ETag"])
    assert narrow.status_code == 200
    assert (
        client.get(f"{V1}claims/", HTTP_IF_NONE_MATCH=client.get(f"{V1}claims/")["ETag"]).status_code == 304
    )


def test_second_of_two_editors_gets_412_with_what_stands(
    editor: User, make_claim: Callable[..., Claim]
) -> None:
    claim = make_claim()
    url = f"{V1}claims/{claim.pk}/"
    first, second = client_of(editor), client_of(editor)
    tag = first.get(url, {"fields": "id,topic"})["ETag"]
    assert first.patch(url, {"topic": "traffic"}, **matching(tag)).status_code == 200
    late = second.patch(url, {"topic": "harbour"}, **matching(tag))
    assert late.status_code == 412
    assert late.json()["current"]["topic"] == "traffic"
    claim.refresh_from_db()
    assert claim.topic == "traffic"
    assert second.patch(url, {"topic": "harbour"}, **matching(late["ETag"])).status_code == 200


def test_work_of_the_desk_that_changes_nothing_leaves_the_tag(
    editor: User, make_claim: Callable[..., Claim]
) -> None:
    claim, client = make_claim(), client_of(editor)
    url = f"{V1}claims/{claim.pk}/"
    tag = client.get(url)["ETag"]
    verbs.add_comment(claim.pk, actor=editor, text="Touches the row.")
    assert client.patch(url, {"topic": "traffic"}, **matching(f"W/{tag}")).status_code == 200


def test_tag_of_a_move_is_the_claims(editor: User, make_claim: Callable[..., Claim]) -> None:
    claim, client = make_claim(), client_of(editor)
    url = f"{V1}claims/{claim.pk}/"
    tag = client.get(url)["ETag"]
    factories.move(claim, "triage", editor)
    body = {"action": "triage", "version": 1}
    assert client.post(f"{url}transitions/", body, **matching(tag)).status_code == 412
    assert client.post(f"{url}transitions/", body).status_code == 409
    assert client.post(f"{url}comments/", {"text": "x"}, **matching(tag)).status_code == 412
    assert not Comment.objects.exists()


def test_verdict_reply_evidence_and_article_have_tags_of_their_own(
    editor: User, claim_in: Callable[..., Claim]
) -> None:
    claim, client = claim_in("researching"), client_of(editor)
    url = f"{V1}claims/{claim.pk}/"
    empty = client.get(f"{url}verdict/")
    assert empty.json()["revision"] == 0
    body: dict[str, Any] = {"revision": 0, "headline": "It fell"}
    saved = client.put(f"{url}verdict/", body, **matching(empty["ETag"]))
    assert saved.status_code == 200, saved.json()
    late = client.put(f"{url}verdict/", {**body, "revision": 1, "headline": "No"}, **matching(empty["ETag"]))
    assert (late.status_code, late.json()["current"]["headline"]) == (412, "It fell")
    stale = client.put(f"{url}verdict/", {**body, "headline": "No"})
    assert (stale.status_code, stale.json()["current"]["revision"]) == (409, 1)

    reply = {"contacted": False, "not_contacted_reason": "public_record"}
    first = client.put(f"{url}reply/", reply)
    verdicts.save_reply(claim.pk, actor=editor, fields={"contacted": False, "not_contacted_reason": "safety"})
    late = client.put(f"{url}reply/", reply, **matching(first["ETag"]))
    assert (late.status_code, late.json()["current"]["not_contacted_reason"]) == (412, "safety")

    source = {"title": "Counts", "where": "Archive", "stance": "context", "kind": "primary"}
    item = client.post(f"{url}evidence/", source)
    evidence.change_evidence(item.json()["id"], actor=editor, fields={"title": "Other counts"})
    for late in (
        client.patch(f"{V1}evidence/{item.json()['id']}/", {"note": "x"}, **matching(item["ETag"])),
        client.delete(f"{V1}evidence/{item.json()['id']}/", **matching(item["ETag"])),
    ):
        assert (late.status_code, late.json()["current"]["title"]) == (412, "Other counts")

    address = f"{V1}articles/{claim.article_id}/"
    tag = client.get(address)["ETag"]
    Article.objects.filter(pk=claim.article_id).update(outlet="Courier")
    late = client.patch(address, {"outlet": "Herald"}, **matching(tag))
    assert (late.status_code, late.json()["current"]["outlet"]) == (412, "Courier")


def test_star_fits_whatever_is_there(editor: User, claim_in: Callable[..., Claim]) -> None:
    claim, client = claim_in("researching"), client_of(editor)
    url = f"{V1}claims/{claim.pk}/"
    assert client.patch(url, {"topic": "x"}, **matching("*")).status_code == 200
    assert client.put(f"{url}verdict/", {"revision": 0}, **matching("*")).status_code == 412
