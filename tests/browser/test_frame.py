"""The desk's own pages in a real browser: keys, dragging, choosing rows, and what axe and the console say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from claims.domain import desk
from claims.enums import ClaimStatus
from claims.models import Claim
from tests import factories
from tests.web import rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Any]

PAGES = [
    "my-work", "claims", "board", "articles", "article-new", "notices", "keys", "steps-overview", "account",
    "password_change", "people", "settings",
]  # fmt: skip


@pytest.fixture
def desk_in_work(editor: User, reviewer: User, second_reader: User) -> None:
    """A few claims in every status that the lists show, with the longest words that may come."""
    stored = rows.article(1, editor)
    for status in (ClaimStatus.NEW, ClaimStatus.TRIAGED, ClaimStatus.DECLINED):
        rows.claims(3, stored, status)
    for status in (ClaimStatus.ASSIGNED, ClaimStatus.RESEARCHING):
        rows.claims(3, stored, status, assignee=editor)
    rows.claims(2, stored, ClaimStatus.IN_REVIEW, assignee=reviewer)
    rows.claims(2, stored, ClaimStatus.APPROVED, assignee=second_reader)
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 4
    Claim.objects.filter(status=ClaimStatus.TRIAGED).update(restated=long[:280])
    rows.notices(2, editor)


@pytest.mark.parametrize(("width", "dark"), [(320, False), (768, True)])
def test_every_page_fits_widths_between(
    width: int, dark: bool, desk_in_work: None, visit: Visit, editor: User
) -> None:
    """At 1280 and 360 ``test_every_page`` looks at each, with axe."""
    visitor = visit(editor, width=width, dark=dark)
    for name in PAGES:
        page = visitor.open(reverse(name))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways"
        assert visitor.complaints == [], name


@pytest.mark.parametrize("width", [1280, 360])
def test_the_log_in_is_sound_before_and_after_an_error(width: int, visit: Visit, stranger: User) -> None:
    visitor = visit(stranger, width=width)
    visitor.page.context.clear_cookies()
    page = visitor.open(reverse("login"))
    assert visitor.violations() == []
    page = visitor.open(reverse("login"))
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert page.title().startswith("Error:")
    assert visitor.violations() == []
    page.get_by_role("link", name="Enter your password").click()
    expect(page.locator("#id_password")).to_be_focused()


def test_keys_move_open_and_go(desk_in_work: None, visit: Visit, editor: User) -> None:
    page = visit(editor).open(reverse("claims"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = page.locator("tbody tr").first
    expect(first).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-chosen]")).to_have_text("1")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("jx")
    expect(page.locator("#search")).to_have_value("jx")
    expect(page.locator("[data-chosen]")).to_have_text("1")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("b")
    page.wait_for_url("**/desk/board/")
    page.keyboard.press("?")
    page.wait_for_url("**/desk/keys/")


def test_single_keys_can_be_switched_off(desk_in_work: None, visit: Visit, editor: User) -> None:
    desk.save_working_life(editor, away_until=None, single_keys=False)
    page = visit(editor).open(reverse("claims"))
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("tbody input:checked").count() == 0
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_escape_closes_a_menu_and_gives_the_focus_back(
    desk_in_work: None, visit: Visit, editor: User
) -> None:
    page = visit(editor).open(reverse("board"))
    page.keyboard.press("j")
    page.keyboard.press("m")
    menu = page.locator(".card").first.locator("details.menu")
    expect(menu).to_have_attribute("open", "")
    expect(menu.get_by_role("button", name="Accept")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()


def test_a_card_moves_by_keys_and_keeps_the_focus(visit: Visit, editor: User) -> None:
    article = factories.article(editor)
    page = visit(editor).open(reverse("board"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    name = page.evaluate("document.activeElement.id")
    page.keyboard.press("m")
    page.keyboard.press("Enter")  # the first of its moves is Accept
    moved = page.locator(f'[data-status="triaged"] #{name}')
    expect(moved).to_be_focused()
    expect(page.locator("#line")).to_contain_text("Accepted")
    # One that asks for more opens its page, and the way back leads to the board.
    page.keyboard.press("m")
    menu = moved.locator("details.menu")
    expect(menu).to_have_attribute("open", "")
    for _press in range(12):
        if page.evaluate("document.activeElement.textContent.trim()").startswith("Assign"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/move/assign/**")
    assert Claim.objects.filter(article=article, status=ClaimStatus.TRIAGED).count() == 1


def _drag(page: Any, card: Any, column: str) -> None:
    box, target = card.bounding_box(), page.locator(f'[data-status="{column}"]').bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + box["height"] - 10)
    page.mouse.down()
    page.mouse.move(target["x"] + 60, target["y"] + 60, steps=6)


def test_a_card_is_dragged_and_keeps_the_focus(visit: Visit, editor: User) -> None:
    article = factories.article(editor)
    page = visit(editor).open(reverse("board"))
    card = page.locator('[data-status="new"] .card').first
    name = card.get_attribute("id")
    _drag(page, card, "triaged")
    expect(page.locator('[data-status="triaged"]')).to_have_class("column legal")
    expect(page.locator('[data-status="in_review"]')).to_have_class("column")
    page.mouse.up()
    moved = page.locator(f'[data-status="triaged"] #{name}')
    expect(moved).to_be_visible()
    expect(moved).to_be_focused()
    expect(page.locator("#line")).to_contain_text("Accepted")
    assert Claim.objects.filter(article=article, status=ClaimStatus.TRIAGED).count() == 1
    page.keyboard.press("u")
    expect(page.locator("#line")).to_contain_text("Undone")
    assert not Claim.objects.filter(article=article, status=ClaimStatus.TRIAGED).exists()


def test_a_drop_where_no_way_leads_changes_nothing(visit: Visit, editor: User) -> None:
    factories.article(editor)
    page = visit(editor).open(reverse("board"))
    card = page.locator('[data-status="new"] .card').first
    name = card.get_attribute("id")
    _drag(page, card, "in_review")
    page.mouse.up()
    expect(page.locator(f'[data-status="new"] #{name}')).to_be_visible()
    assert not Claim.objects.exclude(status=ClaimStatus.NEW).exists()


def test_without_script_a_card_moves_by_its_menu(visit: Visit, editor: User) -> None:
    factories.article(editor)
    page = visit(editor, script=False).open(reverse("board"))
    card = page.locator('[data-status="new"] .card').first
    name = card.get_attribute("id")
    card.locator("summary").click()
    card.get_by_role("button", name="Accept").click()
    expect(page.locator(f'[data-status="triaged"] #{name}')).to_be_visible()


def test_without_script_an_article_comes_in_by_paste(visit: Visit, reviewer: User) -> None:
    page = visit(reviewer, script=False).open(reverse("article-new"))
    expect(page.locator("#id_url")).to_be_hidden()
    page.get_by_label("Text of the article").fill(factories.TEXT)
    page.get_by_role("button", name="Read the claims").click()
    page.wait_for_url("**/desk/articles/*/")
    page = visit(reviewer, script=False).open(reverse("article-new"))
    page.get_by_text("Give its address").click()
    expect(page.locator("#id_url")).to_be_visible()
    expect(page.locator("#id_text")).to_be_hidden()
