"""Acceptance 50 and 58: a whole life with secrets that would be known again, then a search through all that is kept.

Logs, the dump of the database, what lies in the broker, and error pages: whoever reads any of them opens nothing with it.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import redis
from celery import current_app
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
from kombu import Connection

from benchmarks.harness import Broker
from claims import queue
from claims.domain import desk, factors, tokens, webhooks
from claims.models import OutboxMessage
from claims.web import known_browsers
from factcheck import logs
from tests import factories
from tests.dump import every_row
from tests.mails import link_mailed, send_mails
from tests.standins.provider import OpenIdProvider
from tests.web.test_single_sign_on import at_provider, leave

PASSWORD, NEW, WRONG = "correct horse battery staple", "canary-new-password-1", "canary-wrong-password-2"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Every line that the desk's own handler would write, from the lowest level on."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.make_formatter())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def broker(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """A real broker that every ring goes to."""
    made = Broker(tmp_path_factory.mktemp("v"), persistent=False)
    made.start()

    def send(name: str, pk: int, options: dict[str, Any]) -> None:
        with Connection(made.url) as opened:
            current_app.tasks[name].apply_async((pk,), retry=False, connection=opened, **options)

    monkeypatch.setattr(queue, "_send", send)
    yield made
    made.stop()


def whole_broker(broker: Broker) -> str:
    client = redis.Redis.from_url(broker.url.replace("redis+socket", "unix"))
    found = []
    for key in client.keys("*"):
        read = {b"list": "LRANGE 0 -1", b"hash": "HGETALL", b"zset": "ZRANGE 0 -1", b"set": "SMEMBERS"}
        command, *rest = read.get(client.type(key), "GET").split()
        found.append(f"{key!r}: {client.execute_command(command, key, *rest)!r}")
    client.close()
    return "\n".join(found)


def enter(client: Client, name: str, password: str) -> Any:
    return client.post(reverse("login"), {"username": name, "password": password})


def reset_and_invited(editor: User, secret: dict[str, str]) -> None:
    """An invitation and a forgotten password, by their links; and a link that somebody broke."""
    ida = desk.add_person(
        actor=editor, username="ida", first_name="Ida", email="ida@desk.example", role="reviewer"
    )
    link = link_mailed("/invitation/")
    secret["invitation"] = link.rstrip("/").rpartition("/")[2]
    client = Client()
    client.get(link + "x")
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"username": "ida", "password": "short", "again": NEW})
    client.post(page.request["PATH_INFO"], {"username": "ida", "password": NEW, "again": NEW})
    ida.refresh_from_db()
    assert ida.check_password(NEW)
    client.post(reverse("password_reset"), {"email": "ida@desk.example"})
    link = link_mailed("/password/new/")
    secret["reset link"] = link.rstrip("/").rpartition("/")[2]
    client.get(link + "x/")
    client.delete(link)
    client.get(link, follow=True)  # and it is left unused


def logged_in(client: Client, person: User, secret: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong and right passwords and codes, a key to the API, and a fault in the middle of it."""
    enter(client, person.username, WRONG)
    monkeypatch.setattr(factors, "has", lambda person: 1 / 0)
    secret["error page"] = "ZeroDivisionError"
    broken = enter(client, person.username, PASSWORD)
    assert broken.status_code == 500
    for value in (PASSWORD, "ZeroDivisionError", "Traceback"):
        assert value not in broken.content.decode()
    del secret["error page"]
    monkeypatch.undo()
    shared = factors.begin(person)
    secret["key of the app"] = shared
    code = factors.code_at(shared, factors.window_now())
    for number, paper in enumerate(factors.confirm(person, code)):
        secret[f"paper {number}"] = paper
    enter(client, person.username, PASSWORD)
    client.post(reverse("login-second"), {"code": f"{secret['paper 0']}0"})
    client.post(reverse("login-second"), {"code": secret["paper 1"]})
    assert client.get(reverse("my-work")).status_code == 200
    another = Client()
    enter(another, person.username, PASSWORD)
    another.post(reverse("login-second"), {"code": f"{secret['paper 2']}0"})  # and it stays at that
    secret["session"] = client.cookies["sessionid"].value
    secret["mark of the browser"] = client.cookies[known_browsers.COOKIE].value
    _token, secret["key to the API"] = tokens.create(person, "script")
    carried = {"HTTP_AUTHORIZATION": f"Bearer {secret['key to the API']}"}
    assert Client().get("/api/v1/people/me/", **carried).status_code == 200
    Client().get("/api/v1/nowhere/", **carried)
    Client().get("/api/v1/claims/", {"token": secret["key to the API"]})  # where it does not belong
    Client().get("/api/v1/claims/", HTTP_AUTHORIZATION=f"Bearer {secret['key to the API']}x")


