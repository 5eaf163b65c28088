"""Passwords: links that tell nobody anything, what a new password ends, and how an invited person comes in."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.domain import desk, passwords, people, tokens
from claims.exceptions import Conflict, InvalidInput
from claims.models import ApiToken, AuditEvent, DeskSession, OutboxMessage
from tests.mails import link_mailed, send_mails

LogIn = Callable[[User], Client]
PASSWORD, NEW = "correct horse battery staple", "a new and rather long one"
BOTH = {"new_password1": NEW, "new_password2": NEW}


def ask(client: Client, email: str, **extra: Any) -> Any:
    return client.post(reverse("password_reset"), {"email": email}, **extra)


def reset_link(person: User) -> str:
    ask(Client(), person.email)
    return link_mailed("/password/new/")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Move the clock by which links grow old."""

    def move(by: timedelta) -> None:
        monkeypatch.setattr(passwords.Links, "_now", lambda self: datetime.now() + by)

    return move


# --- asking for a link ------------------------------------------------------------------------------------------------


def test_a_known_and_an_unknown_address_get_the_same_answer_for_the_same_work(reviewer: User) -> None:
    def told(email: str) -> tuple[int, str, list[str]]:
        client = Client()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = ask(client, email)
        work = [
            re.sub(r"'[^']*'|[0-9.]+(e[+-][0-9]+)?", "?", query["sql"].replace(email, "?"))
            for query in queries
        ]
        return answer.status_code, answer["Location"], work

    told("warm@desk.example")  # the bucket of this place is made by the first
    known, unknown = told(reviewer.email), told("nobody@desk.example")
    assert known == unknown
    assert not [line for line in known[2] if "auth_user" in line], "the request looks nobody up"
    assert mail.outbox == [], "nothing is mailed in the request"
    send_mails()
    assert [sent.to for sent in mail.outbox] == [[reviewer.email]]


def test_what_was_typed_is_forgotten_and_no_link_is_kept(reviewer: User) -> None:
    ask(Client(), "not-of-this-desk@example.org")
    token = reset_link(reviewer).rstrip("/").rpartition("/")[2]
    kept = str(list(OutboxMessage.objects.values()))
    assert "not-of-this-desk" not in kept
    assert token not in kept
    client = Client()
    client.get(f"/password/new/{passwords.urlsafe_base64_encode(str(reviewer.pk).encode())}/{token}/")
    for row in DeskSession.objects.all():  # Django's own page would have put it here
        packed = row.session_data.split(":")[0].lstrip(".")
        raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        assert token not in json.dumps(
            (zlib.decompress(raw) if row.session_data.startswith(".") else raw).decode()
        )


def test_three_links_an_hour_go_to_one_mailbox_from_wherever(reviewer: User) -> None:
    for n in range(6):
        answer = ask(Client(REMOTE_ADDR=f"192.0.2.{n}"), reviewer.email.upper() if n % 2 else reviewer.email)
        assert answer["Location"] == reverse("password_reset_done"), "the same words"
    send_mails()
    assert len(mail.outbox) == 3


def test_one_place_asks_for_ten_links_for_whomever(db: None) -> None:
    told = [ask(Client(REMOTE_ADDR=f"2001:db8:1:2::{n:x}"), f"x{n}@example.org") for n in range(11)]
    assert [answer.status_code for answer in told] == [302] * 10 + [429]
    assert "Wait some minutes" in told[-1].content.decode()
    assert told[-1]["Retry-After"]
    assert ask(Client(REMOTE_ADDR="2001:db8:1:3::1"), "x@example.org").status_code == 302


# --- a link -----------------------------------------------------------------------------------------------------------


def test_a_link_counts_once_and_leaves_the_address(reviewer: User, client: Client) -> None:
    link = reset_link(reviewer)
    page = client.get(link, follow=True)
    token = link.rstrip("/").rpartition("/")[2]
    assert token not in page.request["PATH_INFO"]
    assert token not in page.content.decode()
    assert client.post(page.request["PATH_INFO"], {**BOTH, "new_password2": "another"}).status_code == 422
    done = client.post(page.request["PATH_INFO"], BOTH)
    assert done["Location"] == reverse("password_reset_complete")
    assert not Client().get(link, follow=True).context["validlink"]
    reviewer.refresh_from_db()
    assert reviewer.check_password(NEW)
    with pytest.raises(Conflict):
        passwords.reset(reviewer, token, "yet another long one")


@pytest.mark.parametrize("end", ["old", "log-in", "closed", "other"])
def test_a_link_ends_by_itself(
    end: str, reviewer: User, second_reader: User, later: Callable[[timedelta], None], as_user: LogIn
) -> None:
    link = reset_link(reviewer)
    if end == "old":
        later(timedelta(hours=2, minutes=1))
    elif end == "log-in":
        as_user(reviewer)
    elif end == "closed":
        User.objects.filter(pk=reviewer.pk).update(is_active=False)
    else:
        uid = [passwords.urlsafe_base64_encode(str(one.pk).encode()) for one in (reviewer, second_reader)]
        link = link.replace(f"/{uid[0]}/", f"/{uid[1]}/")
    assert not Client().get(link, follow=True).context["validlink"]


