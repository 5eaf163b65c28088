"""Kinds of steps that only tests and benchmarks know: quick, slow, failing, poisonous.

They are not registered by being imported, so that no other test plans them: use ``with known(Slow): ...`` in a
test, and ``FACTCHECK_TEST_KINDS`` in a worker started by ``tests.worker``.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator, Mapping
from typing import Any

from claims.enums import StepOutcome
from claims.exceptions import StepError
from claims.models import Claim
from claims.steps import registry
from claims.steps.base import Context, Result, Step


class Quick(Step):
    """Nothing to do: what remains is the cost of the ledger."""

    kind = "test_quick"
    label = "Quick"
    max_attempts = 5

    def inputs(self, subject: Claim) -> Mapping[str, Any]:
        return {"text": subject.text}

    def run(self, subject: Claim, context: Context) -> Result:
        return Result(StepOutcome.FOUND, "Done.", source="nothing")


class Slow(Quick):
    """As long as ``FACTCHECK_TEST_SECONDS`` says; five tries, since the tests kill its workers at random."""

    kind = "test_slow"
    label = "Slow"

    def run(self, subject: Claim, context: Context) -> Result:
        time.sleep(float(os.environ.get("FACTCHECK_TEST_SECONDS", "0.15")))
        return Result(StepOutcome.FOUND, "Done.", params={"pid": os.getpid(), "attempt": context.attempt})


class Frozen(Quick):
    """Stops its own process in the first try, as a paused machine would; whoever reads the file wakes it later."""

    kind = "test_frozen"
    label = "Frozen"

    def run(self, subject: Claim, context: Context) -> Result:
        if context.attempt == 1:
            os.kill(os.getpid(), signal.SIGSTOP)
        return Result(StepOutcome.FOUND, "Done.", params={"pid": os.getpid(), "attempt": context.attempt})


class Suicidal(Quick):
    """Kills its own process each time."""

    kind = "test_suicidal"
    label = "Suicidal"
    max_attempts = 3

    def run(self, subject: Claim, context: Context) -> Result:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("not reached")


class Greedy(Quick):
    """Eats memory until it is told to stop."""

    kind = "test_greedy"
    label = "Greedy"
    max_attempts = 3

    def run(self, subject: Claim, context: Context) -> Result:
        kept = [bytearray(32 * 1024 * 1024) for _ in range(1000)]
        raise AssertionError(f"nobody stopped it at {len(kept)}")


class Endless(Quick):
    """Never ends."""

    kind = "test_endless"
    label = "Endless"
    max_attempts = 3
    time_limit = 1

    def run(self, subject: Claim, context: Context) -> Result:
        while True:
            time.sleep(0.05)


class Failing(Quick):
    """Fails as its class attribute says."""

    kind = "test_failing"
    label = "Failing"
    max_attempts = 3
    error: Exception = StepError("The service is tired.")

    def run(self, subject: Claim, context: Context) -> Result:
        raise self.error


class Away(Quick):
    """Its service never answers."""

    kind = "test_away"
    label = "Away"
    max_attempts = 2

    def run(self, subject: Claim, context: Context) -> Result:
        return Result(StepOutcome.UNAVAILABLE, "The service did not answer.", retry_after=30)


ALL: tuple[type[Step], ...] = (Quick, Slow, Frozen, Suicidal, Greedy, Endless, Failing, Away)


@contextlib.contextmanager
def known(*kinds: type[Step], alone: bool = False) -> Iterator[None]:
    """While inside, the registry knows these kinds too (``alone``: only these)."""
    registry.claim_steps()
    before = dict(registry._kinds)
    if alone:
        registry._kinds.clear()
    try:
        for kind in kinds:
            registry.register(kind)
        yield
    finally:
        registry._kinds.clear()
        registry._kinds.update(before)
