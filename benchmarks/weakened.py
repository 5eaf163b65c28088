"""Every promise of the acceptance list taken away once, in a copy of the tree: the named test has to fail.

    python -m benchmarks.weakened                # all of them, one after the other
    python -m benchmarks.weakened --only 23,26   # by number
    python -m benchmarks.weakened --table        # the table of tests/README.md

The list is ``benchmarks.weakenings``. The tree that is worked on is never touched. Passes when each weakened build is
caught: its test ran and failed. A test that cannot be found, or an error in the build, is no catch.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import harness
from benchmarks.weakenings import WEAKENINGS, Weakening

_FAILED = 1  # pytest's exit code for tests that ran and failed; 2 and up are errors of another kind


def main() -> int:
    """Run the chosen ones and print which test caught each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="numbers, by commas")
    parser.add_argument("--table", action="store_true", help="print the table and run nothing")
    options = parser.parse_args()
    if options.table:
        print("\n".join(table()))
        return 0
    wanted = {int(number) for number in options.only.split(",") if number}
    chosen = [one for one in WEAKENINGS if not wanted or one.number in wanted]
    missed = run(chosen)
    print(f"{len(chosen)} weakened builds, {len(missed)} not caught")
    return 1 if missed or not chosen else 0


def run(chosen: Iterable[Weakening]) -> list[Weakening]:
    """Weaken a copy of the tree in each way by itself; those that no test caught."""
    missed = []
    with copy_of_the_tree() as tree:
        for one in chosen:
            begun = time.monotonic()
            caught = caught_by(tree, one)
            if not caught:
                missed.append(one)
            print(
                f"{one.number}  {one.taken_away}: {caught or 'NOT CAUGHT by ' + one.test}"
                f"  ({time.monotonic() - begun:.0f} s)",
                flush=True,
            )
    return missed


@contextmanager
def copy_of_the_tree() -> Iterator[Path]:
    """What git tracks or would track, as it stands, with the virtual environment of the original."""
    with tempfile.TemporaryDirectory(prefix="weakened-") as folder:
        tree = Path(folder) / "tree"
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=harness.ROOT, check=True, capture_output=True).stdout
        for name in filter(None, names.decode().split("\0")):
            target = tree / name
            if (harness.ROOT / name).is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(harness.ROOT / name, target)
        yield tree


def caught_by(tree: Path, one: Weakening) -> str:
    """The first test that failed on this weakened build; empty when none did."""
    path = tree / one.file
    # Migrating costs most of a small test's time, so the tests share a database, unless migrations are what is weakened.
    own = "/migrations/" in one.file
    database = tree.with_name(f"{tree.name}-{'own' if own else 'shared'}.sqlite3")
    whole = path.read_text(encoding="utf-8")
    path.write_text(weakened(whole, one), encoding="utf-8")
    try:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--show-capture=no"]
        command += ["--ds", "benchmarks.weakened_settings", "--create-db" if own else "--reuse-db", one.test]
        done = subprocess.run(
            command, cwd=tree, env=os.environ | {"WEAKENED_DATABASE": str(database)}, capture_output=True, text=True,
            timeout=1800, check=False,
        )  # fmt: skip
    finally:
        path.write_text(whole, encoding="utf-8")
    failed = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("FAILED ")]
    return failed[0] if done.returncode == _FAILED and failed else ""


def weakened(text: str, one: Weakening) -> str:
    """The file with that piece replaced.

    Raises:
        LookupError: the piece is not there, or there more than once: the list has to follow the code.
    """
    if text.count(one.old) != 1:
        raise LookupError(f"{one.file} holds this {text.count(one.old)} times, not once: {one.old!r}")
    return text.replace(one.old, one.new)


def table() -> Iterator[str]:
    """The lines of the table in tests/README.md."""
    yield "| no. | promised | taken away once | has to fail |"
    yield "|---|---|---|---|"
    for one in WEAKENINGS:
        yield f"| {one.number} | {one.promise} | {one.taken_away} | `{one.test.removeprefix('tests/')}` |"


if __name__ == "__main__":
    raise SystemExit(main())
