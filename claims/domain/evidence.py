"""Evidence on a claim: add, change, take back. Numbers stay as given, so that citations keep their meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit, copies, notes, steps
from claims.domain import seen as marks
from claims.domain.locking import lock_claim, note_author
from claims.domain.verdicts import require_writer
from claims.enums import ArchiveState, SourceKind, Stance
from claims.exceptions import InvalidInput
from claims.integrations import urls
from claims.models import Claim, Evidence, GateException, LibraryDocument, Snapshot, SourceCheck

TEXTS = {"title": 500, "publisher": 300, "url": 2000, "where": 500, "quote": 20_000, "note": 5_000, "origin": 200,
         "interests": 500, "anonymous_reason": 300}  # fmt: skip


@transaction.atomic
def add_evidence(claim_id: int, *, actor: User, fields: Mapping[str, Any]) -> Evidence:
    """Add a source.

    Args:
        fields: ``title``, ``stance``, ``kind``, one of ``url`` and ``where``; optional ``publisher``, ``quote``,
            ``note``, ``origin``, ``interests``, ``anonymous`` with ``anonymous_reason``, ``accessed_on`` (today where
            left out), ``snapshot`` or ``document`` (id of a document of the library: its copy backs the source, and
            what is left out is taken from it).

    Raises:
        InvalidInput: a field is missing or makes no sense.
        NotAllowed, TransitionRefused: see ``verdicts.require_writer``.
    """
    claim = lock_claim(claim_id)
    require_writer(claim, actor)
    fields = _from_document(fields)
    values = _cleaned(fields)
    values |= _backing(values["quote"], fields.get("snapshot"))
    top = Evidence.objects.filter(claim=claim).aggregate(top=Max("number"))["top"] or 0
    item = Evidence.objects.create(
        claim=claim, number=top + 1, position=top + 1, added_by=actor, created_at=timezone.now(),
        **values,
    )  # fmt: skip
    _noted(claim, item, actor, "evidence.added", unnamed=item.anonymous)
    return item


@transaction.atomic
def change_evidence(
    evidence_id: int, *, actor: User, fields: Mapping[str, Any], seen: str | None = None
) -> Evidence:
    """Change a source; parts that are left out stay.

    Args:
        fields: as for ``add_evidence``.
        seen: the mark of the source that the form was opened on, see ``domain.seen``; None compares nothing.

    Raises:
        Conflict: somebody saved it after that.
        InvalidInput, NotAllowed, TransitionRefused: as for ``add_evidence``.
    """
    item, claim = _find(evidence_id)
    require_writer(claim, actor)
    marks.require(item, seen)
    kept = {name: getattr(item, name) for name in (*TEXTS, "stance", "kind", "accessed_on", "anonymous")}
    fields = _from_document(fields)
    values = _cleaned({**kept, **fields})
    if values["url"] == item.url:
        values |= _backing(values["quote"], fields.get("snapshot") or item.snapshot, item.archive_state)
    else:  # copy, archive link and the latest look belong to the page that was cited before
        values |= {"archive_state": ArchiveState.NONE, "archive_url": "", "quote_found": None}
        values |= _backing(values["quote"], fields.get("snapshot"))
        SourceCheck.objects.filter(evidence=item).delete()
    other = any(values[name] != getattr(item, name) for name in ("title", "publisher", "url", "where"))
    unnamed = values["anonymous"] and (other or not item.anonymous)
    Evidence.objects.filter(pk=item.pk).update(**values)
    for name, value in values.items():
        setattr(item, name, value)
    _noted(claim, item, actor, "evidence.changed", unnamed=unnamed)
    return item


@transaction.atomic
def withdraw_evidence(evidence_id: int, *, actor: User, reason: str = "") -> Evidence:
    """Take a source back. Its number is not given again, and the timeline keeps it.

    Raises:
        InvalidInput: no such source, or a reason that cannot be kept.
    """
    reason = notes.require_short(reason, "reason")
    item, claim = _find(evidence_id)
    require_writer(claim, actor)
    if item.withdrawn_at is None:
        item.withdrawn_at = timezone.now()
        item.save(update_fields=["withdrawn_at"])
        _noted(claim, item, actor, "evidence.withdrawn", reason)
    return item


@transaction.atomic
def arrange_evidence(claim_id: int, order: list[int], *, actor: User) -> None:
    """Put the sources into this order (ids); those left out keep their place behind, and those of other claims theirs.

    The order is the report's, so whoever makes it has written on the claim.
    """
    claim = lock_claim(claim_id)
    require_writer(claim, actor)
    ours = set(Evidence.objects.filter(claim=claim).values_list("pk", flat=True))
    kept = [pk for pk in dict.fromkeys(order) if pk in ours]
    for position, pk in enumerate(kept, start=1):
        Evidence.objects.filter(pk=pk).update(position=position)
    note_author(claim, actor, "evidence.arranged")
    audit.record("evidence.arranged", actor=actor, claim=claim, data={"order": kept})


def _find(evidence_id: int) -> tuple[Evidence, Claim]:
    item = Evidence.objects.filter(pk=evidence_id).first()
    if item is None:
        raise InvalidInput(_("There is no such source."), "evidence")
    claim = lock_claim(item.claim_id)
    item.refresh_from_db()
    return item, claim


def _noted(
    claim: Claim, item: Evidence, actor: User, act: str, reason: str = "", *, unnamed: bool = False
) -> None:
    """Author, steps and event; ``unnamed`` says that a source without a name came about by this."""
    note_author(claim, actor, act)
    steps.plan_claim(claim)  # what looks at evidence looks again
    data: dict[str, Any] = {"number": item.number, "title": item.title}
    if unnamed:
        # An editor agreed to the sources that stood there, not to one that came later.
        GateException.objects.filter(claim=claim, gate="anonymous_consent").delete()
        data["unnamed"] = True
    audit.record(act, actor=actor, claim=claim, reason=reason, data=data)


def _from_document(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields, with what a document of the library knows about itself where they say nothing."""
    given = dict(fields)
    chosen = given.pop("document", None)
    if not chosen:
        return given
    document = LibraryDocument.objects.readable().select_related("snapshot").filter(pk=chosen).first()
    if document is None:
        raise InvalidInput(_("This document is not in the library any more. Choose another one."), "file")
    given["snapshot"] = document.snapshot
    given["title"] = given.get("title") or str(document)
    given["publisher"] = given.get("publisher") or document.publisher
    given["url"] = given.get("url") or ("" if given.get("where") else document.url)
    if not given["url"] and not given.get("where"):
        given["where"] = _("File kept by this desk: %(name)s") % {"name": document.original_name or document}
    return given


