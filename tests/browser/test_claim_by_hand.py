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
