"""What a language model makes of each source, where the desk has set one up: a suggestion, shown late."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.enums import StepOutcome
from claims.integrations import openai_compatible
from claims.models import Claim, Evidence
from claims.steps.asking import Asked, no_time, patience, silent, together, told
from claims.steps.base import Context, Result, Step, evidence_of
from claims.steps.registry import register

MOST = 8


@register
class StanceSuggestion(Step):
    """Off by default. A model is asked only about sources whose stance a person has recorded: nobody is anchored.

    Items: ``evidence`` (number), ``title``, ``own`` (the reviewer's stance), ``suggested``, ``quote``, ``start``,
    ``end`` (in the quoted words), ``reason``, ``model``, ``prompt_version``, ``tokens``, ``cost`` (empty where no price
    is set).
    """

    kind = "stance"
    label = gettext_lazy("A model's reading of the sources")
    position = 70
    queue = "fetch"
    max_attempts = 3
    version = "2"
    time_limit = 120
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
            return Result(
                StepOutcome.NOT_APPLICABLE,
                _("No source with quoted words and a person's own reading of it yet."),
            )
        asked: list[Asked] = []
        items: list[dict[str, Any]] = []
        cost = Decimal(0)
        for item in sources:
            if silent(asked, "model"):
                break
            if not context.time_for(openai_compatible.LIMITS.seconds + 2):
                asked.append(no_time("model"))
                break
            answer = openai_compatible.suggest_stance(subject.wording, item.quote)
            asked.append(told("model", answer))
            if answer.outcome == StepOutcome.NOT_CONFIGURED:
                return Result(StepOutcome.NOT_CONFIGURED, answer.note)
            for suggestion in answer.items:
                paid = openai_compatible.price(suggestion)
                cost += paid or Decimal(0)
                items.append(_item(item, suggestion, paid))
        outcome = together(asked)
        words = ngettext("%(count)d suggestion.", "%(count)d suggestions.", len(items)) % {
            "count": len(items)
        }
        return Result(
            outcome,
            words if items else asked[0].note,
            items=items,
            source=items[0]["model"] if items else "",
            params={"model": items[0]["model"] if items else "", "prompt": openai_compatible.PROMPT_VERSION},
            retry_after=patience(asked),
            cost=cost,
        )


def _quoted(claim: Claim) -> Any:
    standing = evidence_of(claim).exclude(added_by__profile__is_machine=True)
    return standing.exclude(quote="").order_by("number")


def _item(item: Evidence, suggestion: openai_compatible.Suggestion, paid: Decimal | None) -> dict[str, Any]:
    return {
        "evidence": item.number,
        "title": item.title,
        "own": str(item.get_stance_display()),
        "suggested": str(suggestion.stance.label),
        "agrees": item.stance == suggestion.stance.value,
        "quote": suggestion.quote,
        "start": suggestion.start,
        "end": suggestion.end,
        "reason": suggestion.reason,
        "model": suggestion.model,
        "prompt_version": suggestion.prompt_version,
        "tokens": suggestion.prompt_tokens + suggestion.completion_tokens,
        "cost": "" if paid is None else f"{paid:.4f} {openai_compatible.currency()}".strip(),
    }
