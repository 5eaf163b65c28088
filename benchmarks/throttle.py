"""Acceptance 52: an API under a hundred requests a second from one caller, answered by two processes.

    python -m benchmarks.throttle [--engine sqlite|postgres] [--store redis|table] [--seconds 60] [--rate 100]

Twice, once as a stranger at one address and once with a token: so many requests a second for so long. Passed when a 429
with ``Retry-After`` comes within two seconds, when both processes together let no more through than burst and rate allow,
and when somebody else's 95th percentile stays below twice what it was before. The exit status says whether it held.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks import harness

THREADS = 10
ALLOWED = {"stranger": (2.0, 40), "token": (20.0, 40)}  # the defaults: a second, and at once
FIRST_REFUSAL_SECONDS = 2.0
MOST_SLOWER = 2.0


@dataclass
class Told:
    """What one flood was told, or one patient caller."""

    started: float = field(default_factory=time.perf_counter)
    answers: list[tuple[float, int, bool, float]] = field(
        default_factory=list
    )  # when, status, Retry-After, took

    def ask(self, port: int, path: str, headers: dict[str, str]) -> None:
        """One request on a connection of its own."""
        begun = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        now = time.perf_counter()
        self.answers.append(
            (begun - self.started, answer.status, bool(answer.headers.get("Retry-After")), now - begun)
        )

    @property
    def p95_ms(self) -> float:
        return statistics.quantiles([took * 1000 for *_rest, took in self.answers], n=20)[18]


def main() -> int:
    """Flood, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--store", choices=["redis", "table"], default="redis")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=100)
    options = parser.parse_args()
    with harness.desk(engine=options.engine) as desk:
        if options.store == "table":
            desk.env["REDIS_URL"] = ""
        flooding, other = keys()
        with harness.gunicorn(desk, processes=2) as port:
            report = run(port, flooding, other, options.seconds, options.rate)
    report = {"engine": options.engine, "store": options.store, "seconds": options.seconds, "rate": options.rate} | report  # fmt: skip
    harness.tell(report)
    return 0 if report["held"] else 1


def keys() -> tuple[str, str]:
    """The tokens of who floods and of somebody else."""
    from claims.domain import tokens
    from tests import factories

    return tuple(
        tokens.create(factories.person(name, "viewer"), "throttle")[1] for name in ("flood", "other")
    )  # type: ignore[return-value]  # two


def run(port: int, flooding: str, other: str, seconds: float, rate: float) -> dict[str, Any]:
    """Before, and during each of both floods."""
    patient(port, other, 3)  # what is loaded once is loaded
    before = patient(port, other, 10).p95_ms
    report: dict[str, Any] = {"others_p95_before_ms": round(before, 1)}
    held = True
    for name, path, headers in (
        ("stranger", "/api/v1/reports/", {}),
        ("token", "/api/v1/people/me/", {"Authorization": f"Bearer {flooding}"}),
    ):
        told, meanwhile = flood(port, path, headers, other, seconds, rate)
        refused = [(at, hint) for at, status, hint, _took in told.answers if status == 429]
        through = sum(status == 200 for _at, status, _hint, _took in told.answers)
        a_second, burst = ALLOWED[name]
        most = burst + a_second * (max(at for at, *_rest in told.answers) + 1)
        first = min((at for at, _hint in refused), default=float("inf"))
        report[name] = {
            "sent": len(told.answers), "through": through, "allowed": round(most), "refused": len(refused),
            "first_refusal_s": round(first, 2), "all_with_retry_after": all(hint for _at, hint in refused),
            "others_p95_ms": round(meanwhile.p95_ms, 1), "others_slower": round(meanwhile.p95_ms / before, 2),
            "faults": sum(status >= 500 for _at, status, _hint, _took in told.answers),
        }  # fmt: skip
        held &= (
            first <= FIRST_REFUSAL_SECONDS and through <= most and all(hint for _at, hint in refused)
            and meanwhile.p95_ms < MOST_SLOWER * before and not report[name]["faults"]
            and all(status == 200 for _at, status, _hint, _took in meanwhile.answers)
        )  # fmt: skip
    return report | {"held": held}


def patient(port: int, token: str, seconds: float) -> Told:
    """Somebody who asks five times a second."""
    told = Told()
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        told.ask(port, "/api/v1/people/me/", {"Authorization": f"Bearer {token}"})
        time.sleep(0.2)
    return told


def flood(
    port: int, path: str, headers: dict[str, str], other: str, seconds: float, rate: float
) -> tuple[Told, Told]:
    """So many requests a second by ten threads, and somebody else beside them."""
    told = Told()

    def send(number: int) -> None:
        turn = number / rate
        while turn < seconds:
            time.sleep(max(0.0, told.started + turn - time.perf_counter()))
            told.ask(port, path, headers)
            turn += THREADS / rate

    threads = [threading.Thread(target=send, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    meanwhile = patient(port, other, seconds)
    for thread in threads:
        thread.join()
    return told, meanwhile


if __name__ == "__main__":
    sys.exit(main())
