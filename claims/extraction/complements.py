"""What stands behind a reporting verb: its hearer, its adjuncts, and the clause or quotation reported."""

from __future__ import annotations

from . import phrases
from .cues import ABOUT, HEARERS, PERSONAL, QUOTE_ONLY, SAY, TELL, THINK, TO, WEAK, Cue
from .frame import Frame
from .phrases import DETERMINERS, MONTHS, PREPOSITIONS, WEEKDAYS, is_punctuation
from .tokens import QUOTE

_WH = frozenset(["whether", "if", "how", "why", "what", "who", "when", "where", "which"])
_ADVERBIAL = frozenset(
    [
        "in",
        "on",
        "at",
        "during",
        "to",
        "via",
        "through",
        "from",
        "after",
        "before",
        "by",
        "with",
        "of",
        "about",
        "outside",
        "inside",
        "amid",
        "following",
        "alongside",
        "near",
        "last",
        "this",
        "early",
        "late",
    ]
)
_PERIODS = (
    WEEKDAYS
    | MONTHS
    | frozenset(
        ["week", "month", "year", "morning", "night", "summer", "fall", "spring", "evening", "afternoon"]
    )
)
_ABOUT_PREPOSITIONS = frozenset(
    {
        ("refer", "to"),
        ("allude", "to"),
        ("object", "to"),
        ("call", "for"),
        ("call", "on"),
        ("rail", "against"),
        ("vote", "against"),
        ("vote", "for"),
        ("thank", "for"),
        ("advocate", "for"),
        ("attack", "as"),
    }
)


class Complements(Frame):
    """Finds the complement of a verb."""

    def _right(self, index: int, cue: Cue) -> tuple[int, int] | None:
        """Tokens of the complement behind a verb, or None where nothing is reported there."""
        low, stop = self.low, self.stop
        at = index + 1
        if cue.lemma == "go":
            at += 1
        if cue.lemma == "point" and at < stop and low[at] in ("out", "to"):
            at += 1
        elif cue.lemma == "point":
            return None
        if cue.classes & TELL:
            at = self._hearer(at)
        if cue.classes & (SAY | WEAK | THINK | TELL | QUOTE_ONLY):
            at = self._skip_adjuncts(at, cue)
        if at >= stop:
            return None
        word = low[at]
        if word == ",":
            if at + 1 < stop and low[at + 1] == QUOTE:
                return self._quotation(at + 1)
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
            return (self._quotation(at + 1) if low[at + 1] == QUOTE else (at + 1, stop)) if at + 1 < stop else None
        if word == QUOTE:
            return self._quotation(at)
        if is_punctuation(word) and word not in ("(", "[", "$", "#", "@"):
            return None
        return (at, stop) if self._complement(at, index, cue) else None

    def _quotation(self, at: int) -> tuple[int, int]:
        """A quotation that ends with a comma of its own is complete: what follows it is the writer's."""
        complete = self.tokens.text[self.tokens.end[at] - 2] == "," and QUOTE not in self.low[at + 1 : self.stop]
        return (at, at + 1) if complete else (at, self.stop)

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
                return (
                    cue.lemma in ("respond",)
                    or (word == "to" and cue.lemma in ("predict", "threaten", "point", "confess", "admit"))
                    or (word in ("for", "to") and classes & TO != 0)
                    or (
                        word in ("in", "at", "for", "on", "after")
                        and cue.lemma == "say"
                        and stop - at > 6
                        and self._verb_ahead(at)
                    )
                )
            return True
        if classes & TELL:
            return True
        if classes & ABOUT:
            if (
                word in ("to", "for", "of", "as", "against", "at", "about", "with", "in")
                and cue.form == "fin"
            ):
                return (cue.lemma, word) in _ABOUT_PREPOSITIONS
            return word not in ("from", "on", "after", "during")
        if classes & TO and word == "to":
            return True
        if word in _WH or word in PERSONAL or word in ("there", "it"):
            return classes & (THINK | WEAK) != 0 and not (
                cue.lemma in ("see", "hear", "show") and word in PERSONAL
            )
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
                if token == "," or (
                    k > at
                    and (
                        (token in ("to", "on", "in", "at", "about", "during", "of") and token != "of")
                        or token in PERSONAL
                    )
                ):
                    return k
                if k > at and token in DETERMINERS and low[k - 1] not in PREPOSITIONS:
                    return k
                if k > at and phrases._finite(self.tokens, k):
                    return at if k - at < 2 else at + 1
                k += 1
            return k
        for k in range(at, min(stop, at + 5)):
            if (
                low[k] in ("that", QUOTE, ":", ",", "to", "how", "why", "on", "in", "at")
                or low[k] in PERSONAL
                or (low[k] in DETERMINERS and k > at)
            ):
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
            if (
                word in WEEKDAYS
                or (word in MONTHS and at > begin)
                or word
                in (
                    "later",
                    "again",
                    "earlier",
                    "then",
                    "once",
                    "simply",
                    "only",
                    "recently",
                    "back",
                    "afterward",
                    "afterwards",
                )
            ):
                at += 1
                continue
            if (
                word.endswith("ly")
                and at + 1 < stop
                and (low[at + 1] in ("that", ",", ":") or low[at + 1] == QUOTE)
            ):
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
            if word in ("that", ":") or (
                word == QUOTE and low[k - 1] not in PREPOSITIONS and low[k - 1] not in DETERMINERS
            ):
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
                    if (
                        self.tokens.capital(back)
                        and not self.tokens.capital(back - 1)
                        and low[back - 1] not in PREPOSITIONS
                        and low[back - 1] not in DETERMINERS
                    ):
                        return back
                return None
        return stop if stop - at <= 22 and cue.classes & (SAY | TELL | WEAK | QUOTE_ONLY) else None
