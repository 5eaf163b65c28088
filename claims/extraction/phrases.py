"""Noun phrases beside a verb, found without a parser: enough to name who speaks."""

from __future__ import annotations

from .cues import AUXILIARIES, NOUNISH, PERSONAL, VERBS
from .tokens import QUOTE, Tokens

Range = tuple[int, int]

SUBORDINATORS = frozenset(
    ["that", "because", "as", "while", "when", "after", "before", "since", "if", "whether", "although", "though", "where", "how", "why", "than", "until", "once", "unless", "what", "whereas", "so", "lest", "which", "whom", "whose", "who"]
)
PREPOSITIONS = frozenset(
    ["in", "on", "at", "by", "for", "from", "with", "of", "to", "about", "over", "under", "during", "between", "among", "against", "into", "through", "despite", "amid", "within", "without", "across", "around", "behind", "beyond", "near", "upon", "toward", "towards", "via", "per", "outside", "inside", "above", "below", "off", "after", "before", "since", "until", "as", "like", "including", "alongside", "following", "throughout", "regarding", "concerning"]
)
DETERMINERS = frozenset(
    ["the", "a", "an", "this", "that", "these", "those", "his", "her", "their", "its", "my", "our", "your", "some", "many", "several", "most", "few", "all", "both", "each", "every", "no", "another", "any", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "dozens", "hundreds", "thousands", "other"]
)
OPENERS = frozenset(
    ["but", "and", "yet", "so", "still", "meanwhile", "however", "also", "then", "now", "later", "earlier", "today", "yesterday", "perhaps", "indeed", "instead", "thus", "nevertheless", "nonetheless", "moreover", "furthermore", "additionally", "similarly", "likewise", "finally", "or", "nor", "previously", "recently", "eventually", "afterwards", "afterward", "often", "sometimes", "separately", "again", "elsewhere", "though", "although", "even", "only", "just", "first", "second", "third", "next", "tonight", "besides", "otherwise", "therefore", "hence", "once", "well", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
)
WEEKDAYS = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "yesterday", "tonight", "tomorrow"])
MONTHS = frozenset(
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan.", "feb.", "aug.", "sept.", "oct.", "nov.", "dec.", "jan", "feb", "aug", "sept", "oct", "nov", "dec"]
)
RELATIVES = frozenset(("who", "which", "that", "whom"))
_APPOSITIVE = frozenset(
    ["a", "an", "the", "who", "whose", "which", "of", "former", "author", "co-author", "president", "chairman", "chief", "director", "professor", "head", "editor", "his", "her", "their", "its", "one", "another", "now", "then", "also", "currently", "formerly", "executive", "senior", "vice", "deputy", "spokesman", "spokeswoman", "himself", "herself", "then-candidate", "both", "including", "leader", "minister", "secretary", "founder", "co-founder", "owner", "partner", "lead", "assistant", "associate", "wearing", "speaking", "citing", "long", "perhaps", "not", "known"]
)
# "X, asked about the rumours, said": a participle that opens an aside, not a clause of its own.
_PARTICIPLES = frozenset(("asked", "questioned", "pressed", "interviewed", "reached", "contacted", "quoted", "called"))
_DAY_PARTS = frozenset(("morning", "noon", "midday", "afternoon", "evening", "night", "midnight", "dawn", "dusk"))
_TIMES = _DAY_PARTS | frozenset(("day", "week", "weekend", "month", "year", "summer", "autumn", "winter", "spring", "decade", "moment"))
_DASHES = frozenset(("-", "–", "—", "--"))
_VERBS_PAST = frozenset(
    ["went", "came", "got", "made", "took", "gave", "kept", "left", "met", "ran", "began", "became", "brought", "built", "bought", "caught", "chose", "drew", "fell", "flew", "forgot", "grew", "hit", "held", "laid", "led", "lost", "paid", "put", "rose", "sat", "sent", "set", "shook", "sold", "spent", "spoke", "stood", "struck", "won", "wore", "comes", "goes", "makes", "takes", "gives", "gets", "keeps", "leaves", "meets", "runs", "begins", "becomes", "brings", "needs", "remains", "includes", "gone", "done", "taken", "given", "came", "won't", "fought"]
)