def test_a_link_opens_a_name_that_was_locked(reviewer: User) -> None:
    client = Client()
    for _try in range(6):
        locked = client.post(reverse("login"), {"username": reviewer.username, "password": "wrong"})
    assert locked.status_code == 429
    page = client.get(reset_link(reviewer), follow=True)
    client.post(page.request["PATH_INFO"], BOTH)
    came = client.post(reverse("login"), {"username": reviewer.username, "password": NEW})
    assert came.status_code == 302


# --- what a new password ends -----------------------------------------------------------------------------------------


def test_after_a_link_every_log_in_and_every_key_has_ended(reviewer: User, as_user: LogIn) -> None:
    elsewhere = as_user(reviewer)
    link = reset_link(reviewer)
    _token, secret = tokens.create(reviewer, "script")
    client = Client()
    page = client.get(link, follow=True)
    assert "keys to the API are revoked" in page.content.decode()
    client.post(page.request["PATH_INFO"], BOTH)
    assert elsewhere.get(reverse("my-work")).status_code == 302
    assert tokens.find(secret) is None
    assert not DeskSession.objects.filter(person=reviewer).exists()
    event = AuditEvent.objects.get(action="account.password")
    assert event.data == {"person": reviewer.pk, "how": "link", "keys_revoked": 1}
    send_mails()
    assert mail.outbox[-1].subject == "Your password was changed"


@pytest.mark.parametrize("revoke", [True, False])
def test_a_changed_password_ends_the_other_log_ins_and_the_keys_unless_they_shall_stay(
    reviewer: User, as_user: LogIn, revoke: bool
) -> None:
    elsewhere, mine = as_user(reviewer), as_user(reviewer)
    _token, secret = tokens.create(reviewer, "script")
    page = mine.get(reverse("password_change")).content.decode()
    assert re.search(r'<input[^>]*name="revoke_keys"[^>]*checked', page), "on by default"
    ticked = {"revoke_keys": "on"} if revoke else {}
    mine.post(reverse("password_change"), {"old_password": PASSWORD, **BOTH, **ticked})
    assert elsewhere.get(reverse("my-work")).status_code == 302
    assert mine.get(reverse("my-work")).status_code == 200
    assert DeskSession.objects.filter(person=reviewer).count() == 1
    assert (tokens.find(secret) is None) is revoke


def test_each_password_that_is_missing_is_named(reviewer: User, as_user: LogIn) -> None:
    answer = as_user(reviewer).post(reverse("password_change"), {})
    page = answer.content.decode()
    summary = page.split('id="error-summary"')[1].split("</div>")[0]
    assert re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary) == [
        ("id_old_password", "Enter your present password."),
        ("id_new_password1", "Enter a new password."),
        ("id_new_password2", "Enter the new password once more."),
    ]


def test_who_has_no_keys_is_asked_nothing_about_them(reviewer: User, as_user: LogIn) -> None:
    assert "revoke_keys" not in as_user(reviewer).get(reverse("password_change")).content.decode()


# --- an invitation ----------------------------------------------------------------------------------------------------


@pytest.fixture
def invited(editor: User) -> tuple[User, str]:
    person = desk.add_person(
        actor=editor, username="ida", first_name="Ida", email="ida@desk.example", role="reviewer"
    )
    return person, link_mailed("/invitation/")


def join(client: Client, link: str, **fields: str) -> Any:
    page = client.get(link, follow=True)
    form = {"username": "ida.b", "first_name": "Ida", "last_name": "Berg", "password": NEW, "again": NEW}
    return client.post(page.request["PATH_INFO"], form | fields)


def test_an_invited_person_chooses_how_they_are_called(invited: tuple[User, str], client: Client) -> None:
    person, link = invited
    assert 'value="ida"' in client.get(link, follow=True).content.decode()
    assert join(client, link).status_code == 302
    person.refresh_from_db()
    assert (person.username, people.display_name(person)) == ("ida.b", "Ida Berg")
    assert client.post(reverse("login"), {"username": "ida.b", "password": NEW}).status_code == 302
    event = AuditEvent.objects.get(action="person.joined")
    assert (event.actor_name, event.data["invited_as"], event.data["user_name"]) == (
        "Ida Berg",
        "ida",
        "ida.b",
    )
    assert not Client().get(link, follow=True).context["validlink"], "it counts once"


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"username": "PIA"}, "username"), ({"username": "pia@desk.example"}, "username"), ({"username": "a b"}, "username"),
     ({"username": ""}, "username"), ({"password": "short", "again": "short"}, "password"),
     ({"password": "idaberg-berg", "again": "idaberg-berg", "username": "idaberg-berg"}, "password"),
     ({"again": "not the same"}, "again"), ({"username": "\u0440ia"}, "username"), ({"username": "\uff30ia"}, "username"),
     ({"username": "\u0440\u0456\u0430"}, "username"), ({"first_name": "N\u0430mes"}, "first_name"),
     ({"first_name": "P\u0456a"}, "first_name"), ({"first_name": "NAMES\u200b OF\u202e"}, "last_name")],
)  # fmt: skip
def test_what_makes_no_sense_brings_the_invitation_back(
    invited: tuple[User, str], client: Client, fields: dict[str, str], field: str
) -> None:
    person, link = invited
    User.objects.filter(username="pia").update(first_name="Names of", last_name="Berg")
    page = join(client, link, **fields)
    assert page.status_code == 422
    assert f'href="#id_{field}"' in page.content.decode()
    assert 'value="Berg"' in page.content.decode(), "what was typed is kept"
    person.refresh_from_db()
    assert person.username == "ida"
    assert not person.has_usable_password()


