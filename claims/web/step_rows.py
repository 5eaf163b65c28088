"""Steps as the claim page shows them: one sign and one word for each thing that can have become of a step."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from claims.domain.progress import Progress, StepView
from claims.enums import StepOutcome, StepState

# Outcomes must never look alike: each has its own sign, tone and words.
_SIGNS: dict[str, tuple[str, str, Any]] = {
    StepOutcome.FOUND: ("check", "good", _("Found")),
    StepOutcome.NOTHING_FOUND: ("search", "plain", _("Nothing found")),
    StepOutcome.NOT_APPLICABLE: ("minus", "plain", _("Does not apply")),
    StepOutcome.NOT_CONFIGURED: ("off", "plain", _("Not set up")),
    StepOutcome.UNAVAILABLE: ("globe", "warn", _("No answer")),
    StepOutcome.FAILED: ("warning", "bad", _("Failed")),
    StepOutcome.OUT_OF_DATE: ("again", "warn", _("Out of date")),
}
_STATES: dict[str, tuple[str, str, Any]] = {
    StepState.QUEUED: ("clock", "plain", _("Waiting")),
    StepState.RUNNING: ("working", "busy", _("Working")),
    StepState.CANCELLED: ("cross", "plain", _("Cancelled")),
    StepState.DEAD: ("warning", "bad", _("Failed")),
}


# A step that waits for the next day's limit of a service is no step that waits for a worker.
_HELD = ("lock", "warn", _("Limit reached"))

# Steps that are over without a result and ask nothing of anybody, in the order in which the page counts them up.
_QUIET: dict[str, Any] = {
    StepOutcome.NOTHING_FOUND: ngettext_lazy(
        "%(count)d step found nothing", "%(count)d steps found nothing", "count"
    ),
    StepOutcome.NOT_APPLICABLE: ngettext_lazy(
        "%(count)d step does not apply", "%(count)d steps do not apply", "count"
    ),
    StepOutcome.NOT_CONFIGURED: ngettext_lazy(
        "%(count)d step is not set up", "%(count)d steps are not set up", "count"
    ),
    StepState.CANCELLED: ngettext_lazy(
        "%(count)d step was cancelled", "%(count)d steps were cancelled", "count"
    ),
}


@dataclass(frozen=True, slots=True)
class StepRow:
    """One line of the panel. ``templates`` are tried in order for the details."""

    view: StepView
    sign: str
    tone: str
    word: Any
    templates: tuple[str, str]

    @property
    def pending(self) -> bool:
        return self.view.step.state in StepState.pending()

    @property
    def quiet(self) -> str:
        """Why nobody has to look at it, as a key of the groups; empty where something came of it or is still to come."""
        if self.pending or self.view.step.waits_for:
            return ""
        key = self.view.outcome or self.view.step.state
        return key if key in _QUIET else ""

    @property
    def seconds(self) -> str:
        """How long it took or has taken, in a form that does not jump: tenths below ten seconds."""
        value = self.view.seconds
        if value is None or value < 0.05 or self.view.step.state == StepState.QUEUED:
            return ""
        return f"{value:.1f}" if value < 10 else f"{value:.0f}"

    @property
    def sentence(self) -> str:
        """What came of it in words: the result's summary, or the reason of the latest failure."""
        result = self.view.result
        if self.view.step.state == StepState.DEAD or self.view.step.waits_for or result is None:
            return self.view.step.last_error
        return result.summary


@dataclass(frozen=True, slots=True)
class Group:
    """Folded steps of which the same became: the words that count them, and the steps."""

    words: str
    rows: tuple[StepRow, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """All rows, how many of them are over, and which are folded into one line."""

    rows: tuple[StepRow, ...]
    folded: frozenset[str] = frozenset()

    @property
    def shown(self) -> list[StepRow]:
        """The rows that stand open."""
        return [row for row in self.rows if row.view.kind not in self.folded]

    @property
    def groups(self) -> list[Group]:
        """The folded rows by what became of them."""
        found = []
        for key, words in _QUIET.items():
            rows = tuple(row for row in self.rows if row.view.kind in self.folded and row.quiet == key)
            if rows:
                found.append(Group(words % {"count": len(rows)}, rows))
        return found

    @property
    def folded_kinds(self) -> str:
        """What the page sends with its next question, so that the answer folds no other rows."""
        return " ".join(sorted(self.folded))

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def over(self) -> int:
        return sum(not row.pending for row in self.rows)

    @property
    def finished(self) -> bool:
        return self.over == self.total

    @property
    def failed(self) -> int:
        return sum(row.view.step.state == StepState.DEAD for row in self.rows)


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of the bar: ``start`` and ``length`` in steps."""

    name: str
    start: int
    length: int


def segments(progress: Progress) -> list[Segment]:
    """What is done, failed, running and waiting, in that order, as the bar draws it."""
    found: list[Segment] = []
    at = 0
    counts = (("done", progress.done), ("failed", progress.dead), ("running", progress.running),
              ("waiting", progress.queued))  # fmt: skip
    for name, length in counts:
        if length:
            found.append(Segment(name, at, length))
        at += length
    return found


def panel(views: Sequence[StepView], folded: Collection[str] | None = None) -> Panel:
    """The panel for these steps.

    Args:
        folded: the kinds that the page has folded, while one watches it: a row that comes to rest stays where it is, so
            that nothing moves under the reader. None for a page that is opened: all that came to nothing is folded.
    """
    rows = tuple(_row(view) for view in views)
    quiet = frozenset(row.view.kind for row in rows if row.quiet)
    return Panel(rows, quiet if folded is None else quiet.intersection(folded))


def _row(view: StepView) -> StepRow:
    outcome = view.outcome
    if view.step.waits_for:
        return StepRow(view, *_HELD, templates=(view.template, "partials/steps/any.html"))
    sign = _SIGNS[outcome] if outcome is not None else _STATES.get(view.step.state, _STATES[StepState.QUEUED])
    return StepRow(view, *sign, templates=(view.template, "partials/steps/any.html"))
