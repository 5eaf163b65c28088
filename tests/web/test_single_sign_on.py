"""Single sign-on against a real provider on the loopback, one that keeps to the protocol and one that lies."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpcore
import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
from joserfc.jwk import ECKey, OctKey, RSAKey

from claims.domain import factors, people
from claims.integrations import openid
from claims.models import AuditEvent, DeskSession, ProviderIdentity
from tests import factories
from tests.mails import send_mails
from tests.standins.provider import CLIENT, SECRET, OpenIdProvider
from tests.web.test_log_in import HOSTILE

LogIn = Callable[[User], Client]
PASSWORD = "correct horse battery staple"
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "first"})


@pytest.fixture
def ida(db: None) -> User:
    """Invited, with the address that the provider vouches for; has no password yet."""
    person = factories.person("ida", "reviewer")
    person.set_unusable_password()
    person.save()
    return person


def leave(client: Client, **query: str) -> str:
    """Press the button; where the browser goes."""
    return str(client.get(reverse("login-provider"), query)["Location"])


def at_provider(address: str) -> str:
    """Log in there; where the browser is sent back to, on this desk."""
    answer = httpcore.request("GET", address)
    where = dict(answer.headers)[b"Location"].decode()
    return where.removeprefix("http://testserver")


def come(client: Client, **query: str) -> Any:
    return client.get(at_provider(leave(client, **query)))


def is_in(client: Client) -> bool:
    return bool(client.get(reverse("my-work")).status_code == 200)


# --- the way in -------------------------------------------------------------------------------------------------------


def test_who_was_invited_comes_in_by_a_verified_address_and_is_known_from_then_on(
    provider: OpenIdProvider, ida: User, client: Client
) -> None:
    assert "Log in with News ID" in client.get(reverse("login")).content.decode()
    answer = come(client, next=reverse("board"))
    assert answer["Location"] == reverse("board")
    assert is_in(client)
    assert DeskSession.objects.get(person=ida).address == "127.0.0.1"
    event = AuditEvent.objects.get(action="account.provider_linked")
    assert event.data == {"person": ida.pk, "provider": provider.issuer, "how": "mail"}
    send_mails()
    assert mail.outbox[-1].to == [ida.email]
    # Another address there, not even verified: iss and sub decide from now on.
    provider.changes = {"email": "someone@else.example", "email_verified": False}
    again = Client()
    come(again)
    assert is_in(again)
    assert ProviderIdentity.objects.get().person == ida


def test_a_key_of_the_other_kind_and_one_that_is_new(
    provider: OpenIdProvider, ida: User, monkeypatch: Any
) -> None:
    come(Client())
    provider.key = ECKey.generate_key("P-256", {"kid": "second"})
    provider.sign = lambda claims: provider.signed(claims, alg="ES256")
    provider.published.append(provider.key.as_dict(private=False))
    client = Client()
    assert come(client).status_code == 400, "the keys were asked for a moment ago"
    monkeypatch.setattr(openid, "KEYS_AGAIN_SECONDS", 0.0)
    come(client)
    assert is_in(client)


def test_a_provider_that_wants_the_secret_in_the_body_and_tells_the_address_apart(
    provider: OpenIdProvider, ida: User
) -> None:
    provider.discovery = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    provider.changes = {"email": None, "email_verified": None}
    provider.userinfo = provider.claims
    client = Client()
    come(client)
    assert is_in(client)
    provider.userinfo = {**provider.claims, "sub": "another"}
    assert come(Client()).status_code == 400


def test_next_never_leads_off_the_site(provider: OpenIdProvider, ida: User) -> None:
    wrong = {}
    for value in HOSTILE[::5]:
        answer = come(Client(), next=value)
        if answer["Location"] != reverse("my-work"):
            wrong[value] = answer["Location"]
    assert wrong == {}


# --- what is not believed ---------------------------------------------------------------------------------------------


def _now(seconds: int) -> int:
    return int(time.time()) + seconds


LIES: dict[str, tuple[dict[str, Any], Callable[[OpenIdProvider, dict[str, Any]], str] | None, str]] = {
    "another issuer": ({"iss": "https://accounts.example"}, None, "issuer"),
    "a longer issuer": ({"iss": "http://127.0.0.1/realms/news/"}, None, "issuer"),
    "for another client": ({"aud": "another"}, None, "audience"),
    "for several, without azp": ({"aud": [CLIENT, "another"]}, None, "audience"),
    "for several, another's azp": ({"aud": [CLIENT, "another"], "azp": "another"}, None, "audience"),
    "no audience": ({"aud": None}, None, "audience"),
    "expired": ({"exp": _now(-3600)}, None, "expired"),
    "no end": ({"exp": None}, None, "time"),
    "an end that is no number": ({"exp": "tomorrow"}, None, "time"),
    "from tomorrow": ({"iat": _now(86_400)}, None, "time"),
    "not yet": ({"nbf": _now(86_400)}, None, "time"),
    "another nonce": ({"nonce": "of another log-in"}, None, "nonce"),
    "no nonce": ({"nonce": None}, None, "nonce"),
    "no subject": ({"sub": None}, None, "subject"),
    "an empty subject": ({"sub": ""}, None, "subject"),
    "a subject that is no text": ({"sub": 248289}, None, "subject"),
    "unsigned": ({}, lambda one, claims: one.unsigned(claims), "algorithm"),
    "HS256 under the public key": ({}, lambda one, claims: one.confused(claims), "algorithm"),
    "HS256 under our secret": (
        {}, lambda one, claims: one.signed(claims, alg="HS256", key=OctKey.import_key(SECRET)), "algorithm",
    ),
    "RS512": ({}, lambda one, claims: one.signed(claims, alg="RS512"), "algorithm"),
    "another key of the same name": ({}, lambda one, claims: one.signed(claims, key=OTHER_KEY), "signature"),
    "its own key in its head": (
        {}, lambda one, claims: one.signed(claims, key=OTHER_KEY, jwk=OTHER_KEY.as_dict(private=False)), "signature",
    ),
    "an algorithm of another key": (
        {}, lambda one, claims: one.signed(claims, alg="ES256", key=ECKey.generate_key("P-256"), kid="first"), "signature",
    ),
    "changed after signing": (
        {}, lambda one, claims: _swapped(one.signed(claims), one.signed({**claims, "sub": "1"})), "signature",
    ),
    "no token": ({}, lambda one, claims: "nonsense", "token"),
}  # fmt: skip


def _swapped(token: str, other: str) -> str:
    head, _body, signature = token.split(".")
    return f"{head}.{other.split('.')[1]}.{signature}"


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_lies_logs_nobody_in(provider: OpenIdProvider, ida: User, lie: str) -> None:
    changes, sign, why = LIES[lie]
    provider.changes = changes
    if sign is not None:
        provider.sign = lambda claims: sign(provider, claims)
    client = Client()
    answer = come(client)
    assert (answer.status_code, f"cannot be trusted ({why})" in answer.content.decode()) == (400, True)
    assert not is_in(client)
    assert not ProviderIdentity.objects.exists()


def test_a_return_counts_once_and_in_the_browser_that_left(provider: OpenIdProvider, ida: User) -> None:
    mine, thief = Client(), Client()
    address = at_provider(leave(mine))
    assert thief.get(address).status_code == 403
    assert not is_in(thief)
    assert mine.get(address).status_code == 302
    replayed = mine.get(address)
    assert replayed.status_code == 403
    assert "finished already" in replayed.content.decode()
    assert len(provider.server.asked("/token")) == 1, "the provider was not asked again"
    state = dict(parse_qsl(urlsplit(address).query))["state"]
    made_up = mine.get(reverse("login-provider-back"), {"code": "x", "state": state[:-1] + "_"})
    assert made_up.status_code == 403


def test_a_code_of_another_log_in_is_refused(provider: OpenIdProvider, ida: User) -> None:
    """The verifier of PKCE ties the code to the browser that left, the nonce ties the token."""
    stolen = dict(parse_qsl(urlsplit(at_provider(leave(Client()))).query))["code"]
    client = Client()
    mine = dict(parse_qsl(urlsplit(leave(client)).query))["state"]
    answer = client.get(reverse("login-provider-back"), {"code": stolen, "state": mine})
    assert "cannot be trusted (code)" in answer.content.decode()
    assert not is_in(client)


def test_the_answer_of_another_provider_is_refused(provider: OpenIdProvider, ida: User) -> None:
    client = Client()
    address = at_provider(leave(client)).replace("realms%2Fnews", "realms%2Fother")
    assert client.get(address).status_code == 400
    provider.discovery = {"issuer": "https://accounts.example"}
    openid.forget()
    assert Client().get(reverse("login-provider")).status_code == 400
    provider.discovery = {"token_endpoint": "http://accounts.example/token"}
    openid.forget()
    assert Client().get(reverse("login-provider")).status_code == 400, "a secret never goes out in the clear"


def test_an_attempt_grows_old(provider: OpenIdProvider, ida: User, monkeypatch: Any) -> None:
    client = Client()
    address = at_provider(leave(client))
    now = time.time()
    monkeypatch.setattr("claims.web.views.provider.time.time", lambda: now + 601)
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("fault", ["fault", "garbage", "malformed", "other_shape", "redirect"])
def test_a_provider_that_is_broken_ends_in_a_sentence(
    provider: OpenIdProvider, ida: User, fault: str
) -> None:
    for path in ("/realms", "/token", "/keys"):
        openid.forget()
        provider.server.faults.clear()
        client = Client()
        address = at_provider(leave(client)) if path != "/realms" else reverse("login-provider")
        provider.server.fault(path, fault, times=None, to="http://127.0.0.1:1/")
        answer = client.get(address)
        assert answer.status_code == 503, path
        assert "Log in with your password" in answer.content.decode()
        assert "CANARY" not in answer.content.decode()


def test_breaking_off_there_is_told(provider: OpenIdProvider, client: Client, db: None) -> None:
    state = dict(parse_qsl(urlsplit(leave(client)).query))["state"]
    answer = client.get(reverse("login-provider-back"), {"state": state, "error": "access_denied"})
    assert answer.status_code == 403
    assert "broken off at News ID" in answer.content.decode()


def test_one_place_comes_back_only_so_often(provider: OpenIdProvider, db: None) -> None:
    told = [
        Client().get(reverse("login-provider-back"), {"state": "x", "code": "y"}).status_code
        for _n in range(31)
    ]
    assert told == [403] * 30 + [429]


# --- who that is on this desk -----------------------------------------------------------------------------------------


def test_nobody_gets_in_by_an_address_that_is_not_verified_or_not_here(
    provider: OpenIdProvider, ida: User
) -> None:
    for changes in (
        {"email_verified": False}, {"email_verified": None}, {"email_verified": "true"},
        {"email": "nobody@desk.example"}, {"email": None},
    ):  # fmt: skip
        provider.changes = changes
        client = Client()
        assert come(client).status_code == 403, changes
        assert not is_in(client)
    assert list(User.objects.values_list("username", flat=True)) == ["ida"]


def test_another_subject_with_the_same_address_is_somebody_else(provider: OpenIdProvider, ida: User) -> None:
    come(Client())
    provider.changes = {"sub": "another tenant's"}
    client = Client()
    answer = come(client)
    assert answer.status_code == 403
    assert "linked to somebody else" in answer.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("who", ["closed", "closed later", "administrator", "machine"])
def test_accounts_that_are_not_opened_by_an_address(provider: OpenIdProvider, ida: User, who: str) -> None:
    if who == "closed later":
        come(Client())
    changes = {"administrator": {"is_superuser": True, "is_staff": True}}.get(who, {"is_active": False})
    if who == "machine":
        profile = people.profile_of(ida)
        profile.is_machine = True
        profile.save()
    else:
        User.objects.filter(pk=ida.pk).update(**changes)
    client = Client()
    assert come(client).status_code == 403
    assert not is_in(client)


def test_somebody_new_is_made_only_where_the_operator_says_so_and_as_a_viewer(
    provider: OpenIdProvider, settings: Any, ida: User, editor: User
) -> None:
    settings.OIDC_NEW_PEOPLE = ["Newsroom.example"]
    provider.changes = {"sub": "7", "email": "pia@elsewhere.example"}
    assert come(Client()).status_code == 403
    provider.changes = {
        "sub": "7",
        "email": "pia@newsroom.example",
        "preferred_username": "Pia!",
        "given_name": "Pia",
    }
    client = Client()
    come(client)
    assert is_in(client)
    made = User.objects.get(email="pia@newsroom.example")
    assert made.username == "Pia2", "the editor pia is another"
    assert people.roles(made) == {"viewer"}
    assert not made.has_usable_password()
    provider.changes |= {"email_verified": False, "sub": "8"}
    assert come(Client()).status_code == 403


@pytest.mark.parametrize(
    ("called", "given"),
    [("Capa", "\u0421\u0430\u0440\u0430"), ("Miller", "Mi||er")],
    ids=["letters", "strokes"],
)
def test_a_name_of_the_provider_that_looks_like_a_colleagues_is_not_taken_over(
    provider: OpenIdProvider, editor: User, settings: Any, called: str, given: str
) -> None:
    """Many providers let everybody write there what they like."""
    settings.OIDC_NEW_PEOPLE = ["newsroom.example"]
    User.objects.filter(pk=editor.pk).update(first_name=called, last_name="")
    provider.changes = {
        "sub": "9", "email": "new@newsroom.example", "given_name": given,
        "preferred_username": "\u0440\u0456\u0430",
    }  # fmt: skip
    come(Client())
    made = User.objects.get(email="new@newsroom.example")
    assert people.display_name(made) == made.username == "\u0440\u0456\u04302"


# --- the second step --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "declared", "asked"),
    [({}, False, True), ({"amr": ["pwd"]}, False, True), ({"amr": "mfa"}, False, True), ({"acr": "1"}, False, True),
     ({"amr": ["pwd", "mfa"]}, False, False), ({"acr": "phrh"}, False, False), ({}, True, False)],
)  # fmt: skip
def test_the_second_step_follows_unless_the_provider_had_one(
    provider: OpenIdProvider, settings: Any, ida: User, changes: dict[str, Any], declared: bool, asked: bool
) -> None:
    secret = factors.begin(ida)
    factors.confirm(ida, factors.code_at(secret, factors.window_now() - 1))
    settings.OIDC_SECOND_STEP_AT_PROVIDER = declared
    provider.changes = changes
    client = Client()
    answer = come(client, next=reverse("board"))
    assert (answer["Location"] == reverse("login-second")) is asked
    assert is_in(client) is not asked
    if asked:
        code = factors.code_at(secret, factors.window_now())
        assert client.post(reverse("login-second"), {"code": code})["Location"] == reverse("board")
        assert is_in(client)


def test_an_editor_without_one_sets_it_up_unless_the_provider_had_one(
    provider: OpenIdProvider, settings: Any, editor: User
) -> None:
    settings.SECOND_STEP_REQUIRED = True
    provider.changes = {"email": editor.email}
    client = Client()
    come(client)
    assert client.get(reverse("board"))["Location"] == reverse("second-step")
    provider.changes |= {"amr": ["mfa"]}
    client = Client()
    come(client)
    assert client.get(reverse("board")).status_code == 200
    client.post(reverse("logout"))
    client.post(reverse("login"), {"username": editor.username, "password": PASSWORD})
    assert "again=1" in client.get(reverse("board"))["Location"], "that counted for that log-in"


# --- the account page -------------------------------------------------------------------------------------------------


def press(client: Client, **fields: str) -> Any:
    return client.post(reverse("provider"), {"password": PASSWORD, "do": "link", **fields})


def test_linking_and_unlinking_on_the_account_page(
    provider: OpenIdProvider, editor: User, reviewer: User, as_user: LogIn
) -> None:
    User.objects.filter(pk=editor.pk).update(is_superuser=True)
    provider.changes = {"email": "private@elsewhere.example", "email_verified": False}
    mine = as_user(editor)
    assert reverse("provider") in mine.get(reverse("account")).content.decode()
    wrong = press(mine, password="wrong")
    assert wrong.status_code == 422
    page = press(mine)
    onward = page.context["onward"]
    assert f'href="{onward.replace("&", "&amp;")}"' in page.content.decode()
    assert mine.get(at_provider(onward))["Location"] == reverse("provider")
    assert "private@elsewhere.example" in mine.get(reverse("provider")).content.decode()
    client = Client()
    come(client)
    assert is_in(client)
    # The same identity at a colleague's account is refused, and changes nothing.
    other = as_user(reviewer)
    refused = other.get(at_provider(press(other).context["onward"]))
    assert refused.status_code == 403
    assert ProviderIdentity.objects.get().person == editor
    assert press(mine, do="unlink")["Location"] == reverse("provider")
    assert not ProviderIdentity.objects.exists()
    assert come(Client()).status_code == 403
    told = AuditEvent.objects.filter(action__startswith="account.provider").order_by("id")
    assert list(told.values_list("action", flat=True)) == [
        "account.provider_linked",
        "account.provider_unlinked",
    ]


def test_a_link_begun_by_one_person_is_not_finished_by_another(
    provider: OpenIdProvider, editor: User, reviewer: User, as_user: LogIn
) -> None:
    client = as_user(editor)
    address = at_provider(press(client).context["onward"])
    client.post(reverse("logout"))
    client.post(reverse("login"), {"username": reviewer.username, "password": PASSWORD})
    assert client.get(address).status_code == 403
    assert not ProviderIdentity.objects.exists()


def test_wrong_passwords_lock_here_as_at_the_log_in(
    provider: OpenIdProvider, editor: User, as_user: LogIn
) -> None:
    mine = as_user(editor)
    told = [press(mine, password=f"guess {number}").status_code for number in range(6)]
    assert told[-1] == 429
    assert press(mine).status_code == 429


def test_who_has_no_password_stays_linked(provider: OpenIdProvider, ida: User) -> None:
    client = Client()
    come(client)
    assert press(client, do="unlink").status_code == 422
    assert ProviderIdentity.objects.exists()


# --- setting it up ----------------------------------------------------------------------------------------------------


def test_without_settings_nothing_shows(client: Client, reviewer: User, as_user: LogIn) -> None:
    assert reverse("login-provider") not in client.get(reverse("login")).content.decode()
    for name in ("login-provider", "login-provider-back"):
        assert client.get(reverse(name)).status_code == 404
    assert as_user(reviewer).get(reverse("provider")).status_code == 404


def test_the_master_switch_holds_for_a_provider_outside(settings: Any, provider: OpenIdProvider) -> None:
    settings.FACTCHECK_TRUSTED_ORIGINS = {}
    assert not openid.configured()
    settings.FACTCHECK_OUTSIDE = True
    assert openid.configured()


@pytest.mark.parametrize(
    ("values", "said"),
    [({"OIDC_ISSUER": "https://id.example"}, "OIDC_CLIENT_ID and OIDC_CLIENT_SECRET missing"),
     ({"OIDC_ISSUER": "ldap://id.example", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y"}, "https://")],
)  # fmt: skip
def test_set_up_by_half_the_desk_does_not_start(values: dict[str, str], said: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import factcheck.settings"], env={**os.environ, "FACTCHECK_VAR": str(tmp_path), **values},
        cwd=Path(__file__).resolve().parents[2], capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert said in done.stderr
