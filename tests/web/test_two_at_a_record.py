"""Two people open the same source, record or finding and both save: the second is shown both texts, and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.domain import evidence, media, replies, verdicts
from claims.models import Claim, Evidence, MediaFinding, ReplyAttempt, RightOfReply
from tests.api.clients import V1, client_of

LogIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
SOURCE = {"title": "Counts", "url": "https://port.example/counts", "stance": "undermines", "kind": "primary"}
PICTURE = {"kind": "ImageObject", "categories": ["StagedContent"], "original_context": "Taken in 2011."}


def today() -> str:
    return timezone.localdate().isoformat()


@dataclass(frozen=True)
class Record:
    """One kind of record: how it comes to be, its form's address, and the field in which two people differ."""

    make: Callable[[Claim, User], Any]
    name: str
    form: Callable[[], dict[str, Any]]
    field: str
    rows: Any

    def address(self, claim: Claim, row: Any) -> str:
        return reverse(self.name, args=[claim.pk if self.name in {"reply-save", "claim-media"} else row.pk])

    def stands(self, claim: Claim) -> str:
        rows = self.rows.filter(pk=claim.pk) if self.rows.model is Claim else self.rows
        return str(rows.values_list(self.field, flat=True).get())


def asked(claim: Claim, person: User) -> RightOfReply:
    return verdicts.save_reply(
        claim.pk,
        actor=person,
        fields={"contacted": True, "asked_on": timezone.localdate(), "channel": "by mail"},
    )


RECORDS = {
    "source": Record(
        lambda claim, person: evidence.add_evidence(claim.pk, actor=person, fields=SOURCE),
        "evidence-change", lambda: dict(SOURCE), "title", Evidence.objects,
    ),
    "reply": Record(
        asked, "reply-save", lambda: {"contacted": "yes", "asked_on": today(), "channel": "by mail"}, "channel",
        RightOfReply.objects,
    ),
    "entry": Record(
        lambda claim, person: replies.log_attempt(
            claim.pk, actor=person, fields={"asked_on": timezone.localdate(), "channel": "by mail"}
        ),
        "reply-entry", lambda: {"asked_on": today(), "channel": "by mail"}, "channel", ReplyAttempt.objects,
    ),
    "picture": Record(
        lambda claim, person: media.save(claim.pk, actor=person, fields=PICTURE),
        "claim-media", lambda: dict(PICTURE), "original_context", MediaFinding.objects,
    ),
    "words": Record(
        lambda claim, person: claim, "claim-words", dict, "restated", Claim.objects,
    ),
    "details": Record(
        lambda claim, person: claim, "claim-details", lambda: {"priority": "2_normal"}, "topic", Claim.objects,
    ),
}  # fmt: skip


def mark_of(page: str) -> str:
    found = re.search(r'name="seen" value="(\w*)"', page)
    assert found, page
    return found[1]


@pytest.mark.parametrize("kind", RECORDS)
def test_the_second_to_save_sees_both_texts_and_overwrites_only_knowingly(
    kind: str, claim_in: Callable[..., Claim], editor: User, reviewer: User, as_user: LogIn
) -> None:
    claim, record = claim_in("researching"), RECORDS[kind]
    address = record.address(claim, record.make(claim, reviewer))
    first, second = as_user(editor), as_user(reviewer)
    opened = [mark_of(client.get(address).content.decode()) for client in (first, second)]
    assert opened[0] == opened[1] != ""
    words = {"words": claim.text} if kind == "words" else {}
    hers = {**record.form(), **words, record.field: "What Pia wrote", "seen": opened[0]}
    assert first.post(address, hers).status_code == 302
    mine = {**record.form(), **words, record.field: "What Noor wrote", "seen": opened[1]}
    met = second.post(address, mine)
    page = met.content.decode()
    assert met.status_code == 409
    assert "Pia Demo saved after you opened this" in page
    assert "What Pia wrote" in page
    assert re.search(r">\s*What Noor wrote\s*</textarea>|value=\"What Noor wrote\"", page), page
    assert record.stands(claim) == "What Pia wrote"
    assert second.post(address, {**mine, "seen": ""}).status_code == 409  # a form without a mark saw nothing
    assert second.post(address, {**mine, "seen": mark_of(page)}).status_code == 302
    assert record.stands(claim) == "What Noor wrote"


@pytest.mark.parametrize("kind", ["reply", "picture"])
def test_two_who_both_begin_a_record_meet_too(
    kind: str, claim_in: Callable[..., Claim], editor: User, reviewer: User, as_user: LogIn
) -> None:
    claim, record = claim_in("researching"), RECORDS[kind]
    address = record.address(claim, None)
    assert mark_of(as_user(editor).get(address).content.decode()) == ""
    assert as_user(editor).post(address, {**record.form(), "seen": ""}).status_code == 302
    late = as_user(reviewer).post(address, {**record.form(), record.field: "Other", "seen": ""})
    assert late.status_code == 409
    assert record.stands(claim) != "Other"


