"""What a move through the door costs, against the least that any such move must write.

    python -m benchmarks.transitions [--engine sqlite|postgres] [--claims 100000] [--moves 300] [--rounds 5]

The floor is one conditional UPDATE of the claim and one INSERT into the history, in one transaction, with nothing
looked up and nothing checked. The door's moves are accept, take and start, which a claim makes one after the other:
role, guards, version, hash chain and assignment included. Both run in turns over claims of a full desk; the ratio is the
median over the rounds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from typing import Any

from benchmarks import fill, harness

BAR = {"ratio": 0.40, "p95_ms": 50, "queries": 6}
MOVES = ("triage", "take", "start")


def main() -> int:
    """Measure and print; the exit status says whether the bars were kept."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--moves", type=int, default=300, help="claims that are moved in each round")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with harness.desk(engine=options.engine):
        fill.fill(options.claims, lean=True)
        report = measure(options.moves, options.rounds)
    print(json.dumps({"engine": options.engine, "claims": options.claims, **report}, indent=2))
    kept = (
        report["ratio"] >= BAR["ratio"]
        and report["door_p95_ms"] <= BAR["p95_ms"]
        and max(report["queries"].values()) <= BAR["queries"]
    )
    return 0 if kept else 1


def measure(moves: int, rounds: int) -> dict[str, Any]:
    """Floor and door in turns, each on claims that nobody moved yet."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from claims.models import Claim

    person = User.objects.get(username="checker7")
    waiting = iter(list(Claim.objects.filter(status="new").order_by("id").values_list("pk", flat=True)))
    ratios, floors, doors, single = [], [], [], []
    for _round in range(rounds):
        floor_ids = [next(waiting) for _ in range(moves)]
        begun = time.perf_counter()
        for pk in floor_ids:
            for step, (before, after) in enumerate(
                (("new", "triaged"), ("triaged", "on_hold"), ("on_hold", "triaged"))
            ):
                _floor(pk, before, after, 3 + step)
        floors.append(3 * moves / (time.perf_counter() - begun))
        begun = time.perf_counter()
        for pk in [next(waiting) for _ in range(moves)]:
            single += _through_the_door(pk, person)
        doors.append(3 * moves / (time.perf_counter() - begun))
        ratios.append(doors[-1] / floors[-1])
    queries = {}
    pk = next(waiting)
    for step, action in enumerate(MOVES):
        with CaptureQueriesContext(connection) as seen:
            _move(pk, action, person, 3 + step)
        queries[action] = sum(
            not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
            for query in seen.captured_queries
        )
    return {
        "floor_per_second": [round(rate) for rate in floors],
        "door_per_second": [round(rate) for rate in doors],
        "ratio": round(statistics.median(ratios), 3),
        "ratio_of_rounds": [round(ratio, 3) for ratio in ratios],
        "door_p50_ms": round(statistics.median(single), 2),
        "door_p95_ms": round(sorted(single)[int(len(single) * 0.95)], 2),
        "queries": queries,
    }


def _floor(pk: int, before: str, after: str, version: int) -> None:
    from django.db import transaction
    from django.utils import timezone

    from claims.models import AuditEvent, Claim

    now = timezone.now()
    with transaction.atomic():
        changed = Claim.objects.filter(pk=pk, status=before, version=version)
        # The least that a move can be; only a benchmark writes it without the door.
        if changed.update(status=after, version=version + 1, touched_at=now, status_since=now) != 1:
            raise RuntimeError("The claim was moved by somebody else.")
        AuditEvent(
            chain=f"claim:{pk}", sequence=version, at=now, actor_name="Bench", channel="system", action="claim.floor",
            claim_id=pk, from_status=before, to_status=after, claim_version=version + 1, hash=f"{pk * 9 + version:064d}",
        ).save(force_insert=True)  # fmt: skip


def _through_the_door(pk: int, person: Any) -> list[float]:
    taken = []
    for step, action in enumerate(MOVES):
        begun = time.perf_counter()
        _move(pk, action, person, 3 + step)
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def _move(pk: int, action: str, person: Any, version: int) -> None:
    from claims.domain.transitions import transition

    transition(pk, action, actor=person, version=version, payload={"assignee": person.pk})


if __name__ == "__main__":
    raise SystemExit(main())
