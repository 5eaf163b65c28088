"""ClaimReview as it leaves the desk: one on a report, none elsewhere, and it says what the page says."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import extruct
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from lxml import html as lxml_html

from claims.models import ImportedCheck, Report
from claims.publishing.linter import errors, lint

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).resolve().parents[1] / "publishing" / "fixtures"
Publish = Callable[..., Report]


def markup(client: Client, report: Report) -> dict[str, Any]:
    page = client.get(reverse("report", args=[report.slug])).content.decode()
    (node,) = extruct.extract(page, syntaxes=["json-ld"])["json-ld"]
    return node


def test_one_claimreview_on_a_report_and_none_elsewhere(
    client: Client, publish: Publish, correct: Callable[..., None]
) -> None:
    """Check 13: report page one; home, lists, article, embed, old version, history, print and file none."""
    report = publish()
    correct(report, "clarification", "Clearer.")
    assert markup(client, report)["@type"] == "ClaimReview"
    elsewhere = [("home",), ("reports",), ("corrections",), ("articles-public",),
                 ("article-public", report.claim.article.slug), ("embed", report.slug),
                 ("report-version", report.slug, 1), ("report-version", report.slug, 2),
                 ("report-history", report.slug), ("report-file", report.slug, "report.html")]  # fmt: skip
    for name, *args in elsewhere:
        page = client.get(reverse(name, args=args)).content.decode()
        found = extruct.extract(page, syntaxes=["json-ld", "microdata", "rdfa"])
        assert "ClaimReview" not in json.dumps(found), name


def test_the_command_passes_what_is_published_and_names_what_is_wrong(publish: Publish) -> None:
    """Check 14: exit 0 for every published report; the shipped invalid fixtures fail, naming the field."""
    publish()
    out = io.StringIO()
    call_command("validate_claimreview", all=True, stdout=out)
    assert "1 checked, no errors." in out.getvalue()
    for name, field in (
        ("invalid-misspelt.jsonld", "claimReviewd"), ("invalid-ratings.jsonld", "reviewRating"),
        ("invalid-two-on-a-page.html", "@type"),
    ):  # fmt: skip
        out = io.StringIO()
        with pytest.raises(CommandError):
            call_command("validate_claimreview", str(FIXTURES / name), stdout=out)
        assert field in out.getvalue(), name


def test_off_the_scale_there_is_no_number_anywhere(client: Client, publish: Publish) -> None:
    """Check 16: not in the page, the file, the feed, the exports or the resource for Google."""
    report = publish(level="unproven")
    texts = [client.get(reverse("report-jsonld", args=[report.slug])).content.decode(), json.dumps(markup(client, report)),
             client.get(reverse("feed-json")).content.decode()]  # fmt: skip
    texts += [b"".join(client.get(reverse("reports-export", args=[form])).streaming_content).decode()
              for form in ("jsonld", "datafeed")]  # fmt: skip
    out = io.StringIO()
    call_command("export_google_pages", report.slug, stdout=out)
    for text in [*texts, out.getvalue()]:
        assert "Unproven" in text
        for name in ("ratingValue", "bestRating", "worstRating"):
            assert name not in text


def test_markup_says_what_the_page_says(client: Client, publish: Publish) -> None:
    """Check 17: claim, word, claimant and dates of every report, from the page and from the JSON-LD."""
    reports = [publish(), publish("carries 4,000 more passengers", level="unproven"),
               publish("spends every cent of the toll on buses", level="true")]  # fmt: skip
    for report in reports:
        tree = lxml_html.fromstring(client.get(reverse("report", args=[report.slug])).content.decode())
        node = markup(client, report)
        claim = " ".join(tree.get_element_by_id("claim").text_content().split())
        assert node["claimReviewed"].rstrip(" ,;") in claim
        assert node["itemReviewed"]["author"]["name"] in claim
        assert tree.get_element_by_id("claim").xpath(".//time/@datetime") == [
            node["itemReviewed"]["datePublished"]
        ]
        finding = tree.get_element_by_id("verdict")
        assert finding.xpath(".//h2")[0].text_content().strip() == node["reviewRating"]["alternateName"]
        assert node["reviewRating"]["ratingExplanation"] in finding.text_content()
        assert tree.xpath("//h1")[0].text_content() == node["headline"]
        (shown,) = tree.get_element_by_id("headline").xpath(".//time/@datetime")
        assert datetime.fromisoformat(shown) == datetime.fromisoformat(node["datePublished"])
        assert tree.xpath('//link[@rel="canonical"]/@href') == [node["url"]]
        assert errors(lint(node, page_url=node["url"])) == []


def test_the_file_is_the_block_of_the_page(client: Client, publish: Publish) -> None:
    """Check 18: equal once parsed, its own type, open to scripts of others, not sent twice."""
    report = publish()
    answer = client.get(reverse("report-jsonld", args=[report.slug]))
    page = lxml_html.fromstring(client.get(reverse("report", args=[report.slug])).content.decode())
    (block,) = page.xpath('//script[@type="application/ld+json"]/text()')
    same = [json.dumps(json.loads(text), sort_keys=True) for text in (block, answer.content)]
    assert same[0] == same[1]
    assert answer["Content-Type"].split(";")[0] == "application/ld+json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    again = client.get(
        reverse("report-jsonld", args=[report.slug]), headers={"if-none-match": answer["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_what_was_corrected_says_so_and_what_was_withdrawn_says_nothing(
    client: Client, publish: Publish, correct: Callable[..., None], retract: Callable[..., None]
) -> None:
    """Check 19: a later date and a correction with text and date; no ClaimReview after a retraction."""
    report = publish()
    Report.objects.filter(pk=report.pk).update()
    correct(report, "verdict_change", "Two months were missing.", level="false")
    node = markup(client, report)
    assert node["dateModified"] >= node["datePublished"]
    (said,) = node["correction"]
    assert said["@type"] == "CorrectionComment"
    assert said["text"] == "Mostly false → False. Two months were missing."
    assert said["datePublished"] == node["dateModified"]
    retract(report, "It was another bridge.")
    page = client.get(reverse("report", args=[report.slug])).content.decode()
    assert "ClaimReview" not in page
    assert "It was another bridge." in page


def test_our_own_feed_comes_back_whole(publish: Publish, tmp_path: Path) -> None:
    """Check 21: exported and imported again, claim, claimant, word, address and dates are the same."""
    reports = [publish(), publish("carries 4,000 more passengers", level="unproven")]
    path = tmp_path / "feed.json"
    call_command("export", format="datafeed", output=str(path), stderr=io.StringIO())
    assert not ImportedCheck.objects.exists()
    out = io.StringIO()
    call_command("import_claimreviews", str(path), stdout=out)
    assert "2 new" in out.getvalue()
    assert Report.objects.count() == len(reports)  # nothing is published by it
    feed = json.loads(path.read_text(encoding="utf-8"))
    given = [element["item"][0] for element in feed["dataFeedElement"]]
    for node in given:
        check = ImportedCheck.objects.get(url=node["url"])
        assert check.claim == " ".join(node["claimReviewed"].split())
        assert check.claimant == node["itemReviewed"]["author"]["name"]
        assert check.rating == node["reviewRating"]["alternateName"]
        assert (check.rating_value is None) == ("ratingValue" not in node["reviewRating"])
        assert check.reviewed_on is not None
        assert check.reviewed_on.isoformat() == node["datePublished"][:10]
        assert check.claimed_on is not None
        assert check.claimed_on.isoformat() == node["itemReviewed"]["datePublished"]
