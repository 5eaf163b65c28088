"""The workbench where there is room for one part at a time, and the board where there is room for all: by style alone."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from claims.enums import ClaimStatus
from claims.models import Article, Claim, Report
from tests import factories
from tests.web import rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Any]
PARTS = {
    "Steps": "Verification steps", "Evidence": "Evidence", "Verdict": "Verdict", "Reply": "Right of reply",
    "Review": "Before review", "Comments": "Comments", "About": "Details", "History": "What happened",
}  # fmt: skip
IN_SIGHT = """(list) => {
  const link = list.querySelector("[aria-current]").getBoundingClientRect(), room = list.getBoundingClientRect();
  return link.left >= room.left && link.right <= room.right;
}"""
HEIGHT = "document.documentElement.scrollHeight"


@pytest.mark.parametrize("script", [True, False])
def test_on_a_phone_the_workbench_shows_one_part_at_a_time_and_leads_to_all(
    script: bool, visit: Visit, claim_in: Any, reviewer: User
) -> None:
    claim = claim_in(ClaimStatus.RESEARCHING)
    factories.fill(claim, reviewer)
    visitor = visit(reviewer, width=360, script=script)
    page = visitor.open(reverse("claim", args=[claim.pk]))
    expect(page.get_by_role("heading", name="Verdict", exact=True)).to_be_visible()
    parts = page.get_by_role("navigation", name="Parts of this page")
    for link, title in PARTS.items():
        parts.get_by_role("link", name=link).click()
        expect(page.get_by_role("heading", name=title).first).to_be_visible()
        shown = [other for other in PARTS.values()
                 if page.locator(".part h2", has_text=other).first.is_visible()]  # fmt: skip
        assert shown == [title]
    # What mends a gate stands in another part, and its link shows that part.
    page.goto(f"{visitor.address}{reverse('claim', args=[claim.pk])}#id_headline")
    expect(page.locator("#id_headline")).to_be_visible()
    if script:
        assert page.evaluate(HEIGHT) < 3000
        assert visitor.violations() == []


def test_a_form_that_comes_back_with_an_error_shows_its_part(
    visit: Visit, claim_in: Any, reviewer: User
) -> None:
    claim = claim_in(ClaimStatus.RESEARCHING)
    page = visit(reviewer, width=360, script=False).open(reverse("claim", args=[claim.pk]))
    page.get_by_role("navigation", name="Parts of this page").get_by_role("link", name="Verdict").click()
    page.fill("#id_headline", "x" * 300)
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#id_headline")).to_be_visible()
    assert "Error:" in page.title()


@pytest.mark.parametrize(
    "word", ["Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"]
)
def test_the_longest_word_stays_in_the_window(word: str, visit: Visit, claim_in: Any, reviewer: User) -> None:
    claim = claim_in(ClaimStatus.ASSIGNED)
    Claim.objects.filter(pk=claim.pk).update(text=f"The {word} carried 22,400", restated=word * 2)
    page = visit(reviewer, width=360).open(reverse("claim", args=[claim.pk]))
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_topic_of_one_long_word_stays_in_the_window(
    visit: Visit, claim_in: Any, editor: User, reviewer: User, second_reader: User, settings: LazySettings
) -> None:
    claim = claim_in(ClaimStatus.NEW)
    Claim.objects.filter(pk=claim.pk).update(topic="t" * 80)
    Article.objects.filter(pk=claim.article_id).update(topic="t" * 80)
    people = {"editor": editor, "checker": reviewer, "reader": second_reader}
    claim = factories.bring_to("published", Claim.objects.get(pk=claim.pk), **people)
    visitor = visit(editor, width=360)
    paths = [reverse("articles"), Report.objects.get(claim=claim).get_absolute_url()]
    public = [
        reverse(name) for name in ("home", "reports", "topics", "speakers", "corrections", "articles-public")
    ]
    for language, path in [*[("en", path) for path in paths], *itertools.product(("en", "de", "ar"), public)]:
        settings.SITE_LANGUAGE = language
        page = visitor.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") == 360, (language, path)


def test_the_board_fits_the_window_and_a_menu_at_the_end_of_a_column_is_whole(
    visit: Visit, editor: User, reviewer: User
) -> None:
    stored = rows.article(1, editor)
    rows.claims(15, stored, ClaimStatus.PUBLISHED)
    rows.claims(15, stored, ClaimStatus.ASSIGNED, assignee=reviewer)
    visitor = visit(editor)
    page = visitor.open(reverse("board"))
    assert page.evaluate(HEIGHT) <= 860
    column = page.locator('.column[data-status="assigned"]')
    last = column.locator(".card").last
    last.locator("summary").click()
    move = last.get_by_role("link", name="Hand over").or_(last.get_by_role("button")).last
    move.scroll_into_view_if_needed()
    box, frame = move.bounding_box(), column.bounding_box()
    assert box and frame
    assert frame["x"] <= box["x"]
    assert box["x"] + box["width"] <= frame["x"] + frame["width"]
    assert box["y"] + box["height"] <= 860
    assert visitor.violations() == []


def test_no_menu_of_the_bar_runs_out_of_a_phone(visit: Visit, editor: User) -> None:
    rows.notices(21, editor)
    page = visit(editor, width=360).open(reverse("my-work"))
    menus = page.locator("header.bar details.menu")
    assert menus.count() == 2
    for at in range(2):
        menus.nth(at).locator("summary").first.click()
        sheet = menus.nth(at).locator(".sheet").first
        expect(sheet).to_be_visible()
        box = sheet.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        assert box["y"] + box["height"] <= 860
        page.keyboard.press("Escape")
        menus.nth(at).evaluate("menu => { menu.open = false; }")


def test_the_name_of_the_part_that_is_shown_is_in_sight(visit: Visit, claim_in: Any, reviewer: User) -> None:
    """An address leads to a part whose name stands far along the list; the list follows, the page does not move."""
    claim = claim_in(ClaimStatus.RESEARCHING)
    visitor = visit(reviewer, width=360)
    page = visitor.open(reverse("claim", args=[claim.pk]) + "#timeline")
    parts = page.locator(".parts ul")
    expect(parts.locator("[aria-current]")).to_have_text("History")
    assert page.locator(".parts ul").evaluate(IN_SIGHT)
    page.evaluate("location.hash = 'steps'")
    expect(parts.locator("[aria-current]")).to_have_text("Steps")
    assert parts.evaluate(IN_SIGHT)
    page.evaluate("location.hash = 'about'")
    expect(parts.locator("[aria-current]")).to_have_text("About")
    assert parts.evaluate(IN_SIGHT)
    assert visitor.complaints == []


def test_on_a_phone_the_next_act_is_on_the_first_screen_of_a_claim(
    visit: Visit, claim_in: Any, reviewer: User
) -> None:
    claim = claim_in(ClaimStatus.RESEARCHING)
    page = visit(reviewer, width=360, touch=True).open(reverse("claim", args=[claim.pk]))
    filled = page.locator(".claim-head .btn-primary")
    assert filled.count() == 1, "one next act, and it is no button that does nothing"
    box = filled.bounding_box()
    assert box
    assert box["y"] + box["height"] < 740
    assert box["height"] >= 44
    filled.tap()
    expect(page.locator(".part:has(:target)")).to_have_count(1)


SMALL = """(most) => [...document.querySelectorAll("a, button, summary")].filter((one) => {
  const box = one.getBoundingClientRect();
  return one.checkVisibility() && box.height > 1 && box.height < most && getComputedStyle(one).display !== "inline";
}).map((one) => one.outerHTML.slice(0, 120))"""


def test_what_a_thumb_needs_is_large_enough(visit: Visit, claim_in: Any, reviewer: User) -> None:
    """44 px for the bar and the moves, 24 px at least for every link that stands alone."""
    claim = claim_in(ClaimStatus.RESEARCHING)
    visitor = visit(reviewer, width=360, touch=True)
    for path in (
        reverse("claim", args=[claim.pk]),
        reverse("article", args=[claim.article_id]),
        reverse("board"),
    ):
        page = visitor.open(path)
        assert page.evaluate(SMALL, 24) == [], path
        for one in page.locator(".bar .btn, .card > .menu > summary, .claim-head button").all():
            box = one.bounding_box()
            assert box is None or box["height"] >= 44, (path, one.inner_text())


def test_on_paper_a_claim_has_all_its_parts(visit: Visit, claim_in: Any, reviewer: User) -> None:
    """A sheet is as narrow as a phone, and nothing can be chosen on it."""
    claim = claim_in(ClaimStatus.RESEARCHING)
    page = visit(reviewer, width=700).open(reverse("claim", args=[claim.pk]))
    page.emulate_media(media="print")
    for title in PARTS.values():
        expect(page.get_by_role("heading", name=title).first).to_be_visible()
    expect(page.locator(".parts")).to_be_hidden()
