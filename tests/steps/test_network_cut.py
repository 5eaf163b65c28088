"""The line is cut: every step ends with an honest word within its limit, and the claim is checked by hand."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpcore
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.domain import evidence, steps
from claims.enums import StepOutcome, StepState
from claims.integrations import http
from claims.models import Claim, Evidence, Profile, VerificationStep
from claims.steps import registry
from claims.steps.base import Context
from tests import factories
from tests.standins.server import StandIn

pytestmark = pytest.mark.django_db
PUBLIC = "93.184.216.34"


class CutOff:
    """A network on which nobody answers: names are found, connections are not made."""

    def __init__(self) -> None:
        self.tried = 0

    def resolve(self, host: str, port: int) -> Sequence[str]:
        return [PUBLIC]

    def dial(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        self.tried += 1
        raise httpcore.ConnectTimeout("nobody answers")


@pytest.fixture
def cut(settings: Any) -> Iterator[CutOff]:
    """Everything is set up, and the line is cut."""
    settings.FACTCHECK_OUTSIDE = True
    settings.GOOGLE_FACTCHECK_KEY = "key"
    settings.SEARXNG_URL = "https://search.example"
    settings.WAYBACK_KEYS = "access:secret"
    settings.LLM_URL, settings.LLM_MODEL = "https://model.example/v1", "model"
    network = CutOff()
    with http.using(http.GuardedClient(resolver=network.resolve, dialer=network.dial)):
        yield network


def last_tries(claim: Claim) -> None:
    """Do every step of the claim, as its last try."""
    for step in VerificationStep.objects.filter(claim=claim, state=StepState.QUEUED):
        VerificationStep.objects.filter(pk=step.pk).update(
            attempts=step.max_attempts - 1, next_run_at=timezone.now()
        )
        steps.run_step(step.pk)


def test_with_the_network_cut_every_step_ends_honestly_and_the_claim_is_published_by_hand(
    editor: User, reviewer: User, second_reader: User, cut: CutOff, as_user: Callable[[User], Client]
) -> None:
    claim = factories.claim(editor)
    claim = factories.bring_to("researching", claim, editor=editor, checker=reviewer, reader=second_reader)
    factories.fill(claim, reviewer)
    last_tries(claim)
    outcomes = {view.kind: view.outcome for view in steps.latest(claim)}
    assert set(outcomes) == {kind.kind for kind in registry.claim_steps()}
    assert StepOutcome.FAILED not in outcomes.values(), outcomes
    for kind in ("checks_by_others", "archive", "stance"):
        assert outcomes[kind] == StepOutcome.UNAVAILABLE, kind
    assert outcomes["evidence_search"] in {
        StepOutcome.FOUND,
        StepOutcome.UNAVAILABLE,
    }  # the library needs no line
    assert StepOutcome.NOTHING_FOUND not in {
        outcomes[kind] for kind in ("checks_by_others", "evidence_search")
    }
    page = as_user(reviewer).get(reverse("claim", args=[claim.pk])).content.decode()
    assert "No answer" in page
    assert cut.tried > 0
    factories.move(claim, "submit", reviewer)
    factories.move(claim, "approve", second_reader)
    factories.pages()
    published = factories.move(claim, "publish", editor)
    assert published.report.current_version is not None


def test_before_its_last_try_a_step_waits_for_the_line(editor: User, cut: CutOff) -> None:
    claim = factories.claim(editor)
    step = VerificationStep.objects.get(claim=claim, kind="checks_by_others")
    assert steps.run_step(step.pk) is False
    step.refresh_from_db()
    assert (step.state, step.attempts) == (StepState.QUEUED, 1)
    assert "did not answer" in step.last_error


@pytest.fixture
def many_sources(editor: User) -> Claim:
    claim = factories.move(factories.claim(editor), "triage", editor)
    for number in range(10):
        evidence.add_evidence(
            claim.pk, actor=editor,
            fields={"title": f"Source {number}", "url": f"https://s{number}.example/", "stance": "context",
                    "kind": "secondary", "quote": "It cost six million euros."},
        )  # fmt: skip
    return claim


@pytest.mark.parametrize(("kind", "most"), [("archive", 2), ("stance", 1), ("source_health", 1)])
def test_a_step_with_many_sources_does_not_wait_for_each_of_them(
    kind: str, most: int, many_sources: Claim, cut: CutOff
) -> None:
    """Broken build: go on asking, and ten silent sites take longer than the step may: it fails instead of saying so.

    Here each request takes no time, and only the time of one request is left.
    """
    step = registry.get(kind)
    assert step is not None
    left = {"archive": 13, "stance": 48, "source_health": 13}[kind]

    def slow(address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        cut.tried += 1
        context_end[0] -= seconds
        raise httpcore.ConnectTimeout("nobody answers")

    class Clocked(Context):
        """A context whose end comes nearer with each request."""

        def time_for(self, seconds: float = 12.0) -> bool:
            return time.monotonic() + seconds < context_end[0]

    context_end = [time.monotonic() + left]
    with http.using(http.GuardedClient(resolver=cut.resolve, dialer=slow)):
        result = step.run(many_sources, Clocked(now=timezone.now()))
    assert result.outcome == StepOutcome.UNAVAILABLE
    assert 1 <= cut.tried <= most


# --- the model's reading -------------------------------------------------------------------------------------------


def test_a_model_is_asked_only_where_a_person_has_judged_first_and_its_cost_is_shown(
    editor: User, services: StandIn, settings: Any, as_user: Callable[[User], Client]
) -> None:
    settings.LLM_PRICE_IN, settings.LLM_PRICE_OUT, settings.LLM_CURRENCY = "2", "10", "EUR"
    robot = factories.person("robot", "editor", machine=True)
    claim = factories.move(factories.claim(editor), "triage", editor)
    source = {"title": "Page", "url": "https://page.example/", "kind": "secondary", "stance": "context",
              "quote": "The river bridge is a bridge. It cost six million euros."}  # fmt: skip
    evidence.add_evidence(claim.pk, actor=robot, fields=source)
    step = registry.get("stance")
    assert step is not None
    waiting = step.run(Claim.objects.get(pk=claim.pk), Context(now=timezone.now()))
    assert waiting.outcome == StepOutcome.NOT_APPLICABLE
    assert not services.seen
    evidence.add_evidence(claim.pk, actor=editor, fields=source)
    stored = VerificationStep.objects.filter(claim=claim, kind="stance", state=StepState.QUEUED).latest("id")
    assert steps.run_step(stored.pk) is True
    stored.refresh_from_db()
    result = stored.result
    [item] = result.items
    assert (item["own"], item["suggested"], item["agrees"]) == (
        "Gives context",
        "Undermines the claim",
        False,
    )
    assert (item["tokens"], item["cost"]) == (250, "0.0008 EUR")
    assert float(result.cost) == pytest.approx(210 * 2e-6 + 40 * 10e-6, abs=1e-4)
    page = as_user(editor).get(reverse("claim", args=[claim.pk])).content.decode()
    assert "250 tokens" in page
    assert "0.0008 EUR" in page
    assert Evidence.objects.get(number=item["evidence"]).stance == "context"  # it sets nothing
    assert Profile.objects.get(person=robot).is_machine
