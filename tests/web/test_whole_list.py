"""A list that cannot be narrowed as asked says so, and what is done with a whole list is done by the server, one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
