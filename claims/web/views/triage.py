"""The parts of the reader that a decision changes: the card, its marks, the bar with the last result."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from claims.exceptions import DeskError
from claims.models import Claim
from claims.web import answers, cards, problems
from claims.web.wording import said


def decided(request: HttpRequest, claim: Claim, action: str) -> HttpResponse:
    """The changed parts after a decision, and which claim comes next."""
    rail = cards.rail(claim.article, answers.person_of(request), cards.Place(claim=claim.pk))
    card = rail.card(claim.pk)
    following = claim if card is not None and not card.decided else rail.after(claim)
    sentence = said(claim, action)
    if following is None:
        sentence += " " + _("Every claim is decided.")
    elif following is not claim:
        sentence += " " + _("Next: claim %(number)s.") % {"number": following.number}
    return _parts(request, claim, rail, sentence, following)


def refused(request: HttpRequest, claim: Claim, error: DeskError) -> HttpResponse:
    """The fresh card and the sentence of the refusal; the claim stays the current one."""
    claim.refresh_from_db()
    rail = cards.rail(claim.article, answers.person_of(request), cards.Place(claim=claim.pk))
    return _parts(request, claim, rail, str(error), claim, problems.status_of(error))


def _parts(
    request: HttpRequest,
    claim: Claim,
    rail: cards.Rail,
    sentence: str,
    following: Claim | None,
    status: int = 200,
) -> HttpResponse:
    paragraphs = cards.marked(claim.article, rail.cards, rail.part)
    context = {
        "article": claim.article,
        "card": rail.card(claim.pk),
        "marks": cards.marks_of(paragraphs, claim.pk),
        "tally": rail.tally,
        "said": sentence,
        "refused": status != 200,
        "following": following,
        "elsewhere": following is not None and rail.card(following.pk) is None,
        "reasons": cards.decline_reasons(),
        "oob": True,
    }
    return render(request, "partials/_reader_changed.html", context, status=status)
