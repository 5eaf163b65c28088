"""From an extraction to rows: every statement is kept, those worth checking become claims.

A usual article is stored at once, in the transaction that finishes its extraction. Of a long one all parts but the last
are stored before, each in a transaction of its own, so that nobody waits long for SQLite's one place to write. A part
is a run of statements with their claims, steps and an event. The next try of a step that broke off finds the parts that
stand, since the same text gives the same statements, and goes on behind them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from claims.domain import audit, ledger, speakers, steps
from claims.domain.claims import WORTHY, from_statement
from claims.enums import ArticleState, ClaimStatus
from claims.extraction.types import Extraction
from claims.extraction.types import Statement as Found
from claims.models import Article, AuditEvent, Claim, Statement, VerificationStep

# Statements stored in one transaction, and of a long article as long as their claims get steps, which are ten rows each:
# a tenth of a second on a quiet machine.
PART = 300
PART_WITH_STEPS = 50
# Between two parts, so that whoever waits for the database has a turn: SQLite wakes nobody, they look every so often.
PAUSE_SECONDS = 0.2


def store(article: Article, extraction: Extraction, step: VerificationStep | None = None) -> list[Claim]:
    """Store what was found and is not stored yet, in the transaction that finishes the extraction step.

    Claims of an earlier extraction stay: people may have worked on them.
    """
    begun = _standing(article, extraction)
    _set_text(article, extraction)
    _finish_article(article, extraction)
    if begun is None:
        return list(article.claims.all())
    if begun == 0:
        article.statements.all().delete()
    rows = _rows(article, extraction, begun, len(extraction.statements))
    claims = _store_part(article, rows, worthy=extraction.language_supported)
    total = article.claims.count() if begun else len(claims)
    audit.record(
        "article.extracted",
        actor=None,
        article=article,
        data={
            "statements": len(extraction.statements),
            "claims": total,
            "dropped": len(extraction.dropped),
        },
    )
    return claims


def store_ahead(step: VerificationStep, extraction: Extraction) -> None:
    """Store all parts of a long article but the last, each whole or not at all, and only while the step is ours.

    Safe to break off anywhere and to begin again.

    Raises:
        ledger.Fenced: another worker has the step, or it was cancelled.
    """
    article = step.article
    assert article is not None, "an extraction has an article"
    begun = _standing(article, extraction)
    if begun == 0 and article.statements.exists():
        _clear(step, article)
    if begun is None:
        return
    total = len(extraction.statements)
    at, made = begun, article.claims.count()
    while total > PART and at + (size := _size(made)) < total:
        rows = _rows(article, extraction, at, at + size)
        with transaction.atomic():
            ledger.hold(step)
            held = Article.objects.select_for_update().get(pk=article.pk)
            if at == 0:
                _set_text(held, extraction)
                held.save(update_fields=["text", "title", "language", "language_supported"])
            claims = _store_part(held, rows, worthy=extraction.language_supported)
            audit.record(
                "article.part_read",
                actor=None,
                article=held,
                data={"from": at, "statements": len(rows), "claims": len(claims)},
            )
        at, made = at + size, made + len(claims)
        time.sleep(PAUSE_SECONDS)


def _size(made: int) -> int:
    return PART_WITH_STEPS if made < steps.PLANNED_AT_ONCE else PART


def _standing(article: Article, extraction: Extraction) -> int | None:
    """How many statements of this very extraction are stored; None where claims of another stay as they are."""
    if article.extracted_at is not None or not (count := article.statements.count()):
        return None if article.claims.exists() else 0
    stored = article.statements.order_by("position").values_list("position", "start", "end", "text")
    found = [
        (position, row.start, row.end, row.text) for position, row in enumerate(extraction.statements[:count])
    ]
    if article.text == extraction.text and list(stored) == found:
        return count
    return None if _worked_on(article) else 0


def _worked_on(article: Article) -> bool:
    """Whether people did anything with the claims of a reading that broke off: then these stay."""
    touched = article.claims.exclude(status=ClaimStatus.NEW, version=1, added_by=None)
    return touched.exists() or AuditEvent.objects.filter(claim__article=article).exists()


def _clear(step: VerificationStep, article: Article) -> None:
    """Take back the parts of a reading of another text, which broke off and which nobody has worked on."""
    while ids := list(article.claims.order_by("id").values_list("pk", flat=True)[:PART]):
        with transaction.atomic():
            ledger.hold(step)
            Claim.objects.filter(pk__in=ids).delete()
        time.sleep(PAUSE_SECONDS)
    while ids := list(article.statements.order_by("id").values_list("pk", flat=True)[: PART * 10]):
        with transaction.atomic():
            ledger.hold(step)
            Statement.objects.filter(pk__in=ids).delete()
        time.sleep(PAUSE_SECONDS)


def _rows(article: Article, extraction: Extraction, first: int, last: int) -> list[Statement]:
    return [
        statement_row(article, position, found)
        for position, found in enumerate(extraction.statements[first:last], start=first)
    ]


def _store_part(article: Article, rows: Sequence[Statement], *, worthy: bool) -> list[Claim]:
    """Statements, the claims among them, and the steps of these, in a few statements of SQL."""
    stored = Statement.objects.bulk_create(rows)
    wanted = [row for row in stored if worthy and row.worthiness >= WORTHY]
    known = speakers.find_or_make_all((row.speaker, row.speaker_title) for row in wanted)
    top = article.claims.aggregate(top=Max("number"))["top"] or 0
    claims = [
        from_statement(article, row, number, None, known) for number, row in enumerate(wanted, start=top + 1)
    ]
    drafts = [
        draft for claim in claims if claim.number <= steps.PLANNED_AT_ONCE for draft in steps.drafted(claim)
    ]
    Claim.objects.bulk_create(claims)
    steps.promise(drafts)
    return claims


def _set_text(article: Article, extraction: Extraction) -> None:
    article.text = extraction.text
    article.title = article.title or extraction.title[:500] or extraction.text.split("\n", 1)[0][:120]
    article.language = extraction.language[:12]
    article.language_supported = extraction.language_supported


def _finish_article(article: Article, extraction: Extraction) -> None:
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
