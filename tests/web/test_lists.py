"""My work, table, board, articles, notices: what they show, and that more rows never mean more queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.domain.listed import Listed
from claims.enums import ClaimStatus
from claims.models import Claim, Notification
from tests.web import rows

LogIn = Callable[[User], Client]
LISTS = ["my-work", "claims", "board", "articles", "notices", "steps-overview", "account"]


def _fill(count: int, editor: User, reviewer: User, second_reader: User) -> None:
    """``count`` more articles, and as many claims in every status that a list shows."""
    base = rows.Article.objects.count()
    for number in range(count):
        stored = rows.article(base + number + 1, editor)
    rows.claims(count, stored, ClaimStatus.NEW)
    rows.claims(count, stored, ClaimStatus.TRIAGED)
    rows.claims(count, stored, ClaimStatus.ASSIGNED, assignee=reviewer)
    rows.claims(count, stored, ClaimStatus.RESEARCHING, assignee=reviewer)
    rows.claims(count, stored, ClaimStatus.IN_REVIEW, assignee=second_reader)
    rows.claims(count, stored, ClaimStatus.APPROVED, assignee=reviewer)
    rows.claims(count, stored, ClaimStatus.DECLINED)
    rows.notices(count, reviewer)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("who", ["editor", "reviewer"])
def test_more_rows_never_mean_more_queries(
    name: str, who: str, editor: User, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    client = as_user(editor if who == "editor" else reviewer)
    address = reverse(name)
    seen = []
    for more in (1, 2, 27):  # 1, 3 and 30 rows of everything
        _fill(more, editor, reviewer, second_reader)
        client.get(address)  # the first look of a session may write to it
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        seen.append(len(queries))
    assert seen[0] == seen[1] == seen[2], seen
    assert seen[2] <= 40


def test_my_work_begins_with_what_was_sent_back(
    claim_in: Any, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    from tests import factories

    claim = claim_in(ClaimStatus.IN_REVIEW)
    factories.move(claim, "send_back", second_reader, reason="The second source is missing.")
    page = as_user(reviewer).get(reverse("my-work")).content.decode()
    assert "Do this next" in page
    assert "The second source is missing." in page
    assert page.count("Continue checking") == 1


def test_my_work_offers_the_start_and_the_press_works(claim_in: Any, reviewer: User, as_user: LogIn) -> None:
    claim = claim_in(ClaimStatus.ASSIGNED)
    client = as_user(reviewer)
    assert "Start checking" in client.get(reverse("my-work")).content.decode()
    client.post(reverse("transition", args=[claim.pk]), {"action": "start", "version": claim.version})
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.RESEARCHING


def test_a_free_claim_is_taken_with_one_press_and_the_line_can_take_it_back(
    claim_in: Any, second_reader: User, as_user: LogIn
) -> None:
    claim = claim_in(ClaimStatus.TRIAGED)
    client = as_user(second_reader)
    form = {"action": "take", "version": claim.version, "next": reverse("my-work")}
    page = client.post(reverse("transition", args=[claim.pk]), form, follow=True)
    assert page.redirect_chain == [(reverse("my-work"), 302)]
    text = page.content.decode()
    assert "is yours to check" in text
    assert 'value="undo"' in text
    claim.refresh_from_db()
    undo = {"action": "undo", "version": claim.version, "next": reverse("my-work")}
    client.post(reverse("transition", args=[claim.pk]), undo)
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.TRIAGED


def test_an_empty_desk_says_what_to_do_next(editor: User, viewer: User, as_user: LogIn) -> None:
    page = as_user(editor).get(reverse("my-work")).content.decode()
    assert "Nothing waits for you" in page
    assert reverse("article-new") in page
    assert "Your role is to read along" in as_user(viewer).get(reverse("my-work")).content.decode()
    assert "No claims yet" in as_user(editor).get(reverse("claims")).content.decode()


# --- the table -------------------------------------------------------------------------------------------------


@pytest.fixture
def filled(editor: User, reviewer: User, second_reader: User) -> None:
    _fill(4, editor, reviewer, second_reader)


def _shown(client: Client, query: str) -> list[Listed]:
    response = client.get(f"{reverse('claims')}?{query}")
    assert response.status_code == 200
    return list(response.context["page"].rows)


def test_filters_combine_and_live_in_the_address(
    filled: None, editor: User, reviewer: User, as_user: LogIn
) -> None:
    client = as_user(editor)
    assert {claim.status for claim in _shown(client, "status=triaged")} == {ClaimStatus.TRIAGED}
    assert {c.status for c in _shown(client, "status=triaged&status=new")} == {"triaged", "new"}
    theirs = _shown(client, f"who={reviewer.pk}&status=assigned")
    assert {claim.assignee_id for claim in theirs} == {reviewer.pk}
    assert len(theirs) == 4
    assert _shown(as_user(reviewer), "who=me&status=assigned") == theirs
    assert all(claim.assignee_id is None for claim in _shown(client, "who=nobody"))
    assert _shown(client, "worth=50") == []
    assert _shown(client, "worth=3&status=new") == _shown(client, "status=new&order=worth")[:1]
    # A word that no title, number or speaker's name can hold by chance, whatever ids the database gives.
    Claim.objects.filter(text="word 3", status="new").update(restated="A platypus was counted.")
    found = _shown(client, "q=word+platypus&status=new")
    assert [c.wording for c in found] == ["A platypus was counted."]
    assert _shown(client, "q=word+platypus&status=triaged") == []
    late = _shown(client, "late=1")
    assert late
    assert {claim.status for claim in late} <= ClaimStatus.with_checker()


def test_nonsense_in_the_address_opens_the_first_page(filled: None, editor: User, as_user: LogIn) -> None:
    query = (
        "status=odd&who=-1&worth=x&order=price&after=%00~~1&before=zz&article=99999999999999999999&speaker=a"
    )
    assert len(_shown(as_user(editor), query)) == 28


@pytest.mark.parametrize("order", ["newest", "worth", "due"])
def test_pages_by_key_show_every_row_once_and_lead_back(
    order: str, editor: User, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    _fill(18, editor, reviewer, second_reader)  # 126 claims: three pages
    client = as_user(editor)
    seen: list[int] = []
    query = f"?order={order}"
    pages = []
    while query:
        response = client.get(reverse("claims") + query)
        pages.append([claim.pk for claim in response.context["page"].rows])
        seen += pages[-1]
        query = response.context["later"]
    assert len(seen) == len(set(seen)) == 126
    assert len(pages) == 3
    back = client.get(reverse("claims") + response.context["earlier"])
    assert [claim.pk for claim in back.context["page"].rows] == pages[1]


# --- several at once --------------------------------------------------------------------------------------------


def _ticked(claims: list[Claim]) -> list[str]:
    return [f"{claim.pk}.{claim.version}" for claim in claims]


def test_several_claims_are_assigned_and_each_says_how_it_went(
    filled: None, editor: User, reviewer: User, as_user: LogIn
) -> None:
    free = list(Claim.objects.filter(status=ClaimStatus.TRIAGED)[:2])
    stuck = Claim.objects.filter(status=ClaimStatus.APPROVED).first()
    assert stuck is not None
    form = {"do": "assign", "assignee": reviewer.pk, "claim": _ticked([*free, stuck])}
    page = as_user(editor).post(reverse("claims-together"), form)
    assert page.status_code == 200
    assert page.context["done"] == 2
    assert page.context["refused"] == 1
    assert "This claim is approved" in page.content.decode()
    assert all(Claim.objects.get(pk=claim.pk).assignee == reviewer for claim in free)


def test_a_row_somebody_moved_meanwhile_is_left_alone(filled: None, editor: User, as_user: LogIn) -> None:
    claim = Claim.objects.filter(status=ClaimStatus.NEW).first()
    assert claim is not None
    form = {"do": "decline", "decline_reason": "opinion", "claim": [f"{claim.pk}.{claim.version + 7}"]}
    page = as_user(editor).post(reverse("claims-together"), form)
    assert page.context["refused"] == 1
    assert Claim.objects.get(pk=claim.pk).status == ClaimStatus.NEW


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"do": "assign"}, "Choose who checks these claims."),
        ({"do": "decline"}, "Choose why these claims are not checked."),
        ({"do": "due", "due_on": "soon"}, "Enter the day"),
        ({"do": "due", "due_on": "2031-02-30"}, "Enter the day"),
        ({"do": "accept"}, "Choose at least one claim."),
        ({"do": "burn"}, "Choose what to do"),
    ],
)
def test_a_missing_choice_is_named_and_nothing_changes(
    form: dict[str, str], sentence: str, filled: None, editor: User, as_user: LogIn
) -> None:
    page = as_user(editor).post(reverse("claims-together"), form)
    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_viewers_have_no_boxes_and_cannot_send_them(filled: None, viewer: User, as_user: LogIn) -> None:
    client = as_user(viewer)
    assert 'name="claim"' not in client.get(reverse("claims")).content.decode()
    claim = Claim.objects.filter(status=ClaimStatus.NEW).first()
    assert claim is not None
    form = {"do": "accept", "claim": _ticked([claim])}
    assert client.post(reverse("claims-together"), form).status_code == 403


# --- the board ----------------------------------------------------------------------------------------------------


def test_the_board_draws_twenty_cards_a_column_and_links_to_the_rest(editor: User, as_user: LogIn) -> None:
    stored = rows.article(1, editor)
    rows.claims(25, stored, ClaimStatus.TRIAGED)
    page = as_user(editor).get(reverse("board"))
    column, cards = next(pair for pair in page.context["columns"] if pair[0].status == ClaimStatus.TRIAGED)
    assert len(cards) == 20
    assert column.count == 25
    assert "Show all 25 in the table" in page.content.decode()
    worths = [card.claim.worthiness for card in cards]
    assert worths == sorted(worths, reverse=True)


def _card(page: Any, pk: int) -> Any:
    return next(card for _column, cards in page.context["columns"] for card in cards if card.claim.pk == pk)


def test_every_move_of_a_card_is_one_the_door_knows(claim_in: Any, editor: User, as_user: LogIn) -> None:
    from claims.domain import transitions

    claim = claim_in(ClaimStatus.TRIAGED)
    page = as_user(editor).get(reverse("board"))
    offered = {offer.action for offer in _card(page, claim.pk).offers}
    assert offered == {move.action for move in transitions.available(claim, editor) if move.allowed}


def test_a_viewer_sees_the_board_without_moves(claim_in: Any, viewer: User, as_user: LogIn) -> None:
    claim = claim_in(ClaimStatus.TRIAGED)
    page = as_user(viewer).get(reverse("board"))
    assert _card(page, claim.pk).offers == []
    assert 'data-to="' not in page.content.decode()


# --- notices -------------------------------------------------------------------------------------------------------


def test_reading_notices_leaves_later_ones_new(reviewer: User, as_user: LogIn) -> None:
    rows.notices(2, reviewer)
    client = as_user(reviewer)
    upto = client.get(reverse("notices")).context["newest"]
    rows.notices(1, reviewer)
    client.post(reverse("notices"), {"upto": upto})
    assert Notification.objects.filter(person=reviewer, read_at__isnull=True).count() == 1


def test_the_page_of_steps_says_what_waits_without_names_of_machinery(
    as_user: Callable[[User], Client], editor: User
) -> None:
    html = as_user(editor).get(reverse("steps-overview")).content.decode()
    assert "Nobody does the upkeep now: planned reports do not come out" in html
    assert "sweeper" not in html.lower()
