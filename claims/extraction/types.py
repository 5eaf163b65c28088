"""What extraction hands back: plain, frozen values without any framework.

Offsets count Unicode code points of ``Extraction.text`` (Python string indices), ``end`` is exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Span = tuple[int, int]

KINDS = ("statement", "direct", "indirect", "mixed")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A piece of the pasted text that is not part of the article, and why it was left out.

    ``before`` is the offset in ``Extraction.text`` in front of which the piece stood, so that an
    editor can bring it back where it came from.
    """

    text: str
    reason: str
    before: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {"text": self.text, "reason": self.reason, "before": self.before}


@dataclass(frozen=True, slots=True)
class Statement:
    """One stretch of words of one source within a sentence.

    ``kind``: ``statement`` (the article's own words), ``direct`` (only quoted words), ``indirect``
    (paraphrase) or ``mixed`` (paraphrase with quoted words in it).
    ``content``: the words reported, without the attribution phrase, as spans of the whole text.
    ``speaker``: the fullest name that the article gives the source; empty for the article's own words
    and where nobody is named. ``speaker_resolved`` is False where the mention could not be tied to
    anybody ("he", "this expert"); ``speaker`` then holds the mention as it stands.
    ``attribution``: statements with the same number (not None) share one attribution, as the sentences
    of one long quote do. ``parent``: index of the statement that this one is nested in.
    """

    text: str
    start: int
    end: int
    kind: str = "statement"
    content: tuple[Span, ...] = ()
    speaker: str = ""
    speaker_mention: str = ""
    cue: str = ""
    worthiness: float = 0.0
    reasons: tuple[str, ...] = ()
    speaker_span: Span | None = None
    cue_span: Span | None = None
    speaker_title: str = ""
    speaker_kind: str = ""
    speaker_resolved: bool = True
    claim_kinds: tuple[str, ...] = ()
    restated: str | None = None
    splits: tuple[str, ...] = ()
    paragraph: int = 0
    parent: int | None = None
    attribution: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON form: tuples become lists."""
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "kind": self.kind,
            "content": [list(span) for span in self.content],
            "speaker": self.speaker,
            "speaker_mention": self.speaker_mention,
            "cue": self.cue,
            "worthiness": self.worthiness,
            "reasons": list(self.reasons),
            "speaker_span": list(self.speaker_span) if self.speaker_span else None,
            "cue_span": list(self.cue_span) if self.cue_span else None,
            "speaker_title": self.speaker_title,
            "speaker_kind": self.speaker_kind,
            "speaker_resolved": self.speaker_resolved,
            "claim_kinds": list(self.claim_kinds),
            "restated": self.restated,
            "splits": list(self.splits),
            "paragraph": self.paragraph,
            "parent": self.parent,
            "attribution": self.attribution,
        }


@dataclass(frozen=True, slots=True)
class Extraction:
    """An article taken apart."""

    source: str
    title: str
    language: str
    text: str
    statements: tuple[Statement, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    language_supported: bool = True
    dateline: str = ""
    date: str = ""
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON form of the whole document, as the command ``extract`` prints it."""
        return {
            "source": self.source,
            "title": self.title,
            "language": self.language,
            "language_supported": self.language_supported,
            "text": self.text,
            "statements": [statement.to_dict() for statement in self.statements],
            "dropped": [piece.to_dict() for piece in self.dropped],
            "dateline": self.dateline,
            "date": self.date,
            "warnings": list(self.warnings),
        }
