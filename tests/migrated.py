"""A migrated SQLite file, made once in a run of the suite: desks in processes of their own start from a copy of it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file. Whoever asks first makes it; the other processes of the run wait and take the same one."""
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    target = folder / "migrated.sqlite3"
    with (folder / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            part = folder / "migrating.sqlite3"
            env = {**os.environ, "FACTCHECK_VAR": str(folder / "var"), "DATABASE_URL": f"sqlite:///{part}"}
            command = [sys.executable, str(MANAGE), "migrate", "--verbosity", "0"]
            done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            part.rename(target)
    return target
