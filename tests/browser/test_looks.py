"""What was crooked when somebody looked: tables cut off, names too long, text from right to left, forced colours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from claims.domain import claims
from claims.domain import speakers as names
from claims.enums import ClaimStatus
from claims.models import Claim
from tests import factories
from tests.web import rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Any]
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
ARABIC = (
    "قال رئيس البلدية إن حركة المرور على الجسر انخفضت بنسبة 31 في المئة منذ فرض الرسوم في مايو 2024. "
    "وأضاف أن العبارة تنقل الآن 4,000 راكب إضافي كل يوم، وهو رقم لم تؤكده شركة النقل."
)


def _width(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def _inside(page: Page, parts: Locator, width: int) -> None:
    assert parts.count()
    for part in parts.all():
        box = part.bounding_box()
        assert box, part
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def _style(part: Locator, name: str) -> str:
    return str(part.evaluate(f"part => getComputedStyle(part).{name}"))


def test_services_and_their_limits_are_whole_on_a_phone(visit: Visit, editor: User) -> None:
    page = visit(editor, width=360).open(reverse("steps-overview"))
    panel = page.get_by_role("region", name="Services outside")
    _inside(page, panel.get_by_role("textbox"), 344)
    _inside(page, panel.get_by_role("button", name="Save"), 344)
    # What a number counts is said at it, since the heads of the columns are out of sight.
    said = panel.locator("[data-label]").first.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert "Requests today" in said


@pytest.mark.parametrize("width", [360, 1280])
def test_long_names_widen_no_page(width: int, visit: Visit, editor: User, reviewer: User) -> None:
    stored = rows.article(1, editor)
    speaker = names.find_or_make(LONG + LONG)
    made = rows.claims(2, stored, ClaimStatus.RESEARCHING, assignee=reviewer, topic=LONG)
    Claim.objects.update(speaker=speaker, restated=LONG * 3)
    User.objects.filter(pk=reviewer.pk).update(first_name=LONG)
    visitor = visit(editor, width=width)
    for address in (
        reverse("claim", args=[made[0].pk]),
        reverse("people"),
        reverse("board"),
        reverse("claims"),
    ):
        page = visitor.open(address)
        assert _width(page) == width, address
    page = visitor.open(reverse("claim", args=[made[0].pk]) + "#about")
    expect(page.get_by_role("heading", name="Other claims by")).to_have_count(1)
    for heading in page.locator("main :is(h1, h2)").all():
        if heading.is_visible():
            _inside(page, heading, width)


def test_a_claim_from_right_to_left_reads_in_its_direction(visit: Visit, editor: User) -> None:
    stored = factories.article(editor, ARABIC, title="الرسوم على الجسر", outlet="صحيفة الميناء")
    claim = claims.add_claim(stored.pk, actor=editor, start=0, end=ARABIC.index(". "))
    Claim.objects.filter(pk=claim.pk).update(restated="انخفضت حركة المرور بنسبة 31 في المئة")
    page = visit(editor, width=360).open(reverse("claim", args=[claim.pk]))
    # The desk's own words around it (“in its own voice”, “To check:”) do not turn it round.
    assert _style(page.locator(".context"), "direction") == "rtl"
    assert _style(page.locator(".restated"), "direction") == "rtl"
    assert _style(page.locator("body"), "direction") == "ltr"
    assert _width(page) == 360
    page = visit(editor).open(reverse("articles"))
    title, meta = page.locator(".claim-list .title").first, page.locator(".claim-list .meta").first
    assert _style(title, "direction") == "rtl"
    assert _style(title, "textAlign") == "left"  # it begins where all lines of the list begin
    expect(meta).to_be_visible()


def test_what_is_chosen_and_what_is_next_show_in_forced_colours(
    visit: Visit, claim_in: Any, reviewer: User
) -> None:
    claim = claim_in(ClaimStatus.RESEARCHING)
    visitor = visit(reviewer)
    page: Page = visitor.page
    page.emulate_media(forced_colors="active")
    visitor.open(reverse("claim", args=[claim.pk]))
    levels = page.locator(".scale label")
    levels.nth(1).click()
    chosen, other = _style(levels.nth(1), "backgroundColor"), _style(levels.nth(0), "backgroundColor")
    assert chosen != other
    visitor.open(reverse("my-work"))
    first, plain = page.locator(".btn-primary").first, page.locator(".bar .btn:not(.btn-primary)").first
    assert _style(first, "backgroundColor") != _style(plain, "backgroundColor")
    visitor.open(reverse("claims"))
    assert _style(page.locator(".chip[aria-current]"), "backgroundColor") != _style(
        page.locator(".chip:not([aria-current])").first, "backgroundColor"
    )
    here, there = page.locator(".nav a[aria-current]"), page.locator(".nav a:not([aria-current])").first
    assert _style(here, "borderBottomColor") != _style(there, "borderBottomColor")


@pytest.mark.parametrize("width", [360, 1280])
def test_buttons_of_the_administration_lie_on_nothing(width: int, visit: Visit, claim_in: Any) -> None:
    claim = claim_in(ClaimStatus.TRIAGED)
    root = User.objects.create_superuser("root", password="x")
    visitor = visit(root, width=width)
    page = visitor.open(reverse("admin:claims_claim_change", args=[claim.pk]))
    title = page.locator("#content > h2").bounding_box()
    assert title
    for button in page.locator(".object-tools a").all():
        box = button.bounding_box()
        assert box
        assert box["y"] >= title["y"] + title["height"]
    for address in (
        reverse("admin:claims_claim_move", args=[claim.pk, "assign"]), reverse("admin:claims_claim_change", args=[claim.pk]),
    ):  # fmt: skip
        page = visitor.open(address)
        assert _width(page) <= width, address
    assert page.locator("#id_tags").input_value() == ""  # words, not the brackets of a list
