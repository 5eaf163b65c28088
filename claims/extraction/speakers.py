"""Who is meant by "Mr. Yun", "this expert", "the US President", "she": resolved within the article.

A mention that cannot be tied to anybody with good reason stays as it stands and is marked unresolved.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

from .frame import Found
from .names import _RUN, HONORIFICS, ROLES, Entity, Registry, is_body, split_title
from .reading import Reading
from .types import Span

_PRONOUNS = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "herself": "f", "hers": "f"}
_OTHER_PRONOUNS = frozenset(["they", "them", "their", "we", "us", "our", "i", "me", "my", "you", "your", "it", "its", "who", "which", "that", "one", "those", "these", "this"])
_GENERIC = frozenset(
    ["expert", "analyst", "official", "professor", "scientist", "researcher", "author", "scholar", "specialist", "academic", "economist", "lawyer", "man", "woman", "politician", "candidate", "diplomat", "minister", "leader", "lawmaker", "senator", "congressman", "congresswoman", "governor", "mayor", "president", "chairman", "coach", "player", "captain", "manager", "spokesman", "spokeswoman", "spokesperson", "writer", "activist", "doctor", "attorney", "judge", "witness", "founder", "director", "veteran", "historian", "engineer", "farmer", "teacher", "actor", "actress", "singer", "businessman", "billionaire", "mogul", "tycoon", "nominee", "hopeful", "frontrunner", "front-runner", "star", "strategist", "commentator"]
)
_ANYBODY = frozenset(
    ["expert", "analyst", "official", "researcher", "scientist", "author", "scholar", "specialist", "academic", "man", "woman", "politician", "leader", "lawmaker", "candidate", "writer", "activist", "veteran"]
)
_DOCUMENTS = frozenset(
    ["report", "study", "poll", "survey", "statement", "document", "documents", "lawsuit", "complaint", "letter", "memo", "article", "paper", "review", "analysis", "indictment", "filing", "law", "bill", "email", "website", "post", "tweet", "message", "ruling", "order", "data", "figures", "results", "findings", "census", "book", "headline", "sign", "caption", "poster", "editorial", "release", "transcript", "video", "audit", "inquiry"]
)
_BODIES = frozenset(
    ["company", "firm", "group", "agency", "ministry", "university", "court", "committee", "commission", "council", "department", "organization", "organisation", "association", "union", "party", "newspaper", "paper", "magazine", "channel", "network", "bank", "board", "institute", "charity", "club", "team", "campaign", "government", "administration", "foundation", "federation", "bureau", "office", "police", "army", "hospital", "school", "museum", "authority", "service", "airline", "regulator", "watchdog", "outlet"]
)
_GOVERNMENTS = frozenset(
    ["washington", "moscow", "beijing", "pyongyang", "tehran", "london", "paris", "berlin", "brussels", "kyiv", "kiev", "seoul", "tokyo", "delhi", "ankara", "riyadh", "jerusalem", "cairo", "canberra", "ottawa", "rome", "madrid", "warsaw", "budapest", "islamabad", "kabul", "baghdad", "damascus", "hanoi", "taipei", "havana", "caracas", "kremlin", "downing"]
)
_ARTICLE = re.compile(r"(?:the|this|that|these|those|a|an|his|her|their|its|our|my)\s+", re.IGNORECASE)
_WITH_PREPOSITION = re.compile(r"\b(?:of|for|at|from|in|to|by|with|on|behind|close|near|about|within|against|among)\s+(?:the\s+)?$", re.IGNORECASE)
_POSSESSED = re.compile(r"\s*(?:['’]s?)\s+\w")
_TRAILING = re.compile(r"[\s,]+(?:who|which|that)$", re.IGNORECASE)
_HEADS = frozenset(["president", "leader", "premier", "chancellor", "prime", "king", "queen", "ruler", "chairman"])
_NEAR = 5
_MEMORY = 16


@dataclass(frozen=True, slots=True)
class Who:
    """The answer: name or mention, title as given, kind, and whether the mention was tied to somebody."""

    name: str
    mention: str
    title: str = ""
    kind: str = ""
    resolved: bool = True
    gender: str = ""


class Resolver:
    """Resolves the sources of one text, in order."""

    def __init__(self, reading: Reading) -> None:
        self.text = reading.text
        self.reading = reading
        self.registry = Registry(self.text)
        self.starts = [sentence.start for sentence in reading.sentences]
        for sentence in reading.sentences:
            for item in sentence.found:
                if item.source and item.sort in ("say", "label", "about"):
                    self.registry.spoken_by(item.source)
        self.known: dict[Span, Who] = {}
        self.mentions = self._mentions()
        self.mention_starts = [at for at, _ in self.mentions]
        self.last: list[tuple[int, Who]] = []

    def _mentions(self) -> list[tuple[int, Entity]]:
        """Every place where a known person is named, in order."""
        found = []
        for at, name, gender in self.registry.runs:
            entity = self.registry.entities.get(name.lower())
            if entity is None and " " not in name:
                entity = self._by_surname(name, at, gender)[0]
            if entity is not None and entity.kind == "person":
                if gender and not entity.gender:
                    entity.gender = gender
                found.append((at, entity))
        return found

    def who(self, item: Found) -> Who | None:
        """The source of an attribution; None where nobody is given."""
        if item.source is None:
            return None
        answer = self.known.get(item.source)
        if answer is None:
            answer = self.known[item.source] = self._resolve(item)
        sentence = self._sentence(item.content[0][0] if item.content else item.source[0])
        if item.sort in ("say", "label", "about", "think", "to") and answer.resolved and item.depth == 0:
            self.last.append((sentence, answer))
        return answer

    def _sentence(self, at: int) -> int:
        return bisect.bisect_right(self.starts, at) - 1

    # -- one mention -----------------------------------------------------------------------------

    def _resolve(self, item: Found) -> Who:
        assert item.source is not None
        start, end = item.source
        mention = " ".join(_TRAILING.sub("", self.text[start:end]).split())
        head_end = self.text.find(",", start, end)
        head = self.text[start : head_end if head_end > start else end]
        head = _TRAILING.sub("", head)
        low = head.strip().lower()
        if item.sort == "label":
            return self._label(mention, start)
        if low in _PRONOUNS:
            return self._pronoun(head.strip(), _PRONOUNS[low], start)
        if low in _OTHER_PRONOUNS:
            return self._plural_pronoun(head.strip(), start)
        title = " ".join(self.text[head_end + 1 : end].split()) if head_end > start else ""
        named = self._named(head, mention, title, start)
        if named is None and title:
            # "the coach, Marta Nowak": the name stands in the apposition.
            match = _RUN.match(title)
            name, _, gender, _ = split_title(match.group()) if match else ("", (), "", 0)
            if match and " " in name and not is_body(name) and (match.end() == len(title) or title[match.end()] in ",(" ):
                named = self._name(name, mention, " ".join(head.split()), gender, head_end, True)
        return named if named is not None else self._described(head.strip(), mention, start)

    def _named(self, head: str, mention: str, title: str, start: int) -> Who | None:
        """A mention whose head is a name."""
        for match in _RUN.finditer(head):
            name, titles, gender, offset = split_title(match.group())
            if not name:
                continue
            before = head[: match.start()]
            behind = head[match.end() :].strip()
            if behind[:1].islower() and " " not in name and self._name_ends(head, match.end()):
                continue
            if _WITH_PREPOSITION.search(before) and not before.lower().startswith(("on ", "in ", "at ")):
                return None
            if _POSSESSED.match(head, match.end()) or (head[match.start() : match.end()].endswith(("'s", "’s")) and head[match.end() :].strip()):
                return None
            if (before.strip() and before.split()[-1].lower() in ("many", "some", "most", "other", "several", "few")) or (
                head[match.end() :].strip()[:1].islower() and not head[match.end() :].strip().startswith(("of ", "from ", "at ", "for ", "with ", "in ", "and ", "on "))
            ):
                return None
            if " and " in head[match.end() :] and _RUN.search(head, match.end()):
                return Who(" ".join(head.split()), mention, "", "collective")
            given = self._title(before, titles)
            return self._name(name, mention, title or given or self._affiliation(head[match.end() :]), gender, start + match.start() + offset, bool(titles))
        return None

    def _name_ends(self, head: str, at: int) -> bool:
        """Whether another name ends a mention ("Energy firm Brightline"), with no preposition in front of it."""
        last = None
        for last in _RUN.finditer(head, at):
            pass
        return last is not None and last.end() >= len(head.rstrip()) and not _WITH_PREPOSITION.search(head[: last.start()])

    def _affiliation(self, rest: str) -> str:
        words = " ".join(rest.split())
        return words if words.startswith(("of ", "from ", "at ")) else ""

    def _title(self, before: str, titles: tuple[str, ...]) -> str:
        words = [word for word in before.split() if word.lower() not in ("the", "a", "an", "but", "and")]
        return " ".join([*words, *(word for word in titles if word.lower() not in HONORIFICS)])

    def _name(self, name: str, mention: str, title: str, gender: str, at: int, titled: bool) -> Who:
        """The fullest name for a name."""
        entity = self.registry.entities.get(name.lower())
        sure = True
        if entity is None and " " not in name:
            entity, sure = self._by_surname(name, at, gender)
        if entity is not None and (entity.kind == "person" or " " in name):
            full = self._fullest(entity)
            kind = "person" if full.kind in ("person", "unknown") else "organisation"
            best = title if len(title) > 3 else max(full.titles, key=len, default=title)
            return Who(full.name if sure else name, mention, best, kind, sure, full.gender)
        if name.lower() in _GOVERNMENTS and not titled:
            return Who(name, mention, title, "government")
        kind = "organisation" if is_body(name) or (not (titled or gender) and name.isupper()) else "person" if titled or gender else ""
        return Who(name, mention, title, kind, sure, gender)

    def _fullest(self, entity: Entity) -> Entity:
        """The longest spelling of one person's name ("Donald J. Trump" for "Donald Trump")."""
        if entity.kind != "person":
            return entity
        twins = [one for one in self.registry.by_surname.get(entity.surname.lower(), [])[:_MEMORY] if one.words[0] == entity.words[0] and one.surname == entity.surname]
        return max(twins, key=lambda one: len(one.name), default=entity)

    def _by_surname(self, name: str, at: int, gender: str) -> tuple[Entity | None, bool]:
        """(person so called, whether that is sure) among those introduced, before if possible."""
        candidates = self.registry.by_surname.get(name.lower().removesuffix("'s").removesuffix("’s"), [])[:_MEMORY]
        if gender:
            candidates = [one for one in candidates if one.gender in ("", gender)]
        if not candidates:
            return None, True
        before = [one for one in candidates if one.introduced < at] or candidates
        surnamed = [one for one in before if one.surname.lower() == name.lower()] or before
        if len({self._fullest(one).name for one in surnamed}) == 1:
            return surnamed[0], True
        recent = max(surnamed, key=lambda one: one.last_before(at))
        return recent, False

    # -- pronouns and descriptions ---------------------------------------------------------------

    def _pronoun(self, word: str, gender: str, at: int) -> Who:
        """"he", "she": the subject or speaker of this or the sentences just before, if one fits."""
        here = self._sentence(at)
        for back in range(here, max(-1, here - _NEAR), -1):
            stop = at if back == here else self.reading.sentences[back].end
            spoke = next((who for place, who in reversed(self.last[-_MEMORY:]) if place == back and who.kind == "person"), None)
            named = self._people_in(self.reading.sentences[back].start, stop)
            fitting = [one for one in named if one.gender in ("", gender)]
            if back < here and spoke is not None and spoke.gender in ("", gender):
                return self._as(spoke, word, gender)
            if fitting:
                entity = fitting[0]
                rivals = {one.name for one in fitting if one.gender == "" or one.gender == gender}
                if entity.gender == "" and len(rivals) > 1 and spoke is None:
                    exact = [one for one in fitting if one.gender == gender]
                    entity = exact[0] if exact else entity
                full = self._fullest(entity)
                return Who(full.name, word, max(full.titles, key=len, default=""), "person", True, entity.gender or gender)
        return Who(word, word, "", "", False, gender)

    def _as(self, who: Who, mention: str, gender: str = "") -> Who:
        return Who(who.name, mention, who.title, who.kind, True, who.gender or gender)

    def _people_in(self, start: int, end: int) -> list[Entity]:
        first = bisect.bisect_left(self.mention_starts, start)
        last = bisect.bisect_left(self.mention_starts, end)
        return [entity for _, entity in self.mentions[first:last]]

    def named_in(self, start: int, end: int) -> list[tuple[str, str]]:
        """(name as it stands, fullest name) of the people named within a span."""
        first = bisect.bisect_left(self.mention_starts, start)
        last = bisect.bisect_left(self.mention_starts, end)
        pairs: dict[str, str] = {}
        for at, entity in self.mentions[first:last]:
            match = _RUN.match(self.text, at, end)
            surface = split_title(match.group())[0] if match else ""
            full = self._fullest(entity).name
            if surface and surface != full:
                pairs[surface] = full
        return list(pairs.items())

    def _plural_pronoun(self, word: str, at: int) -> Who:
        """"they", "it": the last speaker if that was a group or a body; else nobody in particular."""
        low = word.lower()
        here = self._sentence(at)
        if low in ("they", "their", "it", "its", "them") and self.last:
            place, who = self.last[-1]
            wanted = ("collective", "anonymous") if low in ("they", "their", "them") else ("organisation", "government", "document")
            if here - place <= 2 and who.kind in (*wanted, "organisation"):
                return self._as(who, word)
        return Who(word, word, "", "", False)

    def _described(self, head: str, mention: str, at: int) -> Who:
        """A mention without a name as its head."""
        words = head.split()
        lead = words[0].lower() if words else ""
        stem = _ARTICLE.sub("", head, count=1)
        core = re.split(r"\s(?:of|for|at|from|in|to|with|on|who|that|near|close|briefed|familiar|against|about|behind)\b", stem, maxsplit=1)[0]
        noun = core.split()[-1].lower().strip("’'s,") if core.split() else ""
        noun_plain = core.split()[-1].lower().strip(",") if core.split() else ""
        short = " ".join(head.split())
        definite = lead in ("the", "this", "that")
        bare = len(core) == len(stem)
        if definite and bare and noun_plain in ROLES | _GENERIC:
            person = self._by_role(core, noun_plain, lead, at, short)
            return person if person is not None else Who(short, mention, "", "person", False)
        if definite and bare and noun_plain in _BODIES and len(core.split()) == 1:
            return self._body(noun_plain, short, mention, at)
        if noun_plain in _DOCUMENTS or noun in _DOCUMENTS:
            return Who(short, mention, "", "document")
        if "'s" in head or "’s" in head or "s’ " in head:
            return Who(short, mention, "", "organisation" if noun_plain in _BODIES else "")
        if lead in ("a", "an", "one", "another") or (bare and noun_plain in ("spokesman", "spokeswoman", "spokesperson", "source")):
            return Who(short, mention, "", "anonymous")
        if (noun_plain.endswith("s") and not noun_plain.endswith("ss")) or noun_plain in ("people", "police", "men", "women", "some", "many", "others") or lead in ("some", "many", "most", "several", "few", "two", "three"):
            return Who(short, mention, "", "collective")
        if noun_plain in _BODIES or is_body(core):
            return Who(short, mention, "", "organisation")
        return Who(short, mention, "", "", lead not in ("this", "that", "he", "she"))

    def _by_role(self, core: str, role: str, lead: str, at: int, mention: str) -> Who | None:
        """"the US President", "this expert": by title, else the last speaker."""
        modifiers = {word.lower().strip(".") for word in core.split()[:-1]} - {"former", "then", "long-time", "current"}
        here = self._sentence(at)
        if lead == "this" and not modifiers and role in _GENERIC:
            spoke = self._last_person(here)
            if spoke is not None:
                return self._as(spoke, mention)
        matching = []
        for entity in self.registry.people():
            titles = [_spelled(title) for title in entity.titles]
            held = [title for title in titles if re.search(rf"\b{re.escape(role)}\b", title)]
            if not held and role in _HEADS and modifiers:
                held = [title for title in titles if set(title.split()) & _HEADS and set(title.split()) & modifiers]
            if held and (not modifiers or not _clash(modifiers, held)):
                matching.append((entity, any(word in title for word in modifiers for title in held)))
        if matching:
            strong = [entity for entity, exact in matching if exact] or [entity for entity, _ in matching]
            names = {self._fullest(one).name for one in strong}
            spoke = next((who for place, who in reversed(self.last[-_MEMORY:]) if here - place <= 12 and who.name in names), None)
            if lead == "this" and spoke is None:
                spoke = self._last_person(here)
            if spoke is not None:
                return self._as(spoke, mention)
            if len(names) == 1:
                full = self._fullest(strong[0])
                return Who(full.name, mention, max(full.titles, key=len, default=""), "person", True, full.gender)
            near = [entity for place, entity in self.mentions[max(0, bisect.bisect_left(self.mention_starts, at) - 40) :][:40] if place < at and self._fullest(entity).name in names]
            if near and here - self._sentence(near[-1].last_before(at)) <= 3:
                full = self._fullest(near[-1])
                return Who(full.name, mention, max(full.titles, key=len, default=""), "person", True, full.gender)
            return None
        if lead == "this" or (role in _GENERIC and not modifiers):
            spoke = self._last_person(here)
            # Anybody may be "the expert" or "the man"; "the professor" is not the spokesman who spoke last.
            if spoke is not None and (role in _ANYBODY or not spoke.title):
                return self._as(spoke, mention)
        return None

    def _last_person(self, here: int) -> Who | None:
        """The last person who spoke in the sentences just before."""
        return next((who for place, who in reversed(self.last[-_MEMORY:]) if who.kind == "person" and place <= here and here - place <= 8), None)

    def _body(self, noun: str, short: str, mention: str, at: int) -> Who:
        """"the ministry", "the company": the last body so called, or the last body that spoke."""
        bodies = [one for one in self.registry.bodies() if noun in one.name.lower().split() and one.introduced < at]
        if bodies:
            near = max(bodies, key=lambda one: one.last_before(at))
            return Who(near.name, mention, "", "organisation")
        spoke = next((who for place, who in reversed(self.last[-_MEMORY:]) if who.kind == "organisation" and self._sentence(at) - place <= 6), None)
        if spoke is not None and noun in ("company", "firm", "group", "agency", "organization", "organisation", "charity", "outlet", "newspaper", "network", "watchdog", "regulator"):
            return self._as(spoke, mention)
        generic = noun in ("government", "police", "administration", "army", "campaign", "court")
        return Who(short, mention, "", "organisation", generic)

    def _label(self, mention: str, at: int) -> Who:
        """"SMITH:" in a transcript."""
        if mention in ("Q", "A"):
            return Who("interviewer" if mention == "Q" else "A", mention, "", "", mention == "Q")
        name, titles, gender, _ = split_title(mention)
        if not name:
            return Who(mention, mention)
        plain = name.title() if name.isupper() and len(name) > 4 else name
        entity = self.registry.entities.get(plain.lower())
        if entity is None and " " not in plain:
            entity, sure = self._by_surname(plain, at, gender)
            entity = entity if sure else None
        full = self._fullest(entity) if entity is not None else None
        title = max(full.titles, key=len, default="") if full else " ".join(titles)
        shown = full.name if full and not full.name.isupper() else plain
        return Who(shown, mention, title, "person")


_SHORT_TITLES = {
    "prof": "professor", "dr": "doctor", "sen": "senator", "rep": "representative", "gov": "governor", "gen": "general",
    "lt": "lieutenant", "col": "colonel", "sgt": "sergeant", "capt": "captain", "rev": "reverend", "det": "detective",
}


def _spelled(title: str) -> str:
    """A title in lower case, short forms written out: "Prof." as "professor"."""
    return " ".join(_SHORT_TITLES.get(word, word) for word in title.lower().replace(".", "").split())


def _clash(modifiers: set[str], titles: list[str]) -> bool:
    """Whether titles carry other modifiers than the mention: "North Korean" against "US"."""
    for title in titles:
        words = set(title.split())
        if words & modifiers:
            return False
    nations = {"north", "south", "korean", "russian", "chinese", "french", "german", "british", "us", "uk", "american", "iranian", "israeli", "ukrainian", "japanese", "indian"}
    return bool(modifiers & nations) and all(set(title.split()) & (nations - modifiers) for title in titles)
