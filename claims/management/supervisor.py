"""Keeping a few processes alive together, and leaving none behind.

A Celery worker can exit for good when its broker restarts, so something has to start it again: here for the demo,
a restart policy in production. Every child leads a process group of its own: Ctrl-C in the terminal reaches only
this process, and what a killed child leaves behind (a Celery pool, say) can be ended by its group.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

TICK = 0.1  # seconds between two looks at the children
LONGEST_DELAY = 8.0  # seconds before a child that keeps dying is tried again
SETTLED = 30.0  # seconds after which a child counts as up, and its next death as the first
GRACE = 7.0  # seconds for a tidy end; with the foundation's own two that stays below ten
FOUNDATION_GRACE = 2.0
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep running. ``foundation``: others lean on it, so it is stopped last."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    foundation: bool = False


@dataclass(slots=True)
class _Running:
    child: Child
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    next_try: float = 0.0
    deaths: int = 0

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None


class Supervisor:
    """Starts children, starts them again when they die, and stops them all within ten seconds.

    Args:
        logs: folder for one log file a child, begun anew with each supervisor.
        say: takes one sentence for the person at the terminal.
        first_delay: seconds before a dead child is started again; doubles with each death in a row.
    """

    def __init__(self, logs: Path, say: Callable[[str], None], *, first_delay: float = 0.5) -> None:
        self._logs = logs
        self._say = say
        self._first_delay = first_delay
        self._running: list[_Running] = []
        self._signals = 0
        logs.mkdir(parents=True, exist_ok=True)

    @property
    def stopping(self) -> bool:
        """Whether somebody asked for the end (Ctrl-C, SIGTERM, the terminal was closed)."""
        return self._signals > 0

    def deaths(self, name: str) -> int:
        """How often in a row the child died."""
        return self._find(name).deaths

    def pid(self, name: str) -> int | None:
        """The child's process id; None while it is down."""
        return self._find(name).pid

    def start(self, child: Child) -> None:
        """Start a child and keep it running from now on."""
        log = self._logs / f"{child.name.replace(' ', '-')}.log"
        log.write_bytes(b"")
        running = _Running(child, log)
        self._running.append(running)
        self._launch(running)

    def run(self) -> None:
        """Watch over the children until somebody asks for the end."""
        self.wait_until(lambda: False, None)

    def wait_until(self, condition: Callable[[], bool], seconds: float | None) -> bool:
        """Watch over the children until ``condition`` holds (True), the time is up or the end is asked for (False)."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while not self.stopping:
            self._look()
            if condition():
                return True
            if deadline is not None and time.monotonic() > deadline:
                return False
            time.sleep(TICK)
        return False

    def stop(self) -> None:
        """End every child: first those that lean on others, then the foundations. Leaves no process behind."""
        self._stop_wave([r for r in self._running if not r.child.foundation], GRACE)
        self._stop_wave([r for r in self._running if r.child.foundation], FOUNDATION_GRACE)
        self._running.clear()

    def last_lines(self, name: str, count: int = 15) -> str:
        """The end of a child's log, for a person who must find out why it does not start."""
        text = self._find(name).log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-count:])

    @contextlib.contextmanager
    def signals(self) -> Iterator[None]:
        """While this lasts, SIGINT, SIGTERM and SIGHUP ask for the end; a second one ends it at once."""
        kinds = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {kind: signal.signal(kind, self._on_signal) for kind in kinds}
        try:
            yield
        finally:
            for kind, handler in before.items():
                signal.signal(kind, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    def _find(self, name: str) -> _Running:
        return next(running for running in self._running if running.child.name == name)

    def _launch(self, running: _Running) -> None:
        with running.log.open("ab") as log:
            running.process = subprocess.Popen(  # noqa: S603  # commands come from this program, never from a person
                running.child.command,
                env={**os.environ, **running.child.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent(os.getpid()),
            )
        running.started = time.monotonic()

    def _look(self) -> None:
        now = time.monotonic()
        for running in self._running:
            if running.process is None:
                if now >= running.next_try:
                    self._launch(running)
            elif running.process.poll() is not None:
                self._bury(running, now)
            elif running.deaths and now - running.started > SETTLED:
                running.deaths = 0

    def _bury(self, running: _Running, now: float) -> None:
        """Note the death, end what the dead left behind, and set the time of the next try."""
        assert running.process is not None
        _kill_group(running.process.pid)
        delay = min(LONGEST_DELAY, self._first_delay * 2**running.deaths)
        running.deaths += 1
        running.next_try = now + delay
        self._say(
            f"The {running.child.name} ended ({_ending(running.process.returncode)}). Starting it again."
        )
        running.process = None

    def _stop_wave(self, wave: list[_Running], grace: float) -> None:
        processes = [running.process for running in wave if running.process is not None]
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + grace
        while any(process.poll() is None for process in processes):
            if time.monotonic() > deadline or self._signals > 1:
                break
            time.sleep(TICK / 2)
        for process in processes:
            _kill_group(process.pid)
            process.wait()


def _ending(code: int) -> str:
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


def _kill_group(leader: int) -> None:
    """End what is left of a child's process group; the leader itself may be gone already."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def end_with_parent(parent: int) -> Callable[[], None] | None:
    """Ask the kernel (Linux only) to send the child SIGTERM when this process dies, however it dies."""
    libc = _libc
    if libc is None:
        return None

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # the parent died between fork and here
            os._exit(1)

    return ask
