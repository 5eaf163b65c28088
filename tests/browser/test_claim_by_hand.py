"""Sources dragged into order, and a remark on words that were selected in the report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from claims.models import Comment, Evidence
from tests import factories
from tests.browser.visitors import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SELECT = """() => {
  const words = document.querySelector('.report-preview .finding-summary').firstChild;
  const range = document.createRange();
  range.selectNodeContents(words);
  const selection = document.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  words.parentElement.dispatchEvent(new PointerEvent('pointerup', {bubbles: true}));
}"""


def test_a_source_is_dragged_to_the_other_side(
    visit: Callable[..., Visitor], claim_in: Any, reviewer: User
) -> None:
    claim = factories.fill(claim_in("researching"), reviewer)
    page = visit(reviewer).open(reverse("claim", args=[claim.pk]))
    page.drag_and_drop("#source-2 h4", ".evidence-column[data-stance=undermines] #source-1 h4")
    expect(page.locator(".evidence-column[data-stance=undermines] .source")).to_have_count(2)
    expect(page.locator(".evidence-column[data-stance=supports] .source")).to_have_count(0)
    expect(page.locator("#source-2")).to_be_focused()
    standing = Evidence.objects.standing().filter(claim=claim, stance="undermines")
    assert set(standing.values_list("number", flat=True)) == {1, 2}
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#source-2")).to_be_focused()


def test_selected_words_of_the_report_go_into_the_remark_and_lead_back(
    visit: Callable[..., Visitor], claim_in: Any, second_reader: User
) -> None:
    claim = claim_in("in_review")
    page = visit(second_reader).open(reverse("review", args=[claim.pk]))
    page.evaluate(SELECT)
    page.get_by_role("button", name="Comment on these words").click()
    expect(page.locator("#passage")).to_have_value("Counts show 27 per cent.")
    expect(page.locator("#id_text")).to_be_focused()
    page.fill("#id_text", "Of which month?")
    page.get_by_role("button", name="Comment", exact=True).click()
    page.get_by_role("button", name="Counts show 27 per cent.").click()
    assert page.evaluate("document.getSelection().toString()") == "Counts show 27 per cent."
    assert Comment.objects.get().passage == "Counts show 27 per cent."


def test_a_link_that_is_none_is_refused_in_the_words_of_the_desk(
    visit: Callable[..., Visitor], claim_in: Any, reviewer: User
) -> None:
    """Not by a bubble of the browser's own: on the claim's page and on the page of its own, with what was typed."""
    claim = claim_in("researching")
    visitor = visit(reviewer)
    page = visitor.open(reverse("claim", args=[claim.pk]))
    for by_itself in (False, True):
        if by_itself:
            page = visitor.open(reverse("evidence-add", args=[claim.pk]))
        else:
            page.get_by_role("link", name="Add evidence").first.click()
        page.get_by_label("Link", exact=True).fill("port.example counts")
        page.get_by_label("Title", exact=True).fill("Traffic counts")
        page.get_by_label("Supports").check()
        page.get_by_label("Primary source").check()
        page.get_by_role("button", name="Add evidence").click()
        sentence = page.locator("#id_url-error")
        expect(sentence).to_be_visible()
        expect(page.locator("#error-summary")).to_contain_text(sentence.inner_text())
        expect(page.get_by_label("Link", exact=True)).to_have_value("port.example counts")
        expect(page.get_by_label("Link", exact=True)).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_label("Title", exact=True)).to_have_value("Traffic counts")
    assert not Evidence.objects.filter(claim=claim).exists()
