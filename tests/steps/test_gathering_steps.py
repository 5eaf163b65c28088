"""Parts, figures, places to look, copies, checks by others: on a desk without services, and the words it then uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpcore
import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from claims.domain import evidence, steps
from claims.enums import StepOutcome, StepState
from claims.integrations import http
from claims.models import Claim, Evidence, Snapshot, VerificationStep
from claims.steps import registry
from tests import factories
from tests.standins.server import Reply, StandIn
from tests.standins.shapes import ARTICLE, wayback_available
from tests.standins.web import PublicWeb
from tests.steps.test_first_steps import run


@pytest.fixture
def with_source(editor: User) -> Claim:
    """A claim with one linked and quoted source."""
    claim = factories.claim(editor)
    factories.move(claim, "triage", editor)
    evidence.add_evidence(
        claim.pk, actor=editor,
        fields={"title": "Counts", "url": "https://port.example/counts", "stance": "undermines", "kind": "primary",
                "quote": "The port counted 23,700 vehicles a day, against 32,500 before the toll, 27 per cent less."},
    )  # fmt: skip
    return Claim.objects.get(pk=claim.pk)


def test_every_step_says_something_and_nothing_set_up_is_never_nothing_found(editor: User) -> None:
    """The fresh desk, offline, as it comes."""
    claim = factories.claim(editor)
    assert not any(kind.kind == "context" for kind in registry.article_steps())
    results = {kind.kind: run(kind.kind, claim) for kind in registry.claim_steps()}
    assert results["context"].outcome == StepOutcome.FOUND
    assert results["previous_checks"].outcome == StepOutcome.NOTHING_FOUND
    for kind in ("checks_by_others", "evidence_search"):
        assert results[kind].outcome == StepOutcome.NOT_CONFIGURED, results[kind]
        assert "not" in results[kind].summary.lower()
        assert "nothing found" not in results[kind].summary.lower()


def test_all_steps_of_a_claim_end_without_a_network(editor: User) -> None:
    claim = factories.claim(editor)
    for pk in VerificationStep.objects.filter(claim=claim).values_list("pk", flat=True):
        assert steps.run_step(pk) is True
    assert {view.step.state for view in steps.latest(claim)} == {StepState.DONE}
    assert steps.progress(claim).fraction == 1


# --- figures ------------------------------------------------------------------------------------------------------


def sums(result: Any, where: str) -> list[tuple[str, str]]:
    return [(item["relation"], item["sum"]) for item in result.items if item["where"] == where]


def test_a_fall_is_put_beside_the_change_in_the_article(editor: User) -> None:
    result = run("number_check", factories.claim(editor))
    assert ("fits", "(22,400 − 32,500) ÷ 32,500 = −31.1 %; 31 %") in sums(result, "article")


def test_the_evidence_comes_first_with_its_own_sums(with_source: Claim) -> None:
    result = run("number_check", with_source)
    assert result.items[0]["where"] == "evidence"
    found = sums(result, "evidence")
    assert ("apart", "31 % − 27 % = +4 pp") in found
    assert ("apart", "(23,700 − 32,500) ÷ 32,500 = −27.1 %; 31 %") in found


def test_a_claim_without_figures_has_nothing_to_compare(editor: User) -> None:
    claim = factories.claim(editor)
    Claim.objects.filter(pk=claim.pk).update(restated="The bridge is the oldest of the city.")
    assert run("number_check", Claim.objects.get(pk=claim.pk)).outcome == StepOutcome.NOT_APPLICABLE


def test_added_evidence_makes_the_comparison_out_of_date(editor: User, with_source: Claim) -> None:
    kind = registry.get("number_check")
    assert kind is not None
    before = kind.input_hash(with_source)
    evidence.withdraw_evidence(with_source.evidence.get().pk, actor=editor)
    assert kind.input_hash(with_source) != before


# --- where to look ------------------------------------------------------------------------------------------------


def test_the_own_library_is_searched_and_the_best_sentence_marked(editor: User) -> None:
    Snapshot.objects.create(
        sha256="2" * 64, title="Annual traffic report", url="https://stats.city.gov.uk/traffic", content=b"x",
        taken_at=timezone.now(),
        text="The city has four bridges. Traffic on the harbour bridge has fallen since the toll began in March 2024. "
             "Buses carry more people than in any year before.",
    )  # fmt: skip
    result = run("evidence_search", factories.claim(editor))
    assert result.outcome == StepOutcome.FOUND
    [item] = result.items
    start, end = item["sentence"]
    assert item["passage"][start:end].startswith("Traffic on the harbour bridge")
    assert item["nearness"] == "primary"
    asked = {one["name"]: one["outcome"] for one in result.params["asked"]}
    assert asked["Own library"] == "found"
    assert asked["Wikipedia"] == "not_configured"


def test_a_searched_library_without_a_match_says_where_it_looked_and_where_not(editor: User) -> None:
    Snapshot.objects.create(
        sha256="3" * 64, title="Menu", content=b"x", text="Soup of the day: leek.", taken_at=timezone.now()
    )
    result = run("evidence_search", factories.claim(editor))
    assert result.outcome == StepOutcome.NOTHING_FOUND
    assert "Nothing found in: Own library." in result.summary
    assert "not set up: Wikipedia" in result.summary


# --- copies -------------------------------------------------------------------------------------------------------


def test_without_a_linked_source_there_is_nothing_to_copy(editor: User) -> None:
    assert run("archive", factories.claim(editor)).outcome == StepOutcome.NOT_APPLICABLE


def test_copies_are_not_made_while_the_desk_is_offline(with_source: Claim) -> None:
    result = run("archive", with_source)
    assert result.outcome == StepOutcome.NOT_CONFIGURED
    assert [item["archive_url"] for item in result.items] == [""]


def test_no_model_no_suggestion(with_source: Claim) -> None:
    assert run("stance", with_source).outcome == StepOutcome.NOT_CONFIGURED


def test_a_page_the_archive_was_asked_to_save_is_looked_for_again_by_itself(
    with_source: Claim, services: StandIn, public_web: PublicWeb, editor: User
) -> None:
    """The link comes from a later, confirmed answer; until then the page shows what is known."""
    services.route("/wayback/available", lambda seen: Reply.json({"archived_snapshots": {}}))
    public_web.site.page("/counts", ARTICLE)
    Evidence.objects.update(url="http://port.test/counts")
    claim = Claim.objects.get(pk=with_source.pk)
    steps.plan_claim(claim)
    first = VerificationStep.objects.filter(claim=claim, kind="archive", state=StepState.QUEUED).latest("id")
    with _both(services, public_web):
        assert steps.run_step(first.pk) is True
    later = VerificationStep.objects.get(claim=claim, kind="archive", state=StepState.QUEUED)
    assert (later.run, later.input_hash) == (first.run + 1, first.input_hash)
    assert later.next_run_at > timezone.now() + timedelta(minutes=9)
    [shown] = [view for view in steps.latest(claim) if view.kind == "archive"]
    assert (shown.step.pk, shown.outcome) == (first.pk, StepOutcome.FOUND)
    VerificationStep.objects.exclude(kind="archive").update(state=StepState.DONE, finished_at=timezone.now())
    assert steps.progress(claim).finished
    services.route("/wayback/available", lambda seen: Reply.json(wayback_available(seen)))
    steps.rerun(first, actor=editor)
    later.refresh_from_db()
    assert later.next_run_at <= timezone.now()  # asked for by a person, it comes at once
    with _both(services, public_web):
        assert steps.run_step(later.pk) is True
    item = Evidence.objects.get()
    assert item.archive_state == "independent"
    assert item.archive_url.startswith("http://web.archive.org/web/")


@contextmanager
def _both(services: StandIn, web: PublicWeb) -> Iterator[None]:
    """Pages from the stand-in web, services from their listed origin."""

    def dial(address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        if port == services.port:
            return httpcore.SyncBackend().connect_tcp(address, port, timeout=seconds)
        return web.dial(address, port, seconds)

    def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"] if port == services.port else web.resolve(host, port)

    with http.using(http.GuardedClient(resolver=resolve, dialer=dial)):
        yield
