"""Many at few claims while processes are killed: ``benchmarks.history`` at a small size, and that its checker bites."""

from __future__ import annotations

from typing import Any

import pytest

from tests.races.test_ledger import run


@pytest.mark.slow
@pytest.mark.broker
def test_one_order_of_changes_explains_what_everybody_was_told() -> None:
    account = run("history", "--seconds", "6", "--clients", "6", "--kills", "2")
    assert account["faults"] == [], account
    assert account["changes"] > 5
    assert account["killed"] == {"web process": 2}
    assert account["status"] == 0


@pytest.mark.proof
@pytest.mark.broker
def test_the_checker_notices_a_door_that_looks_and_then_saves() -> None:
    account: dict[str, Any] = run("history", "--seconds", "4", "--clients", "4", "--kills", "0", "--break")
    assert account["faults_in_all"] > 0
    assert account["status"] == 1
