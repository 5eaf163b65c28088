"""``bin/venv`` meets machines that lack something: one clear sentence each, and nothing half made stays."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with nothing but what ``bin/venv`` reads."""
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "bin" / "venv", tmp_path / "bin" / "venv")
    for name in ("pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def fake_python(folder: Path, program: str) -> Path:
    """A ``python3`` that behaves as the shell lines say."""
    path = folder / "python3"
    path.write_text(f"#!/bin/sh\n{program}\n")
    path.chmod(0o755)
    return path


def make(checkout: Path, python: Path) -> subprocess.CompletedProcess[str]:
    """Run ``bin/venv`` with that Python."""
    return subprocess.run(
        [checkout / "bin" / "venv"], env={**os.environ, "PYTHON": str(python)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


OLD = '[ "$1" = --version ] && { echo Python 3.9.2; exit 0; }\nexit 1'
NO_ENSUREPIP = f'case "$2" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"'


def test_an_old_python(checkout: Path) -> None:
    done = make(checkout, fake_python(checkout, OLD))
    assert done.returncode == 1
    assert done.stderr.startswith("This needs Python 3.11, 3.12 or 3.13, and")
    assert "(Python 3.9.2)" in done.stderr


def test_a_missing_ensurepip(checkout: Path) -> None:
    done = make(checkout, fake_python(checkout, NO_ENSUREPIP))
    assert done.returncode == 1
    assert "ensurepip is missing" in done.stderr
    assert "apt-get install python3-venv" in done.stderr
    assert not (checkout / ".venv").exists()


def test_a_half_made_environment_is_made_anew(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    done = make(checkout, fake_python(checkout, NO_ENSUREPIP))
    assert "The .venv here is incomplete" in done.stdout
    assert not (checkout / ".venv").exists()


def test_a_finished_environment_is_left_alone(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(sys.executable)
    both = (checkout / "pyproject.toml").read_bytes() + (checkout / "uv.lock").read_bytes()
    stamp = subprocess.run(["cksum"], input=both, capture_output=True, check=True).stdout.decode().strip()
    (checkout / ".venv" / ".dev.ok").write_text(stamp)
    done = make(checkout, Path("/nonexistent/python3"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_lists_for_pip_name_no_index() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert not [line for line in text.splitlines() if line.startswith("-")]
        assert text.count("--hash=sha256:") > 100
