"""Triage by keyboard, live steps, drafts that save themselves: in a real browser, with axe and the console watched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from claims.domain import steps, verdicts
from claims.enums import ClaimStatus
from claims.models import Claim
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Any]


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_keys_decide_and_focus_goes_on(visit: Visit, editor: User, reviewer: User) -> None:
    article = factories.article(editor)
    first, second, third = list(article.claims.order_by("start", "pk"))[:3]
    visitor = visit(reviewer)
    page = visitor.open(reverse("article", args=[article.pk]))
    page.keyboard.press("a")
    expect(page.locator("#said")).to_contain_text(
        f"Accepted: claim {first.number}. Next: claim {second.number}."
    )
    expect(page.locator(f"#card-{second.pk}")).to_be_focused()
    page.keyboard.press("d")
    page.keyboard.press("2")
    expect(page.locator(f"#card-{third.pk}")).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator(f"#card-{second.pk}")).to_be_focused()
    page.keyboard.press("t")
    expect(page.locator(f"#card-{third.pk}")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(f"#card-{second.pk}")).to_be_focused()
    page.keyboard.press("o")
    page.wait_for_url(f"**/desk/claims/{second.pk}/")
    states = dict(Claim.objects.filter(article=article).values_list("pk", "status"))
    assert (states[first.pk], states[second.pk], states[third.pk]) == (
        ClaimStatus.TRIAGED, ClaimStatus.ASSIGNED, ClaimStatus.NEW,
    )  # fmt: skip
    assert visitor.complaints == []


@pytest.mark.parametrize(("key", "part"), [("e", "words"), ("s", "split"), ("m", "move/mark_duplicate")])
def test_keys_of_the_closed_menu_open_their_pages(
    key: str, part: str, visit: Visit, reviewer: User, editor: User
) -> None:
    article = factories.article(editor)
    first = article.claims.order_by("start", "pk")[0]
    page = visit(reviewer).open(reverse("article", args=[article.pk]))
    expect(page.locator(f"#card-{first.pk}")).to_have_attribute("aria-current", "true")
    page.keyboard.press("2")  # a reason of the closed menu: without d before it, nothing is declined
    page.keyboard.press(key)
    page.wait_for_url(f"**/desk/claims/{first.pk}/{part}/**")
    assert Claim.objects.get(pk=first.pk).status == ClaimStatus.NEW


def test_the_way_back_leads_to_the_claim_that_was_left(visit: Visit, reviewer: User, editor: User) -> None:
    article = factories.article(editor)
    second = article.claims.order_by("start", "pk")[1]
    page = visit(reviewer).open(reverse("article", args=[article.pk]))
    page.keyboard.press("j")
    page.wait_for_url(f"**?claim={second.pk}")
    page.keyboard.press("e")
    page.wait_for_url(f"**/desk/claims/{second.pk}/words/**")
    page.go_back()
    expect(page.locator(f"#card-{second.pk}")).to_have_attribute("aria-current", "true")


def test_a_mark_chooses_its_card_and_overlaps_take_turns(visit: Visit, editor: User) -> None:
    from claims.domain import claims

    article = factories.article(editor)
    outer = article.claims.order_by("start")[1]
    inner = claims.add_claim(article.pk, actor=editor, text=outer.text[8:30])
    visitor = visit(editor)
    page = visitor.open(reverse("article", args=[article.pk]))
    piece = page.locator(f'mark[data-c~="{inner.pk}"]').first
    piece.click()
    expect(page.locator(f"#card-{inner.pk}")).to_have_attribute("aria-current", "true")
    piece.click()
    expect(page.locator(f"#card-{outer.pk}")).to_have_attribute("aria-current", "true")
    assert visitor.complaints == []


def test_without_script_the_same_is_done_by_plain_forms(visit: Visit, editor: User, reviewer: User) -> None:
    article = factories.article(editor)
    first, second = list(article.claims.order_by("start", "pk"))[:2]
    page = visit(reviewer, script=False).open(reverse("article", args=[article.pk]))
    page.locator(f"#accept-{first.pk}").click()
    expect(page.locator(f"#card-{second.pk}")).to_have_attribute("aria-current", "true")
    page.locator(f"#decline-{second.pk}").click()
    page.locator(f"#card-{second.pk}").get_by_role("button", name="Opinion, not fact").click()
    page.get_by_role("button", name="Undo").first.click()
    states = dict(Claim.objects.filter(article=article).values_list("pk", "status"))
    assert (states[first.pk], states[second.pk]) == (ClaimStatus.TRIAGED, ClaimStatus.NEW)


def test_steps_come_in_while_one_watches(visit: Visit, editor: User, reviewer: User) -> None:
    claim = factories.article(editor).claims.order_by("start")[0]
    visitor = visit(reviewer)
    page = visitor.open(reverse("claim", args=[claim.pk]))
    step = claim.steps.get(kind="context")
    row = page.locator("#steps .step", has_text="Context").first
    expect(row.locator(".step-outcome")).to_have_text("Waiting")
    assert steps.run_step(step.pk)
    expect(row.locator(".step-outcome")).to_have_text("Found", timeout=8000)
    shift = page.evaluate(
        """() => new Promise((done) => { let sum = 0;
        new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; })
          .observe({ type: 'layout-shift', buffered: true }); setTimeout(() => done(sum), 100); })"""
    )
    assert shift < 0.1
    assert visitor.complaints == []


def test_a_draft_saves_itself_and_stops_when_somebody_else_saved(
    visit: Visit, claim_in: Callable[..., Claim], editor: User, reviewer: User
) -> None:
    claim = claim_in("researching")
    visitor = visit(reviewer)
    page = visitor.open(reverse("claim", args=[claim.pk]))
    page.locator("#id_summary").fill("Counts show 27 per cent.")
    expect(page.locator("#draft-state")).to_contain_text("Saved", timeout=8000)
    expect(page.locator("#claim-moves")).not_to_contain_text("The one-sentence summary is empty.")
    verdict = Claim.objects.get(pk=claim.pk).verdict
    assert (verdict.summary, verdict.revision) == ("Counts show 27 per cent.", 1)
    verdicts.save_verdict(claim.pk, actor=editor, revision=1, fields={"summary": "Theirs."})
    page.locator("#id_summary").fill("Counts show 28 per cent.")
    expect(page.locator("#draft-state")).to_contain_text("Pia Demo saved after you", timeout=8000)
    assert page.locator("#id_summary").input_value() == "Counts show 28 per cent."
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two drafts met")
    page.get_by_role("button", name="Keep mine").click()
    page.wait_for_url(f"**/desk/claims/{claim.pk}/*")
    assert Claim.objects.get(pk=claim.pk).verdict.summary == "Counts show 28 per cent."
    assert visitor.complaints == []


def test_the_preview_opens_beside_the_form(
    visit: Visit, claim_in: Callable[..., Claim], reviewer: User
) -> None:
    claim = claim_in("researching")
    visitor = visit(reviewer)
    page = visitor.open(reverse("claim", args=[claim.pk]))
    page.locator("#id_reasoning").fill("They counted **fewer** vehicles.")
    page.locator("#preview-button").click()
    expect(page.locator("#preview-pane strong", has_text="fewer")).to_be_visible()
    assert page.url.endswith(f"/desk/claims/{claim.pk}/")
    assert visitor.complaints == []


def test_evidence_is_added_in_a_panel_under_the_button(
    visit: Visit, claim_in: Callable[..., Claim], reviewer: User
) -> None:
    claim = claim_in("researching")
    visitor = visit(reviewer)
    page = visitor.open(reverse("claim", args=[claim.pk]))
    page.locator("#add-evidence").click()
    panel = page.locator("#evidence-panel")
    link = panel.get_by_label("Link", exact=True)
    expect(link).to_be_focused()
    link.fill("https://counts.example.gov/bridge")
    page.keyboard.press("Tab")
    expect(panel.get_by_label("Primary source")).to_be_checked()  # proposed by the name of the site
    panel.get_by_label("Expert").check()
    link.fill("https://paper.example/story")
    page.keyboard.press("Tab")
    page.wait_for_load_state("networkidle")
    expect(panel.get_by_label("Expert")).to_be_checked()  # chosen by hand: it stays
    link.fill("")
    panel.get_by_label("Title").fill("Traffic counts")
    panel.get_by_role("button", name="Add evidence").click()
    expect(panel.get_by_role("alert")).to_contain_text("Enter a link, or say where")
    expect(panel.get_by_label("Title")).to_have_value("Traffic counts")
    panel.get_by_label("Link", exact=True).fill("https://port.example/counts")
    panel.get_by_label("Undermines the claim").check()
    panel.get_by_label("Primary source").check()
    page.keyboard.press("Enter")
    expect(page.locator("#source-1")).to_contain_text("Traffic counts")
    assert visitor.complaints == []
