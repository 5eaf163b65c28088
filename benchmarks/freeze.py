"""Workers that are frozen past their lease and then go on: what they bring late must be thrown away.

    python -m benchmarks.freeze [--engine sqlite|postgres] [--steps 50] [--lease 3] [--break NAME]

Each step stops its own process (SIGSTOP) inside its first try, as a paused machine would be. A second worker takes
the step over once the lease is past; then the frozen processes are woken and bring their results. All steps are
frozen at the same time. Passes when every late write was fenced: one result each, that of the second try.
``--break no_fence`` lets the latest writer win and must fail.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
from pathlib import Path
from typing import Any

from benchmarks import harness


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--lease", type=int, default=3)
    parser.add_argument("--break", dest="breakage", default="")
    options = parser.parse_args()
    env = {"STEP_LEASE_SECONDS": str(options.lease), "FACTCHECK_TEST_BREAK": options.breakage}
    with harness.desk(engine=options.engine, **env) as desk:
        report = run(desk, options)
    harness.tell(report)
    return 0 if report["passed"] else 1


def run(desk: harness.Desk, options: argparse.Namespace) -> dict[str, Any]:
    """Freeze them all, let others finish, wake them, count."""
    from benchmarks import promises
    from claims.models import StepResult, VerificationStep
    from factcheck.celery import app

    ids = promises.promise("test_frozen", options.steps, rung=True)
    icebox = desk.worker(concurrency=options.steps, FACTCHECK_TEST_FREEZE="1")
    for pk in ids:
        # The limits of the queue would end a process that stands still for so long; they are not what is tested here.
        app.send_task("claims.run_step", (pk,), queue="verify", soft_time_limit=1800, time_limit=1800)
    frozen: list[int] = harness.wait_for(
        lambda: _stopped(icebox.pid, options.steps), 60 + options.steps * 8, "all frozen"
    )
    os.kill(icebox.pid, signal.SIGSTOP)  # a paused machine pauses as a whole
    desk.sweeper(interval=0.5)
    desk.worker(concurrency=2)
    harness.wait_for(lambda: promises.over(ids), 60 + options.steps + options.lease * 4, "all done by others")
    before = dict(StepResult.objects.filter(step_id__in=ids).values_list("step_id", "params"))
    os.kill(icebox.pid, signal.SIGCONT)
    for pid in frozen:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    # Each woken process leaves a line once its late write is over, fenced or not.
    told = desk.folder / "late"
    harness.wait_for(lambda: _lines(told) >= options.steps, 60 + options.steps, "all late writes tried")
    after = dict(StepResult.objects.filter(step_id__in=ids).values_list("step_id", "params"))
    overwritten = sum(before[pk] != after.get(pk) for pk in before)
    account = promises.account(ids)
    states = set(VerificationStep.objects.filter(pk__in=ids).values_list("state", flat=True))
    fenced = told.read_text().splitlines().count("fenced")
    good = fenced == options.steps == account["results"] and not overwritten and states == {"done"}
    return account | {"engine": options.engine, "frozen": len(frozen), "fenced": fenced, "overwritten": overwritten,
                      "passed": bool(good)}  # fmt: skip


def _stopped(parent: int, wanted: int) -> list[int] | None:
    """The processes of the pool that are stopped, once there are so many."""
    stopped = [pid for pid in harness.children(parent) if _state(pid) == "T"]
    return stopped if len(stopped) >= wanted else None


def _state(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return ""


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines()) if path.exists() else 0


if __name__ == "__main__":
    raise SystemExit(main())
