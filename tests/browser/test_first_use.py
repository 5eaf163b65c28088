"""The ten tasks of a first day, each press counted: the table in docs/first-use.md. Walked by mouse, and by keyboard alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import RLock

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from claims.domain import evidence, steps, verdicts
from claims.enums import Action, ClaimStatus, StepState
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

    def send(self, place: Locator, keys: str) -> None:
        """Keys pressed in the field that was just filled in, or beside it."""
        place.press(keys)


# What is meant by a place: the control of a label, the button around its words.
CONTROL = "place => place.control || place.closest('summary, button, a, input, textarea, select')"
# Whether the focus is there, or on another choice of the same question; and whether it can be seen: in the window, not
# under the bar, with a ring around it or its label.
LOOK = f"""place => {{
  const one = ({CONTROL})(place), here = document.activeElement, box = here.getBoundingClientRect();
  const bar = document.querySelector('header.bar'), ring = (part) => getComputedStyle(part).outlineStyle !== 'none';
  const under = bar && !bar.contains(here) ? bar.getBoundingClientRect().bottom : 0;
  const drawn = ring(here) || ring(here.labels?.[0] || here) || here.matches('input, textarea, select');
  return {{
    there: one === here, beside: one.type === 'radio' && here.type === 'radio' && here.name === one.name,
    seen: here === document.body || here.matches('#main, .skip') || (drawn && box.bottom > under && box.top < innerHeight),
    what: here.outerHTML.slice(0, 200),
  }};
}}"""


class ByKeyboard(Counted):
    """The same person without a mouse: Tab to a place, Enter or Space on it, arrows among choices."""

    MOST_TABS = 150

    def __init__(self) -> None:
        super().__init__()
        self.unseen: list[str] = []

    def _reach(self, place: Locator) -> None:
        page = place.page
        place = place.first
        place.wait_for(state="attached")
        for press in range(self.MOST_TABS):
            look = place.evaluate(LOOK)
            if press and not look["seen"]:
                self.unseen.append(look["what"])
            if look["there"]:
                return
            page.keyboard.press("ArrowRight" if look["beside"] else "Tab")
        raise AssertionError(f"{self.task}: the Tab key does not lead to {place}")

    def click(self, place: Locator) -> None:
        self.clicks[self.task] += 1
        self._reach(place)
        choice = place.first.evaluate(f"place => ({CONTROL})(place).matches('input')")
        if not (choice and place.first.evaluate(f"place => ({CONTROL})(place).checked")):
            place.page.keyboard.press("Space" if choice else "Enter")

    def fill(self, place: Locator, text: str) -> None:
        self.fields[self.task] += 1
        self._reach(place)
        place.page.keyboard.press("ControlOrMeta+A")
        place.page.keyboard.type(text)

    def send(self, place: Locator, keys: str) -> None:
        place.page.keyboard.press(keys)


def told() -> dict[str, tuple[int, int]]:
    """The rows of the table in the page: task, clicks, fields."""
    rows = re.findall(r"^\| ([a-z ]+) \| (\d+) \| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {task: (int(clicks), int(fields)) for task, clicks, fields in rows}


def button(page: Page, name: str) -> Locator:
    """The one button of this name."""
    return page.get_by_role("button", name=name, exact=True)


@pytest.mark.parametrize("hands", [Counted, ByKeyboard], ids=["mouse", "keyboard"])
def test_ten_tasks_take_as_many_presses_as_the_page_says(
    hands: type[Counted], visit: Callable[..., Visitor], one_at_a_time: RLock, editor: User, reviewer: User,
    second_reader: User,
) -> None:  # fmt: skip
    factories.pages()
    claim = factories.move(factories.claim(editor), Action.TRIAGE, editor)
    count = hands()

    noor = visit().page
    count.begin("log in")
    noor.goto(reverse("login"))
    count.fill(noor.locator("input[name=username]"), reviewer.username)
    count.fill(noor.locator("input[name=password]"), "correct horse battery staple")
    count.send(noor.locator("input[name=password]"), "Enter")
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
    count.send(panel.locator("[name=title]"), "Control+Enter")
    expect(noor.locator("#source-1")).to_be_visible()

    count.begin("archive")  # the step begins by itself; a press asks for it again
    copies = noor.locator("#steps .step", has_text="Copies of the sources")
    with one_at_a_time:
        for pk in claim.steps.filter(state=StepState.QUEUED).values_list("pk", flat=True):
            steps.run_step(pk)
    expect(copies.locator(".step-outcome")).not_to_have_text("Waiting", timeout=8000)
    count.click(copies.get_by_role("button", name=re.compile("again")))
    expect(copies.locator(".step-outcome")).to_have_text("Waiting")

    with one_at_a_time:
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

    with one_at_a_time:
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

    with one_at_a_time:
        assert Claim.objects.get(pk=claim.pk).status == ClaimStatus.PUBLISHED
    assert not (bad := getattr(count, "unseen", [])), "\n".join(
        bad
    )  # every stop of the Tab key was in sight, with a ring around it
    assert told() == {task: (count.clicks[task], count.fields[task]) for task in count.clicks}
