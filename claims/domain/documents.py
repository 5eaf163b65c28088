"""From the rows of a claim to the report document, and the fingerprint of what an approval is for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Required, TypedDict, Unpack

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import spoken, statements
from claims.domain.people import display_name
from claims.enums import ArchiveState, ChangeKind, StepOutcome, StepState
from claims.models import (
    Claim,
    DeskSettings,
    Evidence,
    Page,
    RatingLevel,
    Report,
    ReportVersion,
    RightOfReply,
    Verdict,
    VerificationStep,
)
from claims.publishing import document as doc
from claims.steps import registry

if TYPE_CHECKING:
    from claims.domain.gate_checks import Dossier

CONTEXT_CHARACTERS = 300
RELATED = 4
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "yi", "dv", "ckb"})
_OUTCOMES = {
    StepOutcome.FOUND: "ok",
    StepOutcome.NOTHING_FOUND: "no_result",
    StepOutcome.NOT_APPLICABLE: "not_applicable",
    StepOutcome.NOT_CONFIGURED: "not_configured",
    StepOutcome.UNAVAILABLE: "unavailable",
    StepOutcome.FAILED: "failed",
    StepOutcome.OUT_OF_DATE: "stale",
}


class Frozen(TypedDict, total=False):
    """What a version has beside what the claim's rows say."""

    slug: Required[str]
    version: Required[int]
    change: Required[str]
    authors: Required[Iterable[User]]
    second_readers: Required[Iterable[User]]
    published_at: Required[datetime]
    history: Required[Sequence[doc.HistoryEntry]]
    notice: doc.Notice | None
    retracted: bool


def fingerprint(dossier: Dossier) -> str:
    """SHA-256 of everything a second reader read: verdict, evidence, reply, wording, its article, exceptions."""
    claim, verdict, reply = dossier.claim, dossier.verdict, dossier.reply
    article = claim.article
    content = {
        "claim": [claim.text, claim.restated, claim.speaker_name, claim.speaker_role, str(claim.said_on), claim.said_where],
        "article": [article.title, article.outlet, article.url, str(article.published_on), claim.topic],
        "verdict": [verdict.level_id, *(getattr(verdict, name) for name in verdict.TEXT_FIELDS)] if verdict else [],
        "evidence": [
            [item.number, item.title, item.publisher, item.url, item.where, item.quote, item.stance, item.kind,
             item.origin, item.interests, str(item.accessed_on),
             *([item.anonymous_reason] if item.anonymous else [])]
            for item in sorted(dossier.evidence, key=lambda item: item.number)
        ],
        "reply": [reply.contacted, str(reply.asked_on), reply.channel, reply.answer, reply.not_contacted_reason]
        if reply
        else [],
        "exceptions": sorted((gate, row.reason) for gate, row in dossier.exceptions.items()),
    }  # fmt: skip
    if claim.speaker is not None and claim.speaker.same_as:
        content["speaker"] = [claim.speaker.same_as]
    if dossier.media is not None:
        media = dossier.media
        content["media"] = [media.kind, sorted(media.categories), media.appearance, media.original_context,
                            media.original_link]  # fmt: skip
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode("utf-8")).hexdigest()


def build(dossier: Dossier, **frozen: Unpack[Frozen]) -> doc.ReportDocument:
    """The report document of this claim as it stands, complete and ready to be frozen, in the words of its language."""
    verdict = dossier.verdict
    with spoken.speaking((verdict.language if verdict else "") or dossier.desk.language):
        return _build(dossier, **frozen)


def _build(
    dossier: Dossier,
    *,
    slug: str,
    version: int,
    change: str,
    authors: Iterable[User],
    second_readers: Iterable[User],
    published_at: datetime,
    history: Sequence[doc.HistoryEntry],
    notice: doc.Notice | None = None,
    retracted: bool = False,
) -> doc.ReportDocument:
    claim, verdict = dossier.claim, dossier.verdict
    assert verdict is not None and verdict.level is not None, "the gates have seen them"
    from claims.domain import gates  # the gates ask for a draft of this document

    desk = dossier.desk
    language = verdict.language or desk.language
    methodology = dossier.pages.get(Page.Kind.METHODOLOGY)
    return doc.ReportDocument(
        uid=str(claim.pk),
        slug=slug,
        version=version,
        change=change,
        language=language,
        direction="rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr",
        headline=verdict.headline or verdict.summary,
        claim=_claim(dossier),
        verdict=_verdict(verdict.level, verdict.summary, dossier.levels),
        desk=desk_of(desk),
        published_at=published_at,
        modified_at=max(doc.noted_change(tuple(history)), published_at),
        short=tuple(str(line) for line in verdict.bullets if str(line).strip()),
        why_checked=verdict.why_checked,
        reasoning_markdown=verdict.reasoning,
        claimant_reply=reply_sentence(dossier.reply, claim.speaker_name),
        not_established=verdict.not_established,
        how_checked=tuple(_steps(dossier.steps)),
        sources=tuple(_source(item) for item in sorted(dossier.evidence, key=lambda item: item.number)),
        authors=tuple(doc.Person(name=display_name(person)) for person in authors),
        second_readers=tuple(doc.Person(name=display_name(person)) for person in second_readers),
        methodology_version=str(methodology.newest) if methodology else "",
        exceptions=tuple(
            doc.GateException(gate=row.gate, reason=row.reason, by=display_name(row.person))
            for row in gates.set_aside(dossier)
        ),
        interests=verdict.interests,
        related=related_to(dossier),
        history=tuple(history),
        notice=notice,
        retracted=retracted,
        topics=(claim.topic,) if claim.topic else (),
        media=_media(dossier),
    )


