"""The gates before publishing: what the codes of practice ask for, each answering for itself with its remedy.

The demands are those of the fact-checkers' codes (IFCN, EFCSN) and of ClaimReview, put into checks that software
can make. A gate that fails may be passed by an exception: a named person and a reason, printed on the report.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy

from claims.domain import gate_checks as checks
from claims.domain.gate_checks import Dossier, load_dossier
from claims.models import GateException
from claims.workflow.guards import Denied

__all__ = ["GATES", "Dossier", "Gate", "GateResult", "evaluate", "failing", "load_dossier", "set_aside"]


@dataclass(frozen=True, slots=True)
class GateResult:
    """One gate's answer. ``passed`` may also rest on an exception."""

    gate: str
    label: str
    passed: bool
    denial: Denied | None
    exception: GateException | None
    author: bool
    can_be_excepted: bool


Check = Callable[[Dossier], Denied | None]


@dataclass(frozen=True, slots=True)
class Gate:
    """A named check. ``author`` gates already hold before the claim goes to the second reader.

    ``demand`` is the number of the demand in the project's notes on the codes of practice (G1 to G20).
    """

    key: str
    demand: str
    label: object
    check: Check
    author: bool = True
    can_be_excepted: bool = True


def evaluate(dossier: Dossier) -> list[GateResult]:
    """Every gate's answer, in the order a checker meets them."""
    results = []
    for gate in GATES:
        denial = gate.check(dossier)
        exception = dossier.exceptions.get(gate.key) if gate.can_be_excepted else None
        results.append(
            GateResult(
                gate=gate.key,
                label=str(gate.label),
                passed=denial is None or exception is not None,
                denial=denial,
                exception=exception,
                author=gate.author,
                can_be_excepted=gate.can_be_excepted,
            )
        )
    return results


def without_words(results: Sequence[GateResult]) -> list[GateResult]:
    """The same answers, with the reasons of exceptions left out: whoever still has to rate the claim reads them."""
    return [
        replace(
            result,
            exception=result.exception and GateException(gate=result.gate, person=result.exception.person),
        )
        for result in results
    ]


def failing(results: list[GateResult], *, author_only: bool = False) -> list[Denied]:
    """What is still in the way."""
    return [
        result.denial
        for result in results
        if not result.passed and result.denial is not None and (result.author or not author_only)
    ]


def set_aside(dossier: Dossier) -> list[GateException]:
    """The exceptions that were needed: those whose gate does not hold by itself."""
    return [
        dossier.exceptions[gate.key]
        for gate in GATES
        if gate.can_be_excepted and gate.key in dossier.exceptions and gate.check(dossier) is not None
    ]


GATES: tuple[Gate, ...] = (
    Gate("headline", "", gettext_lazy("Headline states the finding"), checks.headline, can_be_excepted=False),
    Gate("sources_identified", "G1", gettext_lazy("Every source can be found by a reader"),
         checks.sources_identified, can_be_excepted=False),
    Gate("sources_linked", "G1", gettext_lazy("Every source is cited, every citation has its source"),
         checks.sources_linked, can_be_excepted=False),
    Gate("primary_source", "G2", gettext_lazy("A primary source is cited"), checks.primary_source),
    Gate("two_origins", "G3", gettext_lazy("Two independent origins"), checks.two_origins),
    Gate("both_sides", "G4", gettext_lazy("Both sides searched"), checks.both_sides),
    Gate("interests_stated", "G5", gettext_lazy("Interests stated: experts' and ours"), checks.interests_stated),
    Gate("anonymous_reason", "G6", gettext_lazy("Why a source stays unnamed"), checks.anonymous_reason,
         can_be_excepted=False),
    Gate("anonymous_consent", "G6", gettext_lazy("No unnamed source, or an editor agrees"),
         checks.anonymous_consent, author=False),
    Gate("right_of_reply", "G7", gettext_lazy("Speaker asked, or reason given"), checks.right_of_reply),
    Gate("why_checked", "G10", gettext_lazy("Why we checked this"), checks.why_checked, can_be_excepted=False),
    Gate("quote_in_text", "G15", gettext_lazy("Words found in the stored article"), checks.quote_in_text),
    Gate("quotes_in_copies", "G15", gettext_lazy("Quotes found in the kept copies"), checks.quotes_in_copies),
    Gate("copy_kept", "G16", gettext_lazy("A copy of the article is kept"), checks.copy_kept),
    Gate("byline", "G17", gettext_lazy("Who did it has a name"), checks.byline, can_be_excepted=False),
    Gate("person_decided", "G19", gettext_lazy("A person decided"), checks.person_decided, can_be_excepted=False),
    Gate("reply_deadline", "G7", gettext_lazy("Time to answer has passed"), checks.reply_deadline, author=False),
    Gate("public_pages", "G11", gettext_lazy("Public pages of the desk are written"), checks.public_pages,
         author=False, can_be_excepted=False),
    Gate("corrections_open", "G12", gettext_lazy("Corrections policy and contact are public"),
         checks.corrections_open, author=False, can_be_excepted=False),
    Gate("markup_valid", "G20", gettext_lazy("ClaimReview agrees with the page"), checks.markup_valid,
         can_be_excepted=False),
)  # fmt: skip
