"""Context, quotation and earlier checks: what a checker is shown for a claim of a fresh, offline desk."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.enums import StepOutcome
from claims.models import Claim, Report, ReportWord, Snapshot
from claims.steps import previous_checks, registry
from claims.steps.base import Context, Result
from tests import factories


def run(kind: str, claim: Claim) -> Result:
    step = registry.get(kind)
    assert step is not None
    result = step.run(claim, Context(now=timezone.now()))
    json.dumps([dict(item) for item in result.items])
    assert result.summary
    return result


def of_type(result: Result, name: str) -> list[Any]:
    return [item for item in result.items if item["type"] == name]


# --- context ------------------------------------------------------------------------------------------------------


def test_context_names_who_what_and_how_much(editor: User) -> None:
    claim = factories.claim(editor)
    result = run("context", claim)
    assert result.outcome == StepOutcome.FOUND
    assert [(item["value"], item["kind"]) for item in of_type(result, "figure")] == [("31", "percent")]
    assert [item["value"] for item in of_type(result, "date")][:1] in (["2024-03"], ["2024"])
    for item in [*of_type(result, "name"), *of_type(result, "figure"), *of_type(result, "date")]:
        assert claim.text[item["start"] : item["end"]] == item["text"]


def test_context_shows_the_words_around_the_claim(editor: User) -> None:
    claim = factories.claim(editor)
    [around] = of_type(run("context", claim), "around")
    text = claim.article.text
    assert around["before"] + around["words"] + around["after"] in text
    assert around["words"] == claim.text


def test_context_depends_on_the_articles_date(editor: User) -> None:
    claim = factories.claim(editor)
    step = registry.get("context")
    assert step is not None
    before = step.input_hash(claim)
    claim.article.published_on = date(2025, 6, 3)
    assert step.input_hash(claim) != before


# --- quotation ----------------------------------------------------------------------------------------------------


@pytest.fixture
def quoted(editor: User) -> Claim:
    return factories.claim(editor, '"The city spends every cent of the toll on buses," she said.')


def outcomes(result: Result) -> list[tuple[str, str]]:
    return [(item["where"], item["outcome"]) for item in result.items]


def test_a_claim_without_quoted_words_does_not_apply(editor: User) -> None:
    assert run("quote_check", factories.claim(editor)).outcome == StepOutcome.NOT_APPLICABLE


def test_quoted_words_are_found_in_their_article_with_context(quoted: Claim) -> None:
    result = run("quote_check", quoted)
    assert result.outcome == StepOutcome.FOUND
    assert outcomes(result) == [("article", "exact")]
    item = result.items[0]
    text = quoted.article.text
    assert text[item["start"] : item["end"]] == item["found"]
    assert text[item["start"] - len(item["before"]) : item["start"]] == item["before"]
    assert len(item["after"]) <= 300


def test_a_changed_word_in_a_kept_copy_is_shown_as_changed(quoted: Claim) -> None:
    Snapshot.objects.create(
        sha256="0" * 64, title="Council minutes", url="https://city.example/minutes", content=b"x",
        text="The mayor: the city spends every cent of the toll on trams. Applause.", taken_at=timezone.now(),
    )  # fmt: skip
    # The changed word is one of the longest: a search that asked for all of these would not see the copy.
    result = run("quote_check", quoted)
    assert ("copy", "near") in outcomes(result)
    [copy] = [item for item in result.items if item["where"] == "copy"]
    assert [(c["quoted"], c["source"]) for c in copy["changes"] if c["kind"] == "changed"] == [
        ("buses", "trams")
    ]


def test_a_cited_source_without_the_words_says_absent(quoted: Claim, editor: User) -> None:
    snapshot = Snapshot.objects.create(
        sha256="1" * 64, content=b"x", text="Nothing of the kind stands here.", taken_at=timezone.now()
    )
    factories.move(quoted, "triage", editor)
    from claims.domain import evidence

    item = evidence.add_evidence(
        quoted.pk, actor=editor,
        fields={"title": "Minutes", "url": "https://city.example/m", "stance": "supports", "kind": "primary"},
    )  # fmt: skip
    type(item).objects.filter(pk=item.pk).update(snapshot=snapshot)
    assert ("copy", "absent") in outcomes(run("quote_check", Claim.objects.get(pk=quoted.pk)))


def test_another_article_with_the_words_is_named(quoted: Claim, editor: User) -> None:
    other = factories.article(
        editor,
        "A second paper writes about the harbour bridge and its toll in Port Marlow this week.\n\n"
        "“The city spends every cent of the toll on buses”, the mayor said in a radio interview on Friday.",
    )
    result = run("quote_check", quoted)
    assert ("other_article", "exact") in outcomes(result)
    assert any(item["id"] == other.pk for item in result.items)


# --- earlier checks -----------------------------------------------------------------------------------------------


def test_a_desk_without_reports_says_so(editor: User) -> None:
    result = run("previous_checks", factories.claim(editor))
    assert result.outcome == StepOutcome.NOTHING_FOUND
    assert "not published a report yet" in result.summary


def test_an_own_report_is_found_with_its_verdict_and_differences(
    claim_in: Callable[..., Claim], editor: User
) -> None:
    claim_in("published")
    again = factories.claim(editor, "22,400 vehicles crossed the bridge on an average weekday last year")
    Claim.objects.filter(pk=again.pk).update(
        restated="Traffic on the harbour bridge has not fallen by 40 per cent since the toll began in March 2024."
    )
    result = run("previous_checks", Claim.objects.get(pk=again.pk))
    assert result.outcome == StepOutcome.FOUND
    [item] = result.items
    assert item["verdict_key"] == "mostly_false"
    assert item["differences"]["figures_here"] == ["40 per cent"]
    assert item["differences"]["figures_there"] == ["31 per cent"]
    assert (item["differences"]["negated_here"], item["differences"]["negated_there"]) == (True, False)
    assert "meaning" in result.summary


def test_a_claim_about_something_else_finds_no_report(claim_in: Callable[..., Claim], editor: User) -> None:
    claim_in("published")
    other = factories.claim(editor, "the ferry carries 4,000 more passengers a day than in 2021")
    result = run("previous_checks", other)
    assert result.outcome == StepOutcome.NOTHING_FOUND
    assert result.params["reports"] == 1


def test_a_claim_is_not_its_own_earlier_check(claim_in: Callable[..., Claim]) -> None:
    published = claim_in("published")
    assert run("previous_checks", published).items == ()


def test_the_reports_that_share_most_words_are_read_and_no_other(
    claim_in: Callable[..., Claim], editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = claim_in("published")
    newer = Report.objects.create(
        claim=factories.claim(editor, "the ferry carries 4,000 more passengers a day than in 2021"),
        slug="newer",
        drafted_by=published.report.drafted_by,
        approved_by=published.report.approved_by,
        current_version=published.report.current_version,
        published_at=timezone.now(),
    )
    ReportWord.objects.create(report=newer, word="bridge")
    monkeypatch.setattr(previous_checks, "MOST_REPORTS", 1)
    again = factories.claim(editor, "22,400 vehicles crossed the bridge on an average weekday last year")
    Claim.objects.filter(pk=again.pk).update(
        restated="Traffic on the harbour bridge has fallen by 40 per cent."
    )
    with CaptureQueriesContext(connection) as asked:
        result = run("previous_checks", Claim.objects.get(pk=again.pk))
    assert [item["report"] for item in result.items] == [published.report.pk]
    assert not [query for query in asked if "LIKE" in query["sql"]], "documents are searched through"
