"""Words that report words: verbs, nouns and phrases, with what may follow each of them.

The lists were written by hand after reading news text and grammars of reporting verbs. A class says
which complement a verb takes, and so how much evidence is needed before it counts as reporting.
"""

from __future__ import annotations

from dataclasses import dataclass

# Says something: any clause behind it, or a quotation on either side of it, is what was said.
SAY = 1
# Holds something to be so: counts with a clause behind it.
THINK = 2
# Says something to somebody, who stands right behind it: told reporters that ...
TELL = 4
# Speaks about something: criticised the plan, called it a mess. What follows is the content.
ABOUT = 8
# Announces an act: vowed to fight, refused to answer.
TO = 16
# Counts only with a quotation or a that-clause beside it: added, continued, found, showed.
WEAK = 32
# May stand behind a quotation in inverted order ("...," said X) but not in front of a bare noun.
QUOTE_ONLY = 64

_CLASSES: dict[int, str] = {
    SAY: "say write note argue explain claim contend assert insist state declare announce report suggest acknowledge "
    "admit concede warn caution predict tweet retweet conclude remark comment stress emphasize emphasise underline "
    "underscore reiterate joke quip lament complain boast brag allege testify recommend reveal disclose confirm "
    "affirm maintain observe point proclaim opine speculate theorize posit email theorise predict retort "
    "counter recount surmise profess confide confess marvel muse caution reckon gush gripe opine hint imply "
    "stipulate attest signal indicate respond reply recall estimate project propose clarify blog intone rant "
    "fume bemoan scoff vent deadpan",
    THINK: "believe think fear hope expect suspect doubt wonder worry realize realise decide determine "
    "agree guess figure assume imagine understand learn rule conclude",
    TELL: "tell encourage inform remind assure reassure advise notify persuade urge ask implore beg exhort",
    ABOUT: "criticize criticise praise call describe accuse blame denounce condemn dismiss reject blast slam defend "
    "mock  deny dispute refute tout decry deride assail denigrate rebuke chide scold ridicule lambaste "
    "lambast hail applaud laud commend salute question challenge oppose endorse support  welcome "
    "propose demand deem label brand dub portray characterize characterise liken cite mention reference refer discuss "
    "echo voice "
    "express predict reject   thank credit bash rip pan trash skewer hammer blast berate vilify "
    "castigate excoriate bemoan rail disparage impugn belittle malign extol vouch allude  "
    "depict decry request advocate",
    TO: "vow pledge promise threaten refuse decline plan hope offer agree intend seek swear vote propose ",
    WEAK: "add continue find show demonstrate read ask repeat answer post see hear hold consider judge "
    "assess teach release issue publish deliver echo share text caption chime interject interrupt "
    "conclude begin finish open stipulate argue prove reflect",
    QUOTE_ONLY: "shout yell scream exclaim whisper mutter murmur chant cry sigh laugh snap shrug smile nod "
    "bellow bark growl grumble demur coo purr croon plead pray blurt sneer scowl crow chuckle grin "
    "urge demand continue elaborate vow pledge promise recite chorus",
}

_IRREGULAR = {
    "say": "said",
    "write": "wrote written",
    "tell": "told",
    "think": "thought",
    "feel": "felt",
    "know": "knew known",
    "find": "found",
    "show": "showed shown",
    "read": "read",
    "mean": "meant",
    "see": "saw seen",
    "hear": "heard",
    "hold": "held",
    "teach": "taught",
    "swear": "swore sworn",
    "seek": "sought",
    "go": "went gone",
    "begin": "began begun",
    "understand": "understood",
    "beg": "begged",
    "brag": "bragged",
    "admit": "admitted",
    "quip": "quipped",
    "refer": "referred",
    "plan": "planned",
    "pan": "panned",
    "rip": "ripped",
    "slam": "slammed",
    "signal": "signaled signalled",
    "label": "labeled labelled",
    "dub": "dubbed",
    "chat": "chatted",
    "blog": "blogged",
    "grin": "grinned",
    "nod": "nodded",
    "plan ": "",
    "snap": "snapped",
    "shrug": "shrugged",
    "retweet": "retweeted",
    "learn": "learned learnt",
}

