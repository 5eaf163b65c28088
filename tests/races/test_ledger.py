"""Short forms of the runs in ``benchmarks/``: real processes, a real broker, a database of their own.

Each is shown to notice a broken build: the same run with ``--break`` must fail (see ``tests.steps.breakages``). These
proofs are about the runs, not about the desk: ``make prove`` runs them, and the suite says that it left them out.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def run(module: str, *options: str) -> dict[str, Any]:
    """One run as a command; its last lines are the account in JSON."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert "{" in done.stdout, done.stderr[-3000:]
    account: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    account["status"] = done.returncode
    return account


@pytest.mark.slow
@pytest.mark.broker
def test_killed_workers_broker_and_sweeper_lose_nothing() -> None:
    """Broken build: ``--break no_putting_back`` (the next test)."""
    account = run("kill_workers", "--steps", "60", "--kills", "4", "--whole", "2", "--broker-kills", "1",
                  "--sweeper-kills", "1", "--lease", "2")  # fmt: skip
    assert (account["lost"], account["duplicate_results"], account["done"]) == (0, 0, 60), account
    assert account["killed"] == {"process": 2, "worker": 2, "broker": 1, "sweeper": 1}
    assert account["status"] == 0, account


@pytest.mark.proof
@pytest.mark.broker
def test_the_run_notices_a_sweeper_that_puts_nothing_back() -> None:
    # Steps long enough that a killed worker is in the middle of one, on a busy machine too.
    account = run("kill_workers", "--steps", "30", "--seconds", "0.6", "--kills", "3", "--whole", "3", "--broker-kills", "0",
                  "--sweeper-kills", "0", "--lease", "2", "--patience", "8", "--break", "no_putting_back")  # fmt: skip
    assert account["lost"] > 0
    assert account["status"] == 1


@pytest.mark.slow
@pytest.mark.broker
def test_late_writes_of_frozen_workers_are_fenced() -> None:
    """Broken build: ``--break no_fence``, which lets the frozen worker overwrite the result."""
    account = run("freeze", "--steps", "4")
    assert (account["fenced"], account["duplicate_results"], account["overwritten"]) == (4, 0, 0), account
    assert account["status"] == 0, account


@pytest.mark.proof
@pytest.mark.broker
def test_the_run_notices_a_build_without_fences() -> None:
    account = run("freeze", "--steps", "2", "--break", "no_fence")
    assert account["overwritten"] > 0
    assert account["status"] == 1


@pytest.mark.slow
@pytest.mark.broker
def test_one_message_ten_times_to_four_processes_is_one_result() -> None:
    """Broken build: ``--break naive_take``, which looks before it writes."""
    account = run("deliveries", "--steps", "20")
    assert (account["results"], account["attempts"], account["errors"]) == (20, 20, 0), account
    assert account["status"] == 0


@pytest.mark.proof
@pytest.mark.broker
def test_the_run_notices_a_build_that_looks_before_it_writes() -> None:
    account = run("deliveries", "--steps", "20", "--break", "naive_take")
    assert account["attempts"] > 20 or account["errors"] > 0
    assert account["status"] == 1


@pytest.mark.slow
@pytest.mark.broker
def test_a_poison_step_lands_on_the_dead_list_and_spares_the_rest() -> None:
    """Broken build: ``--break no_putting_back``, which leaves what killed its worker running for ever."""
    account = run("poison", "--healthy", "40", "--kinds", "test_suicidal")
    assert account["dead"] == {"test_suicidal": 3}, account
    assert account["healthy_done"] == 40