def is_punctuation(word: str) -> bool:
    """Whether a token is neither a word, a number nor a quotation."""
    return not word[0].isalnum() and word != QUOTE and word[0] not in "'$#@£€"


def subject_left(tokens: Tokens, at: int) -> Range | None:
    """The noun phrase that ends at token ``at``, just before a verb; None where there is none."""
    if at < 0:
        return None
    word = tokens.low[at]
    if word in PERSONAL:
        return at, at
    if word in RELATIVES:
        return _relative(tokens, at)
    if word == ",":
        return _apposition(tokens, at)
    if word == QUOTE and at > 2 and (low_before := tokens.low[at - 1]) and (
        low_before in PREPOSITIONS or low_before in ("called", "titled", "entitled", "book", "novel", "film")
    ):
        return _extend(_apposition(tokens, at), at)
    if word == ")":
        opening = _find_back(tokens, "(", at, 14)
        return _phrase(tokens, opening - 1) if opening and opening > 0 else None
    if word in _DASHES:
        for dash in range(at - 1, max(0, at - 40), -1):
            if tokens.low[dash] in _DASHES:
                return _extend(_phrase(tokens, dash - 1), at - 1)
        return None
    if word == QUOTE or is_punctuation(word) or word in SUBORDINATORS or word in PREPOSITIONS:
        return None
    return _phrase(tokens, at)


def _extend(phrase: Range | None, last: int) -> Range | None:
    return (phrase[0], last) if phrase else None


def _relative(tokens: Tokens, at: int) -> Range | None:
    """"X, who": the antecedent and the relative pronoun."""
    last = at - 1
    if last >= 0 and tokens.low[last] == ",":
        last -= 1
    if last < 0 or is_punctuation(tokens.low[last]) or tokens.low[last] == QUOTE:
        return (at, at) if tokens.low[at] == "who" else None
    if tokens.low[last] in PERSONAL or tokens.low[last] in ("those", "people", "one", "everyone"):
        return last, at
    antecedent = _phrase(tokens, last)
    if antecedent is None:
        return (at, at) if tokens.low[at] == "who" else None
    if not tokens.capital(last):
        # "a gift from a family who": the nearest noun, from its own determiner on.
        for index in range(last, antecedent[0], -1):
            if tokens.low[index] in DETERMINERS and tokens.low[index - 1] in PREPOSITIONS:
                return index, at
    return antecedent[0], at


def _find_back(tokens: Tokens, word: str, at: int, reach: int) -> int | None:
    for index in range(at - 1, max(-1, at - reach), -1):
        if tokens.low[index] == word:
            return index
    return None


def _apposition(tokens: Tokens, at: int) -> Range | None:
    """"X, a former Y of Z," in front of a verb: the whole of it, from X on."""
    low = tokens.low
    best: int | None = None
    for index in range(at - 1, max(0, at - 45), -1):
        word = low[index]
        if word in ";:" or (word == QUOTE and index == at - 1 and low[index - 1] not in PREPOSITIONS):
            break
        if word != ",":
            continue
        first = low[index + 1]
        nominal = index > 0 and (low[index - 1][0].isalnum() or low[index - 1] == ")")
        if not nominal:
            continue
        if first in _APPOSITIVE or first in _PARTICIPLES or first[0].isdigit() or tokens.capital(index + 1):
            best = index
            if first in _APPOSITIVE or first in _PARTICIPLES or first[0].isdigit():
                before = low[index - 1]
                if tokens.capital(index - 1) or before in ("man", "woman") or before.endswith(("er", "or", "ist", "an")):
                    break
        elif best is None:
            best = index
            if index < at - 12:
                break
    if best is None:
        return None
    if best + 1 == at - 1 and low[best + 1] in ("however", "too", "meanwhile", "though", "also", "then"):
        return _extend(_head(tokens, best - 1), best - 1)
    if low[best + 1] not in ("who", "which", "whose", *_PARTICIPLES) and _clause_opens(tokens, best + 1, min(best + 4, at)):
        return None
    return _extend(_head(tokens, best - 1), at - 1)


