"""A reader at a browser: keyboard, print, right to left, no script. Checks 3, 8 to 11 and 42 of publishing.md."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pypdf
import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from claims.models import Claim, ReaderMessage, Report
from tests import factories
from tests.browser.visitors import Visitor
from tests.factories import move

pytestmark = [pytest.mark.browser, pytest.mark.publishing, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Visitor]
LARGEST = """() => new Promise((done) => new PerformanceObserver((list) => {
  const entries = list.getEntries(); done(entries[entries.length - 1].element.tagName); })
  .observe({type: 'largest-contentful-paint', buffered: true}))"""
FOCUS = """() => { const it = document.activeElement, style = getComputedStyle(it);
  return {text: it.textContent.trim().slice(0, 60), tag: it.tagName, outline: style.outlineStyle}; }"""


@pytest.fixture
def published(
    transactional_db: None, claim_in: Callable[..., Claim], editor: User, reviewer: User, second_reader: User
) -> Callable[..., Report]:
    def run(**texts: Any) -> Report:
        claim = claim_in("researching")
        factories.pages()
        factories.fill(claim, reviewer, **{"level": "mostly_false", **texts})
        for action, person in (("submit", reviewer), ("approve", second_reader), ("publish", editor)):
            claim = move(claim, action, person)
        return Report.objects.get(claim=claim)

    return run


def test_everything_is_reached_by_keyboard(visit: Visit, published: Callable[..., Report]) -> None:
    """Check 8: the skip link first, focus always visible, error form, history and embed code on the way."""
    page = visit().open(published().get_absolute_url())
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["text"] == "Skip to the page"
    met, hidden = [], []
    for _tab in range(90):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus["tag"] == "BODY":
            break
        met.append(focus["text"])
        if focus["outline"] == "none":
            hidden.append(focus)
    assert hidden == []
    for wanted in ("Report an error", "version 1", "Embed, cite, download", "Our scale"):
        assert wanted in met, met
    page.focus("#share summary")
    page.keyboard.press("Enter")
    assert page.locator("#share pre").is_visible()


def test_the_page_is_light_and_asks_nobody_else(visit: Visit, published: Callable[..., Report]) -> None:
    """Check 9: under 200 kB in all, own host alone, no script, and the largest thing painted is text."""
    visitor = visit()
    asked: list[str] = []
    weight = [0]

    def note(answer: Any) -> None:
        asked.append(answer.url)
        weight[0] += answer.request.sizes()["responseBodySize"]

    visitor.page.on("requestfinished", lambda request: note(request.response()))
    page = visitor.open(published().get_absolute_url())
    page.wait_for_load_state("networkidle")
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(visitor.address).netloc}
    assert not [url for url in asked if url.endswith(".js")]
    assert weight[0] < 200_000
    assert page.evaluate(LARGEST) in {"H1", "P", "SPAN", "H2"}
    assert visitor.complaints == []


def test_on_paper_sources_show_their_addresses_and_no_navigation(
    visit: Visit, published: Callable[..., Report]
) -> None:
    """Check 10."""
    page = visit(dark=True).open(published().get_absolute_url())
    paper = pypdf.PdfReader(io.BytesIO(page.pdf()))
    text = "".join(leaf.extract_text() for leaf in paper.pages)
    flat = text.replace("\n", "").replace(" ", "")
    assert "https://port.example/counts" in flat
    assert "Mostlyfalse" in flat
    for gone in ("Searchreports", "Feedofreports", "Skiptothepage", "Inthisreport", "Passiton"):
        assert gone not in flat, gone


def test_a_right_to_left_report_is_mirrored(visit: Visit, published: Callable[..., Report]) -> None:
    """Check 11: the verdict's bar and the contents change sides; nothing scrolls sideways."""
    report = published(
        language="ar", headline="انخفضت حركة المرور بأقل من الثلث", summary="تظهر الأرقام ٢٧ في المئة."
    )
    page = visit().open(report.get_absolute_url())
    bar = page.eval_on_selector(
        ".finding", "(it) => [getComputedStyle(it).borderRightWidth, getComputedStyle(it).borderLeftWidth]"
    )
    assert bar == ["8px", "0px"]
    contents, text = (page.locator(place).bounding_box() for place in (".contents", "article.report"))
    assert contents and text and contents["x"] < text["x"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_an_error_is_reported_without_a_script(visit: Visit, published: Callable[..., Report]) -> None:
    """Checks 3 and 42: the report is read and the form sent with JavaScript switched off."""
    visitor = visit(script=False, width=360)
    page = visitor.open(published().get_absolute_url())
    page.get_by_role("link", name="Report an error").last.click()
    page.get_by_role("button", name="Send").click()
    assert page.get_by_text("There is a problem").is_visible()
    page.get_by_label("A fact").check()
    page.get_by_label("What should it say").fill("It was 29 per cent, see the annual report.")
    page.get_by_role("button", name="Send").click()
    number = ReaderMessage.objects.get().number
    assert page.get_by_text(number).first.is_visible()
    assert urlsplit(page.url).path == reverse("message-receipt", args=[ReaderMessage.objects.get().token])
