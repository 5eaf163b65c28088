"""Webhooks: nobody else can make one, nobody can repeat one, and a silent receiver is tried again."""

from __future__ import annotations

from typing import Any

import pytest

from claims.enums import StepOutcome
from claims.integrations import webhook
from tests.standins.server import StandIn
from tests.standins.web import PublicWeb

BODY = b'{"report": "https://desk.test/reports/bridge"}'
OLD, NEW = "old-secret-" + "x" * 30, "new-secret-" + "y" * 30


def deliver(url: str, **changes: Any) -> webhook.Delivery:
    values: dict[str, Any] = {"secrets": [NEW], "delivery_id": "d-1", "event": "report.published"}
    return webhook.deliver(url, BODY, **(values | changes))


def test_a_delivery_verifies_at_the_other_end(services: StandIn) -> None:
    done = deliver(f"{services.origin}/webhook", secrets=[NEW, OLD])
    assert done.delivered
    seen = services.seen[0]
    assert seen.body == BODY
    assert seen.headers["x-plumbline-delivery"] == "d-1"
    for secret in (NEW, OLD):  # while a secret is being changed, both work
        assert webhook.verify(seen.headers, seen.body, [secret])


@pytest.mark.parametrize(
    "change",
    [
        {"body": BODY + b" "},
        {"secrets": [OLD]},
        {"secrets": []},
        {"now": 1_000_301},
        {"now": 999_699},
        {"headers": {webhook.TIMESTAMP: "1000001"}},
        {"headers": {webhook.SIGNATURE: ""}},
        {"headers": {webhook.SIGNATURE: "v1="}},
        {"headers": {webhook.SIGNATURE: "v1=é"}},
        {"headers": {webhook.TIMESTAMP: "soon"}},
        {"headers": {webhook.TIMESTAMP: "1" * 30}},
    ],
)
def test_anything_changed_is_refused(change: dict[str, Any]) -> None:
    headers = {webhook.TIMESTAMP: "1000000", webhook.SIGNATURE: webhook.sign(BODY, 1_000_000, [NEW])}
    given: dict[str, Any] = {"headers": headers, "body": BODY, "secrets": [NEW], "now": 1_000_000}
    assert webhook.verify(**given)
    changed = given | change | {"headers": headers | change.get("headers", {})}
    assert not webhook.verify(**changed)


@pytest.mark.parametrize(
    ("status", "retryable"),
    [(400, False), (404, False), (410, False), (408, True), (429, True), (500, True), (302, False)],
)
def test_which_answers_are_worth_another_try(services: StandIn, status: int, retryable: bool) -> None:
    services.fault("/webhook", "status", status=status)
    done = deliver(f"{services.origin}/webhook")
    assert (done.outcome, done.status_code, done.retryable) == (StepOutcome.UNAVAILABLE, status, retryable)
    assert "CANARY" not in done.note


def test_a_large_answer_of_the_receiver_is_not_read(services: StandIn) -> None:
    services.fault("/webhook", "content", body=b"x" * 10_000_000)
    assert not deliver(f"{services.origin}/webhook").delivered


def test_a_private_receiver_that_nobody_listed_is_not_reached(public_web: PublicWeb, settings: Any) -> None:
    settings.FACTCHECK_OUTSIDE = True
    public_web.name("inside.test", ["192.168.0.9"])
    done = deliver("http://inside.test/hook")
    assert (done.outcome, done.retryable) == (StepOutcome.UNAVAILABLE, False)
    assert public_web.hits == 0


def test_nothing_leaves_unsigned_or_while_switched_off(services: StandIn, settings: Any) -> None:
    with pytest.raises(ValueError, match="needs a secret"):
        deliver(f"{services.origin}/webhook", secrets=[])
    with pytest.raises(ValueError, match="needs a secret"):
        deliver(f"{services.origin}/webhook", secrets=[NEW, ""])
    settings.FACTCHECK_OUTSIDE = False
    settings.FACTCHECK_TRUSTED_ORIGINS = {}
    told = deliver("http://receiver.test/hook")
    assert told.outcome is StepOutcome.NOT_CONFIGURED
    assert "switched off" in told.note
    assert "searched" not in told.note, "a call to a program is no search"
    assert services.seen == []
