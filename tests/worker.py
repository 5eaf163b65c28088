"""The worker of the tests that kill workers: the project's own application, with the test steps known to it."""

from __future__ import annotations

import os

import django

from factcheck.celery import app

django.setup()

from claims.steps import registry  # noqa: E402  # needs Django set up
from tests.steps import breakages, kinds  # noqa: E402

for kind in kinds.ALL:
    registry.register(kind)
breakages.apply(os.environ.get("FACTCHECK_TEST_BREAK", ""))

__all__ = ["app"]


@app.task(name="tests.bare")
def bare(number: int) -> None:
    """What a Celery task costs when it does nothing."""


if os.environ.get("FACTCHECK_TEST_CONNECTIONS"):
    from pathlib import Path
    from typing import Any

    from django.db.backends.signals import connection_created
    from django.dispatch import receiver

    @receiver(connection_created)
    def count(**kwargs: Any) -> None:
        """One line for each connection that any process of this worker opens."""
        with Path(os.environ["FACTCHECK_TEST_CONNECTIONS"]).open("a") as out:
            out.write(f"{os.getpid()}\n")


if os.environ.get("FACTCHECK_TEST_FREEZE"):
    from celery.signals import task_postrun

    from claims.domain import ledger
    from tests.steps.late import Witness

    witness = Witness(ledger.finish)
    ledger.finish = witness.finish
    task_postrun.connect(witness.told, weak=False)
