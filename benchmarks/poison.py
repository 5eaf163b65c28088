"""Steps that kill their process, eat memory or never end, beside healthy ones.

    python -m benchmarks.poison [--engine sqlite|postgres] [--healthy 200] [--kinds test_suicidal,test_greedy,...]

Passes when each poison step is on the dead list after at most three tries, and the healthy steps beside them took at
most 1.5 times as long as without. ``--break no_putting_back`` must fail: nobody ever gives the poison up.
"""

from __future__ import annotations

import argparse
import contextlib
import time
from typing import Any

from benchmarks import harness

KINDS = "test_suicidal,test_greedy,test_endless"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--healthy", type=int, default=200)
    parser.add_argument("--kinds", default=KINDS)
    parser.add_argument("--break", dest="breakage", default="")
    options = parser.parse_args()
    env = {"FACTCHECK_TEST_BREAK": options.breakage, "STEP_LEASE_SECONDS": "3", "STEP_MEMORY_MB": "400"}
    with harness.desk(engine=options.engine, FACTCHECK_TEST_SECONDS="0.15", **env) as desk:
        report = run(desk, options)
    harness.tell(report)
    return 0 if report["passed"] else 1


def run(desk: harness.Desk, options: argparse.Namespace) -> dict[str, Any]:
    """The healthy alone, then the same number with the poison among them."""
    from benchmarks import promises
    from claims.models import VerificationStep

    desk.sweeper(interval=1)
    for _ in range(2):
        desk.worker(concurrency=2)
    warm = promises.promise("test_slow", 8)
    harness.wait_for(lambda: promises.over(warm), 120, "workers up")
    alone = _seconds(promises.promise("test_slow", options.healthy))
    poison = {kind: promises.promise(kind, 1, max_attempts=3) for kind in options.kinds.split(",")}
    healthy = promises.promise("test_slow", options.healthy)
    beside = _seconds(healthy)
    with contextlib.suppress(TimeoutError):
        harness.wait_for(
            lambda: all(promises.over(ids) for ids in poison.values()), 90, "poison given up", pause=0.2
        )
    dead = {
        row.kind: row.attempts
        for row in VerificationStep.objects.filter(
            pk__in=[pk for ids in poison.values() for pk in ids], state="dead"
        )
    }
    reasons = dict(VerificationStep.objects.filter(state="dead").values_list("kind", "last_error"))
    done = promises.account(healthy)["done"]
    good = (
        set(dead) == set(poison)
        and max(dead.values()) <= 3
        and done == options.healthy
        and beside <= 1.5 * alone
    )
    return {
        "engine": options.engine, "healthy_done": done, "seconds_alone": round(alone, 1),
        "seconds_beside": round(beside, 1), "times_slower": round(beside / alone, 2), "dead": dead, "reasons": reasons,
        "passed": bool(good),
    }  # fmt: skip


def _seconds(ids: list[int]) -> float:
    from benchmarks import promises

    begun = time.monotonic()
    harness.wait_for(lambda: promises.over(ids), 300, "the healthy steps done", pause=0.1)
    return time.monotonic() - begun


if __name__ == "__main__":
    raise SystemExit(main())
