"""Passwords tried by the hundred: few are looked at, nobody is told which names exist, and owners still get in.

The full size, over HTTP with real hashing and times, is ``python -m benchmarks.log_in_attack``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.domain import factors
from claims.web import known_browsers
from tests import factories
from tests.mails import link_mailed

LogIn = Callable[[User], Client]
PASSWORD, NEW = "correct horse battery staple", "a new and rather long one"


def enter(client: Client, name: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(reverse("login"), {"username": name, "password": password}, **extra)


def elsewhere(n: int) -> Client:
    """A browser that nobody knows, at an address of its own."""
    return Client(REMOTE_ADDR=f"198.51.{n // 250}.{n % 250}")


def attack(name: str, tries: int = 40) -> list[int]:
    """Wrong tries with one name, each from another address."""
    return [enter(elsewhere(n), name, f"guess {n}").status_code for n in range(tries)]


def test_of_many_tries_from_many_addresses_five_a_minute_are_looked_at(
    reviewer: User, clock: Callable[[float], None]
) -> None:
    assert attack(reviewer.username) == [422] * 5 + [429] * 35
    refused = enter(elsewhere(99), reviewer.username.upper(), "guess")
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert "Wait a minute" in refused.content.decode()
    assert reverse("password_reset") in refused.content.decode()
    assert enter(elsewhere(100), reviewer.email).status_code == 422, (
        "the address is the same account: not even the right password is looked at, and nobody is told why"
    )
    clock(60)
    assert attack(reviewer.username, 10).count(422) == 1


def test_the_owner_gets_in_meanwhile_from_a_browser_that_is_known_or_by_a_link(
    reviewer: User, second_reader: User, clock: Callable[[float], None]
) -> None:
    mine = Client()
    enter(mine, reviewer.username)
    mine.post(reverse("logout"))
    assert attack(reviewer.username)[-1] == 429
    assert enter(Client(), reviewer.username).status_code == 429, "a new browser waits with the others"
    assert enter(mine, reviewer.username).status_code == 302
    assert enter(elsewhere(7), second_reader.username).status_code == 302, "colleagues are not affected"
    fresh = Client(REMOTE_ADDR="192.0.2.9")
    fresh.post(reverse("password_reset"), {"email": reviewer.email})
    page = fresh.get(link_mailed("/password/new/"), follow=True)
    fresh.post(page.request["PATH_INFO"], {"new_password1": NEW, "new_password2": NEW})
    assert enter(fresh, reviewer.username, NEW).status_code == 302
    mine.post(reverse("logout"))
    assert enter(mine, reviewer.username, NEW).status_code == 429, "the mark went with the old password"


def test_a_mark_is_for_its_owner_and_cannot_be_made(reviewer: User, second_reader: User) -> None:
    thief = Client()
    enter(thief, second_reader.username)
    thief.post(reverse("logout"))
    cookie = thief.cookies[known_browsers.COOKIE]
    assert cookie["path"] == reverse("login")
    assert cookie["httponly"]
    attack(reviewer.username)
    assert enter(thief, reviewer.username, "guess").status_code == 429
    thief.cookies[known_browsers.COOKIE] = cookie.value.replace(f"{second_reader.pk}.", f"{reviewer.pk}.", 1)
    assert enter(thief, reviewer.username, "guess").status_code == 429
    for nonsense in ("x", "..", "1.2.3|" * 400, f"{reviewer.pk}.é.é"):
        thief.cookies[known_browsers.COOKIE] = nonsense
        assert enter(thief, reviewer.username, "guess").status_code == 429


def test_a_known_browser_has_few_tries_too(reviewer: User) -> None:
    mine = Client()
    enter(mine, reviewer.username)
    mine.post(reverse("logout"))
    mark = mine.cookies[known_browsers.COOKIE].value
    told = []
    for n in range(12):
        carried = elsewhere(n)
        carried.cookies[known_browsers.COOKIE] = mark
        told.append(enter(carried, reviewer.username, f"guess {n}").status_code)
    assert told == [422] * 5 + [429] * 7


def test_people_who_share_a_browser_are_both_known(reviewer: User, second_reader: User) -> None:
    shared = Client()
    for person in (reviewer, second_reader):
        enter(shared, person.username)
        shared.post(reverse("logout"))
    for person in (reviewer, second_reader):
        attack(person.username, 8)
        assert enter(shared, person.username).status_code == 302
        shared.post(reverse("logout"))


def test_one_password_over_many_names_is_stopped_and_right_ones_cost_nothing(
    db: None, clock: Callable[[float], None]
) -> None:
    people = [factories.person(f"p{n}", "viewer") for n in range(3)]
    told = [enter(Client(), f"name{n}", "Summer2026!").status_code for n in range(70)]
    assert told == [422] * 60 + [429] * 10
    assert enter(Client(), people[0].username).status_code == 429
    clock(2)
    for person in people:
        assert enter(Client(), person.username).status_code == 302, "the right pair gives its try back"


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were hashed, each costly by design: who takes longer for one name tells that it exists."""
    passwords: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        passwords.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return passwords


