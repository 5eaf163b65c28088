"""Lines of a page that are not the article: captions, credits, share bars, menus, notices."""

from __future__ import annotations

import re

_SHORT = 14

_RULES: tuple[tuple[str, re.Pattern[str], int], ...] = tuple(
    (reason, re.compile(pattern, re.IGNORECASE), most_words)
    for reason, pattern, most_words in (
        ("caption", r"(?:file photo|file\s*[-–—:]\s|\(?(?:photo|image|picture|video|illustration|graphic|caption)s?\s?(?::|by\b|courtesy|credit)|pictured:|in this (?:\w+\.? \d{1,2}, \d{4},? )?(?:file )?(?:photo|image|picture))", 60),
        ("caption", r".*(?:\(?ap photo\b|\bgetty images\b|\breuters/[A-Z]|\bafp/|(?:photo|image|picture|credit|courtesy)s? ?: ?[^.]{2,60}\.?\)?\s*\|?$|\(photo by [^)]+\)|/(?:ap|afp|epa|getty|reuters)\)?\.?$)", 60),
        ("photo credit", r"(?:credit|source|courtesy)\s?: ?[^.]{2,50}$", 8),
        ("link to other pages", r"(?:read (?:more|also|next|the full|on)|see also|also read|more on this|related(?: (?:articles?|stories|content|news|topics|posts|coverage))?\b\s*(?::|$)|more (?:from|stories|news|coverage)|most (?:read|popular|viewed|shared)|recommended|you (?:may|might) (?:also )?(?:like|be interested)|don't miss|don’t miss|up next|trending|editors?['’] picks?|latest (?:news|stories)|continue reading|keep reading|story continues|article continues|watch(?: now| live)?\s*:|watch\s+more|listen(?: now)?\s*:|click here|tap here|back to top|go deeper|top stories|in pictures\s*:)", 24),
        ("share bar or button", r"(?:share(?: (?:this|on|via|article|story|with|full article).*)?|tweet(?: this)?|facebook|twitter|x|whatsapp|telegram|linkedin|reddit|pinterest|e-?mail(?: this)?|print(?: this)?|copy link|save(?: article| for later)?|bookmark|comments?(?: \(?\d+\)?)?|\d+ (?:comments?|shares?|likes?|retweets?)|like|reply|follow|menu|search|close|skip to .*|sign in|log ?in|register|play(?: video)?|pause|mute|gift this article|listen to this article.*|\d+ min(?:ute)?s? (?:read|listen)|(?:(?:facebook|twitter|whatsapp|email|linkedin|reddit|print|copy link|share)[\s|·•,/]*){2,})[.!]?$", 14),
        ("advertisement", r"(?:advertisement|advertorial|sponsored(?: content| by.*)?|promoted(?: content)?|paid (?:content|post)|ad\b|ads by .*|scroll to continue.*|this advertisement .*|remove ads.*)[.:]?$", 14),
        ("newsletter box", r"(?:sign up (?:for|to)|subscribe|get (?:the|our) (?:latest|best|daily|newsletter|app)|join our|follow us|download (?:the|our)|enter your e-?mail|your e-?mail|support (?:our|independent)|become a (?:member|subscriber|supporter)|donate|already a subscriber|start your free|unlimited access|newsletter\b)", 40),
        ("copyright line", r"(?:©|\(c\) ?\d{4}|copyright\b|all rights reserved|.*\ball rights reserved\b|this (?:material|article) (?:may not be|was originally)|reproduction (?:in whole|without))", 50),
        ("cookie notice", r"(?:we use cookies|this (?:site|website) uses|by (?:clicking|continuing|using) |accept (?:all )?cookies|manage (?:cookies|preferences)|cookie (?:policy|settings)|privacy (?:policy|notice)|terms (?:of|and) )", 60),
        ("byline", r"(?:by|words by|written by|story by|text by|reported by|report by)\s+(?:[A-Z][\w.'’-]+|and|,|&|\||of|the|in|for|[A-Z]{2,})(?:[\s,&|]+(?:[A-Z][\w.'’-]*|and|of|the|in|for|at|\d[\d:/.]*))*$", 16),
        ("editing note", r"\(?(?:(?:additional |further )?(?:reporting|writing|editing|compiled|translated|edited|production) by\b|editor['’]s note\b|this (?:story|article|piece|post) (?:has been|was) (?:updated|amended|corrected|translated|first published)|with (?:files|reporting|contributions?) from|the associated press contributed)", 60),
        ("date line", r"(?:(?:first |last |originally )?(?:published|updated|posted|modified|created)(?: on| at)?\b[:\s].{0,80}|(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?(?:\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{4}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? \d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{2,4})(?:[,\s|·-]+(?:at )?\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?(?: ?[A-Z]{2,4})?)?)\.?$", 16),
        ("menu", r"(?:home|news|world|politics|business|sport|sports|culture|opinion|technology|science|health)(?:\s*[>›»/|·]\s*[\w &-]+)+$|(?:tags?|topics?|filed under|categories|category|keywords|section)\s*:", 30),
    )
)
# The one rule that looks at a whole line: spared where none of its words is there.
_CREDITED = _RULES[1][1]
_CREDITS = ("photo", "image", "picture", "credit", "courtesy", "reuters", "afp", "epa", "getty", "/ap")
_CASE_BYLINE = re.compile(r"(?i:by|words by|written by|story by|text by|report by)\s+[A-ZÀ-Þ]")
_MARKS_ONLY = re.compile(r"[\s|+=_*~:#>.\-–—•·\\/()\[\]!]*$")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAY_MONTH = re.compile(r"(?<!\d)(\d{1,2}) (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? (\d{4})", re.IGNORECASE)
_MONTH_DAY = re.compile(r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (\d{1,2}),? (\d{4})", re.IGNORECASE)


def reason_to_drop(line: str) -> str:
    """Why a line is not part of the article; empty where it is."""
    if _MARKS_ONLY.match(line):
        return "table mark"
    words = line.count(" ") + 1
    if words > 60:
        return ""
    low = line.lower()
    for reason, pattern, most in _RULES:
        if words > most or (pattern is _CREDITED and not any(word in low for word in _CREDITS)):
            continue
        if pattern.match(line):
            if reason == "byline" and not _CASE_BYLINE.match(line):
                continue
            if words > _SHORT and line.rstrip()[-1:] in ".!?”\"" and reason in ("link to other pages", "newsletter box") and not line[:9].lower().startswith(("read more", "sign up")):
                continue
            return reason
    if line.count("|") >= 2 and words < 30:
        return "table"
    return ""


def date_in(line: str) -> str:
    """The first full date in a line, as YYYY-MM-DD; empty where there is none."""
    found = _ISO.search(line)
    if found:
        return _iso(int(found[1]), int(found[2]), int(found[3]))
    found = _DAY_MONTH.search(line)
    if found:
        return _iso(int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1]))
    found = _MONTH_DAY.search(line)
    return _iso(int(found[3]), _MONTHS.index(found[1].lower()) + 1, int(found[2])) if found else ""


def _iso(year: int, month: int, day: int) -> str:
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else ""
