"""The people and bodies that an article names, with the titles it gives them.

Built once per article from runs of capitalised words. The word lists (titles, first names, words that mark
an organisation) are short, written by hand, and only decide between readings that the text leaves open.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field
from functools import lru_cache

from .types import Span

_CAP = r"(?:[A-ZÀ-ÞŁŚŻŠČŽĐ](?:[\w]|['’.-](?=\w))*|(?:[A-Z]\.){1,3})"
_PARTICLE = r"(?:de|del|della|di|da|dos|la|le|van|von|der|den|ter|al|el|bin|ibn|bint|ben|abu|y|e|zu|of the|of|and the|for|al-)"
_ABBREVIATED = r"(?:Mr|Mrs|Ms|Mx|Dr|Prof|Sens?|Reps?|Gov|Gen|Sgt|Lt|Col|Capt|Rev|Hon|Adm|Det|Maj|Cmdr|St|Insp)\."
_RUN = re.compile(rf"(?<![\w’'-])(?:al-)?(?:{_ABBREVIATED}|{_CAP})(?:[ \u00a0](?:{_PARTICLE}[ \u00a0])?(?:{_ABBREVIATED}|{_CAP})){{0,7}}")

HONORIFICS = {"mr": "m", "mr.": "m", "sir": "m", "lord": "m", "mrs": "f", "mrs.": "f", "ms": "f", "ms.": "f", "miss": "f",
              "lady": "f", "dame": "f", "madam": "f", "mx": "", "dr": "", "dr.": "", "prof": "", "prof.": ""}
ROLES = frozenset(
    ["president", "vice-president", "chairman", "chairwoman", "chair", "chairperson", "premier", "chancellor", "minister", "secretary", "senator", "sen", "representative", "rep", "congressman", "congresswoman", "governor", "gov", "mayor", "judge", "justice", "general", "gen", "colonel", "col", "captain", "capt", "lieutenant", "lt", "sergeant", "sgt", "major", "admiral", "professor", "doctor", "ambassador", "envoy", "spokesman", "spokeswoman", "spokesperson", "director", "chief", "leader", "king", "queen", "prince", "princess", "pope", "bishop", "archbishop", "cardinal", "rabbi", "imam", "sheikh", "reverend", "rev", "father", "sister", "commissioner", "councillor", "councilor", "councilman", "councilwoman", "attorney", "lawyer", "prosecutor", "economist", "analyst", "expert", "researcher", "scientist", "author", "reporter", "journalist", "correspondent", "editor", "columnist", "anchor", "host", "coach", "captain", "striker", "midfielder", "goalkeeper", "manager", "founder", "co-founder", "ceo", "executive", "officer", "deputy", "inspector", "detective", "superintendent", "sheriff", "constable", "speaker", "candidate", "nominee", "diplomat", "official", "adviser", "advisor", "aide", "strategist", "pollster", "activist", "campaigner", "actor", "actress", "singer", "director", "producer", "coroner", "historian", "biologist", "physicist", "epidemiologist", "virologist", "hydrologist", "geologist", "ecologist", "engineer", "architect", "resident", "witness", "teacher", "nurse", "farmer", "student", "businessman", "businesswoman", "billionaire", "dean", "rector", "fellow", "head", "secretary-general", "lawmaker", "legislator", "politician", "mp", "member", "treasurer", "curator", "conductor", "painter", "writer", "novelist", "poet", "critic", "trainer", "swimmer", "runner", "player", "defender", "winger", "referee", "pilot", "driver", "fisherman", "baker", "owner", "partner", "organiser", "organizer", "volunteer", "chancellor", "counsel", "defendant", "plaintiff", "climatologist", "seismologist", "botanist", "zoologist", "statistician", "sociologist", "psychologist", "therapist", "surgeon", "physician", "vet", "veterinarian", "midwife", "boss", "physio", "physiotherapist", "skipper", "goalie", "umpire", "chef", "artist", "filmmaker", "musician", "rapper", "composer", "photographer", "chemist", "astronomer", "meteorologist", "oceanographer", "anthropologist", "psychiatrist", "mathematician", "criminologist", "archaeologist", "paleontologist", "palaeontologist", "neuroscientist", "oncologist", "cardiologist", "paediatrician", "pediatrician", "toxicologist", "solicitor", "barrister", "magistrate", "ombudsman", "backbencher", "presenter", "broadcaster", "blogger", "shopkeeper", "landlord", "neighbour", "neighbor", "survivor", "pastor", "priest", "vicar", "principal", "headteacher", "provost", "lecturer", "pensioner", "commander", "brigadier", "corporal", "jockey", "cyclist", "boxer", "golfer", "gymnast", "paramedic", "firefighter", "policeman", "policewoman", "soldier", "veteran", "monk", "nun"]
)
_ORGANISATION = frozenset(
    ["university", "college", "school", "institute", "institution", "committee", "commission", "council", "court", "department", "ministry", "agency", "bureau", "office", "party", "association", "society", "union", "federation", "league", "foundation", "fund", "bank", "company", "corporation", "corp", "inc", "ltd", "llc", "group", "trust", "service", "services", "authority", "board", "center", "centre", "church", "army", "navy", "police", "guard", "senate", "house", "congress", "parliament", "assembly", "cabinet", "times", "post", "journal", "herald", "tribune", "news", "press", "television", "tv", "radio", "network", "magazine", "daily", "guardian", "gazette", "club", "museum", "hospital", "airlines", "airways", "organization", "organisation", "nations", "alliance", "coalition", "campaign", "administration", "programme", "program", "project", "team", "forum", "network", "reuters", "cnn", "bbc", "nbc", "abc", "cbs", "afp", "upi", "observatory", "laboratory", "lab", "academy", "survey", "registry", "archive", "archives", "charity", "line", "railways", "works", "water", "energy", "industries", "holdings", "partners", "ventures", "observatory", "chamber", "secretariat", "directorate", "inspectorate", "tribunal", "bar", "consortium"]
)
_PLACE = frozenset(
    ["street", "road", "avenue", "river", "lake", "mountain", "mount", "island", "islands", "sea", "ocean", "bay", "city", "county", "state", "north", "south", "east", "west", "new", "peninsula", "valley", "coast", "square", "bridge", "airport", "station", "province", "district", "region", "republic", "kingdom", "states", "port", "saint", "san", "los", "las", "el", "santa", "united", "great", "upper", "lower", "central", "cape", "gulf", "beach", "hill", "hills", "park", "forest"]
)
_NOT_NAMES = frozenset(
    ["the", "a", "an", "this", "that", "these", "those", "it", "he", "she", "they", "we", "i", "you", "his", "her", "their", "its", "our", "my", "in", "on", "at", "by", "for", "from", "with", "to", "of", "as", "and", "or", "but", "if", "when", "while", "after", "before", "since", "until", "although", "though", "because", "so", "yet", "however", "meanwhile", "instead", "then", "now", "still", "also", "both", "all", "some", "many", "most", "no", "not", "one", "two", "three", "four", "five", "what", "who", "why", "how", "where", "here", "there", "each", "every", "according", "under", "during", "between", "among", "despite", "once", "perhaps", "later", "earlier", "today", "yesterday", "tomorrow", "only", "even", "just", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "yes", "no", "well", "oh", "experts", "analysts", "officials", "critics", "supporters", "scientists", "researchers", "police", "voters", "photo", "image", "republican", "republicans", "democrat", "democrats", "democratic", "americans", "american", "british", "french", "german", "russian", "chinese", "european", "african", "asian", "christian", "muslim", "jewish", "islamic", "more", "read", "asked", "speaking", "despite", "last", "next", "another", "other", "such", "like", "unlike", "about", "over", "several", "half", "let", "our", "thank", "thanks", "please", "question", "answer", "speaker", "interviewer", "host", "english", "spanish", "internet", "catholic", "god", "people", "residents", "witnesses"]
)
_MALE = frozenset(
    ["james", "john", "robert", "michael", "william", "david", "richard", "joseph", "thomas", "charles", "christopher", "daniel", "matthew", "anthony", "mark", "donald", "steven", "paul", "andrew", "joshua", "kenneth", "kevin", "brian", "george", "edward", "ronald", "timothy", "jason", "jeffrey", "ryan", "jacob", "gary", "nicholas", "eric", "jonathan", "stephen", "larry", "justin", "scott", "brandon", "benjamin", "samuel", "gregory", "frank", "alexander", "raymond", "patrick", "jack", "dennis", "jerry", "tyler", "aaron", "jose", "adam", "nathan", "henry", "peter", "zachary", "douglas", "harold", "bill", "bob", "jim", "joe", "tom", "mike", "dan", "dave", "steve", "ted", "tim", "ben", "sam", "nick", "tony", "chris", "matt", "greg", "jeff", "ken", "ron", "don", "ed", "fred", "bernie", "barack", "mitt", "marco", "rand", "jeb", "luis", "carlos", "juan", "miguel", "pedro", "antonio", "francisco", "jorge", "ahmed", "mohammed", "muhammad", "mohamed", "ali", "hassan", "hussein", "omar", "ivan", "vladimir", "dmitri", "sergei", "leonid", "boris", "igor", "pavel", "jan", "lars", "erik", "hans", "karl", "klaus", "wolfgang", "pierre", "jean", "jacques", "francois", "marc", "luc", "giovanni", "marco", "mario", "paolo", "kenji", "akira", "hiroshi", "takeshi", "shinzo", "rahul", "raj", "arjun", "vikram", "simon", "martin", "neil", "ian", "alan", "graham", "colin", "stuart", "keith", "philip", "harry", "oliver", "noah", "liam", "ethan", "lucas", "mason", "logan", "oscar", "hugo", "felix", "max", "leo", "tomas", "anders", "bjorn", "sven", "nils", "emil", "mateusz", "piotr", "andrzej", "tariq", "yusuf", "ibrahim", "kwame", "kofi", "tunde", "emeka"]
)
_FEMALE = frozenset(
    ["mary", "patricia", "jennifer", "linda", "elizabeth", "barbara", "susan", "jessica", "sarah", "karen", "lisa", "nancy", "betty", "margaret", "sandra", "ashley", "kimberly", "emily", "donna", "michelle", "carol", "amanda", "dorothy", "melissa", "deborah", "stephanie", "rebecca", "sharon", "laura", "cynthia", "kathleen", "amy", "angela", "shirley", "anna", "brenda", "pamela", "emma", "nicole", "helen", "samantha", "katherine", "christine", "debra", "rachel", "carolyn", "janet", "catherine", "maria", "heather", "diane", "ruth", "julie", "olivia", "joyce", "virginia", "victoria", "kelly", "lauren", "christina", "joan", "evelyn", "judith", "megan", "andrea", "cheryl", "hannah", "jacqueline", "martha", "gloria", "teresa", "ann", "sara", "madison", "frances", "kathryn", "janice", "jean", "abigail", "alice", "julia", "judy", "sophia", "grace", "denise", "amber", "doris", "marilyn", "danielle", "beverly", "isabella", "theresa", "diana", "natalie", "brittany", "charlotte", "marie", "kayla", "hillary", "carly", "nikki", "ivanka", "melania", "angela", "theresa", "ursula", "ingrid", "astrid", "freya", "greta", "elena", "olga", "natasha", "svetlana", "irina", "fatima", "aisha", "leila", "layla", "yasmin", "amina", "mei", "yuki", "sakura", "keiko", "priya", "anita", "deepa", "lucia", "carmen", "rosa", "ana", "sofia", "camila", "ines", "chloe", "zoe", "eva", "nina", "clara", "ella", "lucy", "kate", "jane", "sally", "sue", "beth", "claire", "fiona", "moira", "niamh", "siobhan", "bridget", "agnes", "marta", "magdalena", "katarzyna", "zofia", "ewa", "hana", "petra", "jana", "ngozi", "amara", "zainab"]
)
_MOST = 200
_FAMILY_FIRST = frozenset(
    ["kim", "xi", "moon", "lee", "park", "chen", "wang", "li", "zhang", "liu", "yang", "huang", "zhao", "wu", "zhou", "mao", "deng", "hu", "nguyen", "tran", "pham", "le", "vo", "choi", "jung", "yoon", "kang", "han", "son", "lim", "ho", "lam", "wong", "chan", "cheung", "tsai", "ma", "sun", "guo", "lin"]
)


@dataclass(slots=True)
class Entity:
    """A person or body: the fullest name, its places, and what the article calls it."""

    name: str
    kind: str
    places: list[int] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    gender: str = ""
    introduced: int = 0

    def last_before(self, at: int) -> int:
        """The last place of the name in front of an offset; -1 where there is none."""
        index = bisect.bisect_left(self.places, at)
        return self.places[index - 1] if index else -1

    @property
    def words(self) -> list[str]:
        """The words of the name."""
        return self.name.split()

    @property
    def surname(self) -> str:
        """The word by which the person is called later on."""
        words = self.words
        if len(words) > 1 and words[0].lower() in _FAMILY_FIRST and words[0].lower() != "ho" and words[1].lower() not in _MALE | _FEMALE:
            return words[0]
        while len(words) > 1 and words[-1].rstrip(".").lower() in ("jr", "sr", "ii", "iii", "iv"):
            words = words[:-1]
        return words[-1]


class Registry:
    """All named people and bodies of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.entities: dict[str, Entity] = {}
        self.by_surname: dict[str, list[Entity]] = {}
        self._people: list[Entity] | None = None
        self._bodies: list[Entity] | None = None
        self.runs: list[tuple[int, str, str]] = []
        for match in _RUN.finditer(text):
            self._note(match.group(), match.start())
        self._unknown: dict[str, list[Entity]] = {}
        for entity in self.entities.values():
            if entity.kind == "unknown":
                self._unknown.setdefault(entity.surname.lower(), []).append(entity)
            if entity.kind == "person":
                keys = {entity.surname.lower(), entity.words[0].lower(), entity.words[-1].lower()}
                for key in keys:
                    self.by_surname.setdefault(key, []).append(entity)

    def _note(self, run: str, start: int) -> None:
        name, titles, gender, offset = split_title(run)
        if not name:
            return
        self.runs.append((start + offset, name, gender))
        words = name.split()
        if len(words) < 2 or len(words) > 6:
            return
        key = name.lower()
        entity = self.entities.get(key)
        if entity is None:
            entity = self.entities[key] = Entity(name, _kind(words, bool(titles or gender)), introduced=start + offset)
            entity.gender = gender or _gender(words[0])
        entity.places.append(start + offset)
        if gender and not entity.gender:
            entity.gender = gender
        if len(entity.titles) >= 8:
            return
        before = self.text[max(0, start - 48) : start]
        title = " ".join([_title_before(before), *titles]).strip()
        if title:
            entity.titles.append(title)
            if entity.kind == "unknown":
                entity.kind = "person"
        behind = self.text[start + len(run) : start + len(run) + 110]
        apposition = _APPOSITION.match(behind)
        if apposition:
            entity.titles.append(apposition[1].strip())
            if entity.kind == "unknown":
                entity.kind = "person"

    def people(self) -> list[Entity]:
        """Named people, in the order in which they are introduced; the first few hundred."""
        if self._people is None:
            self._people = [one for one in self.entities.values() if one.kind == "person"][:_MOST]
        return self._people

    def bodies(self) -> list[Entity]:
        """Named organisations, in the order in which they are introduced; the first few hundred."""
        if self._bodies is None:
            self._bodies = [one for one in self.entities.values() if one.kind == "body"][:_MOST]
        return self._bodies

    def spoken_by(self, span: Span) -> None:
        """Notes that a name stands where a speaker does: an unknown one is then taken for a person."""
        found = _RUN.search(self.text, *span)
        if not found:
            return
        name = split_title(found.group())[0]
        entity = self.entities.get(name.lower())
        if entity is None and name and " " not in name:
            twins = self._unknown.get(name.lower(), ())
            entity = twins[0] if len(twins) == 1 else None
        if entity is not None and entity.kind == "unknown":
            entity.kind = "person"
            self._people = None
            for key in {entity.surname.lower(), entity.words[0].lower(), entity.words[-1].lower()}:
                self.by_surname.setdefault(key, []).append(entity)


