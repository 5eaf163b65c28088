"""Other programs are told at least once, under one id, and nobody can speak in the desk's name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from claims.domain import outbox, webhooks
from claims.exceptions import InvalidInput, NotAllowed
from claims.integrations import webhook
from claims.models import Claim, OutboxMessage, Report, WebhookDelivery, WebhookReceiver
from tests.factories import move
from tests.standins.server import StandIn

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
ALL = list(webhooks.REPORT_EVENTS)


@pytest.fixture
def receiver(services: StandIn, editor: User) -> tuple[WebhookReceiver, str]:
    return webhooks.add(
        actor=editor, name="Site", url=f"{services.origin}/webhook", form="signed", events=ALL
    )


def calls(services: StandIn) -> list[Any]:
    return [seen for seen in services.seen if seen.path == "/webhook"]


def deliver_all() -> None:
    OutboxMessage.objects.filter(state="waiting").update(next_attempt_at=timezone.now())
    for pk in list(OutboxMessage.objects.filter(kind="webhook").order_by("pk").values_list("pk", flat=True)):
        outbox.deliver(pk)


def test_the_life_of_a_report_is_told_and_signed(
    receiver: tuple[WebhookReceiver, str], services: StandIn, claim_in: Callable[..., Claim], editor: User,
    second_reader: User,
) -> None:  # fmt: skip
    """Check 40: the receiver learns of publication, correction and retraction."""
    claim = claim_in("published")
    move(claim, "open_correction", editor, reason="x", payload={"kind": "correction"})
    move(claim, "publish_correction", second_reader, payload={"public_note": "It was 2025."})
    move(claim, "propose_retraction", editor, reason="wrong bridge")
    move(claim, "retract", second_reader, payload={"public_note": "It was another bridge."})
    assert calls(services) == []  # nothing leaves inside the transaction of the change
    deliver_all()
    told = [seen.json for seen in calls(services)]
    assert [call["event"] for call in told] == ALL
    assert {call["report"]["id"] for call in told} == {told[0]["report"]["id"]}
    assert [call["report"]["version"] for call in told] == [1, 2, 3]
    assert told[1]["report"]["note"] == "It was 2025."
    assert told[0]["claimreview"]["@type"] == "ClaimReview"
    assert told[2]["claimreview"] is None
    assert told[2]["report"]["retracted"] is True
    for seen in calls(services):
        assert webhook.verify(seen.headers, seen.body, [receiver[1]])


def test_a_typing_error_is_not_told(
    receiver: Any, services: StandIn, claim_in: Callable[..., Claim], editor: User, second_reader: User
) -> None:
    claim = claim_in("published")
    move(claim, "open_correction", editor, reason="x", payload={"kind": "typo"})
    move(claim, "publish_correction", second_reader)
    deliver_all()
    assert [seen.json["event"] for seen in calls(services)] == ["report.published"]


def test_the_code_in_the_documentation_checks_a_real_call(
    receiver: tuple[WebhookReceiver, str], services: StandIn, editor: User
) -> None:
    webhooks.test(receiver[0], actor=editor)
    deliver_all()
    seen = calls(services)[0]
    code = re.search(
        r"```python\n(.+?)```", (ROOT / "docs/webhooks.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert code
    room: dict[str, Any] = {}
    exec(code[1], room)
    headers = {name.title(): value for name, value in seen.headers.items()}
    assert room["is_genuine"](headers, seen.body, receiver[1])
    assert not room["is_genuine"](headers, seen.body + b" ", receiver[1])
    assert not room["is_genuine"](headers, seen.body, "whsec_other")
    assert not room["is_genuine"](headers | {"X-Plumbline-Timestamp": "1000"}, seen.body, receiver[1])


def test_a_replay_has_the_same_id_and_words(
    receiver: tuple[WebhookReceiver, str], services: StandIn, editor: User, reviewer: User
) -> None:
    delivery = webhooks.test(receiver[0], actor=editor)
    deliver_all()
    assert webhooks.replay(delivery, actor=editor)
    assert not webhooks.replay(delivery, actor=editor)  # it waits already
    deliver_all()
    first, second = calls(services)
    assert first.headers["x-plumbline-delivery"] == second.headers["x-plumbline-delivery"] == delivery.uid
    assert first.body == second.body
    assert delivery.attempts.filter(delivered=True, status_code__lt=300).count() == 2
    with pytest.raises(NotAllowed):
        webhooks.replay(delivery, actor=reviewer)


def test_an_absent_receiver_is_tried_again_and_then_given_up(
    receiver: tuple[WebhookReceiver, str], services: StandIn, editor: User
) -> None:
    services.fault("/webhook", "fault", times=None)
    delivery = webhooks.test(receiver[0], actor=editor)
    deliver_all()
    message = OutboxMessage.objects.get(pk=delivery.message_id)
    assert (message.state, message.attempts) == ("waiting", 1)
    for _number in range(outbox.MAX_ATTEMPTS):
        deliver_all()
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("dead", outbox.MAX_ATTEMPTS)
    assert delivery.attempts.count() == outbox.MAX_ATTEMPTS
    services.faults.clear()
    assert webhooks.replay(delivery, actor=editor)
    deliver_all()
    message.refresh_from_db()
    assert message.state == "sent"


def test_a_wait_that_is_asked_for_is_kept_and_a_refusal_ends_it(
    receiver: tuple[WebhookReceiver, str], services: StandIn, editor: User
) -> None:
    services.fault("/webhook", "too_many", retry_after="7000")
    busy = webhooks.test(receiver[0], actor=editor)
    outbox.deliver(busy.message_id)
    message = OutboxMessage.objects.get(pk=busy.message_id)
    assert message.next_attempt_at > timezone.now() + timedelta(seconds=6900)
    services.fault("/webhook", "status", status=410)
    gone = webhooks.test(receiver[0], actor=editor)
    outbox.deliver(gone.message_id)
    message = OutboxMessage.objects.get(pk=gone.message_id)
    assert (message.state, message.attempts) == ("dead", 1)


def test_both_secrets_work_while_one_is_changed(
    receiver: tuple[WebhookReceiver, str], services: StandIn, editor: User
) -> None:
    stored, old = receiver
    new = webhooks.new_secret(stored, actor=editor)
    assert new != old
    assert old not in json.dumps(list(WebhookReceiver.objects.values()), default=str)
    webhooks.test(stored, actor=editor)
    deliver_all()
    seen = calls(services)[0]
    assert webhook.verify(seen.headers, seen.body, [old])
    assert webhook.verify(seen.headers, seen.body, [new])
    WebhookReceiver.objects.update(rotated_at=timezone.now() - timedelta(days=2))
    webhooks.test(stored, actor=editor)
    deliver_all()
    seen = calls(services)[1]
    assert not webhook.verify(seen.headers, seen.body, [old])
    assert webhook.verify(seen.headers, seen.body, [new])


def test_a_chat_hears_of_assignments_in_one_harmless_line(
    services: StandIn, editor: User, reviewer: User, make_claim: Callable[..., Claim]
) -> None:
    webhooks.add(
        actor=editor, name="Chat", url=f"{services.origin}/webhook", form="chat",
        events=["claim.assigned", "claim.submitted"],
    )  # fmt: skip
    claim = make_claim(restated="<!channel> @here fell by 31 per cent")
    move(claim, "triage", editor)
    move(claim, "assign", editor, payload={"assignee": reviewer.pk})
    deliver_all()
    told = [seen.json for seen in calls(services)]
    assert len(told) == 1
    assert set(told[0]) == {"text"}
    assert "assigned" in told[0]["text"]
    assert "Noor" in told[0]["text"]
    assert claim.get_absolute_url() in told[0]["text"]
    assert "<!channel>" not in told[0]["text"]
    assert "@here" not in told[0]["text"]


def test_a_stopped_receiver_is_left_alone(
    receiver: tuple[WebhookReceiver, str], services: StandIn, editor: User, claim_in: Callable[..., Claim]
) -> None:
    waiting = webhooks.test(receiver[0], actor=editor)
    webhooks.set_stopped(receiver[0], True, actor=editor)
    claim_in("published")
    deliver_all()
    assert calls(services) == []
    assert WebhookDelivery.objects.count() == 1
    assert OutboxMessage.objects.get(pk=waiting.message_id).state == "dead"


def test_calls_are_off_with_the_master_switch(
    services: StandIn, settings: Any, editor: User, receiver: tuple[WebhookReceiver, str]
) -> None:
    settings.FACTCHECK_OUTSIDE = False
    settings.FACTCHECK_TRUSTED_ORIGINS = {}
    delivery = webhooks.test(receiver[0], actor=editor)
    deliver_all()
    assert services.seen == []
    message = OutboxMessage.objects.get(pk=delivery.message_id)
    assert message.state == "dead"
    assert "switched off" in message.last_error


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"), ({"url": "http://site.example/"}, "url"), ({"url": "ftp://site.example/"}, "url"),
        ({"url": "https://a:b@site.example/"}, "url"), ({"events": []}, "events"), ({"events": ["x"]}, "events"),
        ({"form": "fax"}, "form"),
    ],
)  # fmt: skip
def test_what_makes_no_receiver(editor: User, change: dict[str, Any], field: str) -> None:
    given: dict[str, Any] = {"name": "Site", "url": "https://site.example/", "form": "signed", "events": ALL}
    with pytest.raises(InvalidInput) as refused:
        webhooks.add(actor=editor, **(given | change))
    assert refused.value.field == field


def test_only_editors_look_after_receivers(reviewer: User) -> None:
    with pytest.raises(NotAllowed):
        webhooks.add(actor=reviewer, name="x", url="https://site.example/", form="signed", events=ALL)


def test_a_person_cannot_point_the_desk_at_its_own_network(settings: Any, editor: User) -> None:
    settings.FACTCHECK_OUTSIDE = True
    made, _secret = webhooks.add(actor=editor, name="x", url="https://127.0.0.1/", form="signed", events=ALL)
    delivery = webhooks.test(made, actor=editor)
    outbox.deliver(delivery.message_id)
    assert OutboxMessage.objects.get(pk=delivery.message_id).state == "dead"


def test_a_report_without_listeners_costs_no_call(claim_in: Callable[..., Claim]) -> None:
    claim_in("published")
    assert Report.objects.count() == 1
    assert not OutboxMessage.objects.filter(kind__in=["webhook", "google"]).exists()
