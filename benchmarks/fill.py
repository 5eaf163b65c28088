"""Fill an empty desk with claims in every status, as a large newsroom has them after some years.

    python -m benchmarks.fill --claims 100000 [--lean]

It writes into the database that the settings name, which must hold no claim yet and must not be a production desk.
``--lean`` leaves out verdicts, evidence and steps: enough for lists, and a million claims in minutes, since the first
ten thousand are then repeated by the database itself. Rows go straight into the tables (nothing here is history that
anybody proves anything with), from a fixed seed, so that two engines get the same desk.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

IN_ARTICLE = 20
STRETCH = 10_000
PEOPLE = 30
# How a desk looks in the middle of its work: most is published, declined, or waits to be looked at.
SHARES = {
    "new": 30, "triaged": 14, "assigned": 6, "researching": 5, "in_review": 3, "approved": 2, "published": 22,
    "declined": 14, "on_hold": 4,
}  # fmt: skip
WITH_CHECKER = {"assigned", "researching", "in_review", "approved", "published"}
WITH_VERDICT = {"researching", "in_review", "approved", "published"}
TOPICS = ("Transport", "Economy", "Health", "Climate", "Schools", "Courts", "Housing", "Elections")
PRIORITIES = ("3_low", "2_normal", "2_normal", "1_urgent")
PLACES = ("Port Ellery", "Dusol", "Marrow Bay", "Kestrel", "Ashlin", "Upper Vane", "Tolland", "Brae")
THINGS = (
    "bus fares", "hospital beds", "flood barriers", "teaching posts", "court hearings", "rents", "ferry trips",
    "postal votes", "road deaths", "night trains", "library hours", "harbour fees",
)  # fmt: skip
VERBS = ("rose by", "fell by", "doubled to", "were cut to", "passed", "never reached")
FIRST = ("Ada", "Bela", "Caro", "Dario", "Edda", "Femi", "Gita", "Hanno", "Ines", "Jun", "Kofi", "Lio")
LAST = (
    "Aldous",
    "Brandt",
    "Castell",
    "Dorn",
    "Ekwall",
    "Fenwick",
    "Grau",
    "Holt",
    "Ibarra",
    "Jansk",
    "Kell",
    "Lund",
)


@dataclass
class Filling:
    """What is being made: how many, how much of it, and the people it belongs to."""

    claims: int
    lean: bool = False
    seed: int = 7
    people: list[Any] = field(default_factory=list)
    speakers: list[Any] = field(default_factory=list)
    levels: list[Any] = field(default_factory=list)
    ids: dict[Any, int] = field(default_factory=dict)  # the next id of each table
    firsts: dict[Any, int] = field(default_factory=dict)  # the first id of the stretch that is repeated

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.now: datetime | None = None


def main() -> int:
    """Fill and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--lean", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    import django

    django.setup()
    begun = time.monotonic()
    try:
        fill(options.claims, lean=options.lean)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{options.claims:,} claims in {time.monotonic() - begun:.0f} s")
    return 0


