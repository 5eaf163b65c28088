"""What a claim speaks of: people, organisations, figures, and dates resolved against the article's own date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.enums import StepOutcome
from claims.extraction import dates
from claims.matching import figures, names
from claims.models import Claim
from claims.steps.base import Context, Result, Step
from claims.steps.registry import register

AROUND = 300


@register
class ContextStep(Step):
    """Names, figures and dates of the claim, who said it where, and the words around it.

    Items, each with ``type``:

    - ``speaker``: ``name``, ``role``, ``mention``, ``cue``
    - ``name``: ``text``, ``kind`` (person, organisation, place, name), ``role``, ``start``, ``end``, ``elsewhere``
      (how often the article names it beside this claim)
    - ``figure``: ``text``, ``kind``, ``value``, ``unit``, ``rough``, ``start``, ``end``
    - ``date``: ``text``, ``value``, ``granularity``, ``relative``, ``ambiguous``, ``start``, ``end``
    - ``around``: ``before``, ``words``, ``after``: the article's text at the claim

    ``start`` and ``end`` count code points in the claim's words.
    """

    kind = "context"
    label = gettext_lazy("Context")
    position = 10

    def inputs(self, subject: Claim) -> Mapping[str, Any]:
        article = subject.article
        return {
            "text": subject.text,
            "place": [subject.start, subject.end],
            "speaker": subject.speaker_name,
            "role": subject.speaker_role,
            "article": article.content_hash,
            "date": subject.said_on or article.published_on,
        }

    def run(self, subject: Claim, context: Context) -> Result:
        day = subject.article.published_on or subject.said_on
        named = _names(subject)
        counted = _figures(subject)
        dated = _dates(subject, day)
        items = [*_speaker(subject), *named, *counted, *dated, *_around(subject)]
        parts = [
            ngettext("%d name", "%d names", len(named)) % len(named),
            ngettext("%d figure", "%d figures", len(counted)) % len(counted),
            ngettext("%d date", "%d dates", len(dated)) % len(dated),
        ]
        summary = _("%(names)s, %(figures)s and %(dates)s in the claim.") % {
            "names": parts[0],
            "figures": parts[1],
            "dates": parts[2],
        }
        if day is None and any(item["relative"] for item in dated):
            summary += " " + _("The article has no date, so “last year” and the like could not be resolved.")
        return Result(
            StepOutcome.FOUND
            if named or counted or dated or subject.speaker_name
            else StepOutcome.NOTHING_FOUND,
            summary,
            items=items,
            source=_("This article"),
            params={"article_date": day.isoformat() if day else ""},
        )


def _speaker(claim: Claim) -> list[dict[str, Any]]:
    if not claim.speaker_name:
        return []
    return [
        {
            "type": "speaker",
            "name": claim.speaker_name,
            "role": claim.speaker_role,
            "mention": claim.speaker_mention,
            "cue": claim.cue,
        }
    ]


def _names(claim: Claim) -> list[dict[str, Any]]:
    speakers = list(
        claim.article.statements.exclude(speaker="").values_list("speaker", flat=True).distinct()[:200]
    )
    found = names.find(claim.text, people=speakers)
    outside = claim.article.text[: claim.start] + "\n" + claim.article.text[claim.end :]
    return [
        {
            "type": "name",
            "text": name.text,
            "kind": name.kind,
            "role": name.role,
            "start": name.start,
            "end": name.end,
            "elsewhere": outside.count(name.text),
        }
        for name in found
    ]


def _figures(claim: Claim) -> list[dict[str, Any]]:
    return [
        {
            "type": "figure",
            "text": figure.text,
            "kind": figure.kind,
            "value": f"{figure.value.normalize():f}",
            "unit": figure.unit,
            "rough": figure.rough,
            "start": figure.start,
            "end": figure.end,
        }
        for figure in figures.parse(claim.text)
        if figure.kind != "year"
    ]


def _dates(claim: Claim, day: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "type": "date",
            "text": resolved.text,
            "value": resolved.value,
            "granularity": resolved.granularity,
            "relative": resolved.relative,
            "ambiguous": resolved.ambiguous,
            "start": resolved.start,
            "end": resolved.end,
        }
        for resolved in dates.resolve(claim.text, day)
    ]
    spans = [(resolved.start, resolved.end) for resolved in dates.resolve(claim.text, day)]
    # A year that stands alone is a date too, whatever the resolver makes of the phrase around it.
    for figure in figures.parse(claim.text):
        covered = any(start <= figure.start < end for start, end in spans)
        if figure.kind == "year" and not covered:
            found.append(
                {
                    "type": "date",
                    "text": figure.text,
                    "value": figure.text,
                    "granularity": "year",
                    "relative": False,
                    "ambiguous": False,
                    "start": figure.start,
                    "end": figure.end,
                }
            )
    return sorted(found, key=lambda item: item["start"])


def _around(claim: Claim) -> list[dict[str, Any]]:
    text = claim.article.text
    if not text:
        return []
    return [
        {
            "type": "around",
            "before": text[max(0, claim.start - AROUND) : claim.start],
            "words": text[claim.start : claim.end],
            "after": text[claim.end : claim.end + AROUND],
        }
    ]
