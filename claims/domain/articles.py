"""Articles come in: pasted, uploaded or fetched; the same one twice opens the first.

No web request waits for a foreign host or for extraction: the row is stored, ledger steps do the rest.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.domain import audit, notes, notices, people, steps
from claims.domain.locking import note_author_of_read
from claims.enums import ArticleState, IntakeKind, Role
from claims.exceptions import AlreadyHere, DeskError, InvalidInput, TransitionRefused
from claims.integrations import article as readers
from claims.integrations import urls
from claims.models import Article, Claim, VerificationStep
from claims.models.article import LONG_FIELDS

SHORTEST = 80
LONGEST = 1_000_000
# What reports print of an article.
PRINTED = ("title", "outlet", "published_on")


def content_hash(text: str) -> str:
    """SHA-256 of the text with blanks and composition levelled, so that a second paste is recognised."""
    level = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(level.encode("utf-8", "surrogatepass")).hexdigest()


def found(words: str) -> QuerySet[Article]:
    """The articles in whose title, outlet or address every word stands, newest first, without their texts."""
    rows = Article.objects.select_related("added_by").defer(*LONG_FIELDS)
    for word in words.strip()[:200].split()[:6]:
        rows = rows.filter(Q(title__icontains=word) | Q(outlet__icontains=word) | Q(url__icontains=word))
    return rows.order_by("-created_at", "-id")


def receive_text(
    text: str, *, actor: User, title: str = "", outlet: str = "", author: str = "", url: str = "",
    published_on: date | None = None, topic: str = "", intake: str = IntakeKind.PASTED, original_name: str = "",
) -> Article:  # fmt: skip
    """Store a pasted or uploaded article and promise its extraction.

    Raises:
        InvalidInput: no text, too short or too long, or an address that is none, or more than a field holds (``field``
            says which).
        AlreadyHere: the same text or address is stored; ``article_id`` opens it.
        NotAllowed: viewers do not add articles.
    """
    people.require(actor, Role.REVIEWER)
    body = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    _check_length(body)
    normalised = _normalise(url)
    digest = content_hash(body)
    _refuse_known(digest, normalised)
    article = Article(
        title=notes.require_fits(title, "title"), outlet=notes.require_fits(outlet, "outlet"),
        author=notes.require_fits(author, "author"), url=url.strip(), normalised_url=normalised,
        published_on=published_on, topic=notes.require_fits(topic, "topic"), intake=intake,
        original_name=original_name[:255], original_text=body, content_hash=digest, state=ArticleState.EXTRACTING,
        added_by=actor, created_at=timezone.now(),
    )  # fmt: skip
    return _store(article, actor, ("extraction",))


def receive_url(url: str, *, actor: User, topic: str = "") -> Article:
    """Store the wish to read a page and promise the fetch; a page that failed before is tried again.

    Raises:
        InvalidInput: this is no web address.
        AlreadyHere: an article with this address is stored.
    """
    people.require(actor, Role.REVIEWER)
    normalised = _normalise(url)
    if normalised is None:
        raise InvalidInput(_("Enter the address of the article."), "url")
    known = Article.objects.filter(normalised_url=normalised).first()
    if known is not None and known.state == ArticleState.FAILED:
        return retry(known, actor=actor)
    _refuse_known("", normalised)
    article = Article(
        url=url.strip(), normalised_url=normalised, topic=notes.require_fits(topic, "topic"), intake=IntakeKind.FETCHED,
        state=ArticleState.FETCHING, added_by=actor, created_at=timezone.now(),
    )  # fmt: skip
    return _store(article, actor, ("fetch",))


def receive_file(
    content: bytes, filename: str, *, actor: User, content_type: str = "", **fields: Any
) -> Article:
    """Store an uploaded .txt, .html, .docx or .pdf.

    Raises:
        InvalidInput: the file cannot be read; the sentence says why and ``field`` is ``file``.
        AlreadyHere, NotAllowed: as ``receive_text``.
    """
    people.require(actor, Role.REVIEWER)
    if len(content) > settings.MAX_ARTICLE_BYTES:
        raise InvalidInput(
            _("The file is larger than 10 MB. Upload a smaller one, or paste the text."), "file"
        )
    try:
        document = readers.read_document(content, filename, content_type)
    except DeskError as error:
        raise InvalidInput(str(error), "file") from error
    typed = {name: value for name, value in fields.items() if value}
    found = {
        "title": (document.title or "")[:500],  # what the file says of itself, not what somebody typed
        "outlet": (document.outlet or "")[:200],
        "author": (document.author or "")[:300],
        "published_on": document.published,
        "url": document.url or "",
    }
    try:
        return receive_text(
            document.text,
            actor=actor,
            intake=IntakeKind.UPLOADED,
            original_name=filename,
            **{**found, **typed},
        )
    except InvalidInput as error:
        raise InvalidInput(str(error), "file" if error.field == "text" else error.field) from error


@transaction.atomic
def retry(article: Article, *, actor: User) -> Article:
    """Try to fetch or read a failed article once more.

    Raises:
        TransitionRefused: it has not failed.
    """
    people.require(actor, Role.REVIEWER)
    kind = "extraction" if article.original_text else "fetch"
    state = ArticleState.EXTRACTING if article.original_text else ArticleState.FETCHING
    failed = Article.objects.filter(pk=article.pk, state=ArticleState.FAILED)
    if not failed.update(state=state, problem=""):
        raise TransitionRefused(_("This article has not failed, so there is nothing to try again."))
    article.refresh_from_db()
    audit.record("article.retried", actor=actor, article=article)
    latest = VerificationStep.objects.filter(article=article, kind=kind).order_by("-run").first()
    if latest is not None:
        steps.rerun(latest, actor=actor)
    else:
        steps.plan_article(article, kinds=(kind,))
    return article


@transaction.atomic
def supply_text(article_id: int, text: str, *, actor: User, title: str = "") -> Article:
    """Paste the text of an article whose page could not be read; it keeps its address and its history.

    Raises:
        InvalidInput: the article is not waiting for its text, or this is no article's text.
        AlreadyHere: the same text is stored as another article.
    """
    people.require(actor, Role.REVIEWER)
    article = Article.objects.select_for_update().filter(pk=article_id, state=ArticleState.FAILED).first()
    if article is None:
        raise InvalidInput(_("This article has its text already."), "text")
    body = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    _check_length(body)
    digest = content_hash(body)
    if digest != article.content_hash:
        _refuse_known(digest, None)
    Article.objects.filter(pk=article.pk).update(
        original_text=body,
        content_hash=digest,
        title=notes.require_fits(title, "title") or article.title,
        intake=IntakeKind.PASTED,
        state=ArticleState.EXTRACTING,
        problem="",
    )
    article.refresh_from_db()
    audit.record("article.supplied", actor=actor, article=article, data={"sha256": digest})
    latest = VerificationStep.objects.filter(article=article, kind="extraction").order_by("-run").first()
    if latest is not None:
        steps.rerun(latest, actor=actor)
    else:
        steps.plan_article(article, kinds=("extraction",))
    return article


def store_fetched(article: Article, document: readers.Document, step: VerificationStep) -> None:
    """Called in the transaction that finishes a fetch: the page's text arrives, extraction is promised.

    Raises:
        AlreadyHere: the page holds the text of an article that is stored already.
        InvalidInput: the text is too short or too long.
    """
    body = document.text.replace("\x00", "").strip()
    _check_length(body)
    digest = content_hash(body)
    twin = Article.objects.filter(content_hash=digest).exclude(pk=article.pk).first()
    if twin is not None:
        raise AlreadyHere(_("This page holds the text of “%(title)s”, which is here already.") % {"title": twin},
                          twin.pk)  # fmt: skip
    Article.objects.filter(pk=article.pk).update(
        title=article.title or (document.title or "")[:500],
        outlet=article.outlet or (document.outlet or "")[:200],
        author=article.author or (document.author or "")[:300],
        published_on=article.published_on or document.published,
        original_text=body,
        content_hash=digest,
        state=ArticleState.EXTRACTING,
        problem="",
    )
    article.refresh_from_db()
    audit.record("article.fetched", actor=None, article=article, data={"sha256": digest})
    steps.plan_article(article, kinds=("extraction",))


def mark_failed(article: Article, message: str) -> None:
    """The article could not be fetched or read; its page brings the form back with what was typed."""
    Article.objects.filter(pk=article.pk).update(state=ArticleState.FAILED, problem=message)
    article.refresh_from_db()
    event = audit.record("article.failed", actor=None, article=article, reason=message)
    if article.added_by_id:
        text = _("“%(article)s” cannot be read.") % {"article": notices.shorten(str(article))}
        notices.send(
            {article.added_by_id}, "article.failed", text, None, event, address=article.get_absolute_url()
        )


@transaction.atomic
def change_details(article_id: int, *, actor: User, fields: dict[str, Any]) -> Article:
    """Title, outlet, author, date, topic: what is known about the article, never its text.

    Reports print some of it, so whoever changes that while a claim is reviewed has written on the claim; the page says so.

    Raises:
        InvalidInput: more than a field holds; the error names it.
    """
    people.require(actor, Role.REVIEWER)
    fields = {
        name: notes.require_fits(value, name) if name in notes.MOST_OF else value
        for name, value in fields.items()
    }
    asked = Article.objects.get(pk=article_id)
    if any(name in fields and getattr(asked, name) != fields[name] for name in PRINTED):
        note_author_of_read(Claim.objects.filter(article=asked), actor, "article.changed")
    article = Article.objects.select_for_update().get(pk=article_id)
    allowed = ("title", "outlet", "author", "published_on", "topic")
    changed = {
        name: fields[name] for name in allowed if name in fields and getattr(article, name) != fields[name]
    }
    if changed:
        Article.objects.filter(pk=article_id).update(**changed)
        article.refresh_from_db()
        audit.record(
            "article.changed", actor=actor, article=article, data={k: str(v) for k, v in changed.items()}
        )
    return article


def _check_length(body: str) -> None:
    if not body:
        raise InvalidInput(_("Paste the article's text, upload it, or give its address."), "text")
    if len(body) < SHORTEST:
        raise InvalidInput(
            ngettext(
                "%(count)d character is not an article. Paste the whole text.",
                "%(count)d characters are not an article. Paste the whole text.",
                len(body),
            )
            % {"count": len(body)},
            "text",
        )
    if len(body) > LONGEST:
        raise InvalidInput(
            _("The text is longer than a million characters. Paste the article alone."), "text"
        )
    letters = sum(character.isalpha() for character in body[:5000])
    if letters < min(len(body), 5000) * 0.3:
        raise InvalidInput(_("This does not read like an article. Paste its words."), "text")


def _normalise(url: str) -> str | None:
    if not url.strip():
        return None
    try:
        return urls.normalise(url.strip())
    except DeskError as error:
        raise InvalidInput(str(error), "url") from error


def _refuse_known(digest: str, normalised: str | None) -> None:
    same = None
    if digest:
        same = Article.objects.select_related("added_by").filter(content_hash=digest).first()
    if same is None and normalised:
        same = Article.objects.select_related("added_by").filter(normalised_url=normalised).first()
    if same is not None:
        raise AlreadyHere(
            _("This article is here already, added by %(who)s on %(date)s.")
            % {
                "who": people.display_name(same.added_by),
                "date": timezone.localdate(same.created_at).isoformat(),
            },
            same.pk,
        )


def _store(article: Article, actor: User, kinds: tuple[str, ...]) -> Article:
    try:
        with transaction.atomic():
            article.save(force_insert=True)
            base = slugify(article.title)[:90] or "article"
            Article.objects.filter(pk=article.pk).update(slug=f"{base}-{article.pk}")
            article.slug = f"{base}-{article.pk}"
            audit.record("article.received", actor=actor, article=article, data={"intake": article.intake})
            steps.plan_article(article, kinds=kinds)
    except IntegrityError:
        # Two people pasted the same article at the same moment: the second one gets the first one's.
        _refuse_known(article.content_hash or "", article.normalised_url)
        raise
    return article
