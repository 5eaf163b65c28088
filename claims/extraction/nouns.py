"""Attributions without a verb: "according to X", "X's claim that ...", "reportedly"."""

from __future__ import annotations

from . import phrases
from .cues import AUXILIARIES, OF_NOUNS, THAT_NOUNS, VERBS
from .frame import Found, Frame
from .phrases import DETERMINERS, PREPOSITIONS, is_punctuation
from .tokens import QUOTE


class PhraseCues(Frame):
    """Finds attributions by phrase, noun or adverb."""

    def _according(self, index: int) -> None:
        """ "According to X, A" and "A, according to X"."""
        low = self.low
        if index + 2 >= self.stop or low[index + 1] != "to":
            return
        source = phrases.phrase_right(self.tokens, index + 2, self.stop, closed=True)
        cue = self.tokens.span(index, index + 1)
        if source is None:
            return
        after = source[1] + 1
        opening = index
        while opening > 0 and low[opening - 1] in phrases.OPENERS | {"and"}:
            opening -= 1
        if opening == 0 or low[opening - 1] in (";",) or (opening <= 2 and low[opening - 1] == ","):
            if after < self.stop and low[after] in (",", ":"):
                after += 1
            if after < self.stop:
                self.found.append(
                    Found(
                        "say",
                        cue,
                        self.tokens.span(*source),
                        [],
                        opening,
                        index,
                        right=(after, self.stop),
                        depth=self.depth,
                    )
                )
            return
        head = index - 1
        while head >= 0 and low[head] != QUOTE and is_punctuation(low[head]):
            head -= 1
        if head < 0:
            return
        right = None
        if (
            after < self.stop
            and low[after] == ","
            and after + 2 < self.stop
            and self._goes_on(after + 1)
            and low[after + 1] not in PREPOSITIONS
        ):
            right = (after + 1, self.stop)
        start = self._according_start(head + 1)
        self.found.append(
            Found(
                "say",
                cue,
                self.tokens.span(*source),
                [],
                start,
                index,
                left=(start, head + 1),
                right=right,
                depth=self.depth,
            )
        )

    def _according_start(self, head: int) -> int:
        for k in range(head - 1, 0, -1):
            if self.low[k] == ";" or (
                self.low[k] == ","
                and k + 1 < head
                and self.low[k + 1] in ("and", "but", "while")
                and head - k > 5
            ):
                return k + 1
        return 0

    def _noun(self, index: int) -> None:
        """ "X's claim that A", "his criticism of B"."""
        low = self.low
        after = low[index + 1] if index + 1 < self.stop else ""
        clause = after == "that" and low[index] in THAT_NOUNS
        if not clause and after not in OF_NOUNS.get(low[index], ()):
            return
        owner: phrases.Range | None = None
        left = index - 1
        steps = 0
        while left >= 0 and steps < 4:
            word = low[left]
            if word in ("his", "her", "their", "my", "our", "your", "its"):
                owner = (left, left)
                break
            if (word.endswith("'s") and len(word) > 2) or (
                word == "'" and left and low[left - 1].endswith("s")
            ):
                at = left - 1 if word == "'" else left
                phrase = phrases._phrase(self.tokens, at)
                first = phrase[0] if phrase else at
                while first < at and low[first] in PREPOSITIONS:
                    first += 1
                owner = (first, left)
                break
            if (
                word in DETERMINERS
                or word in PREPOSITIONS
                or not word[0].isalpha()
                or word in AUXILIARIES
                or (word in VERBS and VERBS[word].form == "fin")
            ):
                break
            left -= 1
            steps += 1
        if owner is None:
            return
        begin = index + 1
        right = (begin, self.stop)
        if not clause:
            right = (begin + 1 if after != "to" else begin, self._short_end(begin + 1))
        if right[0] < right[1]:
            self.found.append(
                Found(
                    "noun",
                    self.tokens.span(index, index),
                    self.tokens.span(*owner),
                    [],
                    owner[0],
                    index,
                    right=right,
                    depth=self.depth,
                )
            )

    def _short_end(self, at: int) -> int:
        """The end of a noun's complement: at the next comma or finite verb that cannot belong to it."""
        low = self.low
        for k in range(at, self.stop):
            if low[k] in ",;:—–(" or (low[k] == QUOTE and k > at + 3):
                return k
            if k > at + 1 and low[k] in (
                "is",
                "was",
                "are",
                "were",
                "has",
                "have",
                "had",
                "will",
                "would",
                "as",
                "because",
                "after",
                "while",
                "but",
            ):
                return k
        return self.stop

    def _hearsay_adverb(self, index: int) -> None:
        """ "reportedly", "allegedly": somebody's words, nobody named."""
        start = self._clause_start(index)
        content = [self.tokens.span(start, index - 1)] if index > start else []
        if index + 1 < self.stop:
            content.append(self.tokens.span(index + 1, self.stop - 1))
        if content:
            self.found.append(
                Found(
                    "hearsay", self.tokens.span(index, index), None, content, start, index, depth=self.depth
                )
            )
