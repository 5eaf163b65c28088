"""Reporting verbs without a subject of their own: coordinated, participles, infinitives and passives."""

from __future__ import annotations

from . import phrases
from .complements import Complements
from .cues import ABOUT, PERSONAL, SAY, TELL, THINK, VERBS, Cue
from .frame import Found
from .phrases import DETERMINERS
from .tokens import QUOTE
from .types import Span

_HEARSAY = frozenset(
    [
        "said",
        "reported",
        "believed",
        "alleged",
        "thought",
        "rumored",
        "rumoured",
        "understood",
        "claimed",
        "considered",
        "known",
        "expected",
        "estimated",
        "projected",
        "supposed",
    ]
)


class NonFinite(Complements):
    """Finds attributions whose subject stands elsewhere, or nowhere."""

    def _coordinated(self, left: int) -> bool:
        return (
            left > 1
            and self.low[left - 1][0].isalnum()
            and bool(self.found)
            and self.found[-1].right is not None
            and (left - self.found[-1].cue_token < 30 and phrases.subject_left(self.tokens, left) is None)
        )

    def _coordinate(self, index: int, cue: Cue, left: int) -> None:
        """ "X said A and added B": the subject is that of the verb before."""
        earlier = next((item for item in reversed(self.found) if item.sort != "noun"), None)
        subject = earlier.source if earlier else None
        if earlier is None:
            phrase = self._sentence_subject(left)
            if phrase is None:
                return
            subject = self.tokens.span(*phrase)
        if cue.form not in ("fin", "base") or (cue.form == "base"):
            return
        right = self._right(index, cue)
        if not right:
            return
        begin = earlier.cue_token + 1 if earlier else 0
        for at in range(left - 1, begin, -1):
            # "X asked ..., he looked up and said": the nearest subject pronoun that opens a clause.
            if self.low[at] in ("he", "she", "they") and self.low[at - 1] in (",", "and", "but", "as", "when", "while"):
                subject = self.tokens.span(at, at)
                break
        self._add(cue, index, subject, right=right, first=left, inherits=True)

    def _participle(self, index: int, cue: Cue, left: int) -> None:
        """ ", adding that ...", "by saying ...", "saying: Q"."""
        low = self.low
        if left < 0 or low[index] in (
            "offering",
            "planning",
            "seeking",
            "supporting",
            "backing",
            "meaning",
            "seeing",
            "showing",
            "reading",
            "holding",
            "voting",
            "feeling",
            "opening",
            "knowing",
        ):
            if left < 0 or low[left] != "," or low[index] in ("opening", "voting", "meaning", "holding"):
                return
        right = self._right(index, cue)
        word = low[left]
        if word in DETERMINERS or word.endswith("'s") or not right:
            return
        if not (
            word in (",", "and", "by", "in", "while", "when", "after", "before", "—", "–", "as")
            or word == QUOTE
            or word.isalpha()
        ):
            return
        if word.isalpha() and word not in ("and", "by", "in", "while", "when", "after", "before", "as"):
            person = (
                self.tokens.capital(left)
                or word in PERSONAL
                or word in ("him", "her", "them")
                or word.endswith("s")
            )
            if (
                not person
                or not cue.classes & (SAY | TELL | ABOUT)
                or word in VERBS
                or low[left - 1] in ("to", "not")
            ):
                return
        earlier = next(
            (item for item in reversed(self.found) if item.sort in ("say", "about", "think", "to")), None
        )
        source: Span | None = None
        if word not in (",", QUOTE, "and", "by", "in", "while", "when", "after", "before", "—", "–"):
            phrase = phrases.subject_left(self.tokens, left)
            if phrase is None:
                return
            source = self.tokens.span(*phrase)
        elif earlier is not None:
            source = earlier.source
        else:
            phrase = self._sentence_subject(left)
            source = self.tokens.span(*phrase) if phrase else None
        if source is None:
            return
        self._add(cue, index, source, right=right, first=left if word == "," else index, inherits=True)

    def _infinitive(self, index: int, cue: Cue, left: int, chain: list[str]) -> None:
        """ "went on to say that": counts with a clause or a quotation behind it."""
        low = self.low
        after = low[index + 1] if index + 1 < self.stop else ""
        if after in (",", ":") and index + 2 < self.stop:
            after = low[index + 2] if low[index + 2] == QUOTE else after
        if after not in ("that",) and after != QUOTE and not cue.classes & ABOUT:
            return
        if cue.classes & ABOUT and after != QUOTE and after != "that":
            return
        word = low[left] if left >= 0 else ""
        if word in (
            "refused",
            "declined",
            "failed",
            "reluctant",
            "unwilling",
            "wrong",
            "fair",
            "safe",
            "enough",
            "hard",
            "easy",
            "difficult",
            "want",
            "wants",
            "like",
        ):
            return
        phrase = self._sentence_subject(left + 1)
        right = self._right(index, cue)
        if phrase is None or not right:
            return
        self._add(cue, index, self.tokens.span(*phrase), right=right, first=index, inherits=True)

    def _passive(self, index: int, cue: Cue, left: int, chain: list[str]) -> None:
        """ "is said to ...", "was reported by X", "it was announced that ...", "was told that ..."."""
        low = self.low
        word, after = low[index], low[index + 1] if index + 1 < self.stop else ""
        if after == "by":
            agent = phrases.phrase_right(self.tokens, index + 2, self.stop)
            if agent and cue.classes & (SAY | ABOUT | TELL) and left >= 0:
                subject = phrases.subject_left(self.tokens, left)
                if subject is None:
                    return
                content = [self.tokens.span(*subject)]
                if agent[1] + 1 < self.stop and low[agent[1] + 1] in ("as", "for", "of", "to"):
                    content.append(self.tokens.span(agent[1] + 1, self.stop - 1))
                self.found.append(
                    Found(
                        "about",
                        self.tokens.span(index, index),
                        self.tokens.span(*agent),
                        content,
                        subject[0],
                        index,
                        depth=self.depth,
                    )
                )
            return
        if left >= 0 and low[left] == "it" and after == "that" and cue.classes & (SAY | THINK):
            self._add(cue, index, None, right=(index + 1, self.stop), first=left, sort="hearsay")
            return
        if cue.lemma == "quote" and after in ("as", "saying"):
            return
        if word in _HEARSAY and after == "to" and left >= 0:
            subject = phrases.subject_left(self.tokens, left)
            if subject is None or (subject == (left, left) and low[left] in ("that", "which")):
                return
            content = [self.tokens.span(*subject), self.tokens.span(index + 1, self.stop - 1)]
            self.found.append(
                Found(
                    "hearsay",
                    self.tokens.span(index, index),
                    None,
                    content,
                    subject[0],
                    index,
                    right=(index + 1, self.stop),
                    depth=self.depth,
                )
            )
            return
        if cue.classes & TELL and after == "that":
            self._add(cue, index, None, right=(index + 1, self.stop), first=index, sort="hearsay")
