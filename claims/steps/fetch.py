"""Fetch an article's page. A step, so that no web request waits for a foreign host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.enums import StepOutcome
from claims.exceptions import StepError
from claims.integrations.article import fetch_article
from claims.integrations.errors import DocumentError, FetchError
from claims.models import Article
from claims.steps.base import Context, Result, Step
from claims.steps.registry import register


@register
class Fetch(Step):
    """The page at the article's address, read by the guarded client."""

    kind = "fetch"
    label = gettext_lazy("Fetching the page")
    subject = "article"
    queue = "articles"
    time_limit = 30
    position = 1

    def inputs(self, subject: Article) -> Mapping[str, Any]:
        return {"url": subject.url}

    def run(self, subject: Article, context: Context) -> Result:
        try:
            document = fetch_article(subject.url)
        except FetchError as error:
            raise StepError(
                str(error), permanent=not error.retryable, retry_after=error.retry_after
            ) from error
        except DocumentError as error:
            raise StepError(str(error), permanent=True) from error
        return Result(
            StepOutcome.FOUND,
            _("The page was read: %(count)d characters.") % {"count": len(document.text)},
            source=subject.url[:200],
            params={"warnings": list(document.warnings)},
            payload=document,
        )
