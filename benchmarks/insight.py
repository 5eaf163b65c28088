"""How long the page of insight takes on a large desk: counted anew, and as it is kept.

    python -m benchmarks.fill --claims 100000
    python -m benchmarks.insight [--prepare]

``--prepare`` gives the filled desk a history as real desks have it: every claim gets the moves that lead to its status,
spread over the time since it was found. Once is enough. It must not be a production desk.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

# The way of a claim, as far as its status; some are sent back once on the way.
WAY = ("triaged", "assigned", "researching", "in_review", "approved", "published")
ACTIONS = {"triaged": "triage", "assigned": "assign", "researching": "start", "in_review": "submit",
           "approved": "approve", "published": "publish", "declined": "decline", "on_hold": "hold"}  # fmt: skip


def main() -> int:
    """Prepare where asked, then measure and print one line for each part."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--prepare", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    import django

    django.setup()
    if options.prepare:
        _prepare()
    _measure(options.rounds)
    return 0


def _prepare() -> None:
    from django.db import transaction

    from claims.models import AuditEvent, Claim

    begun, made = time.perf_counter(), 0
    last = 0
    while True:
        rows = list(Claim.objects.filter(pk__gt=last).order_by("pk").select_related("article")[:2000])
        if not rows:
            break
        last = rows[-1].pk
        events = [event for claim in rows for event in _moves(claim)]
        with transaction.atomic():
            AuditEvent.objects.bulk_create(events, batch_size=1000)
        made += len(events)
    print(f"prepared: {made} moves in {time.perf_counter() - begun:.0f} s")


def _moves(claim: Any) -> Iterator[Any]:
    from claims.models import AuditEvent

    dice = random.Random(claim.pk)
    way = [*WAY[: WAY.index(claim.status) + 1]] if claim.status in WAY else ["triaged", claim.status]
    if claim.status == "new":
        return
    if "approved" in way and dice.random() < 0.25:
        at = way.index("approved")
        way[at:at] = ["researching", "in_review"]
    before, when = "new", claim.created_at
    for sequence, after in enumerate(way, start=10):
        when += timedelta(minutes=dice.expovariate(1 / 600))
        back = before == "in_review" and after == "researching"
        action = "send_back" if back else ACTIONS[after]
        yield AuditEvent(
            chain=f"claim:{claim.pk}", sequence=sequence, at=when, action=f"claim.{action}", claim=claim,
            actor_id=claim.assignee_id, actor_name="Bench", channel="system", from_status=before, to_status=after,
            claim_version=sequence, hash=f"{claim.pk * 100 + sequence:064d}",
        )  # fmt: skip
        before = after


def _measure(rounds: int) -> None:
    from django.contrib.auth.models import User
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from claims.domain import insight
    from claims.models import AuditEvent, Claim

    print(f"{connection.vendor}: {Claim.objects.count()} claims, {AuditEvent.objects.count()} events")
    for name, weeks in (("4 weeks", 4), ("12 weeks", 12), ("52 weeks", 52)):
        taken, busy = [], []
        for _round in range(rounds):
            begun, worked = time.perf_counter(), time.process_time()
            with CaptureQueriesContext(connection) as queries:
                found = insight.count(insight.Period.of_weeks(weeks))
            taken.append(time.perf_counter() - begun)
            busy.append(time.process_time() - worked)
        moves = sum(stay.count for stay in found.stays)
        print(
            f"{name:9} counted anew: p50 {statistics.median(taken):.2f} s ({statistics.median(busy):.2f} s of this "
            f"process), {len(queries)} queries, {moves} stays"
        )
    client = Client(headers={"host": "127.0.0.1"})
    person = (
        User.objects.filter(is_active=True, groups__name="editor").first()
        or User.objects.filter(is_active=True).first()
    )
    assert person is not None
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    cache.clear()
    address = f"{reverse('insight')}?weeks=12"
    client.get(address)
    pages, work = [], []
    for _round in range(max(rounds, 20)):
        begun, worked = time.perf_counter(), time.process_time()
        assert client.get(address).status_code == 200
        pages.append((time.perf_counter() - begun) * 1000)
        work.append((time.process_time() - worked) * 1000)
    print(
        f"page, kept: p50 {statistics.median(pages):.0f} ms, p95 {sorted(pages)[int(len(pages) * 0.95) - 1]:.0f} ms"
    )


if __name__ == "__main__":
    sys.exit(main())
