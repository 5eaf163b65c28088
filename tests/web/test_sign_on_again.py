"""Single sign-on and the proof of who one is: when somebody logged in there counts; and addresses that only look alike."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.domain import factors, passwords, people, sessions, sweeping
from claims.models import DeskSession, ProviderIdentity
from tests import factories
from tests.mails import send_mails
from tests.standins.provider import OpenIdProvider
from tests.web.test_proof import asked, stale
from tests.web.test_single_sign_on import at_provider, come, ida, is_in, leave

__all__ = ["ida"]
PASSWORD = "correct horse battery staple"
KEY = {"name": "script", "scope": "read", "days": "9"}


@pytest.mark.parametrize(("ago", "proves"), [(5, True), (3600, False), (None, False), (-3600, True)])
def test_a_log_in_counts_from_when_the_provider_last_asked(
    provider: OpenIdProvider, ida: User, ago: int | None, proves: bool
) -> None:
    """Who sits down at an open browser logs out, and is let in again by a provider that remembers the browser's owner."""
    provider.changes = {"auth_time": None if ago is None else int(time.time()) - ago}
    client = Client()
    come(client)
    assert is_in(client)
    assert asked(client.post(reverse("token-new"), KEY)) is not proves
    query = parse_qs(urlsplit(leave(Client())).query)
    assert int(query["max_age"][0]) > 86_400, "asked for, so that it has to say"
    assert "prompt" not in query


def test_who_has_no_password_proves_themselves_by_the_provider(provider: OpenIdProvider, ida: User) -> None:
    client = Client()
    come(client)
    page = stale(client).post(reverse("token-new"), KEY)
    assert asked(page)
    way = f"{reverse('login-provider')}?again=1&amp;next={reverse('proof')}"
    assert f'href="{way}"' in page.content.decode()
    address = client.get(way.replace("&amp;", "&"))["Location"]
    query = parse_qs(urlsplit(address).query)
    assert (query["max_age"], query["prompt"]) == (["0"], ["login"])
    provider.changes = {"auth_time": int(time.time())}
    assert client.get(at_provider(address))["Location"] == reverse("proof")
    assert not asked(client.post(reverse("token-new"), KEY))


def test_a_provider_that_does_not_say_when_it_asked_proves_nothing_however_it_is_asked(
    provider: OpenIdProvider, ida: User
) -> None:
    client = Client()
    provider.changes = {"auth_time": None}
    come(client)
    assert is_in(client), "it is a log-in all the same"
    assert asked(client.post(reverse("token-new"), KEY))
    address = client.get(reverse("login-provider"), {"again": "1", "next": reverse("proof")})["Location"]
    page = client.get(client.get(at_provider(address))["Location"])
    assert "does not say when it asked you" in page.content.decode()
    assert asked(client.post(reverse("token-new"), KEY))
    assert reverse("password_reset") in page.content.decode(), "a way on"


def test_somebody_else_at_the_provider_proves_nothing_for_who_is_in(
    provider: OpenIdProvider, ida: User
) -> None:
    client = Client()
    come(client)
    other = factories.person("omar", "editor")
    provider.changes = {"sub": "7", "email": other.email}
    address = stale(client).get(reverse("login-provider"), {"again": "1"})["Location"]
    assert client.get(at_provider(address)).status_code == 403
    assert asked(client.post(reverse("token-new"), KEY))
    assert client.get(reverse("account")).wsgi_request.user == ida


LONG = "a" * (254 - len("@newsroom.example"))


@pytest.mark.parametrize(
    "email",
    ["x@new\u017froom.example", f"{LONG}@newsroom.example.evil.example", "x@newsroom.example\0.evil.example",
     "x@newsroom.example ", "a b@newsroom.example"],
)  # fmt: skip
def test_an_address_that_only_looks_like_ours_makes_nobody(
    provider: OpenIdProvider, settings: Any, db: None, email: str
) -> None:
    settings.OIDC_NEW_PEOPLE = ["newsroom.example"]
    provider.changes = {"email": email}
    assert come(Client()).status_code == 403
    assert not User.objects.exists()


def test_an_address_that_a_database_takes_for_the_same_opens_no_account(
    provider: OpenIdProvider, ida: User, settings: Any
) -> None:
    assert people.same_address("Ida@Desk.example", "ida@desk.EXAMPLE")
    assert not people.same_address("ıda@desk.example", "ida@desk.example")
    assert not people.same_address("ida@de\u017fk.example", "ida@desk.example")
    provider.changes = {"email": "ıda@desk.example"}
    assert come(Client()).status_code == 403
    assert not ProviderIdentity.objects.exists()
    passwords.ask_for_link("ıda@desk.example", "198.51.100.7")
    send_mails()
    assert mail.outbox == []


def test_strangers_fill_no_table(
    provider: OpenIdProvider, db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every beginning keeps a session: so often from one place, and no longer than it holds."""
    settings.SITE_URL = "https://desk.example.org"
    for module in ("provider", "passkeys"):
        monkeypatch.setattr(f"claims.web.views.{module}.FROM_ONE_PLACE", ("1/h", 3))
    told = [Client().get(reverse("login-provider")).status_code for _n in range(4)]
    assert told == [302] * 3 + [429]
    told = [Client().post(reverse("login-passkey-begin")).status_code for _n in range(4)]
    assert told == [200] * 3 + [429]
    assert DeskSession.objects.count() == 6
    assert sessions.forget_old() == 0
    DeskSession.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    sweeping.sweep("here")
    assert not DeskSession.objects.exists()


def test_a_password_alone_sets_no_second_step_up_where_it_is_at_the_provider(
    provider: OpenIdProvider, settings: Any, editor: User
) -> None:
    """Whoever reads the mailbox sets a password by a link; with it they would give themselves an app of their own."""
    settings.SECOND_STEP_REQUIRED = True
    provider.changes = {"email": editor.email, "amr": ["mfa"]}
    come(Client())
    thief = Client()
    thief.post(reverse("login"), {"username": editor.username, "password": PASSWORD})
    for name in ("second-step", "passkey-add", "provider", "account"):
        where = thief.get(reverse(name))["Location"]
        assert where == f"{reverse('login-provider')}?{urlencode({'again': '1', 'next': reverse(name)})}", (
            name
        )
    assert thief.post(reverse("second-step"), {"code": "123456"}).status_code == 302
    assert thief.get("/api/v1/people/me/").status_code == 403
    assert not factors.has_app(editor)
    provider.changes = {
        "email": editor.email
    }  # its owner, whom the provider lets in without a second factor today
    address = thief.get(thief.get(reverse("second-step"))["Location"])["Location"]
    assert thief.get(at_provider(address))["Location"] == reverse("second-step")
    assert thief.get(reverse("second-step")).status_code == 200
