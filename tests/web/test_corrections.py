"""Versions and corrections: what each kind does to every surface. Checks 38 to 41 and 43 of publishing.md."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import feedparser
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from claims.domain import articles, evidence, media, replies, tokens, verdicts
from claims.domain.desk import save_settings
from claims.exceptions import TransitionRefused
from claims.models import AuditEvent, Claim, DeskSettings, Report, ReportVersion
from claims.publishing.claimreview import timestamp
from tests import factories
from tests.factories import move

pytestmark = [pytest.mark.django_db, pytest.mark.publishing]


@pytest.fixture
def published(claim_in: Callable[..., Claim]) -> Report:
    return Report.objects.get(claim=claim_in("published"))


@pytest.fixture
def correct(editor: User, reviewer: User, second_reader: User) -> Callable[..., Report]:
    """``correct(report, "correction", note, summary=…)``: opened by the editor, written, published by another."""

    def run(report: Report, kind: str, note: str = "A note.", **texts: Any) -> Report:
        claim = move(
            report.claim, "open_correction", editor, reason="Seen by a reader.", payload={"kind": kind}
        )
        factories.fill(claim, reviewer, **{"level": "mostly_false", **texts})
        move(claim, "publish_correction", second_reader, payload={"public_note": note})
        return Report.objects.select_related("claim").get(pk=report.pk)

    return run


def page_of(client: Client, report: Report, name: str = "report", *more: Any) -> str:
    answer = client.get(reverse(name, args=[report.slug, *more]))
    assert answer.status_code == 200
    return answer.content.decode()


def dates(client: Client, report: Report) -> tuple[str, str | None]:
    found = json.loads(client.get(reverse("report-jsonld", args=[report.slug])).content)
    return found["datePublished"], found.get("dateModified")


def feed_updated(client: Client, name: str = "feed-atom") -> list[str]:
    entries = feedparser.parse(client.get(reverse(name)).content).entries
    assert entries
    return [entry.updated for entry in entries]


def test_a_typo_is_silent_and_yet_in_the_history(
    client: Client, published: Report, correct: Callable[..., Report]
) -> None:
    """Kind 1 of 6: page without a note, no date moves, no feed moves, the history shows the words."""
    before = (dates(client, published), feed_updated(client))
    report = correct(published, "typo", "", summary="Counts show 27 percent.")
    page = page_of(client, report)
    assert 'id="notice"' not in page
    assert (dates(client, report), feed_updated(client)) == before
    assert report.modified_at == published.modified_at
    assert "27 percent" in page
    assert '<ins><span class="hidden-label" lang="en">added:</span>percent</ins>' in page_of(
        client, report, "report-history"
    )
    assert "27 percent" not in client.get(reverse("corrections")).content.decode()


@pytest.mark.parametrize(("kind", "place"), [("update", "updates"), ("clarification", "clarifications")])
def test_updates_stand_at_the_foot_and_clarifications_in_place(
    client: Client, published: Report, correct: Callable[..., Report], kind: str, place: str
) -> None:
    """Kinds 2 and 3: a dated note, ``dateModified``, the feed's date; no correction is admitted."""
    report = correct(published, kind, "The 2026 figures came out.", not_established="The 2026 figures.")
    page = page_of(client, report)
    note = page[page.index(f'id="{place}"') :]
    assert "The 2026 figures came out." in note[:600]
    assert f'href="#{place}"' in page[: page.index('id="headline"')]
    assert dates(client, report)[1] is not None
    assert published.modified_at and report.modified_at and report.modified_at > published.modified_at
    assert feed_updated(client) == [timestamp(report.modified_at)]
    assert "correction" not in json.loads(client.get(reverse("report-jsonld", args=[report.slug])).content)
    assert "2026 figures came out" not in client.get(reverse("corrections")).content.decode()


