"""How long exports take to begin, and how much memory they and an import need, each in a process of its own.

    python -m benchmarks.exports [--rows 10000] [--import-mb 200]

Reports are documents made one by one as the database would give them; claims are read from a throw-away SQLite desk.
``start_mb`` is what the process needed before the first row, ``peak_mb`` at its largest.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

CASES = [f"reports-{form}" for form in ("csv", "xlsx", "ndjson", "jsonld", "datafeed")]
CASES += [f"claims-{form}" for form in ("csv", "xlsx", "ndjson", "jsonld")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--import-mb", type=int, default=0)
    parser.add_argument("--case", default="")
    options = parser.parse_args()
    if options.case:
        print(json.dumps(_one(options)))
        return 0
    cases = [*CASES, *(["import"] if options.import_mb else [])]
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/desk.sqlite3",
            "FACTCHECK_VAR": folder,
        }
        for case in cases:
            command = [sys.executable, "-m", "benchmarks.exports", "--case", case, "--rows", str(options.rows),
                       "--import-mb", str(options.import_mb)]  # fmt: skip
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
            print(done.stdout.splitlines()[-1])
    return 0


def _one(options: argparse.Namespace) -> dict[str, Any]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    what, _, form = options.case.partition("-")
    if what == "import":
        return _import(options.import_mb)
    from claims.domain import exports

    if what == "claims":
        _fill(options.rows)
        from claims.models import Claim

        rows = Claim.objects.for_lists().order_by("-created_at", "-id")
        return _timed(options, lambda: exports.write_claims(form, rows))
    return _timed(options, lambda: exports.REPORT_FORMS[form].write(_documents(options.rows)))


def _timed(options: argparse.Namespace, make: Any) -> dict[str, Any]:
    start = _peak()
    began = time.perf_counter()
    pieces: Iterable[str | bytes] = make()
    first, size = 0.0, 0
    for piece in pieces:
        first = first or time.perf_counter() - began
        size += len(piece)
    total = time.perf_counter() - began
    return {"case": options.case, "rows": options.rows, "first_byte_s": round(first, 3), "total_s": round(total, 2),
            "mb": round(size / 1e6, 1), "start_mb": start, "peak_mb": _peak()}  # fmt: skip


def _documents(count: int) -> Iterator[Any]:
    from tests.publishing import samples

    kinds = [samples.report(), samples.corrected(), samples.off_scale(), samples.retracted()]
    for number in range(count):
        yield dataclasses.replace(kinds[number % 4], uid=str(number), slug=f"report-{number}")


def _fill(count: int) -> None:
    from django.contrib.auth.models import User

    from claims.models import Claim
    from tests.web import rows

    if Claim.objects.exists():
        return
    person = User.objects.create_user("bench")
    for number in range(count // 100):
        rows.claims(100, rows.article(number, person), "new")


def _import(megabytes: int) -> dict[str, Any]:
    from claims.domain import exports, imports

    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        size = 0
        for piece in exports.REPORT_FORMS["datafeed"].write(_documents(10**9)):
            size += file.write(piece.encode() if isinstance(piece, str) else piece)
            if size > megabytes << 20:
                break
        file.write(b"\n]}\n")
        file.flush()
        start, began = _peak(), time.perf_counter()
        with Path(file.name).open("rb") as stream:
            batch = imports.import_checks(stream, name="feed.json", actor=None)
    return {"case": "import", "mb": megabytes, "fresh": batch.fresh, "put_aside": batch.put_aside,
            "total_s": round(time.perf_counter() - began, 1), "start_mb": start, "peak_mb": _peak()}  # fmt: skip


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    raise SystemExit(main())
