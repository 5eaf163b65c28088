"""The bar of steps."""

from __future__ import annotations

from django import template

from claims.domain.progress import Progress
from claims.web.step_rows import Segment
from claims.web.step_rows import segments as stretches

register = template.Library()


@register.filter
def segments(progress: Progress) -> list[Segment]:
    """The stretches of the bar, from left to right."""
    return stretches(progress)
