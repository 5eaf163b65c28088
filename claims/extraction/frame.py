"""What the parts of the sentence reader share: the folded tokens, and what has been found so far."""

from __future__ import annotations

from dataclasses import dataclass

from . import phrases
from .cues import ABOUT, QUOTE_ONLY, SAY, TELL, THINK, WEAK, Cue
from .phrases import DETERMINERS, PREPOSITIONS, is_punctuation
from .tokens import Tokens
from .types import Span

SIBLING = frozenset(["and", "but", "while", "though", "although", "whereas", "however", "yet", "so"])


@dataclass(slots=True)
class Found:
    """One attribution inside a sentence. Spans are in characters of the whole text.

    ``sort``: say, think, about, to, noun, hearsay, label. ``first`` and ``last``: the tokens it takes up.
    """

    sort: str
    cue: Span
    source: Span | None
    content: list[Span]
    first: int
    cue_token: int
    right: tuple[int, int] | None = None
    left: tuple[int, int] | None = None
    inherits: bool = False
    depth: int = 0
    colon: bool = False
    nested_in: Found | None = None
    group: int = -1
    # Behind which token the words that it closes off end; 0 for none.
    closes: int = 0


class Frame:
    """One sentence (or one quotation within it) under the reader's eye."""

    def __init__(self, tokens: Tokens, depth: int = 0) -> None:
        self.tokens = tokens
        self.low = tokens.low
        self.depth = depth
        self.found: list[Found] = []
        size = len(tokens)
        self.headline = False
        if 3 < size < 30:
            text = tokens.text
            self.headline = [text[start].isupper() for start in tokens.start].count(True) >= 0.6 * size
        stop = len(tokens)
        while (stop and self.low[stop - 1] in ".?!…") or (stop and self.low[stop - 1].startswith("..")):
            stop -= 1
        self.stop = stop

    def _sentence_subject(self, before: int) -> phrases.Range | None:
        """The subject of the sentence: the phrase in front of its first verb, else the name it opens with."""
        low = self.low
        for index in range(1, min(before, 30)):
            word = low[index]
            if phrases._finite(self.tokens, index) or (
                word.endswith("ed")
                and len(word) > 4
                and not self.tokens.capital(index)
                and low[index - 1] not in DETERMINERS
            ):
                found = phrases.subject_left(self.tokens, index - 1)
                if found is not None:
                    return found
        for index in range(min(before, 3)):
            if low[index] in ("he", "she", "they"):
                return index, index
        last = 0
        while (
            last < min(before, 5)
            and self.tokens.capital(last)
            and low[last][0].isalpha()
            and low[last] not in phrases.OPENERS
        ):
            last += 1
        if 1 < last < before or (
            last == 1
            and before > 1
            and (is_punctuation(low[1]) or phrases._finite(self.tokens, 1) or low[1].endswith(("s", "ed")))
            and not (low[0] in DETERMINERS or low[0] in PREPOSITIONS or low[0] in phrases.SUBORDINATORS)
        ):
            return 0, last - 1
        return None

    def _goes_on(self, at: int) -> bool:
        word = self.low[at]
        return (
            not word.endswith("ing")
            and word not in SIBLING
            and word not in ("who", "as", "which", "according")
        )

    def _clause_start(self, head: int) -> int:
        """Where the clause that ends before token ``head`` begins: behind ";" or an earlier attribution."""
        low = self.low
        start = 0
        for item in self.found:
            if item.closes and item.cue_token < head and item.right and item.right[0] < head:
                start = max(start, item.closes)
        for k in range(head - 1, start, -1):
            if low[k] == ";":
                return k + 1
        return start

    def _add(
        self,
        cue: Cue,
        index: int,
        source: Span | None,
        *,
        left: tuple[int, int] | None = None,
        right: tuple[int, int] | None = None,
        first: int,
        last: int | None = None,
        inherits: bool = False,
        sort: str = "",
    ) -> None:
        classes = cue.classes
        kind = sort or (
            "say"
            if classes & (SAY | TELL | WEAK | QUOTE_ONLY) and not classes & ABOUT
            else "about"
            if classes & ABOUT
            else "think"
            if classes & THINK
            else "to"
        )
        item = Found(kind, self._cue_span(index), source, [], first, index, right, left, inherits, self.depth)
        if left is not None and right is None:
            item.closes = (last or index) + 1
        self.found.append(item)

    def _cue_span(self, index: int) -> Span:
        """The verb with the auxiliaries directly before it."""
        return self.tokens.span(index, index)