def desk_settings() -> DeskSettings:
    """The desk's switches; the defaults where nobody has saved them."""
    return statements.one(DeskSettings, 1) or DeskSettings(pk=1)


def draft(dossier: Dossier) -> doc.ReportDocument:
    """The document as it would come out now; the verdict needs a rating. Nothing is written."""
    claim, verdict = dossier.claim, dossier.verdict
    assert verdict is not None, "there is something to show"
    now = timezone.now()
    return build(
        dossier, slug="draft", version=1, change=ChangeKind.FIRST, authors=[claim.assignee or verdict.saved_by],
        second_readers=[claim.second_reader] if claim.second_reader else [], published_at=now,
        history=[doc.HistoryEntry(number=1, kind=ChangeKind.FIRST, at=now)],
    )  # fmt: skip


def related_to(dossier: Dossier) -> tuple[doc.Related, ...]:
    """Other reports that stand in public: of the same article, then of the same speaker."""
    claim = dossier.claim
    found = sorted(dossier.related, key=lambda row: row.claim.article_id != claim.article_id)
    return tuple(_related(row, claim) for row in found[:RELATED])


def reports_beside(claim: Claim) -> list[Report]:
    """The newest public reports of its article and speaker, with the versions that stand."""
    near = Q(claim__article_id=claim.article_id)
    if claim.speaker_id:
        near |= Q(claim__speaker_id=claim.speaker_id)
    rows = (
        Report.objects.standing().filter(near).exclude(claim=claim).select_related("current_version", "claim")
    )
    return list(rows.order_by("-published_at", "-id")[:20])


def _related(row: Report, claim: Claim) -> doc.Related:
    assert row.current_version is not None and row.published_at is not None, "standing reports have both"
    other = doc.ReportDocument.from_json(row.current_version.document)
    return doc.Related(
        title=other.headline,
        url=f"{settings.SITE_URL}{row.get_absolute_url()}",
        relation="same_article" if row.claim.article_id == claim.article_id else "same_speaker",
        verdict_word=other.verdict.word,
        published_on=timezone.localdate(row.published_at),
    )


def desk_of(desk: DeskSettings) -> doc.Desk:
    """The publisher as a report names it."""
    site = settings.SITE_URL

    def page(kind: str) -> str:
        return f"{site}{reverse('page', args=[kind])}"

    host = site.split("//")[-1].split(":")[0]
    return doc.Desk(
        name=desk.name,
        url=f"{site}/",
        tag_authority=f"{host},2026",
        methodology_url=page(Page.Kind.METHODOLOGY),
        corrections_url=page(Page.Kind.CORRECTIONS),
        funding_url=page(Page.Kind.FUNDING),
        about_url=page(Page.Kind.ABOUT),
        scale_url=f"{page(Page.Kind.METHODOLOGY)}#scale",
    )


def reply_sentence(reply: RightOfReply | None, speaker: str) -> str:
    """What the page says about the speaker's answer, made from the record so that the two cannot differ."""
    if reply is None:
        return ""
    who = speaker or _("The speaker")
    if not reply.contacted:
        return _("%(who)s was not asked for comment. Reason: %(reason)s.") % {
            "who": who,
            "reason": spoken.within(str(reply.get_not_contacted_reason_display())),
        }
    asked = _("We asked %(who)s on %(date)s%(channel)s.") % {
        "who": who,
        "date": spoken.day(reply.asked_on),
        "channel": f" ({reply.channel})" if reply.channel else "",
    }
    if reply.answer.strip():
        on = (
            _("The answer, of %(date)s:") % {"date": spoken.day(reply.answered_on)}
            if reply.answered_on
            else _("The answer:")
        )
        return f"{asked} {on} {reply.answer.strip()}"
    if reply.deadline:
        return f"{asked} {_('No answer had come by %(date)s.') % {'date': spoken.day(timezone.localdate(reply.deadline))}}"
    return f"{asked} {_('No answer had come when this was published.')}"


