"""Figures and years of a claim beside those of its article and its evidence, with the sum of each comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.enums import StepOutcome
from claims.matching import arithmetic, figures
from claims.matching.words import content, sentences
from claims.models import Claim
from claims.steps.base import Context, Result, Step, evidence_of
from claims.steps.registry import register

# A long source is read as far as this; figures beyond it are said not to have been looked at.
LONGEST = 200_000
SHOWN = 12
# How many words beside the figures a sentence must share with the claim: without one, two percentages in one
# article are compared for no reason but being percentages. What a checker quoted as evidence needs none.
SHARED = {"evidence": 0, "article": 1, "copy": 2}


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence of a source, and the words it shares with the claim."""

    where: str
    pk: int
    title: str
    text: str
    shared: int
    number: int | None = None


@register
class NumberCheck(Step):
    """Each comparison with its arithmetic; nothing is judged.

    Items, nearest sentences first: ``figure`` (the claim's words), ``start`` and ``end`` in the claim's wording,
    ``others`` (the source's words), ``relation`` (``same``, ``fits`` within rounding, ``apart``), ``sum``,
    ``where`` (``article``, ``evidence``, ``copy``), ``id``, ``number`` (of the evidence), ``title``, ``sentence``.
    """

    kind = "number_check"
    label = gettext_lazy("Figures and dates")
    position = 40
    version = "1"

    def inputs(self, subject: Claim) -> Mapping[str, Any]:
        return {
            "wording": subject.wording,
            "place": [subject.start, subject.end],
            "article": subject.article.content_hash,
            "evidence": list(_evidence(subject).values_list("number", "quote", "snapshot__sha256")),
        }

    def run(self, subject: Claim, context: Context) -> Result:
        mine = figures.parse(subject.wording)
        if not mine:
            return Result(StepOutcome.NOT_APPLICABLE, _("The claim has no figures or years."))
        passages = sorted(
            _passages(subject), key=lambda passage: (passage.where != "evidence", -passage.shared)
        )
        items = _compared(mine, passages)
        sources = {(passage.where, passage.pk) for passage in passages}
        beside = _evidence(subject).count()
        return Result(
            StepOutcome.FOUND if items else StepOutcome.NOTHING_FOUND,
            _in_words(items),
            items=items[:SHOWN],
            source=ngettext(
                "The rest of this article and %(count)d piece of evidence",
                "The rest of this article and %(count)d pieces of evidence",
                beside,
            )
            % {"count": beside},
            params={
                "figures": [figure.text for figure in mine],
                "sources": len(sources),
                "found": len(items),
            },
        )


def _evidence(claim: Claim) -> Any:
    return evidence_of(claim).order_by("number")


def _passages(claim: Claim) -> Iterator[Passage]:
    asked = set(content(claim.wording)) - {figure.text for figure in figures.parse(claim.wording)}
    for item in _evidence(claim).select_related("snapshot"):
        if item.quote:
            yield from _read("evidence", item.pk, item.title, item.quote, asked, number=item.number)
        if item.snapshot is not None:
            yield from _read(
                "copy", item.snapshot.pk, item.title, item.snapshot.text, asked, number=item.number
            )
    text = claim.article.text
    rest = text[: claim.start] + "\n" + text[claim.end :]
    yield from _read("article", claim.article.pk, str(claim.article), rest, asked)


def _read(
    where: str, pk: int, title: str, text: str, asked: set[str], number: int | None = None
) -> Iterator[Passage]:
    text = text[:LONGEST]
    for start, end in sentences(text):
        sentence = text[start:end]
        if any(character.isdigit() for character in sentence) or _spelt(sentence):
            shared = len(asked & set(content(sentence)))
            if shared >= SHARED[where]:
                yield Passage(where, pk, title, sentence, shared, number)


def _spelt(sentence: str) -> bool:
    return bool(figures.parse(sentence))


def _compared(mine: Sequence[figures.Figure], passages: Sequence[Passage]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    seen: set[tuple[str, str, str]] = set()
    for passage in passages:
        theirs = figures.parse(passage.text)
        for figure in mine:
            for comparison in _side_by_side(figure, theirs, passage.shared):
                key = (figure.text, comparison.sum, passage.where)
                if key not in seen:
                    seen.add(key)
                    items.append(_item(comparison, passage))
    return items


def _side_by_side(
    figure: figures.Figure, theirs: Sequence[figures.Figure], shared: int
) -> Iterator[arithmetic.Comparison]:
    for other in theirs:
        # Any two years can be subtracted; it means something only where the sentences are about the same thing.
        if figure.kind == "year" and shared < 2:
            continue
        comparison = arithmetic.compare(figure, other)
        if comparison is not None:
            yield comparison
    yield from arithmetic.derive(figure, theirs)


def _item(comparison: arithmetic.Comparison, passage: Passage) -> dict[str, Any]:
    return {
        "figure": comparison.figure.text,
        "start": comparison.figure.start,
        "end": comparison.figure.end,
        "others": [other.text for other in comparison.others],
        "relation": comparison.relation,
        "sum": comparison.sum,
        "where": passage.where,
        "id": passage.pk,
        "number": passage.number,
        "title": passage.title,
        "sentence": passage.text[:500],
    }


def _in_words(items: Sequence[Mapping[str, Any]]) -> str:
    if not items:
        return _(
            "Nothing to put beside the claim's figures: neither the rest of the article nor the evidence has any."
        )
    summary = ngettext(
        "%(count)d comparison, nothing judged.", "%(count)d comparisons, nothing judged.", len(items)
    )
    return summary % {"count": len(items)}