# Finite forms that are as often nouns ("the reports", "two claims"): need a subject in front and a clause behind.
NOUNISH = frozenset(
    ["claim", "claims", "report", "reports", "state", "states", "note", "notes", "comment", "comments", "estimate", "estimates", "project", "projects", "promise", "promises", "pledge", "pledges", "vow", "vows", "plan", "plans", "hope", "hopes", "fear", "fears", "doubt", "doubts", "worry", "worries", "guess", "figure", "figures", "call", "calls", "question", "questions", "attacks", "challenge", "challenges", "support", "supports", "backs", "demand", "demands", "request", "requests", "praise", "credit", "point", "points", "rule", "rules", "show", "shows", "find", "finds", "feel", "release", "releases", "issue", "issues", "post", "posts", "text", "texts", "mention", "voice", "voices", "blame", "share", "shares", "answer", "answers", "reply", "replies", "response", "tweet", "tweets", "joke", "jokes", "remark", "remarks", "counter", "email", "emails", "signal", "signals", "express", "bash", "brief", "blast", "advocate", "advocates", "seconds", "label", "labels", "brand", "brands", "hail", "salute", "open", "reference", "rebuke", "assumption", "sound", "caution", "read", "hint", "hints", "brag", "offer", "offers", "vote", "votes", "mean", "means", "advance", "reports", "cry", "cries", "laugh", "smile", "snap", "bark", "chorus", "pan", "rip", "crow", "pray", "sign", "project", "read", "dispute", "disputes", "endorse", "applause", "echo", "echoes", "credit", "boast", "boasts", "thanks", "caption", "urge", "urges", "alleged", "reported", "estimated", "projected", "supposed"]
)


@dataclass(frozen=True, slots=True)
class Cue:
    """One inflected form. ``form``: ``fin`` (past or third person), ``base``, ``ing`` or ``pp``."""

    lemma: str
    form: str
    classes: int


def _inflect(lemma: str) -> list[tuple[str, str]]:
    """(word, form) pairs of a verb."""
    forms = [(lemma, "base")]
    past = _IRREGULAR.get(lemma)
    if lemma.endswith("e"):
        third, participle, regular = lemma + "s", lemma[:-1] + "ing", lemma + "d"
    elif lemma.endswith("y") and lemma[-2] not in "aeiou":
        third, participle, regular = lemma[:-1] + "ies", lemma + "ing", lemma[:-1] + "ied"
    else:
        third = lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "o")) else "s")
        participle, regular = lemma + "ing", lemma + "ed"
    doubled = past.split()[0] if past else ""
    if doubled and doubled.startswith(lemma + lemma[-1]):
        participle = lemma + lemma[-1] + "ing"
    forms += [(third, "fin"), (participle, "ing")]
    words = past.split() if past else [regular]
    forms.extend((word, "fin") for word in words)
    return forms


def _lexicon() -> dict[str, Cue]:
    classes: dict[str, int] = {}
    for bit, lemmas in _CLASSES.items():
        for lemma in lemmas.split():
            classes[lemma] = classes.get(lemma, 0) | bit
    table: dict[str, Cue] = {}
    for lemma, bits in classes.items():
        for word, form in _inflect(lemma):
            table.setdefault(word, Cue(lemma, form, bits))
    # "he went on": only with "on" behind it, and beside a quotation.
    table["went"] = table["goes"] = Cue("go", "fin", QUOTE_ONLY)
    table["read"] = Cue("read", "fin", WEAK)
    return table


VERBS: dict[str, Cue] = _lexicon()

# Nouns that take "that": X's claim that ..., the belief that ...
THAT_NOUNS = frozenset(
    ["claim", "claims", "assertion", "assertions", "allegation", "allegations", "belief", "view", "opinion", "argument", "statement", "announcement", "suggestion", "suggestions", "warning", "warnings", "promise", "pledge", "vow", "fear", "fears", "hope", "hopes", "concern", "concerns", "idea", "notion", "conclusion", "finding", "findings", "prediction", "predictions", "contention", "accusation", "accusations", "complaint", "complaints", "insistence", "assurance", "assurances", "acknowledgment", "acknowledgement", "admission", "assumption", "charge", "charges", "criticism", "recommendation", "remark", "remarks", "comment", "comments", "observation", "theory", "speculation", "rumor", "rumors", "rumour", "rumours", "confirmation", "declaration", "denial", "expectation", "expectations", "estimate", "hint", "hints", "indication", "impression", "doubt", "doubts", "guess", "message", "perception", "sentiment", "suspicion", "feeling", "conviction", "consensus", "reports", "revelation", "word", "testimony", "confidence", "optimism", "threat", "threats", "proposal", "argument"]
)
# Nouns that take a preposition, with somebody's name in front: Trump's criticism of ..., his support for ...
OF_NOUNS: dict[str, frozenset[str]] = {
    noun: frozenset(prepositions.split())
    for noun, prepositions in {
        "criticism": "of",
        "criticisms": "of",
        "support": "for of",
        "opposition": "to",
        "attack": "on",
        "attacks": "on",
        "call": "for to",
        "calls": "for to",
        "plan": "to for",
        "plans": "to for",
        "proposal": "to for",
        "proposals": "to for",
        "promise": "to of",
        "promises": "to of",
        "pledge": "to",
        "vow": "to",
        "threat": "to of",
        "threats": "to of",
        "decision": "to",
        "refusal": "to",
        "request": "for",
        "requests": "for",
        "demand": "for",
        "demands": "for",
        "comments": "about on",
        "comment": "about on",
        "remarks": "about on",
        "questions": "about",
        "concerns": "about over",
        "concern": "about over",
        "claims": "of about",
        "claim": "of about to",
        "accusations": "of",
        "accusation": "of",
        "allegations": "of",
        "description": "of",
        "characterization": "of",
        "endorsement": "of",
        "praise": "for of",
        "view": "of on",
        "views": "of on about",
        "opinion": "of on",
        "warning": "of about",
        "warnings": "of about",
        "announcement": "of about",
        "denial": "of",
        "denunciation": "of",
        "condemnation": "of",
        "complaints": "about of",
        "complaint": "about of",
        "fear": "of",
        "fears": "of about",
        "hopes": "of for",
        "rejection": "of",
        "assessment": "of",
        "mockery": "of",
        "doubts": "about",
        "argument": "for against",
        "prediction": "of",
        "predictions": "of",
        "desire": "to for",
        "willingness": "to",
        "intention": "to of",
        "offer": "to",
        "bid": "to",
        "defense": "of",
        "defence": "of",
        "statements": "about on",
        "statement": "about on",
    }.items()
}

