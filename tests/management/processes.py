"""Small programs for the supervisor to look after, and a way to wait for what they do."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

# Writes its own pid and that of a child which ignores every polite signal, then waits to be ended.
STUBBORN = """
import os, pathlib, signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c",
    "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True);"
    "time.sleep(600)"], stdout=subprocess.PIPE)
child.stdout.readline()
if "deaf" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
target = pathlib.Path(sys.argv[1])
target.with_suffix(".part").write_text(f"{os.getpid()} {child.pid}")
target.with_suffix(".part").rename(target)
time.sleep(600)
"""
# Appends a line when it starts and when it is asked to end.
DIARY = """
import os, pathlib, signal, sys
diary, name = pathlib.Path(sys.argv[1]), sys.argv[2]
def note(word):
    with diary.open("a") as file:
        file.write(f"{name} {word}\\n")
def end(*_):
    note("ends")
    os._exit(0)
signal.signal(signal.SIGTERM, end)
note("starts")
while True:
    signal.pause()
"""
FAILS = "import sys; print('cannot open the shop', flush=True); sys.exit(3)"
# A supervisor as a program of its own, with one child.
SUPERVISOR = """
import sys, pathlib
import claims.management.supervisor
from claims.management.supervisor import Child, Supervisor
if "patient" in sys.argv:
    claims.management.supervisor.GRACE = 600.0
supervisor = Supervisor(pathlib.Path(sys.argv[1]), lambda line: print(line, flush=True))
with supervisor.signals():
    supervisor.start(Child("child", [sys.executable, "-c", sys.argv[2], *sys.argv[3:]]))
    supervisor.run()
    supervisor.stop()
print("all stopped", flush=True)
"""


def python(program: str, *arguments: object) -> list[str]:
    """The command that runs ``program``."""
    return [sys.executable, "-c", program, *map(str, arguments)]


def eventually(condition: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether the condition comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and waits to be collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def pids_in(file: Path) -> list[int]:
    """The process ids that ``STUBBORN`` wrote down."""
    assert eventually(file.exists), f"{file.name} was never written"
    return [int(word) for word in file.read_text().split()]


def environment() -> dict[str, str]:
    """This environment, with the project importable."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
