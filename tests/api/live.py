"""A desk in processes of its own, with a file for a database: for tests that need a real server beside them."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from claims.management.desk import free_port
from tests.management.processes import eventually

ROOT = Path(__file__).resolve().parents[2]
_SETUP = """
import json, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from claims.domain import tokens
from tests import factories
factories.pages()
people = {"EDITOR": ("pia", "editor"), "CHECKER": ("noor", "reviewer"), "READER": ("tomas", "reviewer")}
secrets = {}
for name, (username, role) in people.items():
    secrets[name] = tokens.create(factories.person(username, role), "live", scope="publish")[1]
print(json.dumps(secrets))
"""
# What a worker would do, without a broker.
_WORK = """
import time, django
django.setup()
from django.db import close_old_connections
from claims.domain import steps
from claims.models import VerificationStep
while True:
    for pk in VerificationStep.objects.filter(state="queued").order_by("id").values_list("pk", flat=True)[:20]:
        steps.run_step(pk)
    close_old_connections()
    time.sleep(0.1)
"""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where it answers, and the environment with the tokens of three people."""

    site: str
    environment: dict[str, str]


@contextlib.contextmanager
def desk(folder: Path, migrated: Path) -> Iterator[Desk]:
    """A desk with an editor, a checker and a second reader; taken down on the way out."""
    shutil.copyfile(migrated, folder / "desk.sqlite3")
    environment = {
        **os.environ, "FACTCHECK_VAR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'desk.sqlite3'}",
        "REDIS_URL": "redis+socket:///nonexistent/broker.sock", "DJANGO_SETTINGS_MODULE": "factcheck.settings",
        "API_BURST": "10000", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", _SETUP],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    environment |= json.loads(done.stdout.splitlines()[-1])
    site = f"http://127.0.0.1:{free_port()}"
    server = [
        sys.executable,
        "-m",
        "gunicorn",
        "factcheck.wsgi",
        "--bind",
        site.removeprefix("http://"),
        "--threads",
        "4",
    ]
    children = [subprocess.Popen(command, cwd=ROOT, env=environment)
                for command in (server, [sys.executable, "-c", _WORK])]  # fmt: skip
    try:
        assert eventually(lambda: _answers(site), 60), "the server did not come up"
        yield Desk(site, environment)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=20)


def _answers(site: str) -> bool:
    try:
        with urllib.request.urlopen(f"{site}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
