"""Whose words stand in a sentence: cues, their subjects and what is reported, by rules over folded tokens.

A sentence is read once from left to right. Each reporting verb, noun or phrase is given its subject and its
complement; where two share a sentence, the later one is nested in the earlier, stands beside it, or
closes it. The patterns follow descriptions of reported speech in reference grammars of English."""

from __future__ import annotations

from . import phrases
from .cues import (
    ABOUT,
    AUXILIARIES,
    BE,
    HAVE,
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
    VERBS,
    WEAK,
    Cue,
)
from .frame import Found
from .nonfinite import NonFinite
from .nouns import PhraseCues
from .phrases import DETERMINERS, PREPOSITIONS, is_punctuation
from .scopes import Scopes
from .tokens import QUOTE

_MOST = 24
_SILENT = frozenset("comment say answer respond elaborate discuss speak talk reply identify name give provide be".split())
# What stands before the colon of a headline and is nobody: "Analysis: Why Taxes Will Rise".
_LABELS = frozenset(
    "update updates live analysis opinion editorial video watch listen exclusive breaking review photos gallery latest explainer explained "
    "interview profile column comment feature podcast quiz election debate race day night part chapter episode season vs what why how who "
    "when where is are will the on in at for after before with key facts factbox timeline transcript recap preview obituary letter letters "
    "news alert special investigation guide".split()
)
# "..., documents show": verbs that close a sentence as "said" does, though they need more evidence elsewhere.
_CLOSING = frozenset(("add", "show", "find", "suggest", "continue", "reveal", "indicate"))
_HEARSAY_ADVERBS = frozenset(("reportedly", "allegedly", "purportedly", "supposedly"))
# One look spares all others for the words that can begin no attribution, which are most.
_TRIGGERS = frozenset(VERBS) | frozenset(OF_NOUNS) | THAT_NOUNS | _HEARSAY_ADVERBS | {"according"}


# What one tells without anybody being named who hears it.
_NOT_HEARERS = frozenset("story stories truth tale tales joke jokes lie lies time difference".split())
_SUBORDINATES = frozenset("when after before as if while because since although though once until whenever".split())


