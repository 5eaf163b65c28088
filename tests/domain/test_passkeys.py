"""Passkeys: what the desk takes from a device, and what it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from claims.domain import factors, passkeys, sessions
from claims.domain.passkeys import Purpose
from claims.exceptions import InvalidInput, NotAllowed
from claims.models import AuditEvent, Passkey, PasskeyChallenge, RecoveryCode
from tests import factories
from tests.softkey import PRESENT, VERIFIED, SoftKey

HERE, ELSEWHERE = "a" * 64, "b" * 64
Make = Callable[..., SoftKey]


@pytest.fixture(autouse=True)
def _home(settings: Any) -> None:
    settings.SITE_URL = "https://desk.example.org"


@pytest.fixture
def make(db: None) -> Make:
    """``make(person)``: a passkey of theirs that the desk knows."""

    def add(person: User, name: str = "phone") -> SoftKey:
        key = SoftKey("https://desk.example.org", "desk.example.org")
        passkeys.add(person, name, key.made(passkeys.begin_adding(person, HERE)), HERE)
        return key

    return add


def alone(key: SoftKey, **said: Any) -> Passkey:
    return passkeys.use(Purpose.ALONE, key.signed(passkeys.begin_using(Purpose.ALONE, HERE), **said), HERE)


def test_a_passkey_alone_says_who_comes(editor: User, reviewer: User, make: Make) -> None:
    mine, theirs = make(editor), make(reviewer)
    assert alone(mine).person == editor
    assert alone(theirs).person == reviewer
    assert Passkey.objects.filter(last_used_at__isnull=False).count() == 2
    used = (
        AuditEvent.objects.filter(action="account.passkey_used").order_by("pk").values_list("data", flat=True)
    )
    assert [event["for"] for event in used] == ["alone", "alone"]


def test_all_keys_of_a_person_say_the_same_random_handle(editor: User, reviewer: User, make: Make) -> None:
    one, two, other = make(editor), make(editor, "laptop"), make(reviewer)
    assert one.handle == two.handle != other.handle
    assert len(one.handle) == 86


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("the owner was not made sure of", {"flags": PRESENT}),
        ("nobody touched it", {"flags": VERIFIED}),
        ("another site", {"origin": "https://desk.example.org.evil.example"}),
        ("the same host without https", {"origin": "http://desk.example.org"}),
        ("another host's key", {"host": "example.org"}),
        ("another person's handle", {"handle": "x" * 86}),
        ("no handle at all", {"handle": ""}),
        ("another key", {"private": None}),
    ],
)
def test_what_is_not_taken(editor: User, make: Make, what: str, change: dict[str, Any]) -> None:
    key = make(editor)
    said = {"flags": change.pop("flags")} if "flags" in change else {}
    for name, value in change.items():
        setattr(key, name, value or (SoftKey("", "").private if name == "private" else value))
    with pytest.raises(InvalidInput, match="not accepted"):
        alone(key, **said)
    assert not AuditEvent.objects.filter(action="account.passkey_used").exists()


@pytest.mark.parametrize("flags", [PRESENT, VERIFIED])
def test_a_device_that_makes_sure_of_nobody_is_not_added(editor: User, db: None, flags: int) -> None:
    key = SoftKey("https://desk.example.org", "desk.example.org")
    answer = key.made(passkeys.begin_adding(editor, HERE), flags)
    with pytest.raises(InvalidInput, match="not accepted"):
        passkeys.add(editor, "phone", answer, HERE)
    assert not factors.has(editor)


def test_a_key_is_added_once_and_by_one_person(editor: User, reviewer: User, make: Make) -> None:
    key = make(editor)
    with pytest.raises(InvalidInput, match="known to the desk"):
        passkeys.add(reviewer, "mine", key.made(passkeys.begin_adding(reviewer, HERE)), HERE)
    with pytest.raises(InvalidInput, match="Give the passkey a name"):
        passkeys.add(reviewer, "  ", key.made(passkeys.begin_adding(reviewer, HERE)), HERE)


def test_a_closed_account_stays_closed(editor: User, make: Make) -> None:
    key = make(editor)
    User.objects.filter(pk=editor.pk).update(is_active=False)
    with pytest.raises(InvalidInput, match="not accepted"):
        alone(key)


@pytest.mark.parametrize(
    ("before", "after", "taken"), [(0, 0, True), (5, 6, True), (5, 5, False), (5, 0, False)]
)
def test_a_counter_has_to_rise(editor: User, make: Make, before: int, after: int, taken: bool) -> None:
    key = make(editor)
    Passkey.objects.update(sign_count=before)
    key.count = after
    if taken:
        assert alone(key).person == editor
        assert Passkey.objects.get().sign_count == after
    else:
        with pytest.raises(InvalidInput, match="not accepted"):
            alone(key)
        assert AuditEvent.objects.filter(action="account.passkey_doubted").count() == 1
        assert Passkey.objects.get().sign_count == before


def test_a_bad_signature_with_a_low_counter_writes_nothing(editor: User, make: Make) -> None:
    key = make(editor)
    Passkey.objects.update(sign_count=5)
    key.private = SoftKey("", "").private
    with pytest.raises(InvalidInput):
        alone(key)
    assert not AuditEvent.objects.filter(action="account.passkey_doubted").exists()


@pytest.mark.parametrize(
    "answer",
    ["", "null", "[]", "{", '{"id": 7}', '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}', "9" * 40_000,
     '{"id": "\\ud800"}', '{"id": "\\u0000"}', '{"id": "' + "[" * 9_000 + '"}', "[" * 20_000],
)  # fmt: skip
def test_what_is_no_answer_at_all_is_refused_and_uses_the_question_up(
    editor: User, make: Make, answer: str
) -> None:
    key = make(editor)
    question = passkeys.begin_using(Purpose.ALONE, HERE)
    with pytest.raises(InvalidInput):
        passkeys.use(Purpose.ALONE, answer, HERE)
    with pytest.raises(InvalidInput, match="too late"):
        passkeys.use(Purpose.ALONE, key.signed(question), HERE)
    question = passkeys.begin_adding(editor, HERE)
    with pytest.raises(InvalidInput):
        passkeys.add(editor, "x", answer, HERE)
    with pytest.raises(InvalidInput, match="too late"):
        passkeys.add(editor, "x", key.made(question), HERE)


def test_a_question_belongs_to_one_session_and_one_person(editor: User, reviewer: User, make: Make) -> None:
    key = make(editor)
    question = passkeys.begin_using(Purpose.SECOND, HERE, editor)
    assert [named["id"] for named in question["allowCredentials"]] == [json.loads(key.signed(question))["id"]]
    for purpose, session, person in [
        (Purpose.SECOND, ELSEWHERE, editor), (Purpose.ALONE, HERE, None), (Purpose.AGAIN, HERE, editor),
        (Purpose.SECOND, HERE, reviewer),
    ]:  # fmt: skip
        with pytest.raises(InvalidInput, match="too late"):
            passkeys.use(purpose, key.signed(question), session, person)
    assert passkeys.use(Purpose.SECOND, key.signed(question), HERE, editor).person == editor


def test_a_colleagues_key_is_nobody_elses_second_step(editor: User, reviewer: User, make: Make) -> None:
    make(editor)
    theirs = make(reviewer)
    question = passkeys.begin_using(Purpose.SECOND, HERE, editor)
    with pytest.raises(InvalidInput, match="not accepted"):
        passkeys.use(Purpose.SECOND, theirs.signed(question), HERE, editor)


def test_of_two_at_once_with_one_answer_one_is_taken(editor: User, make: Make) -> None:
    key = make(editor)
    answer = key.signed(passkeys.begin_using(Purpose.ALONE, HERE))
    taken: list[Passkey] = []

    def meanwhile(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """As soon as the first has read the question, the second comes and is through."""
        result = execute(sql, params, many, context)
        if sql.startswith("SELECT") and "passkeychallenge" in sql and not taken:
            taken.append(Passkey())
            taken[0] = passkeys.use(Purpose.ALONE, answer, HERE)
        return result

    with connection.execute_wrapper(meanwhile), pytest.raises(InvalidInput, match="sent twice"):
        passkeys.use(Purpose.ALONE, answer, HERE)
    assert taken[0].person == editor


def test_the_last_second_step_stays_where_the_role_needs_one(settings: Any, editor: User, make: Make) -> None:
    settings.SECOND_STEP_REQUIRED = True
    assert factors.is_missing(editor)
    make(editor)
    assert not factors.is_missing(editor)
    first = Passkey.objects.get()
    with pytest.raises(NotAllowed, match="Add another one"):
        passkeys.remove(editor, first.pk)
    assert RecoveryCode.objects.filter(person=editor).count() == 10
    factors.confirm(editor, factors.code_at(factors.begin(editor), factors.window_now()))
    passkeys.remove(editor, first.pk)
    with pytest.raises(NotAllowed):
        factors.switch_off(editor.pk, actor=editor)
    make(editor)
    factors.switch_off(editor.pk, actor=editor)
    assert factors.has(editor)
    settings.SECOND_STEP_REQUIRED = False
    passkeys.remove(editor, Passkey.objects.get().pk)
    assert not factors.has(editor)
    assert not RecoveryCode.objects.filter(person=editor).exists(), "nothing is left that they open"


def test_only_ones_own_are_removed(editor: User, reviewer: User, make: Make) -> None:
    make(editor)
    with pytest.raises(InvalidInput, match="no such passkey"):
        passkeys.remove(reviewer, Passkey.objects.get().pk)


def test_a_lost_phone_takes_its_passkeys_with_it(editor: User, reviewer: User, make: Make) -> None:
    key = make(reviewer)
    factors.switch_off(reviewer.pk, actor=editor)
    with pytest.raises(InvalidInput):
        alone(key)


def test_the_first_one_ends_the_other_log_ins(
    reviewer: User, make: Make, as_user: Callable[[User], Any]
) -> None:
    as_user(reviewer)
    make(reviewer)
    assert not sessions.of(reviewer).exists()
    as_user(reviewer)
    make(reviewer, "laptop")
    assert sessions.of(reviewer).exists(), "the second one changes nothing about them"


@pytest.mark.parametrize(
    ("address", "origin"),
    [("https://desk.example.org", "https://desk.example.org"), ("https://desk.example.org:443/x", "https://desk.example.org"),
     ("https://Desk.example.org:8443", "https://desk.example.org:8443"), ("http://localhost:8000", "http://localhost:8000"),
     ("http://desk.example.org", ""), ("http://127.0.0.1:8000", ""), ("https://192.0.2.7", ""), ("https://[::1]", "")],
)  # fmt: skip
def test_where_browsers_make_passkeys(settings: Any, address: str, origin: str) -> None:
    settings.SITE_URL = address
    found = passkeys.site()
    assert (found.origin if found else "") == origin


def test_nobody_gathers_them_without_end(settings: Any, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passkeys, "MOST", 2)
    person = factories.person("hoarder", "viewer")
    make(person)
    make(person, "laptop")
    with pytest.raises(InvalidInput, match="Remove one"):
        passkeys.begin_adding(person, HERE)
    PasskeyChallenge.objects.update(expires_at="2020-01-01T00:00Z")
    passkeys.begin_using(Purpose.ALONE, ELSEWHERE)
    assert PasskeyChallenge.objects.count() == 1, "old questions are swept away"
