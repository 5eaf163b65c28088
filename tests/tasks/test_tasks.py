"""The tasks are thin, known by name, on queues that are served; the sweeper ends when it is told to."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction

from claims import queue
from claims.domain import workers
from claims.models import VerificationStep, WorkerSeen
from claims.steps import registry
from claims.tasks import steps as step_tasks
from factcheck.celery import app
from tests import factories

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = {"claims.run_step", "claims.deliver", "claims.publish_due", "claims.sweep", "claims.seal_audit"}


def test_every_task_is_known_by_its_name_and_goes_to_a_queue_that_is_served() -> None:
    known = {name for name in current_app.tasks if name.startswith("claims.")}
    assert known >= NAMES
    assert known == set(settings.CELERY_TASK_ROUTES)
    for name in known:
        assert app.amqp.router.route({}, name)["queue"].name in settings.FACTCHECK_QUEUES


def test_celery_keeps_the_database_connection_between_tasks() -> None:
    """Celery's Django fixup reads this key from the application itself; without it every task connects anew."""
    from celery.fixups.django import DjangoWorkerFixup

    assert DjangoWorkerFixup(app).db_reuse_max == 1000


def test_nothing_waits_in_a_message_for_its_time() -> None:
    """Times to come live in rows: a message with an ETA is delivered again and again (reliability)."""
    for path in [*(ROOT / "claims").rglob("*.py"), *(ROOT / "factcheck").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        for word in ("countdown=", "eta=", "chord(", "self.retry("):
            assert word not in text, f"{path.name}: {word}"


@pytest.mark.django_db
def test_the_task_does_the_step_and_a_second_ring_does_nothing(editor: User) -> None:
    claim = factories.claim(editor)
    step = VerificationStep.objects.filter(claim=claim, kind="context").get()
    step_tasks.run_step(step.pk)
    step_tasks.run_step(step.pk)
    step.refresh_from_db()
    assert (step.state, step.attempts) == ("done", 1)


@pytest.mark.django_db
def test_one_round_of_the_sweeper_by_command(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sweep", "--once")
    assert "Rung 0, put back 0" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_worker_shows_itself_at_most_every_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_last", {})
    assert workers.seen("w1@host") is True
    assert workers.seen("w1@host") is False
    monkeypatch.setitem(workers._last, "w1@host", time.monotonic() - 11)
    assert workers.seen("w1@host") is True
    assert WorkerSeen.objects.count() == 1
    workers.gone("w1@host")
    assert WorkerSeen.objects.count() == 0


@pytest.mark.broker
@pytest.mark.django_db(transaction=True)
def test_with_no_broker_three_hundred_rings_cost_next_to_nothing() -> None:
    """Broken build: without the bell's rest each ring pays for a refused connection of its own."""
    calls: list[int] = []
    original = current_app.tasks["claims.run_step"].apply_async

    def counted(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        return original(*args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queue, "_resting_until", 0.0)
        patch.setattr(current_app.conf, "broker_url", "redis+socket:///nonexistent/broker.sock")
        patch.setattr(current_app.tasks["claims.run_step"], "apply_async", counted)
        begun = time.monotonic()
        with transaction.atomic():
            for pk in range(300):
                queue.ring("claims.run_step", pk)
        seconds = time.monotonic() - begun
    # One try, and another for each second of rest that passed meanwhile (the first try of a process loads modules).
    assert len(calls) <= 1 + seconds / queue.REST_SECONDS
    assert seconds < 60


@pytest.mark.slow
def test_the_sweeper_goes_on_without_its_database_and_ends_when_told(tmp_path: Path) -> None:
    """Started on a database that has no tables yet, it waits for them; SIGTERM ends it."""
    import os

    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
        "REDIS_URL": "redis+socket:///nonexistent/broker.sock",
        "FACTCHECK_VAR": str(tmp_path / "var"),
    }
    command = [sys.executable, "manage.py", "sweep", "--interval", "0.2"]
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out)
    try:
        end = time.monotonic() + 60
        while log.read_text().count("sweep put off") < 2:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
    connection.close()


def test_what_somebody_waits_for_stands_behind_no_step_of_a_claim() -> None:
    """Ten thousand claims of a long article are some fifty thousand rings; the next article is read between them."""
    of_claims = {step.queue for step in registry.claim_steps()}
    waited_for = {registry.get(kind).queue for kind in ("fetch", "extraction", "library_fetch")}  # type: ignore[union-attr]
    assert waited_for == {"articles"}
    assert "articles" not in of_claims
    assert waited_for | of_claims <= set(settings.FACTCHECK_QUEUES)
