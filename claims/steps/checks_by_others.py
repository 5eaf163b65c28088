"""What other desks said about claims like this one: imported ClaimReviews, and Google Fact Check Tools with a key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.enums import StepOutcome
from claims.integrations import factcheck_tools
from claims.integrations.factcheck_tools import EarlierCheck
from claims.matching import lexical
from claims.matching.words import STOP, stem, words
from claims.models import Claim, ImportedCheck
from claims.steps.asking import Asked, patience, together, told
from claims.steps.base import Context, Result, Step
from claims.steps.registry import register

SERVICE = "Google Fact Check Tools"
OLD_DAYS = 365
# As for the desk's own reports: below this share of the claim's rare words a hit is chance.
LEAST_SCORE = 0.34
LEAST_SHARED = 3
SHOWN = 8
# Imported checks compared word by word: those that share most of the claim's longest words.
MOST_CHECKS = 400


@register
class ChecksByOthers(Step):
    """Reviews by other publishers, their ratings word for word; never coloured as ours.

    Items: ``where`` (``imported`` or ``google``), ``publisher``, ``site``, ``rating``, ``claim``, ``claimant``,
    ``reviewed_on``, ``old`` (more than a year), ``url``, ``title``, ``language``, ``score`` (imported ones),
    ``differences`` as in earlier checks of this desk. ``params["asked"]`` says what asking each source came to.
    """

    kind = "checks_by_others"
    label = gettext_lazy("Checks by others")
    version = "2"
    position = 35
    queue = "fetch"
    max_attempts = 5
    time_limit = 40
    services = ("factcheck_tools",)

    def inputs(self, subject: Claim) -> Mapping[str, Any]:
        return {"wording": subject.wording, "language": subject.article.language}

    def run(self, subject: Claim, context: Context) -> Result:
        asked: list[Asked] = []
        imported = _imported(subject.wording, context, asked)
        answer = factcheck_tools.search(subject.wording, language=subject.article.language)
        asked.append(told(SERVICE, answer, str(answer.query.get("query", ""))))
        known = {item["url"] for item in imported}
        online = [
            _of_google(subject.wording, check, context) for check in answer.items if check.url not in known
        ]
        items = [*imported, *online]
        searched = [
            one.name for one in asked if one.outcome in {StepOutcome.FOUND, StepOutcome.NOTHING_FOUND}
        ]
        source = ", ".join(searched)
        if searched:
            source = _("%(names)s, on %(day)s") % {"names": source, "day": context.now.date().isoformat()}
        return Result(
            together(asked),
            _in_words(items, asked),
            items=items,
            source=source,
            params={"asked": [one.to_dict() for one in asked]},
            retry_after=patience(asked),
        )


# --- imported -----------------------------------------------------------------------------------------------------


def _imported(wording: str, context: Context, asked: list[Asked]) -> list[dict[str, Any]]:
    name = _("Imported checks")
    about = ImportedCheck.objects.aggregate(count=Count("id"), newest=Max("imported_at"))
    if not about["count"]:
        asked.append(
            Asked(name, StepOutcome.NOT_CONFIGURED, _("No checks of others have been brought in yet."))
        )
        return []
    checks = {check.pk: check for check in _candidates(wording)}
    index = lexical.Index((pk, f"{check.claim} {check.title}") for pk, check in checks.items())
    hits = [
        hit
        for hit in index.search(wording, limit=SHOWN * 2)
        if hit.score >= LEAST_SCORE and len(hit.shared) >= LEAST_SHARED
    ][:SHOWN]
    note = ngettext(
        "%(count)d check of others searched, last brought in on %(day)s.",
        "%(count)d checks of others searched, last brought in on %(day)s.",
        about["count"],
    ) % {"count": about["count"], "day": about["newest"].date().isoformat()}
    outcome = StepOutcome.FOUND if hits else StepOutcome.NOTHING_FOUND
    asked.append(Asked(name, outcome, note, len(hits), wording))
    return [_of_import(wording, checks[hit.key], context) | {"score": round(hit.score, 3)} for hit in hits]


def _candidates(wording: str) -> list[ImportedCheck]:
    """The checks with most of the claim's longest words, so that a common word alone brings in nobody."""
    forms = {stem(word.form) for word in words(wording) if word.form not in STOP}
    longest = sorted(forms, key=lambda form: (-len(form), form))[:8]
    if not longest:
        return []
    held = [
        Case(When(claim__icontains=form, then=1), default=0, output_field=IntegerField()) for form in longest
    ]
    shared: Any = sum(held[1:], start=held[0]) if len(held) > 1 else held[0]
    rows = ImportedCheck.objects.annotate(shared=shared).filter(shared__gte=min(2, len(longest)))
    return list(rows.order_by("-shared", "-id")[:MOST_CHECKS])


def _of_import(wording: str, check: ImportedCheck, context: Context) -> dict[str, Any]:
    return _item(
        wording, context, where="imported", claim=check.claim, claimant=check.claimant, publisher=check.publisher,
        site=check.publisher_url, rating=check.rating, reviewed=check.reviewed_on, url=check.url, title=check.title,
        language=check.language,
    )  # fmt: skip


# --- the service --------------------------------------------------------------------------------------------------


def _of_google(wording: str, check: EarlierCheck, context: Context) -> dict[str, Any]:
    return _item(
        wording, context, where="google", claim=check.claim, claimant=check.claimant, publisher=check.publisher,
        site=check.publisher_site, rating=check.rating, url=check.url, title=check.title, language=check.language,
        reviewed=check.reviewed_at.date() if check.reviewed_at else None,
    )  # fmt: skip


def _item(
    wording: str, context: Context, *, claim: str, reviewed: date | None, **told: str
) -> dict[str, Any]:
    apart = lexical.differences(wording, claim)
    age = (context.now.date() - reviewed).days if reviewed else None
    return {
        **told,
        "claim": claim,
        "reviewed_on": reviewed.isoformat() if reviewed else "",
        "old": age is not None and age > OLD_DAYS,
        "differences": {
            "figures_here": list(apart.figures_here),
            "figures_there": list(apart.figures_there),
            "negated_here": apart.negated_here,
            "negated_there": apart.negated_there,
        },
    }


def _in_words(items: list[dict[str, Any]], asked: list[Asked]) -> str:
    parts = []
    if items:
        parts.append(
            ngettext(
                "%(count)d review of a similar claim by others.",
                "%(count)d reviews of similar claims by others.",
                len(items),
            )
            % {"count": len(items)}
        )
    nothing = [one.name for one in asked if one.outcome == StepOutcome.NOTHING_FOUND]
    if nothing and not items:
        parts.append(_("Nothing found in: %(names)s.") % {"names": ", ".join(nothing)})
    parts += [
        one.note for one in asked if one.outcome in {StepOutcome.UNAVAILABLE, StepOutcome.NOT_CONFIGURED}
    ]
    return " ".join(parts)
