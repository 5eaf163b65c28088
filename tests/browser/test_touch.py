"""Triage by finger on a phone: no key, no mouse, nothing that shows only when something hovers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from claims.enums import ClaimStatus
from claims.models import Claim
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Any]

# What Android does when its two handles are moved: the selection changes, and no finger is reported to the page.
HANDLES = """([root, words]) => {
  const walker = document.createTreeWalker(document.querySelector(root), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    document.getSelection().setBaseAndExtent(node, at, node, at + words.length);
    return true;
  }
  return false;
}"""


CURRENT = '.claim-card[aria-current="true"]'


def _card(page: Page, claim: Claim) -> Locator:
    """The card of this claim, once it is the current one, and it alone."""
    card = page.locator(f"#card-{claim.pk}{CURRENT}")
    expect(card).to_be_visible()
    expect(page.locator(CURRENT)).to_have_count(1)
    return card


def test_claims_are_accepted_declined_and_brought_back_by_tapping(
    visit: Visit, editor: User, reviewer: User
) -> None:
    article = factories.article(editor)
    first, second, third = list(article.claims.order_by("start", "pk"))[:3]
    visitor = visit(reviewer, width=360, touch=True)
    page = visitor.open(reverse("article", args=[article.pk]))
    for button in _card(page, first).locator(".verbs").get_by_role("button").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44  # a finger's width
    page.locator(f"#accept-{first.pk}").tap()
    _card(page, second).locator(f"#decline-{second.pk}").tap()
    reason = _card(page, second).get_by_role("button", name="Opinion, not fact")
    box = reason.bounding_box()
    assert box
    assert (
        0 <= box["y"] <= 860 - box["height"]
    )  # the reasons are in the window, though the card stands at its end
    reason.tap()
    _card(page, third)
    assert Claim.objects.get(pk=second.pk).decline_reason == "opinion"
    page.get_by_role("button", name="Undo").first.tap()
    _card(page, second)
    states = dict(Claim.objects.filter(article=article).values_list("pk", "status"))
    assert (states[first.pk], states[second.pk]) == (ClaimStatus.TRIAGED, ClaimStatus.NEW)
    # A number in the text chooses its claim; its menu leads to splitting it.
    page.locator(f"#mark-{third.pk}").tap()
    _card(page, third).locator("details.more summary").tap()
    _card(page, third).get_by_role("link", name="Split in two").tap()
    page.wait_for_url(f"**/desk/claims/{third.pk}/split/**")
    assert visitor.complaints == []


def test_words_chosen_by_the_handles_of_a_phone_become_a_claim(visit: Visit, editor: User) -> None:
    article = factories.article(editor)
    before = set(Claim.objects.values_list("pk", flat=True))
    visitor = visit(editor, width=360, touch=True)
    page = visitor.open(reverse("article", args=[article.pk]))
    words = next(line for line in article.text.split("\n") if len(line) > 80).split(". ")[-1].strip(" .")[:40]
    words = words[: words.rindex(" ")]
    assert page.evaluate(HANDLES, ["#text", words])
    bar = page.locator("#selection-bar")
    expect(bar).to_be_visible()
    box = bar.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    bar.get_by_role("button", name="Add as a claim").tap()
    page.wait_for_url("**claim=*")
    assert Claim.objects.exclude(pk__in=before).get().text == words
    assert visitor.complaints == []


def test_a_passage_of_a_report_is_remarked_on_by_finger(
    visit: Visit, claim_in: Callable[..., Claim], second_reader: User
) -> None:
    claim = claim_in("in_review")
    page = visit(second_reader, width=360, touch=True).open(reverse("review", args=[claim.pk]))
    assert page.evaluate(HANDLES, [".report-preview", "27 per cent"])
    bar = page.locator("#passage-bar")
    expect(bar).to_be_visible()
    bar.get_by_role("button").first.tap()
    expect(page.locator("#passage")).to_have_value("27 per cent")
