"""Editors look after the programs that are told; the secret is shown once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.domain import outbox, webhooks
from claims.models import AuditEvent, OutboxMessage, WebhookDelivery, WebhookReceiver
from tests.standins.server import StandIn

pytestmark = pytest.mark.django_db
AsUser = Callable[[User], Client]


def test_adding_one_shows_its_secret_once(as_user: AsUser, editor: User) -> None:
    client = as_user(editor)
    data = {
        "name": "Site",
        "url": "https://site.example/hook",
        "form": "signed",
        "events": ["report.published"],
    }
    page = client.post(reverse("receivers"), data).content.decode()
    made = WebhookReceiver.objects.get()
    assert webhooks.secret_of(made) in page
    assert not re.search(r"whsec_", client.get(reverse("receiver", args=[made.pk])).content.decode())
    assert "Site" in client.get(reverse("receivers")).content.decode()


def test_a_refused_form_keeps_what_was_typed(as_user: AsUser, editor: User) -> None:
    data = {"name": "Site", "url": "http://site.example/hook", "form": "chat", "events": ["claim.assigned"]}
    answer = as_user(editor).post(reverse("receivers"), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "must begin with https://" in page
    assert 'value="http://site.example/hook"' in page
    assert re.search(r'value="claim.assigned"[^>]*checked', page)


def test_all_that_a_receiver_lacks_is_said_at_once(as_user: AsUser, editor: User) -> None:
    client = as_user(editor)
    page = client.post(reverse("receivers"), {"form": "signed"})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"name", "url", "events"}
    made, _secret = webhooks.add(
        actor=editor, name="CMS", url="https://cms.example/hook", form="signed", events=["report.published"]
    )
    page = client.post(reverse("receiver", args=[made.pk]), {"url": "http://cms.example/hook"})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"name", "url", "events"}


def test_the_log_shows_each_try_and_sends_again(as_user: AsUser, editor: User, services: StandIn) -> None:
    client = as_user(editor)
    made, _secret = webhooks.add(
        actor=editor,
        name="Site",
        url=f"{services.origin}/webhook",
        form="signed",
        events=["report.published"],
    )
    services.fault("/webhook", "status", status=410)
    client.post(reverse("receiver-change", args=[made.pk]), {"do": "test"})
    delivery = WebhookDelivery.objects.get()
    outbox.deliver(delivery.message_id)
    page = client.get(reverse("receiver", args=[made.pk])).content.decode()
    assert "Given up" in page
    assert "(410)" in page
    client.post(reverse("delivery-replay", args=[delivery.pk]))
    assert OutboxMessage.objects.get(pk=delivery.message_id).state == "waiting"
    client.post(reverse("receiver-change", args=[made.pk]), {"do": "stop"})
    assert "stopped" in client.get(reverse("receiver", args=[made.pk])).content.decode()
    client.post(reverse("receiver-change", args=[made.pk]), {"do": "start"})
    secret = client.post(reverse("receiver-change", args=[made.pk]), {"do": "secret"}).content.decode()
    assert "whsec_" in secret


@pytest.mark.parametrize("name", ["receivers", "receiver"])
def test_others_do_not_see_it(name: str, as_user: AsUser, editor: User, reviewer: User) -> None:
    made, _secret = webhooks.add(
        actor=editor, name="Site", url="https://site.example/", form="signed", events=["report.published"]
    )
    args = [made.pk] if name == "receiver" else []
    assert as_user(reviewer).get(reverse(name, args=args)).status_code == 403
    assert (
        as_user(reviewer).post(reverse("receiver-change", args=[made.pk]), {"do": "stop"}).status_code == 403
    )


def test_queries_do_not_grow_with_the_log(
    as_user: AsUser, editor: User, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    made, _secret = webhooks.add(
        actor=editor, name="Site", url="https://site.example/", form="signed", events=["report.published"]
    )
    client = as_user(editor)
    counts = []
    for _number in range(2):
        webhooks.test(made, actor=editor)
        webhooks.test(made, actor=editor)
        with django_assert_max_num_queries(20) as seen:
            client.get(reverse("receiver", args=[made.pk]))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_name_address_and_events_are_changed_and_the_secret_stays(as_user: AsUser, editor: User) -> None:
    made, secret = webhooks.add(
        actor=editor, name="Site", url="https://site.example/hook", form="signed", events=["report.published"]
    )
    client, url = as_user(editor), reverse("receiver", args=[made.pk])
    assert 'value="https://site.example/hook"' in client.get(url).content.decode()
    data = {"name": "New site", "url": "https://new.example/hook", "events": ["report.retracted"]}
    assert client.post(url, data).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.url, made.events) == (
        "New site",
        "https://new.example/hook",
        ["report.retracted"],
    )
    assert (made.form, webhooks.secret_of(made)) == ("signed", secret)
    event = AuditEvent.objects.get(action="webhook.changed")
    assert event.data["changed"] == ["events", "name", "url"]
    assert "new.example" not in str(event.data), "a chat's address is its key"
    client.post(url, data)
    assert AuditEvent.objects.filter(action="webhook.changed").count() == 1


def test_a_refused_change_keeps_what_was_typed_and_changes_nothing(as_user: AsUser, editor: User) -> None:
    made, _secret = webhooks.add(
        actor=editor, name="Site", url="https://site.example/hook", form="chat", events=["report.published"]
    )
    url = reverse("receiver", args=[made.pk])
    answer = as_user(editor).post(
        url, {"name": "Site", "url": "http://new.example/hook", "events": ["claim.assigned"]}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "must begin with https://" in page
    assert 'value="http://new.example/hook"' in page
    assert '<details class="panel" open>' in page
    made.refresh_from_db()
    assert made.url == "https://site.example/hook"
