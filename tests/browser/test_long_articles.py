"""A long article in a real browser: the keys go over the end of a part, and without a script links and buttons do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from claims.enums import ClaimStatus
from claims.models import Article, Claim
from claims.web import parts
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Any]
LONG = "\n\n".join(
    f"The port of Marlow counted {number * 7 + 1000:,} vehicles in {1950 + number}." for number in range(12)
)


@pytest.fixture
def article(editor: User, monkeypatch: pytest.MonkeyPatch) -> Article:
    """Twelve paragraphs of one claim each, four to a part."""
    monkeypatch.setattr(parts, "WHOLE_CHARACTERS", 100)
    monkeypatch.setattr(parts, "PART_CHARACTERS", 220)
    made = factories.article(editor, LONG)
    layout = parts.lay(made.text, list(made.claims.order_by("start").values_list("start", flat=True)))
    assert [part.claims for part in layout.parts] == [4, 4, 4]
    return made


def current(page: Any, claim: Claim) -> None:
    expect(page.locator(f"#card-{claim.pk}")).to_have_attribute("aria-current", "true")


def test_keys_go_over_the_end_of_a_part(visit: Visit, reviewer: User, article: Article) -> None:
    ordered = list(article.claims.order_by("start", "pk"))
    visitor = visit(reviewer)
    page = visitor.open(reverse("article", args=[article.pk]))
    expect(page.locator(".claim-card")).to_have_count(4)
    for _each in range(4):
        page.keyboard.press("j")
    current(page, ordered[4])
    expect(page.locator(".parts").first).to_contain_text("Part 2 of 3")
    page.keyboard.press("k")
    current(page, ordered[3])
    expect(page.locator(".parts").first).to_contain_text("Part 1 of 3")
    page.keyboard.press("a")  # the last of its part; what is left above it comes after what is left below
    current(page, ordered[4])
    for claim in ordered[5:8]:
        page.keyboard.press("a")
        current(page, claim)
    page.keyboard.press("a")
    current(page, ordered[8])
    expect(page.locator(".parts").first).to_contain_text("Part 3 of 3")
    page.keyboard.press("u")
    current(page, ordered[7])
    expect(page.locator(".parts").first).to_contain_text("Part 2 of 3")
    decided = Claim.objects.filter(article=article, status=ClaimStatus.TRIAGED).order_by("start", "pk")
    assert list(decided) == ordered[3:7]
    page.get_by_role("navigation", name="Parts of this article", exact=True).get_by_label(
        "Go to paragraph"
    ).fill("12")
    page.keyboard.press("Enter")
    expect(page.locator(".parts").first).to_contain_text("Part 3 of 3")
    current(page, ordered[11])
    expect(page.locator("p:target")).to_contain_text("in 1961")
    expect(page.locator("p:target")).to_be_in_viewport()
    assert visitor.complaints == []


def test_without_a_script_links_and_buttons_lead_from_part_to_part(
    visit: Visit, reviewer: User, article: Article
) -> None:
    ordered = list(article.claims.order_by("start", "pk"))
    visitor = visit(reviewer, script=False)
    page = visitor.open(reverse("article", args=[article.pk]))
    page.get_by_role("link", name="Next part").last.click()
    current(page, ordered[4])
    page.locator(f"#mark-{ordered[7].pk}").click()
    page.locator(f"#accept-{ordered[7].pk}").click()
    current(page, ordered[8])
    expect(page.locator(".parts").first).to_contain_text(re.compile("Part 3 of 3.*paragraphs 9 to 12 of 12"))
    page.locator("#undo").click()
    current(page, ordered[7])
    assert not Claim.objects.filter(article=article).exclude(status=ClaimStatus.NEW).exists()


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)])
def test_parts_hold_to_the_rules_of_access(
    visit: Visit, reviewer: User, article: Article, width: int, dark: bool
) -> None:
    visitor = visit(reviewer, width=width, dark=dark)
    page = visitor.open(reverse("article", args=[article.pk]) + "?paragraph=6")
    assert visitor.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert visitor.complaints == []
