"""From an extraction to rows: every statement is kept, those worth checking become claims."""

from __future__ import annotations

from dataclasses import asdict

from django.utils import timezone
from django.utils.text import slugify

from claims.domain import audit, steps
from claims.domain.claims import WORTHY, from_statement
from claims.enums import ArticleState
from claims.extraction.types import Extraction
from claims.extraction.types import Statement as Found
from claims.models import Article, Claim, Statement, VerificationStep


def store(article: Article, extraction: Extraction, step: VerificationStep | None = None) -> list[Claim]:
    """Store what was found, in the transaction that finishes the extraction step.

    Claims of an earlier extraction stay: people may have worked on them.
    """
    _store_article(article, extraction)
    if article.claims.exists():
        return list(article.claims.all())
    article.statements.all().delete()
    statements = Statement.objects.bulk_create(
        [statement_row(article, position, found) for position, found in enumerate(extraction.statements)]
    )
    claims: list[Claim] = []
    for statement in statements:
        if statement.worthiness >= WORTHY and extraction.language_supported:
            claims.append(from_statement(article, statement, len(claims) + 1, None))
    for claim in claims:
        claim.save(force_insert=True)
        steps.plan_claim(claim)
    audit.record(
        "article.extracted",
        actor=None,
        article=article,
        data={"statements": len(statements), "claims": len(claims), "dropped": len(extraction.dropped)},
    )
    return claims


def _store_article(article: Article, extraction: Extraction) -> None:
    article.text = extraction.text
    article.title = article.title or extraction.title[:500] or extraction.text.split("\n", 1)[0][:120]
    article.language = extraction.language[:12]
    article.language_supported = extraction.language_supported
    article.dropped = [piece.to_dict() for piece in extraction.dropped]
    article.state = ArticleState.READY
    article.problem = ""
    article.extracted_at = timezone.now()
    article.slug = f"{slugify(article.title)[:90] or 'article'}-{article.pk}"
    article.save()


def statement_row(article: Article, position: int, found: Found, shift: int = 0) -> Statement:
    """A found statement as a row, unsaved; ``shift`` is where the text it was found in begins in the article."""
    known = asdict(found)
    extra = ("speaker_kind", "speaker_resolved", "paragraph", "parent", "attribution")
    details = {name: known[name] for name in extra if name in known}
    for name in ("speaker_span", "cue_span"):
        span = known.get(name)
        details[name] = [span[0] + shift, span[1] + shift] if span else None
    return Statement(
        article=article,
        position=position,
        text=found.text,
        start=found.start + shift,
        end=found.end + shift,
        kind=found.kind,
        content=[[start + shift, end + shift] for start, end in found.content],
        speaker=found.speaker[:300],
        speaker_mention=found.speaker_mention[:300],
        speaker_title=found.speaker_title[:300],
        cue=found.cue[:200],
        worthiness=min(max(found.worthiness, 0.0), 1.0),
        reasons=list(found.reasons),
        claim_kinds=list(found.claim_kinds),
        restated=found.restated or "",
        splits=list(found.splits),
        details=details,
    )