def fill(claims: int, *, lean: bool = False) -> None:
    """Make so many claims with their articles, speakers, people and, unless ``lean``, all that hangs on a claim.

    Raises:
        ValueError: the desk is a production one, or has claims already; or a lean one of an odd size.
    """
    from django.conf import settings
    from django.core.management.color import no_style
    from django.db import connection
    from django.utils import timezone

    from claims.models import Claim

    if settings.PRODUCTION:
        raise ValueError("This is a production desk. Fill an empty database of your own.")
    if Claim.objects.exists():
        raise ValueError("This desk has claims already. Name an empty database in DATABASE_URL.")
    if lean and claims > STRETCH and claims % STRETCH:
        raise ValueError(f"A lean desk is made of whole stretches of {STRETCH:,} claims.")
    filling = Filling(claims, lean)
    filling.now = timezone.now()
    _people(filling)
    _speakers(filling)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # indexes of a million rows are kept in memory while they grow
            cursor.execute("PRAGMA cache_size = -1000000")
            cursor.execute("PRAGMA synchronous = OFF")
    made_here = min(claims, STRETCH) if lean else claims
    for first in range(0, made_here, STRETCH):
        _stretch(filling, first, min(STRETCH, claims - first))
    for number in range(1, claims // STRETCH if lean else 0):
        _again(filling, number)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(filling.ids)):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def _again(filling: Filling, number: int) -> None:
    """The first stretch once more, further back in time, by the database itself: worth, speakers and dates differ."""
    from django.db import connection, transaction

    from claims.models import Article, AuditEvent, Claim

    quote, sqlite = connection.ops.quote_name, connection.vendor == "sqlite"
    back = number * STRETCH
    articles, claims, events = STRETCH // IN_ARTICLE, STRETCH, 2 * STRETCH
    first_speaker, speakers = filling.speakers[0].pk, len(filling.speakers)
    step = number * 0.000_137 % 1

    def earlier(column: str) -> str:
        if sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%f', {column}, '-{back} minutes')"
        return f"{column} - interval '{back} minutes'"

    changed: dict[Any, tuple[int, dict[str, str]]] = {
        Article: (articles, {
            "id": f"id + {number * articles}", "slug": f"slug || '-{number}'",
            "content_hash": f"'{number:08d}' || substr(content_hash, 9)", "created_at": earlier("created_at"),
        }),
        Claim: (claims, {
            "id": f"id + {number * claims}", "article_id": f"article_id + {number * articles}",
            "speaker_id": f"{first_speaker} + (speaker_id - {first_speaker} + {number * 197}) % {speakers}",
            "worthiness": f"CASE WHEN worthiness + {step} > 1 THEN worthiness + {step} - 1 ELSE worthiness + {step} END",
            **{name: earlier(name) for name in ("created_at", "touched_at", "status_since", "due_at")},
        }),
        AuditEvent: (events, {
            "id": f"id + {number * events}", "claim_id": f"claim_id + {number * claims}",
            "chain": f"'claim:' || (claim_id + {number * claims})", "at": earlier("at"),
        }),
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        for model, (size, values) in changed.items():
            columns = [field.column for field in model._meta.local_concrete_fields]
            first = filling.ids[model] - size if number == 1 else filling.firsts[model]
            filling.firsts[model] = first
            cursor.execute(
                f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(map(quote, columns))}) "
                f"SELECT {', '.join(values.get(column, quote(column)) for column in columns)} "
                f"FROM {quote(model._meta.db_table)} WHERE id >= {first} AND id < {first + size}"
            )


def store(filling: Filling, rows: list[Any]) -> list[Any]:
    """Put new rows into their table as it takes them fastest, with ids that are counted here; the same rows."""
    from django.db import connection
    from django.db.models import Max

    if not rows:
        return rows
    model = type(rows[0])
    fields = model._meta.local_concrete_fields
    first = filling.ids.get(model) or (model._base_manager.aggregate(top=Max("pk"))["top"] or 0) + 1
    for pk, row in enumerate(rows, start=first):
        row.pk = pk
    filling.ids[model] = first + len(rows)
    names = [field.attname for field in fields]
    prepare = [field.get_db_prep_save for field in fields]
    values = (
        [
            ready(value, connection)
            for ready, value in zip(prepare, (getattr(row, n) for n in names), strict=True)
        ]
        for row in rows
    )
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values))
        else:
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
    return rows


def _people(filling: Filling) -> None:
    from django.contrib.auth.models import Group, User

    from claims.models import Profile, RatingLevel

    made = User.objects.bulk_create(
        [
            User(username=f"checker{n}", first_name=FIRST[n % 12], last_name=LAST[(n * 5) % 12], password="!")
            for n in range(PEOPLE)
        ]
    )
    Profile.objects.bulk_create([Profile(person=one) for one in made])
    editor, reviewer = Group.objects.get(name="editor"), Group.objects.get(name="reviewer")
    editor.user_set.add(*made[:3])
    reviewer.user_set.add(*made[3:])
    filling.people = made
    filling.levels = list(RatingLevel.objects.filter(scale__in_use=True, off_scale=False).order_by("pk"))


