"""Read an article: sentences, quotations, who said what, and what is worth checking."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from claims.enums import StepOutcome
from claims.extraction import extract
from claims.models import Article
from claims.steps.base import Context, Result, Step
from claims.steps.registry import register


@register
class ExtractionStep(Step):
    """The article taken apart; ``domain.extraction`` stores it, the last part in the transaction that finishes the step."""

    kind = "extraction"
    label = gettext_lazy("Reading the article")
    subject = "article"
    position = 2
    # Not behind the steps of every claim before it: somebody sits in front of the page that this fills.
    queue = "articles"
    # Of a million characters: five seconds of reading, then some sixty parts to store, each after the others' turn.
    time_limit = 240

    def inputs(self, subject: Article) -> Mapping[str, Any]:
        digest = hashlib.sha256(subject.original_text.encode("utf-8", "surrogatepass")).hexdigest()
        return {"text": digest}

    def run(self, subject: Article, context: Context) -> Result:
        extraction = extract(subject.original_text, source=subject.url or subject.original_name)
        count = len(extraction.statements)
        summary = ngettext("%(count)d statement was found.", "%(count)d statements were found.", count)
        return Result(
            StepOutcome.FOUND if count else StepOutcome.NOTHING_FOUND,
            summary % {"count": count},
            params={"language": extraction.language, "warnings": list(extraction.warnings)},
            payload=extraction,
        )
