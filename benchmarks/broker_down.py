"""The broker is away while articles are pasted: each is accepted at once, all are read when it is back.

    python -m benchmarks.broker_down [--engine sqlite|postgres] [--articles 200] [--minutes 5] [--break NAME]

Articles come in through the API, evenly over the time, on a desk whose workers and sweeper run on without their
broker. Passes when every one was accepted in under 2 s and all are read within 20 s after the fault-free floor (the
time the same number took with the broker up) once it is back. ``--break no_ringing_again`` leaves what was lost
unrung and must fail.
"""

from __future__ import annotations

import argparse
import contextlib
import time
from typing import Any

from benchmarks import harness

MARGIN = 20.0
TEXT = """Ferry line {number} of Port Marlow carries more passengers

Ferry line {number} carried {number},400 passengers in May, the harbour office said on Tuesday, a third more than in
the same month of 2023. "We shall need a second boat by the spring," its director told the council.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--break", dest="breakage", default="")
    options = parser.parse_args()
    env = {"API_RATE_PERSON": "100000/min", "FACTCHECK_TEST_BREAK": options.breakage}
    with harness.desk(engine=options.engine, STEP_LEASE_SECONDS="20", **env) as desk:
        report = Run(desk, options).run()
    harness.tell(report)
    return 0 if report["passed"] else 1


class Run:
    """One run: with the broker, without it, with it again."""

    def __init__(self, desk: harness.Desk, options: argparse.Namespace) -> None:
        self.desk = desk
        self.options = options
        self.workers = [desk.worker(concurrency=2, app="factcheck") for _ in range(2)]
        desk.sweeper(interval=1)

    def run(self) -> dict[str, Any]:
        from django.contrib.auth.models import Group, User
        from django.test import Client

        person = User.objects.create_user("paste")
        person.groups.add(Group.objects.get(name="editor"))
        self.client = Client(HTTP_HOST="localhost")
        self.client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        count = self.options.articles
        self._paste(range(1, 5), 0)
        harness.wait_for(lambda: self._read() >= 4, 60, "workers up")
        begun = time.monotonic()
        self._paste(range(100, 100 + count), 0)
        harness.wait_for(lambda: self._read() >= 4 + count, 600, "the floor measured")
        floor = time.monotonic() - begun
        self.desk.broker.kill()
        taken = self._paste(range(1000, 1000 + count), self.options.minutes * 60 / count)
        self.desk.broker.start()
        back = time.monotonic()
        with contextlib.suppress(TimeoutError):
            harness.wait_for(
                lambda: self._tend() or self._read() >= 4 + 2 * count, floor + 90, "all read", pause=0.2
            )
        after = time.monotonic() - back
        read = self._read() - 4 - count
        accepted = [seconds for status, seconds in taken if 200 <= status < 300]
        good = len(accepted) == count == read and max(accepted) < 2 and after <= floor + MARGIN
        return {
            "engine": self.options.engine, "articles": count, "accepted": len(accepted),
            "slowest_seconds": round(max(seconds for _, seconds in taken), 3), "read": read,
            "fault_free_floor_seconds": round(floor, 1), "seconds_after_the_broker_is_back": round(after, 1),
            "passed": bool(good),
        }  # fmt: skip

    def _paste(self, numbers: range, pause: float) -> list[tuple[int, float]]:
        taken = []
        for number in numbers:
            begun = time.monotonic()
            answer = self.client.post(
                "/api/v1/articles/", {"text": TEXT.format(number=number)}, content_type="application/json"
            )
            taken.append((answer.status_code, time.monotonic() - begun))
            time.sleep(max(0.0, pause - (time.monotonic() - begun)))
        return taken

    def _read(self) -> int:
        from claims.models import Article

        return Article.objects.filter(state="ready").count()

    def _tend(self) -> None:
        """A worker may end when its broker restarts; a supervisor starts it again."""
        for worker in list(self.workers):
            if harness.exited(worker):
                self.workers.remove(worker)
                self.desk.kill_group(worker)
                self.workers.append(self.desk.worker(concurrency=2, app="factcheck"))


if __name__ == "__main__":
    raise SystemExit(main())
