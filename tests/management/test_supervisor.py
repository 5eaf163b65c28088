"""Children die and come back; when the supervisor goes, however it goes, nothing stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from claims.management.supervisor import Child, Supervisor
from tests.management.processes import (
    DIARY,
    FAILS,
    STUBBORN,
    SUPERVISOR,
    alive,
    environment,
    eventually,
    pids_in,
    python,
)

linux = sys.platform == "linux"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    watcher = Supervisor(tmp_path / "logs", said.append, first_delay=0.05)
    yield watcher
    watcher.stop()


def test_a_killed_child_is_started_again_and_its_leftovers_are_ended(
    supervisor: Supervisor, said: list[str], tmp_path: Path
) -> None:
    notes = tmp_path / "pids"
    supervisor.start(Child("worker", python(STUBBORN, notes)))
    first, grandchild = pids_in(notes)
    notes.unlink()
    os.kill(first, signal.SIGKILL)

    assert supervisor.wait_until(notes.exists, 60)
    assert supervisor.pid("worker") not in (None, first)
    assert said == ["The worker ended (killed by SIGKILL). Starting it again."]
    assert eventually(lambda: not alive(grandchild)), "a process of the dead child's group lives on"


def test_a_child_that_cannot_start_is_tried_ever_more_slowly(supervisor: Supervisor, said: list[str]) -> None:
    began = time.monotonic()
    supervisor.start(Child("shop", python(FAILS)))

    assert supervisor.wait_until(lambda: supervisor.deaths("shop") >= 4, 60)
    assert time.monotonic() - began >= 0.05 + 0.1 + 0.2  # the three delays between four deaths
    assert supervisor.last_lines("shop").splitlines() == ["cannot open the shop"] * 4
    assert set(said) == {"The shop ended (exit code 3). Starting it again."}


def test_stop_ends_children_that_do_not_listen(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(Child("deaf", python(STUBBORN, tmp_path / "deaf", "deaf")))
    supervisor.start(Child("polite", python(STUBBORN, tmp_path / "polite")))
    pids = pids_in(tmp_path / "deaf") + pids_in(tmp_path / "polite")
    supervisor.stop()

    assert eventually(lambda: not any(map(alive, pids)))


def test_what_others_lean_on_is_stopped_last(supervisor: Supervisor, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    supervisor.start(Child("broker", python(DIARY, diary, "broker"), foundation=True))
    supervisor.start(Child("worker", python(DIARY, diary, "worker")))
    assert supervisor.wait_until(lambda: diary.exists() and diary.read_text().count("starts") == 2, 60)
    supervisor.stop()

    assert diary.read_text().splitlines()[2:] == ["worker ends", "broker ends"]


def _run_supervisor(tmp_path: Path, *arguments: str) -> tuple[subprocess.Popen[str], list[int]]:
    notes = tmp_path / "pids"
    process = subprocess.Popen(
        python(SUPERVISOR, tmp_path / "logs", STUBBORN, notes, *arguments),
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    return process, pids_in(notes)


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(tmp_path: Path, kind: signal.Signals) -> None:
    process, pids = _run_supervisor(tmp_path)
    process.send_signal(kind)
    out, _err = process.communicate(timeout=60)

    assert out.splitlines()[-1] == "all stopped"
    assert process.returncode == 0
    assert eventually(lambda: not any(map(alive, pids)))  # the kernel ends what was killed in its own time


def test_a_second_signal_does_not_wait_for_deaf_children(tmp_path: Path) -> None:
    process, pids = _run_supervisor(tmp_path, "deaf", "patient")
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)  # another kind: two of one kind may arrive as one
    process.wait(timeout=60)  # the grace of this one is ten minutes

    assert process.returncode == 0
    assert eventually(lambda: not any(map(alive, pids)))


def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    process, (child, _grandchild) = _run_supervisor(tmp_path)
    process.kill()
    process.wait()

    assert eventually(lambda: not alive(child)) or not linux  # only Linux can be asked for this
    os.killpg(child, signal.SIGKILL)  # the grandchild never asked for it
