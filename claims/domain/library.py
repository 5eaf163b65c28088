"""The source library: documents are uploaded or fetched, searched, cited, and taken out again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit, copies, people, steps
from claims.enums import DocumentState, Role, SourceKind
from claims.exceptions import DeskError, InvalidInput, TransitionRefused
from claims.integrations import uploads, urls
from claims.models import DeskSettings, LibraryDocument, Snapshot, VerificationStep
from claims.models.texts import holding
from claims.steps.base import Copy

LIMITS = {"title": 500, "publisher": 300, "note": 5000}
MOST_WORDS = 6
AROUND = 140


@dataclass(frozen=True, slots=True)
class Found:
    """A document of a search, with the words around the first hit and the hits' places in them."""

    document: LibraryDocument
    passage: str = ""
    spans: Sequence[tuple[int, int]] = ()


# --- coming in ----------------------------------------------------------------------------------------------------


def add_file(
    content: bytes,
    filename: str,
    *,
    actor: User,
    content_type: str = "",
    fields: Mapping[str, Any] | None = None,
) -> LibraryDocument:
    """Keep an uploaded document: .txt, .html, .docx, .pdf, .png or .jpg. The same bytes twice are one document.

    Args:
        fields: ``title``, ``publisher``, ``kind``, ``note``; what is left out is looked for in the file.

    Raises:
        NotAllowed: viewers add nothing.
        InvalidInput: the file is too large, cannot be read or is not what its name says (``field`` is ``file``).
    """
    people.require(actor, Role.REVIEWER)
    if len(content) > settings.MAX_ARTICLE_BYTES:
        raise InvalidInput(_("The file is larger than 10 MB. Choose a smaller one."), "file")
    try:
        read = uploads.check(content, filename, content_type)
    except DeskError as error:
        raise InvalidInput(str(error), "file") from error
    known = _known(hashlib.sha256(content).hexdigest())
    if known is not None:
        return known
    values = _cleaned(fields or {})
    name = filename.replace("\x00", "").rsplit("/", 1)[-1].rsplit("\\", 1)[-1][:255]
    values["title"] = values["title"] or read.title[:500] or name
    values["publisher"] = values["publisher"] or read.publisher[:300]
    copy = Copy(content=content, text=read.text, url="", title=values["title"], publisher=values["publisher"],
                content_type=read.content_type)  # fmt: skip
    try:
        with transaction.atomic():
            [kept] = copies.keep([copy])
            document = LibraryDocument.objects.create(
                **values, original_name=name, snapshot=kept, state=DocumentState.READY, added_by=actor,
                created_at=timezone.now(), problem=" ".join(read.warnings),
            )  # fmt: skip
            _note("library.added", document, actor, sha256=kept.sha256)
    except IntegrityError:  # somebody kept the very same file a moment ago
        twin = _known(hashlib.sha256(content).hexdigest())
        if twin is None:
            raise
        return twin
    return document


@transaction.atomic
def add_url(url: str, *, actor: User, fields: Mapping[str, Any] | None = None) -> LibraryDocument:
    """Store the wish to keep a page and promise the fetch. An address that is here already opens its document.

    Raises:
        NotAllowed: viewers add nothing.
        InvalidInput: this is no web address.
    """
    people.require(actor, Role.REVIEWER)
    if not url.strip():
        raise InvalidInput(_("Enter the address of the document, or choose a file."), "url")
    try:
        urls.normalise(url.strip())
    except DeskError as error:
        raise InvalidInput(str(error), "url") from error
    known = LibraryDocument.objects.standing().filter(url=url.strip()).first()
    if known is not None:
        return known if known.state != DocumentState.FAILED else retry(known, actor=actor)
    document = LibraryDocument.objects.create(
        **_cleaned(fields or {}), url=url.strip(), state=DocumentState.FETCHING, added_by=actor,
        created_at=timezone.now(),
    )  # fmt: skip
    _note("library.added", document, actor, url=document.url)
    steps.plan_document(document)
    return document


@transaction.atomic
def retry(document: LibraryDocument, *, actor: User) -> LibraryDocument:
    """Try to fetch a document once more."""
    people.require(actor, Role.REVIEWER)
    if document.state != DocumentState.FAILED:
        raise TransitionRefused(_("This document is here already or on its way."))
    LibraryDocument.objects.filter(pk=document.pk).update(state=DocumentState.FETCHING, problem="")
    document.refresh_from_db()
    latest = VerificationStep.objects.filter(document=document).order_by("-run").first()
    if latest is not None:
        steps.retry_dead(latest, actor=actor)
    else:
        steps.plan_document(document)
    return document


