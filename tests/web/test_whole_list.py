"""A list that cannot be narrowed as asked says so, and what is done with a whole list is done by the server, one by one."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.enums import ClaimStatus
from claims.models import AuditEvent, Claim
from claims.web.views import bulk
from tests.web import rows

LogIn = Callable[[User], Client]
ODD = (
    ("status=foo", "There is no status “foo”."),
    ("status=new&status=%3Cb%3E", "There is no status “&lt;b&gt;”."),
    ("who=somebody", "A checker is “me”, “nobody” or a number, not “somebody”."),
    ("worth=300", "Worth checking goes from 0 to 100; “300” is not on it."),
    ("order=oldest", "There is no order “oldest”."),
    ("priority=9", "There is no priority “9”."),
    ("late=yes", "“late” is 1 or left out, not “yes”."),
    ("article=x", "“article” is a number, not “x”."),
)


@pytest.mark.parametrize(("query", "sentence"), ODD)
def test_a_filter_that_means_nothing_is_said(
    query: str, sentence: str, reviewer: User, as_user: LogIn
) -> None:
    client = as_user(reviewer)
    assert sentence in client.get(f"{reverse('claims')}?{query}").content.decode()
    if not query.startswith("status"):  # the board has every status as a column
        assert sentence in client.get(f"{reverse('board')}?{query}").content.decode()
    download = client.get(f"{reverse('claims-download', args=['csv'])}?{query}")
    assert download.status_code == 422
    assert sentence in download.content.decode()
    name, value = query.rpartition("&")[2].split("=")
    if name in {"status", "priority", "article"}:
        assert client.get(f"/api/v1/claims/?{name}={value}").status_code == 400


def test_a_filter_that_fits_is_not_remarked_on(reviewer: User, as_user: LogIn) -> None:
    query = "status=new&who=me&worth=0&order=due&priority=1_urgent&late=1&q=x&topic=y&tag=z"
    page = as_user(reviewer).get(f"{reverse('claims')}?{query}").content.decode()
    assert "The list is shown without" not in page


@pytest.fixture
def many(editor: User, reviewer: User) -> list[Claim]:
    """Sixty new claims, more than a page holds, and one of another status."""
    stored = rows.article(1, editor)
    rows.claims(1, stored, ClaimStatus.ASSIGNED, assignee=reviewer)
    return rows.claims(60, stored, ClaimStatus.NEW)


def _all(client: Client, query: str, **form: str) -> Any:
    return client.post(reverse("claims-together"), {"everything": "1", "filter": query, **form})


def test_all_that_match_are_changed_and_nothing_else(many: list[Claim], editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    page = client.get(f"{reverse('claims')}?status=new").content.decode()
    assert "All 60 of this list" in page
    assert 'name="filter" value="status=new"' in page
    answer = _all(client, "status=new", do="priority", priority="1_urgent")
    assert (answer.context["done"], answer.context["refused"], answer.context["left"]) == (60, 0, 0)
    assert set(Claim.objects.filter(priority="1_urgent").values_list("status", flat=True)) == {"new"}
    # Each through its own verb, with its own line in the trail.
    assert AuditEvent.objects.filter(action="claim.details").count() == 60


def test_each_goes_through_the_door_and_what_is_refused_says_why(
    many: list[Claim], reviewer: User, as_user: LogIn
) -> None:
    answer = _all(as_user(reviewer), "", do="accept")
    assert (answer.context["done"], answer.context["refused"]) == (60, 1)
    assert answer.context["outcomes"][0].done is False  # refused ones first
    assert Claim.objects.filter(status=ClaimStatus.TRIAGED).count() == 60
    assert Claim.objects.filter(status=ClaimStatus.ASSIGNED).count() == 1


def test_a_long_list_is_done_in_parts_and_says_what_is_left(
    many: list[Claim], reviewer: User, as_user: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST", 25)
    client = as_user(reviewer)
    first = _all(client, "status=new", do="accept")
    assert (first.context["done"], first.context["left"]) == (25, 35)
    assert "These are the first 25 of the list. 35 are left" in first.content.decode()
    _all(client, "status=new", do="accept")
    last = _all(client, "status=new", do="accept")
    assert (last.context["done"], last.context["left"]) == (10, 0)


def test_a_whole_list_with_a_filter_that_means_nothing_is_left_alone(
    many: list[Claim], editor: User, as_user: LogIn
) -> None:
    answer = _all(as_user(editor), "status=foo", do="accept")
    assert answer.status_code == 422
    assert "There is no status “foo”." in answer.content.decode()
    assert Claim.objects.filter(status=ClaimStatus.NEW).count() == 60


def test_a_viewer_changes_nothing(many: list[Claim], viewer: User, as_user: LogIn) -> None:
    assert _all(as_user(viewer), "", do="accept").status_code == 403
    assert Claim.objects.filter(status=ClaimStatus.NEW).count() == 60


def test_a_number_that_no_claim_can_have_is_passed_over(
    claim_in: Callable[..., Claim], editor: User, as_user: LogIn
) -> None:
    claim = claim_in("new")
    chosen = [f"{'9' * 25}.1", f"{claim.pk}.{'9' * 20}", f"{claim.pk}.{claim.version}"]
    answer = as_user(editor).post(reverse("claims-together"), {"do": "accept", "claim": chosen})
    assert answer.status_code == 200
    claim.refresh_from_db()
    assert claim.status == "triaged"


# --- refused: nothing that was ticked or typed is lost ---------------------------------------------------------------


def _boxes(page: str) -> dict[str, bool]:
    """Every box of the table by its value, and whether it is ticked."""
    return {
        value: bool(checked)
        for value, checked in re.findall(
            r'<input type="checkbox" name="claim" value="([^"]+)"( checked)?', page
        )
    }


def test_a_refusal_keeps_ticks_fields_and_place(many: list[Claim], editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    first = client.get(f"{reverse('claims')}?status=new")
    query = f"status=new&after={quote(first.context['page'].after)}"
    page = client.get(f"{reverse('claims')}?{query}").content.decode()
    action = html.unescape(re.findall(r'<form method="post" action="([^"]*together[^"]*)"', page)[0])
    three = list(_boxes(page))[2:5]
    form = {
        "do": "decline",
        "claim": three,
        "tags": "energy, <b>",
        "priority": "1_urgent",
        "next": "/desk/claims/",
    }
    answer = client.post(action, form)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert [value for value, ticked in _boxes(shown).items() if ticked] == three
    assert list(_boxes(shown)) == list(_boxes(page))  # the same part of the list
    # In the summary with a link, and at the field.
    assert shown.count("Choose why these claims are not checked.") == 2
    assert 'href="#b-why"' in shown
    assert 'aria-describedby="b-why-error"' in shown
    assert 'value="energy, &lt;b&gt;"' in shown
    assert '<option value="1_urgent" selected>' in shown
    # What is missing is added, and the same claims are done.
    again = client.post(action, {**form, "decline_reason": "opinion"})
    assert (again.context["done"], again.context["refused"]) == (3, 0)
    declined = Claim.objects.filter(status=ClaimStatus.DECLINED).values_list("pk", flat=True)
    assert {str(pk) for pk in declined} == {value.partition(".")[0] for value in three}


def test_a_refusal_keeps_all_of_this_list_and_the_next_person_starts_anew(
    many: list[Claim], editor: User, as_user: LogIn
) -> None:
    client = as_user(editor)
    address = f"{reverse('claims-together')}?status=new"
    answer = client.post(
        address, {"do": "assign", "everything": "1", "filter": "status=new", "due_on": "2031-01-02"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert re.search(r'name="everything" value="1" [^>]* checked', page)
    assert 'name="due_on" value="2031-01-02"' in page
    fresh = client.get(f"{reverse('claims')}?status=new").content.decode()
    assert "2031-01-02" not in fresh
    assert not re.search(r'name="everything" value="1" [^>]* checked', fresh)


def test_a_ticked_claim_that_left_the_list_stays_ticked_as_it_was_seen(
    many: list[Claim], editor: User, reviewer: User, as_user: LogIn
) -> None:
    from tests import factories

    moved, other = many[0], many[1]
    ticked = [f"{claim.pk}.{claim.version}" for claim in (moved, other)]
    factories.move(moved, "triage", reviewer)
    client = as_user(editor)
    address = f"{reverse('claims-together')}?status=new"
    page = client.post(address, {"do": "decline", "claim": ticked}).content.decode()
    assert {value for value, checked in _boxes(page).items() if checked} == set(ticked)
    answer = client.post(address, {"do": "decline", "claim": ticked, "decline_reason": "opinion"})
    assert (answer.context["done"], answer.context["refused"]) == (1, 1)
    assert "moved this claim to “Accepted”" in answer.content.decode()


def test_nothing_ticked_is_said_at_the_list_and_reading_the_address_leads_back(
    many: list[Claim], editor: User, as_user: LogIn
) -> None:
    client = as_user(editor)
    answer = client.post(f"{reverse('claims-together')}?status=new", {"do": "accept"})
    assert answer.status_code == 422
    assert 'href="#list"' in answer.content.decode()
    back = client.get(f"{reverse('claims-together')}?status=new&order=worth")
    assert back.headers["Location"] == f"{reverse('claims')}?status=new&order=worth"


def test_enter_in_a_field_does_what_the_field_is_for(many: list[Claim], editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    address, one = reverse("claims-together"), many[0]
    page = client.get(reverse("claims")).content.decode()
    form = page[page.index('action="/desk/claims/together/') :]
    first = re.findall(r'<button type="submit"[^>]*>', form)[0]
    assert 'value=""' in first  # what Enter presses
    ticked = {"claim": f"{one.pk}.{one.version}", "do": ""}
    assert client.post(address, {**ticked, "tags": "energy"}).context["done"] == 1
    one.refresh_from_db()
    assert (one.tags, one.status) == (["energy"], "new")
    assert client.post(address, {**ticked, "tags": "x", "due_on": "2031-01-01"}).status_code == 422
