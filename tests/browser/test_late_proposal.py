"""A kind that is proposed by the link's site, in a real browser: it never takes the place of what was chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Route, expect

from claims.models import Evidence
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_proposal_that_comes_late_leaves_what_was_chosen(
    visit: Callable[..., Any], one_at_a_time: Any, editor: User, reviewer: User, second_reader: User
) -> None:
    """Broken build: put every answer in place, whatever was chosen while it was on its way."""
    claim = factories.claim(editor)
    factories.bring_to("researching", claim, editor=editor, checker=reviewer, reader=second_reader)
    add = reverse("evidence-add", args=[claim.pk])
    visitor = visit(reviewer)
    page = visitor.open(reverse("claim", args=[claim.pk]))
    late: list[Route] = []
    page.route(f"**{add}?*", lambda route: late.append(route))

    page.get_by_role("link", name="Add evidence").click()
    form = page.locator(".evidence-form")
    link = form.get_by_label("Link")
    link.fill("https://statement.example.org/hanoi")
    with page.expect_request(f"**{add}?*"):
        form.get_by_label("Title").fill("Statement after the summit")
    form.get_by_role("radio", name="Undermines the claim", exact=True).check()
    form.get_by_role("radio", name="Primary source", exact=True).check()
    with page.expect_response(f"**{add}?*"):
        late.pop().continue_()
    expect(form.locator(".htmx-request")).to_have_count(0)
    form.get_by_role("button", name="Add evidence").click()
    expect(page.locator("#source-1")).to_contain_text("Statement after the summit")
    with one_at_a_time:
        assert Evidence.objects.get(claim=claim).kind == "primary"


def test_a_mended_link_gets_a_proposal_of_its_own(
    visit: Callable[..., Any], editor: User, reviewer: User, second_reader: User
) -> None:
    """Broken build: take what was proposed for the former link for a choice."""
    claim = factories.claim(editor)
    factories.bring_to("researching", claim, editor=editor, checker=reviewer, reader=second_reader)
    page = visit(reviewer).open(reverse("claim", args=[claim.pk]))
    page.get_by_role("link", name="Add evidence").click()
    form = page.locator(".evidence-form")
    link, title = form.get_by_label("Link"), form.get_by_label("Title")
    proposed = form.get_by_text("Proposed by the name of the site.")
    link.fill("https://en.wikipedia.org/wiki/Hanoi")
    title.focus()
    expect(form.get_by_role("radio", name="Secondary source", exact=True)).to_be_checked()
    link.fill("https://www.gov.uk/hanoi")
    title.focus()
    expect(form.get_by_role("radio", name="Primary source", exact=True)).to_be_checked()
    expect(proposed).to_be_visible()
    link.fill("hanoi")
    title.focus()
    expect(proposed).to_have_count(0)
    expect(form.get_by_role("radio", name="Primary source", exact=True)).not_to_be_checked()
    link.fill("https://www.gov.uk/hanoi")
    title.focus()
    form.get_by_role("radio", name="Expert", exact=True).check()
    with page.expect_response("**/evidence/?*"):
        link.fill("https://en.wikipedia.org/wiki/Hanoi")
        title.focus()
    expect(form.locator(".htmx-request")).to_have_count(0)
    expect(form.get_by_role("radio", name="Expert", exact=True)).to_be_checked()
