"""Cells of the table of claims changed where they stand: by keyboard alone, and by finger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from claims.domain import claims as verbs
from claims.enums import Action
from claims.models import Claim
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Any]


def _cell(page: Page, claim: Claim, field: str) -> Locator:
    return page.locator(f"#r{claim.pk} a.cell[href*='/cell/{field}/']")


@pytest.fixture
def two(editor: User) -> tuple[Claim, Claim]:
    """The first and the second row of the table."""
    article = factories.article(editor)
    older, newer = list(article.claims.order_by("-created_at", "-pk"))[:2]
    return older, newer


def test_a_sheet_is_worked_on_by_keyboard_alone(
    visit: Visit, two: tuple[Claim, Claim], editor: User, reviewer: User, one_at_a_time: Any
) -> None:
    first, second = two
    visitor = visit(editor)
    page = visitor.open(reverse("claims"))
    press = page.keyboard.press
    press("j")
    expect(page.locator(f"#r{first.pk}")).to_be_focused()
    press("x")
    for _step in range(2):
        press("ArrowRight")
    expect(_cell(page, first, "assignee")).to_be_focused()
    press("ArrowDown")
    expect(_cell(page, second, "assignee")).to_be_focused()
    press("ArrowUp")
    # Left as it was: the cell has the focus again.
    press("F2")
    expect(page.locator("#cell-assignee")).to_be_focused()
    press("Escape")
    expect(_cell(page, first, "assignee")).to_be_focused()
    expect(page.locator("[data-editor]")).to_have_count(0)
    # Assigned by Enter, a letter of the name, Enter; the row stays chosen, and the bar below counts it.
    press("Enter")
    expect(page.locator("#cell-assignee")).to_be_focused()
    page.keyboard.type("Noor")
    press("Enter")
    expect(_cell(page, first, "assignee")).to_be_focused()
    expect(page.locator(f"#r{first.pk}")).to_contain_text("Noor Demo")
    expect(page.locator("#line")).to_contain_text("Assigned to Noor Demo.")
    expect(page.locator(f"#r{first.pk} input[name=claim]")).to_be_checked()
    expect(page.locator("[data-chosen]")).to_have_text("1")
    # A colleague is first: both are said, what was typed stays, and leaving shows what stands there.
    press("ArrowLeft")
    press("Enter")
    expect(page.locator("#cell-tags")).to_be_focused()
    with one_at_a_time:
        verbs.set_details(first.pk, actor=reviewer, fields={"tags": ["ferry"]})
    page.keyboard.type("bridge")
    press("Enter")
    expect(page.locator("#cell-tags-error")).to_contain_text("Noor Demo saved after you opened this.")
    expect(page.locator("#cell-tags-error")).to_contain_text("It is now: ferry.")
    expect(page.locator("#cell-tags")).to_have_value("bridge")
    expect(page.locator("#cell-tags")).to_be_focused()
    assert visitor.violations() == []
    press("Escape")
    expect(_cell(page, first, "tags")).to_be_focused()
    expect(_cell(page, first, "tags")).to_contain_text("ferry")
    press("u")  # the last act's button is still there
    page.wait_for_load_state()
    expect(page.locator(f"#r{first.pk}")).to_contain_text("nobody")
    assert visitor.complaints == []


def test_cells_are_changed_by_finger_and_nothing_typed_is_lost(
    visit: Visit, two: tuple[Claim, Claim], editor: User, reviewer: User, one_at_a_time: Any
) -> None:
    first, second = two
    with one_at_a_time:
        first = factories.move(factories.move(first, Action.TRIAGE, editor), Action.TAKE, reviewer)
    visitor = visit(reviewer, width=360, touch=True)
    page = visitor.open(reverse("claims"))
    for field in ("tags", "assignee", "due_at", "priority"):
        box = _cell(page, first, field).bounding_box()
        assert box
        assert box["height"] >= 44  # a finger's width, and shown without a pointer over it
    _cell(page, first, "priority").tap()
    page.locator("#cell-priority").select_option("1_urgent")
    # A tap beside it loses nothing.
    _cell(page, second, "assignee").tap()
    expect(page.locator("#line")).to_contain_text("Save or leave the cell that is open first.")
    expect(page.locator("#cell-priority")).to_be_focused()
    page.get_by_role("button", name=f"Save: Priority of claim {first.number}").tap()
    expect(_cell(page, first, "priority")).to_contain_text("Urgent")
    expect(page.locator("#line")).to_contain_text(f"Priority of claim {first.number}: Urgent.")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    # Somebody took it from them meanwhile; then the log-in ends. What was typed stays in the cell.
    _cell(page, first, "tags").tap()
    page.locator("#cell-tags").fill("bridge, tolls")
    with one_at_a_time:
        factories.move(
            Claim.objects.get(pk=first.pk),
            Action.REASSIGN,
            editor,
            reason="x",
            payload={"assignee": editor.pk},
        )
    page.get_by_role("button", name="Save: Tags").tap()
    expect(page.locator("#cell-tags-error")).to_contain_text("Your role on this desk does not allow this.")
    expect(page.locator("#cell-tags")).to_have_value("bridge, tolls")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save: Tags").tap()
    expect(page.locator("#line")).to_contain_text("You are logged out. Copy what you have typed")
    expect(page.locator("#cell-tags")).to_have_value("bridge, tolls")
    page.get_by_role("button", name="Cancel: Tags").tap()
    expect(_cell(page, first, "tags")).to_be_focused()
