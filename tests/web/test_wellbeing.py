"""The page of health, and what is said at the start: every part that is not well is named, with what to do."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims import checks
from claims.domain import audit, audit_heads, database_role, desk, outbox, wellbeing, workers
from claims.domain.wellbeing import State
from claims.models import AuditHeadCopy, OutboxMessage, VerificationStep
from claims.models.outbox import WorkerSeen

LogIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def states() -> dict[str, State]:
    return {part.key: part.state for part in wellbeing.parts()}


@pytest.fixture
def well(settings: Any, tmp_path: Path, editor: User, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk on which everything is as it should be; the folder of its backups."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    folder = tmp_path / "backups"
    (folder / "older").mkdir(parents=True)
    (folder / "desk.dump").write_bytes(b"dump")
    settings.BACKUP_FOLDER = str(folder)
    settings.AUDIT_HEAD_FOLDER = str(tmp_path)
    monkeypatch.setattr(wellbeing.queue, "waiting", lambda name: 0)  # a broker that answers
    monkeypatch.setattr(database_role, "is_lesser", lambda: True)
    now = timezone.now()
    WorkerSeen.objects.create(name="worker@desk", kind="worker", seen_at=now)
    WorkerSeen.objects.create(name="sweeper@desk", kind="sweeper", seen_at=now)

    desk.save_working_life(editor, away_until=None, single_keys=True)
    audit.seal(settle_seconds=0)
    audit_heads.keep_daily()
    return folder


def test_a_desk_that_is_well_says_so(well: Path, editor: User, as_user: LogIn) -> None:
    assert set(states().values()) == {State.GOOD}
    page = as_user(editor).get(reverse("wellbeing")).content.decode()
    assert "Nothing needs anybody." in page
    assert "None waits." in page
    assert [number for name, number in wellbeing.versions() if not number[0].isdecimal()] == []
    assert connection.display_name in page


def break_mail(folder: Path, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"


def break_delivery(folder: Path, settings: Any) -> None:
    made = outbox.put("mail:test", "mail", {"to": [], "subject": "", "body": ""})
    assert made is not None
    OutboxMessage.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(hours=1))


def break_heads(folder: Path, settings: Any) -> None:
    settings.AUDIT_HEAD_FOLDER = ""


def break_kept(folder: Path, settings: Any) -> None:
    AuditHeadCopy.objects.update(problem="The disk is full.")


def break_backup(folder: Path, settings: Any) -> None:
    two_days_ago = time.time() - 2 * 86_400
    os.utime(folder / "desk.dump", (two_days_ago, two_days_ago))


def break_backup_folder(folder: Path, settings: Any) -> None:
    settings.BACKUP_FOLDER = str(folder / "nowhere")


def break_worker(folder: Path, settings: Any) -> None:
    WorkerSeen.objects.filter(kind="worker").update(seen_at=timezone.now() - timedelta(minutes=5))


def break_sweeper(folder: Path, settings: Any) -> None:
    workers.gone("sweeper@desk")


@pytest.mark.parametrize(
    ("harm", "key", "state", "words"),
    [
        (break_mail, "mail", State.BAD, "Set EMAIL_HOST"),
        (break_delivery, "mail", State.BAD, "wait longer than they should"),
        (break_heads, "audit-head", State.LOOK, "Set AUDIT_HEAD_FOLDER"),
        (break_kept, "audit-head", State.BAD, "The disk is full."),
        (break_backup, "backup", State.BAD, "Look why no newer one was made."),
        (break_backup_folder, "backup", State.BAD, "cannot be looked at"),
        (break_worker, "workers", State.BAD, "Start the worker"),
        (break_sweeper, "sweeper", State.BAD, "Start manage.py sweep"),
    ],
)
def test_what_is_not_well_is_named_with_what_to_do(
    well: Path, settings: Any, editor: User, as_user: LogIn, harm: Any, key: str, state: State, words: str
) -> None:
    harm(well, settings)
    assert {name: found for name, found in states().items() if found != State.GOOD} == {key: state}
    page = as_user(editor).get(reverse("wellbeing")).content.decode()
    assert "1 thing needs somebody." in page
    assert words in page


def test_what_nobody_told_the_desk_is_said_to_be_unknown(well: Path, settings: Any) -> None:
    settings.BACKUP_FOLDER = ""
    assert states()["backup"] == State.UNKNOWN


def test_it_is_for_editors_and_costs_the_same_for_many_rows(
    well: Path, editor: User, reviewer: User, make_claim: Any, as_user: LogIn
) -> None:
    assert as_user(reviewer).get(reverse("wellbeing")).status_code == 403
    client, seen = as_user(editor), []
    for number in (1, 2):
        for more in range(number):
            WorkerSeen.objects.create(name=f"w{number}{more}", kind="worker", seen_at=timezone.now())
            outbox.put(f"mail:{number}{more}", "mail", {"to": [], "subject": "", "body": ""})
        make_claim()
        client.get(reverse("wellbeing"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("wellbeing")).status_code == 200
        seen.append(len(queries))
    assert VerificationStep.objects.exists()
    assert seen[0] == seen[1] <= 30, seen


# --- said at the start --------------------------------------------------------------------------------------------------


def ids(found: Any) -> list[str]:
    return [message.id for message in found if message.id.startswith("claims.W")]


def test_the_check_before_going_live_names_what_a_desk_lacks(well: Path, settings: Any, caplog: Any) -> None:
    assert ids(run_checks(include_deployment_checks=True)) == []
    settings.AUDIT_HEAD_FOLDER, settings.PRODUCTION = "", True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert ids(run_checks(include_deployment_checks=True)) == ["claims.W001", "claims.W002"]
    assert ids(run_checks()) == [], "while somebody works on the program nobody is bothered"
    with caplog.at_level(logging.WARNING, logger="claims.checks"):
        checks.say_at_start()
    said = [record.check for record in caplog.records]
    assert said == ["claims.W001", "claims.W002"]


def test_a_desk_that_owns_its_tables_is_told(well: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_role, "is_lesser", lambda: False)
    assert ids(run_checks(include_deployment_checks=True)) == ["claims.W003"]
    assert states()["history"] == State.LOOK