def history_of(versions: Iterable[ReportVersion]) -> list[doc.HistoryEntry]:
    """The public history from the frozen versions, oldest first."""
    entries = []
    for row in sorted(versions, key=lambda version: version.number):
        own = doc.ReportDocument.from_json(row.document).history
        entries.append(next(entry for entry in own if entry.number == row.number))
    return entries


def _claim(dossier: Dossier) -> doc.CheckedClaim:
    claim = dossier.claim
    article = claim.article
    speaker = None
    if claim.speaker_name:
        same_as = (claim.speaker.same_as,) if claim.speaker and claim.speaker.same_as else ()
        speaker = doc.Speaker(name=claim.speaker_name, role=claim.speaker_role, same_as=same_as)
    return doc.CheckedClaim(
        quote=claim.text,
        restated=claim.restated if claim.restated != claim.text else "",
        how_read=dossier.verdict.how_read if dossier.verdict else "",
        where=claim.said_where,
        speaker=speaker,
        said_on=claim.said_on or article.published_on,
        article=doc.ArticleRef(
            title=article.title,
            outlet=article.outlet,
            url=article.url,
            published_on=article.published_on,
            copy_sha256=article.content_hash or "",
        ),
        appearances=(article.url,) if article.url else (),
        context_before=article.text[max(0, claim.start - CONTEXT_CHARACTERS) : claim.start],
        context_after=article.text[claim.end : claim.end + CONTEXT_CHARACTERS],
        start=claim.start,
        end=claim.end,
    )


def _media(dossier: Dossier) -> doc.MediaReview | None:
    media = dossier.media
    if media is None:
        return None
    return doc.MediaReview(
        categories=tuple(media.categories),
        media_type=media.kind,
        appearance=media.appearance,
        original_context=media.original_context,
        original_link=media.original_link,
    )


def levels_of(verdict: Verdict | None) -> list[RatingLevel]:
    """The levels of the scale that this verdict was chosen from, lowest first; none without a rating."""
    if verdict is None or verdict.level is None:
        return []
    return list(RatingLevel.objects.filter(scale=verdict.level.scale, off_scale=False).order_by("value"))


def _verdict(level: RatingLevel, summary: str, on_scale: Sequence[RatingLevel]) -> doc.Verdict:
    values = [item.value for item in on_scale if item.value is not None]
    return doc.Verdict(
        key=level.key,
        word=level.word,
        summary=summary,
        position=level.value,
        worst=min(values) if level.value is not None else None,
        best=max(values) if level.value is not None else None,
        definition=level.definition,
        scale_name=level.scale.name,
        scale_version=level.scale.version,
        levels=tuple(
            doc.ScaleLevel(position=item.value or 0, key=item.key, word=item.word, definition=item.definition)
            for item in on_scale
        ),
    )


def _source(item: Evidence) -> doc.Source:
    archive = doc.Archive(state="none", reason=str(_("no copy was kept")))
    if item.archive_state == ArchiveState.INDEPENDENT:
        archive = doc.Archive(state="independent", url=item.archive_url)
    elif item.archive_state == ArchiveState.OWN_COPY and item.snapshot is not None:
        archive = doc.Archive(
            state="own_copy", sha256=item.snapshot.sha256, captured_at=item.snapshot.taken_at
        )
    return doc.Source(
        number=item.number,
        title=item.title,
        publisher=item.publisher,
        url=item.url,
        where=item.where,
        kind=item.kind,
        stance=item.stance,
        quote=item.quote,
        origin=item.origin,
        accessed=item.accessed_on,
        archive=archive,
        interests=item.interests,
        anonymous=item.anonymous,
        anonymous_reason=item.anonymous_reason if item.anonymous else "",
    )


def steps_of(claim_id: int) -> list[VerificationStep]:
    """Of each kind of step the one that was done last, with its result."""
    rows = VerificationStep.objects.filter(claim_id=claim_id, state=StepState.DONE).select_related("result")
    return list({row.kind: row for row in rows.order_by("run", "id")}.values())


def _steps(rows: Iterable[VerificationStep]) -> list[doc.CheckStep]:
    return [
        doc.CheckStep(
            label=spoken.in_english(registry.label(row.kind)),
            outcome=_OUTCOMES[StepOutcome(row.result.outcome)],
            outcome_words=row.result.summary,
            ran_on=timezone.localdate(row.result.finished_at),
            tool=row.result.source,
            model=str(row.result.params.get("model", "")),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class PublicPage:
    """One of the pages on how the desk works: its newest version, and whether any of them has words."""

    newest: int
    written: bool


def public_pages() -> dict[str, PublicPage]:
    """All of them by kind, in one query."""
    rows = Page.objects.order_by().values_list("kind")
    counted = rows.annotate(newest=Max("version"), written=Max("version", filter=~Q(body="")))
    return {kind: PublicPage(newest, written is not None) for kind, newest, written in counted}
