"""Counts of public reports, kept where a version comes to stand, in its transaction: lists read them and count nothing.

A report counts at one key of each kind at most. What it counted at before and what it counts at now are compared, and
only the difference is written, in one order for everybody, so that two publications never wait for each other in turn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from claims.models import Report, ReportVersion, Tally
from claims.publishing.document import ReportDocument
from claims.publishing.vocabulary import CORRECTIONS_FEED_KINDS

Kind = Tally.Kind
# A sitemap may hold 50,000 addresses; reports are cut into files by their id, so that no file changes but the last ones,
# and none takes long.
REPORTS_A_FILE = 10_000


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Where a report counts."""

    kind: str
    key: str = ""
    verdict: str = ""


def part_of(report_id: int) -> int:
    """The number of the sitemap's file that names this report."""
    return report_id // REPORTS_A_FILE + 1


def keys_of(
    pk: int, *, article: int, topic: str, speaker: str | None, outlet: str | None, verdict: str, retracted: bool,
    corrected: bool,
) -> set[Key]:  # fmt: skip
    """Where a public report counts. One that was withdrawn is no verdict on anybody any more."""
    found = {Key(Kind.ALL), Key(Kind.PART, str(part_of(pk))), Key(Kind.ARTICLE, str(article))}
    if topic:
        found.add(Key(Kind.TOPIC, topic))
    if corrected:
        found.add(Key(Kind.CORRECTED))
    for kind, slug in ((Kind.SPEAKER, speaker), (Kind.OUTLET, outlet)):
        if slug and not retracted:
            found |= {Key(kind, slug), Key(kind, slug, verdict)}
    return found


def of(report: Report, *, corrected: bool) -> set[Key]:
    """Where this report counts as its row is in memory; nowhere before a version stands."""
    if report.current_version_id is None:
        return set()
    return keys_of(
        report.pk, article=report.claim.article_id, topic=report.topic, speaker=report.speaker_slug,
        outlet=report.outlet_slug, verdict=report.verdict_key, retracted=report.retracted_at is not None,
        corrected=corrected,
    )  # fmt: skip


def was_corrected(document: ReportDocument, *, before: bool = False) -> bool:
    """Whether an error was admitted up to this version; with ``before``, up to the one before it."""
    return any(
        entry.kind in CORRECTIONS_FEED_KINDS and not (before and entry.number == document.version)
        for entry in document.history
    )


def note(report: Report, was: set[Key], document: ReportDocument) -> None:
    """Write the difference that the version makes which stands now; ``was`` is what ``of`` said before it."""
    now = of(report, corrected=was_corrected(document))
    gained, lost = now - was, was - now
    part = Key(Kind.PART, str(part_of(report.pk)))
    shown = {key: _shown(report, key) for key in gained | {part}}
    if gained:
        rows = [
            Tally(kind=key.kind, key=key.key, verdict=key.verdict, **shown[key]) for key in sorted(gained)
        ]
        Tally.objects.bulk_create(rows, ignore_conflicts=True)
    held = _held(gained | lost | {part})
    for keys, step in ((gained, 1), (lost, -1)):
        Tally.objects.filter(pk__in=[held[key].pk for key in keys if key in held]).update(
            count=F("count") + step
        )
    for key in shown.keys() & held.keys():
        _show(held[key], shown[key])


def _held(keys: Iterable[Key]) -> dict[Key, Tally]:
    """The rows of these keys, locked in one order."""
    wanted = Q()
    for key in keys:
        wanted |= Q(kind=key.kind, verdict=key.verdict, key=key.key)
    rows = Tally.objects.select_for_update().filter(wanted).order_by("kind", "key", "verdict")
    return {Key(row.kind, row.key, row.verdict): row for row in rows}


def _shown(report: Report, key: Key) -> dict[str, Any]:
    """What a list shows beside the count."""
    if key.kind == Kind.ARTICLE:
        return {"latest": report.claim.article.created_at}
    if key.kind == Kind.PART:
        return {"latest": report.modified_at}
    if key.kind in {Kind.SPEAKER, Kind.OUTLET} and not key.verdict:
        return {"name": (report.speaker if key.kind == Kind.SPEAKER else report.outlet) or ""}
    return {}


def _show(row: Tally, shown: dict[str, Any]) -> None:
    """Write that to a row that is held, where it says something else; a time only goes forward."""
    moment: datetime | None = shown.get("latest")
    older = moment is not None and (row.latest is None or row.latest < moment)
    if older or shown.get("name", row.name) != row.name:
        Tally.objects.filter(pk=row.pk).update(**shown)


def expected(reports: Any = Report, versions: Any = ReportVersion) -> dict[Key, dict[str, Any]]:
    """Every count, counted anew from the reports themselves. A migration brings the models of its own time."""
    logged = versions.objects.filter(kind__in=sorted(CORRECTIONS_FEED_KINDS))
    corrected = set(logged.values_list("report_id", flat=True))
    counts: Counter[Key] = Counter()
    more: dict[Key, dict[str, Any]] = {}
    rows = reports.objects.filter(current_version__isnull=False).order_by("published_at", "id")
    columns = ("id", "claim__article_id", "topic", "speaker_slug", "outlet_slug", "verdict_key", "retracted_at",
               "speaker", "outlet", "modified_at", "claim__article__created_at")  # fmt: skip
    for (
        pk,
        article,
        topic,
        speaker,
        outlet,
        verdict,
        retracted,
        named,
        published_in,
        modified,
        came,
    ) in rows.values_list(*columns).iterator(chunk_size=2000):
        keys = keys_of(
            pk, article=article, topic=topic, speaker=speaker, outlet=outlet, verdict=verdict,
            retracted=retracted is not None, corrected=pk in corrected,
        )  # fmt: skip
        counts.update(keys)
        more.setdefault(Key(Kind.ARTICLE, str(article)), {"latest": came})
        part = more.setdefault(Key(Kind.PART, str(part_of(pk))), {"latest": modified})
        part["latest"] = max(filter(None, (part["latest"], modified)), default=None)
        if speaker:
            more[Key(Kind.SPEAKER, speaker)] = {"name": named or ""}
        if outlet:
            more[Key(Kind.OUTLET, outlet)] = {"name": published_in or ""}
    return {key: {"count": count, **more.get(key, {})} for key, count in counts.items()}


@transaction.atomic
def rebuild(model: Any = Tally, reports: Any = Report, versions: Any = ReportVersion) -> int:
    """Count everything anew; the number of rows. Nobody should publish meanwhile: lists would show one too few."""
    model.objects.all().delete()
    found = sorted(expected(reports, versions).items(), key=lambda item: item[0])
    model.objects.bulk_create(
        [model(kind=key.kind, key=key.key, verdict=key.verdict, **values) for key, values in found],
        batch_size=500,
    )
    return len(found)


def faults() -> Iterator[str]:
    """A sentence for each kept count that is not what counting gives."""
    kept = {
        Key(row.kind, row.key, row.verdict): row.count
        for row in Tally.objects.all().iterator(chunk_size=2000)
    }
    real = {key: values["count"] for key, values in expected().items()}
    for key in sorted(kept.keys() | real.keys()):
        if kept.get(key, 0) != real.get(key, 0):
            name = " ".join(part for part in (key.kind, key.key, key.verdict) if part)
            yield f"count of {name}: {kept.get(key, 0)} is kept, {real.get(key, 0)} reports are there"


def counted(kind: str) -> int:
    """One count of the whole desk."""
    return Tally.objects.filter(kind=kind, key="", verdict="").values_list("count", flat=True).first() or 0
