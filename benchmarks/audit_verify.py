"""The audit trail at full size: walked in time, and nothing done to it passes unseen.

    python -m benchmarks.audit_verify [--rows 100000] [--flips 200] [--seed 7]

Writes that many events in chains of a hundred (SQLite, a throw-away file), seals them, and walks them. Then, with the
triggers dropped as somebody with the file could, flips one byte of one field in each of ``--flips`` random rows, drops a
middle row, cuts the last five, and swaps two, each on its own and put right again. Passes when the walk of all rows takes
under 30 s and each of these is found, at the first bad row where there is one.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from typing import Any

LIMIT = 30.0
TEXTS = ("action", "actor_name", "reason", "to_status", "hash", "previous_hash")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--flips", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="audit-") as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/audit.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "factcheck.settings"

        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        report = _run(options)
    print(json.dumps(report, indent=2))
    return 0 if report["passed"] else 1


def _run(options: argparse.Namespace) -> dict[str, Any]:
    from claims.domain import audit

    _write(options.rows)
    seal = audit.seal(settle_seconds=0)
    assert seal is not None
    began = time.monotonic()
    clean = audit.verify(head=seal.hash)
    seconds = time.monotonic() - began
    from benchmarks import audit_damage

    missed = audit_damage.run(random.Random(options.seed), options.flips, seal.hash)
    return {
        "rows": options.rows,
        "seconds": round(seconds, 1),
        "clean": clean is None,
        "damages": options.flips + 3,
        "missed": missed,
        "passed": clean is None and seconds < LIMIT and not missed,
    }


def _write(rows: int) -> None:
    """Events as ``audit.record`` makes them, a hundred to a chain, written in bulk."""
    import hashlib

    from django.utils import timezone

    from claims.domain import audit
    from claims.models import AuditEvent

    events, previous = [], ""
    for number in range(rows):
        chain, sequence = f"claim:{number // 100 + 1}", number % 100 + 1
        event = AuditEvent(
            chain=chain, sequence=sequence, at=timezone.now(), actor_name="Pia Demo", channel="web",
            action="claim.details", to_status="researching", reason="Because it was so, after all.",
            data={"priority": "2_normal", "number": number}, previous_hash=previous if sequence > 1 else "",
        )  # fmt: skip
        event.hash = previous = hashlib.sha256(audit.canonical(event)).hexdigest()
        events.append(event)
        if len(events) == 2000:
            AuditEvent.objects.bulk_create(events)
            events = []
    AuditEvent.objects.bulk_create(events)


if __name__ == "__main__":
    sys.exit(main())
