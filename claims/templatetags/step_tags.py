"""The bar of steps, and passages with the words that were looked for."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from claims.domain.progress import Progress
from claims.web.step_rows import Segment
from claims.web.step_rows import segments as stretches

register = template.Library()


@register.filter
def segments(progress: Progress) -> list[Segment]:
    """The stretches of the bar, from left to right."""
    return stretches(progress)


@register.simple_tag
def marked(text: str, spans: Sequence[Sequence[int]]) -> SafeString:
    """The text, escaped, with the spans in ``<mark>``; spans that overlap or lie outside are left alone."""
    pieces: list[SafeString] = []
    at = 0
    for start, end in sorted((int(span[0]), int(span[1])) for span in spans or ()):
        if at <= start < end <= len(text):
            pieces.append(format_html("{}<mark>{}</mark>", text[at:start], text[start:end]))
            at = end
    pieces.append(format_html("{}", text[at:]))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


@register.simple_tag
def sentence_marked(text: str, span: Sequence[int]) -> SafeString:
    """The text, escaped, with the one sentence that fits best in ``<mark>``."""
    return marked(text, [span] if span else [])
