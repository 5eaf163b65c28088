"""The signs of the public site for templates: verdict marks, and plain words for gates, sources and fields."""

from __future__ import annotations

import re

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from claims.domain.gates import GATES
from claims.enums import SourceKind, Stance
from claims.models import RatingLevel
from claims.publishing.document import Source
from claims.web.public_report import PLACES

register = template.Library()


@register.simple_tag
def public_icon(place: str) -> SafeString:
    """The mark of a verdict by its place; the word stands beside it."""
    href = f"{static('claims/icons.svg')}#v-{place}"
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


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


@register.simple_tag
def gate_words(key: str) -> str:
    """What a gate asks for, in words."""
    return next((str(gate.label) for gate in GATES if gate.key == key), key)


@register.simple_tag
def source_words(source: Source) -> str:
    """What kind of source it is and what it does to the claim."""
    return f"{SourceKind(source.kind).label}, {str(Stance(source.stance).label).lower()}"


_FIELDS = {
    "headline": _("Headline"),
    "verdict.word": _("Verdict"),
    "verdict.summary": _("Summary"),
    "reasoning_markdown": _("Reasoning"),
    "not_established": _("What we could not establish"),
    "why_checked": _("Why we checked this"),
    "claimant_reply": _("What the speaker says"),
    "claim.quote": _("The claim"),
    "claim.restated": _("The claim, as checked"),
}


@register.simple_tag
def field_words(path: str) -> str:
    """A part of a report in words, from its path in the document."""
    if path in _FIELDS:
        return _FIELDS[path]
    source = re.match(r"sources\[(\d+)\]", path)
    if source:
        return _("Source %(number)s") % {"number": source[1]}
    if path.startswith("short"):
        return _("In short")
    return path.replace("_", " ").replace(".", ": ").capitalize()
