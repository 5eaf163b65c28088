"""What the pages of article and claim need beside the desk's own signs."""

from __future__ import annotations

from django import template

register = template.Library()

_OPENING = "\"'“”„‘‚«»「『"


@register.filter
def quoted(words: str) -> str:
    """The words in quotation marks, unless they bring their own."""
    text = words.strip()
    return text if text[:1] in _OPENING else f"“{text}”"
