"""``manage.py demo``: what it loads, what it prints, what it refuses."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from claims.management import desk, smoke
from tests.management.processes import alive, eventually

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
LOGIN = re.compile(r"^  (\w+) +(editor|reviewer|viewer) +(\S+)$", re.MULTILINE)


def load(*options: str) -> str:
    """What ``manage.py demo --load-only`` prints."""
    out = StringIO()
    call_command("demo", "--load-only", *options, stdout=out)
    return out.getvalue()


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of the desk and of its people, value for value."""
    models = [*apps.get_app_config("claims").get_models(), User]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


@pytest.mark.django_db
def test_the_people_of_the_demo_can_log_in_with_what_is_printed() -> None:
    people = LOGIN.findall(load())
    assert sorted(role for _name, role, _password in people) == ["editor", "reviewer", "reviewer", "viewer"]
    assert all(User.objects.get(username=name).check_password(password) for name, _role, password in people)
    assert len({password for *_rest, password in people}) == len(people)


@pytest.mark.django_db
@pytest.mark.slow
def test_a_second_run_changes_nothing() -> None:
    load("--full")
    before = everything()
    assert len(before["Article"]) == 4
    assert len(before["Report"]) >= 12
    printed = load("--full")
    assert everything() == before
    assert not LOGIN.findall(printed)
    assert "password as printed the first time" in printed


@pytest.mark.django_db
def test_new_passwords_on_request() -> None:
    first = {name: password for name, _role, password in LOGIN.findall(load())}
    second = {name: password for name, _role, password in LOGIN.findall(load("--reset-passwords"))}
    assert set(first) == set(second)
    assert all(first[name] != second[name] for name in first)
    assert User.objects.get(username="nora").check_password(second["nora"])


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_a_taken_port_is_said_in_one_sentence(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError) as refused:
            call_command("demo", "--port", str(port))
    assert (
        str(refused.value)
        == f"Port {port} is taken by another program. Choose another: make demo PORT={port + 1}."
    )


def test_there_is_no_such_port() -> None:
    assert desk.port_problem(70_000) == "There is no port 70000. Choose one from 1024 to 65535."
    assert desk.port_problem(desk.free_port()) == ""


def test_two_demos_in_one_folder_do_not_fight(folder: Path) -> None:
    with desk.alone_in(folder), pytest.raises(CommandError, match=f"running already .process {os.getpid()}"):
        call_command("demo")


def test_no_demo_in_production(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="not for production"):
        call_command("demo")


def test_a_desk_that_does_not_come_up_says_why(folder: Path, migrated: Path) -> None:
    shutil.copyfile(migrated, folder / "desk.sqlite3")
    env = {
        **os.environ,
        "FACTCHECK_VAR": str(folder),
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "DATABASE_URL": "",
    }
    command = [sys.executable, str(MANAGE), "demo", "--port", str(desk.free_port())]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=90)
    assert done.returncode == 1
    assert "The broker does not answer. Look at REDIS_URL." in done.stderr
    assert "Traceback" not in done.stderr


def test_log_ins_are_read_from_what_people_see() -> None:
    printed = "People to log in as:\n  nora    editor    Z8_h-a\n  wren    viewer    password as printed the first time\n"
    assert smoke._logins(printed) == [smoke.Login("nora", "editor", "Z8_h-a")]


def test_a_report_without_claim_review_fails_the_smoke_test() -> None:
    with pytest.raises(smoke.SmokeError, match="no ClaimReview"):
        smoke._claim_review('<script type="application/ld+json">{"@type": "NewsArticle"}</script>')
    assert smoke._claim_review(
        '<script type="application/ld+json">{"@type": "ClaimReview", "reviewRating": {"alternateName": "False"}}</script>'
    ) == "False"  # fmt: skip


@pytest.fixture
def running(tmp_path: Path, migrated: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    shutil.copyfile(migrated, tmp_path / "desk.sqlite3")
    with smoke._desk(tmp_path, desk.free_port(), False) as process:
        smoke._wait_open(process, tmp_path)
        yield process, tmp_path


@pytest.mark.slow
def test_a_killed_worker_comes_back_and_a_killed_demo_leaves_nothing(
    running: tuple[subprocess.Popen[bytes], Path],
) -> None:
    process, folder = running
    worker = _child(process.pid, "celery")
    os.kill(worker, signal.SIGKILL)
    assert eventually(lambda: "The worker ended (killed by SIGKILL)" in (folder / "demo.out").read_text())
    assert eventually(lambda: _child(process.pid, "celery") not in {0, worker}), "no new worker"

    process.kill()
    process.wait()
    if sys.platform == "linux":  # elsewhere the kernel cannot be asked to tell the children
        assert eventually(lambda: not smoke._left_behind(folder), 20), smoke._left_behind(folder)


def _child(parent: int, word: str) -> int:
    """The child of ``parent`` whose command holds ``word``; 0 when there is none."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            stat = (entry / "stat").read_text().rpartition(")")[2].split()
            command = (entry / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if int(stat[1]) == parent and word in command and alive(int(entry.name)):
            return int(entry.name)
    return 0
