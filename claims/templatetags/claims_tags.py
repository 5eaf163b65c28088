"""The signs of the desk for templates: status, verdict, worth, person, time, icon, and the buttons of the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.auth.models import User
from django.contrib.messages.storage.base import Message
from django.db.models import Max
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims.domain import people
from claims.domain.listed import Level
from claims.domain.transitions import Move
from claims.enums import Action, ClaimStatus
from claims.models import Claim, RatingLevel
from claims.web import addresses, words
from claims.web.context import Desk
from claims.web.forms_claim import asks_more

register = template.Library()

Rating = RatingLevel | Level
# Where a rating stands on a scale of five; other scales are stretched onto it.
_PLACES = ("false", "mostly-false", "half-true", "mostly-true", "true")

# Moves that ask for a reason and for more than that, so that a small box under the button is not enough.
PAGE_MOVES = frozenset({Action.REASSIGN, Action.OPEN_CORRECTION, Action.PROPOSE_RETRACTION})
# The order in which the obvious next act of a claim is looked for.
_PRIMARY = (
    Action.PUBLISH_CORRECTION,
    Action.PUBLISH,
    Action.APPROVE,
    Action.SUBMIT,
    Action.START,
    Action.TAKE,
    Action.TRIAGE,
)
# Single keys; each button shows its own.
_KEYS = {
    Action.TRIAGE: "a",
    Action.TAKE: "t",
    Action.DECLINE: "d",
    Action.MARK_DUPLICATE: "m",
    Action.UNDO: "u",
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing from the sprite; with a label it is an image of its own, else decoration."""
    return _icon(static("claims/icons.svg"), name, label)


@lru_cache(maxsize=512)
def _icon(sprite: str, name: str, label: str) -> SafeString:
    href = f"{sprite}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.simple_tag
def mending_address(claim: Claim, where: str) -> str:
    """Where what stands in a claim's way is mended: mostly a part of its own page."""
    if where == "settings":
        return reverse("settings")
    here = addresses.of_claim("claim", claim.pk)
    if where == "article":
        return f"{reverse('article-about', args=[claim.article_id])}?next={here}#id_outlet"
    if where.startswith("note-"):
        return addresses.of_claim("claim-note", claim.pk, where.removeprefix("note-"))
    return f"{here}#{where}"


@register.simple_tag
def status_badge(status: str) -> str:
    """The status as circle and word."""
    return _drawn("partials/_badge.html", get_language(), status=status, label=str(ClaimStatus(status).label))


@register.simple_tag
def verdict_badge(level: Rating | None) -> str:
    """The rating as mark and word; nothing while there is none."""
    if level is None:
        return ""
    return _drawn("partials/_verdict.html", get_language(), word=level.word, place=verdict_place(level))


@register.filter
def verdict_place(level: Rating | None) -> str:
    """``true`` … ``false`` for the mark and colour of a rating, ``off`` for a label off the scale."""
    if level is None or level.off_scale or level.value is None:
        return "off"
    known = level.key.replace("_", "-")
    if known in _PLACES:
        return known
    best = _best(level.scale_id)
    return _PLACES[round((level.value - 1) * (len(_PLACES) - 1) / (best - 1))] if best > 1 else "off"


@lru_cache(maxsize=64)
def _best(scale_id: int) -> int:
    """The highest place on a scale. A scale never changes once it is made, so this is asked once."""
    found = RatingLevel.objects.filter(scale_id=scale_id).aggregate(best=Max("value"))["best"]
    return int(found or 0)


@register.simple_tag
def worth_meter(worthiness: float) -> str:
    """How much a claim is worth checking, of 100."""
    return _drawn("partials/_worth.html", get_language(), worth=round(worthiness * 100))


@register.simple_tag
def person(who: User | None, nobody: str = "") -> str:
    """A person's sign and name."""
    return person_sign(people.display_name(who) if who else "", nobody)


def person_sign(name: str, nobody: str = "") -> str:
    """The same from the name; empty for nobody."""
    return _drawn(
        "partials/_person.html",
        get_language(),
        known=bool(name),
        name=name or nobody,
        initials=words.initials_of(name),
    )


@lru_cache(maxsize=4096)
def _drawn(template_name: str, language: str | None, **context: str | int) -> str:
    """A small sign, drawn once for each wording: a list of claims shows the same few hundreds of times."""
    return get_template(template_name).render(context)


@register.simple_tag
def due(moment: datetime | None, running: bool = True) -> SafeString | str:
    """When a claim is due, in words; late in red and with a word. ``running`` is False once nobody waits for it."""
    if moment is None:
        return ""
    late = words.late_words(moment) if running else ""
    return _due(
        moment, late, "" if late else words.day_words(moment), words.full_words(moment), get_language()
    )