def by_provider(provider: OpenIdProvider, secret: dict[str, str]) -> None:
    """Once well, once with an answer that is refused."""
    kept = provider.sign

    def keep(claims: dict[str, Any]) -> str:
        secret[f"token {len(secret)}"] = kept(claims).rpartition(".")[2]
        return kept(claims)

    provider.sign = keep
    for changes in ({}, {"email": "nobody@desk.example", "sub": "7"}, {"nonce": "x"}):
        provider.changes = changes
        client = Client()
        address = at_provider(leave(client))
        secret[f"code {len(secret)}"] = dict(parse_qsl(urlsplit(address).query))["code"]
        client.get(address)
    secret["client secret"] = "secret of the desk: +/%"


def test_a_whole_life_leaves_no_secret_behind(
    transactional_db: None, logged: io.StringIO, broker: Broker, provider: OpenIdProvider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    secret = {"password": PASSWORD, "new password": NEW, "wrong password": WRONG}
    editor, reviewer = factories.person("pia", "editor"), factories.person("noor", "reviewer")
    reset_and_invited(editor, secret)
    client = Client(raise_request_exception=False)
    with monkeypatch.context() as patch:
        patch.setattr(queue, "_send", queue._send)
        logged_in(client, reviewer, secret, patch)
    by_provider(provider, secret)
    _receiver, secret["secret of a receiver"] = webhooks.add(
        actor=editor, name="x", url="https://x.example/hook", form="signed", events=["report.published"]
    )  # fmt: skip
    factories.article(editor)  # rings for its steps
    client.post(reverse("password_change"), {
        "old_password": PASSWORD, "new_password1": "canary-newest-password-3", "new_password2": "canary-newest-password-3",
    })  # fmt: skip
    secret["newest password"] = "canary-newest-password-3"
    send_mails()

    assert len(secret) > 20
    assert secret["invitation"] in "".join(str(sent.body) for sent in mail.outbox), "it was a life"
    assert OutboxMessage.objects.exists()
    rung = whole_broker(broker)
    assert "claims.deliver" in rung
    places = {"log": logged.getvalue(), "database": every_row(), "broker": rung}
    lines = places["log"].splitlines()
    assert len(lines) > 10
    assert all(json.loads(line)["at"].endswith("Z") for line in lines), "one event a line, in UTC"
    found = [
        (name, place)
        for place, text in places.items()
        for name, value in secret.items()
        if value in text or value.replace("-", "") in text
    ]
    assert found == []
    assert logs.HIDDEN in places["log"], "the sieve had something to do"


@pytest.mark.parametrize(
    "line",
    [
        "could not connect to postgres://desk:canary-1234@db:5432/desk", "redis://:canary-1234@redis:6379/0 is away",
        "the key canary-of-the-operator was refused", "(canary-of-the-operator)", "GET /password/new/MQ/canary-1234/",
        "Not Found: /invitation/MQ/canary-1234/x", "Authorization: Bearer canary-1234", "{'Authorization': 'Basic canary-1234'}",
        "GET /x/?a=b&code=canary-1234&state=canary-1234", "plb_canary-1234canary", "whsec_canary1234canary",
        "GET /messages/canary-1234/",
    ],
)  # fmt: skip
def test_what_libraries_write_passes_the_sieve(line: str) -> None:
    sieve = logs.Sieve({"LLM_KEY": "canary-of-the-operator", "DATABASE_URL": "sqlite:///x"})
    cleaned = sieve(None, "", {"event": line, "extra": {"deep": [line]}, "object": Exception(line)})
    assert "canary" not in json.dumps(cleaned)


@pytest.mark.parametrize(
    "line",
    [
        "GET /password/new/MQ/set/",
        "https://example.org/path?q=code",
        "user:name@example.org",
        "The key is 7.",
    ],
)
def test_what_is_harmless_stays_as_it_is(line: str) -> None:
    assert logs.Sieve({"SHORT_KEY": "is"}).text(line) == line
