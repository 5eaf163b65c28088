"""The main job as one story, in a browser: paste, decide, assign, check, submit, approve, publish, read.

Told twice: with scripts, and without, when every button is a plain form.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from claims.domain import steps
from claims.enums import StepState
from claims.models import Claim, VerificationStep
from tests import factories
from tests.browser.visitors import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ARTICLE = settings.BASE_DIR / "claims" / "demo" / "articles" / "hanoi-summit.txt"
WORDS = "wanted the sanctions lifted"
HEADLINE = "By its own account North Korea asked for relief from five resolutions of eleven"
RATING = "Half true"


@pytest.mark.parametrize("script", [True, False], ids=["with-scripts", "without-scripts"])
def test_from_article_to_report(
    visit: Callable[..., Visitor], one_at_a_time: threading.RLock,
    editor: User, reviewer: User, second_reader: User, script: bool,
) -> None:  # fmt: skip
    factories.pages()
    visitors = {name: visit(script=script) for name in ("editor", "checker", "reader", "stranger")}

    desk = log_in(visitors["editor"], editor)
    paste(desk, ARTICLE.read_text(encoding="utf-8"))
    with one_at_a_time:
        let_the_worker_work()
    claim = Claim.objects.get(text__contains=WORDS)
    accept(desk, claim, script)
    assign(desk, claim, to="Noor Demo", second_reader="Tomas Demo")
    with one_at_a_time:
        let_the_worker_work()

    checker = log_in(visitors["checker"], reviewer)
    start(checker, claim)
    read_the_steps(checker)
    add_source(checker, 1, "Undermines the claim", "Primary source", title="Statement after the summit",
               publisher="Delegation of North Korea", url="https://statement.example.org/hanoi")  # fmt: skip
    add_source(checker, 2, "Supports the claim", "Secondary source", title="Press conference, 28 February 2019",
               publisher="White House", where="Transcript in the desk's archive, folder 12")  # fmt: skip
    write_verdict(checker)
    record_reply(checker)
    checker.get_by_role("button", name="Submit for review").first.click()
    expect(checker.locator("#line")).to_contain_text("review")

    approve(log_in(visitors["reader"], second_reader))
    publish(desk)

    read_in_public(visitors["stranger"].open("/"))
    visitors["stranger"].open("/desk/")
    expect(visitors["stranger"].page.get_by_label("Password")).to_be_visible()
    assert {name: visitor.complaints for name, visitor in visitors.items() if visitor.complaints} == {}


def log_in(visitor: Visitor, person: User) -> Page:
    page = visitor.open("/desk/")
    page.get_by_label("User name").fill(person.username)
    page.get_by_label("Password").fill("correct horse battery staple")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")
    return page


def let_the_worker_work() -> None:
    """What a worker does: every step that is promised, and those that these promise, until nothing is left."""
    while waiting := list(
        VerificationStep.objects.filter(state=StepState.QUEUED).values_list("pk", flat=True)
    ):
        for pk in waiting:
            assert steps.run_step(pk), VerificationStep.objects.get(pk=pk).last_error


def paste(page: Page, text: str) -> None:
    page.locator(".tools").get_by_role("link", name="Article").first.click()
    page.get_by_label("Text of the article").fill(text)
    page.get_by_label("Outlet").fill("The Sample Dispatch")
    page.get_by_role("button", name="Read the claims").click()
    expect(page.locator("#line")).to_contain_text("Its claims appear as they are found")


def accept(page: Page, claim: Claim, script: bool) -> None:
    """The claims come up by themselves where scripts run, else with the next look at the page."""
    if not script:
        page.reload()
    card = page.locator(f"#card-{claim.pk}")
    expect(card).to_contain_text(WORDS, timeout=15_000)
    expect(page.locator(f"mark[data-c~='{claim.pk}']", has_text=WORDS)).to_be_visible()
    page.get_by_role("link", name=f"Claim {claim.number}, New").click()
    card.get_by_role("button", name="Accept").click()
    expect(card).to_contain_text("Accepted")


def assign(page: Page, claim: Claim, *, to: str, second_reader: str) -> None:
    page.get_by_role("link", name=f"Open claim {claim.number}", exact=True).click()
    page.get_by_role("link", name="Assign").first.click()
    page.get_by_label(f"{to}: 0 of 6 claims").check()
    page.get_by_label("Second reader").select_option(label=f"{second_reader}: 0 of 6 claims")
    page.get_by_role("button", name="Assign").click()
    expect(page.locator("#claim")).to_contain_text(to)


def start(page: Page, claim: Claim) -> None:
    next_one = page.get_by_role("region", name="Do this next")
    expect(next_one).to_contain_text(claim.wording[:40])
    next_one.get_by_role("button", name="Start checking").click()
    page.wait_for_url(f"**/desk/claims/{claim.pk}/")


def read_the_steps(page: Page) -> None:
    """Each says what came of it; those that need a service outside are folded, and say that none is set up."""
    panel = page.get_by_role("region", name="Verification steps")
    context = panel.locator(".step", has_text="Context").first
    expect(context.locator(".step-outcome")).to_have_text("Found")
    expect(panel.locator(".step-outcome", has_text="Waiting")).to_have_count(0)
    panel.locator("summary", has_text="not set up").click()
    expect(panel.locator(".step-outcome", has_text="Not set up").first).to_be_visible()


def add_source(page: Page, number: int, stance: str, kind: str, **texts: str) -> None:
    page.get_by_role("link", name="Add evidence").click()
    form = page.locator(".evidence-form")
    form.locator("summary").click()  # the publisher and what is no link
    for name, value in texts.items():
        form.locator(f"[name={name}]").fill(value)
    choose(form, stance)
    choose(form, kind)
    form.get_by_role("button", name="Add evidence").click()
    expect(page.locator(f"#source-{number}")).to_contain_text(texts["title"])


def choose(form: Locator, label: str) -> None:
    form.get_by_role("radio", name=label, exact=True).check()


def write_verdict(page: Page) -> None:
    form = page.locator("#verdict-form")
    choose(form, RATING)
    form.get_by_label("Headline").fill(HEADLINE)
    form.get_by_label("One-sentence summary").fill(
        "The two delegations describe the demand differently; only one account names its extent."
    )
    form.get_by_label("Reasoning").fill(
        "The statement names five resolutions [1]. The press conference says all of them [2]."
    )
    form.get_by_label("Why we checked this").fill(
        "Whether the demand was total is why the summit is said to have failed."
    )
    form.get_by_role("button", name="Save draft").click()
    expect(page.locator("#line")).to_contain_text("Draft saved")


def record_reply(page: Page) -> None:
    reply = page.locator("#reply")
    choose(reply, "No")
    reply.get_by_label("Why not asked").select_option(label="Their answer is on the public record already")
    reply.get_by_role("button", name="Save the record").click()
    expect(page.locator("#review")).to_contain_text("Nothing is missing")


def approve(page: Page) -> None:
    page.get_by_role("link", name="Review it").click()
    expect(page.get_by_role("main")).to_contain_text(HEADLINE)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#claim")).to_contain_text("Approved")


def publish(page: Page) -> None:
    page.goto("/desk/")
    page.get_by_role("link", name="Publish…").first.click()
    expect(page.get_by_role("heading", name="What will happen")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#claim")).to_contain_text("Published")


def read_in_public(page: Page) -> None:
    page.get_by_role("link", name=HEADLINE).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HEADLINE)
    expect(page.locator("#verdict")).to_contain_text(RATING)
    expect(page.locator("#sources li")).to_have_count(2)
    assert page.locator("script:not([type='application/ld+json'])").count() == 0
    marked_up = [json.loads(text) for text in page.locator("script").all_text_contents()]
    reviews = [item for item in marked_up if item["@type"] == "ClaimReview"]
    assert [review["reviewRating"]["alternateName"] for review in reviews] == [RATING]
    assert reviews[0]["url"] == page.locator("link[rel=canonical]").get_attribute("href")