@pytest.mark.parametrize("first", ["\u0421\u0430\u0440\u0430", "\u0421\u0410\u0420\u0410", "The desk"])
def test_nobody_is_called_as_a_colleague_or_the_desk_looks(
    invited: tuple[User, str], client: Client, first: str
) -> None:
    """Wholly Cyrillic, so that no word mixes alphabets."""
    User.objects.filter(username="pia").update(first_name="Capa", last_name="")
    page = join(client, invited[1], first_name=first, last_name="")
    assert page.status_code == 422
    assert "looks the same" in page.content.decode()
    assert join(client, invited[1], first_name=first, last_name="Berg").status_code == 302


@pytest.mark.parametrize("first", ["Mi||er", "Mi\u2223\u2223er", "Mi\u05c0\u05c0er", "Mi!!er", "Mil\u23d0er"])
def test_nobody_writes_a_colleagues_name_with_strokes(
    invited: tuple[User, str], client: Client, first: str
) -> None:
    User.objects.filter(username="pia").update(first_name="Miller", last_name="")
    page = join(client, invited[1], first_name=first, last_name="")
    assert page.status_code == 422
    assert "can be taken for a letter" in page.content.decode()
    others = {"first_name": "D’Ann-Li N.", "last_name": "O'Neil (Jr.)"}
    assert join(client, invited[1], **others).status_code == 302


def test_a_chosen_name_is_one_line_of_what_can_be_seen(invited: tuple[User, str], client: Client) -> None:
    """Mails begin with it and reports print it."""
    person, link = invited
    chosen = {
        "username": "\uff49da.b",
        "first_name": "Ida\r\nBcc: all",
        "last_name": "\u202eB\u00adelt\u200c\u067e\u2028",
    }
    assert join(client, link, **chosen).status_code == 302
    person.refresh_from_db()
    assert (person.username, person.first_name) == ("ida.b", "Ida Bcc: all")
    assert person.last_name == "Belt\u200c\u067e"
    assert Client().post(reverse("login"), {"username": "ida.b", "password": NEW}).status_code == 302
    assert people.display_name(person) in send_mails_and_read()


def send_mails_and_read() -> str:
    passwords.ask_for_link("ida@desk.example", "198.51.100.9")
    send_mails()
    return str(mail.outbox[-1].body)


def test_a_name_that_an_editor_gave_stays_though_a_colleague_has_it(
    invited: tuple[User, str], reviewer: User, client: Client
) -> None:
    User.objects.filter(pk=reviewer.pk).update(first_name="Ida", last_name="")
    assert join(client, invited[1], last_name="").status_code == 302


def test_two_who_join_under_one_name_at_once(
    invited: tuple[User, str], reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second asked whether it was free before the first had it."""
    monkeypatch.setattr(passwords, "check_username", lambda *args, **more: None)
    token = passwords.invitation_links.make_token(invited[0])
    with pytest.raises(InvalidInput) as refused:
        passwords.join(invited[0], token, NEW, username=reviewer.username)
    assert refused.value.field == "username"


def test_who_lost_the_invitation_asks_for_it_as_for_a_forgotten_password(invited: tuple[User, str]) -> None:
    ask(Client(), "ida@desk.example")
    mail.outbox.clear()
    assert "/invitation/" in link_mailed("/invitation/")


def test_an_invitation_holds_for_a_week_and_sets_no_password_of_somebody_here(
    invited: tuple[User, str], reviewer: User, later: Callable[[timedelta], None]
) -> None:
    _person, link = invited
    uid = passwords.urlsafe_base64_encode(str(reviewer.pk).encode())
    foreign = reverse("invitation", args=[uid, passwords.invitation_links.make_token(reviewer)])
    assert not Client().get(foreign, follow=True).context["validlink"], "who is here already has joined"
    later(timedelta(days=6))
    assert Client().get(link, follow=True).context["validlink"]
    later(timedelta(days=8))
    assert not Client().get(link, follow=True).context["validlink"]


def test_a_machine_that_was_revoked_stays_revoked(reviewer: User) -> None:
    token, _secret = tokens.create(reviewer, "script")
    tokens.revoke(token, actor=reviewer)
    before = ApiToken.objects.get().revoked_at
    assert tokens.revoke_all(reviewer) == 0
    assert ApiToken.objects.get().revoked_at == before