def test_a_correction_names_wrong_and_right_on_top_and_everywhere(
    client: Client, published: Report, correct: Callable[..., Report]
) -> None:
    """Kind 4: a note above the headline, both feeds, the log, ``correction`` in the markup, a mark on the embed."""
    note = "We wrote 27 per cent of cars; it is 27 per cent of vehicles."
    report = correct(published, "correction", note, summary="Counts show 27 per cent of vehicles.")
    page = page_of(client, report)
    assert note in page[: page.index('id="headline"')]
    markup = json.loads(client.get(reverse("report-jsonld", args=[report.slug])).content)
    assert note in markup["correction"][0]["text"]
    assert note in client.get(reverse("corrections")).content.decode()
    assert note in client.get(reverse("feed-corrections")).content.decode()
    assert "Corrected" in client.get(reverse("embed", args=[report.slug])).content.decode()


def test_an_admitted_error_stays_on_top_whatever_comes_later(
    client: Client, published: Report, correct: Callable[..., Report]
) -> None:
    report = correct(published, "correction", "We mixed up two years.", summary="One.")
    report = correct(report, "update", "New figures came out.", summary="Two.")
    report = correct(report, "typo", "", summary="Three.")
    top = (page := page_of(client, report))[: page.index('id="headline"')]
    assert "We mixed up two years." in top
    assert "New figures came out." not in top
    assert report.current_version is not None
    assert report.current_version.number == 4


def test_a_changed_verdict_shows_old_and_new_on_every_surface(
    client: Client, published: Report, correct: Callable[..., Report]
) -> None:
    """Check 39: banner, old version with noindex and canonical, another share card, every surface at once."""
    card = re.search(r'og:image" content="([^"]+)"', page_of(client, published))
    report = correct(
        published, "verdict_change", "We had counted two months.", level="false", summary="It rose."
    )
    page = page_of(client, report)
    assert "the verdict was “Mostly false”, it is now “False”" in page[: page.index('id="headline"')]
    assert reverse("report-version", args=[report.slug, 1]) in page[: page.index('id="headline"')]
    old = page_of(client, report, "report-version", 1)
    assert '<meta name="robots" content="noindex">' in old
    assert re.search(rf'rel="canonical" href="[^"]+{re.escape(report.get_absolute_url())}"', old)
    assert "Counts show 27 per cent." in old
    assert "ClaimReview" not in old
    new_card = re.search(r'og:image" content="([^"]+)"', page)
    assert card and new_card and card[1] != new_card[1]
    oembed = client.get(reverse("oembed"), {"url": re.search(r'canonical" href="([^"]+)"', page)[1]})  # type: ignore[index]
    surfaces = {
        "embed": client.get(reverse("embed", args=[report.slug])).content.decode(),
        "home": client.get(reverse("home")).content.decode(),
        "atom": client.get(reverse("feed-atom")).content.decode(),
        "json feed": client.get(reverse("feed-json")).content.decode(),
        "corrections feed": client.get(reverse("feed-corrections")).content.decode(),
        "claimreview": client.get(reverse("report-jsonld", args=[report.slug])).content.decode(),
        "api": str(APIClient().get(f"/api/v1/reports/{report.slug}/").data),
        "speaker": client.get(reverse("speaker", args=[report.speaker_slug])).content.decode(),
        "article": client.get(reverse("article-public", args=[report.claim.article.slug])).content.decode(),
    }
    assert oembed.status_code == 200
    late = [name for name, text in surfaces.items() if "False" not in text or "Mostly false</span>" in text]
    assert late == []


