"""What a language model makes of each source, where the desk has set one up: a suggestion, shown late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.enums import StepOutcome
from claims.integrations import openai_compatible
from claims.models import Claim, Evidence
from claims.steps.asking import Asked, patience, together, told
from claims.steps.base import Context, Result, Step
from claims.steps.registry import register

MOST = 8


@register
class StanceSuggestion(Step):
    """Off by default. Each source has the reviewer's own stance before a model is asked, so that nobody is anchored.

    Items: ``evidence`` (number), ``title``, ``own`` (the reviewer's stance), ``suggested``, ``quote``, ``start``,
    ``end`` (in the quoted words), ``reason``, ``model``, ``prompt_version``, ``tokens``.
    """

    kind = "stance"
    label = gettext_lazy("A model's reading of the sources")
    position = 70
    queue = "fetch"
    max_attempts = 3
    time_limit = 80
    services = ("llm",)

    def inputs(self, subject: Claim) -> Mapping[str, Any]:
        return {
            "wording": subject.wording,
            "quotes": list(_quoted(subject).values_list("number", "quote")),
            "prompt": openai_compatible.PROMPT_VERSION,
        }

    def requests(self, subject: Claim) -> Mapping[str, int]:
        return {"llm": min(_quoted(subject).count(), MOST)}

    def run(self, subject: Claim, context: Context) -> Result:
        sources = list(_quoted(subject)[:MOST])
        if not sources:
            return Result(StepOutcome.NOT_APPLICABLE, _("No source with quoted words has been added yet."))
        asked: list[Asked] = []
        items: list[dict[str, Any]] = []
        for item in sources:
            answer = openai_compatible.suggest_stance(subject.wording, item.quote)
            asked.append(told("model", answer))
            if answer.outcome == StepOutcome.NOT_CONFIGURED:
                return Result(StepOutcome.NOT_CONFIGURED, answer.note)
            items += [_item(item, suggestion) for suggestion in answer.items]
        outcome = together(asked)
        words = ngettext("%(count)d suggestion.", "%(count)d suggestions.", len(items)) % {
            "count": len(items)
        }
        return Result(
            outcome,
            words if items else asked[-1].note,
            items=items,
            source=items[0]["model"] if items else "",
            params={"model": items[0]["model"] if items else "", "prompt": openai_compatible.PROMPT_VERSION},
            retry_after=patience(asked),
        )


def _quoted(claim: Claim) -> Any:
    standing = Evidence.objects.filter(claim=claim, withdrawn_at__isnull=True)
    return standing.exclude(quote="").order_by("number")


def _item(item: Evidence, suggestion: openai_compatible.Suggestion) -> dict[str, Any]:
    return {
        "evidence": item.number,
        "title": item.title,
        "own": item.stance,
        "suggested": suggestion.stance.value,
        "quote": suggestion.quote,
        "start": suggestion.start,
        "end": suggestion.end,
        "reason": suggestion.reason,
        "model": suggestion.model,
        "prompt_version": suggestion.prompt_version,
        "tokens": suggestion.prompt_tokens + suggestion.completion_tokens,
    }
