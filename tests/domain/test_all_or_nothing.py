"""A crash at any write of publishing shows either all old or all new, in the tables and on every surface.

Each publication is made again and again, broken off at its first write, at its second, and so on to the last; after each
the desk is as it was before. Then nothing breaks it off, and all of it is new. What happens after the transaction (page
and card, kept as files) is in ``tests/web/test_kept_pages.py``: a file is whole or absent, and never decides what stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from claims.domain import tallies, webhooks
from claims.models import (
    Approval,
    AuditEvent,
    Claim,
    Correction,
    OutboxMessage,
    Report,
    ReportVersion,
    ReportWord,
    Tally,
    WebhookDelivery,
)
from tests import factories
from tests.factories import move

pytestmark = pytest.mark.django_db
ClaimIn = Callable[..., Claim]
_WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
TABLES = (
    Report,
    ReportVersion,
    ReportWord,
    Tally,
    OutboxMessage,
    WebhookDelivery,
    AuditEvent,
    Approval,
    Correction,
)


class BrokenOffError(BaseException):
    """As when the process is killed: nothing that handles errors may catch it."""


@contextmanager
def broken_off_at(number: int) -> Iterator[list[str]]:
    """Break off before the write of this number; the list holds those that were reached."""
    reached: list[str] = []

    def run(execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        if _WRITE.match(statement):
            reached.append(statement)
            if len(reached) == number:
                raise BrokenOffError(statement)
        return execute(statement, params, many, context)

    with connection.execute_wrapper(run):
        yield reached


def rows(claim: Claim) -> list[Any]:
    """Everything that a publication writes."""
    held: list[Any] = [list(model.objects.order_by("pk").values()) for model in TABLES]
    return [*held, Claim.objects.filter(pk=claim.pk).values().get()]


def surfaces(client: Client, claim: Claim) -> list[tuple[int, bytes]]:
    """What readers and programs see."""
    report = Report.objects.filter(claim=claim).first()
    slug = report.slug if report else "traffic-fell-by-less-than-a-third"
    names = [(name, [slug]) for name in ("report", "embed", "report-jsonld", "report-history", "report-card")]
    names += [(name, []) for name in ("home", "corrections", "feed-atom", "feed-corrections", "sitemap")]
    answers = [client.get(reverse(name, args=args)) for name, args in names]
    return [
        (answer.status_code, b"" if "card" in answer.request["PATH_INFO"] else answer.content)
        for answer in answers
    ]


def all_or_nothing(client: Client, claim: Claim, act: Callable[[], Claim]) -> None:
    """Break ``act`` off at each of its writes."""
    before, shown = rows(claim), surfaces(client, claim)
    number, done = 0, False
    while not done:
        number += 1
        try:
            with transaction.atomic(), broken_off_at(number) as reached:
                act()
                done = True
        except BrokenOffError:
            assert rows(claim) == before, f"after {reached[-1]}"
            if number % 4 == 1:  # the tables are all that pages are made from; a sample of them is looked at
                assert surfaces(client, claim) == shown, f"after {reached[-1]}"
    assert number > 8, "a publication writes much"
    assert surfaces(client, claim) != shown
    assert list(tallies.faults()) == []


@pytest.fixture
def told(editor: User) -> None:
    """Somebody elsewhere is told of everything, so that this is promised in the same transaction."""
    webhooks.add(
        actor=editor,
        name="Site",
        url="https://site.example/hook",
        form="signed",
        events=list(webhooks.REPORT_EVENTS),
    )


def test_a_first_publication(client: Client, claim_in: ClaimIn, editor: User, told: None) -> None:
    claim = claim_in("approved")
    factories.pages()
    all_or_nothing(client, claim, lambda: move(claim, "publish", editor))
    assert surfaces(client, claim)[0][0] == 200


def test_a_changed_verdict(
    client: Client, claim_in: ClaimIn, editor: User, reviewer: User, second_reader: User, told: None
) -> None:
    claim = claim_in("published")
    move(claim, "open_correction", editor, reason="x", payload={"kind": "verdict_change"})
    factories.fill(claim, reviewer, level="false")
    note = {"public_note": "One month was missing."}
    all_or_nothing(client, claim, lambda: move(claim, "publish_correction", second_reader, payload=note))
    assert all(b"One month was missing." in surfaces(client, claim)[at][1] for at in (0, 6, 8))


def test_a_withdrawal(
    client: Client, claim_in: ClaimIn, editor: User, second_reader: User, told: None
) -> None:
    claim = move(claim_in("published"), "propose_retraction", editor, reason="x")
    note = {"public_note": "Wrong bridge."}
    all_or_nothing(client, claim, lambda: move(claim, "retract", second_reader, payload=note))
    assert surfaces(client, claim)[2][0] == 410


def test_a_publication_in_two_transactions_would_be_seen(
    client: Client, claim_in: ClaimIn, editor: User, told: None
) -> None:
    """The test can fail: a write that is not part of the transaction stays."""
    claim = claim_in("approved")
    factories.pages()

    def torn() -> Claim:
        Tally.objects.create(kind="topic", key="left behind")
        return move(claim, "publish", editor)

    before = rows(claim)
    with pytest.raises(BrokenOffError), broken_off_at(5):
        torn()
    assert rows(claim) != before
