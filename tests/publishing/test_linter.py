"""The checker of ClaimReview: passes what we write, names what is wrong in what others write."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claims.publishing import claimreview, linter, pagemarkup
from tests.publishing import samples

FIXTURES = Path(__file__).with_name("fixtures")
Markup = dict[str, Any]


def good() -> Markup:
    markup = claimreview.build(samples.report())
    assert markup is not None
    return copy.deepcopy(markup)


@pytest.mark.parametrize("document", [samples.report(), samples.corrected(), samples.off_scale()])
def test_what_we_write_has_no_fault_at_all(document: Any) -> None:
    assert linter.lint(claimreview.build(document), page_url=document.url) == []


def worst_equals_best(markup: Markup) -> None:
    markup["reviewRating"] |= {"worstRating": 5, "bestRating": 5, "ratingValue": 5}


def ninety_characters(markup: Markup) -> None:
    markup["claimReviewed"] = "x" * 90


def rating_in_the_claim(markup: Markup) -> None:
    markup["claimReviewed"] = "False: Ellery spends it all on buses"


def word_in_the_claim(markup: Markup) -> None:
    markup["claimReviewed"] = "This is the true cost of the toll"
    markup["reviewRating"]["alternateName"] = "True"


def relative_address(markup: Markup) -> None:
    markup["url"] = "/reports/harbour-toll-buses/"


def appearance_on_own_host(markup: Markup) -> None:
    markup["itemReviewed"]["appearance"] = [
        {"@type": "CreativeWork", "url": "https://check.example/articles/1/"}
    ]


def best_missing(markup: Markup) -> None:
    del markup["reviewRating"]["bestRating"]


@pytest.mark.parametrize(
    ("sabotage", "severity", "field"),
    [
        (worst_equals_best, "error", "reviewRating.worstRating"),
        (ninety_characters, "warning", "claimReviewed"),
        (rating_in_the_claim, "error", "claimReviewed"),
        (word_in_the_claim, "warning", "claimReviewed"),
        (relative_address, "error", "url"),
        (appearance_on_own_host, "error", "itemReviewed.appearance[0]"),
        (best_missing, "error", "reviewRating.bestRating"),
    ],
)
def test_sabotage_is_seen(sabotage: Callable[[Markup], None], severity: str, field: str) -> None:
    markup = good()
    sabotage(markup)
    findings = linter.lint(markup)
    assert [(finding.severity, finding.field) for finding in findings] == [(severity, field)]
    assert findings[0].remedy
    assert findings[0].message


@pytest.mark.parametrize(
    "claim",
    [
        "False: the moon is green",
        "FALSE - the moon is green",
        "[Mostly false] the moon is green",
        "“Mostly false” | the moon is green",
        "The moon is green (false)",
        "The moon is green: mostly false.",
        "The moon is green \N{EM DASH} False",
    ],
)
def test_a_claim_that_carries_its_rating(claim: str) -> None:
    findings = linter.lint(good() | {"claimReviewed": claim})
    assert [(item.severity, item.field) for item in findings] == [("error", "claimReviewed")]


@pytest.mark.parametrize(
    "claim",
    ["Half-truth campaigns cost 3 million", "True North: a new party", "He told a false story in 1999"],
)
def test_a_claim_that_only_sounds_like_one(claim: str) -> None:
    assert linter.errors(linter.lint(good() | {"claimReviewed": claim})) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda m: m.pop("@context"), "@context"),
        (lambda m: m.update({"@context": "https://schema.org.evil.example"}), "@context"),
        (lambda m: m.pop("url"), "url"),
        (lambda m: m.update(url="https://"), "url"),
        (lambda m: m.pop("claimReviewed"), "claimReviewed"),
        (lambda m: m.update(claimReviewed="  "), "claimReviewed"),
        (lambda m: m.pop("reviewRating"), "reviewRating"),
        (lambda m: m.pop("datePublished"), "datePublished"),
        (lambda m: m.update(datePublished="27/02/2026"), "datePublished"),
        (lambda m: m.pop("author"), "author"),
        (lambda m: m["author"].pop("name"), "author.name"),
        (lambda m: m.pop("itemReviewed"), "itemReviewed"),
        (lambda m: m["itemReviewed"]["author"].pop("name"), "itemReviewed.author"),
        (lambda m: m["itemReviewed"].update(appearance="/x"), "itemReviewed.appearance"),
        (lambda m: m["itemReviewed"].update(datePublished="soon"), "itemReviewed.datePublished"),
        (lambda m: m["reviewRating"].pop("alternateName"), "reviewRating.alternateName"),
        (lambda m: m["reviewRating"].update(alternateName="2/5"), "reviewRating.alternateName"),
        (lambda m: m["reviewRating"].update(ratingValue=7), "reviewRating.ratingValue"),
        (lambda m: m["reviewRating"].update(ratingValue="2"), "reviewRating.ratingValue"),
        (lambda m: m["reviewRating"].update(worstRating=0), "reviewRating.worstRating"),
        (lambda m: m.update(correction=[{"@type": "CorrectionComment", "text": "x"}]), "correction"),
        (lambda m: m.update(inLanguage="English please"), "inLanguage"),
    ],
)
def test_each_rule_names_its_field(change: Callable[[Markup], object], field: str) -> None:
    markup = good()
    change(markup)
    assert field in [finding.field for finding in linter.errors(linter.lint(markup))]


def test_a_claim_without_origin_is_refused() -> None:
    markup = good()
    markup["itemReviewed"] = {"@type": "Claim", "datePublished": "2026-11-17"}
    (finding,) = linter.errors(linter.lint(markup))
    assert finding.field == "itemReviewed"
    assert "who made it (author)" in finding.remedy


def test_what_is_only_recommended_is_a_warning() -> None:
    markup = good()
    for name in ("author", "datePublished"):
        del markup["itemReviewed"][name]
    findings = linter.lint(markup)
    assert {finding.severity for finding in findings} == {"warning"}
    assert {finding.field for finding in findings} == {"itemReviewed.author", "itemReviewed.datePublished"}


def test_misspelt_words_are_seen_with_what_was_meant() -> None:
    markup = good()
    markup["claimReviewd"] = markup["claimReviewed"]
    markup["reviewRating"]["@type"] = "Ratng"
    markup["citation"][0]["@type"] = "CreativWork"
    markup["itemReviewed"]["zodiac"] = "Leo"
    findings = {finding.field: finding for finding in linter.lint(markup)}
    assert "'claimReviewed'" in findings["claimReviewd"].remedy
    assert findings["claimReviewd"].severity == "error"
    assert findings["reviewRating.@type"].severity == "error"
    assert "'CreativeWork'" in findings["citation[0].@type"].remedy
    assert findings["itemReviewed.zodiac"].severity == "warning"


def test_the_address_is_on_the_site_of_the_page() -> None:
    fields = [finding.field for finding in linter.lint(good(), page_url="https://elsewhere.example/x")]
    assert fields == ["url"]
    assert linter.lint(good(), page_url="https://check.example/x") == []


@pytest.mark.parametrize("value", [None, [], "ClaimReview", 3])
def test_what_is_no_object(value: object) -> None:
    assert linter.errors(linter.lint(value))


INVALID = {
    "invalid-ratings.jsonld": {
        "reviewRating.worstRating",
        "reviewRating.alternateName",
        "url",
        "datePublished",
    },
    "invalid-misspelt.jsonld": {"claimReviewed", "claimReviewd", "reviewRating.@type"},
    "invalid-two-on-a-page.html": {"@type"},
}


@pytest.mark.parametrize("name", sorted(INVALID))
def test_shipped_invalid_fixtures(name: str) -> None:
    findings = pagemarkup.lint_text((FIXTURES / name).read_text())
    assert {finding.field for finding in linter.errors(findings)} >= INVALID[name]


def test_markup_is_found_in_pages_lists_and_graphs() -> None:
    text = json.dumps(good())
    page = f"<html><script>x</script><SCRIPT TYPE='application/ld+json'>{text}</SCRIPT></html>"
    graph = json.dumps({"@context": "https://schema.org", "@graph": [good(), {"@type": "WebPage"}]})
    for source in (text, page, f"[{text}]", graph, f"\ufeff{text}"):
        assert pagemarkup.lint_text(source) == []
    assert len(pagemarkup.claim_reviews(f"[{text},{text}]")) == 2


@pytest.mark.parametrize(
    "text", ["", "<p>none</p>", "{}", "{", "<script type='application/ld+json'>{</script>"]
)
def test_nothing_to_check_is_said(text: str) -> None:
    with pytest.raises(pagemarkup.MarkupError):
        pagemarkup.lint_text(text)
