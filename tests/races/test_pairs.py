"""Two people press the same button at once, on every action and through every door; ``benchmarks.pairs`` at a small size."""

from __future__ import annotations

import pytest

from tests.races.test_ledger import run


@pytest.mark.slow
@pytest.mark.broker
def test_of_two_who_press_at_once_one_is_told_that_somebody_was_faster() -> None:
    account = run("pairs", "--pairs", "10", "--publish", "10", "--rotate")
    assert account["wrong"] == 0, account["rows"]
    assert account["pairs"] == 23 * 10


@pytest.mark.proof
@pytest.mark.broker
def test_the_run_notices_a_door_that_looks_and_then_saves() -> None:
    account = run(
        "pairs", "--pairs", "3", "--publish", "3", "--channels", "web", "--only", "triage,publish", "--break"
    )
    assert account["wrong"] > 0
    assert account["status"] == 1
