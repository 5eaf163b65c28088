"""The ten tasks of a first day, walked by mouse and keyboard, each press counted: the table in docs/first-use.md."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from claims.domain import evidence, verdicts
from claims.enums import Action, ClaimStatus
from claims.models import Claim
from tests import factories
from tests.browser.visitors import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "first-use.md"


class Counted:
    """A person at a page whose every click and every filled-in field is counted under the task at hand."""

    def __init__(self) -> None:
        self.task = ""
        self.clicks: Counter[str] = Counter()
        self.fields: Counter[str] = Counter()

    def begin(self, task: str) -> None:
        """What is counted from now on belongs to this task."""
        self.task = task
        self.clicks[task] += 0
        self.fields[task] += 0

    def click(self, place: Locator) -> None:
        """One press of a button, link or choice."""
        self.clicks[self.task] += 1
        place.click()

    def fill(self, place: Locator, text: str) -> None:
        """One field, typed into. Getting there is a press of the Tab key, so it counts as part of it."""
        self.fields[self.task] += 1
        place.fill(text)


def told() -> dict[str, tuple[int, int]]:
    """The rows of the table in the page: task, clicks, fields."""
    rows = re.findall(r"^\| ([a-z ]+) \| (\d+) \| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {task: (int(clicks), int(fields)) for task, clicks, fields in rows}


def button(page: Page, name: str) -> Locator:
    """The one button of this name."""
    return page.get_by_role("button", name=name, exact=True)


def test_ten_tasks_take_as_many_presses_as_the_page_says(
    visit: Callable[..., Visitor], editor: User, reviewer: User, second_reader: User
) -> None:
    factories.pages()
    claim = factories.move(factories.claim(editor), Action.TRIAGE, editor)
    count = Counted()

    noor = visit().page
    count.begin("log in")
    noor.goto(reverse("login"))
    count.fill(noor.locator("input[name=username]"), reviewer.username)
    count.fill(noor.locator("input[name=password]"), "correct horse battery staple")
    noor.locator("input[name=password]").press("Enter")
    noor.wait_for_url("**/desk/")

    count.begin("take")
    count.click(noor.get_by_role("button", name=re.compile("^Take")).first)
    expect(noor.locator("#line")).to_contain_text("is yours to check")

    count.begin("find my claim")  # it is the first thing on the page one comes to
    count.click(button(noor, "Start checking"))
    noor.wait_for_url(f"**/desk/claims/{claim.pk}/")

    count.begin("add evidence")
    count.click(noor.locator("#add-evidence"))
    panel = noor.locator("#evidence-panel")
    count.fill(panel.locator("[name=url]"), "https://port.example/counts")
    count.fill(panel.locator("[name=title]"), "Traffic counts 2025")
    count.click(panel.get_by_label("Undermines the claim"))
    count.click(panel.get_by_label("Primary source"))
    panel.locator("[name=title]").press("Control+Enter")
    expect(noor.locator("#source-1")).to_be_visible()

    count.begin("archive")  # the step begins by itself; a press asks for it again
    count.click(noor.get_by_role("button", name=re.compile("Copies of the sources", re.IGNORECASE)).first)
    expect(noor.locator("#steps")).to_be_visible()

    evidence.add_evidence(
        claim.pk, actor=reviewer,
        fields={"title": "Council minutes", "publisher": "City council", "where": "City archive, folder 12",
                "stance": "supports", "kind": "secondary"},
    )  # fmt: skip
    verdicts.save_reply(
        claim.pk, actor=reviewer, fields={"contacted": False, "not_contacted_reason": "public_record"}
    )
    noor.reload()
    count.begin("draft")
    count.click(noor.locator("#verdict label", has_text="Mostly false").first)
    for name, text in (
        ("headline", "Traffic fell by less than a third"), ("summary", "Counts show 27 per cent."),
        ("reasoning", "The port authority counted fewer vehicles [1]. The minutes agree [2]."),
        ("why_checked", "The figure is quoted widely."),
    ):  # fmt: skip
        count.fill(noor.locator(f"#id_{name}"), text)
    expect(noor.locator("#draft-state")).to_have_attribute("data-state", "saved")

    count.begin("submit")
    submit = button(noor, "Submit for review")
    expect(submit).not_to_have_attribute("aria-disabled", "true")
    count.click(submit)
    expect(noor.locator("#line")).to_contain_text("Submitted for review.")

    tomas = visit(second_reader).open(reverse("my-work"))
    count.begin("return")
    count.click(tomas.get_by_role("link", name="Review it"))
    count.click(tomas.get_by_text("Send back…"))
    count.fill(tomas.locator("#id_send_reason"), "Which month?")
    count.click(button(tomas, "Send back"))
    expect(tomas.locator("#line")).to_contain_text("Sent back")

    factories.move(claim, Action.SUBMIT, reviewer)
    tomas.goto(reverse("my-work"))
    count.begin("approve")
    count.click(tomas.get_by_role("link", name="Review it"))
    count.click(button(tomas, "Approve"))
    expect(tomas.locator("#line")).to_contain_text("Approved.")

    pia = visit(editor).open(reverse("my-work"))
    count.begin("publish")
    count.click(pia.get_by_role("link", name="Publish…").first)
    count.click(button(pia, "Publish"))
    expect(pia.locator("#line")).to_contain_text("Published.")

    assert Claim.objects.get(pk=claim.pk).status == ClaimStatus.PUBLISHED
    assert told() == {task: (count.clicks[task], count.fields[task]) for task in count.clicks}
