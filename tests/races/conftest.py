"""Runs of ``benchmarks/`` in the suite start from the one migrated file."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.harness import MIGRATED


@pytest.fixture(autouse=True)
def _from_the_migrated_file(migrated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MIGRATED, str(migrated))
