"""Proving oneself again before doors are opened: for what, by what, and that nothing of what was typed is lost."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.domain import factors, passkeys, tokens
from claims.domain.passkeys import Purpose
from claims.models import ApiToken, AuditEvent, Claim, DeskSettings, Passkey, Profile, Report
from claims.models.access import SessionStore
from claims.workflow import permits
from tests.architecture.test_addresses import ROUTES, address_of
from tests.softkey import SoftKey

LogIn = Callable[[User], Client]
PASSWORD = "correct horse battery staple"
ASKS = "Is it you?"
PATTERNS = {name: pattern for name, _route, pattern in ROUTES}
# Verbs that open or close doors, or loosen a gate for everybody: whichever page calls one asks for a proof.
DOORS = {
    "tokens.create", "desk.set_role", "desk.set_active", "desk.add_person", "desk.save_settings", "factors.switch_off",
    "factors.new_codes", "factors.confirm", "passkeys.add", "passkeys.remove", "passkeys.begin_adding", "scales.save", "lists.save",
    "lists.set_in_use", "webhooks.add", "webhooks.change", "webhooks.new_secret", "webhooks.set_stopped", "identities.link", "identities.unlink",
    "passwords.change", "passwords.join", "passwords.reset",
}  # fmt: skip
# These ask for the present password each time by themselves, or stand behind a link by mail.
ASK_THEMSELVES = {
    "provider",
    "password_change",
    "password_reset_confirm",
    "login-provider-back",
    "invitation",
}


def stale(client: Client) -> Client:
    """The same log-in, half an hour later."""
    session = client.session
    session["proven_at"] = session["proven_at"] - 1800
    session.save()
    return client


def asked(answer: Any) -> bool:
    return answer.status_code in {403, 422} and ASKS in answer.content.decode()


# --- for what ---------------------------------------------------------------------------------------------------------


def test_every_row_names_an_address() -> None:
    ours = {name for name in permits.PROVEN if not name.startswith("admin:")}
    assert ours <= set(PATTERNS)


def _calls(view: Any) -> Iterator[str]:
    """Verbs that a view calls, itself or by a helper of its own module."""
    function = inspect.unwrap(getattr(view, "view_class", None) or view)
    module = inspect.getmodule(function)
    seen, todo = set(), [function]
    while todo:
        one = todo.pop()
        if one in seen or not (inspect.isfunction(one) or inspect.isclass(one)):
            continue
        seen.add(one)
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(one)))):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                yield name
                helper = getattr(module, name, None)
                if inspect.getmodule(helper) is module:
                    todo.append(helper)


def test_no_page_opens_a_door_without_a_row() -> None:
    found = {
        name: calls
        for name, pattern in PATTERNS.items()
        if not name.startswith("api-") and (calls := DOORS & set(_calls(pattern.callback)))
    }
    assert len(found) > 10, "the search finds what it is for"
    assert set(found) - set(permits.PROVEN) - ASK_THEMSELVES == set()


@pytest.mark.django_db
def test_each_row_is_asked_for_and_no_other(
    claim_in: Callable[..., Claim], editor: User, as_user: LogIn
) -> None:
    report = Report.objects.get(claim=claim_in("published"))
    old, wrong = stale(as_user(editor)), {}
    before = AuditEvent.objects.count()
    for name, pattern in sorted(PATTERNS.items(), key=lambda item: item[0] not in permits.PROVEN):
        if not name.startswith("api-") and name not in {"logout", "session-end"}:
            answer = old.post(address_of(name, pattern, report), {"x": "1", "do": "close"})
            if asked(answer) != permits.needs_proof(name, "POST"):
                wrong[name] = answer.status_code
            if permits.needs_proof(name, "POST"):
                assert AuditEvent.objects.count() == before, name
            looked = asked(old.get(address_of(name, pattern, report)))
            assert looked == permits.needs_proof(name, "GET"), name
    assert wrong == {}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name in permits.PROVEN if name.startswith("api-")))
def test_the_api_asks_a_log_in_and_no_key(
    name: str, claim_in: Callable[..., Claim], editor: User, as_user: LogIn
) -> None:
    report = Report.objects.get(claim=claim_in("published"))
    address, method = address_of(name, PATTERNS[name], report), next(iter(permits.PROVEN[name]))
    _token, key = tokens.create(editor, "program", scope=ApiToken.Scope.PUBLISH)

    def ask(client: Client, **headers: str) -> str:
        answer = client.generic(method, address, b"{}", content_type="application/json", **headers)  # type: ignore[arg-type]  # headers, not the parameters it knows
        return str(answer.json().get("type", ""))

    assert ask(stale(as_user(editor))) == "proof"
    assert ask(as_user(editor)) != "proof"
    assert ask(stale(as_user(editor)), HTTP_AUTHORIZATION=f"Bearer {key}") != "proof"


@pytest.mark.django_db
@pytest.mark.parametrize("after", ["\xa0x", "\x85x", "\x1fx", "\xa0", ",x", "\x0bx"])
def test_a_header_that_only_looks_like_a_key_is_none(after: str, editor: User, as_user: LogIn) -> None:
    """Python parts words at a no-break space, the API did not: the doors saw a key where the log-in was what counted."""
    answer = stale(as_user(editor)).post(
        reverse("api-webhook-list"), {}, "application/json", HTTP_AUTHORIZATION=f"Bearer{after}"
    )
    assert (answer.status_code, answer.json()["type"]) == (403, "proof")


@pytest.mark.django_db
def test_the_secret_of_an_app_is_shown_only_after_a_proof(editor: User, as_user: LogIn) -> None:
    client, address = stale(as_user(editor)), reverse("second-step")
    secret = factors.begin(editor)
    page = client.get(address)
    assert asked(page)
    assert secret[:4] not in page.content.decode()
    shown = client.post(address, {"proof-password": PASSWORD})
    assert shown.status_code == 200
    assert secret[:4] in shown.content.decode()


@pytest.mark.django_db
def test_the_administration_asks_too_and_keeps_what_was_chosen(as_user: LogIn, reviewer: User) -> None:
    chief = User.objects.create_superuser("chief", "chief@desk.example", PASSWORD)
    DeskSettings.objects.update_or_create(pk=1, defaults={"blind_second_rating": True})
    profile, _made = Profile.objects.get_or_create(person=reviewer)
    old = stale(as_user(chief))
    for table, pk in (("desksettings", 1), ("profile", profile.pk)):
        address = reverse(f"admin:claims_{table}_change", args=[pk])
        assert old.get(address).status_code == 200
        assert asked(old.post(address, {}))
    fields = {"name": "Desk of the north", "language": "en", "due_days": "4"}
    address = reverse("admin:claims_desksettings_change", args=[1])
    page = old.post(address, fields)
    assert asked(page)
    assert DeskSettings.objects.get().blind_second_rating
    done = old.post(address, {**hidden(page), "proof-password": PASSWORD})
    assert done.status_code == 302
    assert not DeskSettings.objects.get().blind_second_rating
    assert DeskSettings.objects.get().name == "Desk of the north"
    assert not asked(as_user(reviewer).post(address, fields)), "nobody else learns that there is such a page"


# --- by what ----------------------------------------------------------------------------------------------------------


def hidden(page: Any) -> dict[str, str]:
    """What travels along in the page that asks."""
    text = page.content.decode().split('<form method="post" class="panel stack" novalidate>')[1]
    pairs = [part.split('"')[::2][:2] for part in text.split('<input type="hidden" name="')[1:]]
    return {unescape(name): unescape(value) for name, value in pairs if name != "csrfmiddlewaretoken"}


def test_an_invitation_waits_for_the_password_and_goes_out_as_it_was_typed(
    editor: User, as_user: LogIn
) -> None:
    client, address = stale(as_user(editor)), reverse("people")
    typed = {"username": "o.new", "first_name": 'O"Neil <b>', "last_name": "", "email": "o@desk.example", "role": "viewer"}  # fmt: skip
    page = client.post(address, typed)
    assert asked(page)
    assert page["Cache-Control"] == "no-store"
    kept = hidden(page)
    assert {name: kept[name] for name in typed} == typed
    wrong = client.post(address, {**kept, "proof-password": "not it"})
    assert wrong.status_code == 422
    assert hidden(wrong) == kept
    assert not User.objects.filter(username="o.new").exists()
    assert client.post(address, {**kept, "proof-password": PASSWORD})["Location"] == address
    assert User.objects.get(username="o.new").first_name == 'O"Neil <b>'
    assert not asked(client.post(address, typed)), "proved for a quarter of an hour"


def test_five_wrong_passwords_lock_as_at_the_log_in(editor: User, as_user: LogIn) -> None:
    client, address = stale(as_user(editor)), reverse("recovery-codes")
    told = [client.post(address, {"proof-password": "wrong"}).status_code for _n in range(6)]
    assert told[:4] == [422] * 4
    assert told[-1] == 429
    assert client.post(address, {"proof-password": PASSWORD}).status_code == 429


@pytest.mark.parametrize(
    ("name", "field"), [("recovery-codes", "proof-password"), ("password_change", "old_password")]
)
def test_a_log_in_that_was_taken_over_does_not_guess_from_many_addresses(
    name: str, field: str, editor: User, as_user: LogIn
) -> None:
    client, address = stale(as_user(editor)), reverse(name)
    for place in range(10):
        answer = client.post(address, {field: "wrong"}, REMOTE_ADDR=f"198.51.100.{place}")
        assert answer.status_code == 422
    typed = {field: PASSWORD, "new_password1": "seven quiet lamps", "new_password2": "seven quiet lamps"}
    answer = client.post(address, typed, REMOTE_ADDR="198.51.100.99")
    assert answer.status_code == 422
    assert "Too many wrong passwords" in answer.content.decode()
    editor.refresh_from_db()
    assert editor.check_password(PASSWORD)


@pytest.mark.parametrize("name", ["recovery-codes", "password_change"])
def test_five_wrong_ones_lock_wherever_they_are_typed(name: str, editor: User, as_user: LogIn) -> None:
    client = stale(as_user(editor))
    told = [
        client.post(reverse(name), {"proof-password": "wrong", "old_password": "wrong"}).status_code
        for _n in range(6)
    ]
    assert told[:4] == [422] * 4
    assert told[-1] == 429


@pytest.mark.parametrize("whose", ["own", "other"])
def test_a_passkey_proves_its_owner(
    whose: str, settings: Any, editor: User, reviewer: User, as_user: LogIn
) -> None:
    settings.SITE_URL = "https://desk.example.org"
    key = SoftKey("https://desk.example.org", "desk.example.org")
    owner = editor if whose == "own" else reviewer
    passkeys.add(owner, "phone", key.made(passkeys.begin_adding(owner, "s" * 64)), "s" * 64)
    client = stale(as_user(editor))
    question = client.post(reverse("proof-begin")).json()
    answer = client.post(reverse("recovery-codes"), {"proof-passkey": key.signed(question)})
    assert (answer.status_code == 200) == (whose == "own")
    again = stale(client).post(reverse("recovery-codes"), {"proof-passkey": key.signed(question)})
    assert asked(again), "the same answer a second time"


def test_a_passkey_signed_for_the_log_in_proves_nothing_here(
    settings: Any, editor: User, as_user: LogIn
) -> None:
    settings.SITE_URL = "https://desk.example.org"
    key = SoftKey("https://desk.example.org", "desk.example.org")
    passkeys.add(editor, "phone", key.made(passkeys.begin_adding(editor, "s" * 64)), "s" * 64)
    client = stale(as_user(editor))
    here = SessionStore.row_key(client.cookies["sessionid"].value)
    answer = key.signed(passkeys.begin_using(Purpose.SECOND, here, editor))
    assert asked(client.post(reverse("recovery-codes"), {"proof-passkey": answer}))


def test_who_has_no_password_here_types_a_code_or_logs_in_again(reviewer: User, as_user: LogIn) -> None:
    reviewer.set_unusable_password()
    reviewer.save()
    client = stale(as_user(reviewer))
    page = client.post(reverse("token-new"), {"name": "script", "scope": "read", "days": "9"})
    assert asked(page)
    assert "Log in once more" in page.content.decode()
    assert client.post(reverse("token-new"), {"name": "x", "proof-password": ""}).status_code == 422
    secret = factors.begin(reviewer)
    factors.confirm(reviewer, factors.code_at(secret, factors.window_now() - 1))
    client = stale(as_user(reviewer))
    kept = hidden(client.post(reverse("token-new"), {"name": "script", "scope": "read", "days": "9"}))
    code = factors.code_at(secret, factors.window_now())
    made = client.post(reverse("token-new"), {**kept, "proof-code": code})
    assert "plb_" in made.content.decode()
    assert ApiToken.objects.get().name == "script"


def test_one_can_prove_oneself_ahead(editor: User, as_user: LogIn) -> None:
    client = stale(as_user(editor))
    address = reverse("proof")
    assert client.get(address + "?next=/desk/people/").status_code == 200
    assert asked(client.post(address, {"next": "/desk/people/"}))
    done = client.post(address, {"next": "/desk/people/", "proof-password": PASSWORD})
    assert done["Location"] == "/desk/people/"
    assert client.post(reverse("recovery-codes")).status_code == 200
    away = client.post(address, {"next": "//evil.example", "proof-password": PASSWORD})
    assert away["Location"] == reverse("account")
    # What is typed there names an address, and no view of ours: one that there is none of broke off.
    plain = client.post(address, {"next": "people", "proof-password": PASSWORD})
    assert (plain.status_code, plain["Location"]) == (302, "people")


def test_the_log_in_itself_is_a_proof_and_the_desk_says_for_how_long(
    settings: Any, editor: User, as_user: LogIn
) -> None:
    client = as_user(editor)
    assert client.post(reverse("recovery-codes")).status_code == 200
    settings.PROOF_MINUTES = 0
    assert asked(client.post(reverse("recovery-codes")))
    session = client.session
    session["proven_at"] += 3600  # a clock that was set back proves nothing for ever
    session.save()
    settings.PROOF_MINUTES = 15
    assert asked(client.post(reverse("recovery-codes")))
    assert not Passkey.objects.exists()
