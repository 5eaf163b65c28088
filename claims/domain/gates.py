"""The gates before publishing: what the codes of practice ask for, each answering for itself with its remedy.

The demands are those of the fact-checkers' codes (IFCN, EFCSN) and of ClaimReview, put into checks that software
can make. A gate that fails may be passed by an exception: a named person and a reason, printed on the report.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.enums import SourceKind, Stance
from claims.models import Claim, Evidence, GateException, Page, RightOfReply, Verdict
from claims.workflow.guards import Denied

CITATION = re.compile(r"\[(\d{1,3})\](?!\()")


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that the gates look at, loaded once."""

    claim: Claim
    verdict: Verdict | None
    evidence: tuple[Evidence, ...]
    reply: RightOfReply | None
    exceptions: dict[str, GateException]
    pages: frozenset[str]
    now: datetime

    @property
    def cited(self) -> set[int]:
        """Numbers that the texts of the verdict cite."""
        if self.verdict is None:
            return set()
        texts = [self.verdict.reasoning, self.verdict.not_established, *map(str, self.verdict.bullets)]
        return {int(number) for text in texts for number in CITATION.findall(text)}


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
    """A named check. ``author`` gates already hold before the claim goes to the second reader."""

    key: str
    label: object
    check: Check
    author: bool = True
    can_be_excepted: bool = True


def load_dossier(claim: Claim, now: datetime) -> Dossier:
    """Everything the gates look at, in five queries."""
    return Dossier(
        claim=claim,
        verdict=Verdict.objects.select_related("level__scale", "saved_by").filter(claim=claim).first(),
        evidence=tuple(Evidence.objects.standing().select_related("snapshot").filter(claim=claim)),
        reply=RightOfReply.objects.filter(claim=claim).first(),
        exceptions={
            row.gate: row for row in GateException.objects.select_related("person").filter(claim=claim)
        },
        pages=frozenset(Page.objects.exclude(body="").values_list("kind", flat=True).distinct()),
        now=now,
    )


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


def failing(results: list[GateResult], *, author_only: bool = False) -> list[Denied]:
    """What is still in the way."""
    return [
        result.denial
        for result in results
        if not result.passed and result.denial is not None and (result.author or not author_only)
    ]


def _sources_linked(dossier: Dossier) -> Denied | None:
    numbers = {item.number for item in dossier.evidence}
    unknown = sorted(dossier.cited - numbers)
    unused = sorted(numbers - dossier.cited)
    if unknown:
        return Denied(
            _("The reasoning cites [%(number)s], which is not in the evidence.") % {"number": unknown[0]},
            _("Mend the number, or add the source."), "verdict", "sources_linked",
        )  # fmt: skip
    if unused:
        return Denied(
            _("Source [%(number)s] is not cited in the reasoning.") % {"number": unused[0]},
            _("Cite it where it is used, or take it back."), "verdict", "sources_linked",
        )  # fmt: skip
    return None


def _primary_source(dossier: Dossier) -> Denied | None:
    if any(item.kind == SourceKind.PRIMARY for item in dossier.evidence):
        return None
    return Denied(_("No primary source is among the evidence."), _("Add one, or have an editor record why not."),
                  "evidence", "primary_source")  # fmt: skip


def origins(evidence: tuple[Evidence, ...]) -> set[str]:
    """Independent origins: sources that share an origin (one press release, one study) count once."""
    return {(item.origin or item.publisher or item.url or item.where).strip().casefold() for item in evidence}


def _two_origins(dossier: Dossier) -> Denied | None:
    if len(origins(dossier.evidence)) >= 2:
        return None
    return Denied(_("The evidence comes from fewer than two independent origins."),
                  _("Add a source of another origin."), "evidence", "two_origins")  # fmt: skip


def _both_sides(dossier: Dossier) -> Denied | None:
    stances = {item.stance for item in dossier.evidence}
    if {Stance.SUPPORTS, Stance.UNDERMINES} <= stances:
        return None
    if dossier.verdict and dossier.verdict.searched_other_side and dossier.verdict.other_side_queries.strip():
        return None
    return Denied(_("Only one side of the evidence is shown."),
                  _("Add the other side, or say what you searched for without finding it."),
                  "verdict", "both_sides")  # fmt: skip


