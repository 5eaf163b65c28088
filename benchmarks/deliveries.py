"""The same message ten times to four processes: one result each, and nobody sees an error.

    python -m benchmarks.deliveries [--engine sqlite|postgres] [--steps 200] [--times 10] [--break NAME]

``--break naive_take`` looks whether a step is free before it writes, and must fail.
"""

from __future__ import annotations

import argparse
from typing import Any

from benchmarks import harness


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--break", dest="breakage", default="")
    options = parser.parse_args()
    with harness.desk(engine=options.engine, FACTCHECK_TEST_BREAK=options.breakage) as desk:
        report = run(desk, options)
    harness.tell(report)
    return 0 if report["passed"] else 1


def run(desk: harness.Desk, options: argparse.Namespace) -> dict[str, Any]:
    """All messages of one step one after the other, so that several processes hold one at the same moment."""
    from benchmarks import promises
    from factcheck.celery import app

    ids = promises.promise("test_quick", options.steps, rung=True, max_attempts=100)
    for pk in ids:
        for _ in range(options.times):
            app.send_task("claims.run_step", (pk,), queue="verify")
    for _ in range(2):
        desk.worker(concurrency=2)
    with app.connection_for_read() as connection:
        client = connection.default_channel.client
        harness.wait_for(
            lambda: int(client.llen("verify")) + int(client.hlen("unacked")) == 0,
            300,
            "all messages read",
            pause=0.2,
        )
    account = promises.account(ids)
    logs = desk.logs()
    errors = logs.count("Traceback") + logs.count("IntegrityError")
    good = account["done"] == account["results"] == account["attempts"] == options.steps and not errors
    return account | {"engine": options.engine, "messages": options.steps * options.times, "errors": errors,
                      "passed": bool(good)}  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
