"""The whole story in a browser: an article is pasted, a claim is checked by two people, a report goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from claims.domain import steps
from claims.enums import StepState
from claims.models import Article, Claim, Report, VerificationStep
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Door = Callable[..., Page]


@pytest.fixture
def door(chromium: Browser, one_at_a_time: None, live_server: Any, transactional_db: None) -> Iterator[Door]:
    """``door(script=True)``: somebody new in front of the log-in page."""
    contexts: list[BrowserContext] = []

    def open_door(script: bool = True) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, java_script_enabled=script, viewport={"width": 1280, "height": 900}
        )
        contexts.append(context)
        return context.new_page()

    yield open_door
    for context in contexts:
        context.close()


def log_in(page: Page, person: User) -> Page:
    page.goto(reverse("login"))
    page.fill("input[name=username]", person.username)
    page.fill("input[name=password]", "correct horse battery staple")
    page.press("input[name=password]", "Enter")
    expect(page.get_by_role("heading", name="My work")).to_be_visible()
    return page


def let_the_worker_work() -> None:
    """What a worker does: every step that is promised, until nothing is left."""
    for _round in range(4):
        for pk in VerificationStep.objects.filter(state=StepState.QUEUED).values_list("pk", flat=True):
            steps.run_step(pk)


def paste(page: Page, text: str) -> Article:
    page.goto(reverse("article-new"))
    page.check("input[name=way][value=text]")
    page.fill("textarea[name=text]", text)
    page.get_by_role("button", name="Read the claims").click()
    page.wait_for_url("**/desk/articles/*/**")
    let_the_worker_work()
    return Article.objects.get()


def press(page: Page, claim: Claim, action: str, **fields: str) -> None:
    """One move by its own page, which exists for every action and needs no script."""
    page.goto(reverse("move", args=[claim.pk, action]))
    for name, value in fields.items():
        box = page.locator(f"main [name={name}]").first
        if box.get_attribute("type") == "radio":
            page.check(f"main input[name={name}][value='{value}']", force=True)
        else:
            box.fill(value)
    page.locator(f"main form[action$='/move/{action}/'] button.btn-primary, "
                 f"main form[action$='/move/{action}/'] button[type=submit]").first.click()  # fmt: skip


def add_evidence(page: Page, claim: Claim, stance: str, kind: str, **texts: str) -> None:
    page.goto(reverse("evidence-add", args=[claim.pk]))
    form = page.locator(f"main form[action='{reverse('evidence-add', args=[claim.pk])}']").first
    for name, value in texts.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator(f"input[name=stance][value={stance}]").check(force=True)
    form.locator(f"input[name=kind][value={kind}]").check(force=True)
    form.get_by_role("button", name="Add evidence").click()
    expect(page.locator("body")).to_contain_text(texts["title"])


def write_verdict(page: Page, claim: Claim) -> None:
    page.goto(reverse("claim", args=[claim.pk]))
    form = page.locator("#verdict-form")
    form.get_by_role("radio", name="Mostly false").check(force=True)
    form.locator("[name=headline]").fill("Traffic fell by 27 per cent, not by a third")
    form.locator("[name=summary]").fill("The counts show a fall of 27 per cent.")
    form.locator("[name=reasoning]").fill("The port authority counted [1]. The minutes agree [2].")
    form.locator("[name=why_checked]").fill("The figure is quoted in every debate on the toll.")
    form.get_by_role("button", name="Save draft").click()
    page.goto(reverse("reply-save", args=[claim.pk]))
    reply = page.locator(f"main form[action='{reverse('reply-save', args=[claim.pk])}']").first
    reply.locator("input[name=contacted][value=no]").check(force=True)
    reply.locator("[name=not_contacted_reason]").select_option("public_record")
    reply.locator("button[type=submit], button.btn-primary").first.click()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_article_to_report(
    door: Door, editor: User, reviewer: User, second_reader: User, script: bool
) -> None:
    factories.pages()
    desk = log_in(door(script), editor)
    article = paste(desk, factories.TEXT)
    desk.goto(reverse("article", args=[article.pk]))
    claim = article.claims.order_by("start").first()
    assert claim is not None
    expect(desk.locator("body")).to_contain_text(claim.text)
    press(desk, claim, "assign", assignee=str(reviewer.pk))

    checker = log_in(door(script), reviewer)
    expect(checker.locator("main")).to_contain_text(claim.wording[:40])
    press(checker, claim, "start")
    checker.goto(reverse("claim", args=[claim.pk]))
    expect(checker.locator("main")).to_contain_text("Context")
    expect(checker.locator("main")).to_contain_text("Not set up")
    add_evidence(checker, claim, "undermines", "primary", title="Traffic counts", publisher="Port authority",
                 url="https://port.example/counts")  # fmt: skip
    add_evidence(checker, claim, "supports", "secondary", title="Council minutes", publisher="Council",
                 where="City archive, folder 12")  # fmt: skip
    write_verdict(checker, claim)
    press(checker, claim, "submit")
    assert Claim.objects.get(pk=claim.pk).status == "in_review"

    reader = log_in(door(script), second_reader)
    reader.goto(reverse("review", args=[claim.pk]))
    expect(reader.locator("main")).to_contain_text("Traffic fell by 27 per cent")
    press(reader, claim, "approve")
    press(desk, claim, "publish")
    report = Report.objects.get()

    stranger = door(script)
    stranger.goto(reverse("home"))
    stranger.get_by_role("link", name="Traffic fell by 27 per cent, not by a third").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text(
        "Traffic fell by 27 per cent, not by a third"
    )
    assert stranger.locator("script[type='application/ld+json']").count() == 1
    assert stranger.url.endswith(reverse("report", args=[report.slug]))
    stranger.goto(reverse("my-work"))
    expect(stranger.locator("input[name=password]")).to_be_visible()