def _interests_stated(dossier: Dossier) -> Denied | None:
    for item in dossier.evidence:
        if item.kind == SourceKind.EXPERT and not item.interests.strip():
            return Denied(
                _("The interests of the expert in [%(number)s] are not stated.") % {"number": item.number},
                _("State them, or write “none known”."), "evidence", "interests_stated",
            )  # fmt: skip
    return None


def _right_of_reply(dossier: Dossier) -> Denied | None:
    if not dossier.claim.speaker_name or dossier.reply is not None:
        return None
    return Denied(_("It is not recorded whether the speaker was asked."),
                  _("Say when and how, or why not."), "reply", "right_of_reply")  # fmt: skip


def _reply_deadline(dossier: Dossier) -> Denied | None:
    reply = dossier.reply
    if reply is None or not reply.contacted or reply.answer.strip() or reply.deadline is None:
        return None
    if reply.deadline <= dossier.now:
        return None
    return Denied(_("The time given to the speaker to answer has not passed."),
                  _("Wait, or record the answer."), "reply", "reply_deadline")  # fmt: skip


def _why_checked(dossier: Dossier) -> Denied | None:
    if dossier.verdict and dossier.verdict.why_checked.strip():
        return None
    return Denied(_("It is not said why this was checked."), _("Write one or two sentences."),
                  "verdict", "why_checked")  # fmt: skip


def _quote_in_text(dossier: Dossier) -> Denied | None:
    claim = dossier.claim
    if claim.article.text[claim.start : claim.end] == claim.text:
        return None
    return Denied(_("The claim's words are not found at their place in the stored article."),
                  _("Mark the words in the article again."), "claim", "quote_in_text")  # fmt: skip


def _copy_kept(dossier: Dossier) -> Denied | None:
    if dossier.claim.article.content_hash:
        return None
    return Denied(_("No copy of the article is kept."), _("Add its text."), "claim", "copy_kept")


def _public_pages(dossier: Dossier) -> Denied | None:
    missing = [page for page in Page.Kind if page not in dossier.pages]
    if not missing:
        return None
    return Denied(
        _("The public page “%(page)s” is empty.") % {"page": missing[0].label},
        _("An editor has to write it under Settings."), "settings", "public_pages",
    )  # fmt: skip


def _headline(dossier: Dossier) -> Denied | None:
    if dossier.verdict and dossier.verdict.headline.strip():
        return None
    return Denied(
        _("The report has no headline."), _("Write one that states the finding."), "verdict", "headline"
    )


GATES: tuple[Gate, ...] = (
    Gate("headline", gettext_lazy("Headline states the finding"), _headline, can_be_excepted=False),
    Gate("sources_linked", gettext_lazy("Every source is cited, every citation has its source"), _sources_linked,
         can_be_excepted=False),
    Gate("primary_source", gettext_lazy("A primary source is cited"), _primary_source),
    Gate("two_origins", gettext_lazy("Two independent origins"), _two_origins),
    Gate("both_sides", gettext_lazy("Both sides searched"), _both_sides),
    Gate("interests_stated", gettext_lazy("Interests of experts stated"), _interests_stated),
    Gate("right_of_reply", gettext_lazy("Speaker asked, or reason given"), _right_of_reply),
    Gate("why_checked", gettext_lazy("Why we checked this"), _why_checked, can_be_excepted=False),
    Gate("quote_in_text", gettext_lazy("Words found in the stored article"), _quote_in_text),
    Gate("copy_kept", gettext_lazy("A copy of the article is kept"), _copy_kept),
    Gate("reply_deadline", gettext_lazy("Time to answer has passed"), _reply_deadline, author=False),
    Gate("public_pages", gettext_lazy("Public pages of the desk are written"), _public_pages, author=False,
         can_be_excepted=False),
)  # fmt: skip

PRINTED = frozenset({"primary_source", "two_origins", "both_sides", "right_of_reply", "quote_in_text"})
