"""The client, its example and the documentation, run against a real server; and the client is what the schema says."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from client.plumbline import Plumbline, Problem
from tests import factories
from tests.api.live import ROOT, Desk, desk

EXAMPLE = ROOT / "client" / "example.py"


def test_client_is_what_the_schema_says_today() -> None:
    call_command("generate_client", check=True)


def test_example_fits_on_a_screen() -> None:
    code = [
        line for line in EXAMPLE.read_text(encoding="utf-8").split('"""', 2)[2].splitlines() if line.strip()
    ]
    assert len(code) <= 40


@pytest.mark.slow
def test_documentation_example_and_replays_on_a_live_desk(tmp_path: Path, migrated: Path) -> None:
    with desk(tmp_path, migrated) as running:
        documentation_does_what_it_says(running)
        example_does_the_main_job(running, tmp_path)
        replays_at_the_same_moment_have_one_effect(running)
        client_says_what_stands_in_the_way(running)


def documentation_does_what_it_says(running: Desk) -> None:
    """Every block of commands in docs/api.md, one after the other, on a desk that is empty before."""
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.S)
    assert len(blocks) >= 6
    script = "set -eu\n" + "\n".join(blocks)
    environment = {**running.environment, "DESK": running.site, "TOKEN": running.environment["EDITOR"]}
    done = subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said = done.stdout
    for promised in re.findall(r"<!-- answers: (.*?) -->", text):
        assert promised in said, (promised, said[-3000:])
    editor = Plumbline(running.site, running.environment["EDITOR"])
    assert editor.claims_get(1)["status"] == "triaged"


def example_does_the_main_job(running: Desk, folder: Path) -> None:
    article = folder / "article.txt"
    article.write_text(factories.TEXT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "client.example", running.site, str(article), "https://news.example/toll"], cwd=ROOT, env=running.environment,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == f"{running.site}/reports/it-fell-by-less/"
    public = Plumbline(running.site)
    assert public.reports_get("it-fell-by-less")["document"]["verdict"]["key"] == "mostly_false"


def replays_at_the_same_moment_have_one_effect(running: Desk) -> None:
    """Four senders, one key: the database lets one of them do it, the others get its answer."""
    barrier, answers = threading.Barrier(4), []

    def send() -> None:
        client = Plumbline(running.site, running.environment["EDITOR"])
        barrier.wait()
        answers.append(client.claims_comment(1, {"text": "Once."}, idempotency_key="same-moment"))

    threads = [threading.Thread(target=send) for _sender in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert len({answer["id"] for answer in answers}) == 1
    editor = Plumbline(running.site, running.environment["EDITOR"])
    assert [row["text"] for row in editor.claims_comments_all(1)] == ["Once."]


def client_says_what_stands_in_the_way(running: Desk) -> None:
    editor = Plumbline(running.site, running.environment["EDITOR"])
    claim = editor.claims_get(1, fields=["id", "version"])
    tag = editor.etag
    assert set(claim) == {"id", "version"}
    editor.claims_update(1, {"topic": "traffic"}, if_match=tag)
    wrong: list[tuple[int, Any]] = [
        (412, lambda: editor.claims_update(1, {"topic": "harbour"}, if_match=tag)),
        (409, lambda: editor.claims_move(1, {"version": 99, "action": "take"})),
        (422, lambda: editor.claims_move(1, {"version": claim["version"], "action": "submit"})),
        (400, lambda: editor.claims_list(fields=["nonsense"])),
        (404, lambda: editor.claims_get(987_654)),
        (401, lambda: Plumbline(running.site, "plb_none").people_me()),
    ]
    for status, call in wrong:
        with pytest.raises(Problem) as refusal:
            call()
        assert refusal.value.status == status
        assert refusal.value.detail
    made = editor.articles_upload(
        {"file": ("ferry.txt", (factories.TEXT + "It rained.").encode()), "outlet": "Courier"}
    )
    assert made["outlet"] == "Courier"
    with pytest.raises(Problem) as refusal:
        Plumbline("http://127.0.0.1:9", tries=1).reports_list()
    assert refusal.value.status == 0
