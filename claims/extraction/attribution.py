"""Whose words stand in a sentence: cues, their subjects and what is reported, by rules over folded tokens.

A sentence is read once from left to right. Each reporting verb, noun or phrase is given its subject and its
complement; where two share a sentence, the later one is nested in the earlier, stands beside it, or
closes it. The patterns follow descriptions of reported speech in reference grammars of English.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from . import phrases
from .cues import (
    ABOUT,
    AUXILIARIES,
    BE,
    HAVE,
    HEARERS,
    HYPOTHETICAL,
    NEGATIONS,
    NOUNISH,
    OF_NOUNS,
    PERSONAL,
    QUOTE_ONLY,
    SAY,
    TELL,
    THAT_NOUNS,
    THINK,
    TO,
    VERBS,
    WEAK,
    Cue,
)
from .phrases import DETERMINERS, MONTHS, PREPOSITIONS, WEEKDAYS, is_punctuation
from .tokens import QUOTE, Tokens
from .types import Span

# No sentence that people write reports more than this; the bound keeps the work linear.
_MOST = 24
_END_MARKS = frozenset(".?!…;")
_WH = frozenset(["whether", "if", "how", "why", "what", "who", "when", "where", "which"])
_ADVERBIAL = frozenset(["in", "on", "at", "during", "to", "via", "through", "from", "after", "before", "by", "with", "of", "about", "outside", "inside", "amid", "following", "alongside", "near", "last", "this", "early", "late"])
_HEARSAY = frozenset(
    ["said", "reported", "believed", "alleged", "thought", "rumored", "rumoured", "understood", "claimed", "considered", "known", "expected", "estimated", "projected", "supposed"]
)
_PERIODS = WEEKDAYS | MONTHS | frozenset(["week", "month", "year", "morning", "night", "summer", "fall", "spring", "evening", "afternoon"])
_SIBLING = frozenset(["and", "but", "while", "though", "although", "whereas", "however", "yet", "so"])


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
    extra: dict[str, int] = field(default_factory=dict)


class SentenceReader:
    """Finds the attributions of one sentence (or of one quotation within it)."""

    def __init__(self, tokens: Tokens, depth: int = 0) -> None:
        self.tokens = tokens
        self.low = tokens.low
        self.depth = depth
        self.found: list[Found] = []
        size = len(tokens)
        self.headline = 3 < size < 30 and sum(tokens.capital(index) for index in range(size)) >= 0.6 * size
        stop = len(tokens)
        while (stop and self.low[stop - 1] in ".?!…") or (stop and self.low[stop - 1].startswith("..")):
            stop -= 1
        self.stop = stop

    def read(self) -> list[Found]:
        """All attributions, by the place of their cue."""
        low = self.low
        for index in range(self.stop):
            if len(self.found) >= _MOST:
                break
            word = low[index]
            cue = VERBS.get(word)
            if cue is not None:
                self._verb(index, cue)
            elif word == "according":
                self._according(index)
            if word in OF_NOUNS or word in THAT_NOUNS:
                self._noun(index)
            elif word in ("reportedly", "allegedly", "purportedly", "supposedly"):
                self._hearsay_adverb(index)
        self._heading()
        self._scope()
        return self.found

    def _heading(self) -> None:
        """"Name: 'words'", as in headlines."""
        low = self.low
        for index in range(1, min(8, self.stop - 1)):
            if low[index] == ":":
                if low[index + 1] == QUOTE and not any(item.cue_token < index for item in self.found) and self.tokens.capital(0):
                    self.found.append(
                        Found("say", self.tokens.span(index, index), self.tokens.span(0, index - 1), [], 0, index, right=(index + 1, self.stop), depth=self.depth)
                    )
                return

    # -- verbs ---------------------------------------------------------------------------------

    def _verb(self, index: int, cue: Cue) -> None:
        low = self.low
        if self.tokens.capital(index) and index and (not self.headline or low[index] == "states"):
            return
        left = index - 1
        chain: list[str] = []
        while left >= 0 and (low[left] in AUXILIARIES or (low[left].endswith("ly") and left > 0)):
            chain.append(low[left])
            left -= 1
        if left >= 0 and low[left] == "," and chain and left >= 2 and low[left - 1] in ("also", "too", "however"):
            left -= 2
        negated = any(word in NEGATIONS for word in chain)
        if negated or (any(word in HYPOTHETICAL for word in chain) and cue.form == "base"):
            return
        passive = cue.form == "fin" and low[index] not in ("wrote", "knew", "saw") and any(word in BE for word in chain)
        if passive and not any(word in HAVE and word not in ("'s",) for word in chain if word not in BE):
            self._passive(index, cue, left, chain)
            return
        if passive and "been" in chain:
            self._passive(index, cue, left, chain)
            return
        if self._inverted(index, cue, left):
            return
        if cue.form == "ing" and not any(word in BE for word in chain):
            self._participle(index, cue, left)
            return
        if cue.form == "base" and "to" in chain:
            self._infinitive(index, cue, left, chain)
            return
        if low[index] in NOUNISH and not self._verbal(index, cue, left, chain):
            return
        if cue.form == "base" and not chain and left >= 0 and not self._plural(left):
            return
        if left < 0:
            return
        if low[left] in ("and", "or", "but") or (low[left] == "," and self._coordinated(left)):
            self._coordinate(index, cue, left)
            return
        subject = phrases.subject_left(self.tokens, left)
        if subject is None:
            return
        if low[subject[0]] in ("nobody", "none", "neither", "no"):
            return
        before = low[subject[0] - 1] if subject[0] else ""
        if before in ("if", "unless", "whether", "what", "whatever"):
            return
        self._attach(index, cue, subject)

    def _verbal(self, index: int, cue: Cue, left: int, chain: list[str]) -> bool:
        """Whether a form that may be a noun is a verb here."""
        low = self.low
        if chain and any(word in ("to", "will", "has", "have", "had", "did", "does", "do", "also") for word in chain):
            return True
        if left < 0:
            return False
        word = low[left]
        if word in PERSONAL or word in ("who", "which"):
            return True
        if word in DETERMINERS or word in PREPOSITIONS or word.endswith("'s") or word == "'" or word == QUOTE:
            return False
        after = low[index + 1] if index + 1 < self.stop else ""
        strong = after in DETERMINERS or after in PERSONAL or after in ("that", "how", "why", "whether", "what", ",", ":") or after == QUOTE
        if cue.form == "fin" and low[index].endswith("ed"):
            return True
        if cue.form == "base":
            return strong and self._plural(left) and after != ","
        if self.tokens.capital(left) or word == ",":
            return after not in PREPOSITIONS or after in ("that", "to", "for", "on")
        return strong and after != ","

    def _plural(self, left: int) -> bool:
        """Whether a verb in its base form agrees with what stands before it."""
        word = self.low[left]
        if word in ("i", "we", "you", "they", "who", "people", "those", "some", "many", "others", "men", "women", "police"):
            return True
        if word in (",", "and", ")"):
            return True
        return word.endswith("s") and not word.endswith(("'s", "ss")) and word not in DETERMINERS

    def _coordinated(self, left: int) -> bool:
        return left > 1 and self.low[left - 1][0].isalnum() and bool(self.found) and self.found[-1].right is not None and (
            left - self.found[-1].cue_token < 30 and phrases.subject_left(self.tokens, left) is None
        )

    def _coordinate(self, index: int, cue: Cue, left: int) -> None:
        """"X said A and added B": the subject is that of the verb before."""
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
        self._add(cue, index, subject, right=right, first=left, inherits=True)

    def _sentence_subject(self, before: int) -> phrases.Range | None:
        """The subject of the sentence: the phrase in front of its first verb, else the name it opens with."""
        low = self.low
        for index in range(1, min(before, 30)):
            word = low[index]
            if phrases._finite(self.tokens, index) or (
                word.endswith("ed") and len(word) > 4 and not self.tokens.capital(index) and low[index - 1] not in DETERMINERS
            ):
                found = phrases.subject_left(self.tokens, index - 1)
                if found is not None:
                    return found
        for index in range(min(before, 3)):
            if low[index] in ("he", "she", "they"):
                return index, index
        last = 0
        while last < min(before, 5) and self.tokens.capital(last) and low[last][0].isalpha() and low[last] not in phrases.OPENERS:
            last += 1
        if 1 < last < before or (last == 1 and not (low[0] in DETERMINERS or low[0] in PREPOSITIONS or low[0] in phrases.SUBORDINATORS)):
            return 0, last - 1
        return None

    def _participle(self, index: int, cue: Cue, left: int) -> None:
        """", adding that ...", "by saying ...", "saying: Q"."""
        low = self.low
        if left < 0 or low[index] in ("offering", "planning", "seeking", "supporting", "backing", "meaning", "seeing", "showing", "reading", "holding", "voting", "feeling", "opening", "knowing"):
            if left < 0 or low[left] != "," or low[index] in ("opening", "voting", "meaning", "holding"):
                return
        right = self._right(index, cue)
        word = low[left]
        if word in DETERMINERS or word.endswith("'s") or not right:
            return
        if not (word in (",", "and", "by", "in", "while", "when", "after", "before", "—", "–", "as") or word == QUOTE or word.isalpha()):
            return
        if word.isalpha() and word not in ("and", "by", "in", "while", "when", "after", "before", "as"):
            person = self.tokens.capital(left) or word in PERSONAL or word in ("him", "her", "them") or word.endswith("s")
            if not person or not cue.classes & (SAY | TELL | ABOUT) or word in VERBS or low[left - 1] in ("to", "not"):
                return
        earlier = next((item for item in reversed(self.found) if item.sort in ("say", "about", "think", "to")), None)
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
        """"went on to say that": counts with a clause or a quotation behind it."""
        low = self.low
        after = low[index + 1] if index + 1 < self.stop else ""
        if after not in ("that",) and after != QUOTE and not cue.classes & ABOUT:
            return
        if cue.classes & ABOUT and after != QUOTE and after != "that":
            return
        word = low[left] if left >= 0 else ""
        if word in ("refused", "declined", "failed", "reluctant", "unwilling", "wrong", "fair", "safe", "enough", "hard", "easy", "difficult", "want", "wants", "like"):
            return
        phrase = self._sentence_subject(left + 1)
        right = self._right(index, cue)
        if phrase is None or not right:
            return
        self._add(cue, index, self.tokens.span(*phrase), right=right, first=index, inherits=True)

    def _passive(self, index: int, cue: Cue, left: int, chain: list[str]) -> None:
        """"is said to ...", "was reported by X", "it was announced that ...", "was told that ..."."""
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
                    Found("about", self.tokens.span(index, index), self.tokens.span(*agent), content, subject[0], index, depth=self.depth)
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
                Found("hearsay", self.tokens.span(index, index), None, content, subject[0], index, right=(index + 1, self.stop), depth=self.depth)
            )
            return
        if cue.classes & TELL and after == "that":
            self._add(cue, index, None, right=(index + 1, self.stop), first=index, sort="hearsay")

    def _inverted(self, index: int, cue: Cue, left: int) -> bool:
        """"Q, said X": the subject behind the verb."""
        low = self.low
        if cue.form not in ("fin", "base") or not cue.classes & (SAY | QUOTE_ONLY | WEAK | TELL | THINK) or left < 0:
            return False
        if index - left > 2 or index + 1 >= self.stop:
            return False
        at = left
        quoted = low[at] == QUOTE or (low[at] in ",—–" and at and low[at - 1] == QUOTE)
        if not quoted and low[at] != ",":
            return False
        head = at if low[at] == QUOTE else at - 1
        if quoted:
            before = low[head - 1] if head else ""
            if before in PREPOSITIONS or before in ("called", "titled", "entitled", "named", "dubbed", "a", "an", "the"):
                return False
        subject = phrases.phrase_right(self.tokens, index + 1, self.stop)
        if subject is None or (self.low[subject[0]] in ("that", "the") and not quoted and self._clause_follows(subject[1])):
            return False
        if not quoted:
            # "Taxes will rise, said Smith": only where the subject ends the sentence or its clause.
            if (subject[1] + 1 < self.stop and low[subject[1] + 1] not in ",;") or cue.form == "base":
                return False
            if phrases.subject_left(self.tokens, left) is not None or not cue.classes & SAY:
                return False
        elif (subject[1] + 1 < self.stop and phrases._finite(self.tokens, subject[1] + 1)) or (cue.classes & (TELL | THINK) and not cue.classes & (SAY | QUOTE_ONLY)):
            return False
        start = self._clause_start(head + 1)
        right = None
        behind = subject[1] + 1
        while behind < self.stop and low[behind] in ",:":
            behind += 1
        if behind < self.stop and low[behind] == QUOTE and self.tokens.start[behind] - self.tokens.end[subject[1]] <= 3:
            right = (behind, behind + 1)
        self._add(cue, index, self.tokens.span(*subject), left=(start, head + 1), right=right, first=start, last=subject[1])
        return True

    def _clause_follows(self, at: int) -> bool:
        return at + 1 < self.stop and phrases._finite(self.tokens, at + 1)

    def _attach(self, index: int, cue: Cue, subject: phrases.Range) -> None:
        """A verb with its subject in front: take what is reported from the right, or else from the left."""
        low = self.low
        first = subject[0]
        before = low[first - 1] if first else ""
        right = self._right(index, cue)
        source = self.tokens.span(*subject)
        if before == "as" and cue.classes & (SAY | WEAK) and not (right and low[right[0]] in ("that", QUOTE)):
            self._as_clause(index, cue, subject)
            return
        parenthetical = before == "," or before == QUOTE or before in ("—", "–", "?", "!", ")")
        if right is None and parenthetical and (before == QUOTE or cue.classes & (SAY | THINK | QUOTE_ONLY | WEAK | TELL)):
            self._parenthetical(index, cue, subject)
            return
        if right is None:
            if (low[self.stop - 1] == ":" and cue.classes & (SAY | WEAK | QUOTE_ONLY | TELL | ABOUT)) or (first <= 1 and index + 1 >= self.stop - 6 and cue.classes & (SAY | QUOTE_ONLY | WEAK)):
                self.found.append(Found("say", self._cue_span(index), source, [], first, index, depth=self.depth, colon=True))
            return
        if before == QUOTE and cue.classes & (SAY | QUOTE_ONLY | WEAK | TELL | THINK) and low[first - 2 if first > 1 else 0] not in PREPOSITIONS:
            self._parenthetical(index, cue, subject, right)
            return
        if before == "," and first > 1 and low[first - 2] == QUOTE and cue.classes & (SAY | QUOTE_ONLY | WEAK | TELL):
            self._parenthetical(index, cue, subject, right)
            return
        self._add(cue, index, source, right=right, first=first)

    def _as_clause(self, index: int, cue: Cue, subject: phrases.Range) -> None:
        """"As X noted, A" and "A, as X noted"."""
        low = self.low
        opening = subject[0] - 1
        stop = next((k for k in range(index + 1, self.stop) if low[k] in ",:" or low[k] == QUOTE), self.stop)
        if opening <= 1 and stop < self.stop:
            begin = stop if low[stop] == QUOTE else stop + 1
            if begin < self.stop:
                self._add(cue, index, self.tokens.span(*subject), right=(begin, self.stop), first=opening)
        elif opening > 2 and low[opening - 1] == ",":
            self._add(cue, index, self.tokens.span(*subject), left=(self._clause_start(opening - 1), opening - 1), first=opening)

    def _parenthetical(self, index: int, cue: Cue, subject: phrases.Range, right: tuple[int, int] | None = None) -> None:
        """"A, X said." and "A, X said, B.": what is reported stands in front, or on both sides."""
        low = self.low
        first = subject[0]
        head = first - 1
        while head >= 0 and low[head] != QUOTE and is_punctuation(low[head]):
            head -= 1
        if head < 0:
            return
        start = self._clause_start(head + 1)
        quoted = low[head] == QUOTE
        if not quoted and not cue.classes & (SAY | THINK):
            return
        if right is not None and not (low[right[0]] == QUOTE or low[right[0]] == "that"):
            # "A," he added to laughter: only a quotation goes on behind a quotation.
            right = None
        if right is None:
            behind = self._behind(index)
            if behind is not None and (low[behind] == QUOTE or (not quoted and self._goes_on(behind))):
                right = (behind, behind + 1 if low[behind] == QUOTE else self.stop)
        self._add(cue, index, self.tokens.span(*subject), left=(start, head + 1), right=right, first=start)

    def _behind(self, index: int) -> int | None:
        """The first token behind ", X said in Rome," if anything stands there."""
        low = self.low
        for k in range(index + 1, min(self.stop, index + 25)):
            if low[k] == QUOTE:
                return k
            if low[k] in ",—–" or low[k] == ":":
                return k + 1 if k + 1 < self.stop else None
            if low[k] in ";":
                return None
        return None

    def _goes_on(self, at: int) -> bool:
        word = self.low[at]
        return not word.endswith("ing") and word not in _SIBLING and word not in ("who", "as", "which", "according")

    def _clause_start(self, head: int) -> int:
        """Where the clause that ends before token ``head`` begins: behind ";" or an earlier attribution."""
        low = self.low
        start = 0
        for item in self.found:
            if item.cue_token < head and item.right and item.right[0] < head and item.extra.get("closes", 0):
                start = max(start, item.extra["closes"])
        for k in range(head - 1, start, -1):
            if low[k] == ";":
                return k + 1
        return start

    # -- what stands behind a verb ---------------------------------------------------------------

    def _right(self, index: int, cue: Cue) -> tuple[int, int] | None:
        """Tokens of the complement behind a verb, or None where nothing is reported there."""
        low, stop = self.low, self.stop
        at = index + 1
        if cue.lemma == "point" and at < stop and low[at] in ("out", "to"):
            at += 1
        elif cue.lemma == "point":
            return None
        if cue.classes & TELL and (not cue.classes & SAY or True):
            at = self._hearer(at)
        if cue.classes & (SAY | WEAK | THINK | TELL | QUOTE_ONLY):
            at = self._skip_adjuncts(at, cue)
        if at >= stop:
            return None
        word = low[at]
        if word == ",":
            if at + 1 < stop and low[at + 1] == QUOTE:
                return at + 1, stop
            for k in range(at + 2, min(stop - 1, at + 16)):
                # "said, without evidence, that": only an aside that a comma ends.
                if low[k] == ",":
                    behind = low[k + 1]
                    aside = low[at + 1] in PREPOSITIONS or low[at + 1].endswith(("ing", "ly"))
                    return (k + 1, stop) if aside and (behind == "that" or behind == QUOTE) else None
                if low[k] == QUOTE:
                    return None
            return None
        if word == ":":
            return (at + 1, stop) if at + 1 < stop else None
        if word == QUOTE:
            return at, stop
        if is_punctuation(word) and word not in ("(", "[", "$", "#", "@"):
            return None
        return (at, stop) if self._complement(at, index, cue) else None

    def _complement(self, at: int, index: int, cue: Cue) -> bool:
        """Whether the words from ``at`` can be what this verb reports."""
        low, stop = self.low, self.stop
        word = low[at]
        classes = cue.classes
        if word == "that":
            return not (classes & ABOUT and not classes & (SAY | THINK | WEAK | TO)) or True
        if word in ("and", "or", "but", "than", "as", "because", "until", "while"):
            return False
        if word == "by" and cue.form == "fin":
            return False
        if classes & SAY:
            if word in ("to", "for", "in", "on", "at", "from", "with", "after", "before", "during", "upon"):
                return cue.lemma in ("respond",) or (word == "to" and cue.lemma in ("predict", "threaten", "point", "confess", "admit")) or (
                    word in ("for", "to") and classes & TO != 0) or (word in ("in", "at", "for", "on", "after") and cue.lemma == "say" and stop - at > 6 and self._verb_ahead(at))
            return True
        if classes & TELL:
            return True
        if classes & ABOUT:
            if word in ("to", "for", "of", "as", "against", "at", "about", "with", "in") and cue.form == "fin":
                return (cue.lemma, word) in _ABOUT_PREPOSITIONS
            return word not in ("from", "on", "after", "during")
        if classes & TO and word == "to":
            return True
        if word in _WH or word in PERSONAL or word in ("there", "it"):
            return classes & (THINK | WEAK) != 0 and not (cue.lemma in ("see", "hear", "show") and word in PERSONAL)
        if classes & THINK:
            if word in ("about", "of"):
                return cue.lemma in ("worry",)
            if word == "to":
                return cue.lemma in ("decide", "hope", "expect", "agree")
            return word not in PREPOSITIONS and self._verb_ahead(at)
        if classes & WEAK and cue.lemma in ("show", "find", "mean") and word not in PREPOSITIONS:
            return self._verb_ahead(at)
        return False

    def _verb_ahead(self, at: int) -> bool:
        """Whether a finite verb stands in the rest: a clause, not just a noun."""
        return any(phrases._finite(self.tokens, k) for k in range(at + 1, min(self.stop, at + 22)))

    def _hearer(self, at: int) -> int:
        """Skips the person told: pronoun, name or noun phrase."""
        low, stop = self.low, self.stop
        if at >= stop or low[at] == "that" or low[at] == QUOTE or is_punctuation(low[at]):
            return at
        word = low[at]
        if word in HEARERS or word in PERSONAL:
            return at + 1
        if word in ("to", "for", "about", "of") or word in _WH:
            return at
        if self.tokens.capital(at) or word in DETERMINERS:
            k = at
            while k < stop and k < at + 14:
                token = low[k]
                if token == "that" or token == QUOTE or token == ":" or (token in _WH and k > at):
                    return k
                if token == "," or (k > at and ((token in ("to", "on", "in", "at", "about", "during", "of") and token != "of") or token in PERSONAL)):
                    return k
                if k > at and token in DETERMINERS and low[k - 1] not in PREPOSITIONS:
                    return k
                if k > at and phrases._finite(self.tokens, k):
                    return at if k - at < 2 else at + 1
                k += 1
            return k
        for k in range(at, min(stop, at + 5)):
            if low[k] in ("that", QUOTE, ":", ",", "to", "how", "why", "on", "in", "at") or low[k] in PERSONAL or (low[k] in DETERMINERS and k > at):
                return k
        return at

    def _skip_adjuncts(self, at: int, cue: Cue) -> int:
        """Skips "on Tuesday", "in a statement", "to reporters" between a verb and what it reports."""
        low, stop = self.low, self.stop
        begin = at
        while at < stop:
            word = low[at]
            if word == "to" and cue.classes & TO:
                return at
            if word in WEEKDAYS or (word in MONTHS and at > begin) or word in ("later", "again", "earlier", "then", "once", "simply", "only", "recently", "back", "afterward", "afterwards"):
                at += 1
                continue
            if word.endswith("ly") and at + 1 < stop and (low[at + 1] in ("that", ",", ":") or low[at + 1] == QUOTE):
                at += 1
                continue
            if word in _ADVERBIAL:
                landing = self._adjunct_end(at, cue)
                if landing is None:
                    return at
                at = landing
                continue
            break
        return at

    def _adjunct_end(self, at: int, cue: Cue) -> int | None:
        """Where an adjunct that begins at ``at`` ends, if a quotation, "that" or the end follows it."""
        low, stop = self.low, self.stop
        if low[at] == "on" and at + 1 < stop and low[at + 1] in WEEKDAYS:
            return at + 2
        if low[at] in ("last", "this", "early", "late") and at + 1 < stop and low[at + 1] in _PERIODS:
            return at + 2
        for k in range(at + 1, min(stop, at + 22)):
            word = low[k]
            if word in ("that", ":") or (word == QUOTE and low[k - 1] not in PREPOSITIONS and low[k - 1] not in DETERMINERS):
                return k
            if word in ",;":
                return k
            if word in PERSONAL and k > at + 1:
                return k
            if phrases._finite(self.tokens, k):
                # "said in an interview the plan was dead": a determiner behind a finished phrase opens the clause.
                for back in range(k - 1, at + 1, -1):
                    if low[back] in DETERMINERS and low[back - 1] not in PREPOSITIONS:
                        return back
                    if self.tokens.capital(back) and not self.tokens.capital(back - 1) and low[back - 1] not in PREPOSITIONS and low[back - 1] not in DETERMINERS:
                        return back
                return None
        return stop if stop - at <= 22 and cue.classes & (SAY | TELL | WEAK | QUOTE_ONLY) else None

    # -- phrases and nouns -----------------------------------------------------------------------

    def _according(self, index: int) -> None:
        """"According to X, A" and "A, according to X"."""
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
                    Found("say", cue, self.tokens.span(*source), [], opening, index, right=(after, self.stop), depth=self.depth)
                )
            return
        head = index - 1
        while head >= 0 and low[head] != QUOTE and is_punctuation(low[head]):
            head -= 1
        if head < 0:
            return
        right = None
        if after < self.stop and low[after] == "," and after + 2 < self.stop and self._goes_on(after + 1) and low[after + 1] not in PREPOSITIONS:
            right = (after + 1, self.stop)
        start = self._according_start(head + 1)
        self.found.append(
            Found("say", cue, self.tokens.span(*source), [], start, index, left=(start, head + 1), right=right, depth=self.depth)
        )

    def _according_start(self, head: int) -> int:
        for k in range(head - 1, 0, -1):
            if self.low[k] == ";" or (self.low[k] == "," and k + 1 < head and self.low[k + 1] in ("and", "but", "while") and head - k > 5):
                return k + 1
        return 0

    def _noun(self, index: int) -> None:
        """"X's claim that A", "his criticism of B"."""
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
            if (word.endswith("'s") and len(word) > 2) or (word == "'" and left and low[left - 1].endswith("s")):
                at = left - 1 if word == "'" else left
                phrase = phrases._phrase(self.tokens, at)
                owner = (phrase[0], left) if phrase else (at, left)
                break
            if word in DETERMINERS or word in PREPOSITIONS or not word[0].isalpha() or word in AUXILIARIES or (word in VERBS and VERBS[word].form == "fin"):
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
                Found("noun", self.tokens.span(index, index), self.tokens.span(*owner), [], owner[0], index, right=right, depth=self.depth)
            )

    def _short_end(self, at: int) -> int:
        """The end of a noun's complement: at the next comma or finite verb that cannot belong to it."""
        low = self.low
        for k in range(at, self.stop):
            if low[k] in ",;:—–(" or (low[k] == QUOTE and k > at + 3):
                return k
            if k > at + 1 and low[k] in ("is", "was", "are", "were", "has", "have", "had", "will", "would", "as", "because", "after", "while", "but"):
                return k
        return self.stop

    def _hearsay_adverb(self, index: int) -> None:
        """"reportedly", "allegedly": somebody's words, nobody named."""
        start = self._clause_start(index)
        content = [self.tokens.span(start, index - 1)] if index > start else []
        if index + 1 < self.stop:
            content.append(self.tokens.span(index + 1, self.stop - 1))
        if content:
            self.found.append(Found("hearsay", self.tokens.span(index, index), None, content, start, index, depth=self.depth))

    # -- scopes --------------------------------------------------------------------------------

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
            "say" if classes & (SAY | TELL | WEAK | QUOTE_ONLY) and not classes & ABOUT
            else "about" if classes & ABOUT
            else "think" if classes & THINK
            else "to"
        )
        item = Found(kind, self._cue_span(index), source, [], first, index, right, left, inherits, self.depth)
        if left is not None and right is None:
            item.extra["closes"] = (last or index) + 1
        self.found.append(item)

    def _cue_span(self, index: int) -> Span:
        """The verb with the auxiliaries directly before it."""
        return self.tokens.span(index, index)

    def _scope(self) -> None:
        """Ends each complement where a later attribution of its own standing begins; then sets the spans."""
        low = self.low
        ordered = sorted(self.found, key=lambda item: item.cue_token)
        for position, item in enumerate(ordered):
            if item.right is None:
                continue
            for later in ordered[position + 1 :]:
                if later.sort == "noun" or (later.first <= item.cue_token and later.left is None) or later.content:
                    continue
                end = self._closing(item, later)
                if end is not None and item.right[0] < end < item.right[1]:
                    item.right = (item.right[0], end)
        for item in ordered:
            if item.right is not None and item.left is None:
                self._within_subordinate(item)
        kept = []
        for item in ordered:
            if item.content:
                kept.append(item)
                continue
            spans: list[Span] = []
            for part in (item.left, item.right):
                if part is None:
                    continue
                begin, stop = part
                while stop > begin and low[stop - 1] != QUOTE and ((is_punctuation(low[stop - 1]) and low[stop - 1] not in ")]%’'") or low[stop - 1] in ("and", "but", "while")):
                    stop -= 1
                while begin < stop and low[begin] in (",", ":", "—", "–", "-"):
                    begin += 1
                if begin < stop:
                    spans.append(self.tokens.span(begin, stop - 1))
            if spans or item.colon:
                item.content = spans
                kept.append(item)
        self.found = self._unique(kept)

    def _within_subordinate(self, item: Found) -> None:
        """"After X said A, B happened": what X said ends at the comma."""
        low = self.low
        if item.right is None:
            return
        start = item.first - 1
        while start > 0 and low[start] not in ",;:" and low[start] != QUOTE:
            start -= 1
        opening = start if start == 0 else start + 1
        if opening >= item.first or low[opening] not in ("after", "when", "while", "although", "though", "because", "since", "before", "once"):
            if item.first == 0 or low[item.first - 1] not in ("after", "when", "while", "although", "though", "because", "since", "before"):
                return
            if item.first - 1 != opening:
                return
        for k in range(item.cue_token + 1, item.right[1] - 2):
            ends = low[k] == "," or (low[k] == QUOTE and self.tokens.text[self.tokens.end[k] - 2] == ",")
            if ends and k >= item.right[0] and low[k + 1] not in ("who", "which", "and", "or", "but"):
                item.right = (item.right[0], k if low[k] == "," else k + 1)
                return

    def _closing(self, item: Found, later: Found) -> int | None:
        """The token where ``later`` ends the complement of ``item``; None where it is nested in it."""
        low = self.low
        first = later.first
        if item.right is None or (first < item.right[0] and later.left is None):
            return None
        if later.left is not None:
            # "X said A, according to Y": X's words end where Y's attribution begins.
            return later.left[1] if later.left[0] <= item.first and later.left[1] > item.right[0] else None
        before = low[first - 1] if first else ""
        if later.inherits:
            if low[first] == ",":
                return first
            if low[first] in ("and", "but", "or"):
                return first
            if before in (",", "and", "but") or before == QUOTE:
                return first - 1 if before != QUOTE else first
            return None
        if low[item.right[0]] in ("after", "when", "while", "although", "though", "because", "since", "before", "once", "if"):
            return None
        if before in _SIBLING or before in ("as", "after", "when", "because", "where"):
            comma = first - 2
            if (comma >= 0 and low[comma] == ",") or (comma >= 0 and low[comma] == QUOTE):
                return comma if low[comma] == "," else first - 1
            return first - 1 if (before in ("but", "while") and later.sort in ("say", "about")) or (
                before == "and" and later.sort == "say") else None
        if before in ";—–":
            return first - 1
        return None

    def _unique(self, items: list[Found]) -> list[Found]:
        """Without an attribution that another one makes superfluous ("According to X, "..." said Y")."""
        opening = next((item for item in items if item.cue_token <= 1 and item.sort == "say" and self.low[item.cue_token] == "according"), None)
        if opening is not None:
            for item in items:
                # "According to X, "...," said Y": Y speaks; X is where it was read.
                if item is not opening and item.content and opening.content and item.content[0][0] <= opening.cue[0]:
                    ours = [span for span in item.content if span[0] <= opening.cue[0]]
                    begin = opening.content[0][0]
                    if begin < ours[0][1]:
                        item.content = [(begin, ours[0][1]), *[span for span in item.content if span not in ours]]
                        item.first = max(item.first, opening.cue_token)
                        items = [one for one in items if one is not opening]
                        break
        kept: list[Found] = []
        for item in items:
            twin = next((other for other in kept if other.content == item.content and item.content), None)
            if twin is not None:
                if self.tokens.text[slice(*twin.cue)].lower().startswith("according"):
                    kept.remove(twin)
                else:
                    continue
            kept.append(item)
        return kept


_ABOUT_PREPOSITIONS = frozenset(
    {
        ("refer", "to"), ("allude", "to"), ("object", "to"), ("call", "for"), ("call", "on"), ("rail", "against"),
        ("vote", "against"), ("vote", "for"), ("thank", "for"), ("advocate", "for"), ("attack", "as"),
    }
)