def _head(tokens: Tokens, last: int) -> Range | None:
    """The noun phrase that ends at ``last``; one in brackets behind it ("Rep. Lee (D-Ohio)") is no part of it."""
    if tokens.low[last] == ")":
        opening = _find_back(tokens, "(", last, 14)
        return _phrase(tokens, opening - 1) if opening else None
    return _phrase(tokens, last)


def _clause_opens(tokens: Tokens, first: int, stop: int) -> bool:
    """Whether a finite verb comes so soon that this is a clause, not an apposition."""
    for index in range(first, stop):
        if tokens.low[index] in RELATIVES:
            return False
        if _finite(tokens, index):
            return True
    return False


def _finite(tokens: Tokens, index: int) -> bool:
    """Whether a token is surely a finite verb."""
    word = tokens.low[index]
    if word in AUXILIARIES or word in _VERBS_PAST:
        return not word.endswith("ly") and word not in _NOT_FINITE
    cue = VERBS.get(word)
    return cue is not None and cue.form == "fin" and word not in NOUNISH


_NOT_FINITE = frozenset(
    ["also", "later", "then", "just", "even", "once", "never", "not", "already", "recently", "repeatedly", "previously", "often", "always", "still", "first", "now", "again", "only", "further", "ever", "long", "since", "today", "yesterday", "sometimes", "to", "being", "been", "be", "having", "may", "left", "set"]
)


def _phrase(tokens: Tokens, last: int) -> Range | None:
    """The noun phrase that ends at ``last``, walking left."""
    low = tokens.low
    index = last
    floor = max(-1, last - 40)
    while index > floor:
        word = low[index]
        if word == QUOTE:
            inside = index > 0 and (
                low[index - 1] in PREPOSITIONS
                or (index < last and tokens.capital(index + 1) and tokens.capital(index - 1) and low[index - 1][0].isalpha())
            )
            if not inside:
                break
            index -= 1
            continue
        if is_punctuation(word):
            if word in ("/", "’", "'", "%", "&") or (word == "." and index < last and len(low[index - 1]) <= 4):
                index -= 1
                continue
            if word == "," and index < last and _joins_list(tokens, index, last):
                index -= 1
                continue
            break
        if word in PERSONAL:
            break
        if word == "and" or word == "or":
            if index < last and _joins(tokens, index):
                index -= 1
                continue
            break
        if word in SUBORDINATORS or word in ("but", "nor"):
            if word in RELATIVES and index < last and index > 0 and low[index - 1][0].isalpha() and word != "that":
                index -= 1
                continue
            break
        if index < last and (_finite(tokens, index) or _past(tokens, index, last)):
            relative = _relative_before(tokens, index)
            if relative is None:
                break
            index = relative - 1
            continue
        if word.endswith("ing") and index < last and index > 0 and low[index - 1] == ",":
            break
        index -= 1
    return _strip(tokens, index + 1, last)


def _past(tokens: Tokens, index: int, last: int) -> bool:
    """Whether an "-ed" word looks like a verb with its object, not like a participle behind a noun."""
    word = tokens.low[index]
    if not word.endswith("ed") or len(word) < 5 or tokens.capital(index):
        return False
    before = tokens.low[index - 1] if index else ""
    after = tokens.low[index + 1]
    if before in DETERMINERS or before in PREPOSITIONS or not before or not before[0].isalpha() or "-" in word:
        return False
    return after in DETERMINERS or after in PERSONAL or (tokens.capital(index + 1) and tokens.capital(index - 1))


