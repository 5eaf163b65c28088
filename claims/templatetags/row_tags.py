"""The rows of the table of claims. Fifty of them were most of the page's time as a template, so they are drawn here.

A row is a function of what it shows and of the language alone, so one that was drawn before is taken from memory: most
claims look the same from one look at the list to the next. Everything is escaped by ``format_html``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from django import template
from django.contrib.auth.models import User
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims.domain.listed import Listed
from claims.enums import ClaimStatus, Priority
from claims.templatetags.claims_tags import due, person_sign, status_badge, verdict_badge, worth_meter
from claims.web import addresses, cells

register = template.Library()

_ROW = (
    '<tr id="r{pk}" data-item tabindex="-1">{tick}<td class="wide"><a class="clamp" data-open href="{address}" dir="auto">'
    '{words}</a><span class="meta"><bdi>{article}</bdi>{tags}</span></td><td>{status}{level}</td>'
    '<td class="name"><bdi>{speaker}</bdi></td><td>{checker}</td><td>{due}</td><td data-label="{priority_label}">{priority}'
    "</td><td>{worth}</td></tr>"
)
# A cell that may be changed is a link to the small page that changes it; with scripts it is changed where it stands.
_CELL = '<a class="cell" href="{}">{}<span class="hidden-label">({})</span></a>'
_URGENT = '<span class="urgent">{}</span>'
_QUIET = '<span class="quiet">{}</span>'
_TICK = (
    '<td class="tick"><label><input type="checkbox" name="claim" value="{}.{}"{} aria-keyshortcuts="x" aria-label="{}">'
    "</label></td>"
)
_PRIORITIES = dict(Priority.choices)
_CHECKED = SafeString(" checked")


@register.simple_tag
def claim_rows(
    rows: Iterable[Listed],
    may_choose: bool,
    ticked: Collection[int] = frozenset(),
    person: User | None = None,
) -> SafeString:
    """The rows of the table, each with a box to choose it where the person ``may_choose``; those ``ticked`` are.

    The cells that ``person`` may change lead to where they are changed.
    """
    language, runs = get_language(), ClaimStatus.with_checker()
    return format_html_join(
        "\n",
        "{}",
        (
            (
                _row(
                    one,
                    due(one.due_at, one.status in runs),
                    may_choose,
                    one.pk in ticked,
                    cells.open_to(one, person),
                    language,
                ),
            )
            for one in rows
        ),
    )


@lru_cache(maxsize=4096)
def _row(
    claim: Listed,
    due_words: str,
    may_choose: bool,
    ticked: bool,
    open_cells: frozenset[str],
    language: str | None,
) -> SafeString:
    """One row; ``due_words`` comes from outside, since it alone changes with the clock."""
    tick = ""
    if may_choose:
        label = _("Choose: %(words)s") % {"words": _cut(claim.wording, 60)}
        tick = format_html(_TICK, claim.pk, claim.version, _CHECKED if ticked else "", label)

    def cell(field: str, shown: str, empty: object = "") -> str:
        if field not in open_cells:
            return shown
        address = addresses.of_claim("claim-cell", claim.pk, field)
        words = cells.invitation(field, claim.number)
        return format_html(_CELL, address, shown or format_html(_QUIET, empty), words)

    tags = format_html_join(" ", '<bdi class="tag">{}</bdi>', ((tag,) for tag in claim.tags))
    urgent = claim.priority == Priority.URGENT
    return format_html(
        _ROW,
        pk=claim.pk,
        tick=tick,
        address=addresses.of_claim("claim", claim.pk),
        words=_cut(claim.wording, 220),
        article=_cut(claim.article, 60),
        tags=cell("tags", tags, _("no tags")),
        status=status_badge(claim.status),
        level=format_html("<br>{}", verdict_badge(claim.level)) if claim.level else "",
        speaker=_cut(claim.speaker_name, 40),
        checker=cell("assignee", person_sign(claim.checker)),
        due=cell("due_at", due_words, _("no date")),
        priority_label=_("Priority"),
        priority=cell(
            "priority",
            format_html(_URGENT if urgent else _QUIET, _PRIORITIES.get(claim.priority, claim.priority)),
        ),
        worth=worth_meter(claim.worthiness),
    )


def _cut(text: str, most: int) -> str:
    """``truncatechars``, which counts signs one by one, only for texts that are longer."""
    return text if len(text) <= most else str(Truncator(text).chars(most))
