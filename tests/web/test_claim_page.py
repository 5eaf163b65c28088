"""The claim's workbench: what it shows, what may be written there, and what happens when two people write at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.domain import claims as claim_verbs
from claims.domain import evidence, ledger, seen, steps, verdicts
from claims.enums import ClaimStatus, StepOutcome
from claims.models import (
    Claim,
    Comment,
    Evidence,
    GateException,
    StepResult,
    VerdictRevision,
    VerificationStep,
)
from tests import factories

AsUser = Callable[[User], Client]
ClaimIn = Callable[..., Claim]
HTMX = {"HX-Request": "true"}
DRAFT = {"level": "", "headline": "Buses get most of it", "summary": "Seventy cents.", "reasoning": "Counted [1].",
         "bullets": "One\nTwo", "why_checked": "Widely shared.", "how_read": "", "not_established": "",
         "other_side_queries": ""}  # fmt: skip


def page_of(client: Client, claim: Claim) -> str:
    response = client.get(reverse("claim", args=[claim.pk]))
    assert response.status_code == 200
    return response.content.decode()


# --- what it shows --------------------------------------------------------------------------------------------------


def test_the_claim_stands_in_its_context(as_user: AsUser, claim_in: ClaimIn, reviewer: User) -> None:
    claim = claim_in("researching")
    html = page_of(as_user(reviewer), claim)
    assert f"<mark>{claim.text}</mark>" in html
    assert "since the toll began" in html
    assert "Noor Demo" in html
    assert "Checking" in html


def test_what_is_missing_stands_beside_submit_as_links(
    as_user: AsUser, claim_in: ClaimIn, reviewer: User
) -> None:
    claim = claim_in("researching")
    html = page_of(as_user(reviewer), claim)
    assert re.search(r'<button type="button" aria-disabled="true"[^>]*>Submit for review', html)
    for place in ("verdict", "evidence"):
        assert f"/desk/claims/{claim.pk}/#{place}" in html
        assert f'id="{place}"' in html
    checklist = html[html.index('id="review"') :]
    assert "The report has no headline." in checklist
    assert "Write one that states the finding." in checklist
    factories.fill(claim, reviewer)
    html = page_of(as_user(reviewer), claim)
    assert re.search(r'class="btn-primary" type="submit"[^>]*>Submit for review', html)


@pytest.mark.parametrize("status", ["new", "triaged", "assigned", "in_review", "approved", "published"])
def test_every_status_has_its_page_with_one_filled_button_at_most(
    as_user: AsUser, claim_in: ClaimIn, editor: User, status: str
) -> None:
    html = page_of(as_user(editor), claim_in(status))
    assert len(re.findall(r'class="[^"]*btn-primary', html)) <= 1


def test_viewers_read_and_write_nothing(as_user: AsUser, claim_in: ClaimIn, viewer: User) -> None:
    claim = claim_in("researching")
    client = as_user(viewer)
    html = page_of(client, claim)
    assert "verdict-form" not in html
    assert "evidence-add" not in html
    assert 'name="action"' not in html
    for name, fields in {
        "verdict-save": DRAFT, "evidence-add": {"title": "x"}, "reply-save": {"contacted": "no"}, "comment-add": {"text": "x"},
        "claim-words": {"words": claim.text}, "claim-split": {"at": "5"}, "claim-steps-again": {},
    }.items():  # fmt: skip
        assert client.post(reverse(name, args=[claim.pk]), fields).status_code == 403, name
    assert VerdictRevision.objects.count() == 0


def test_the_timeline_tells_it_in_plain_words(as_user: AsUser, claim_in: ClaimIn, reviewer: User) -> None:
    html = page_of(as_user(reviewer), claim_in("published"))
    timeline = html[html.index('id="timeline"') :]
    for words in ("accepted the claim", "assigned it to Noor Demo", "began to check", "added source [1]: Traffic counts 2025",
                  "saved the verdict", "submitted it for review", "approved it", "published it"):  # fmt: skip
        assert words in timeline
    assert "claim.submit" not in html


def test_query_count_does_not_grow_with_evidence_comments_and_drafts(
    as_user: AsUser, claim_in: ClaimIn, editor: User, reviewer: User
) -> None:
    claim = claim_in("researching")
    client = as_user(reviewer)
    page_of(client, claim)
    counts = []
    made = 0
    for wanted in (1, 3, 25):
        for number in range(made, wanted):
            fields = {"title": f"Source {number}", "publisher": f"Office {number}", "url": f"https://x.example/{number}",
                      "stance": ("supports", "undermines", "context")[number % 3], "kind": "primary"}  # fmt: skip
            evidence.add_evidence(claim.pk, actor=reviewer, fields=fields)
            claim_verbs.add_comment(claim.pk, actor=editor, text=f"Comment {number}")
            verdicts.save_verdict(
                claim.pk, actor=reviewer, revision=number, fields={"summary": f"Finding {number}"}
            )
        made = wanted
        with CaptureQueriesContext(connection) as queries:
            page_of(client, claim)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2], counts
    assert counts[0] <= 45, counts


# --- the verdict ----------------------------------------------------------------------------------------------------


def test_a_draft_is_saved_by_the_button_and_by_itself(
    as_user: AsUser, claim_in: ClaimIn, reviewer: User
) -> None:
    claim = claim_in("researching")
    client = as_user(reviewer)
    level = verdicts._level("mostly_false")
    assert level is not None
    response = client.post(
        reverse("verdict-save", args=[claim.pk]), {**DRAFT, "level": level.pk, "revision": 0}
    )
    assert (response.status_code, response.url) == (302, f"/desk/claims/{claim.pk}/#verdict")
    verdict = Claim.objects.get(pk=claim.pk).verdict
    assert (verdict.level, verdict.bullets, verdict.revision) == (level, ["One", "Two"], 1)
    response = client.post(
        reverse("verdict-save", args=[claim.pk]),
        {**DRAFT, "level": level.pk, "revision": 1, "summary": "Seventy-one cents."},
        headers={"Accept": "application/json"},
    )
    assert json.loads(response.content)["revision"] == 2
    assert "Saved" in json.loads(response.content)["said"]


def test_two_drafts_that_meet_are_both_shown_and_nothing_is_lost(
    as_user: AsUser, claim_in: ClaimIn, reviewer: User, editor: User
) -> None:
    claim = claim_in("researching")
    verdicts.save_verdict(
        claim.pk, actor=editor, revision=0, fields={"summary": "The editor's sentence.", "headline": "Theirs"}
    )
    client = as_user(reviewer)
    address = reverse("verdict-save", args=[claim.pk])
    mine = {**DRAFT, "revision": 0, "summary": "My own sentence."}
    told = client.post(address, mine, headers={"Accept": "application/json"})
    assert told.status_code == 409
    assert json.loads(told.content)["conflict"] is True
    response = client.post(address, mine)
    html = response.content.decode()
    assert response.status_code == 409
    assert "The editor&#x27;s sentence." in html
    assert "My own sentence." in html
    assert "Keep mine" in html
    assert "Keep what Pia Demo wrote" in html
    assert "<ins>" in html
    # Keeping theirs keeps mine in the history too.
    assert client.post(address, {**mine, "revision": 1, "keep": "theirs"}).status_code == 302
    verdict = Claim.objects.get(pk=claim.pk).verdict
    assert (verdict.summary, verdict.headline) == ("The editor's sentence.", "Theirs")
    kept = VerdictRevision.objects.filter(claim=claim).values_list("summary", flat=True)
    assert "My own sentence." in kept
    # Keeping mine is a save on top of theirs.
    client.post(address, {**mine, "revision": verdict.revision})
    assert Claim.objects.get(pk=claim.pk).verdict.summary == "My own sentence."
    told = client.get(reverse("claim-history", args=[claim.pk])).content.decode()
    assert "My own" in told
    assert "<del>" in told


def test_what_cannot_be_saved_comes_back_as_it_was_typed(
    as_user: AsUser, claim_in: ClaimIn, reviewer: User
) -> None:
    claim = claim_in("researching")
    response = as_user(reviewer).post(
        reverse("verdict-save", args=[claim.pk]), {**DRAFT, "revision": 0, "summary": "x" * 301}
    )
    html = response.content.decode()
    assert response.status_code == 422
    assert "x" * 301 in html
    assert "Counted [1]." in html
    assert "error-summary" in html
    assert "<title>Error:" in html


def test_the_preview_shows_what_is_typed_and_saves_nothing(
    as_user: AsUser, claim_in: ClaimIn, reviewer: User
) -> None:
    claim = claim_in("researching")
    evidence.add_evidence(
        claim.pk, actor=reviewer,
        fields={"title": "Counts", "url": "https://x.example/1", "stance": "undermines", "kind": "primary"},
    )  # fmt: skip
    typed = {**DRAFT, "revision": 0, "reasoning": "**Bold** [1], wrong [7] <script>alert(1)</script>"}
    client = as_user(reviewer)
    html = client.post(reverse("claim-preview", args=[claim.pk]), typed).content.decode()
    assert "<strong>Bold</strong>" in html
    assert 'href="#source-1"' in html
    assert "There is no source with the number 7" in html
    assert "<script>alert" not in html
    assert "Save draft and go on" in html
    assert "Buses get most of it" in html
    part = client.post(reverse("claim-preview", args=[claim.pk]), typed, headers=HTMX).content.decode()
    assert "<html" not in part
    assert "<strong>Bold</strong>" in part
    assert VerdictRevision.objects.count() == 0


# --- evidence, reply, exceptions, comments ----------------------------------------------------------------------------


def test_a_source_is_added_changed_moved_and_taken_back(
    as_user: AsUser, claim_in: ClaimIn, reviewer: User
) -> None:
    claim = claim_in("researching")
    client = as_user(reviewer)
    add = reverse("evidence-add", args=[claim.pk])
    response = client.post(add, {"title": "", "url": "ftp://x", "quote": "kept words"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "Enter a title" in html
    assert "kept words" in html
    fields = {"title": "Budget", "url": "https://x.example/b", "stance": "supports", "kind": "primary"}
    assert client.post(add, fields).url == f"/desk/claims/{claim.pk}/#source-1"
    client.post(add, {**fields, "title": "Accounts"})
    first, second = Evidence.objects.filter(claim=claim).order_by("number")
    change = {**fields, "title": "Budget 2026", "seen": seen.mark(first)}
    client.post(reverse("evidence-change", args=[first.pk]), change)
    client.post(reverse("evidence-move", args=[second.pk]), {"to": "up"})
    html = page_of(client, claim)
    assert "Budget 2026" in html
    assert html.index('id="source-2"') < html.index('id="source-1"')
    assert client.get(reverse("evidence-take-back", args=[first.pk])).status_code == 200
    client.post(reverse("evidence-take-back", args=[first.pk]), {"reason": "wrong year"})
    html = page_of(client, claim)
    assert 'id="source-1"' not in html
    assert 'id="source-2"' in html
    assert "took back source [1]: Budget 2026" in html
    assert "wrong year" in html


def test_the_right_of_reply_is_recorded_or_asked_for_again(
    as_user: AsUser, claim_in: ClaimIn, reviewer: User
) -> None:
    claim = claim_in("researching")
    client = as_user(reviewer)
    address = reverse("reply-save", args=[claim.pk])
    response = client.post(address, {"contacted": "yes", "answer": "They said no."})
    assert response.status_code == 422
    assert "Say on which day you asked" in response.content.decode()
    assert "They said no." in response.content.decode()
    today = timezone.localdate().isoformat()
    assert (
        client.post(address, {"contacted": "yes", "asked_on": today, "channel": "e-mail"}).status_code == 302
    )
    assert "e-mail" in page_of(client, claim)


def test_an_editor_makes_an_exception_with_a_reason(
    as_user: AsUser, claim_in: ClaimIn, editor: User, reviewer: User
) -> None:
    claim = claim_in("researching")
    address = reverse("gate-exception", args=[claim.pk, "primary_source"])
    assert as_user(reviewer).post(address, {"reason": "because"}).status_code == 403
    assert as_user(editor).post(address, {"reason": " "}).status_code == 422
    assert as_user(editor).post(address, {"reason": "No primary source is public."}).status_code == 302
    assert GateException.objects.get().person == editor
    assert "No primary source is public." in page_of(as_user(reviewer), claim)
    assert as_user(editor).get(reverse("gate-exception", args=[claim.pk, "headline"])).status_code == 404


def test_a_comment_is_there_and_an_empty_one_is_refused(
    as_user: AsUser, claim_in: ClaimIn, second_reader: User
) -> None:
    claim = claim_in("researching")
    client = as_user(second_reader)
    assert client.post(reverse("comment-add", args=[claim.pk]), {"text": "  "}).status_code == 422
    client.post(
        reverse("comment-add", args=[claim.pk]), {"text": "@noor see <b>page 3</b>", "passage": "31 per cent"}
    )
    assert [row.get_username() for row in Comment.objects.get().mentions.all()] == ["noor"]
    assert "@noor see &lt;b&gt;page 3&lt;/b&gt;" in page_of(client, claim)


# --- words and bounds -------------------------------------------------------------------------------------------------


def test_bounds_are_moved_by_writing_the_words(as_user: AsUser, editor: User) -> None:
    claim = factories.claim(editor, "every cent of the toll")
    client = as_user(editor)
    address = reverse("claim-words", args=[claim.pk])
    wider = "spends every cent of the toll on buses"
    form = {
        "words": wider,
        "restated": "The city spends it all.",
        "speaker": claim.speaker_name,
        "topic": "Transport",
        "seen": seen.mark(claim),
    }
    assert client.post(address, form).status_code == 302
    claim.refresh_from_db()
    assert claim.text == wider == claim.article.text[claim.start : claim.end]
    assert (claim.restated, claim.topic) == ("The city spends it all.", "Transport")
    opened = seen.mark(claim)
    response = client.post(
        address, {**form, "words": "words of somebody else", "restated": "kept", "seen": opened}
    )
    assert response.status_code == 422
    assert "These words are not in the article" in response.content.decode()
    assert "kept" in response.content.decode()


def test_a_claim_is_split_where_it_is_proposed(as_user: AsUser, editor: User) -> None:
    claim = factories.claim(editor, "22,400 vehicles crossed")
    Claim.objects.filter(pk=claim.pk).update(start=claim.start)
    client = as_user(editor)
    address = reverse("claim-split", args=[claim.pk])
    html = client.get(address).content.decode()
    at = re.search(r'name="at" value="(\d+)"', html)
    assert at is not None, html
    before = Claim.objects.count()
    assert client.post(address, {"at": at[1]}).status_code == 302
    assert Claim.objects.count() == before + 1
    response = client.post(address, {"second": "nowhere to be found"})
    assert response.status_code == 422


# --- steps ------------------------------------------------------------------------------------------------------------


def finish(step: VerificationStep, outcome: StepOutcome, summary: str) -> None:
    """Do a step as a worker would, with this result."""
    now = timezone.now()
    VerificationStep.objects.filter(pk=step.pk).update(
        state="done", finished_at=now, started_at=now, attempts=1
    )
    StepResult.objects.create(step=step, outcome=outcome, summary=summary, started_at=now, finished_at=now)


@pytest.mark.parametrize(
    ("outcome", "word"),
    [
        (StepOutcome.FOUND, "Found"), (StepOutcome.NOTHING_FOUND, "Nothing found"),
        (StepOutcome.NOT_APPLICABLE, "Does not apply"), (StepOutcome.NOT_CONFIGURED, "Not set up"),
        (StepOutcome.UNAVAILABLE, "No answer"), (StepOutcome.FAILED, "Failed"),
    ],
)  # fmt: skip
def test_outcomes_never_look_alike(as_user: AsUser, editor: User, outcome: StepOutcome, word: str) -> None:
    claim = factories.article(editor).claims.order_by("start")[0]
    step = claim.steps.order_by("pk")[0]
    finish(step, outcome, "What came of it.")
    html = page_of(as_user(editor), claim)
    row = html[html.index(f'id="step-{step.pk}"') :]
    row = row[: row.index("</li>")]
    assert f'<span class="step-outcome">{word}</span>' in row
    assert "What came of it." in row


def test_the_panel_asks_again_until_all_is_done(as_user: AsUser, editor: User, reviewer: User) -> None:
    claim = factories.article(editor).claims.order_by("start")[0]
    client = as_user(reviewer)
    address = reverse("claim-steps", args=[claim.pk])
    part = client.get(address, {"asked": "3"}, headers=HTMX).content.decode()
    assert "delay:1s" in part
    assert "<html" not in part
    assert "delay:5s" in client.get(address, {"asked": "40"}, headers=HTMX).content.decode()
    for step in claim.steps.all():
        steps.run_step(step.pk)
    part = client.get(address, {"asked": "3"}, headers=HTMX).content.decode()
    assert "hx-trigger" not in part
    assert "All verification steps are done." in part
    assert client.get(address).status_code == 302


def test_a_step_is_cancelled_and_run_again(as_user: AsUser, editor: User, reviewer: User) -> None:
    claim = factories.article(editor).claims.order_by("start")[0]
    client = as_user(reviewer)
    step = claim.steps.order_by("pk")[0]
    client.post(reverse("step-cancel", args=[step.pk]))
    step.refresh_from_db()
    assert step.state == "cancelled"
    client.post(reverse("step-again", args=[step.pk]))
    assert claim.steps.filter(kind=step.kind, state="queued").exists()


def test_a_step_that_was_given_up_says_why_and_can_be_tried_again(
    as_user: AsUser, editor: User, reviewer: User
) -> None:
    claim = factories.article(editor).claims.order_by("start")[0]
    taken = ledger.take(claim.steps.order_by("pk")[0].pk)
    assert taken is not None
    with transaction.atomic():
        ledger.give_up(taken, "The archive answered 'busy' three times.")
    client = as_user(reviewer)
    html = page_of(client, claim)
    assert "Failed" in html
    assert "answered &#x27;busy&#x27; three times" in html
    client.post(reverse("step-again", args=[taken.pk]), headers=HTMX)
    assert claim.steps.filter(kind=taken.kind, state="queued", run=2).exists()
    assert Claim.objects.get(pk=claim.pk).status == ClaimStatus.NEW


def test_why_a_claim_came_back_stands_at_its_head(
    claim_in: Callable[..., Claim], second_reader: User, as_user: Callable[[User], Client]
) -> None:
    claim = claim_in("in_review")
    assert claim.assignee is not None
    address = reverse("claim", args=[claim.pk])
    assert 'id="sent-back"' not in as_user(claim.assignee).get(address).content.decode()
    factories.move(claim, "send_back", second_reader, reason="The second source is missing.")
    page = as_user(claim.assignee).get(address).content.decode()
    assert "The second source is missing." in page.split('id="sent-back"')[1].split("</p>")[0]
    factories.move(Claim.objects.get(pk=claim.pk), "submit", claim.assignee)
    assert 'id="sent-back"' not in as_user(claim.assignee).get(address).content.decode()


def test_what_is_wrong_with_a_draft_is_said_once_at_the_top(
    claim_in: Callable[..., Claim], as_user: Callable[[User], Client]
) -> None:
    claim = claim_in("researching")
    assert claim.assignee is not None
    typed = {"revision": "0", "headline": "Kept", "language": "no code!"}
    answer = as_user(claim.assignee).post(reverse("verdict-save", args=[claim.pk]), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count('id="error-summary"') == 1
    assert 'value="Kept"' in page


def test_who_only_reads_is_told_what_is_missing_without_links_to_mend_it(
    as_user: AsUser, claim_in: ClaimIn, reviewer: User, viewer: User
) -> None:
    claim = claim_in(ClaimStatus.RESEARCHING)
    for person, mends in ((reviewer, True), (viewer, False)):
        page = page_of(as_user(person), claim)
        panel = page.split('id="review"')[1].split("</section>")[0]
        assert "There is no verdict yet." in panel or "The report has no headline." in panel
        assert ("<a href=" in panel) is mends


def test_every_page_about_a_claim_leads_back_to_its_article_and_to_it(
    as_user: AsUser, claim_in: ClaimIn, reviewer: User
) -> None:
    claim = claim_in(ClaimStatus.RESEARCHING)
    client = as_user(reviewer)
    for name in (
        "evidence-add",
        "claim-preview",
        "claim-history",
        "claim-words",
        "claim-split",
        "claim-explain",
    ):
        crumbs = (
            client.get(reverse(name, args=[claim.pk]))
            .content.decode()
            .split('class="crumbs"')[1]
            .split("</nav>")[0]
        )
        assert (
            f'href="{reverse("article", args=[claim.article_id])}?claim={claim.pk}#card-{claim.pk}"' in crumbs
        ), name
        assert f'href="{reverse("claim", args=[claim.pk])}' in crumbs, name
