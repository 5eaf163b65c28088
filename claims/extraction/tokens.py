"""Words of a sentence, with each quotation in it folded into one token.

Folding lets the same few patterns ("Q, said X", "X said Q") serve every quotation, whatever stands in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .quotes import Quote
from .types import Span

QUOTE = "\x01"

_TOKEN = re.compile(
    r"(?:Mr|Mrs|Ms|Mx|Dr|Sen|Sens|Rep|Reps|Gov|Gen|Lt|Col|Sgt|Rev|Prof|St|Jr|Sr|Hon|Capt|Adm|Cmdr|Maj|Det)\."
    r"|(?:[A-Za-z]\.){1,4}(?![a-z])"
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?"
    r"|[^\W_]+(?:['’.&@-][^\W_]+)*"
    r"|\.\.+|\S"
)


@dataclass(slots=True)
class Tokens:
    """Parallel lists: ``low`` holds lower-case words with straight apostrophes, QUOTE for a quotation."""

    text: str
    low: list[str] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    quotes: dict[int, Quote] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.low)

    def raw(self, index: int) -> str:
        """The token as it stands in the text."""
        return self.text[self.start[index] : self.end[index]]

    def capital(self, index: int) -> bool:
        """Whether the token begins with a capital letter."""
        return self.text[self.start[index]].isupper()

    def span(self, first: int, last: int) -> Span:
        """The characters from the first to the last token, both included."""
        return self.start[first], self.end[last]


def tokenize(text: str, start: int, end: int, quotes: list[Quote]) -> Tokens:
    """Tokens of ``text[start:end]``; ``quotes`` are the outermost quotations that overlap it, in order."""
    tokens = Tokens(text)
    at = start
    for quote in quotes:
        begin, stop = max(quote.start, start), min(quote.end, end)
        if begin < at or begin >= stop:
            continue
        _plain(tokens, at, begin)
        tokens.quotes[len(tokens.low)] = quote
        tokens.low.append(QUOTE)
        tokens.start.append(begin)
        tokens.end.append(stop)
        at = stop
    _plain(tokens, at, end)
    return tokens


def _plain(tokens: Tokens, start: int, end: int) -> None:
    low, starts, ends = tokens.low, tokens.start, tokens.end
    for match in _TOKEN.finditer(tokens.text, start, end):
        word = match[0]
        if word[-1] == "s" and len(word) > 2 and word[-2] in "'’" and word[:-2].lower() in _PRONOUN_HOSTS:
            # "he's", "it's": the pronoun is the subject, the rest an auxiliary.
            low += (word[:-2].lower(), "'s")
            starts += (match.start(), match.end() - 2)
            ends += (match.end() - 2, match.end())
            continue
        split = _CLITIC.search(word)
        if split and split.start():
            low += (word[: split.start()].lower(), split[0].lower().replace("’", "'"))
            starts += (match.start(), match.start() + split.start())
            ends += (match.start() + split.start(), match.end())
            continue
        low.append(word.lower().replace("’", "'"))
        starts.append(match.start())
        ends.append(match.end())


_PRONOUN_HOSTS = frozenset(["he", "she", "it", "that", "who", "what", "there", "here", "one"])
_CLITIC = re.compile(r"['’](?:ve|re|ll|d|m)$")