def test_neither_words_nor_work_tell_whether_a_name_exists(
    reviewer: User, hashed: list[str], clock: Callable[[float], None]
) -> None:
    invited = factories.person("invited.person", "viewer")
    invited.set_unusable_password()
    invited.save()
    closed = factories.person("closed.person", "viewer")
    User.objects.filter(pk=closed.pk).update(is_active=False)

    def told(name: str, password: str = "wrong") -> list[Any]:
        all_of_it: list[Any] = []
        for n in range(8):
            hashed.clear()
            with CaptureQueriesContext(connection) as queries:
                answer = enter(elsewhere(n), name, password)
            words = answer.content.decode().replace(name, "NAME").partition("<main")[2].partition("csrf")[0]
            work = [
                re.sub(r"'[^']*'|[0-9.]+(e[+-][0-9]+)?", "?", query["sql"].replace(name, "?"))
                for query in queries
            ]
            all_of_it.append((answer.status_code, words, len(hashed), work))
        return all_of_it

    told("somebody")  # what is made once is made
    unknown = told("nobody-here")
    assert unknown[0][2] == 1
    assert [status for status, *_rest in unknown] == [422] * 5 + [429] * 3
    for name in (reviewer.username, invited.username, closed.username):
        assert told(name) == unknown, name


def test_no_lock_and_no_wait_tells_which_address_and_which_name_are_one(
    reviewer: User, hashed: list[str]
) -> None:
    """What is closed for one spelling must not be closed for another, or the two are known to be one account."""
    told("somebody", "some.body@desk.example", hashed)  # what is made once is made
    unknown = told("nobody", "no.body@desk.example", hashed)
    assert any("so it is closed from where you are" in words for _status, words, *_rest in unknown)
    assert told(reviewer.username, reviewer.email, hashed) == unknown


def told(name: str, mail: str, hashed: list[str]) -> list[Any]:
    """Answer and work of a series of tries by one who wants to know whether name and address belong together."""
    answers: list[Any] = []
    one_place, others = Client(REMOTE_ADDR="192.0.2.44"), [elsewhere(n) for n in range(900, 912)]
    tries = [(one_place, mail)] * 7 + [(one_place, mail.upper()), (one_place, name)]
    tries += [(other, (mail.title(), name, mail, name.upper())[n % 4]) for n, other in enumerate(others)]
    for client, typed in tries:
        hashed.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = enter(client, typed, "wrong")
        words = answer.content.decode().replace(typed, "NAME").partition("<main")[2].partition("csrf")[0]
        # Limits are one step each in Redis, where a desk in production counts them; in the table a new one costs more.
        work = [
            re.sub(r"'[^']*'|[0-9.]+(e[+-][0-9]+)?", "?", query["sql"].replace(typed, "?"))
            for query in queries
            if not re.search("claims_ratebucket|SAVEPOINT", query["sql"])
        ]
        answers.append((answer.status_code, words, work, len(hashed)))
    return answers


def test_who_reads_the_mailbox_gets_no_more_codes_by_new_passwords(reviewer: User) -> None:
    """Each link makes the browser known for its password, never for the codes: else each would bring ten more."""
    factors.confirm(reviewer, factors.code_at(factors.begin(reviewer), factors.window_now()))
    looked_at = 0
    for turn in range(3):
        thief, new = Client(REMOTE_ADDR="192.0.2.66"), f"{NEW} {turn}"
        thief.post(reverse("password_reset"), {"email": reviewer.email})
        page = thief.get(link_mailed("/password/new/"), follow=True)
        thief.post(page.request["PATH_INFO"], {"new_password1": new, "new_password2": new})
        assert enter(thief, reviewer.username, new)["Location"] == reverse("login-second")
        for n in range(12):
            answer = thief.post(reverse("login-second"), {"code": "123456"}, REMOTE_ADDR=f"198.51.{turn}.{n}")
            looked_at += answer.status_code == 422
    assert looked_at == 10
