"""Checks by others: brought in by a command, counted, put aside with reasons, found by the step, never published."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from claims.domain import imports
from claims.enums import StepOutcome
from claims.exceptions import NotAllowed
from claims.models import AuditEvent, ImportBatch, ImportedCheck, Report
from tests import factories
from tests.standins.server import StandIn
from tests.steps.test_first_steps import run


def review(
    claim: str, url: str = "https://desk.example/1", rating: str = "Mostly false", **more: Any
) -> dict[str, Any]:
    return {
        "@context": "https://schema.org", "@type": "ClaimReview", "url": url, "claimReviewed": claim,
        "author": {"@type": "Organization", "name": "Other Desk", "url": "https://desk.example"},
        "datePublished": "2020-05-06", "reviewRating": {"@type": "Rating", "alternateName": rating}, **more,
    }  # fmt: skip


BRIDGE = "Traffic on the harbour bridge has fallen by 40 per cent since the toll began"


def stream(*records: Any) -> io.BytesIO:
    return io.BytesIO(b"\n".join(json.dumps(record).encode() for record in records))


@pytest.mark.django_db
def test_a_file_is_counted_and_what_cannot_be_used_is_kept_with_its_reason() -> None:
    bad = {"@type": "ClaimReview", "url": "https://desk.example/2"}
    batch = imports.import_checks(stream(review(BRIDGE), bad), name="feed.jsonl", actor=None)
    assert (batch.fresh, batch.renewed, batch.put_aside) == (1, 0, 1)
    assert [(row.place, row.reason) for row in batch.quarantine.all()] == [
        (2, "does not say which claim was checked")
    ]
    check = ImportedCheck.objects.get()
    assert (check.claim, check.rating, check.publisher) == (BRIDGE, "Mostly false", "Other Desk")
    assert AuditEvent.objects.filter(action="checks.imported").get().data["put_aside"] == 1
    assert not Report.objects.exists()


@pytest.mark.django_db
def test_the_same_file_again_renews_and_doubles_nothing() -> None:
    """Broken build: without the fingerprint each import adds all of them again."""
    imports.import_checks(stream(review(BRIDGE)), name="a", actor=None)
    again = imports.import_checks(stream(review(BRIDGE, rating="False")), name="b", actor=None)
    assert (again.fresh, again.renewed) == (0, 1)
    assert ImportedCheck.objects.get().rating == "False"


@pytest.mark.django_db
def test_only_editors_bring_checks_in(reviewer: User, editor: User) -> None:
    with pytest.raises(NotAllowed):
        imports.import_checks(stream(review(BRIDGE)), name="a", actor=reviewer)
    assert imports.import_checks(stream(review(BRIDGE)), name="a", actor=editor).brought_by == editor


@pytest.mark.django_db
def test_the_command_tells_counts_and_reasons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "feed.json.gz"
    path.write_bytes(gzip.compress(json.dumps([review(BRIDGE), {"@type": "Recipe"}]).encode()))
    call_command("import_claimreviews", str(path))
    told = capsys.readouterr()
    assert "1 new, 0 known before, 1 put aside" in told.out
    assert "record 2 holds no ClaimReview" in told.err


@pytest.mark.django_db
def test_the_command_fails_where_nothing_could_be_used(tmp_path: Path) -> None:
    path = tmp_path / "menu.json"
    path.write_text(json.dumps({"soup": "leek"}))
    with pytest.raises(CommandError, match="no check that could be used"):
        call_command("import_claimreviews", str(path))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_claimreviews", str(tmp_path / "gone.json"))


@pytest.mark.django_db
def test_the_step_shows_an_imported_check_with_its_words_age_and_differences(editor: User) -> None:
    imports.import_checks(
        stream(review(BRIDGE), review("Goats give milk in winter", "https://desk.example/3")),
        name="a",
        actor=None,
    )
    result = run("checks_by_others", factories.claim(editor))
    assert result.outcome == StepOutcome.FOUND
    [item] = result.items
    assert (item["where"], item["publisher"], item["rating"]) == ("imported", "Other Desk", "Mostly false")
    assert item["old"] is True
    assert item["differences"]["figures_there"] == ["40 per cent"]
    assert "no key for Google" in result.summary  # not asked, and said so
    assert result.source.startswith("Imported checks, on ")


@pytest.mark.django_db
def test_searched_and_not_searched_stay_apart(editor: User) -> None:
    claim = factories.claim(editor)
    assert run("checks_by_others", claim).outcome == StepOutcome.NOT_CONFIGURED
    imports.import_checks(stream(review("Goats give milk in winter")), name="a", actor=None)
    result = run("checks_by_others", claim)
    assert result.outcome == StepOutcome.NOTHING_FOUND
    assert "Nothing found in: Imported checks." in result.summary


@pytest.mark.django_db
def test_a_silent_service_beside_an_empty_import_leaves_the_question_open(
    editor: User, services: StandIn
) -> None:
    claim = factories.claim(editor)
    imports.import_checks(stream(review("Goats give milk in winter")), name="a", actor=None)
    services.fault("/google", "fault", times=None)
    assert run("checks_by_others", claim).outcome == StepOutcome.UNAVAILABLE
    imports.import_checks(stream(review(BRIDGE)), name="b", actor=None)
    result = run("checks_by_others", claim)
    assert result.outcome == StepOutcome.FOUND
    assert "did not answer" in result.summary


@pytest.mark.django_db
def test_what_was_brought_in_is_not_public(editor: User, client: Client) -> None:
    imports.import_checks(stream(review("Canary claim of others")), name="a", actor=None)
    for address in ("/", "/reports/", "/feeds/atom.xml", "/sitemap.xml"):
        assert b"Canary claim" not in client.get(address).content
    assert ImportBatch.objects.count() == 1