def _relative_before(tokens: Tokens, index: int) -> int | None:
    """Where the relative pronoun of a clause stands, if the verb at ``index`` is in a relative clause."""
    for at in range(index - 1, max(-1, index - 9), -1):
        word = tokens.low[at]
        if word == "who" or word == "which":
            return at if at > 0 else None
        if word == QUOTE or word in ";:,—–.":
            return None
    return None


def _joins(tokens: Tokens, index: int) -> bool:
    """Whether "and" at ``index`` joins two nouns rather than two clauses."""
    if index == 0 or index + 1 >= len(tokens):
        return False
    before, after = tokens.low[index - 1], tokens.low[index + 1]
    if is_punctuation(before) or before == QUOTE:
        return False
    if tokens.capital(index - 1) and tokens.capital(index + 1):
        start = index - 1
        while start >= 0 and (tokens.capital(start) or tokens.low[start] in ("of", "the")) and tokens.low[start][0].isalpha():
            start -= 1
        return start < 0 or not tokens.low[start][0].isalpha() or tokens.low[start] in SUBORDINATORS or tokens.low[start] in DETERMINERS
    return index <= 4 and not tokens.capital(index + 1) and after not in PERSONAL and not _finite(tokens, index - 1)


def _joins_list(tokens: Tokens, index: int, last: int) -> bool:
    """Whether a comma at ``index`` stands in a list of names or before "Jr." and the like."""
    if index == 0 or index + 1 > last:
        return False
    if tokens.low[index + 1] in ("jr.", "jr", "sr.", "inc", "ltd", "llc"):
        return True
    ahead = tokens.low[index + 1 : min(last + 1, index + 8)]
    return "and" in ahead and tokens.capital(index - 1) and tokens.capital(index + 1) and index > 0 and all(
        tokens.capital(k) or tokens.low[k] in ("and", ",", "of", "the") for k in range(index + 1, last + 1)
    )


def _strip(tokens: Tokens, first: int, last: int) -> Range | None:
    """Without openers and prepositional phrases in front."""
    low = tokens.low
    while first < last and (low[first] in OPENERS or (low[first].endswith("ly") and tokens.capital(first + 1) is not False)):
        first += 1
    first = _behind_time(tokens, first, last)
    while first < last and low[first] in PREPOSITIONS:
        restart = None
        for index in range(first + 2, last + 1):
            if low[index - 1] in PREPOSITIONS or low[index - 1] in DETERMINERS or low[index] in _DAY_PARTS:
                continue
            if low[index] in DETERMINERS or low[index] in PERSONAL or low[index - 1] in WEEKDAYS or low[index - 1] in MONTHS:
                restart = index
                break
            if low[index - 1][0].isdigit() and tokens.capital(index):
                restart = index
                break
            if tokens.capital(index) and not tokens.capital(index - 1) and low[index - 1] not in ("and", "of"):
                restart = index
                break
        if restart is None:
            break
        first = restart
    if first > last or all(is_punctuation(word) for word in low[first : last + 1]):
        return None
    if low[first] in PREPOSITIONS and low[last] in _TIMES:
        return None  # "on the same day" speaks of nobody
    if first == last and (low[first] in OPENERS or low[first] in PREPOSITIONS or low[first] in AUXILIARIES or low[first] in WEEKDAYS):
        return None
    return first, last


def _behind_time(tokens: Tokens, first: int, last: int) -> int:
    """Where the phrase begins behind a time in front of it: "Two winters ago Port Ellery", "midnight Minister Ri"."""
    low = tokens.low
    for index in range(first + 1, min(first + 4, last)):
        if low[index] == "ago":
            return index + 1
    if low[first] in _DAY_PARTS and not tokens.capital(first) and first < last:
        if tokens.capital(first + 1) or low[first + 1] in DETERMINERS:
            return first + 1
    return first