_APPOSITION = re.compile(
    r",? ?(?:\([^)]{1,30}\))?,\s((?:an? |the |who is |former |author of |head of |director of |president of |professor |chief |"
    r"co-|deputy |senior |lead |its |his |her )[^.;:\"“”\n]{3,90}?)(?=,|\.|;|\s?[\"“]|\s(?:said|says|told|wrote|added)\b|$)"
)
_BEFORE_TITLE = re.compile(
    r"((?:(?:former|deputy|vice|acting|then|special|senior|chief|prime|foreign|[A-ZÀ-Þ][\w.’'-]*|[a-z]{3,14})[ -]){0,3})"
    r"([A-Za-z-]+)[ \u00a0]$"
)


@lru_cache(maxsize=8192)
def split_title(run: str) -> tuple[str, tuple[str, ...], str, int]:
    """(name, titles in front of it, gender told by them, offset of the name in the run)."""
    words = run.split(" ")
    titles: list[str] = []
    gender = ""
    at = 0
    while words:
        low = words[0].lower().rstrip(".,")
        stripped = low.removesuffix("'s").removesuffix("’s")
        if low in HONORIFICS:
            gender = HONORIFICS[low] or gender
            titles.append(words[0])
        elif low in ROLES or (low in ("prime", "vice", "former", "acting", "deputy", "foreign", "attorney") and len(words) > 1 and words[1].lower().rstrip(".") in ROLES) or (low in ("us", "u.s", "uk", "eu", "un", "u.k") and len(words) > 1 and (words[1].lower().rstrip(".") in ROLES or words[1].lower() in ("vice", "special", "secretary", "state"))):
            titles.append(words[0])
        elif low == "of" and titles:
            # "Minister of Transport Piet Hoekman": the last two words are the name, if so many are left.
            rest = words[1:]
            at += sum(len(word) + 1 for word in words[: len(words) - 2]) if len(rest) >= 3 else 0
            words = rest[-2:] if len(rest) >= 3 else []
            break
        elif low in _NOT_NAMES and stripped == low:
            titles = []
        else:
            break
        at += len(words[0]) + 1
        words = words[1:]
    while words and words[-1].lower() in _NOT_NAMES:
        words = words[:-1]
    if words and words[0] in ("of", "for"):
        return "", tuple(titles), gender, at
    last = words[-1] if words else ""
    for ending in ("'s", "’s"):
        if last.endswith(ending):
            words[-1] = last[:-2]
    if "of" in words[2:]:
        # "David Nakamura of the Post": the name of a person ends before "of".
        cut = words.index("of", 2)
        named = gender or titles or words[0].lower() in _MALE | _FEMALE
        if named or not any(word.lower() in _ORGANISATION or word.lower() in _PLACE or word.lower().endswith("s") for word in words[:cut]):
            words = words[:cut]
    if len(words) > 1 and words[-1].lower() in ROLES:
        return "", tuple(titles), gender, at
    name = " ".join(words).rstrip("’'")
    return name, tuple(titles), gender, at


