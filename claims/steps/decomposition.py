"""Does the sentence make several claims that should be checked one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.enums import StepOutcome
from claims.extraction import restate
from claims.models import Claim
from claims.steps.base import Context, Result, Step
from claims.steps.registry import register


@register
class Decomposition(Step):
    """The sentences a claim could be split into, always a proposal. Items: ``text``."""

    kind = "decomposition"
    label = gettext_lazy("Parts of the claim")
    position = 15

    def inputs(self, subject: Claim) -> Mapping[str, Any]:
        return {"wording": subject.wording}

    def run(self, subject: Claim, context: Context) -> Result:
        parts = restate.split(subject.wording)
        if len(parts) < 2:
            return Result(StepOutcome.NOT_APPLICABLE, _("The sentence makes one claim."))
        summary = ngettext(
            "The sentence makes %(count)d claim that can be checked apart.",
            "The sentence makes %(count)d claims that can be checked apart.",
            len(parts),
        )
        return Result(
            StepOutcome.FOUND,
            summary % {"count": len(parts)},
            items=[{"text": part} for part in parts],
            source=_("The claim's own words"),
        )
