"""What the database itself refuses: each test goes around the code on purpose."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from claims.models import Approval, AuditEvent, Claim, Report, ReportVersion

ClaimIn = Callable[..., Claim]
pytestmark = pytest.mark.django_db


def refused(statement: str, *params: object) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


@pytest.mark.parametrize(
    "table", ["claims_auditevent", "claims_reportversion", "claims_verdictrevision", "claims_authorship"]
)
def test_history_cannot_be_changed_or_removed(claim_in: ClaimIn, table: str) -> None:
    claim_in("published")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0] > 0
    refused(f"UPDATE {table} SET id = id + 1000")
    refused(f"DELETE FROM {table}")


def test_event_cannot_be_replaced(claim_in: ClaimIn) -> None:
    claim_in("triaged")
    event = AuditEvent.objects.first()
    assert event is not None
    if connection.vendor == "sqlite":
        refused(
            "INSERT OR REPLACE INTO claims_auditevent SELECT * FROM claims_auditevent WHERE id = %s", event.pk
        )
    else:
        refused("TRUNCATE claims_auditevent CASCADE")


def test_author_cannot_be_inserted_as_approver(claim_in: ClaimIn, reviewer: User) -> None:
    claim = claim_in("in_review")
    with pytest.raises(DatabaseError), transaction.atomic():
        Approval.objects.create(claim=claim, person=reviewer, fingerprint="x", created_at=timezone.now())


def test_status_cannot_change_without_the_version(claim_in: ClaimIn) -> None:
    claim = claim_in("new")
    refused("UPDATE claims_claim SET status = 'triaged' WHERE id = %s", claim.pk)


def test_approved_needs_an_approval(claim_in: ClaimIn) -> None:
    claim = claim_in("in_review")
    refused("UPDATE claims_claim SET status = 'approved', version = version + 1 WHERE id = %s", claim.pk)


def test_published_needs_a_version(claim_in: ClaimIn) -> None:
    claim = claim_in("approved")
    refused("UPDATE claims_claim SET status = 'published', version = version + 1 WHERE id = %s", claim.pk)


def test_drafter_cannot_be_approver_of_the_report(claim_in: ClaimIn, reviewer: User) -> None:
    claim = claim_in("published")
    report = Report.objects.get(claim=claim)
    refused("UPDATE claims_report SET approved_by_id = drafted_by_id WHERE id = %s", report.pk)


def test_unknown_status_is_refused(claim_in: ClaimIn) -> None:
    claim = claim_in("new")
    refused("UPDATE claims_claim SET status = 'done', version = version + 1 WHERE id = %s", claim.pk)


def test_published_report_cannot_lose_its_version(claim_in: ClaimIn) -> None:
    claim_in("published")
    assert ReportVersion.objects.exists()
    refused("UPDATE claims_report SET current_version_id = NULL")


def test_all_triggers_are_there() -> None:
    """A later migration that rebuilds a table on SQLite drops its triggers; this is where it shows."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'claims_%'")
            assert len(cursor.fetchall()) == 7 * 3 + 1 + 1 + 3
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search_%'")
            assert len(cursor.fetchall()) == 4 * 3
        else:
            cursor.execute("SELECT DISTINCT tgname FROM pg_trigger WHERE tgname LIKE 'claims_%'")
            assert len(cursor.fetchall()) == 7 * 2 + 1 + 1
