"""Words of a sentence, with each quotation in it folded into one token.

Folding lets the same few patterns ("Q, said X", "X said Q") serve every quotation, whatever stands in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from .quotes import Quote
from .types import Span

QUOTE = "\x01"

# Most words are plain: they come first so that they need not try the rest, nor white space anything.
_TOKEN = re.compile(
    r"(?=\S)(?:[a-z]{2,}+(?![\w'’&@-]|\.[^\W_])"
    r"|(?:M(?:rs?|s|x|aj)|Dr|S(?:ens?|gt|t|r)|Reps?|Rev|Gov|Gen|Lt|Col|Prof|Jr|Hon|Capt|Adm|Cmdr|Det)\."
    r"|(?:[A-Za-z]\.){1,4}(?![a-z])"
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?"
    r"|[^\W_]+(?:['’.&@-][^\W_]+)*"
    r"|\.\.+|\S)"
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
        begin, stop = match.span()
        first, second = _lowered(word)
        starts.append(begin)
        low.append(first)
        if second:
            cut = begin + len(word) - len(second)
            ends.append(cut)
            low.append(second)
            starts.append(cut)
        ends.append(stop)


@lru_cache(maxsize=16384)
def _lowered(word: str) -> tuple[str, str]:
    """A word in lower case; of "he's" and "they'll", the host and its clitic apart."""
    if word[-1] == "s" and len(word) > 2 and word[-2] in "'’" and word[:-2].lower() in _PRONOUN_HOSTS:
        # "he's", "it's": the pronoun is the subject, the rest an auxiliary.
        return word[:-2].lower(), "'s"
    split = _CLITIC.search(word)
    if split and split.start():
        return word[: split.start()].lower(), split[0].lower().replace("’", "'")
    return word.lower().replace("’", "'"), ""


_PRONOUN_HOSTS = frozenset(["he", "she", "it", "that", "who", "what", "there", "here", "one"])
_CLITIC = re.compile(r"['’](?:ve|re|ll|d|m)$")
