"""Kill workers, the broker and the sweeper while steps run: nothing may be lost, nothing done twice.

    python -m benchmarks.kill_workers [--engine sqlite|postgres] [--steps 2000] [--kills 50] [--whole 20]
        [--broker-kills 5] [--sweeper-kills 3] [--seconds 0.15] [--seed 1] [--break NAME]

Two workers of two processes each, lease 5 s, sweep every second, a broker *without* persistence. Kills are spread
over the first part of the run, a seeded choice between one process of a pool and a whole worker with its pool; dead
workers and brokers are started again, as a supervisor would. Passes when every step is done once, and the last is
done within the fault-free floor plus 20 s after the last kill. ``--break no_putting_back`` takes the sweeper's main
work away and must fail.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import time
from typing import Any

from benchmarks import harness

MARGIN = 20.0
WORKERS = 2
POOL = 2


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--whole", type=int, default=20, help="how many of the kills take a whole worker")
    parser.add_argument("--broker-kills", type=int, default=5)
    parser.add_argument("--sweeper-kills", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.15, help="length of one step")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lease", type=int, default=5)
    parser.add_argument("--patience", type=float, default=None, help="give up this long after the last kill")
    parser.add_argument(
        "--break", dest="breakage", default="", help="a deliberately broken build (tests.steps.breakages)"
    )
    return parser


def main() -> int:
    """Run, print the account as JSON; 0 only when nothing was lost or doubled and the time was kept."""
    options = arguments().parse_args()
    env = {
        "FACTCHECK_TEST_SECONDS": str(options.seconds),
        "FACTCHECK_TEST_BREAK": options.breakage,
        "STEP_LEASE_SECONDS": str(options.lease),
    }
    with harness.desk(engine=options.engine, persistent_broker=False, **env) as desk:
        report = Run(desk, options).run()
    harness.tell(report)
    return 0 if report["passed"] else 1


class Run:
    """One run: promise, kill, wait, count."""

    def __init__(self, desk: harness.Desk, options: argparse.Namespace) -> None:
        self.desk = desk
        self.options = options
        self.chance = random.Random(options.seed)
        self.workers: list[subprocess.Popen[bytes]] = []
        self.killed = {"process": 0, "worker": 0, "broker": 0, "sweeper": 0}

    def run(self) -> dict[str, Any]:
        from benchmarks import promises

        self.workers = [self.desk.worker(concurrency=POOL) for _ in range(WORKERS)]
        self.sweeper = self.desk.sweeper()
        floor_rate = self._floor()
        ids = promises.promise("test_slow", self.options.steps)
        begun = time.monotonic()
        self._kill_all(ids, floor_rate)
        last_kill = time.monotonic()
        left = self.options.steps - promises.states(ids).get("done", 0)
        floor = left / floor_rate
        patience = self.options.patience or floor + 3 * MARGIN
        with contextlib.suppress(TimeoutError):
            harness.wait_for(
                lambda: self._tend() or promises.over(ids), patience, "all steps over", pause=0.2
            )
        after = time.monotonic() - last_kill
        account = promises.account(ids)
        good = account["done"] == account["results"] == len(ids) and not account["duplicate_results"]
        return account | {
            "engine": self.options.engine,
            "seed": self.options.seed,
            "killed": self.killed,
            "seconds_in_all": round(time.monotonic() - begun, 1),
            "left_at_last_kill": left,
            "fault_free_floor_seconds": round(floor, 1),
            "seconds_after_last_kill": round(after, 1),
            "passed": bool(good and after <= floor + MARGIN),
        }

    def _floor(self) -> float:
        """Steps a second without faults, measured on this very machine just before."""
        from benchmarks import promises

        count = max(20, min(100, self.options.steps // 10))
        warm = promises.promise("test_slow", WORKERS * POOL)
        harness.wait_for(lambda: promises.over(warm), 120, "workers up")
        ids = promises.promise("test_slow", count)
        begun = time.monotonic()
        harness.wait_for(lambda: promises.over(ids), 300, "the floor measured")
        return count / (time.monotonic() - begun)

    def _kill_all(self, ids: list[int], rate: float) -> None:
        """All kills, at even steps of the work done, so that a slow machine is killed as often as a quick one."""
        from benchmarks import promises

        plan = ["worker"] * self.options.whole + ["process"] * (self.options.kills - self.options.whole)
        plan += ["broker"] * self.options.broker_kills + ["sweeper"] * self.options.sweeper_kills
        self.chance.shuffle(plan)
        for number, what in enumerate(plan, start=1):
            due = int(len(ids) * 0.75 * number / (len(plan) + 1))
            with contextlib.suppress(TimeoutError):
                harness.wait_for(
                    lambda due=due: self._tend() or promises.states(ids).get("done", 0) >= due,
                    min(30.0, 10 + 3 / rate), "so many done", pause=0.1,
                )  # fmt: skip
            getattr(self, f"_kill_{what}")()
            self.killed[what] += 1

    def _kill_worker(self) -> None:
        victim = self.workers.pop(self.chance.randrange(len(self.workers)))
        self.desk.kill_group(victim)
        self.workers.append(self.desk.worker(concurrency=POOL))

    def _kill_process(self) -> None:
        """One process of a pool, one that is at work where there is one."""
        for worker in self.chance.sample(self.workers, len(self.workers)):
            pool = harness.children(worker.pid)
            if pool:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.chance.choice(pool), signal.SIGKILL)
                return

    def _kill_broker(self) -> None:
        self.desk.broker.kill()
        time.sleep(self.chance.uniform(0, 2))
        self.desk.broker.start()

    def _kill_sweeper(self) -> None:
        self.desk.kill_group(self.sweeper)
        self.sweeper = self.desk.sweeper()

    def _tend(self) -> None:
        """What a supervisor does: a worker or sweeper that exited is started again."""
        for worker in list(self.workers):
            if harness.exited(worker):
                self.workers.remove(worker)
                self.desk.kill_group(worker)  # what is left of its pool
                self.workers.append(self.desk.worker(concurrency=POOL))
        if harness.exited(self.sweeper):
            self.sweeper = self.desk.sweeper()


if __name__ == "__main__":
    raise SystemExit(main())