@lru_cache(maxsize=4096)
def _due(moment: datetime, late: str, day: str, full: str, language: str | None) -> SafeString:
    """The sign in these words; a list shows the same few moments again and again."""
    said = (
        format_html("{}", late)
        if late
        else format_html('<span class="hidden-label">{}</span> {}', _("due"), day)
    )
    return format_html(
        '<span class="due{}">{}<time datetime="{}" title="{}">{}</time></span>',
        " late" if late else "", icon("clock"), moment.isoformat(), full, said,
    )  # fmt: skip


@register.simple_tag
def when(moment: datetime | None) -> SafeString | str:
    """A time in words, with the full date and zone for machines and on hover."""
    if moment is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        words.full_words(moment),
        words.day_words(moment),
    )


@register.filter
def ago(moment: datetime | None) -> str:
    """How long something has been waiting."""
    return words.ago_words(moment) if moment else ""


@register.simple_tag
def claim_address(name: str, pk: int, action: str = "") -> str:
    """``{% url %}`` for the rows of a long list."""
    return addresses.of_claim(name, pk, action)


@register.filter
def display_name(who: User | None) -> str:
    """The person's name as the desk shows it."""
    return people.display_name(who)


@register.filter
def initials(who: User | None) -> str:
    """Two letters for the person's sign."""
    return words.initials(who)


@register.filter
def unlocalized(number: float) -> str:
    """A number as drawings and machines read it, whatever language people read."""
    return f"{number:g}"


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    """``mapping[key]`` where templates have no other way; None where there is no such key."""
    return mapping.get(key)


@register.inclusion_tag("partials/_moves.html", takes_context=True)
def move_buttons(
    context: template.Context, claim: Claim, moves: Sequence[Move], next: str = ""
) -> dict[str, Any]:
    """The buttons of the door for one claim: the obvious one filled, those that are blocked with their reasons."""
    return _moves(context, claim, moves, next)


@register.filter
def as_verb(sentence: str) -> str:
    """A remedy as a button says it: without the full stop."""
    return sentence.removesuffix(".")


@register.inclusion_tag("partials/_move_menu.html", takes_context=True)
def move_menu(
    context: template.Context, claim: Claim, moves: Sequence[Move], next: str = ""
) -> dict[str, Any]:
    """The same moves as a small menu, for cards and rows."""
    return _moves(context, claim, moves, next)


def _moves(context: template.Context, claim: Claim, moves: Sequence[Move], next: str) -> dict[str, Any]:
    first = primary_move(moves)
    request = context.get("request")
    return {
        "claim": claim,
        "primary": first,
        "moves": [move for move in moves if move is not first],
        "next": next or (request.get_full_path() if request is not None else ""),
        "csrf_token": context.get("csrf_token"),
        "decline_reasons": _house(context).decline_reasons,
    }


def _house(context: template.Context) -> Desk:
    """The desk of the page, which reads its own row once."""
    found = context.get("desk")
    return found if isinstance(found, Desk) else Desk(context["request"])


@register.simple_tag(takes_context=True)
def decline_label(context: template.Context, key: str) -> str:
    """The words of a reason to decline, as the desk lists it."""
    return _house(context).decline_label(key)


def primary_move(moves: Sequence[Move]) -> Move | None:
    """The obvious next act: an allowed one if there is any, else the one that is nearest to being allowed."""
    ranked = [move for action in _PRIMARY for move in moves if move.action == action]
    return next((move for move in ranked if move.allowed), ranked[0] if ranked else None)


@register.filter
def opens_page(move: Move) -> bool:
    """Whether the move asks for more than a reason, or has to be thought about on a page of its own."""
    return (asks_more(move.action) and not move.needs_reason) or move.action in PAGE_MOVES


@register.filter
def key_of(move: Move) -> str:
    """The single key of the move; empty where it has none."""
    return _KEYS.get(move.action, "")


@register.filter
def report_of(message: Message) -> str:
    """The slug of the report that a message tells of (tag ``report-slug``); empty where it tells of none."""
    found = (tag for tag in (message.extra_tags or "").split() if tag.startswith("report-"))
    return next(found, "").removeprefix("report-")


@register.filter
def undo_of(message: Message) -> dict[str, int] | None:
    """``{"claim": …, "version": …}`` of a message that can be taken back (tag ``undo-12-3``)."""
    for tag in (message.extra_tags or "").split():
        name, _dash, rest = tag.partition("-")
        claim, _dash, version = rest.partition("-")
        if name == "undo" and claim.isdecimal() and version.isdecimal():
            return {"claim": int(claim), "version": int(version)}
    return None
