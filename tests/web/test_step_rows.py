"""Every thing that can have become of a step reads differently; what came to nothing is folded into one line."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.enums import StepOutcome, StepState
from claims.models import Claim, StepResult, VerificationStep
from claims.steps import registry
from claims.web import step_rows
from tests import factories

AsUser = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def test_the_seven_outcomes_never_look_alike() -> None:
    """Broken build: give "not set up" the sign or the word of "nothing found"."""
    signs = [step_rows._SIGNS[outcome] for outcome in StepOutcome]
    assert len(signs) == 7
    waiting = [
        step_rows._STATES["queued"],
        step_rows._STATES["running"],
        step_rows._STATES["cancelled"],
        step_rows._HELD,
    ]
    words = [str(word) for _sign, _tone, word in [*signs, *waiting]]
    assert len(set(words)) == len(words)
    pictures = [sign for sign, _tone, _word in [*signs, *waiting]]
    assert len(set(pictures)) == len(pictures)


def finish(step: VerificationStep, outcome: StepOutcome) -> None:
    now = timezone.now()
    VerificationStep.objects.filter(pk=step.pk).update(state=StepState.DONE, finished_at=now, attempts=1)
    StepResult.objects.create(
        step=step, outcome=outcome, summary="So it was.", started_at=now, finished_at=now
    )


def standing(html: str) -> tuple[str, str]:
    """The rows that stand open, and what is folded."""
    part = html[html.index('id="steps"') :]
    part = part[: part.index("</section>")]
    shown, _fold, folded = part.partition('id="quiet-steps"')
    return shown, folded


def test_what_came_to_nothing_is_one_line_that_names_it(as_user: AsUser, editor: User) -> None:
    """Broken build: count "no answer" or "failed" among what asks nothing of anybody."""
    claim: Claim = factories.article(editor).claims.order_by("start")[0]
    planned = list(claim.steps.order_by("pk"))
    became = (StepOutcome.NOTHING_FOUND, StepOutcome.NOTHING_FOUND, StepOutcome.NOT_CONFIGURED, StepOutcome.FOUND,
              StepOutcome.UNAVAILABLE, StepOutcome.NOT_APPLICABLE)  # fmt: skip
    for step, outcome in zip(planned, became, strict=False):
        finish(step, outcome)
    VerificationStep.objects.filter(pk=planned[6].pk).update(state=StepState.DEAD, last_error="It broke.")
    client = as_user(editor)
    shown, folded = standing(client.get(reverse("claim", args=[claim.pk])).content.decode())
    line = folded[: folded.index("</summary>")]
    assert "2 steps found nothing, 1 step does not apply, 1 step is not set up" in line
    for at, step in enumerate(planned):
        quiet = at in (0, 1, 2, 5)
        assert (f'id="step-{step.pk}"' in folded) is quiet, became[at : at + 1]
        assert (f'id="step-{step.pk}"' in shown) is not quiet
        kind = registry.get(step.kind)
        assert kind is not None
        assert (str(kind.label) in line.replace("&#x27;", "'")) is quiet


def test_while_one_watches_no_row_moves_into_the_fold(as_user: AsUser, editor: User) -> None:
    """Broken build: fold in the answer to a poll whatever has come to nothing since."""
    claim: Claim = factories.article(editor).claims.order_by("start")[0]
    first, second, *_rest = claim.steps.order_by("pk")
    finish(first, StepOutcome.NOTHING_FOUND)
    client = as_user(editor)
    page = client.get(reverse("claim", args=[claim.pk])).content.decode()
    assert f"?asked=1&amp;folded={first.kind}" in page
    finish(second, StepOutcome.NOTHING_FOUND)
    address = reverse("claim-steps", args=[claim.pk])
    answer = client.get(address, {"asked": "1", "folded": first.kind}, headers=HTMX).content.decode()
    shown, folded = standing(answer)
    assert f'id="step-{first.pk}"' in folded
    assert f'id="step-{second.pk}"' in shown
    # A step of the fold that runs again comes out of it, and stays out when it comes to nothing once more.
    answer = client.post(
        reverse("step-again", args=[first.pk]), {"folded": first.kind}, headers=HTMX
    ).content.decode()
    again = claim.steps.filter(kind=first.kind).latest("pk")
    shown, folded = standing(answer)
    assert f'id="step-{again.pk}"' in shown
    assert folded == ""
    assert '?asked=1&amp;folded="' in answer
    # Whoever opens the page anew finds both folded.
    _shown, folded = standing(client.get(reverse("claim", args=[claim.pk])).content.decode())
    assert f'id="step-{second.pk}"' in folded


def test_folding_asks_the_database_nothing(as_user: AsUser, editor: User) -> None:
    claim: Claim = factories.article(editor).claims.order_by("start")[0]
    client = as_user(editor)
    address = reverse("claim", args=[claim.pk])
    planned = list(claim.steps.order_by("pk"))
    for step in planned:
        finish(step, StepOutcome.FOUND)
    client.get(address)
    counts = []
    for folded in (0, 1, 3):
        kinds = [step.pk for step in planned[:folded]]
        StepResult.objects.filter(step__in=kinds).update(outcome=StepOutcome.NOTHING_FOUND)
        with CaptureQueriesContext(connection) as queries:
            html = client.get(address).content.decode()
        assert standing(html)[1].count('class="step ') == folded
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2], counts
