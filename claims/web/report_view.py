"""The report as the reader will see it, made from the claim as it stands or as it is being typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from claims.domain import documents, gates
from claims.models import Claim, Evidence, RatingLevel, Verdict
from claims.publishing import claimreview, linter, markdown
from claims.publishing.document import ReportDocument
from claims.publishing.linter import Finding


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source with the places that cite it."""

    source: Evidence
    places: list[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """The parts of the report, rendered. ``document`` is None while there is no rating yet."""

    document: ReportDocument | None
    verdict: Verdict
    short: list[SafeString]
    reasoning: SafeString
    why_checked: SafeString
    not_established: SafeString
    sources: list[CitedSource]
    unresolved: list[int]
    markup: tuple[Finding, ...] = ()


def preview(claim: Claim, person: User, typed: Mapping[str, Any] | None = None) -> Preview:
    """The report of this claim; with ``typed``, as it would be if that were saved. Nothing is written."""
    dossier = gates.load_dossier(claim, timezone.now())
    if typed is not None:
        dossier = replace(dossier, verdict=_unsaved(claim, person, typed))
    verdict = dossier.verdict or Verdict(claim=claim)
    numbers = frozenset(item.number for item in dossier.evidence)
    citations = markdown.Citations(known=numbers, label=_("Source {number}"))
    short = [_let_through(markdown.render_inline(str(line), citations)) for line in verdict.bullets]
    why = _let_through(markdown.render(verdict.why_checked, citations))
    reasoning = _let_through(markdown.render(verdict.reasoning, citations))
    open_questions = _let_through(markdown.render(verdict.not_established, citations))
    sources = [
        CitedSource(item, citations.places(item.number))
        for item in sorted(dossier.evidence, key=lambda item: item.number)
    ]
    document = documents.draft(dossier) if verdict.level else None
    return Preview(
        document, verdict, short, reasoning, why, open_questions, sources, sorted(set(citations.unresolved)),
        _findings(document),
    )  # fmt: skip


def _findings(document: ReportDocument | None) -> tuple[Finding, ...]:
    """What other programs would say of the report's ClaimReview, errors first."""
    if document is None:
        return ()
    return tuple(linter.lint(claimreview.build(document), page_url=document.url))


def unspaced(text: str) -> str:
    """The text without blanks: where a line ends, or what stands between word and citation, makes no difference."""
    return "".join(text.split())


def plain(report: Preview, claim: Claim) -> str:
    """The words of the report without blanks, as a selection over the page has them; citations are left in."""
    verdict = report.verdict
    parts = [
        verdict.headline, claim.text, claim.restated, verdict.summary, *map(str, report.short), str(report.why_checked),
        verdict.how_read, str(report.reasoning), str(report.not_established),
        report.document.claimant_reply if report.document else "", *(row.source.title for row in report.sources),
    ]  # fmt: skip
    return unspaced(unescape(re.sub(r"<[^>]+>", "", "\n".join(parts))))


def _let_through(html: str) -> SafeString:
    """Only for what ``claims.publishing.markdown`` made: its allow-list has had the last word."""
    return SafeString(html)


def _unsaved(claim: Claim, person: User, typed: Mapping[str, Any]) -> Verdict:
    """A verdict in memory alone, holding what the form holds."""
    chosen = typed.get("level")
    level = RatingLevel.objects.select_related("scale").filter(pk=int(chosen)).first() if chosen else None
    verdict = Verdict(claim=claim, saved_by=person, level=level)
    for name in Verdict.TEXT_FIELDS:
        if name in typed:
            value = typed[name]
            setattr(verdict, name, [line for line in value if line.strip()] if name == "bullets" else value)
    return verdict
