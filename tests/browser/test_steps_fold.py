"""The folded steps of a claim in a real browser: what one opened, where one stands and what one reads stay put."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from claims.enums import StepOutcome, StepState
from claims.models import Claim, StepResult, VerificationStep
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Any]


def finish(step: VerificationStep) -> None:
    now = timezone.now()
    VerificationStep.objects.filter(pk=step.pk).update(state=StepState.DONE, finished_at=now, attempts=1)
    StepResult.objects.create(
        step=step, outcome=StepOutcome.NOTHING_FOUND, summary="Nothing.", started_at=now, finished_at=now
    )


def test_progress_closes_nothing_and_moves_nothing(
    visit: Visit, one_at_a_time: Any, editor: User, reviewer: User
) -> None:
    """Broken build: leave out what swap.js does before a swap, fold rows while they are watched, or let the browser anchor in them."""
    claim: Claim = factories.article(editor).claims.order_by("start")[0]
    first, second, *rest = claim.steps.order_by("pk")
    finish(first)
    visitor = visit(reviewer)
    page = visitor.open(reverse("claim", args=[claim.pk]))
    fold = page.locator("#quiet-steps")
    expect(fold).not_to_have_attribute("open", "")
    page.locator("#quiet-steps-words").click()
    button = fold.locator(f"#act-{first.kind}")
    button.focus()
    before = page.locator("#evidence").bounding_box()
    with one_at_a_time:
        finish(second)
    row = page.locator(f"#step-{second.pk}")
    expect(row.locator(".step-outcome")).to_have_text("Nothing found")
    expect(fold).to_have_attribute("open", "")
    expect(button).to_be_focused()
    expect(fold.locator(f"#step-{second.pk}")).to_have_count(0)
    assert page.locator("#evidence").bounding_box() == before
    with one_at_a_time:
        for step in rest:
            finish(step)
    expect(page.locator("#steps [role=status]")).to_have_text("All verification steps are done.")
    assert page.locator("#evidence").bounding_box() == before
    expect(button).to_be_focused()
    page.keyboard.press("Enter")  # it runs again: the row comes out of the fold, and the focus goes with it
    expect(page.locator(f"#act-{first.kind}")).to_be_focused()
    expect(fold).to_have_count(0)
    assert visitor.complaints == []


def test_without_script_the_line_opens(visit: Visit, editor: User, reviewer: User) -> None:
    claim: Claim = factories.article(editor).claims.order_by("start")[0]
    first = claim.steps.order_by("pk")[0]
    finish(first)
    page = visit(reviewer, script=False, width=360).open(reverse("claim", args=[claim.pk]))
    row = page.locator(f"#step-{first.pk}")
    expect(row).to_be_hidden()
    page.locator("#quiet-steps-words").click()
    expect(row).to_be_visible()
    row.get_by_role("button").click()
    page.wait_for_url("**#steps")
    assert claim.steps.filter(kind=first.kind, state=StepState.QUEUED).exists()
