"""Saved lists, tags, priorities and sources in the search: what narrows a list, and what keeps it for tomorrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.domain import claims, evidence, seen, tags, views
from claims.exceptions import InvalidInput, NotAllowed
from claims.models import AuditEvent, Claim, ClaimTag, SavedView
from tests import factories

LogIn = Callable[[User], Client]


def _shown(client: Client, query: str) -> list[int]:
    response = client.get(f"{reverse('claims')}?{query}")
    assert response.status_code == 200
    return [claim.pk for claim in response.context["page"].rows]


# --- saved lists --------------------------------------------------------------------------------------------------


def test_the_list_one_looks_at_gets_a_name_and_stands_among_the_chips(editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    here = "topic=Economy&who=nobody&worth=70&after=0.5~7&odd=1"
    page = client.post(
        reverse("saved-lists"), {"name": " Economy,  free ", "place": "claims", "query": here}, follow=True
    )
    assert page.redirect_chain == [(f"{reverse('claims')}?who=nobody&worth=70&topic=Economy", 302)]
    text = page.content.decode()
    assert "Saved: the list “Economy, free”." in text
    chip = next(chip for chip in page.context["saved"] if chip.label == "Economy, free")
    assert chip.on  # the page one stands on is that list
    assert "after" not in chip.address  # a saved list begins at its first page
    assert client.get(reverse("board")).context["saved"] == []


def test_before_a_list_is_saved_it_can_be_looked_at(editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    page = client.get(reverse("saved-lists"), {"place": "board", "query": "late=1&odd=2"}).content.decode()
    assert f'<a href="{reverse("board")}?late=1">See it as it is now</a>' in page
    nowhere = client.post(reverse("saved-lists"), {"place": "people", "query": "late=1", "name": ""})
    assert nowhere.status_code == 422
    assert "See it as it is now" not in nowhere.content.decode()


def test_a_private_list_is_its_owners_and_a_shared_one_is_everybodys(
    editor: User, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    views.save_view(actor=reviewer, place="claims", name="Mine", query="who=me")
    views.save_view(actor=reviewer, place="claims", name="Late ones", query="late=1", shared=True)
    seen = [chip.label for chip in as_user(second_reader).get(reverse("claims")).context["saved"]]
    assert seen == ["Late ones (Noor Demo)"]
    mine = [chip.label for chip in as_user(reviewer).get(reverse("claims")).context["saved"]]
    assert sorted(mine) == ["Late ones", "Mine"]
    event = AuditEvent.objects.get(action="view.shared")
    assert event.data == {"name": "Late ones", "query": "late=1"}


def test_the_same_name_again_replaces_ones_own_list(reviewer: User, editor: User) -> None:
    first = views.save_view(actor=reviewer, place="claims", name="Mine", query="who=me")
    again = views.save_view(actor=reviewer, place="claims", name="Mine", query="late=1")
    views.save_view(actor=editor, place="claims", name="Mine", query="")
    assert first.pk == again.pk
    assert SavedView.objects.get(owner=reviewer).query == "late=1"


def test_lists_are_removed_by_their_owner_or_an_editor(
    editor: User, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    shared = views.save_view(actor=reviewer, place="board", name="Shared", query="late=1", shared=True)
    private = views.save_view(actor=reviewer, place="board", name="Private", query="late=1")
    with pytest.raises(NotAllowed):
        views.remove_view(shared.pk, actor=second_reader)
    with pytest.raises(InvalidInput):
        views.remove_view(private.pk, actor=editor)  # nobody else sees that it is there
    page = as_user(editor).post(reverse("saved-list-remove", args=[shared.pk]), follow=True)
    assert "Removed: the list “Shared”." in page.content.decode()
    views.remove_view(private.pk, actor=reviewer)
    assert not SavedView.objects.exists()


def test_what_cannot_be_saved_keeps_what_was_typed(viewer: User, as_user: LogIn) -> None:
    client = as_user(viewer)
    page = client.post(reverse("saved-lists"), {"name": " ", "place": "claims", "query": "late=1"})
    assert page.status_code == 422
    assert "Enter a name for this list" in page.content.decode()
    assert 'value="late=1"' in page.content.decode()
    shared = {"name": "For all", "place": "claims", "query": "late=1", "shared": "on"}
    assert client.post(reverse("saved-lists"), shared).status_code == 403
    assert not SavedView.objects.exists()
    assert client.get(reverse("saved-lists")).status_code == 200


# --- tags and priority --------------------------------------------------------------------------------------------


def test_tags_are_found_whatever_their_capitals_and_go_when_they_are_taken_off(
    editor: User, make_claim: Callable[..., Claim], as_user: LogIn
) -> None:
    claim = make_claim()
    claims.set_details(claim.pk, actor=editor, fields={"tags": ["Water", " water ", "Election 2026", ""]})
    claim.refresh_from_db()
    assert claim.tags == ["Water", "Election 2026"]
    client = as_user(editor)
    assert _shown(client, "tag=WATER") == [claim.pk]
    assert _shown(client, "tag=wat") == []
    claims.set_details(claim.pk, actor=editor, fields={"tags": ["Election 2026"]})
    assert _shown(client, "tag=water") == []
    assert ClaimTag.objects.filter(claim=claim).count() == 1


def test_rewording_keeps_the_rows_of_tags_in_step(editor: User, make_claim: Callable[..., Claim]) -> None:
    claim = make_claim()
    claims.reword(claim.pk, actor=editor, fields={"tags": ["ferry"]})
    assert list(ClaimTag.objects.filter(claim=claim).values_list("tag__key", flat=True)) == ["ferry"]


def test_no_tag_is_cut_off_in_silence(editor: User, make_claim: Callable[..., Claim], as_user: LogIn) -> None:
    claim, client = make_claim(), as_user(editor)
    long, said = "x" * 500, "is longer than 60 characters. Shorten it."
    for changed in (claims.set_details, claims.reword):
        with pytest.raises(InvalidInput, match=r"longer than 60 characters"):
            changed(claim.pk, actor=editor, fields={"tags": ["water", long]})
        with pytest.raises(InvalidInput, match=r"at most 12 tags"):
            changed(claim.pk, actor=editor, fields={"tags": [f"tag {number}" for number in range(13)]})
    form = {"priority": claim.priority, "topic": "", "due_at": "", "tags": f"water, {long}"}
    page = client.post(reverse("claim-details", args=[claim.pk]), {**form, "seen": seen.mark(claim)})
    assert (page.status_code, said in page.content.decode()) == (422, True)
    together = {"do": "tag", "tags": long, "claim": f"{claim.pk}.{claim.version}"}
    page = client.post(reverse("claims-together"), together)
    assert (page.status_code, said in page.content.decode()) == (422, True)
    claim.refresh_from_db()
    assert claim.tags == []


def test_a_tag_is_hung_on_several_claims_and_those_that_stood_stay(
    editor: User, make_claim: Callable[..., Claim], as_user: LogIn
) -> None:
    one, other = make_claim(), make_claim("22,400 vehicles crossed the bridge")
    claims.set_details(one.pk, actor=editor, fields={"tags": ["harbour"]})
    form = {
        "do": "tag",
        "tags": "Toll, traffic",
        "claim": [f"{one.pk}.{one.version}", f"{other.pk}.{other.version}"],
    }
    page = as_user(editor).post(reverse("claims-together"), form)
    assert page.context["done"] == 2
    one.refresh_from_db()
    other.refresh_from_db()
    assert one.tags == ["harbour", "Toll", "traffic"]
    assert other.tags == ["Toll", "traffic"]
    events = AuditEvent.objects.filter(action="claim.details", claim=other)
    assert [event.data for event in events] == [{"tags": "Toll, traffic"}]


def test_a_reviewer_tags_only_what_they_check(
    reviewer: User, second_reader: User, claim_in: Callable[..., Claim]
) -> None:
    claim = claim_in("assigned")
    assert tags.add_tags(claim.pk, ["ferry"], actor=reviewer) == ["ferry"]
    with pytest.raises(NotAllowed):
        tags.add_tags(claim.pk, ["bus"], actor=second_reader)
    with pytest.raises(InvalidInput):
        tags.add_tags(claim.pk, [f"tag {n}" for n in range(12)], actor=reviewer)


def test_priority_narrows_the_list_and_is_set_for_several(
    editor: User, make_claim: Callable[..., Claim], as_user: LogIn
) -> None:
    one, other = make_claim(), make_claim("22,400 vehicles crossed the bridge")
    client = as_user(editor)
    form = {"do": "priority", "priority": "1_urgent", "claim": [f"{one.pk}.{one.version}"]}
    assert client.post(reverse("claims-together"), form).context["done"] == 1
    assert _shown(client, "priority=1_urgent") == [one.pk]
    assert other.pk in _shown(client, "priority=2_normal")
    assert client.post(reverse("claims-together"), {**form, "priority": ""}).status_code == 422


# --- search -------------------------------------------------------------------------------------------------------


def test_the_search_finds_the_words_of_sources_that_stand(
    editor: User, reviewer: User, claim_in: Callable[..., Claim], as_user: LogIn
) -> None:
    claim = claim_in("researching")
    fields: dict[str, Any] = {
        "title": "Quokka census", "url": "https://zoo.example/", "stance": "context", "kind": "primary",
    }  # fmt: skip
    item = evidence.add_evidence(claim.pk, actor=reviewer, fields=fields)
    client = as_user(editor)
    assert _shown(client, "q=quokka") == [claim.pk]
    evidence.withdraw_evidence(item.pk, actor=reviewer)
    assert _shown(client, "q=quokka") == []


def test_lists_and_tags_never_mean_more_queries(editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    seen = []
    for count in (1, 3):
        for number in range(count):
            name = f"{count} {number}"
            claim = factories.claim(editor, "22,400 vehicles crossed the bridge")
            tags.add_tags(claim.pk, [name], actor=editor)
            views.save_view(actor=editor, place="claims", name=name, query=f"tag={number}", shared=True)
        client.get(reverse("claims"))
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{reverse('claims')}?tag=x&q=bridge")
        seen.append(len(queries))
    assert seen[0] == seen[1], seen
