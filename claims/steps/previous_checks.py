"""Has the desk checked this before: its own published reports, by the words they share with the claim."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.enums import StepOutcome
from claims.matching import lexical
from claims.matching.words import STOP, words, words_of
from claims.models import Claim, Report, ReportWord
from claims.steps.base import Context, Result, Step
from claims.steps.registry import register

# Below this share of the claim's rare words a hit is chance: with half of them a checker sees why it is shown.
LEAST_SCORE = 0.34
LEAST_SHARED = 3
SHOWN = 5
# Reports read for one claim: those that share most of its words.
MOST_REPORTS = 200


@register
class PreviousChecks(Step):
    """Own reports that share the claim's rare words; word match, not meaning.

    Items, best first: ``report`` (id), ``claim_id``, ``slug``, ``headline``, ``claim`` (as the report puts it),
    ``verdict`` (word), ``verdict_key``, ``published_on``, ``retracted``, ``score`` (0 to 1), ``shared`` (words),
    ``spans_here`` and ``spans_there`` (shared words in the claim's wording and in ``claim``), ``differences``:
    ``figures_here``, ``figures_there``, ``negated_here``, ``negated_there``.
    """

    kind = "previous_checks"
    label = gettext_lazy("Earlier checks of this desk")
    position = 30

    def inputs(self, subject: Claim) -> Mapping[str, Any]:
        return {"wording": subject.wording}

    def run(self, subject: Claim, context: Context) -> Result:
        reports = Report.objects.public().exclude(claim=subject)
        total = reports.count()
        if not total:
            return Result(
                StepOutcome.NOTHING_FOUND,
                _("This desk has not published a report yet, so there is nothing that could match."),
                source=_("Own reports (none yet)"),
                params={"reports": 0},
            )
        items = _search(subject.wording, _candidates(subject.wording, reports))
        source = ngettext("%(count)d own report, by words", "%(count)d own reports, by words", total)
        summary = (
            ngettext(
                "%(count)d own report shares its rare words (word match, not meaning).",
                "%(count)d own reports share its rare words (word match, not meaning).",
                len(items),
            )
            if items
            else _("No own report shares its rare words (word match, not meaning).")
        )
        return Result(
            StepOutcome.FOUND if items else StepOutcome.NOTHING_FOUND,
            summary % {"count": len(items)} if items else summary,
            items=items,
            source=source % {"count": total},
            params={"reports": total, "least_score": LEAST_SCORE, "method": "BM25"},
        )


def _candidates(wording: str, reports: Any) -> list[Report]:
    """The public reports that share most of the claim's words, by the index of words that publishing keeps.

    The documents themselves are never searched: that would read all that was ever published, for each new claim.
    """
    asked = words_of(" ".join(word.form for word in words(wording) if word.form not in STOP))
    sharing = ReportWord.objects.filter(word__in=asked, report__in=reports).values("report_id")
    ranked = sharing.annotate(shared=Count("id")).order_by("-shared", "-report_id")
    best = [row["report_id"] for row in ranked[:MOST_REPORTS]]
    found = reports.select_related("current_version").in_bulk(best)
    return [found[pk] for pk in best if pk in found]


def _search(wording: str, reports: Sequence[Report]) -> list[dict[str, Any]]:
    stated = {report.pk: _stated(report) for report in reports}
    known = {report.pk: report for report in reports}
    index = lexical.Index((pk, f"{told['claim']} {told['headline']}") for pk, told in stated.items())
    hits = index.search(wording, limit=SHOWN * 2)
    good = [hit for hit in hits if hit.score >= LEAST_SCORE and len(hit.shared) >= LEAST_SHARED]
    return [_item(wording, hit, known[hit.key], stated[hit.key]) for hit in good[:SHOWN]]


def _stated(report: Report) -> dict[str, str]:
    """What the frozen version says: never the live claim, which may be changing."""
    version = report.current_version
    document = json.loads(version.document) if version is not None else {}
    claim = document.get("claim", {})
    verdict = document.get("verdict", {})
    return {
        "claim": str(claim.get("restated") or claim.get("quote", "")),
        "headline": str(document.get("headline", "")),
        "verdict": str(verdict.get("word", "")),
    }


def _item(wording: str, hit: lexical.Hit[int], report: Report, told: Mapping[str, str]) -> dict[str, Any]:
    apart = lexical.differences(wording, told["claim"])
    return {
        "report": report.pk,
        "claim_id": report.claim_id,
        "slug": report.slug,
        "headline": told["headline"],
        "claim": told["claim"],
        "verdict": told["verdict"],
        "verdict_key": report.verdict_key,
        "published_on": report.published_at.date().isoformat() if report.published_at else "",
        "retracted": report.retracted_at is not None,
        "score": round(hit.score, 3),
        "shared": list(hit.shared),
        "spans_here": [list(span) for span in lexical.shared_spans(told["claim"], wording)],
        "spans_there": [list(span) for span in lexical.shared_spans(wording, told["claim"])],
        "differences": {
            "figures_here": list(apart.figures_here),
            "figures_there": list(apart.figures_there),
            "negated_here": apart.negated_here,
            "negated_there": apart.negated_there,
        },
    }