def _title_before(before: str) -> str:
    """The role word right before a name, with its modifiers ("North Korean leader")."""
    match = _BEFORE_TITLE.search(before)
    if not match or match[2].lower().rstrip(".") not in ROLES:
        return ""
    modifiers = [word for word in match[1].split() if word[0].isupper() or word in ("former", "deputy", "vice", "acting", "special", "senior", "chief", "prime", "foreign")]
    modifiers = [word for word in modifiers if word.lower() not in _NOT_NAMES or (word[0].isupper() and word.lower() in ("american", "british", "french", "german", "russian", "chinese", "european"))]
    return " ".join([*modifiers, match[2]])


def _gender(first: str) -> str:
    low = first.lower()
    return "m" if low in _MALE else "f" if low in _FEMALE else ""


def _kind(words: list[str], titled: bool) -> str:
    """person, body, place or unknown."""
    low = [word.lower().rstrip(".") for word in words]
    if any(word in _ORGANISATION for word in low):
        return "body"
    if "of" in low or "for" in low or "the" in low or "and" in low:
        return "body"
    if titled or low[0] in _MALE or low[0] in _FEMALE:
        return "person"
    if low[0] in _PLACE or low[-1] in _PLACE:
        return "place"
    if any(len(word) > 1 and word.isupper() and "." not in word for word in words):
        return "body"
    return "unknown"


def is_body(name: str) -> bool:
    """Whether a name looks like that of an organisation."""
    words = name.split()
    return bool(words) and (_kind(words, False) == "body" or (len(words) == 1 and words[0].isupper() and len(words[0]) > 1))
