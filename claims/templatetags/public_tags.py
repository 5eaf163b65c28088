"""The signs of the public site for templates: verdict marks, and plain words for gates, sources and fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.util import find_spec
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from claims.domain import spoken
from claims.domain.gates import GATES
from claims.enums import SourceKind, Stance
from claims.models import RatingLevel
from claims.publishing.document import Source
from claims.web.public_report import PLACES, ReportPage

register = template.Library()


@register.simple_tag
def public_icon(place: str) -> SafeString:
    """The mark of a verdict by its place; the word stands beside it."""
    href = f"{static('claims/icons.svg')}#v-{place}"
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.simple_tag
@cache
def pdf_offered() -> bool:
    """Whether this installation has the extra that writes PDF; looked for without loading it."""
    return find_spec("weasyprint") is not None


@register.simple_tag
def verdict_class(level: RatingLevel) -> str:
    """The place of a rating: its key where that is one of the five, else by its number, ``off`` without one."""
    if level.value is None:
        return "off"
    known = level.key.replace("_", "-")
    return known if known in PLACES else PLACES[min(max(level.value, 1), 5) - 1]


@register.simple_tag
def public_icon_of(level: RatingLevel) -> SafeString:
    """The mark of a rating."""
    return public_icon(verdict_class(level))


@register.filter
def bdi(words: str) -> SafeString:
    """Words that may run the other way than the sentence around them, kept apart from its signs."""
    return format_html("<bdi>{}</bdi>", words)


@register.filter
def quoted(words: str) -> str:
    """Somebody's words between the marks of the language that is spoken around them."""
    return _("“%(words)s”") % {"words": words}


@register.filter
def machine_time(moment: date | datetime) -> str:
    """A day or a time to the second, as HTML wants it in ``datetime``."""
    return moment.isoformat(timespec="seconds") if isinstance(moment, datetime) else moment.isoformat()


@register.simple_tag
def in_english(it_is: object) -> str:
    """The attributes of a part whose words are English on a page in another language; nothing elsewhere."""
    return format_html(' lang="{}" dir="ltr"', "en") if it_is else ""


@register.simple_tag
def page_language() -> str:
    """The language of the page's own words, where a report does not say another."""
    return spoken.now()


@register.simple_tag
def page_direction() -> str:
    """The direction of the page's own words."""
    return "rtl" if get_language_bidi() else "ltr"


@register.simple_tag
def in_page_words(language: str) -> str:
    """The attributes of the page's own words within a text in ``language``; nothing where the text is in the page's."""
    if language.replace("_", "-").split("-")[0].lower() == spoken.now():
        return ""
    return format_html(' lang="{}" dir="{}"', spoken.now(), page_direction())


@register.simple_tag
def became() -> str:
    """The arrow from what was to what is now, in the direction in which the page is read."""
    return "←" if get_language_bidi() else "→"


@register.filter
def day(value: date | datetime | None) -> str:
    """A day as the language of the report writes it, where the desk is."""
    return spoken.day(timezone.localtime(value) if isinstance(value, datetime) else value)


@register.filter
def minute(value: datetime) -> str:
    """The day and the time, where the desk is."""
    return f"{day(value)}, {timezone.localtime(value):%H:%M}"


@register.simple_tag
def gate_words(key: str) -> str:
    """What a gate asks for, in words."""
    return next((str(gate.label) for gate in GATES if gate.key == key), key)


@register.simple_tag
def name_of_gate(key: str, page: ReportPage) -> SafeString:
    """The same on a report, marked where it stays English on a page in another language."""
    return _named(next((spoken.in_english(gate.label) for gate in GATES if gate.key == key), key), page)


@register.simple_tag
def name_of_step(label: str, page: ReportPage) -> SafeString:
    """The name of a step, as frozen, in the language of the report; marked where it has none there."""
    return _named(label, page)


def _named(english: str, page: ReportPage) -> SafeString:
    words = spoken.name(english)
    return format_html("<strong{}>{}</strong>", in_english(page.is_foreign and words == english), words)


@register.simple_tag
def source_kind(source: Source) -> str:
    """What kind of source it is."""
    return str(SourceKind(source.kind).label)


@register.simple_tag
def source_stance(source: Source) -> str:
    """What the source does to the claim."""
    return spoken.within(str(Stance(source.stance).label))


@register.simple_tag
def count_of(record: Mapping[str, Any], level: RatingLevel) -> int:
    """How many standing reports have this verdict."""
    return int(record["counts"].get(level.key, 0))


_FIELDS = {
    "headline": _lazy("Headline"),
    "language": _lazy("Language"),
    "short": _lazy("If your time is short"),
    "why_checked": _lazy("Why we checked this"),
    "reasoning_markdown": _lazy("What the evidence says"),
    "claimant_reply": _lazy("What the speaker says"),
    "not_established": _lazy("What we could not establish"),
    "interests": _lazy("Our interests"),
    "methodology_version": _lazy("Version of how we work"),
    "retracted": _lazy("Withdrawn"),
    "verdict.key": _lazy("Verdict, as programs name it"),
    "verdict.word": _lazy("Verdict"),
    "verdict.summary": _lazy("The verdict in one sentence"),
    "verdict.position": _lazy("Place on the scale"),
    "verdict.definition": _lazy("Meaning of the verdict"),
    "claim.quote": _lazy("The claim"),
    "claim.restated": _lazy("The claim, as checked"),
    "claim.how_read": _lazy("How we read the claim"),
    "claim.where": _lazy("Where it was said"),
    "claim.said_on": _lazy("When it was said"),
    "claim.speaker.name": _lazy("Speaker"),
    "claim.speaker.role": _lazy("Role of the speaker"),
}
_OF_A_SOURCE = {
    "title": _lazy("title"), "publisher": _lazy("publisher"), "url": _lazy("link"), "where": _lazy("where to find it"),
    "kind": _lazy("kind"), "stance": _lazy("what it does"), "quote": _lazy("quotation"), "origin": _lazy("origin"),
    "accessed": _lazy("seen on"), "interests": _lazy("interests"), "archive": _lazy("kept copy"),
}  # fmt: skip


@register.simple_tag
def field_words(path: str) -> str:
    """A part of a report in words, from its path in the document."""
    if path in _FIELDS:
        return str(_FIELDS[path])
    listed = re.match(r"(\w+)\[(\d+)\]\.?(\w*)", path)
    if listed and listed[1] == "sources":
        part = _OF_A_SOURCE.get(listed[3], listed[3])
        return f"{_('Source %(number)s') % {'number': listed[2]}}{f', {part}' if part else ''}"
    names = {"how_checked": _("Step of the check"), "authors": _("Checked by"), "second_readers": _("Second reader"),
             "exceptions": _("Rule set aside"), "topics": _("Topic")}  # fmt: skip
    if listed and listed[1] in names and listed[3] == "name":
        return names[listed[1]]
    if listed and listed[1] in names:
        return f"{names[listed[1]]} {listed[2]}{f', {listed[3]}' if listed[3] else ''}"
    return names.get(path, path.replace("_", " ").replace(".", ", ").capitalize())