AUXILIARIES = frozenset(
    ["has", "have", "had", "is", "are", "was", "were", "be", "been", "being", "will", "would", "could", "should", "may", "might", "must", "can", "do", "does", "did", "'s", "'ve", "'d", "'ll", "’s", "’ve", "’d", "’ll", "also", "later", "then", "just", "even", "once", "never", "not", "n't", "already", "recently", "repeatedly", "previously", "often", "always", "still", "first", "now", "again", "only", "further", "publicly", "privately", "reportedly", "allegedly", "explicitly", "initially", "apparently", "quickly", "immediately", "flatly", "correctly", "famously", "ever", "long", "since", "today", "yesterday", "sometimes", "frequently", "consistently", "strongly", "openly", "formally", "officially", "falsely", "rightly", "wrongly", "merely", "simply", "simultaneously", "subsequently", "similarly", "likewise", "clearly", "regularly", "specifically", "actually", "eventually", "finally", "largely", "reluctantly", "briefly", "angrily", "bluntly", "jokingly", "sarcastically", "notably", "implicitly", "erroneously", "mistakenly", "usually", "generally", "to", "shall", "aren't", "isn't", "wasn't", "weren't", "hasn't", "haven't", "hadn't", "doesn't", "don't", "didn't", "won't", "wouldn't", "cannot", "can't", "couldn't", "aren’t", "isn’t", "wasn’t", "weren’t", "hasn’t", "haven’t", "hadn’t", "doesn’t", "don’t", "didn’t", "won’t", "wouldn’t", "can’t", "couldn’t"]
)
BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "am", "'s", "’s", "isn't", "wasn't", "weren't", "aren't", "isn’t", "wasn’t", "weren’t", "aren’t"])
HAVE = frozenset(["has", "have", "had", "having", "hasn't", "haven't", "hadn't", "hasn’t", "haven’t", "hadn’t", "'ve", "’ve"])
NEGATIONS = frozenset(
    ["not", "never", "n't", "no", "nobody", "none", "neither", "nor", "without", "doesn't", "don't", "didn't", "won't", "wouldn't", "cannot", "can't", "couldn't", "hasn't", "haven't", "hadn't", "isn't", "wasn't", "weren't", "aren't", "shouldn't", "doesn’t", "don’t", "didn’t", "won’t", "wouldn’t", "can’t", "couldn’t", "hasn’t", "haven’t", "hadn’t", "isn’t", "wasn’t", "weren’t", "aren’t", "shouldn’t", "hardly", "rarely"]
)
HYPOTHETICAL = frozenset(["if", "unless", "whether", "might", "could", "should", "would", "may", "must", "cannot", "can"])
# Verbs whose own meaning is a denial, a doubt or a refusal: still speech when they are affirmed.
PRONOUNS = frozenset(["he", "she", "they", "i", "we", "you", "it", "who", "one", "everyone", "everybody", "someone", "somebody", "nobody", "anyone", "people"])
PERSONAL = frozenset(["he", "she", "they", "i", "we", "you", "it"])

# What may stand between a reporting verb and what it reports.
HEARERS = frozenset(["reporters", "journalists", "viewers", "listeners", "supporters", "them", "him", "her", "us", "me", "lawmakers", "voters"])
