"""Is everything well? Each part of the desk with what stands there now, and what to do where it is not right.

One place for the page that editors look at, for what is said at the start, and for ``manage.py check --deploy``.
"""

from __future__ import annotations

import platform
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import django
from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.template.defaultfilters import filesizeformat
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims import queue
from claims.domain import audit_heads, database_role
from claims.domain.progress import QueueOverview, queue_overview
from claims.domain.report_files import software
from claims.models import AuditHeadCopy, AuditSeal, OutboxMessage

# Backends of Django that send nothing to anybody.
_SILENT = ("filebased", "console", "dummy")
LONG_WAIT = timedelta(minutes=10)
# A day, and some hours for a night that took longer.
BACKUP_TOO_OLD = timedelta(hours=30)
LEAST_FREE_BYTES, LEAST_FREE_PART = 1_000_000_000, 0.1


class State(StrEnum):
    """How a part is. ``UNKNOWN``: the desk cannot know, and says so."""

    GOOD = "good"
    LOOK = "look"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its name, how it is, what stands there, and what to do."""

    key: str
    name: str
    state: State
    said: str
    remedy: str = ""


def parts() -> list[Part]:
    """Every part, in the order of the page."""
    overview = queue_overview(dead_limit=100)
    return [
        _database(), _broker(), _workers(overview), _sweeper(overview), _steps(overview), _mail(), _heads(), _history(),
        _backup(), *_disk(),
    ]  # fmt: skip


def versions() -> list[tuple[str, str]]:
    """What runs here, by name and version."""
    return [
        software(),
        ("Django", django.get_version()),
        ("Python", platform.python_version()),
        (connection.display_name, _engine()),
    ]


def _engine() -> str:
    if connection.vendor != "postgresql":
        return sqlite3.sqlite_version
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


# --- database and broker ----------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Every migration that the code at hand brings."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


def missing_migrations() -> int:
    """How many migrations of this code the database has not had.

    Raises:
        DatabaseError: it cannot be reached.
    """
    return len(_known_migrations() - set(MigrationRecorder(connection).applied_migrations()))


def _database() -> Part:
    name, missing = _("Database"), missing_migrations()
    if missing:
        said = ngettext("%(count)d migration is missing.", "%(count)d migrations are missing.", missing)
        return Part(
            "database", name, State.BAD, said % {"count": missing}, _("Run manage.py migrate, then restart.")
        )
    return Part(
        "database", name, State.GOOD, _("Up to date, %(size)s.") % {"size": filesizeformat(_database_bytes())}
    )


def _database_bytes() -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    with suppress(OSError):
        return Path(str(connection.settings_dict["NAME"])).stat().st_size
    return 0


def broker_answers() -> bool:
    """Whether the doorbell can be asked how many rings wait; one short try."""
    return queue.waiting(settings.CELERY_TASK_DEFAULT_QUEUE) is not None


def _broker() -> Part:
    if broker_answers():
        return Part("broker", _("Broker"), State.GOOD, _("It answers."))
    return Part(
        "broker", _("Broker"), State.BAD, _("It does not answer. Steps start later; nothing is lost."),
        _("Look whether Redis runs, and whether REDIS_URL is right."),
    )  # fmt: skip


# --- those at work ----------------------------------------------------------------------------------------------------


def _workers(overview: QueueOverview) -> Part:
    count = sum(worker.kind == "worker" and worker.alive for worker in overview.workers)
    if count:
        said = ngettext("%(count)d is at work.", "%(count)d are at work.", count) % {"count": count}
        return Part("workers", _("Workers"), State.GOOD, said)
    return Part(
        "workers", _("Workers"), State.BAD, _("None is at work. Steps and mails wait."),
        _("Start the worker, and let a process manager start it again when it ends."),
    )  # fmt: skip


def _sweeper(overview: QueueOverview) -> Part:
    name = _("Upkeep")
    if overview.has_sweeper:
        return Part("sweeper", name, State.GOOD, _("It makes its rounds."))
    return Part(
        "sweeper", name, State.BAD,
        _("It does not run. Planned reports do not come out, and nothing that was lost is made good."),
        _("Start manage.py sweep, and let a process manager start it again when it ends."),
    )  # fmt: skip


def _steps(overview: QueueOverview) -> Part:
    name, waiting = _("Verification steps"), sum(depth.waiting for depth in overview.queues)
    minutes = overview.oldest_waiting_seconds / 60
    said = ngettext("%(count)d waits.", "%(count)d wait.", waiting) % {"count": waiting}
    if not waiting:
        said = _("None waits.")
    if overview.oldest_waiting_seconds > LONG_WAIT.total_seconds():
        said += " " + _("The oldest has waited for %(minutes)d minutes.") % {"minutes": minutes}
        remedy = _("More workers make it shorter, if they are at work at all.")
        return Part("steps", name, State.LOOK, said, remedy)
    if overview.dead:
        dead = ngettext("%(count)d was given up.", "%(count)d were given up.", len(overview.dead))
        said += " " + dead % {"count": len(overview.dead)}
        remedy = _("Under Verification steps stands why; try them again or set them aside.")
        return Part("steps", name, State.LOOK, said, remedy)
    return Part("steps", name, State.GOOD, said)


# --- mail -------------------------------------------------------------------------------------------------------------


def mail_is_set_up() -> bool:
    """Whether mails reach anybody; else they are written to files or nowhere."""
    return not any(f".{name}." in settings.EMAIL_BACKEND for name in _SILENT)


def no_mail() -> str:
    """What it means that no mail is set up."""
    return _("No mail server is set up. Invitations, links for passwords and warnings reach nobody.")


def _mail() -> Part:
    name = _("Mail")
    if not mail_is_set_up():
        return Part("mail", name, State.BAD, no_mail(), _("Set EMAIL_HOST and what belongs to it."))
    rows = OutboxMessage.objects.filter(kind__in=["mail", "password_link", "invitation"]).order_by()
    lately = timezone.now() - timedelta(days=7)
    lost = rows.filter(state=OutboxMessage.State.DEAD, created_at__gte=lately).count()
    late = rows.filter(state=OutboxMessage.State.WAITING, created_at__lte=timezone.now() - LONG_WAIT).count()
    if lost or late:
        said = _("In seven days %(lost)d were given up; %(late)d wait longer than they should.")
        said = said % {"lost": lost, "late": late}
        return Part("mail", name, State.BAD, said, _("Look into the log of the worker, and at EMAIL_HOST."))
    sent = rows.filter(state=OutboxMessage.State.SENT).order_by("-sent_at").values_list("sent_at", flat=True)
    newest = sent.first()
    said = (
        _("The last one was sent %(when)s.") % {"when": _day(newest)} if newest else _("None was sent yet.")
    )
    return Part("mail", name, State.GOOD, said)


# --- what must not be lost or changed ---------------------------------------------------------------------------------


def no_head() -> str:
    """What it means that the head of the audit trail is kept nowhere else."""
    return _(
        "The head of the audit trail is kept nowhere else. Whoever can write the database could rewrite all of it unseen."
    )


def _heads() -> Part:
    name = _("Audit trail kept elsewhere")
    if not audit_heads.is_set_up():
        return Part("audit-head", name, State.LOOK, no_head(), _("Set AUDIT_HEAD_FOLDER or AUDIT_HEAD_MAIL."))
    if problem := audit_heads.problem():
        return Part("audit-head", name, State.BAD, problem)
    kept = AuditHeadCopy.objects.filter(kept_at__isnull=False).values_list("kept_at", flat=True).first()
    if kept is None:
        return Part("audit-head", name, State.UNKNOWN, _("Not yet; it is done once a day."))
    return Part("audit-head", name, State.GOOD, _("Last %(when)s.") % {"when": _day(kept)})


def owner_runs_it() -> str:
    """What it means that the desk runs as the owner of its tables."""
    return _(
        "The desk runs as the owner of its tables, so a statement that got through could take the triggers off that guard history."
    )


def _history() -> Part:
    name, lesser = _("Guard of history"), database_role.is_lesser()
    sealed = AuditSeal.objects.order_by("-id").values_list("created_at", flat=True).first()
    said = _("Sealed %(when)s.") % {"when": _day(sealed)} if sealed else _("Not sealed yet.")
    if lesser is None:
        said += " " + _("Whoever can write the file of the database can change history.")
        return Part("history", name, State.UNKNOWN, said)
    if lesser:
        said += " " + _("The desk’s own role in the database cannot change it.")
        return Part("history", name, State.GOOD, said)
    remedy = _("Run it as a role of its own: docs/operations.md, “A role of its own in PostgreSQL”.")
    return Part("history", name, State.LOOK, f"{said} {owner_runs_it()}", remedy)


def _backup() -> Part:
    name = _("Backup")
    if not settings.BACKUP_FOLDER:
        return Part(
            "backup", name, State.UNKNOWN, _("The desk does not know of any."),
            _("Set BACKUP_FOLDER to where the dumps lie, and it looks at the newest."),
        )  # fmt: skip
    folder = Path(settings.BACKUP_FOLDER)
    try:
        times = [found.stat().st_mtime for found in folder.iterdir() if found.is_file()]
    except OSError as error:
        said = _("%(folder)s cannot be looked at: %(why)s.") % {"folder": folder, "why": error.strerror}
        return Part("backup", name, State.BAD, said)
    if not times:
        return Part("backup", name, State.BAD, _("%(folder)s is empty.") % {"folder": folder})
    newest = datetime.fromtimestamp(max(times), UTC)
    old = timezone.now() - newest > BACKUP_TOO_OLD
    said = _("The newest is of %(when)s.") % {"when": _day(newest)}
    remedy = _("Look why no newer one was made.") if old else ""
    return Part("backup", name, State.BAD if old else State.GOOD, said, remedy)


def _disk() -> list[Part]:
    """The disk of this machine that the desk writes to; none where it cannot be asked."""
    try:
        disk = shutil.disk_usage(settings.VAR_DIR)
    except OSError:
        return []
    said = _("%(free)s of %(total)s are free.") % {
        "free": filesizeformat(disk.free), "total": filesizeformat(disk.total),
    }  # fmt: skip
    low = disk.free < LEAST_FREE_BYTES or disk.free < LEAST_FREE_PART * disk.total
    remedy = _("Make room before it is full.") if low else ""
    return [Part("disk", _("Disk"), State.LOOK if low else State.GOOD, said, remedy)]


def _day(moment: datetime) -> str:
    at = timezone.localtime(moment)
    return f"{formats.date_format(at, 'j F Y, H:i')} {at.tzname()}"


# --- said at the start ------------------------------------------------------------------------------------------------


def warnings() -> list[tuple[str, str, str]]:
    """What an operator has to know before people rely on this desk: an id, the sentence, and the remedy.

    A database that is away, or not migrated yet, is no reason not to say the rest.
    """
    found = []
    if not _asked(audit_heads.is_set_up, bool(settings.AUDIT_HEAD_FOLDER or settings.AUDIT_HEAD_MAIL)):
        remedy = _("Set AUDIT_HEAD_FOLDER or AUDIT_HEAD_MAIL, or let a program that is told take it.")
        found.append(("claims.W001", no_head(), remedy))
    if not mail_is_set_up():
        found.append(("claims.W002", no_mail(), _("Set EMAIL_HOST and what belongs to it.")))
    if _asked(database_role.is_lesser, None) is False:
        found.append(("claims.W003", owner_runs_it(), _("See “A role of its own in PostgreSQL” in docs/operations.md.")))  # fmt: skip
    return found


def _asked(ask: Callable[[], bool | None], otherwise: bool | None) -> bool | None:
    try:
        return ask()
    except DatabaseFault:
        return otherwise