def _speakers(filling: Filling) -> None:
    from claims.models import Speaker

    count = max(20, filling.claims // 50)
    filling.speakers = Speaker.objects.bulk_create(
        [
            Speaker(
                name=f"{FIRST[n % 12]} {LAST[n // 12 % 12]} {n // 144 + 1}",
                key=f"bench {n}",
                role="Councillor",
            )
            for n in range(count)
        ],
        batch_size=2000,
    )


def _stretch(filling: Filling, first: int, count: int) -> None:
    """One stretch of claims with everything on them, in a transaction of its own."""
    from django.db import transaction

    with transaction.atomic():
        articles = store(filling, list(_articles(filling, first, count)))
        claims = store(filling, list(_claims(filling, articles, first, count)))
        store(filling, list(_events(claims)))
        if not filling.lean:
            _work(filling, claims)
            _reports(filling, [claim for claim in claims if claim.status == "published"])


def sentence(dice: random.Random, number: int) -> str:
    """A made-up claim that no other claim repeats."""
    return (
        f"In {dice.choice(PLACES)} {dice.choice(THINGS)} {dice.choice(VERBS)} {dice.randint(2, 99_999):,} "
        f"in {dice.randint(1990, 2026)}, the council's paper {number} says."
    )


def _articles(filling: Filling, first: int, count: int) -> Iterator[Any]:
    from claims.models import Article

    assert filling.now is not None
    for start in range(first, first + count, IN_ARTICLE):
        dice = random.Random(filling.seed * 1_000_003 + start)
        text = "\n\n".join(sentence(dice, start + n) for n in range(IN_ARTICLE))
        yield Article(
            title=f"{dice.choice(PLACES)}: what the council said about {dice.choice(THINGS)}, part {start // IN_ARTICLE}",
            outlet=f"The {dice.choice(PLACES)} Courier", text=text, original_text="" if filling.lean else text,
            content_hash=f"{start:064d}", slug=f"bench-{start}", state="ready", language="en",
            topic=dice.choice(TOPICS), added_by=filling.people[0], created_at=filling.now - timedelta(minutes=start),
        )  # fmt: skip


def _claims(filling: Filling, articles: list[Any], first: int, count: int) -> Iterator[Any]:
    from claims.models import Claim

    assert filling.now is not None
    dice, statuses, shares = filling.dice, list(SHARES), list(SHARES.values())
    for number in range(count):
        article = articles[number // IN_ARTICLE]
        at, begin = number % IN_ARTICLE, 0
        lines = article.text.split("\n\n")
        begin = sum(len(line) + 2 for line in lines[:at])
        status = dice.choices(statuses, shares)[0]
        created = filling.now - timedelta(minutes=first + number)
        checker = dice.choice(filling.people) if status in WITH_CHECKER else None
        yield Claim(
            article=article, number=at + 1, text=lines[at], start=begin, end=begin + len(lines[at]),
            speaker=dice.choice(filling.speakers), worthiness=round(dice.random(), 3), status=status,
            version=3, status_since=created, created_at=created, touched_at=created, assignee=checker,
            second_reader=dice.choice(filling.people) if status == "in_review" else None,
            due_at=created + timedelta(days=dice.randint(1, 9)) if checker else None,
            topic=dice.choice(TOPICS), priority=dice.choice(PRIORITIES),  # as Priority has them
            decline_reason="opinion" if status == "declined" else "",
        )  # fmt: skip


def _events(claims: list[Any]) -> Iterator[Any]:
    from claims.models import AuditEvent

    for claim in claims:
        for sequence, (before, after) in enumerate((("", "new"), ("new", claim.status)), start=1):
            yield AuditEvent(
                chain=f"claim:{claim.pk}", sequence=sequence, at=claim.created_at, action="claim.bench", claim=claim,
                actor_id=claim.assignee_id, actor_name="Bench", channel="system", from_status=before,
                to_status=after, claim_version=sequence, hash=f"{claim.pk * 2 + sequence:064d}",
            )  # fmt: skip


def _work(filling: Filling, claims: list[Any]) -> None:
    """What checkers and steps left on the claims."""
    from claims.models import Authorship, StepResult, VerificationStep

    written = [claim for claim in claims if claim.status in WITH_VERDICT]
    store(filling, [_verdict(filling, claim) for claim in written])
    store(
        filling,
        [
            Authorship(claim=claim, person=claim.assignee, act="verdict", since=claim.created_at)
            for claim in written
        ],
    )
    store(filling, [_evidence(claim, number) for claim in written for number in (1, 2)])
    steps = store(
        filling,
        [
            VerificationStep(
                claim=claim, kind=kind, input_hash=f"{claim.pk:064d}", state="done", attempts=1,
                next_run_at=claim.created_at, created_at=claim.created_at, finished_at=claim.created_at,
            )
            for claim in claims
            for kind in ("context", "previous_checks")
        ],
    )  # fmt: skip
    store(
        filling,
        [
            StepResult(
                step=step, outcome="nothing_found", summary="Nothing found.", source="Own reports",
                started_at=step.created_at, finished_at=step.created_at,
            )
            for step in steps
        ],
    )  # fmt: skip


def _verdict(filling: Filling, claim: Any) -> Any:
    from claims.models import Verdict

    return Verdict(
        claim=claim, level=filling.dice.choice(filling.levels), headline=f"What paper {claim.pk} says",
        summary="The figure is not what the paper says.", reasoning="The paper [1] gives another figure [2].",
        why_checked="It was repeated in the council.", revision=1, saved_by=claim.assignee, saved_at=claim.created_at,
    )  # fmt: skip


def _evidence(claim: Any, number: int) -> Any:
    from claims.models import Evidence

    return Evidence(
        claim=claim, number=number, position=number, title=f"Council paper {claim.pk}.{number}",
        publisher="Council" if number == 1 else "Statistics office", url=f"https://papers.example.org/{claim.pk}/{number}",
        quote="The figure was another one.", stance="undermines" if number == 1 else "supports",
        kind="primary" if number == 1 else "secondary", accessed_on=claim.created_at.date(), added_by=claim.assignee,
        created_at=claim.created_at,
    )  # fmt: skip


def _reports(filling: Filling, claims: list[Any]) -> None:
    """A public report for each published claim. Its frozen document is short: desk pages do not read it."""
    from claims.domain import tallies
    from claims.models import Report, ReportVersion

    others = filling.people
    reports = store(
        filling,
        [
            Report(claim=claim, slug=f"bench-report-{claim.pk}", drafted_by=claim.assignee, topic=claim.topic,
                   approved_by=next(one for one in others if one.pk != claim.assignee_id),
                   headline=f"What paper {claim.pk} says", verdict_key="half_true")
            for claim in claims
        ],
    )  # fmt: skip
    versions = store(
        filling,
        [
            ReportVersion(
                report=report, number=1, document="{}", sha256=f"{report.pk:064d}", author=report.drafted_by,
                approved_by=report.approved_by, created_at=claim.created_at,
            )
            for report, claim in zip(reports, claims, strict=True)
        ],
    )  # fmt: skip
    for report, version in zip(reports, versions, strict=True):
        report.current_version = version
        report.published_at = report.modified_at = version.created_at
    Report.objects.bulk_update(reports, ["current_version", "published_at", "modified_at"], batch_size=500)
    tallies.rebuild()


if __name__ == "__main__":
    raise SystemExit(main())
