"""Claims and promised steps for the commands of this folder, and what became of them."""

from __future__ import annotations

import secrets
from typing import Any

from django.db.models import Count, Max, Sum
from django.utils import timezone

from claims.enums import ArticleState, StepState
from claims.models import Article, AuditEvent, Claim, StepResult, VerificationStep

CLAIMS = 20


def claims() -> list[Claim]:
    """A few claims of one article, made once."""
    if not Claim.objects.exists():
        text = "\n".join(
            f"The town counted {number} ferries in the year {1900 + number}." for number in range(CLAIMS)
        )
        now = timezone.now()
        article = Article.objects.create(
            title="Ferries", text=text, original_text=text, content_hash=secrets.token_hex(32), slug="ferries",
            state=ArticleState.READY, created_at=now, language="en",
        )  # fmt: skip
        place = 0
        for number, line in enumerate(text.split("\n"), start=1):
            Claim.objects.create(
                article=article, number=number, text=line, start=place, end=place + len(line), created_at=now,
                status_since=now, touched_at=now,
            )  # fmt: skip
            place += len(line) + 1
    return list(Claim.objects.order_by("id"))


def promise(kind: str, count: int, *, rung: bool = False, max_attempts: int = 5) -> list[int]:
    """``count`` steps of one kind spread over the claims, not rung unless asked; their ids."""
    now = timezone.now()
    owners = claims()
    rows = [
        VerificationStep(
            claim=owners[number % len(owners)], kind=kind, input_hash=secrets.token_hex(32), run=1, queue="verify",
            max_attempts=max_attempts, next_run_at=now, created_at=now, rung_at=now if rung else None,
        )
        for number in range(count)
    ]  # fmt: skip
    return [row.pk for row in VerificationStep.objects.bulk_create(rows, batch_size=500)]


def states(ids: list[int]) -> dict[str, int]:
    """How many of the steps are in which state."""
    rows = VerificationStep.objects.filter(pk__gte=ids[0], pk__lte=ids[-1]).values_list("state")
    return dict(rows.order_by("state").annotate(count=Count("id")))


def over(ids: list[int]) -> bool:
    """Whether nothing is left to do."""
    return not set(states(ids)) & {StepState.QUEUED, StepState.RUNNING}


def account(ids: list[int]) -> dict[str, Any]:
    """What became of the steps: lost ones have neither a result nor a place on the dead list."""
    found = states(ids)
    results = StepResult.objects.filter(step_id__gte=ids[0], step_id__lte=ids[-1])
    steps = VerificationStep.objects.filter(pk__gte=ids[0], pk__lte=ids[-1])
    tries = steps.aggregate(sum=Sum("attempts"), most=Max("attempts"))
    return {
        "steps": len(ids),
        "done": found.get(StepState.DONE, 0),
        "dead": found.get(StepState.DEAD, 0),
        "lost": len(ids) - found.get(StepState.DONE, 0) - found.get(StepState.DEAD, 0),
        "results": results.count(),
        "duplicate_results": results.count() - results.values("step_id").distinct().count(),
        "attempts": tries["sum"],
        "most_attempts": tries["most"],
        "events": AuditEvent.objects.filter(action__startswith="step.").count(),
    }
