"""Every cell of role, relation, status, action and channel, asked over HTTP and held against the two tables.

    python -m benchmarks.permissions [--one-in 1]
    python -m tests.deploy.services -- python -m benchmarks.permissions     # on PostgreSQL

Makes a throw-away test database (SQLite in memory where no other is named), one claim in each status through the door, and nine people. Passes when
no cell answers otherwise than ``claims/workflow/table.py`` and ``permits.py`` say. The suite asks about one in 60.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--one-in", type=int, default=1)
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "factcheck.settings"
    os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")
    os.environ["API_BURST"] = "100000000"  # the limits are not what is asked about

    import django

    django.setup()
    import logging

    from django.conf import settings
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    logging.disable(logging.ERROR)  # every refusal is a line of its own
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    setup_test_environment()
    former = setup_databases(verbosity=0, interactive=False)
    try:
        report = _run(options.one_in)
    finally:
        teardown_databases(former, verbosity=0)
    print(json.dumps(report, indent=2))
    return 0 if report["passed"] else 1


def _run(one_in: int) -> dict[str, object]:
    from tests import factories, matrix

    began = time.monotonic()
    people = [factories.person(name, role) for name, role in (("pia", "editor"), ("noor", "reviewer"))]
    stage = matrix.Stage(*people, factories.person("tomas", "reviewer"))
    asked, wrong = matrix.check(stage, one_in)
    return {
        "cells": asked,
        "wrong": [f"{cell}: {told}, not {right}" for cell, (told, right) in wrong.items()],
        "seconds": round(time.monotonic() - began, 1),
        "passed": not wrong,
    }


if __name__ == "__main__":
    sys.exit(main())
