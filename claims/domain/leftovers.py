"""Bringing back a piece that cleaning left out: the text grows, and everything behind the place moves along."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from claims.domain import audit, people, steps
from claims.domain.claims import WORTHY, from_statement
from claims.domain.extraction import statement_row
from claims.enums import Role
from claims.exceptions import InvalidInput, TransitionRefused
from claims.extraction import extract
from claims.models import Article, Claim, Report, Statement


@transaction.atomic
def bring_back(article_id: int, index: int, *, actor: User) -> Article:
    """Put a dropped piece back as a paragraph where it stood, and read it for statements.

    Args:
        article_id: which article.
        index: the piece's place in ``article.dropped``.

    Raises:
        InvalidInput: there is no such article or piece.
        NotAllowed: viewers do not change articles.
        TransitionRefused: a report on this article is public; what readers were shown must not move.
    """
    people.require(actor, Role.REVIEWER)
    article = Article.objects.select_for_update().filter(pk=article_id).first()
    if article is None or not 0 <= index < len(article.dropped):
        raise InvalidInput(_("There is no such piece. It may have been brought back already."), "piece")
    if Report.objects.public().filter(claim__article=article).exists():
        raise TransitionRefused(
            _(
                "A report on this article is public, so its text cannot change. Add the piece as an article of its own."
            )
        )
    piece = article.dropped[index]
    words = str(piece["text"]).strip()
    place, inserted = _insertion(article.text, int(piece.get("before", len(article.text))), words)
    _shift(article, place, len(inserted))
    rest = [item for number, item in enumerate(article.dropped) if number != index]
    article.dropped = [
        {**item, "before": item.get("before", 0) + (len(inserted) if item.get("before", 0) >= place else 0)}
        for item in rest
    ]
    article.text = article.text[:place] + inserted + article.text[place:]
    article.save(update_fields=["text", "dropped"])
    audit.record(
        "article.brought_back", actor=actor, article=article, data={"text": words[:500], "at": place}
    )
    _read(article, place + inserted.index(words), words, actor)
    return article


def _insertion(text: str, before: int, words: str) -> tuple[int, str]:
    """Where the piece goes (at the start of a paragraph, so that no claim is torn) and what is put there."""
    if before >= len(text):
        return len(text), f"\n\n{words}" if text else words
    edge = text.rfind("\n", 0, max(before, 0)) + 1
    return edge, f"{words}\n\n"


def _shift(article: Article, place: int, by: int) -> None:
    """Move every span behind ``place``; spans never cross a paragraph's start, so none is torn."""
    Claim.objects.filter(article=article, start__gte=place).update(start=F("start") + by, end=F("end") + by)
    moved = list(Statement.objects.filter(article=article, start__gte=place))
    for statement in moved:
        statement.start += by
        statement.end += by
        statement.content = [[start + by, end + by] for start, end in statement.content]
        for name in ("speaker_span", "cue_span"):
            span: Any = statement.details.get(name)
            if span:
                statement.details[name] = [value + by if value >= place else value for value in span]
    Statement.objects.bulk_update(moved, ["start", "end", "content", "details"])


def _read(article: Article, place: int, words: str, actor: User) -> None:
    """Statements of the piece, and claims where they are worth checking."""
    position = (Statement.objects.filter(article=article).aggregate(top=Max("position"))["top"] or 0) + 1
    number = (Claim.objects.filter(article=article).aggregate(top=Max("number"))["top"] or 0) + 1
    for offset, found in enumerate(extract(words, clean=False).statements):
        statement = statement_row(article, position + offset, found, place)
        statement.save(force_insert=True)
        if statement.worthiness >= WORTHY and article.language_supported:
            claim = from_statement(article, statement, number, actor)
            claim.save(force_insert=True)
            steps.plan_claim(claim, actor=actor)
            number += 1
