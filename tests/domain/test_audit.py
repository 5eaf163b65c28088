"""The trail shows what was done to it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from benchmarks import audit_damage
from claims.domain import audit, reports
from claims.models import AuditEvent, AuditSeal, Claim, Notification
from tests.factories import move

ClaimIn = Callable[..., Claim]


@pytest.fixture
def open_trail(transactional_db: None) -> None:
    """A trail whose triggers somebody with file access has dropped."""
    from importlib import import_module

    from django.apps import apps

    with connection.schema_editor() as editor:
        import_module("claims.migrations.0002_triggers").drop(apps, editor)
    yield  # type: ignore[misc]  # a generator fixture
    with connection.schema_editor() as editor:
        import_module("claims.migrations.0002_triggers").make(apps, editor)


def raw_delete(where: str, *params: object) -> None:
    """As somebody with the database file would."""
    Notification.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM claims_auditevent WHERE {where}", params)


@pytest.mark.django_db
def test_untouched_trail_verifies(claim_in: ClaimIn) -> None:
    claim_in("published")
    assert audit.seal(settle_seconds=0) is not None
    assert audit.verify() is None
    assert reports.verify_versions() == ""


@pytest.mark.django_db
def test_a_seal_fetches_the_ends_of_chains_and_not_every_event(
    claim_in: ClaimIn, editor: User, django_assert_max_num_queries: Any
) -> None:
    claim = claim_in("triaged")
    first = audit.seal(settle_seconds=0)
    move(claim, "decline", editor, reason="No.")
    with django_assert_max_num_queries(9) as asked:
        second = audit.seal(settle_seconds=0)
    assert first is not None
    assert second is not None
    assert second.event_count == AuditEvent.objects.count() == first.event_count + 1
    assert audit.verify(head=second.hash) is None
    fetched = [
        query["sql"] for query in asked.captured_queries if '"claims_auditevent"."hash"' in query["sql"]
    ]
    assert fetched == []


@pytest.mark.django_db
def test_recording_outside_a_transaction_is_refused(transactional_db: None) -> None:
    with pytest.raises(RuntimeError):
        audit.record("test", actor=None)


@pytest.mark.parametrize("field", ["reason", "actor_name", "to_status", "action"])
def test_changed_row_is_named(open_trail: None, claim_in: ClaimIn, field: str) -> None:
    claim_in("researching")
    victim = AuditEvent.objects.order_by("id")[3]
    AuditEvent.objects.filter(pk=victim.pk).update(**{field: "forged"})
    fault = audit.verify()
    assert fault is not None
    assert fault.event_id == victim.pk


def test_missing_middle_row_is_named(open_trail: None, claim_in: ClaimIn) -> None:
    claim = claim_in("researching")
    rows = list(AuditEvent.objects.filter(chain=f"claim:{claim.pk}").order_by("id"))
    raw_delete("id = %s", rows[1].pk)
    fault = audit.verify()
    assert fault is not None
    assert fault.event_id == rows[2].pk


def test_cut_tail_shows_against_the_seal(open_trail: None, claim_in: ClaimIn) -> None:
    claim_in("in_review")
    audit.seal(settle_seconds=0)
    tail = list(AuditEvent.objects.order_by("-id").values_list("pk", flat=True)[:5])
    raw_delete("id >= %s", min(tail))
    assert audit.verify() is not None


def test_cut_tail_with_its_seal_shows_against_the_head_kept_outside(
    open_trail: None, claim_in: ClaimIn
) -> None:
    claim_in("triaged")
    seal = audit.seal(settle_seconds=0)
    assert seal is not None
    AuditSeal.objects.all().delete()
    assert audit.verify() is None
    assert audit.verify(head=seal.hash) is not None


def test_a_flipped_byte_a_dropped_row_a_swap_and_a_cut_tail_are_all_found(
    transactional_db: None, claim_in: ClaimIn
) -> None:
    """A few damages; ``benchmarks/audit_verify.py`` does two hundred flips in a hundred thousand rows."""
    claim_in("published")
    seal = audit.seal(settle_seconds=0)
    assert seal is not None
    Notification.objects.all().delete()
    assert audit_damage.run(random.Random(7), 12, seal.hash) == []
