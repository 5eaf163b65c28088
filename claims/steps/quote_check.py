"""Do the quoted words stand where they are said to stand: in the article, in other articles, in kept copies."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.enums import StepOutcome
from claims.matching import quoting
from claims.matching.words import STOP, words
from claims.models import Article, Claim, Snapshot
from claims.steps.base import Context, Result, Step, evidence_of
from claims.steps.registry import register

LEAST_WORDS = 3
MOST_QUOTES = 6
# How many other documents are read for one claim: those that hold the quotation's rarest words, newest first.
MOST_DOCUMENTS = 40


@dataclass(frozen=True, slots=True)
class Document:
    """Something to look the words up in. ``cited``: a source of this very claim, so that "absent" is worth saying."""

    where: str
    pk: int
    title: str
    text: str
    url: str = ""
    cited: bool = False


@register
class QuoteCheck(Step):
    """Quoted words looked up: exactly, nearly with every difference shown, or absent.

    Items, one for each quotation and document in which it stands (and for each cited source in which it does not):
    ``quote``, ``where`` (``article``, ``other_article``, ``copy``, ``evidence``), ``id``, ``title``, ``url``,
    ``outcome`` (``exact``, ``near``, ``absent``), ``likeness`` (0 to 1), ``start``, ``end``, ``before``, ``found``,
    ``after`` (300 characters each side), ``changes``: a list of ``kind`` (``same``, ``left_out``, ``put_in``,
    ``changed``), ``quoted``, ``source``.
    """

    kind = "quote_check"
    label = gettext_lazy("Quotation")
    position = 20

    def inputs(self, subject: Claim) -> Mapping[str, Any]:
        cited = evidence_of(subject).order_by("number")
        return {
            "text": subject.text,
            "place": [subject.start, subject.end],
            "kind": subject.kind,
            "article": subject.article.content_hash,
            "cited": list(cited.values_list("number", "snapshot__sha256", "quote")),
        }

    def run(self, subject: Claim, context: Context) -> Result:
        quotes = quoted_words(subject)
        if not quotes:
            return Result(StepOutcome.NOT_APPLICABLE, _("The claim quotes nobody word for word."))
        items: list[dict[str, Any]] = []
        searched = {"article": 0, "other_article": 0, "copy": 0, "evidence": 0}
        for number, quote in enumerate(quotes):
            for document in _documents(subject, quote):
                if number == 0:
                    searched[document.where] += 1
                items += _look_up(quote, document)
        hits = [item for item in items if item["outcome"] != "absent"]
        return Result(
            StepOutcome.FOUND if hits else StepOutcome.NOTHING_FOUND,
            _in_words(hits),
            items=items,
            source=_searched(searched),
            params={"quotes": quotes, "searched": searched, "least_likeness": quoting.NEAR},
        )


def quoted_words(claim: Claim) -> list[str]:
    """The quotations of a claim: what stands between its quotation marks, else its words if all of it is quoted."""
    spans = quoting.quotations(claim.text, LEAST_WORDS)
    quotes = [claim.text[start:end].strip() for start, end in spans]
    if not quotes and claim.kind in {"direct", "mixed"}:
        quotes = [part for part in _reported(claim) if len(words(part)) >= LEAST_WORDS]
    return list(dict.fromkeys(quotes))[:MOST_QUOTES]


def _reported(claim: Claim) -> list[str]:
    """What extraction marked as the words reported; for a mixed statement only what stands between marks there."""
    text = claim.article.text
    statement = claim.statement
    if claim.kind == "direct":
        spans = (
            statement.content if statement is not None and statement.content else [[claim.start, claim.end]]
        )
        return [text[start:end].strip(' \n\t"“”«»„') for start, end in spans]
    inside = text[claim.start : claim.end]
    return [inside[start:end] for start, end in quoting.quotations(inside, LEAST_WORDS)]


def _documents(claim: Claim, quote: str) -> Iterator[Document]:
    article = claim.article
    yield Document("article", article.pk, str(article), article.text, article.url, cited=True)
    cited = evidence_of(claim).select_related("snapshot")
    kept: set[int] = set()
    for item in cited:
        if item.snapshot is not None:
            kept.add(item.snapshot.pk)
            yield Document("copy", item.snapshot.pk, item.title, item.snapshot.text, item.url, cited=True)
        elif item.quote:
            yield Document("evidence", item.pk, item.title, item.quote, item.url)
    rare = rarest(quote)
    if not rare:
        return
    others = Article.objects.holding(*_pairs(rare)).exclude(pk=article.pk).order_by("-pk")[:MOST_DOCUMENTS]
    for other in others:
        yield Document("other_article", other.pk, str(other), other.text, other.url)
    copies = Snapshot.objects.holding(*_pairs(rare)).exclude(pk__in=kept).order_by("-pk")[:MOST_DOCUMENTS]
    for copy in copies.defer("content", "warc"):
        yield Document("copy", copy.pk, str(copy), copy.text, copy.url)


def rarest(quote: str, count: int = 4) -> list[str]:
    """The longest words of a quotation: long words are rare, and a text without any two of them is not read."""
    forms = {word.form for word in words(quote) if word.form not in STOP and "'" not in word.form}
    return sorted(forms, key=lambda form: (-len(form), form))[:count]


def _pairs(forms: Sequence[str]) -> list[tuple[str, ...]]:
    return list(itertools.combinations(forms, 2)) if len(forms) > 1 else [tuple(forms)]


def _look_up(quote: str, document: Document) -> list[dict[str, Any]]:
    place = quoting.find(quote, document.text)
    said = {
        "quote": quote,
        "where": document.where,
        "id": document.pk,
        "title": document.title,
        "url": document.url,
        "cited": document.cited,
    }
    if place is None:
        return [{**said, "outcome": "absent", "likeness": 0.0, "changes": []}] if document.cited else []
    return [
        {
            **said,
            "outcome": "exact" if place.exact else "near",
            "likeness": place.likeness,
            "start": place.start,
            "end": place.end,
            "before": place.before,
            "found": place.found,
            "after": place.after,
            "changes": [change.to_dict() for change in place.changes],
        }
    ]


def _in_words(hits: list[dict[str, Any]]) -> str:
    here = [item for item in hits if item["where"] == "article"]
    elsewhere = [item for item in hits if item["where"] != "article"]
    if any(item["outcome"] == "exact" for item in here):
        first = _("The quoted words stand in this article exactly as given.")
    elif here:
        first = _("The quoted words stand in this article with differences.")
    else:
        first = _("The quoted words do not stand in this article.")
    if not elsewhere:
        return first + " " + _("They were found nowhere else.")
    exact = sum(item["outcome"] == "exact" for item in elsewhere)
    near = len(elsewhere) - exact
    second = ngettext("Elsewhere: %(count)d place exactly", "Elsewhere: %(count)d places exactly", exact)
    third = ngettext("%(count)d with differences.", "%(count)d with differences.", near)
    return f"{first} {second % {'count': exact}}, {third % {'count': near}}"


def _searched(searched: Mapping[str, int]) -> str:
    others, copies = searched["other_article"], searched["copy"] + searched["evidence"]
    if not others and not copies:
        return _("This article; no other stored text holds its rarest words")
    return _("This article, %(others)d other articles and %(copies)d kept sources with its rarest words") % {
        "others": others,
        "copies": copies,
    }