def test_a_retraction_leaves_the_page_and_takes_the_verdict_off_everything_else(
    client: Client, published: Report, editor: User, second_reader: User
) -> None:
    """Check 40: page 200 with the reason, embed withdrawn, no markup, the speaker's count drops."""
    slug = published.speaker_slug
    assert "1 claim checked" in client.get(reverse("speaker", args=[slug])).content.decode()
    claim = move(published.claim, "propose_retraction", editor, reason="Wrong bridge.")
    move(claim, "retract", second_reader, payload={"public_note": "We mixed up two bridges."})
    page = page_of(client, published)
    top = page[: page.index('id="headline"')]
    assert "Withdrawn on" in top
    assert "We mixed up two bridges." in top
    assert "struck" in page
    assert "ClaimReview" not in page
    assert "withdrawn" in client.get(reverse("embed", args=[published.slug])).content.decode().lower()
    assert "0 claims checked" in client.get(reverse("speaker", args=[slug])).content.decode()
    assert "Withdrawn" in client.get(reverse("reports")).content.decode()


def test_the_history_shows_exactly_the_changed_fields(
    client: Client,
    published: Report,
    correct: Callable[..., Report],
    reviewer: User,
    editor: User,
    second_reader: User,
) -> None:
    """Check 41: of version 1 and 2, no more and no less; a new source is one change."""
    report = correct(
        published, "correction", "A note.", summary="Counts show 28 per cent.", bullets=["Traffic fell [2]."]
    )
    page = page_of(client, report, "report-history")
    assert set(re.findall(r'data-field="([^"]+)"', page)) == {"verdict.summary", "short"}
    claim = move(report.claim, "open_correction", editor, reason="x", payload={"kind": "update"})
    evidence.add_evidence(
        claim.pk, actor=reviewer,
        fields={"title": "Third count", "url": "https://third.example/", "stance": "context", "kind": "secondary"},
    )  # fmt: skip
    factories.fill(claim, reviewer, summary="Counts show 28 per cent.", reasoning="One [1], two [2], three [3].",
                   bullets=["Traffic fell [2]."])  # fmt: skip
    move(claim, "publish_correction", second_reader, payload={"public_note": "One more count."})
    newest = page_of(client, report, "report-history").split("<section")[1]
    assert set(re.findall(r'data-field="([^"]+)"', newest)) == {"reasoning_markdown", "sources[3]"}


@pytest.mark.parametrize("path", ["verb", "web", "api", "evidence", "wording"])
def test_nothing_published_changes_without_a_typed_note(
    published: Report, editor: User, as_user: Callable[[User], Client], path: str
) -> None:
    """Check 38: through every path of writing; the frozen version stays what it was."""
    claim = published.claim
    before = ReportVersion.objects.get().sha256
    desk, api = as_user(editor), APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.create(editor, 'x', scope='publish')[1]}")
    if path == "verb":
        with pytest.raises(Exception, match="cannot be changed now"):
            verdicts.save_verdict(claim.pk, actor=editor, revision=1, fields={"summary": "Other."})
    elif path == "web":
        sent = {"revision": 1, "summary": "Other.", "headline": "Other"}
        assert desk.post(reverse("verdict-save", args=[claim.pk]), sent).status_code == 422
    elif path == "api":
        sent = {"revision": 1, "summary": "Other."}
        assert api.put(f"/api/v1/claims/{claim.pk}/verdict/", sent).status_code == 422
    elif path == "evidence":
        number = claim.evidence.get(number=1).pk
        assert api.delete(f"/api/v1/evidence/{number}/").status_code == 422
    else:
        assert api.patch(f"/api/v1/claims/{claim.pk}/", {"restated": "Other."}).status_code == 422
    assert ReportVersion.objects.get().sha256 == before
    assert "Other" not in ReportVersion.objects.get().document
    assert not AuditEvent.objects.filter(
        action__startswith="verdict", claim=claim, claim_version=claim.version + 1
    )


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("UPDATE claims_reportversion SET document = replace(document, '27 per cent', '31 per cent') WHERE number = 1",
         "version 1 of report traffic-fell-by-less-than-a-third: its document was changed"),
        ("UPDATE claims_reportversion SET previous_sha256 = 'abc' WHERE number = 2",
         "version 2 of report traffic-fell-by-less-than-a-third: it does not follow"),
        ("UPDATE claims_report SET verdict_key = 'true'", "its verdict_key for lists is not that of the version"),
    ],
)  # fmt: skip
def test_a_change_past_the_desk_is_found(
    published: Report, correct: Callable[..., Report], harm: str, said: str
) -> None:
    """Check 38: direct SQL is refused by the database; where somebody drops the triggers, the chain tells."""
    correct(published, "correction", "A note.", summary="Counts show 28 per cent.")
    out = StringIO()
    call_command("verify_history", stdout=out)
    assert "2 versions stand" in out.getvalue()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER claims_reportversion_no_update")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE claims_reportversion DISABLE TRIGGER USER")
        cursor.execute(harm)
    told = StringIO()
    with pytest.raises(CommandError, match=r"\d faults"):
        call_command("verify_history", stderr=told)
    assert said in told.getvalue()


