"""Several services asked for one step: what each came to, and what that makes together.

"Not set up" and "did not answer" must never read like "nothing found", so each source keeps its own word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from claims.enums import StepOutcome
from claims.integrations.answer import Answer


@dataclass(frozen=True, slots=True)
class Asked:
    """One source and what asking it came to; ``note`` is a sentence for people."""

    name: str
    outcome: StepOutcome
    note: str = ""
    found: int = 0
    query: str = ""
    retryable: bool = False
    retry_after: float | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "outcome": str(self.outcome),
            "note": self.note,
            "found": self.found,
            "query": self.query,
        }


def told(name: str, answer: Answer[Any], query: str = "") -> Asked:
    """A service's answer in the words of a step."""
    return Asked(
        name, answer.outcome, answer.note, len(answer.items), query, answer.retryable, answer.retry_after
    )


def no_time(name: str, query: str = "") -> Asked:
    """A source that was not asked, because the others before it took all the time a step may take."""
    return Asked(
        name, StepOutcome.UNAVAILABLE, _("Not asked: the time of this step was over."), 0, query, True
    )


def silent(asked: Sequence[Asked], name: str) -> Asked | None:
    """What the service said when it failed to answer earlier in this run; it is not asked in vain once more."""
    return next((one for one in asked if one.name == name and one.outcome == StepOutcome.UNAVAILABLE), None)


def together(asked: Sequence[Asked]) -> StepOutcome:
    """Found beats all; a source that did not answer leaves the question open; else what was searched, was searched."""
    outcomes = {one.outcome for one in asked}
    for outcome in (StepOutcome.FOUND, StepOutcome.UNAVAILABLE, StepOutcome.NOTHING_FOUND):
        if outcome in outcomes:
            return outcome
    return StepOutcome.NOT_CONFIGURED


def patience(asked: Sequence[Asked]) -> float | None:
    """How many seconds the most patient of the silent services asks for."""
    waits = [one.retry_after for one in asked if one.retry_after is not None]
    return max(waits, default=None)
