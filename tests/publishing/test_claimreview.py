"""The report as ClaimReview."""

import dataclasses
import json
from datetime import date
from typing import Any

import extruct  # type: ignore[import-untyped]  # it ships no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.publishing import claimreview
from claims.publishing.document import ArticleRef, ReportDocument
from tests.publishing import samples


def built(document: ReportDocument) -> dict[str, Any]:
    markup = claimreview.build(document)
    assert markup is not None
    return markup


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for item in value.values() for key in keys(item)}
    return {key for item in value for key in keys(item)} if isinstance(value, list) else set()


def test_on_the_scale() -> None:
    markup = built(samples.report())
    assert markup["url"] == "https://check.example/reports/harbour-toll-buses/"
    assert markup["claimReviewed"] == "Ellery spends every cent of its harbour toll on buses"
    assert markup["reviewRating"] == {
        "@type": "Rating",
        "alternateName": "Mostly false",
        "ratingExplanation": samples.MOSTLY_FALSE.summary,
        "ratingValue": 2,
        "bestRating": 5,
        "worstRating": 1,
    }
    assert markup["itemReviewed"]["author"]["name"] == "Ilse Brandvoort"
    assert markup["itemReviewed"]["author"]["jobTitle"] == "mayor of Ellery"
    assert markup["itemReviewed"]["datePublished"] == "2026-11-17"
    appearance = markup["itemReviewed"]["appearance"][0]
    assert appearance["url"] == "https://courier.example/2026/11/18/toll"
    assert appearance["archivedAt"].startswith("https://web.archive.org/")
    assert [work["name"] for work in markup["citation"]] == [source.title for source in samples.SOURCES]
    assert markup["author"]["correctionsPolicy"] == "https://check.example/corrections/"
    assert "dateModified" not in markup
    assert "correction" not in markup


def test_off_the_scale_there_is_no_number() -> None:
    markup = built(samples.off_scale())
    assert not {"ratingValue", "bestRating", "worstRating"} & keys(markup)
    assert markup["reviewRating"]["alternateName"] == "Unproven"


def test_a_retracted_report_has_none() -> None:
    assert claimreview.build(samples.retracted()) is None


def test_a_changed_verdict_is_said_with_date_and_words() -> None:
    markup = built(samples.corrected())
    assert markup["dateModified"] > markup["datePublished"]
    assert markup["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "False → Mostly false. We had left out the cost of collecting the toll.",
            "datePublished": "2026-11-22T16:05:00Z",
        }
    ]


def test_media_review() -> None:
    media = built(samples.off_scale())["associatedMediaReview"]
    assert media["mediaAuthenticityCategory"] == ["DecontextualizedContent"]
    assert media["itemReviewed"]["mediaItemAppearance"]["@type"] == "VideoObject"


def test_the_desk_is_never_where_the_claim_was_made() -> None:
    article = ArticleRef(title="Ours", url="https://www.check.example/articles/1/")
    claim = dataclasses.replace(samples.CLAIM, article=article, appearances=("https://other.example/a",))
    item = built(samples.report(claim=claim))["itemReviewed"]
    assert [work["url"] for work in item["appearance"]] == ["https://other.example/a"]


def test_the_day_of_the_article_stands_in_for_an_unknown_day() -> None:
    claim = dataclasses.replace(samples.CLAIM, said_on=None)
    item = built(samples.report(claim=claim))["itemReviewed"]
    assert item["datePublished"] == date(2026, 11, 18).isoformat()


def test_nothing_empty_is_written() -> None:
    claim = dataclasses.replace(samples.CLAIM, speaker=None, article=None, where="", said_on=None)
    document = samples.report(claim=claim, desk=dataclasses.replace(samples.DESK, logo="", license_url=""))
    text = json.dumps(built(document))
    assert '""' not in text
    assert "null" not in text
    assert "[]" not in text
    assert "{}" not in text


HOSTILE = ["</script><script>alert(1)</script>", "<!--", "]]>", "&lt;", "\u2028\u2029", '"', "\\", "\x00"]


@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=10), max_size=6).map("".join))
def test_no_text_breaks_out_of_the_script_element(words: str) -> None:
    claim = dataclasses.replace(samples.CLAIM, quote=words, restated="")
    markup = built(samples.report(claim=claim, headline=words))
    text = claimreview.embed_script_text(markup)
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == markup


@pytest.mark.parametrize("document", [samples.report(), samples.corrected(), samples.off_scale()])
def test_a_reader_of_pages_finds_exactly_one(document: ReportDocument) -> None:
    text = claimreview.embed_script_text(built(document))
    page = f'<!doctype html><title>x</title><script type="application/ld+json">{text}</script>'
    found = extruct.extract(page, syntaxes=["json-ld"])["json-ld"]
    assert [item["@type"] for item in found] == ["ClaimReview"]