def test_what_was_taken_away_meanwhile_is_said(
    claim_in: Callable[..., Claim], editor: User, reviewer: User, as_user: LogIn
) -> None:
    claim, client = claim_in("researching"), as_user(reviewer)
    item = RECORDS["source"].make(claim, reviewer)
    media.save(claim.pk, actor=reviewer, fields=PICTURE)
    addresses = [reverse("evidence-change", args=[item.pk]), reverse("claim-media", args=[claim.pk])]
    opened = [mark_of(client.get(address).content.decode()) for address in addresses]
    evidence.withdraw_evidence(item.pk, actor=editor)
    media.save(claim.pk, actor=editor, fields={})
    for address, mark, form, words in zip(
        addresses, opened, (SOURCE, PICTURE), ("Pia Demo took this back", "This was taken away"), strict=True
    ):
        late = client.post(address, {**form, "seen": mark})
        assert late.status_code == 409
        assert words in late.content.decode()


def test_the_desks_own_work_on_a_source_is_no_conflict(
    claim_in: Callable[..., Claim], reviewer: User, as_user: LogIn
) -> None:
    claim, client = claim_in("researching"), as_user(reviewer)
    item = RECORDS["source"].make(claim, reviewer)
    address = reverse("evidence-change", args=[item.pk])
    mark = mark_of(client.get(address).content.decode())
    Evidence.objects.update(archive_state="independent", archive_url="https://archive.example/1")
    assert client.post(address, {**SOURCE, "note": "Seen.", "seen": mark}).status_code == 302


def test_in_the_panel_beside_the_claim_both_texts_are_shown_too(
    claim_in: Callable[..., Claim], editor: User, reviewer: User, as_user: LogIn
) -> None:
    claim, client = claim_in("researching"), as_user(reviewer)
    item = RECORDS["source"].make(claim, reviewer)
    address = reverse("evidence-change", args=[item.pk])
    headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "evidence-panel"}
    mark = mark_of(client.get(address, **headers).content.decode())
    evidence.change_evidence(item.pk, actor=editor, fields={"title": "Other counts"})
    late = client.post(address, {**SOURCE, "quote": "22,400", "seen": mark}, **headers)
    page = late.content.decode()
    assert late.status_code == 409
    assert "<html" not in page
    assert "Other counts" in page
    assert "22,400" in page


def test_the_record_on_the_claims_own_page_carries_its_mark(
    claim_in: Callable[..., Claim], editor: User, reviewer: User, as_user: LogIn
) -> None:
    claim, client = claim_in("researching"), as_user(reviewer)
    verdicts.save_reply(
        claim.pk, actor=editor, fields={"contacted": False, "not_contacted_reason": "public_record"}
    )
    mark = mark_of(client.get(reverse("claim", args=[claim.pk])).content.decode())
    verdicts.save_reply(claim.pk, actor=editor, fields={"contacted": False, "not_contacted_reason": "safety"})
    form = {"contacted": "yes", "asked_on": today(), "seen": mark}
    assert client.post(reverse("reply-save", args=[claim.pk]), form).status_code == 409
    assert RightOfReply.objects.get().not_contacted_reason == "safety"


def test_a_finding_on_a_picture_has_a_tag_over_the_api(
    claim_in: Callable[..., Claim], editor: User, reviewer: User, machine: User
) -> None:
    claim, client = claim_in("researching"), client_of(editor)
    url = f"{V1}claims/{claim.pk}/media/"
    assert client.get(url).status_code == 404
    first = client.put(url, PICTURE)
    assert (first.status_code, first.json()["saved_by"]) == (200, "pia")
    assert client.get(url)["ETag"].partition("-")[0] == first["ETag"].partition("-")[0]
    media.save(claim.pk, actor=reviewer, fields={**PICTURE, "original_context": "Taken in 2012."})
    for late in (
        client.put(url, PICTURE, HTTP_IF_MATCH=first["ETag"]),
        client.delete(url, HTTP_IF_MATCH=first["ETag"]),
    ):
        assert (late.status_code, late.json()["current"]["original_context"]) == (412, "Taken in 2012.")
    assert client.put(url, {**PICTURE, "categories": []}).status_code == 400
    assert client_of(machine).put(url, PICTURE).status_code == 403
    assert client.delete(url, HTTP_IF_MATCH=client.get(url)["ETag"]).status_code == 204
    assert not MediaFinding.objects.exists()


def test_a_source_that_was_taken_back_meanwhile_has_no_place_to_move_from(
    claim_in: Callable[..., Claim], reviewer: User, as_user: LogIn
) -> None:
    claim = claim_in("researching")
    row = evidence.add_evidence(claim.pk, actor=reviewer, fields=SOURCE)
    evidence.withdraw_evidence(row.pk, actor=reviewer, reason="twice")
    assert as_user(reviewer).post(reverse("evidence-move", args=[row.pk]), {"to": "up"}).status_code == 404