def test_the_policy_is_a_click_away_and_names_the_complaint_route(
    client: Client, published: Report, editor: User
) -> None:
    """Check 43: linked from every report; the route is the text set in the settings."""
    save_settings(actor=editor, fields={"complaint_route": "Complain to the Press Council, room 4."})
    assert DeskSettings.objects.get().complaint_route
    policy = reverse("page", args=["corrections-policy"])
    assert policy in page_of(client, published)
    text = client.get(policy).content.decode()
    assert "Complain to the Press Council, room 4." in text
    assert "desk@desk.example" in text


def test_the_log_counts_and_filters(
    client: Client, published: Report, correct: Callable[..., Report]
) -> None:
    correct(published, "correction", "One figure was old.", summary="Other.")
    page = client.get(reverse("corrections")).content.decode()
    assert "Of 1 report, 1 had one." in page
    assert (
        "One figure was old." in client.get(reverse("corrections"), {"kind": "correction"}).content.decode()
    )
    assert (
        "One figure was old."
        not in client.get(reverse("corrections"), {"kind": "retraction"}).content.decode()
    )


ASKED = {"asked_on": date(2026, 3, 1), "answer": "We stand by it.", "answered_on": date(2026, 3, 2)}
FOUND = {"categories": ["DecontextualizedContent"], "original_context": "Taken in 2019."}


@pytest.mark.parametrize(
    "write",
    [
        lambda claim, person: media.save(claim.pk, actor=person, fields=FOUND),
        lambda claim, person: replies.log_attempt(claim.pk, actor=person, fields=ASKED),
        lambda claim, person: verdicts.save_reply(
            claim.pk, actor=person, fields={**ASKED, "contacted": True}
        ),
        lambda claim, person: articles.change_details(
            claim.article_id, actor=person, fields={"outlet": "Another paper"}
        ),
    ],
    ids=["finding", "log", "reply", "article"],
)
def test_nobody_publishes_what_they_wrote_into_a_correction(
    published: Report, editor: User, write: Callable[[Claim, User], object]
) -> None:
    """Not the finding and not the reply either: somebody else opened the correction, and nobody else read it."""
    other = factories.person("otto", "editor", first="Otto")
    claim = move(published.claim, "open_correction", other, reason="Seen.", payload={"kind": "correction"})
    write(claim, editor)
    with pytest.raises(TransitionRefused, match="You wrote this correction"):
        move(claim, "publish_correction", editor, payload={"public_note": "A note."})


def test_what_a_dropped_correction_left_is_not_published_by_who_wrote_it(
    published: Report, editor: User
) -> None:
    other = factories.person("otto", "editor", first="Otto")
    opened = {"kind": "correction"}
    claim = move(published.claim, "open_correction", editor, reason="Seen.", payload=opened)
    replies.log_attempt(claim.pk, actor=editor, fields=ASKED)
    claim = move(claim, "cancel_correction", editor)
    claim = move(claim, "open_correction", other, reason="Something else.", payload=opened)
    with pytest.raises(TransitionRefused, match="You wrote this correction"):
        move(claim, "publish_correction", editor, payload={"public_note": "A note."})
