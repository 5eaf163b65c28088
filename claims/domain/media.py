"""What was found of the picture, film or sound that carries a claim: written by whoever checks it, printed and marked up.

The finding belongs to what the second reader reads: it is part of the approval's fingerprint.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit
from claims.domain import seen as marks
from claims.domain.locking import lock_claim, note_author
from claims.enums import MediaCategory, MediaKind
from claims.exceptions import InvalidInput, NotAllowed
from claims.integrations import errors, urls
from claims.models import Claim, MediaFinding
from claims.publishing.document import ReportDocument

MAX_CONTEXT = 2_000


@transaction.atomic
def save(
    claim_id: int, *, actor: User, fields: Mapping[str, Any], seen: str | None = None
) -> MediaFinding | None:
    """Record the finding; without any category it is taken away.

    Args:
        fields: ``kind`` of ``MediaKind``, ``categories`` of ``MediaCategory``, ``appearance`` and ``original_link``
            (addresses), ``original_context``.
        seen: the mark of the finding that the form was opened on, see ``domain.seen``; None compares nothing.

    Raises:
        Conflict: somebody saved the finding after that.
        InvalidInput: an unknown word, categories that exclude each other, or an address that is none.
        NotAllowed, TransitionRefused: see ``verdicts.require_writer``; a machine account never finds anything.
    """
    from claims.domain import people, verdicts  # the gates that verdicts knows of ask for this finding

    claim = lock_claim(claim_id)
    verdicts.require_writer(claim, actor)
    if people.is_machine(actor):
        raise NotAllowed(_("A machine account cannot set a verdict. Ask a person."))
    marks.require(MediaFinding.objects.select_related("saved_by").filter(claim=claim).first(), seen)
    values = _cleaned(fields)
    note_author(claim, actor, "media.saved")
    audit.record("media.saved", actor=actor, claim=claim, data=values)
    if not values["categories"]:
        MediaFinding.objects.filter(claim=claim).delete()
        return None
    finding, _made = MediaFinding.objects.update_or_create(
        claim=claim, defaults={**values, "saved_by": actor, "saved_at": timezone.now()}
    )
    return finding


def put_back(claim: Claim, document: ReportDocument, by: User) -> None:
    """The finding as it was published, after a correction was dropped."""
    published = document.media
    if published is None:
        MediaFinding.objects.filter(claim=claim).delete()
        return
    MediaFinding.objects.update_or_create(
        claim=claim,
        defaults={
            "kind": published.media_type,
            "categories": list(published.categories),
            "appearance": published.appearance,
            "original_context": published.original_context,
            "original_link": published.original_link,
            "saved_by": by,
            "saved_at": timezone.now(),
        },
    )


def _cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    categories = list(dict.fromkeys(map(str, fields.get("categories") or [])))
    if not set(categories) <= set(MediaCategory.values):
        raise InvalidInput(_("Choose from the list what was done to it."), "categories")
    if {MediaCategory.ORIGINAL, MediaCategory.TRANSFORMED} <= set(categories):
        raise InvalidInput(_("It cannot be unchanged and altered at once."), "categories")
    kind = str(fields.get("kind") or MediaKind.IMAGE)
    if kind not in MediaKind.values:
        raise InvalidInput(_("Choose what it is."), "kind")
    context = str(fields.get("original_context") or "").replace("\r\n", "\n").replace("\x00", "").strip()
    if len(context) > MAX_CONTEXT:
        raise InvalidInput(
            _("This is longer than %(limit)s characters.") % {"limit": MAX_CONTEXT}, "original_context"
        )
    return {
        "kind": kind,
        "categories": categories,
        "appearance": _address(fields, "appearance"),
        "original_context": context,
        "original_link": _address(fields, "original_link"),
    }


def _address(fields: Mapping[str, Any], name: str) -> str:
    address = str(fields.get(name) or "").strip()
    if not address:
        return ""
    try:
        urls.parse(address, any_port=True)
    except errors.FetchError as error:
        raise InvalidInput(str(error), name) from error
    return address[:2000]
