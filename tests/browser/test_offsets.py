"""Selecting words with the mouse: what the browser sends is what the server's text holds at that place."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from claims.domain import claims
from claims.models import Claim
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = """Footfall 📉 down 18% in two years, families 👩‍👩‍👧 stay away from Quay Street, the retailers’ association said.

Café owners spent 4,000 euros more in 2024 than in 2021, Mayor Lena Brandt told the council of Port Marlow 🏴󠁧󠁢󠁳󠁣󠁴󠁿 on Tuesday.

“Traffic has fallen by 31 per cent since the toll began, and not one shop has closed because of it,” she said.
"""

SELECT = """async (pairs) => {
  const pieces = [...document.querySelectorAll('#text [data-o]')];
  const point = (offset, last) => {
    for (const piece of pieces) {
      const start = Number(piece.dataset.o);
      const points = Array.from(piece.textContent);
      if (offset >= start && (offset < start + points.length || (last && offset === start + points.length)))
        return [piece.firstChild, points.slice(0, offset - start).join('').length];
    }
    return null;
  };
  const bar = document.getElementById('selection-bar');
  const told = [];
  for (const [from, to] of pairs) {
    const a = point(from, false), b = point(to, true);
    if (!a || !b) { told.push(null); continue; }
    document.getSelection().setBaseAndExtent(a[0], a[1], b[0], b[1]);
    document.getElementById('text').dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, 4));
    told.push(bar.hidden ? null : [Number(bar.elements.start.value), Number(bar.elements.end.value), bar.elements.text.value]);
  }
  return told;
}"""


def test_random_selections_arrive_exactly(visit: Callable[..., Any], editor: User) -> None:
    article = factories.article(editor, TEXT)
    for first, last in (("18% in two", "stay"), ("31 per cent", "the toll"), ("has fallen", "31 per")):
        start = article.text.index(first)
        end = article.text.index(last, start) + len(last)
        claims.add_claim(article.pk, actor=editor, start=start, end=end, text=article.text[start:end])
    visitor = visit(editor)
    page = visitor.open(reverse("article", args=[article.pk]))
    dice = random.Random(7)
    text = article.text
    pairs = [sorted(dice.sample(range(len(text)), 2)) for _ in range(250)]
    told = page.evaluate(SELECT, pairs)
    answered = 0
    for (start, end), answer in zip(pairs, told, strict=True):
        if answer is None:
            continue
        answered += 1
        first, last, words = answer
        assert text[first:last] == words, (start, end)
        raw = text[start:end]
        lead = len(raw) - len(raw.lstrip())
        assert first <= start + lead
        assert last >= start + len(raw.rstrip())
        if first:
            assert not (text[first - 1].isalnum() and text[first].isalnum()), "half a word was sent"
        if last < len(text):
            assert not (text[last - 1].isalnum() and text[last].isalnum()), "half a word was sent"
    assert answered > 200
    assert visitor.complaints == []


def test_dragging_over_words_and_pressing_the_button_makes_the_claim(
    visit: Callable[..., Any], editor: User
) -> None:
    article = factories.article(editor, TEXT)
    before = set(Claim.objects.values_list("pk", flat=True))
    visitor = visit(editor)
    page = visitor.open(reverse("article", args=[article.pk]))
    start = article.text.index("not one shop")
    page.evaluate(SELECT, [[start + 1, start + len("not one shop has closed") - 2]])
    page.get_by_role("button", name="Add as a claim").click()
    page.wait_for_url("**claim=*")
    made = Claim.objects.exclude(pk__in=before).get()
    assert made.text == "not one shop has closed"
    assert page.locator(f"#card-{made.pk}").get_attribute("aria-current") == "true"
    assert visitor.complaints == []
