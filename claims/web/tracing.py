"""Where a claim came from: the words, the attribution and the reasons that extraction noted, for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from claims.extraction.sentences import paragraphs
from claims.models import Claim, Statement
from claims.web.spans import Span, cut

_WORDS, _SPEAKER, _CUE, _CONTENT = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the passage and what it is: the words reported, the speaker, the cue, or nothing of these."""

    text: str
    role: str


@dataclass(frozen=True, slots=True)
class Trace:
    """The explanation of one claim."""

    passage: tuple[Stretch, ...]
    paragraph: int
    voice: str
    who: str
    resolved: bool
    by_hand: bool


def trace(claim: Claim) -> Trace:
    """Why this is a claim, from the statement it was made of; what was added by hand says so."""
    statement = claim.statement
    bounds = paragraphs(claim.article.text)
    place = next((at for at, bound in enumerate(bounds) if claim.start < bound[1]), 0)
    first, last = bounds[place] if bounds else (0, len(claim.article.text))
    last = max(last, claim.end)
    spans = _spans(claim, statement)
    text = claim.article.text
    inside = [Span(s.key, max(s.start, first) - first, min(s.end, last) - first) for s in spans]
    stretches = tuple(
        Stretch(piece.text, _role(piece.keys))
        for row in cut(text[first:last], inside)
        for piece in row.pieces
    )
    details: dict[str, Any] = statement.details if statement else {}
    return Trace(
        stretches, place + 1, _voice(claim.kind), claim.speaker_name, bool(details.get("speaker_resolved", True)),
        statement is None,
    )  # fmt: skip


def _spans(claim: Claim, statement: Statement | None) -> list[Span]:
    spans = [Span(_WORDS, claim.start, claim.end)]
    if statement is None:
        return spans
    spans += [Span(_CONTENT, start, end) for start, end in statement.content]
    for key, name in ((_SPEAKER, "speaker_span"), (_CUE, "cue_span")):
        place = statement.details.get(name)
        if isinstance(place, list | tuple) and len(place) == 2:
            spans.append(Span(key, int(place[0]), int(place[1])))
    return spans


def _role(keys: Sequence[int]) -> str:
    for key, name in ((_CUE, "cue"), (_SPEAKER, "speaker"), (_CONTENT, "content"), (_WORDS, "words")):
        if key in keys:
            return name
    return ""


def _voice(kind: str) -> str:
    """How the words stand in the article."""
    return {
        "direct": _("The speaker's own words, in quotation marks."),
        "indirect": _("What the speaker said, in the article's words."),
        "mixed": _("What the speaker said, partly in the article's words, partly quoted."),
    }.get(kind, _("The article says this in its own voice."))
