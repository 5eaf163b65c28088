"""The head of the audit trail leaves the house once a day, and what goes wrong with that is loud."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.domain import audit, audit_heads, desk, sweeping, webhooks
from claims.models import AuditHeadCopy, AuditSeal, Claim, Lease
from tests.mails import send_mails
from tests.standins.server import StandIn

pytestmark = pytest.mark.django_db
ClaimIn = Callable[..., Claim]


@pytest.fixture
def sealed(claim_in: ClaimIn) -> AuditSeal:
    claim_in("triaged")
    seal = audit.seal(settle_seconds=0)
    assert seal is not None
    return seal


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    kept = tmp_path / "elsewhere"
    kept.mkdir()
    settings.AUDIT_HEAD_FOLDER = str(kept)
    return kept


def days_pass(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    at = timezone.now() + timedelta(days=days)
    monkeypatch.setattr("claims.domain.audit_heads.timezone.now", lambda: at)


def test_the_sweeper_adds_one_line_a_day(
    sealed: AuditSeal, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sweeping.sweep("one").head_kept
    Lease.objects.all().delete()
    assert not sweeping.sweep("another").head_kept, "today's is kept"
    lines = (folder / audit_heads.FILE).read_text().splitlines()
    assert lines == [audit_heads.line_of(sealed)]
    User.objects.create_user("somebody")
    desk.save_working_life(User.objects.get(username="somebody"), away_until=None, single_keys=True)
    audit.seal(settle_seconds=0)
    days_pass(monkeypatch, 1)
    assert audit_heads.keep_daily()
    lines = (folder / audit_heads.FILE).read_text().splitlines()
    assert len(lines) == 2
    call_command("verify_audit", heads=folder / audit_heads.FILE)
    assert oct((folder / audit_heads.FILE).stat().st_mode)[-3:] == "640"


def test_a_trail_that_was_cut_off_shows_against_the_file(sealed: AuditSeal, folder: Path) -> None:
    audit_heads.keep_daily()
    with (folder / audit_heads.FILE).open("a") as file:  # a day that the trail holds no more
        file.write(f"2026-11-28T00:00:00+00:00 4711 {'0' * 64}\n")
    with pytest.raises(CommandError, match="cut off"):
        call_command("verify_audit", heads=folder / audit_heads.FILE)


def test_a_missing_folder_is_loud_until_it_is_there(
    sealed: AuditSeal, folder: Path, editor: User, as_user: Callable[[User], Client], caplog: Any
) -> None:
    folder.rmdir()
    with caplog.at_level(logging.ERROR):
        assert not audit_heads.keep_daily()
        assert not audit_heads.keep_daily(), "tried again"
    assert [record.message for record in caplog.records] == ["audit head not kept"] * 2
    page = as_user(editor).get(reverse("steps-overview")).content.decode()
    assert "not kept elsewhere" in page
    assert str(folder) in page
    with pytest.raises(CommandError, match="is missing"):
        call_command("export_audit_head", check=True)
    folder.mkdir()
    assert audit_heads.keep_daily()
    assert audit_heads.problem() == ""
    call_command("export_audit_head", check=True)
    assert AuditHeadCopy.objects.count() == 1


def test_a_file_that_cannot_be_written_is_told(sealed: AuditSeal, folder: Path) -> None:
    (folder / audit_heads.FILE).mkdir()
    assert not audit_heads.keep_daily()
    assert "cannot be written" in audit_heads.problem()


def test_a_sweeper_that_stopped_shows(
    sealed: AuditSeal, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert audit_heads.problem() == "", "sealed a moment ago, so not late yet"
    days_pass(monkeypatch, 2)
    assert "Is the sweeper running?" in audit_heads.problem()


def test_it_is_mailed_once_a_day_also_where_the_folder_fails(
    sealed: AuditSeal, settings: Any, folder: Path
) -> None:
    User.objects.create_superuser("chief", "chief@desk.example", "x")
    settings.AUDIT_HEAD_MAIL = ["archive@elsewhere.example", "administrators"]
    folder.rmdir()
    for _try in range(3):
        audit_heads.keep_daily()
    send_mails()
    assert sorted(sent.to[0] for sent in mail.outbox) == ["archive@elsewhere.example", "chief@desk.example"]
    assert sealed.hash in mail.outbox[0].body


def test_programs_that_keep_it_are_called(sealed: AuditSeal, editor: User, services: StandIn) -> None:
    webhooks.add(
        actor=editor, name="Archive", url=f"{services.origin}/webhook", form="signed", events=["audit.head"]
    )
    assert audit_heads.is_set_up()
    assert audit_heads.keep_daily()
    send_mails()
    (call,) = services.asked("/webhook")
    told = json.loads(call.body)
    assert (told["event"], len(told["audit_head"]["sha256"])) == ("audit.head", 64)
    assert audit.verify(head=told["audit_head"]["sha256"]) is None


def test_where_nothing_is_set_up_nothing_is_said(sealed: AuditSeal) -> None:
    assert not audit_heads.keep_daily()
    assert audit_heads.problem() == ""
    with pytest.raises(CommandError, match="kept nowhere"):
        call_command("export_audit_head", check=True)


def test_a_folder_where_one_may_only_add_is_enough(sealed: AuditSeal, folder: Path) -> None:
    """As with a file that others own: the line is added without reading."""
    file = folder / audit_heads.FILE
    file.touch(mode=0o200)
    assert audit_heads.keep_daily() or os.geteuid() == 0
    file.chmod(0o600)
    assert file.read_text().strip() == audit_heads.line_of(sealed)