def _backing(quote: str, snapshot: Snapshot | None, state: str = ArchiveState.NONE) -> dict[str, Any]:
    """The copy behind a source, and whether the quoted words stand in it."""
    if snapshot is None:
        return {"snapshot": None}
    kept = ArchiveState.OWN_COPY if state == ArchiveState.NONE else state
    return {
        "snapshot": snapshot,
        "archive_state": kept,
        "quote_found": copies.words_found(quote, snapshot),
    }


def wrong(fields: Mapping[str, Any]) -> Iterator[InvalidInput]:
    """All that keeps a source from being saved as it was typed, field by field, so that a form can say it at once."""
    for name, limit in TEXTS.items():
        if len(_text_of(fields, name)) > limit:
            yield InvalidInput(_("This is longer than %(limit)s characters.") % {"limit": limit}, name)
    url = _text_of(fields, "url")
    if not url and not _text_of(fields, "where"):
        yield InvalidInput(_("Enter a link, or say where the source can be found."), "url")
    if url and (fault := urls.why_not_printed(url)):
        yield InvalidInput(fault, "url")
    if not _text_of(fields, "title"):
        yield InvalidInput(_("Enter a title, so that readers know what this is."), "title")
    if fields.get("stance") not in Stance.values:
        yield InvalidInput(_("Say what the source does to the claim."), "stance")
    if fields.get("kind") not in SourceKind.values:
        yield InvalidInput(_("Say what kind of source it is."), "kind")
    if (fields.get("accessed_on") or timezone.localdate()) > timezone.localdate():
        yield InvalidInput(_("That day has not come yet."), "accessed_on")


def _text_of(fields: Mapping[str, Any], name: str) -> str:
    return str(fields.get(name) or "").replace("\r\n", "\n").replace("\x00", "").strip()


def _cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    for problem in wrong(fields):
        raise problem
    values: dict[str, Any] = {name: _text_of(fields, name) for name in TEXTS}
    values |= {"stance": fields["stance"], "kind": fields["kind"]}
    values["anonymous"] = bool(fields.get("anonymous"))
    values["accessed_on"] = fields.get("accessed_on") or timezone.localdate()
    return values
