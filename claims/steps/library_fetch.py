"""Fetch a document for the library. A step, so that no web request waits for a foreign host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.enums import StepOutcome
from claims.exceptions import StepError
from claims.integrations import snapshot
from claims.models import LibraryDocument
from claims.steps.base import Context, Copy, Result, Step
from claims.steps.registry import register


@register
class LibraryFetch(Step):
    """The page or file at the document's address, with bytes, text, SHA-256 and WARC."""

    kind = "library_fetch"
    label = gettext_lazy("Fetching a document for the library")
    subject = "document"
    queue = "articles"
    max_attempts = 5
    time_limit = 40

    def inputs(self, subject: LibraryDocument) -> Mapping[str, Any]:
        return {"url": subject.url}

    def run(self, subject: LibraryDocument, context: Context) -> Result:
        answer = snapshot.take(subject.url, asked_by_person=True)
        page = answer.first
        if page is None:
            raise StepError(answer.note, permanent=not answer.retryable, retry_after=answer.retry_after)
        if not page.text:
            raise StepError(
                " ".join(page.warnings) or _("Nothing could be read at this address."), permanent=True
            )
        return Result(
            StepOutcome.FOUND,
            _("The document was read: %(count)d characters.") % {"count": len(page.text)},
            source=subject.url[:200],
            params={"warnings": list(page.warnings), "sha256": page.sha256},
            payload=Copy(
                content=page.content, text=page.text, url=page.url, title=page.title,
                content_type=page.content_type, warc=page.warc,
            ),
        )  # fmt: skip
