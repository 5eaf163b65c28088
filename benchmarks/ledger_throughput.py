"""How much of bare Celery is left when every task goes through the ledger.

    python -m benchmarks.ledger_throughput [--engine sqlite|postgres] [--messages 500] [--rounds 3]
        [--break NAME]

Both kinds of task run on the same worker and broker (a real Valkey on a unix socket, append-only file) in turns:
messages are queued first, then the worker is let loose, and the time from 2 % to 98 % of them is taken. The bare
task counts itself in the broker; the ledger's work is counted by its results. Also printed: how many database
connections the worker opened for the steps of one round. ``--break new_connections`` lets Celery close the database
connection around each task, and must fail.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import Any

from benchmarks import harness

FLOOR = {"sqlite": 0.45, "postgres": 0.40}


def main() -> int:
    """Run and print; the exit status says whether the floor was kept."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--engine", choices=sorted(FLOOR), default="sqlite")
    parser.add_argument("--messages", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--concurrency", type=int, default=2)
    parser.add_argument("--break", dest="breakage", default="")
    options = parser.parse_args()
    env = {"STEP_STALE_RING_SECONDS": "600", "FACTCHECK_TEST_BREAK": options.breakage}
    with harness.desk(engine=options.engine, STEP_LEASE_SECONDS="120", **env) as desk:
        report = measure(desk, options)
    report["floor"] = FLOOR[options.engine]
    report["passed"] = report["ratio"] >= report["floor"] and report["connections_per_100_steps"] <= 3
    harness.tell(report)
    return 0 if report["passed"] else 1


def measure(desk: harness.Desk, options: argparse.Namespace) -> dict[str, Any]:
    """Rounds in alternation; the ratio is the median over the rounds, each against the bare run just before it.

    Two runs side by side in time share the machine's mood; medians of each kind taken apart do not.
    """
    from benchmarks import promises

    promises.claims()
    bare: list[float] = []
    ledger: list[float] = []
    opened: list[int] = []
    for _ in range(options.rounds):
        bare.append(_bare(desk, options))
        rate, connections = _ledger(desk, options)
        ledger.append(rate)
        opened.append(connections)
    ratios = [kept / plain for kept, plain in zip(ledger, bare, strict=True)]
    return {
        "engine": options.engine,
        "messages": options.messages,
        "bare_per_second": [round(rate) for rate in bare],
        "ledger_per_second": [round(rate) for rate in ledger],
        "ratio": round(statistics.median(ratios), 3),
        "ratio_of_rounds": [round(ratio, 3) for ratio in ratios],
        "ratio_of_medians": round(statistics.median(ledger) / statistics.median(bare), 3),
        "connections_per_100_steps": round(100 * max(opened) / options.messages, 2),
    }


def _bare(desk: harness.Desk, options: argparse.Namespace) -> float:
    from factcheck.celery import app

    for number in range(options.messages):
        app.send_task("tests.bare", (number,), queue="verify")
    return _drain(desk, options)


def _ledger(desk: harness.Desk, options: argparse.Namespace) -> tuple[float, int]:
    from benchmarks import promises
    from factcheck.celery import app

    ids = promises.promise("test_quick", options.messages, rung=True)
    for pk in ids:
        app.send_task("claims.run_step", (pk,), queue="verify")
    counter = desk.folder / f"connections-{ids[0]}"
    rate = _drain(desk, options, FACTCHECK_TEST_CONNECTIONS=str(counter))
    account = promises.account(ids)
    if account["done"] != options.messages or account["attempts"] != options.messages:
        raise RuntimeError(f"not every step was done once: {account}")
    return rate, len(counter.read_text().splitlines())


def _drain(desk: harness.Desk, options: argparse.Namespace, **env: str) -> float:
    """Messages a second between 2 % and 98 %; a message is gone once it is acknowledged, after the work."""
    from factcheck.celery import app

    total = options.messages
    worker = desk.worker(concurrency=options.concurrency, **env)
    with app.connection_for_read() as connection:
        client = connection.default_channel.client

        def done() -> int:
            return total - int(client.llen("verify")) - int(client.hlen("unacked"))

        begun = harness.wait_for(
            lambda: _seen(done(), total * 0.02), 60, "the first messages done", pause=0.02
        )
        ended = harness.wait_for(lambda: _seen(done(), total * 0.98), 300, "nearly all done", pause=0.02)
        harness.wait_for(lambda: done() == total, 60, "all messages done")
    desk.kill_group(worker)
    return float((ended[1] - begun[1]) / (ended[0] - begun[0]))


def _seen(done: int, wanted: float) -> tuple[float, int] | None:
    return (time.monotonic(), done) if done >= wanted else None


if __name__ == "__main__":
    raise SystemExit(main())