def phrase_right(tokens: Tokens, first: int, stop: int, *, closed: bool = False) -> Range | None:
    """The noun phrase that begins at ``first``, with its apposition; ends before ``stop``.

    ``closed``: an apposition counts only where a comma ends it ("According to X, a Y, ...").
    """
    low = tokens.low
    if first >= stop or low[first] == QUOTE or is_punctuation(low[first]):
        return None
    if low[first] in PERSONAL:
        return first, first
    if low[first] in SUBORDINATORS or low[first] in PREPOSITIONS or (low[first] in AUXILIARIES and not tokens.capital(first)):
        return None
    index = first
    while index < stop:
        word = low[index]
        if word == QUOTE or (is_punctuation(word) and not (word in ("’", "'", "&", "/", "%") or (word == "." and index + 1 < stop and len(low[index - 1]) <= 5 and tokens.capital(index - 1)))):
            break
        if index > first and (
            word in SUBORDINATORS
            or word in PERSONAL
            or word in WEEKDAYS
            or (word in PREPOSITIONS and word not in ("of", "for", "at", "with", "from", "on", "to", "in"))
            or (word in ("in", "on", "to", "at", "from", "with", "for") and _adjunct(tokens, index, stop))
            or (word == "and" and not _joins_right(tokens, index, stop))
            or word in ("but", "adding", "saying", "noting", "according")
            or (_finite(tokens, index) and not (word.endswith("ed") and index + 1 < stop and low[index + 1] in PREPOSITIONS))
        ):
            break
        index += 1
    last = index - 1
    if last < first:
        return None
    if index + 1 < stop and low[index] == "," and (
        low[index + 1] in _APPOSITIVE or low[index + 1][0].isdigit() or (tokens.capital(index + 1) and low[index + 1] not in WEEKDAYS)
    ):
        end = _closed_apposition(tokens, index, stop) if closed else _apposition_end(tokens, index, stop)
        last = end if end is not None else last
    return first, last


def _closed_apposition(tokens: Tokens, comma: int, stop: int) -> int | None:
    """The last token of a short apposition that another comma ends, without a finite verb in it."""
    relative = tokens.low[comma + 1] in ("who", "which")
    for index in range(comma + 1, min(stop, comma + 22)):
        word = tokens.low[index]
        if word == ",":
            return index - 1
        if word == QUOTE or (not relative and _finite(tokens, index)):
            return None
    return None


def _adjunct(tokens: Tokens, index: int, stop: int) -> bool:
    """Whether a preposition opens "in a statement", "on Tuesday" and the like, not part of a name's title."""
    word = tokens.low[index]
    after = tokens.low[index + 1] if index + 1 < stop else ""
    if word == "in":
        return after in ("a", "an", "his", "her", "their", "response", "january", "february") or after in MONTHS or after[:1].isdigit()
    if word == "on":
        return after in WEEKDAYS or after in MONTHS or after in ("cnn", "fox", "twitter", "facebook", "nbc", "abc", "cbs", "msnbc")
    if word == "at":
        return after in ("a", "an", "one")
    if word == "to":
        return True
    if word == "with":
        return after in ("a", "an", "his", "her")
    return False


def _joins_right(tokens: Tokens, index: int, stop: int) -> bool:
    return index + 1 < stop and tokens.capital(index - 1) and tokens.capital(index + 1)


def _apposition_end(tokens: Tokens, comma: int, stop: int) -> int:
    """The last token of an apposition that begins behind ``comma``."""
    low = tokens.low
    last = comma - 1
    index = comma + 1
    while index < stop:
        word = low[index]
        if word == QUOTE or (word in ";:.—–" and not (word == "." and index + 1 < stop and low[index + 1][0].isalnum())):
            break
        if word == "," and index + 1 < stop:
            after = low[index + 1]
            if after.endswith("ing") or after in ("but", "and", "as", "while", "in", "on", "after", "during", "when") or after == QUOTE:
                break
        last = index
        index += 1
    while last >= comma and is_punctuation(low[last]) and low[last] != ")":
        last -= 1
    return last
