"""Two people on one claim: each is told of the other, and when both write, nothing either wrote is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from claims.domain import presence
from claims.models import Claim, Verdict
from tests.browser.visitors import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_two_editors_of_one_draft_meet(
    visit: Callable[..., Visitor], claim_in: Any, editor: User, reviewer: User
) -> None:
    claim: Claim = claim_in("researching")
    path = reverse("claim", args=[claim.pk])
    first, second = visit(reviewer), visit(editor)
    first.page.clock.install()
    noor = first.open(path)
    with second.page.expect_response(f"**{reverse('claim-here', args=[claim.pk])}"):
        pia = second.open(path)
    noor.clock.fast_forward(1_000 * (presence.EVERY + 1))  # the next beat
    expect(noor.locator("#here")).to_contain_text("Pia Demo")

    asked: list[str] = []
    noor.on("request", lambda request: asked.append(request.url))
    noor.fill("#id_summary", "Counts show 27 per cent.")
    expect(noor.locator("#draft-state")).to_contain_text("Saved")
    # The gates and the moves were asked for, not the whole page again.
    expect(noor.locator("#claim-moves")).not_to_contain_text("The one-sentence summary is empty.")
    assert any(url.endswith(reverse("claim-ready", args=[claim.pk])) for url in asked)
    assert not any(url.endswith(path) for url in asked)

    pia.fill("#id_summary", "About a quarter less.")
    expect(pia.locator("#draft-state")).to_have_attribute("data-state", "paused")
    expect(pia.locator("#draft-state")).to_contain_text("Noor Demo saved after you opened this.")
    assert pia.input_value("#id_summary") == "About a quarter less."
    pia.click("#compare-drafts")
    expect(pia.locator("h1")).to_have_text("Two drafts met")
    expect(pia.locator("main")).to_contain_text("Counts show 27 per cent.")
    expect(pia.locator("main")).to_contain_text("About a quarter less.")
    pia.fill("#join-summary", "Counts show 27 per cent: about a quarter less.")
    pia.get_by_role("button", name="Save the joined text").click()
    pia.wait_for_url(f"**{path}*")
    stored = Verdict.objects.get(claim=claim)
    assert (stored.summary, stored.revision) == ("Counts show 27 per cent: about a quarter less.", 2)


def test_a_log_in_that_ends_takes_nothing_away_that_is_being_written(
    visit: Callable[..., Visitor], claim_in: Any, reviewer: User
) -> None:
    path = reverse("claim", args=[claim_in("researching").pk])
    page = visit(reviewer).open(path)
    page.fill("#comments textarea", "A long remark that nobody wants to write twice.")
    page.context.clear_cookies()
    page.fill("#id_summary", "Counts show 27 per cent.")
    expect(page.locator("#draft-state")).to_contain_text("You are logged out.")
    page.evaluate("htmx.ajax('GET', location.pathname + 'ready/', '#claim-moves')")
    expect(page.locator("#line")).to_contain_text(
        "You are logged out. Copy what you have typed, then log in again."
    )
    expect(page.locator("#line a")).to_have_attribute("href", re.compile("/log-in/.next=.*claims"))
    assert page.url.endswith(path)
    assert page.input_value("#comments textarea").startswith("A long remark")
    assert page.input_value("#id_summary") == "Counts show 27 per cent."
