"""Texts of a verdict beside each other: what changed since a time, and two drafts that met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.utils.translation import gettext as _

from claims.models import Claim, Evidence, RatingLevel, Verdict, VerdictRevision
from claims.models.verdict import VerdictText
from claims.web.differences import Change, compare


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of the verdict that is not the same in both."""

    name: str
    label: str
    one: str
    other: str
    changes: list[Change]


def shown(name: str, value: Any) -> str:
    """A part of the verdict as text."""
    if name == "bullets":
        return "\n".join(map(str, value or []))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value or "")


def texts_of(row: VerdictText | None) -> dict[str, str]:
    """All parts of a verdict as texts, the rating by its word."""
    if row is None:
        return dict.fromkeys(("level", *Verdict.TEXT_FIELDS), "")
    texts = {name: shown(name, getattr(row, name)) for name in Verdict.TEXT_FIELDS}
    return {"level": row.level.word if row.level else "", **texts}


def differences(one: Mapping[str, str], other: Mapping[str, str]) -> list[Difference]:
    """The parts in which two verdicts differ, in the order of the form."""
    found = []
    for name in ("level", *Verdict.TEXT_FIELDS):
        before, after = one.get(name, ""), other.get(name, "")
        if before != after:
            label = str(label_for_field(name, Verdict)).capitalize()
            found.append(Difference(name, label, before, after, compare(before, after)))
    return found


def typed_texts(values: Mapping[str, Any]) -> dict[str, str]:
    """What the form held, as texts; the rating by its word."""
    texts = {name: shown(name, values.get(name)) for name in Verdict.TEXT_FIELDS}
    chosen = values.get("level")
    level = RatingLevel.objects.filter(pk=int(chosen)).first() if chosen else None
    return {"level": level.word if level else "", **texts}


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since the second reader last looked."""

    at: datetime
    differences: list[Difference]
    new_sources: list[Evidence]
    gone_sources: list[Evidence]


_LOOKS = ("claim.send_back", "claim.approve", "claim.publish", "claim.publish_correction")


def since_last_look(claim: Claim, verdict: Verdict | None) -> Since | None:
    """What changed since the claim was last sent back, approved or published; None when it is read for the first time."""
    look = claim.events.filter(action__in=_LOOKS).order_by("-id").first()
    if look is None:
        return None
    revisions = VerdictRevision.objects.select_related("level").filter(claim=claim, created_at__lte=look.at)
    former = revisions.order_by("-revision").first()
    sources = Evidence.objects.filter(claim=claim)
    return Since(
        look.at,
        differences(texts_of(former), texts_of(verdict)),
        list(sources.standing().filter(created_at__gt=look.at)),
        list(sources.filter(withdrawn_at__gt=look.at, created_at__lte=look.at)),
    )
