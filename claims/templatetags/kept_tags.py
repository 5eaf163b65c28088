"""Parts of a page that stay the same from one look to the next: drawn once for what they show, then kept in memory."""

from __future__ import annotations

import re
import secrets
from collections.abc import Hashable

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

MOST = 512
# Each look at a page has a CSRF token and an address of its own, so a kept part leaves their places open. The signs of
# these are unlike in each process, so that nobody writes one into an address or a tag and is shown a token in its place.
_TOKENS_PLACE, _ADDRESS_PLACE = (f"\ue000{secrets.token_hex(8)}\ue001" for _place in range(2))
_PLACES = re.compile(f"({_TOKENS_PLACE}|{_ADDRESS_PLACE})")
_kept: dict[Hashable, tuple[str, ...]] = {}


@register.simple_tag(takes_context=True)
def kept(context: template.Context, name: str, *shows: object) -> SafeString:
    """The template ``name``, drawn once for each language and each set of ``shows``.

    Args:
        name: the template. It may use the whole context; ``here`` in it is the address of the page.
        shows: everything it reads that can differ: the numbers, names and rights it shows. What is not among these
            would be shown to the next person too.
    """
    key = (name, get_language(), tuple(_hashable(value) for value in shows))
    parts = _kept.get(key)
    if parts is None:
        parts = _draw(context, name)
        if not context.template.engine.debug:  # type: ignore[union-attr]  # a page is being drawn
            if len(_kept) >= MOST:
                _kept.clear()
            _kept[key] = parts
    return format_html_join("", "{}", ((_filled(context, part),) for part in parts))


def _filled(context: template.Context, part: str) -> str:
    """The part, or what stands in the place that it is. To ask for a token sets a cookie, so only forms do."""
    if part == _TOKENS_PLACE:
        return str(context.get("csrf_token", ""))
    if part == _ADDRESS_PLACE:
        request = context.get("request")  # the page that tells of a fault has none
        return request.get_full_path() if request else ""
    return part


def _draw(context: template.Context, name: str) -> tuple[str, ...]:
    with context.push(csrf_token=_TOKENS_PLACE, here=_ADDRESS_PLACE):
        drawn = context.template.engine.get_template(name).render(context)  # type: ignore[union-attr]  # see above
    # What a template has drawn is escaped; the signs of the places are not among it.
    return tuple(part if _PLACES.fullmatch(part) else SafeString(part) for part in _PLACES.split(drawn))


def _hashable(value: object) -> Hashable:
    if isinstance(value, list | tuple):
        return tuple(_hashable(one) for one in value)
    return value if isinstance(value, str | int | float | frozenset | None) else str(value)
