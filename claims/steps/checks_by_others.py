"""What other desks said about claims like this one: Google Fact Check Tools, where a key is set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.enums import StepOutcome
from claims.integrations import factcheck_tools
from claims.integrations.factcheck_tools import EarlierCheck
from claims.matching import lexical
from claims.models import Claim
from claims.steps.base import Context, Result, Step
from claims.steps.registry import register

SERVICE = "Google Fact Check Tools"
OLD_DAYS = 365


@register
class ChecksByOthers(Step):
    """Reviews by other publishers, their ratings word for word; never coloured as ours.

    Items: ``publisher``, ``site``, ``rating``, ``claim``, ``claimant``, ``reviewed_on``, ``old`` (more than a year),
    ``url``, ``title``, ``language``, ``differences`` as in earlier checks of this desk.
    """

    kind = "checks_by_others"
    label = gettext_lazy("Checks by others")
    position = 35
    queue = "fetch"
    max_attempts = 5
    time_limit = 40
    services = ("factcheck_tools",)

    def inputs(self, subject: Claim) -> Mapping[str, Any]:
        return {"wording": subject.wording, "language": subject.article.language}

    def run(self, subject: Claim, context: Context) -> Result:
        answer = factcheck_tools.search(subject.wording, language=subject.article.language)
        params = {"query": dict(answer.query)}
        if answer.outcome != StepOutcome.FOUND:
            return Result(
                answer.outcome, answer.note, source=SERVICE, params=params, retry_after=answer.retry_after
            )
        count = len(answer.items)
        summary = ngettext(
            "%(count)d review of a similar claim by others.",
            "%(count)d reviews of similar claims by others.",
            count,
        )
        return Result(
            StepOutcome.FOUND,
            summary % {"count": count},
            items=[_item(subject.wording, check, context) for check in answer.items],
            source=_("%(service)s, on %(day)s") % {"service": SERVICE, "day": context.now.date().isoformat()},
            params=params,
        )


def _item(wording: str, check: EarlierCheck, context: Context) -> dict[str, Any]:
    apart = lexical.differences(wording, check.claim)
    age = (context.now - check.reviewed_at).days if check.reviewed_at else None
    return {
        "publisher": check.publisher,
        "site": check.publisher_site,
        "rating": check.rating,
        "claim": check.claim,
        "claimant": check.claimant,
        "reviewed_on": check.reviewed_at.date().isoformat() if check.reviewed_at else "",
        "old": age is not None and age > OLD_DAYS,
        "url": check.url,
        "title": check.title,
        "language": check.language,
        "differences": {
            "figures_here": list(apart.figures_here),
            "figures_there": list(apart.figures_there),
            "negated_here": apart.negated_here,
            "negated_there": apart.negated_there,
        },
    }
