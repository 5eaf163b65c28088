"""The head of the audit trail leaves the house once a day: into a folder, by mail, and to programs that are told.

Whoever could rewrite the whole trail, seals and all, cannot rewrite what stands elsewhere. The sweeper does it; a head
that could not be kept is tried again every few minutes, and said loudly until it was.
"""

from __future__ import annotations

import logging
import os
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit, outbox, webhooks
from claims.models import AuditHeadCopy, AuditSeal

logger = logging.getLogger(__name__)

FILE = "audit-heads.txt"
TRY_EVERY = timedelta(minutes=10)
# A day, and some hours for a machine that was off.
TOO_OLD = timedelta(hours=30)
ADMINISTRATORS = "administrators"


def line_of(seal: AuditSeal) -> str:
    """A head as it is kept: when it was sealed, over how many events, and its hash."""
    return f"{seal.created_at.isoformat()} {seal.event_count} {seal.hash}"


def is_set_up() -> bool:
    """Whether this desk keeps its heads anywhere by itself."""
    return bool(
        settings.AUDIT_HEAD_FOLDER or settings.AUDIT_HEAD_MAIL or webhooks.wanted(webhooks.AUDIT_HEAD)
    )


def keep_daily() -> bool:
    """Let today's head leave the house, if it has not yet and there is somewhere to go; whether it did now."""
    today = timezone.localdate()
    if not is_set_up() or AuditHeadCopy.objects.filter(day=today, kept_at__isnull=False).exists():
        return False
    copy = AuditHeadCopy.objects.filter(day=today).first()
    line = copy.line if copy else _newest()
    if not line:
        return False  # nothing has ever happened here
    problem = _write(line) if settings.AUDIT_HEAD_FOLDER else ""
    with transaction.atomic():
        _send(line, today.isoformat())  # under keys of the day: a head that is tried again is sent once
        AuditHeadCopy.objects.update_or_create(
            day=today,
            defaults={
                "line": line, "problem": problem[:300], "tried_at": timezone.now(),
                "kept_at": None if problem else timezone.now(),
            },
        )  # fmt: skip
    if problem:
        logger.error("audit head not kept", extra={"why": problem})
    return not problem


def _newest() -> str:
    seal = audit.seal() or AuditSeal.objects.order_by("-id").first()
    return line_of(seal) if seal else ""


def _write(line: str) -> str:
    """Add the line to the file, once, down to the disk; the sentence that says why it could not be done."""
    folder = Path(settings.AUDIT_HEAD_FOLDER)
    if not folder.is_dir():
        return _("The folder %(folder)s is missing. Make it, or mount it, or set AUDIT_HEAD_FOLDER anew.") % {
            "folder": folder
        }
    try:
        file = os.open(folder / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            if line not in _lines(folder / FILE):
                os.write(file, f"{line}\n".encode())
                os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        return _("%(file)s cannot be written: %(why)s.") % {"file": folder / FILE, "why": error.strerror}
    return ""


def _lines(path: Path) -> list[str]:
    """What stands there already; nothing where the desk may only add."""
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except PermissionError:
        return []


def _send(line: str, day: str) -> None:
    for address in _addresses():
        subject = _("Head of the audit trail, %(day)s") % {"day": day}
        body = _(
            "%(line)s\n\nKeep this mail. With the last part, the hash, the desk can be checked later:\n"
            "manage.py verify_audit --head HASH\n"
        ) % {"line": line}
        payload = {"to": [address], "subject": subject, "body": body}
        outbox.put(f"mail:audit-head:{day}:{address}"[:160], "mail", payload)
    webhooks.audit_head_kept(line, day)


def _addresses() -> list[str]:
    """The addresses that are set; ``administrators`` stands for those of all administrators."""
    found = [address for address in settings.AUDIT_HEAD_MAIL if address != ADMINISTRATORS]
    if ADMINISTRATORS in settings.AUDIT_HEAD_MAIL:
        chiefs = User.objects.filter(is_superuser=True, is_active=True).exclude(email="")
        found += chiefs.order_by("email").values_list("email", flat=True)
    return list(dict.fromkeys(found))


def problem() -> str:
    """What is wrong with keeping the heads, in a sentence; empty where all is well or nothing is set up."""
    if not is_set_up():
        return ""
    newest = AuditHeadCopy.objects.first()
    if newest is not None and newest.problem:
        return _("The head of the audit trail is not kept elsewhere. %(problem)s") % {
            "problem": newest.problem
        }
    kept = AuditHeadCopy.objects.filter(kept_at__isnull=False).first()
    since = (
        kept.kept_at
        if kept
        else AuditSeal.objects.order_by("id").values_list("created_at", flat=True).first()
    )
    if since is not None and timezone.now() - since > TOO_OLD:
        return _(
            "The head of the audit trail was not kept elsewhere since %(when)s. Is the sweeper running?"
        ) % {"when": timezone.localtime(since).strftime("%Y-%m-%d %H:%M")}
    return ""
