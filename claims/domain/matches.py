"""Earlier checks that may answer a claim, as the latest steps found them: own reports and those of other desks."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

from claims.enums import StepState
from claims.models import Claim, VerificationStep

KINDS = ("previous_checks", "checks_by_others")


def of_claim(claim: Claim) -> list[dict[str, Any]]:
    """What the latest run of each step found, own reports first, in the step's own order (best first)."""
    done = VerificationStep.objects.filter(
        claim=claim, kind__in=KINDS, state=StepState.DONE, result__isnull=False
    )
    latest: dict[str, VerificationStep] = {}
    for step in done.select_related("result").order_by("id"):
        latest[step.kind] = step
    steps = [latest[kind] for kind in KINDS if kind in latest]
    return [_match(step, item) for step in steps for item in step.result.items]


def _match(step: VerificationStep, item: dict[str, Any]) -> dict[str, Any]:
    return {
        "step": step.pk,
        "kind": step.kind,
        "found_at": step.result.finished_at,
        "title": str(item.get("headline") or item.get("title") or ""),
        "url": str(item.get("url") or _page_of(item)),
        "verdict": str(item.get("verdict") or item.get("rating") or ""),
        "claim": str(item.get("claim") or ""),
        "score": item.get("score"),
        "item": item,
    }


def _page_of(item: dict[str, Any]) -> str:
    try:
        return reverse("report", args=[item["slug"]]) if item.get("slug") else ""
    except NoReverseMatch:
        return ""