def store_fetched(document: LibraryDocument, copy: Copy, step: VerificationStep) -> None:
    """Called in the transaction that finishes the fetch.

    Raises:
        InvalidInput: another document holds the very same bytes.
    """
    known = _known(hashlib.sha256(copy.content).hexdigest())
    if known is not None and known.pk != document.pk:
        raise InvalidInput(_("The library holds this document already: “%(title)s”.") % {"title": known})
    [kept] = copies.keep([copy])
    LibraryDocument.objects.filter(pk=document.pk).update(
        title=document.title or kept.title[:500] or document.url[:500],
        publisher=document.publisher or kept.publisher,
        snapshot=kept,
        state=DocumentState.READY,
        problem="",
    )
    document.refresh_from_db()
    _note("library.fetched", document, None, sha256=kept.sha256)


def mark_failed(document: LibraryDocument, reason: str) -> None:
    """The document could not be fetched; its page says why."""
    LibraryDocument.objects.filter(pk=document.pk).update(state=DocumentState.FAILED, problem=reason)
    _note("library.failed", document, None, reason=reason)


@transaction.atomic
def change(document_id: int, *, actor: User, fields: Mapping[str, Any]) -> LibraryDocument:
    """Title, publisher, kind and note; never what the document says."""
    people.require(actor, Role.REVIEWER)
    document = _find(document_id)
    values = _cleaned({name: getattr(document, name) for name in (*LIMITS, "kind")} | dict(fields))
    values["title"] = values["title"] or str(document)
    LibraryDocument.objects.filter(pk=document_id).update(**values)
    document.refresh_from_db()
    _note("library.changed", document, actor)
    return document


@transaction.atomic
def take_out(document_id: int, *, actor: User) -> LibraryDocument:
    """Take a document out of the library. What cites it keeps its copy."""
    people.require(actor, Role.REVIEWER)
    document = _find(document_id)
    if document.withdrawn_at is None:
        document.withdrawn_at = timezone.now()
        document.save(update_fields=["withdrawn_at"])
        _note("library.taken_out", document, actor)
    return document


# --- searching ----------------------------------------------------------------------------------------------------


def search(words: str) -> QuerySet[LibraryDocument]:
    """Standing documents in which every word stands, newest first.

    In title, publisher and note it may stand within another; in the text a word begins with it.
    """
    rows = LibraryDocument.objects.standing().select_related("added_by", "snapshot")
    rows = rows.defer("snapshot__content", "snapshot__warc", "snapshot__text")
    for word in words.split()[:MOST_WORDS]:
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(publisher__icontains=word)
            | Q(note__icontains=word)
            | holding(Snapshot, [[word]], "snapshot__")
        )
    return rows.order_by("-created_at", "-id")


def passages(documents: Sequence[LibraryDocument], words: str) -> list[Found]:
    """The documents with the words around the first hit in their text. One query for all."""
    asked = words.split()[:MOST_WORDS]
    if not asked or not documents:
        return [Found(document) for document in documents]
    ids = [document.snapshot_id for document in documents if document.snapshot_id]
    texts = dict(Snapshot.objects.filter(pk__in=ids).values_list("pk", "text"))
    return [_around(document, texts.get(document.snapshot_id or 0, ""), asked) for document in documents]


def _around(document: LibraryDocument, text: str, asked: Sequence[str]) -> Found:
    pattern = re.compile("|".join(re.escape(word) for word in asked), re.IGNORECASE)
    first = pattern.search(text)
    if first is None:
        return Found(document, text[: 2 * AROUND].strip())
    start, end = max(0, first.start() - AROUND), min(len(text), first.end() + AROUND)
    passage = text[start:end]
    return Found(document, passage, [hit.span() for hit in pattern.finditer(passage)])


# --- inner --------------------------------------------------------------------------------------------------------


def _known(sha256: str) -> LibraryDocument | None:
    return LibraryDocument.objects.standing().filter(snapshot__sha256=sha256).first()


def _find(document_id: int) -> LibraryDocument:
    document = LibraryDocument.objects.select_for_update().filter(pk=document_id).first()
    if document is None:
        raise InvalidInput(_("There is no such document."), "document")
    return document


def _cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, limit in LIMITS.items():
        text = str(fields.get(name) or "").replace("\r\n", "\n").replace("\x00", "").strip()
        if len(text) > limit:
            raise InvalidInput(_("This is longer than %(limit)s characters.") % {"limit": limit}, name)
        values[name] = text
    values["kind"] = fields.get("kind") or SourceKind.SECONDARY
    if values["kind"] not in SourceKind.values:
        raise InvalidInput(_("Say what kind of source it is."), "kind")
    return values


def _note(action: str, document: LibraryDocument, actor: User | None, **data: str) -> None:
    reason = data.pop("reason", "")
    DeskSettings.objects.select_for_update().get_or_create(pk=1)  # one writer of the desk's chain at a time
    audit.record(
        action, actor=actor, reason=reason, data={"document": document.pk, "title": str(document), **data}
    )
