"""The public site shows frozen versions and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import quote

import extruct
import feedparser
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Claim, DeskSettings, RatingLevel, Report
from claims.publishing.linter import errors, lint
from tests import factories
from tests.factories import move, pages

pytestmark = pytest.mark.django_db
ClaimIn = Callable[..., Claim]
SURFACES = ("home", "reports", "articles-public", "corrections", "feed-atom", "feed-rss", "feed-json",
            "feed-corrections", "sitemap", "sitemap-pages", "news-sitemap")  # fmt: skip


@pytest.fixture
def published(claim_in: ClaimIn) -> Report:
    return Report.objects.get(claim=claim_in("published"))


def body(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def test_report_has_its_parts_in_order(client: Client, published: Report) -> None:
    page = body(client, "report", published.slug)
    parts = ("headline", "claim", "verdict", "short", "why", "evidence", "reply", "how", "conclusion", "sources",
             "who", "history", "share")  # fmt: skip
    places = [page.index(f'id="{part}"') for part in parts]
    assert places == sorted(places)
    for words in (
        "Mostly false",
        "Counts show 27 per cent.",
        "Traffic counts 2025",
        "City archive, folder 12",
    ):
        assert words in page


def test_citations_lead_to_sources_and_back(client: Client, published: Report) -> None:
    page = body(client, "report", published.slug)
    assert 'href="#source-1"' in page
    assert 'href="#ref-1-1"' in page
    assert 'id="ref-1-1"' in page


def test_exactly_one_claimreview_and_it_is_sound(client: Client, published: Report, settings: Any) -> None:
    page = body(client, "report", published.slug)
    found = extruct.extract(page, syntaxes=["json-ld"])["json-ld"]
    assert [node["@type"] for node in found] == ["ClaimReview"]
    assert errors(lint(found[0], page_url=found[0]["url"])) == []
    assert found[0]["reviewRating"]["alternateName"] == "Mostly false"
    file = client.get(reverse("report-jsonld", args=[published.slug]))
    assert json.loads(file.content) == found[0]
    assert file["Content-Type"].startswith("application/ld+json")
    assert file["Access-Control-Allow-Origin"] == "*"


def test_no_other_page_carries_a_claimreview(client: Client, published: Report) -> None:
    pages = [body(client, name) for name in ("home", "reports", "articles-public", "corrections")]
    pages += [body(client, "report-version", published.slug, 1), body(client, "report-history", published.slug),
              body(client, "embed", published.slug), body(client, "article-public", published.claim.article.slug)]  # fmt: skip
    assert not any("ClaimReview" in page for page in pages)


def test_text_of_others_cannot_become_markup(
    client: Client, claim_in: ClaimIn, editor: User, reviewer: User
) -> None:
    evil = "</script><script>alert(1)</script>"
    claim = claim_in("researching")
    factories.fill(
        claim, reviewer, headline=f"Head {evil}", reasoning=f"{evil} [1] [x](javascript:alert(1)) [2]"
    )
    claim = move(claim, "submit", reviewer)
    claim = move(claim, "approve", User.objects.get(username="tomas"))
    factories.pages()
    move(claim, "publish", editor)
    report = Report.objects.get()
    page = body(client, "report", report.slug)
    assert "<script>alert" not in page
    assert 'href="javascript:' not in page
    found = extruct.extract(page, syntaxes=["json-ld"])["json-ld"]
    assert evil in found[0]["headline"]


def test_drafts_are_nowhere(client: Client, claim_in: ClaimIn, reviewer: User, published: Report) -> None:
    factories.pages()
    canary = "Canary7731"
    claim = factories.claim(User.objects.get(username="pia"), "carries 4,000 more passengers")
    factories.bring_to("researching", claim, editor=User.objects.get(username="pia"), checker=reviewer,
                       reader=User.objects.get(username="tomas"))  # fmt: skip
    factories.fill(claim, reviewer, headline=f"{canary} headline", summary=f"{canary} summary")
    move(claim, "submit", reviewer)
    pages = [client.get(reverse(name)).content.decode() for name in SURFACES]
    pages += [client.get(reverse("article-public", args=[claim.article.slug])).content.decode()]
    pages += [client.get(reverse("reports"), {"q": canary}).content.decode()]
    assert not any(f"{canary} headline" in page or f"{canary} summary" in page for page in pages)
    assert client.get("/reports/canary7731-headline/").status_code == 404


@pytest.mark.parametrize(
    "name", ["my-work", "claims", "board", "articles", "article-new", "notices", "account"]
)
def test_the_desk_asks_for_a_log_in(client: Client, db: None, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert reverse("login") in answer["Location"]


def test_correction_shows_everywhere(
    client: Client, published: Report, editor: User, reviewer: User, second_reader: User
) -> None:
    before = client.get(reverse("report", args=[published.slug]))["ETag"]
    claim = move(published.claim, "open_correction", editor, reason="x", payload={"kind": "verdict_change"})
    factories.fill(claim, reviewer, level="false", summary="It did not fall at all.")
    assert "It did not fall at all" not in body(client, "report", published.slug)
    note = {"public_note": "The first version counted two months."}
    move(Claim.objects.get(pk=claim.pk), "publish_correction", second_reader, payload=note)
    for page in (
        body(client, "report", published.slug), body(client, "home"), body(client, "embed", published.slug),
        body(client, "feed-atom"), body(client, "feed-json"), body(client, "report-jsonld", published.slug),
    ):  # fmt: skip
        assert "It did not fall at all" in page or "False" in page
    page = body(client, "report", published.slug)
    assert "the verdict was “Mostly false”, it is now “False”" in page
    assert "The first version counted two months." in body(client, "corrections")
    assert "The first version counted two months." in body(client, "feed-corrections")
    assert "Counts show 27 per cent." in body(client, "report-version", published.slug, 1)
    assert "<del>" in body(client, "report-history", published.slug)
    assert (
        client.get(reverse("report", args=[published.slug]), headers={"if-none-match": before}).status_code
        == 200
    )


def test_retraction_reaches_every_surface_and_the_page_stays(
    client: Client, published: Report, editor: User, second_reader: User
) -> None:
    claim = move(published.claim, "propose_retraction", editor, reason="wrong")
    move(claim, "retract", second_reader, payload={"public_note": "We mixed up two bridges."})
    page = body(client, "report", published.slug)
    assert "We mixed up two bridges." in page
    assert "ClaimReview" not in page
    assert client.get(reverse("report-jsonld", args=[published.slug])).status_code == 410
    assert "withdrawn" in body(client, "embed", published.slug)
    assert "We mixed up two bridges." in body(client, "corrections")
    article = client.get(reverse("article-public", args=[claim.article.slug]))
    assert article.status_code == 200
    assert "<mark" not in article.content.decode()


def test_annotated_article_marks_the_very_words(client: Client, published: Report) -> None:
    page = body(client, "article-public", published.claim.article.slug)
    assert f'<mark class="mostly-false">{published.claim.text}</mark>' in page.replace("&#x27;", "'")
    assert "Read the check" in page


def test_unchanged_report_is_not_sent_twice(
    client: Client, published: Report, django_assert_num_queries: Any
) -> None:
    url = reverse("report", args=[published.slug])
    tag = client.get(url)["ETag"]
    with django_assert_num_queries(1):
        assert client.get(url, headers={"if-none-match": tag}).status_code == 304


def test_report_costs_few_queries(client: Client, published: Report, django_assert_num_queries: Any) -> None:
    url = reverse("report", args=[published.slug])
    client.get(url)
    with django_assert_num_queries(1):  # which version stands, and the desk's name with it
        client.get(url)


def test_feeds_are_well_formed(client: Client, published: Report) -> None:
    for name in ("feed-atom", "feed-rss", "feed-corrections"):
        assert not feedparser.parse(client.get(reverse(name)).content).bozo, name
    feed = json.loads(body(client, "feed-json"))
    assert [item["title"] for item in feed["items"]] == [published.headline]
    tag = client.get(reverse("feed-atom"))["ETag"]
    assert client.get(reverse("feed-atom"), headers={"if-none-match": tag}).status_code == 304


def test_oembed_answers_for_own_reports_only(client: Client, published: Report, settings: Any) -> None:
    own = f"{settings.SITE_URL}{reverse('report', args=[published.slug])}"
    answer = client.get(reverse("oembed"), {"url": own, "maxwidth": "300"})
    assert answer.json()["width"] == 300
    assert "iframe" in answer.json()["html"]
    assert client.get(reverse("oembed"), {"url": own, "format": "xml"}).status_code == 200
    assert client.get(reverse("oembed"), {"url": own, "format": "foo"}).status_code == 501
    for other in ("https://evil.example/reports/x/", f"{settings.SITE_URL}/reports/nothing/", "", "x:"):
        assert client.get(reverse("oembed"), {"url": other}).status_code == 404


def test_embed_may_be_framed_and_the_report_may_not(client: Client, published: Report) -> None:
    embed = client.get(reverse("embed", args=[published.slug]))
    assert "frame-ancestors *" in embed["Content-Security-Policy"]
    assert "X-Frame-Options" not in embed
    assert not embed.cookies
    report = client.get(reverse("report", args=[published.slug]))
    assert "frame-ancestors 'none'" in report["Content-Security-Policy"]
    missing = client.get(reverse("embed", args=["nothing"]))
    assert missing.status_code == 404
    assert "not available" in missing.content.decode()


def test_share_card_is_a_small_picture(client: Client, published: Report) -> None:
    answer = client.get(reverse("report-card", args=[published.slug]))
    assert answer["Content-Type"] == "image/png"
    assert len(answer.content) < 300_000


def test_a_desk_without_a_report_greets_by_its_name(client: Client, db: None) -> None:
    DeskSettings.objects.update_or_create(
        pk=1, defaults={"name": "The Ellery Desk", "tagline": "We look it up."}
    )
    page = client.get(reverse("home")).content.decode()
    assert "<h1><bdi>The Ellery Desk</bdi></h1>" in page
    assert "We look it up." in page
    assert page.count("<h1") == 1


def test_lists_of_a_desk_without_a_report_say_so(client: Client, db: None) -> None:
    pages()
    for name in ("reports", "corrections"):
        page = body(client, name)
        assert "The first report is on its way." in page
        assert "No report fits" not in page
        assert "Of 0 reports" not in page
        assert 'class="search"' not in page


@pytest.mark.parametrize(
    ("query", "said"),
    [("topic=nope", "There is no topic “nope”."), ("verdict=maybe", "There is no verdict “maybe”."),
     ("speaker=%2F", "There is no speaker “/”."), ("outlet=Nobody", "There is no outlet “Nobody”."),
     ("lang=xx", "There is no report in the language “xx”."), ("q=%3F%21", "“?!” has no word to search for.")],
)  # fmt: skip
def test_a_filter_that_means_nothing_is_said_and_passed_over(
    client: Client, published: Report, query: str, said: str
) -> None:
    address = reverse("reports")
    page = unescape(client.get(f"{address}?{query}").content.decode())
    assert said in page
    assert "The list is shown without it." in page
    assert published.headline in page
    assert 'name="robots" content="noindex' in page
    assert f"?{query}" not in page, "the files beside the list have what the list has"
    refused = client.get(f"{reverse('reports-export', args=['csv'])}?{query}")
    assert (refused.status_code, refused.content.decode()) == (400, f"{said}\n")
    level = RatingLevel.objects.exclude(key=published.verdict_key).first()
    assert level is not None
    for known in (
        "",
        f"topic={quote(published.topic)}",
        f"verdict={level.key}",
        f"speaker={quote(published.speaker or '')}",
    ):
        assert "shown without" not in client.get(f"{address}?{known}").content.decode(), known


def test_a_kind_of_correction_that_is_none_is_said(client: Client, published: Report) -> None:
    page = unescape(client.get(reverse("corrections"), {"kind": "foo", "after": "x"}).content.decode())
    assert "There is no kind of correction “foo”." in page
    assert "shown without" not in client.get(reverse("corrections"), {"kind": "retraction"}).content.decode()


def test_feeds_and_api_say_what_is_not_there(client: Client, published: Report) -> None:
    for name, place in (("feed-atom", "subtitle"), ("feed-rss", "description")):
        body = client.get(reverse(name), {"topic": "nope"}).content.decode()
        assert f"<{place}>There is no topic “nope”.</{place}>" in body
    assert (
        client.get(reverse("feed-json"), {"verdict": "nope"}).json()["description"]
        == "There is no verdict “nope”."
    )
    assert "description" not in client.get(reverse("feed-json"), {"topic": published.topic}).json()
    listed = reverse("api-report-list")
    refused = client.get(listed, {"topic": "nope", "verdict": "maybe"})
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
    assert [row["field"] for row in refused.json()["errors"]] == ["topic", "verdict"]
    assert client.get(listed, {"topic": published.topic.upper()}).json()["results"]
