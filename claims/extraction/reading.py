"""From a text to its sentences with their attributions, and quotations tied to them over sentences and paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from . import phrases
from .attribution import SentenceReader
from .frame import Found
from .quotes import Quote, find_quotes
from .sentences import paragraphs, sentences
from .tokens import QUOTE, Tokens, tokenize
from .types import Span

_SIGNATURE = re.compile(r"[-–—―]{1,2}\s?((?:[A-ZÀ-Þ][\w.'’-]*\s?){1,5})(?:,[^.\n]{0,80})?\.?$")
_MOST_QUOTES = 60
_WORD = re.compile(r"[^\W_]+")
_LABEL = re.compile(
    r"[\"“]?(?:(?P<qa>[QA])|(?P<name>(?:[A-ZÀ-Þ][\w.'’-]*|[A-Z]\.)(?:,? (?:[A-ZÀ-Þ][\w.'’-]*|of|the|and|for|de|van|von)){0,6})"
    r"(?: ?\([^)\n]{1,40}\))?)\s?:\s+(?=\S)"
)
_DATELINE = re.compile(
    r"(?:[A-ZÀ-Þ][A-ZÀ-Þ.'’-]{2,}(?: [A-ZÀ-Þ][A-ZÀ-Þ.'’-]*){0,3}(?:/[A-Z]+)?(?:, [A-Z][\w.]*(?: [A-Z][\w.]*)?\.?)?"
    r"(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?(?: ?\([A-Za-z/. ]{2,30}\))?"
    r"|[A-Z][a-z]+(?:[ ,]+[A-Z][\w.]+){0,3} ?\([A-Za-z/. ]{2,30}\)) ?(?:[—–]|--?) ?"
)
_DATED = re.compile(
    r"(?:update|note|correction|photo|image|video|related|source|sources|read more|watch|see also|date|time|where|when|what|"
    r"who|why|how|editor's note|advertisement|location|price|contact|email|tel|phone|website|copyright|topics|tags|"
    r"warning|caption|credit|click here|subscribe|verdict|claim|rating|fact|key points|highlights|bottom line|result|score|"
    r"attendance|listen|more|also)$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Sentence:
    """One sentence: its span, its paragraph, its folded tokens and the attributions found in it."""

    start: int
    end: int
    paragraph: int
    tokens: Tokens
    found: list[Found] = field(default_factory=list)
    colon: Found | None = None
    label: Found | None = None


@dataclass(slots=True)
class Reading:
    """A text read: sentences in order, the paragraphs and quotations they stand in."""

    text: str
    paragraphs: list[Span]
    quotes: list[Quote]
    sentences: list[Sentence]


_JOINT = re.compile(r"[,\s]*\b((?:because|since|as|while|although|and|but)\b[^;:.]*)")


class Reader:
    """Reads one text. ``attribute=False`` stops at sentences and quotations (unsupported languages)."""

    def __init__(self, text: str, *, attribute: bool = True) -> None:
        self.text = text
        self.blocks = paragraphs(text)
        self.quotes = find_quotes(text, self.blocks)
        self.attribute = attribute
        self.groups = 0
        self.owner: dict[int, Found] = {}

    def read(self) -> Reading:
        """Sentences with their attributions, quotations linked."""
        by_block: list[list[Quote]] = [[] for _ in self.blocks]
        for quote in self.quotes:
            by_block[quote.paragraph].append(quote)
        done: list[Sentence] = []
        per_block: list[list[Sentence]] = []
        for index, (start, end) in enumerate(self.blocks):
            block = self._block(start, end, index, by_block[index])
            per_block.append(block)
            done.extend(block)
        if self.attribute:
            self._labels(per_block)
            for sentence in done:
                self._own_quotes(sentence)
        self._link(per_block)
        return Reading(self.text, self.blocks, self.quotes, done)

    def _block(self, start: int, end: int, index: int, quotes: list[Quote]) -> list[Sentence]:
        """The sentences of one paragraph, each with the quotations that reach into it."""
        done: list[Sentence] = []
        at = 0
        for begin, stop in sentences(self.text, start, end):
            while at < len(quotes) and quotes[at].end <= begin:
                at += 1
            here = []
            for quote in quotes[at : at + _MOST_QUOTES]:
                if quote.start >= stop:
                    break
                if quote.end > begin:
                    here.append(quote)
            done.append(self._sentence(begin, stop, index, here))
        return done

    def _sentence(self, start: int, end: int, index: int, quotes: list[Quote]) -> Sentence:
        outer = [quote for quote in quotes if quote.depth == 0]
        opening = _DATELINE.match(self.text, start, min(end, start + 90)) if start == self.blocks[index][0] else None
        if opening and opening.end() < end:
            start = opening.end()
        tokens = tokenize(self.text, start, end, outer)
        sentence = Sentence(start, end, index, tokens)
        if self.attribute:
            found = SentenceReader(tokens).read()
            sentence.colon = next((item for item in reversed(found) if item.colon and not item.content), None)
            sentence.found = [item for item in found if item.content]
            for item in sentence.found:
                item.group = self._group()
            if sentence.colon:
                sentence.colon.group = self._group()
            for at, quote in tokens.quotes.items():
                if tokens.end[at] - tokens.start[at] > 18:
                    self._inside(sentence, at, quote, [inner for inner in quotes if inner.depth > 0], 1)
        return sentence

    def _inside(self, sentence: Sentence, at: int, quote: Quote, inner: list[Quote], depth: int) -> None:
        """Attributions inside a quotation: "He told me 'no'", "officials say ..."."""
        start = max(sentence.tokens.start[at], quote.inner[0])
        end = min(sentence.tokens.end[at], quote.inner[1])
        nested = [one for one in inner if one.depth == depth and one.start < end and one.end > start]
        tokens = tokenize(self.text, start, end, nested)
        for item in SentenceReader(tokens, depth).read():
            if item.content and not self._first_person(item):
                item.group = self._group()
                sentence.found.append(item)

    def _first_person(self, item: Found) -> bool:
        """"I think", "we say" within a quotation are the speaker's own words, not words of another."""
        if item.source is None:
            return item.sort == "hearsay"
        return self.text[slice(*item.source)].lower() in ("i", "we", "you", "me", "my", "our", "your", "it", "its")

    def _group(self) -> int:
        self.groups += 1
        return self.groups - 1

    # -- quotations ------------------------------------------------------------------------------

    def _own_quotes(self, sentence: Sentence) -> None:
        """Notes which attribution owns each quotation that it touches."""
        for item in sentence.found:
            if item.depth or item.sort == "hearsay":
                continue
            for at, quote in sentence.tokens.quotes.items():
                begin, stop = sentence.tokens.start[at], sentence.tokens.end[at]
                if any(start < stop and end > begin for start, end in item.content):
                    self.owner.setdefault(quote.chain, item)

    def _covered(self, sentence: Sentence, start: int, end: int) -> bool:
        """Whether a quotation in a sentence already belongs to an attribution, as content or within a name."""
        for item in sentence.found:
            if item.depth:
                continue
            if any(begin < end and stop > start for begin, stop in item.content):
                return True
            if item.source and item.source[0] < end and item.source[1] > start:
                return True
        return False

    def _link(self, per_block: list[list[Sentence]]) -> None:
        """Gives each quotation without a cue of its own the source of its surroundings."""
        previous: Sentence | None = None
        for index, block in enumerate(per_block):
            for place, sentence in enumerate(block):
                for at in sorted(sentence.tokens.quotes):
                    quote = sentence.tokens.quotes[at]
                    begin, stop = sentence.tokens.start[at], sentence.tokens.end[at]
                    if self._covered(sentence, begin, stop):
                        continue
                    owner = self.owner.get(quote.chain)
                    whole = self._whole(sentence, begin, stop)
                    if owner is None and whole and self.attribute:
                        owner = self._neighbour(block, place, previous, per_block, index)
                        if owner is not None:
                            self.owner[quote.chain] = owner
                    if owner is not None:
                        self._add(sentence, owner, (begin, stop))
                    elif whole:
                        self._add(sentence, None, (begin, stop))
                        self.owner[quote.chain] = sentence.found[-1]
                    elif self.attribute:
                        self._fragment(sentence, at)
                previous = sentence

    def _whole(self, sentence: Sentence, begin: int, stop: int) -> bool:
        """Whether nothing but the quotation stands in the sentence."""
        outside = self.text[sentence.start : begin] + self.text[stop : sentence.end]
        return not _WORD.search(outside)

    def _neighbour(
        self, block: list[Sentence], place: int, previous: Sentence | None, per_block: list[list[Sentence]], index: int
    ) -> Found | None:
        """The attribution that a free-standing quotation continues: before it, or right behind it."""
        for back in range(place - 1, max(-1, place - 3), -1):
            before = block[back]
            owner = before.colon or self._speech(before)
            if owner is not None:
                return owner
            if not _leans(before.tokens):
                break
        if place + 1 < len(block):
            behind = block[place + 1]
            if behind.tokens.low and behind.tokens.low[0] == QUOTE:
                owner = self._speech(behind)
                if owner is not None:
                    return owner
        if place == 0 and previous is not None:
            if previous.colon is not None:
                return previous.colon
            if previous.end - previous.start > 1 and self.text[previous.end - 1] == ":":
                return self._subject_of(previous)
        signed = self._signature(per_block, index)
        if signed is not None:
            return signed
        if place == 0 and previous is not None:
            return self._speech(previous)
        return None

    def _signature(self, per_block: list[list[Sentence]], index: int) -> Found | None:
        """"— Name" in the paragraph behind a quotation."""
        if index + 1 >= len(per_block):
            return None
        start, end = self.blocks[index + 1]
        match = _SIGNATURE.match(self.text, start, min(end, start + 120))
        if match is None or end - start > 110:
            return None
        item = Found("say", (start, start + 1), match.span(1), [], 0, 0)
        item.group = self._group()
        return item

    def _speech(self, sentence: Sentence) -> Found | None:
        """The last outer attribution of speech in a sentence."""
        best: Found | None = None
        for item in sentence.found:
            if item.depth == 0 and item.sort == "say" and not item.inherits and self._quotes(sentence, item):
                return item
        for item in sentence.found:
            if item.depth == 0 and item.sort in ("say", "label", "about", "think") and item.source is not None:
                if best is None or item.cue_token >= best.cue_token or (item.sort == "say" and best.sort != "say"):
                    best = item
        return best

    def _quotes(self, sentence: Sentence, item: Found) -> bool:
        """Whether an attribution reports a quotation."""
        spans = [(sentence.tokens.start[at], sentence.tokens.end[at]) for at in sentence.tokens.quotes]
        return any(begin < end and stop > start for start, end in item.content for begin, stop in spans)

    def _subject_of(self, sentence: Sentence) -> Found | None:
        """A made-up attribution for "X had this to say:", from the subject of the sentence."""
        phrase = SentenceReader(sentence.tokens)._sentence_subject(len(sentence.tokens))
        if phrase is None:
            return None
        last = len(sentence.tokens) - 1
        item = Found("say", sentence.tokens.span(min(phrase[1] + 1, last), min(phrase[1] + 1, last)), sentence.tokens.span(*phrase), [], 0, 0)
        item.group = self._group()
        return item

    def _add(self, sentence: Sentence, owner: Found | None, span: Span) -> None:
        """A quotation without a cue in this sentence, in the name of ``owner``."""
        if owner is None:
            item = Found("quote", (span[0], span[0]), None, [span], 0, 0)
            item.group = self._group()
        else:
            item = Found(owner.sort, owner.cue, owner.source, [span], 0, 0, inherits=True)
            item.group = owner.group
        sentence.found.append(item)

    def _fragment(self, sentence: Sentence, at: int) -> None:
        """Quoted words without a cue: those of the subject of the sentence, if it is somebody."""
        tokens = sentence.tokens
        begin, stop = tokens.start[at], tokens.end[at]
        words = _WORD.findall(self.text, begin, stop)
        if len(words) < 3 or sum(word[0].isupper() for word in words) > 0.6 * len(words):
            return
        subject = SentenceReader(tokens)._sentence_subject(at)
        if subject is None:
            return
        speaking = self._reporter(sentence, tokens.span(*subject)[0])
        if speaking is not None:
            self._goes_on_with(sentence, speaking, (begin, stop))
            return
        if not _somebody(tokens, subject):
            return
        item = Found("fragment", (begin, begin), tokens.span(*subject), [(begin, stop)], subject[0], at)
        item.group = self._group()
        sentence.found.append(item)

    def _reporter(self, sentence: Sentence, at: int) -> Found | None:
        """Who reports the words at ``at``: a quotation behind them is that person's, not their subject's."""
        for item in sentence.found:
            if item.depth == 0 and item.sort == "say" and item.source is not None:
                if any(start <= at < end for start, end in item.content):
                    return item
        return None

    def _goes_on_with(self, sentence: Sentence, speaking: Found, quote: Span) -> None:
        """A quotation behind the attribution: with its clause where one word joins them, else on its own."""
        behind = max(speaking.cue[1], speaking.source[1] if speaking.source else 0)
        joint = _JOINT.match(self.text, behind, quote[0])
        if joint:
            speaking.content.append((joint.start(1), quote[1]))
        else:
            self._add(sentence, speaking, quote)

    # -- transcripts -----------------------------------------------------------------------------

    def _labels(self, per_block: list[list[Sentence]]) -> None:
        """"NAME: words" at the start of paragraphs: interviews and transcripts."""
        labels: list[re.Match[str] | None] = []
        for start, end in self.blocks:
            match = _LABEL.match(self.text, start, min(end, start + 90))
            if match and match["name"] and (_DATED.match(match["name"]) or len(match["name"].split()) > 6):
                match = None
            labels.append(match)
        found = [match for match in labels if match]
        names = {match["name"] or match["qa"] for match in found}
        if len(found) < 3 or len(names) < 2 or (len(found) < 2 * len(names) * 0.6 and len(found) < 0.5 * len(self.blocks)):
            return
        transcript = len(found) >= 0.3 * len(self.blocks)
        current: Found | None = None
        for index, block in enumerate(per_block):
            match = labels[index]
            if match is not None:
                group = "name" if match["name"] else "qa"
                current = Found("label", (match.end(group), match.end(group) + 1), match.span(group), [], 0, 0)
                current.group = self._group()
            elif not transcript:
                current = None
            if current is None:
                continue
            for place, sentence in enumerate(block):
                begin = match.end() if match is not None and place == 0 else sentence.start
                if begin < sentence.end:
                    item = Found("label", current.cue, current.source, [(begin, sentence.end)], 0, -1, inherits=True)
                    item.group = current.group
                    sentence.found = [one for one in sentence.found if not self._speaks_for_self(one) and one.content] + [item]

    def _speaks_for_self(self, item: Found) -> bool:
        return item.source is None or self._first_person(item)


def _leans(tokens: Tokens) -> bool:
    """Whether a sentence goes on about whoever was spoken of: "He did not explain." between two quotations."""
    return bool(tokens.low) and tokens.low[0] in ("he", "she", "they") and QUOTE not in tokens.low


def _somebody(tokens: Tokens, phrase: phrases.Range) -> bool:
    """Whether a noun phrase may be a person or a body that speaks."""
    first, last = phrase
    if tokens.low[first] in ("he", "she", "they", "we", "i", "who"):
        return True
    return any(tokens.capital(index) for index in range(first + (1 if first == 0 else 0), last + 1)) or (
        first == 0 and tokens.capital(0) and tokens.low[0] not in phrases.DETERMINERS
    )