class SentenceReader(NonFinite, PhraseCues, Scopes):
    """Finds the attributions of one sentence (or of one quotation within it)."""

    def read(self) -> list[Found]:
        """All attributions, by the place of their cue."""
        for index, word in enumerate(self.low[: self.stop]):
            if word not in _TRIGGERS:
                continue
            if len(self.found) >= _MOST:
                break
            cue = VERBS.get(word)
            if cue is not None:
                self._verb(index, cue)
            elif word == "according":
                self._according(index)
            if word in OF_NOUNS or word in THAT_NOUNS:
                self._noun(index)
            elif word in _HEARSAY_ADVERBS:
                self._hearsay_adverb(index)
        self._heading()
        self._signature()
        self._scope()
        return self.found

    def _signature(self) -> None:
        """ "Q — Name": a quotation with its signature, and nothing else in the sentence."""
        low = self.low
        if self.found or self.stop < 3 or low[0] != QUOTE or low[1] not in ("-", "–", "—", "―", "--"):
            return
        if self.stop <= 12 and self.tokens.capital(2) and low[2] not in DETERMINERS and QUOTE not in low[2:]:
            cue, source = self.tokens.span(1, 1), self.tokens.span(2, self.stop - 1)
            self.found.append(Found("say", cue, source, [], 0, 1, right=None, left=(0, 1), depth=self.depth))

    def _heading(self) -> None:
        """ "Name: 'words'", as in headlines."""
        low = self.low
        for index in range(1, min(8, self.stop - 1)):
            if low[index] == ":":
                quoted = low[index + 1] == QUOTE
                titled = self.headline and self._named_label(index)
                if (
                    (quoted or titled)
                    and not any(item.cue_token < index for item in self.found)
                    and self.tokens.capital(0)
                ):
                    self.found.append(
                        Found(
                            "say",
                            self.tokens.span(index, index),
                            self.tokens.span(0, index - 1),
                            [],
                            0,
                            index,
                            right=(index + 1, self.stop),
                            depth=self.depth,
                        )
                    )
                return

    def _named_label(self, index: int) -> bool:
        """Whether the words before the colon of a headline may be a name: "Ann Lee: Taxes Will Rise"."""
        low = self.low
        return (
            index <= 4
            and all(low[at][0].isalpha() and self.tokens.capital(at) for at in range(index))
            and _LABELS.isdisjoint(low[:index])
            and self.stop - index > 3
        )

    def _verb(self, index: int, cue: Cue) -> None:
        low = self.low
        if self.tokens.capital(index) and index and (not self.headline or low[index] == "states"):
            return
        if cue.lemma == "go" and low[index + 1 : index + 2] != ["on"]:
            return
        left = index - 1
        chain: list[str] = []
        while left >= 0 and (low[left] in AUXILIARIES or self._adverb(left)):
            chain.append(low[left])
            left -= 1
        if (
            left >= 0
            and low[left] == ","
            and chain
            and left >= 2
            and low[left - 1] in ("also", "too", "however")
        ):
            left -= 2
        if self._unreal(index, cue, chain):
            return
        negated = any(word in NEGATIONS for word in chain)
        if negated or (any(word in HYPOTHETICAL for word in chain) and cue.form == "base"):
            # "could only quip: Q" was said nevertheless.
            behind = low[index + 1 : index + 3]
            if negated or QUOTE not in behind or behind[0] not in (":", ",", QUOTE):
                return
        passive = (
            cue.form == "fin"
            and low[index] not in ("wrote", "knew", "saw")
            and any(word in BE for word in chain)
        )
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

    def _adverb(self, at: int) -> bool:
        """Whether a word before a verb is an adverb; "Ms Ely" and "Kelly" are people."""
        return at > 0 and self.low[at].endswith("ly") and (self.headline or not self.tokens.capital(at))

    def _unreal(self, index: int, cue: Cue, chain: list[str]) -> bool:
        """ "Had she said so, …", "he could have said", "declined to comment": nothing was said."""
        low = self.low
        if cue.lemma in ("decline", "refuse") and low[index + 1 : index + 2] == ["to"]:
            return low[index + 2 : index + 3] != [] and low[index + 2] in _SILENT
        if cue.form != "fin":
            return False
        if not HAVE.isdisjoint(chain) and not HYPOTHETICAL.isdisjoint(chain):
            return True
        return low[0] == "had" and 1 < index <= 14 and "," not in low[:index] and QUOTE not in low[:index]

    def _verbal(self, index: int, cue: Cue, left: int, chain: list[str]) -> bool:
        """Whether a form that may be a noun is a verb here."""
        low = self.low
        if chain and any(
            word in ("to", "will", "has", "have", "had", "did", "does", "do", "also") for word in chain
        ):
            return True
        if left < 0:
            return False
        word = low[left]
        if word in PERSONAL or word in ("who", "which"):
            return True
        if index + 1 >= self.stop and QUOTE in low[:left]:
            # "...," a voice in the film states.
            return cue.form == "fin" or self._plural(left)
        if index + 1 >= self.stop and cue.lemma in _CLOSING and "," in low[:left]:
            # "..., court records show."
            return cue.form == "fin" or self._plural(left)
        if word in DETERMINERS or word in PREPOSITIONS or word.endswith("'s") or word == "'" or word == QUOTE:
            return False
        after = low[index + 1] if index + 1 < self.stop else ""
        strong = (
            after in DETERMINERS
            or after in PERSONAL
            or after in ("that", "how", "why", "whether", "what", ",", ":")
            or after == QUOTE
        )
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
        if word in (
            "i",
            "we",
            "you",
            "they",
            "who",
            "people",
            "two",
            "three",
            "those",
            "some",
            "many",
            "others",
            "men",
            "women",
            "police",
        ):
            return True
        if word in (",", "and", ")"):
            return True
        return word.endswith("s") and not word.endswith(("'s", "ss")) and word not in DETERMINERS

    def _inverted(self, index: int, cue: Cue, left: int) -> bool:
        """ "Q, said X": the subject behind the verb."""
        low = self.low
        if (
            cue.form not in ("fin", "base")
            or not cue.classes & (SAY | QUOTE_ONLY | WEAK | TELL | THINK)
            or left < 0
        ):
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
            if before in PREPOSITIONS or before in (
                "called",
                "titled",
                "entitled",
                "named",
                "dubbed",
                "a",
                "an",
                "the",
            ):
                return False
        subject = phrases.phrase_right(self.tokens, index + 1, self.stop)
        if subject is None or (
            self.low[subject[0]] in ("that", "the") and not quoted and self._clause_follows(subject[1])
        ):
            return False
        if not quoted:
            # "Taxes will rise, said Smith": only where the subject ends the sentence or its clause.
            if (subject[1] + 1 < self.stop and low[subject[1] + 1] not in ",;") or cue.form == "base":
                return False
            if phrases.subject_left(self.tokens, left) is not None or not cue.classes & SAY:
                return False
        elif (subject[1] + 1 < self.stop and phrases._finite(self.tokens, subject[1] + 1)) or (
            cue.classes & (TELL | THINK) and not cue.classes & (SAY | QUOTE_ONLY) and cue.lemma != "ask"
        ):
            return False
        start = self._clause_start(head + 1)
        right = None
        behind = subject[1] + 1
        while behind < self.stop and low[behind] in ",:":
            behind += 1
        if (
            behind < self.stop
            and low[behind] == QUOTE
            and self.tokens.start[behind] - self.tokens.end[subject[1]] <= 3
        ):
            right = (behind, behind + 1)
        self._add(
            cue,
            index,
            self.tokens.span(*subject),
            left=(start, head + 1),
            right=right,
            first=start,
            last=subject[1],
        )
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
        if (
            right is None
            and parenthetical
            and (before == QUOTE or cue.classes & (SAY | THINK | QUOTE_ONLY | WEAK | TELL))
        ):
            self._parenthetical(index, cue, subject)
            return
        if right is None:
            if (low[self.stop - 1] == ":" and cue.classes & (SAY | WEAK | QUOTE_ONLY | TELL | ABOUT)) or (
                first <= 1 and index + 1 >= self.stop - 6 and cue.classes & (SAY | QUOTE_ONLY | WEAK)
            ):
                self.found.append(
                    Found(
                        "say", self._cue_span(index), source, [], first, index, depth=self.depth, colon=True
                    )
                )
            return
        if (
            before == QUOTE
            and cue.classes & (SAY | QUOTE_ONLY | WEAK | TELL | THINK)
            and low[first - 2 if first > 1 else 0] not in PREPOSITIONS
        ):
            self._parenthetical(index, cue, subject, right)
            return
        if (
            before == ","
            and first > 1
            and low[first - 2] == QUOTE
            and cue.classes & (SAY | QUOTE_ONLY | WEAK | TELL)
        ):
            self._parenthetical(index, cue, subject, right)
            return
        self._add(cue, index, source, right=right, first=first)

    def _as_clause(self, index: int, cue: Cue, subject: phrases.Range) -> None:
        """ "As X noted, A" and "A, as X noted"."""
        low = self.low
        opening = subject[0] - 1
        stop = next((k for k in range(index + 1, self.stop) if low[k] in ",:" or low[k] == QUOTE), self.stop)
        if opening <= 1 and stop < self.stop:
            begin = stop if low[stop] == QUOTE else stop + 1
            if begin < self.stop:
                self._add(cue, index, self.tokens.span(*subject), right=(begin, self.stop), first=opening)
        elif opening > 2 and low[opening - 1] == ",":
            self._add(
                cue,
                index,
                self.tokens.span(*subject),
                left=(self._clause_start(opening - 1), opening - 1),
                first=opening,
            )

    def _parenthetical(
        self, index: int, cue: Cue, subject: phrases.Range, right: tuple[int, int] | None = None
    ) -> None:
        """ "A, X said." and "A, X said, B.": what is reported stands in front, or on both sides."""
        low = self.low
        first = subject[0]
        head = first - 1
        while head >= 0 and low[head] != QUOTE and is_punctuation(low[head]):
            head -= 1
        if head < 0:
            return
        start = self._clause_start(head + 1)
        quoted = low[head] == QUOTE
        ends = cue.lemma in _CLOSING and (index >= self.stop - 3 or low[index + 1] == ",")
        told = right is None and bool(cue.classes & TELL) and self._told_somebody(index, start)
        if not quoted and not cue.classes & (SAY | THINK) and not ends and not told:
            return
        if right is not None and not (low[right[0]] == QUOTE or low[right[0]] == "that"):
            # "A," he added to laughter: only a quotation goes on behind a quotation.
            right = None
        if right is None:
            behind = self._behind(index)
            if behind is not None and low[behind] == "and" and QUOTE in low[behind + 1 : behind + 2]:
                behind += 1
            if behind is not None and (low[behind] == QUOTE or (not quoted and self._goes_on(behind))):
                right = (behind, behind + 1 if low[behind] == QUOTE else self.stop)
        self._add(cue, index, self.tokens.span(*subject), left=(start, head + 1), right=right, first=start)

    def _told_somebody(self, index: int, start: int) -> bool:
        """ "Traffic fell, she told the council": somebody hears it, and what stands in front is a clause of its own."""
        hearer = self._hearer(index + 1)
        heard = self.low[index + 1 : hearer]
        opening = {self.low[start], self.low[start - 1] if start else ""}
        return bool(heard) and not _NOT_HEARERS & set(heard) and not _SUBORDINATES & opening

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
