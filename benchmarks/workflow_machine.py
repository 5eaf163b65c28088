"""The long form of ``tests.races.test_workflow_machine``: a thousand lives of a desk, fifty presses each.

    python -m benchmarks.workflow_machine [--examples 1000] [--steps 50]

Prints what the test prints; the exit status says whether every rule held.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from benchmarks.harness import ROOT


def main() -> int:
    """Run the test at this size."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=50)
    options = parser.parse_args()
    sizes = {"MACHINE_EXAMPLES": str(options.examples), "MACHINE_STEPS": str(options.steps)}
    command = [sys.executable, "-m", "pytest", "-q", "tests/races/test_workflow_machine.py"]
    return subprocess.run(command, cwd=ROOT, env=os.environ | sizes, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
