"""The whole way from pasted text to statements."""

from __future__ import annotations

from . import language
from .cleaning import Cleaned
from .cleaning import clean as clean_text
from .reading import Reader
from .scoring import reasons_and_kinds, restate, split, worthiness_of
from .speakers import Resolver, Who
from .statements import Draft, drafts
from .types import Extraction, Statement


def extract(text: str, *, clean: bool = True, source: str = "") -> Extraction:
    """Take an article apart into statements, each with its source and its worthiness.

    ``clean`` first removes what is not the article (captions, share bars, mark-up) and mends lost spaces
    and encoding; every removed piece is kept in ``dropped``. With ``clean=False`` the text is left
    untouched, so that all offsets are those of the input. ``source`` is copied into the result.
    Never raises on any Unicode string, reads nothing but its arguments, and is deterministic.
    """
    page = clean_text(text) if clean else Cleaned(text)
    text = page.text
    code = language.detect(f"{page.title} {text}" if page.title else text)
    supported = code in language.SUPPORTED
    reading = Reader(text, attribute=supported).read()
    pieces = drafts(reading)
    scores = worthiness_of([piece.claim_text(text) for piece in pieces]) if supported else [0.0] * len(pieces)
    resolver = Resolver(reading)
    done = []
    for piece, value in zip(pieces, scores, strict=True):
        words = text[piece.start : piece.end]
        reasons, kinds = reasons_and_kinds(piece.claim_text(text)) if supported else ([], [])
        found = piece.found
        who = resolver.who(found) if found else None
        done.append(
            Statement(
                words,
                piece.start,
                piece.end,
                piece.kind,
                tuple(piece.content),
                who.name if who else "",
                who.mention if who else "",
                text[slice(*found.cue)] if found else "",
                value,
                tuple(reasons),
                found.source if found else None,
                found.cue if found and found.cue[0] < found.cue[1] else None,
                speaker_title=who.title if who else "",
                speaker_kind=who.kind if who else "",
                speaker_resolved=who.resolved if who else found is None or found.sort not in ("say", "quote"),
                claim_kinds=tuple(kinds),
                restated=_restated(piece, text, who, resolver, page.date) if supported else None,
                splits=tuple(split(piece.reported(text))) if supported else (),
                paragraph=piece.paragraph,
                parent=piece.parent,
                attribution=found.group if found else None,
            )
        )
    return Extraction(
        source, page.title, code, text, tuple(done), tuple(page.dropped), supported, page.dateline, page.date
    )


def _restated(piece: Draft, text: str, who: Who | None, resolver: Resolver, date: str) -> str | None:
    """The proposal for a sentence that stands alone; the speaker only where it is known who spoke."""
    return restate(
        text[piece.start : piece.end],
        content=piece.reported(text) if piece.found else None,
        speaker=who.name if who and who.resolved else "",
        article_date=date or None,
        mentions=resolver.named_in(piece.start, piece.end),
    )
