"""Coming in: the lock, the second step, sessions, and where ``next`` may lead."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.domain import factors, limits, sessions, sweeping
from claims.exceptions import TooMany
from claims.models import AuditEvent, DeskSession, Notification, RecoveryCode, SecondStep
from claims.models.access import SessionStore

LogIn = Callable[[User], Client]
PASSWORD = "correct horse battery staple"


def enter(client: Client, name: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(reverse("login"), {"username": name, "password": password}, **extra)


@pytest.fixture
def app(editor: User) -> Callable[[int], str]:
    """An editor whose second step is set up: ``app(1)`` is the code that her phone shows in the next window."""
    secret = factors.begin(editor)
    factors.confirm(editor, factors.code_at(secret, factors.window_now() - 1))
    return lambda ahead=0: factors.code_at(secret, factors.window_now() + ahead)


# --- the second step --------------------------------------------------------------------------------------------------


def test_a_code_is_computed_as_the_standard_says() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B: the last six of its eight digits
    assert [factors.code_at(secret, at // 30) for at in (59, 1111111109, 2000000000)] == [
        "287082",
        "081804",
        "279037",
    ]


def test_after_the_password_nobody_is_in_before_the_code(editor: User, app: Callable[[int], str]) -> None:
    client = Client()
    assert enter(client, editor.username)["Location"] == reverse("login-second")
    assert client.get(reverse("my-work")).status_code == 302
    assert client.post(reverse("login-second"), {"code": "000 000"}).status_code == 422
    assert client.post(reverse("login-second"), {"code": app(0)})["Location"] == reverse("my-work")
    assert client.get(reverse("my-work")).status_code == 200


def test_a_new_password_ends_a_log_in_that_waits_for_its_code(
    editor: User, app: Callable[[int], str]
) -> None:
    thief = Client()
    enter(thief, editor.username)
    editor.set_password("a new and rather long one")
    editor.save()
    assert thief.post(reverse("login-second"), {"code": app(0)})["Location"] == reverse("login")
    assert thief.get(reverse("my-work")).status_code == 302


def test_a_code_counts_once(editor: User, app: Callable[[int], str]) -> None:
    code = app(0)
    assert factors.check(editor, code)
    assert not factors.check(editor, code)
    assert factors.check(editor, app(1))
    assert not factors.check(editor, app(0)), "an older one after a newer one"


def test_a_recovery_code_counts_once_and_only_digests_are_kept(
    editor: User, app: Callable[[int], str]
) -> None:
    codes = factors.new_codes(editor)
    assert factors.check(editor, codes[0].upper())
    assert not factors.check(editor, codes[0])
    assert factors.codes_left(editor) == len(codes) - 1
    stored = str(list(RecoveryCode.objects.values())) + str(list(SecondStep.objects.values()))
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)
    with pytest.raises(Exception, match="set up already"):
        factors.begin(editor)


@pytest.mark.parametrize("kind", ["app", "paper"])
def test_twenty_at_once_with_one_code(
    transactional_db: None, editor: User, app: Callable[[int], str], kind: str
) -> None:
    code = app(0) if kind == "app" else factors.new_codes(editor)[0]
    start, told, until = threading.Barrier(20), [], time.monotonic() + 60

    def in_line(execute: Any, *statement: Any) -> Any:
        while True:
            try:
                return execute(*statement)
            except OperationalError:  # a table in memory has no waiting line as one in a file has
                if connection.vendor != "sqlite" or time.monotonic() > until:
                    raise

    def try_it() -> None:
        start.wait()
        try:
            with connection.execute_wrapper(in_line):
                told.append(factors.check(editor, code))
        except TooMany:  # ten wrong ones are looked at, no more
            told.append(False)
        finally:
            connection.close()

    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        connection.inc_thread_sharing()  # the threads then take turns on one connection
    threads = [threading.Thread(target=try_it) for _n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [False] * 19 + [True]


def test_wrong_codes_lock_as_wrong_passwords_do(editor: User, app: Callable[[int], str]) -> None:
    client = Client()
    enter(client, editor.username)
    told = [client.post(reverse("login-second"), {"code": "123456"}).status_code for _n in range(6)]
    assert told[:4] == [422] * 4
    assert told[-1] == 429
    assert client.post(reverse("login-second"), {"code": app(0)}).status_code == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    enter(elsewhere, editor.username)
    assert elsewhere.post(reverse("login-second"), {"code": app(0)}).status_code == 302, (
        "her own office is open"
    )


def test_codes_from_many_addresses_are_counted_for_the_person_and_do_not_keep_her_out(
    editor: User, app: Callable[[int], str], as_user: LogIn
) -> None:
    papers = factors.new_codes(editor)
    known = Client(REMOTE_ADDR="192.0.2.1")
    enter(known, editor.username)
    known.post(reverse("login-second"), {"code": app(0)})
    known.post(reverse("logout"))

    def second(client: Client, code: str) -> Any:
        enter(client, editor.username)
        return client.post(reverse("login-second"), {"code": code})

    told = [second(Client(REMOTE_ADDR=f"198.51.100.{n}"), "123456").status_code for n in range(12)]
    assert told == [422] * 10 + [429] * 2, "ten over all addresses, whatever each of them did"
    right = second(Client(REMOTE_ADDR="198.51.100.200"), app(1))
    assert right.status_code == 429, "not even the right one is looked at"
    assert "set a new one" in right.content.decode()
    assert second(Client(REMOTE_ADDR="198.51.100.201"), papers[0]).status_code == 302, "a code on paper"
    assert second(known, app(1)).status_code == 302, "a browser that she used before"
    tried = AuditEvent.objects.filter(action="account.codes_tried")
    assert tried.count() == 1, "told once a day"
    assert Notification.objects.filter(person=editor, kind="account.codes").count() == 1
    # Without the password nobody gets as far as that: the count cannot be used up by a stranger.
    stranger = Client(REMOTE_ADDR="203.0.113.1")
    assert enter(stranger, editor.username, "wrong").status_code == 422
    assert stranger.post(reverse("login-second"), {"code": "123456"})["Location"] == reverse("login")


def test_right_codes_are_not_counted(editor: User, app: Callable[[int], str]) -> None:
    for _n in range(12):
        SecondStep.objects.update(last_window=0)
        assert factors.check(editor, app(0))


def test_where_it_is_required_an_editor_does_nothing_without_it(
    settings: Any, editor: User, reviewer: User, as_user: LogIn
) -> None:
    settings.SECOND_STEP_REQUIRED = True
    client = as_user(editor)
    assert client.get(reverse("board"))["Location"] == reverse("second-step")
    assert client.post(reverse("people"), {"username": "x"})["Location"] == reverse("second-step")
    assert client.get("/api/v1/claims/").status_code == 403
    # A header that logs nobody in opens nothing beside the log-in of the cookie.
    for header in ("Basic eDp5", "x", "Bearer x"):
        assert client.get(reverse("board"), HTTP_AUTHORIZATION=header).status_code == 302
        assert client.get("/api/v1/claims/", HTTP_AUTHORIZATION=header).status_code in {401, 403}
    assert as_user(reviewer).get(reverse("board")).status_code == 200
    page = client.get(reverse("second-step"))
    secret = page.content.decode().split('class="secret">')[1].split("<")[0].replace(" ", "")
    codes = client.post(reverse("second-step"), {"code": factors.code_at(secret, factors.window_now())})
    assert len(codes.context["codes"]) == 10
    assert codes["Cache-Control"] == "no-store"
    assert client.get(reverse("board")).status_code == 200
    off = client.post(reverse("second-step"), {"password": PASSWORD, "do": "off"})
    assert off.status_code == 403


def test_a_part_of_a_page_says_that_it_is_missing_and_leaves_what_was_typed(
    settings: Any, editor: User, as_user: LogIn
) -> None:
    """Somebody whose role or second step changes while they write. Broken build: answer a part with a whole page."""
    settings.SECOND_STEP_REQUIRED = True
    client = as_user(editor)
    part = client.get(reverse("board"), headers={"HX-Request": "true"})
    assert part.status_code == 403
    assert "Copy what you have typed" in part.content.decode()
    assert f'href="{reverse("account")}"' in part.content.decode()
    draft = client.post(reverse("board"), headers={"Accept": "application/json"})
    assert draft.status_code == 403
    assert draft.json()["said"].startswith("Your role needs a second step")
    assert client.post(reverse("passkey-begin"), headers={"Accept": "application/json"}).status_code != 403


def test_the_administration_has_the_same_door(settings: Any, as_user: LogIn, db: None) -> None:
    settings.SECOND_STEP_REQUIRED = True
    chief = User.objects.create_superuser("chief", "chief@desk.example", PASSWORD)
    assert as_user(chief).get(reverse("admin:index"))["Location"] == reverse("second-step")
    to = Client().get(reverse("admin:index"), follow=True)
    assert to.redirect_chain[-1][0].startswith(reverse("login"))


def test_setting_it_up_ends_the_other_log_ins(editor: User, as_user: LogIn) -> None:
    other, mine = as_user(editor), as_user(editor)
    secret = factors.begin(editor)
    mine.post(reverse("second-step"), {"code": factors.code_at(secret, factors.window_now())})
    assert mine.get(reverse("my-work")).status_code == 200
    assert other.get(reverse("my-work")).status_code == 302


def test_an_editor_helps_a_colleague_who_lost_the_phone(
    editor: User, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    factors.confirm(reviewer, factors.code_at(factors.begin(reviewer), factors.window_now()))
    address = reverse("second-step-away", args=[reviewer.pk])
    assert as_user(second_reader).post(address).status_code == 403
    as_user(editor).post(address)
    assert not factors.has(reviewer)


# --- the lock ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def a_minute_later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """When the tries that are counted for a name over all addresses are forgotten, one of them."""
    return lambda: monkeypatch.setattr(limits, "_now", lambda: time.time() + 61)


def test_five_wrong_tries_lock_this_name_from_here_and_nobody_else(
    reviewer: User, editor: User, a_minute_later: Callable[[], None]
) -> None:
    client = Client()
    told = [enter(client, reviewer.username, "wrong").status_code for _n in range(7)]
    assert told[:4] == [422] * 4
    assert set(told[5:]) == {429}
    spoofed = enter(client, reviewer.username, HTTP_X_FORWARDED_FOR="198.51.100.9")
    assert spoofed.status_code == 429, "a header does not move anybody"
    assert enter(Client(), editor.username).status_code == 302
    a_minute_later()
    for _n in range(20):
        assert enter(client, reviewer.username, "wrong").status_code == 429
    assert enter(Client(REMOTE_ADDR="192.0.2.7"), reviewer.username).status_code == 302


def test_behind_a_proxy_visitors_are_told_apart_and_cannot_choose_who_they_are(
    settings: Any, reviewer: User, a_minute_later: Callable[[], None]
) -> None:
    settings.PROXY_COUNT = 1
    for n in range(6):  # what stands before the proxy's own entry is the visitor's invention
        enter(Client(), reviewer.username, "wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}, 198.51.100.9")
    locked = enter(Client(), reviewer.username, HTTP_X_FORWARDED_FOR="203.0.113.77, 198.51.100.9")
    assert locked.status_code == 429
    colleague = Client()
    a_minute_later()
    assert enter(colleague, reviewer.username, HTTP_X_FORWARDED_FOR="192.0.2.7").status_code == 302
    assert DeskSession.objects.get(person=reviewer).address == "192.0.2.7"


def test_an_unknown_name_is_told_what_a_known_one_is(reviewer: User) -> None:
    def told(name: str) -> tuple[int, str]:
        page = enter(Client(), name, "wrong")
        return page.status_code, page.content.decode().replace(name, "NAME").split("<main")[-1].split("csrf")[
            0
        ]

    assert told(reviewer.username) == told("nobody-at-all")


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_the_id_changes_at_the_log_in_and_the_table_does_not_hold_it(reviewer: User) -> None:
    client = Client()
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    enter(client, reviewer.username)
    after = client.cookies["sessionid"].value
    assert after != before
    keys = set(DeskSession.objects.values_list("session_key", flat=True))
    assert after not in keys
    assert SessionStore.row_key(after) in keys
    assert SessionStore.row_key(before) not in keys
    stolen = Client()
    stolen.cookies["sessionid"] = next(iter(keys))
    assert stolen.get(reverse("my-work")).status_code == 302, "what the table holds opens nothing"


def test_log_ins_are_listed_and_ended_by_their_owner_alone(
    reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    phone = Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Version/17 Safari/605")
    enter(phone, reviewer.username)
    mine, stranger = as_user(reviewer), as_user(second_reader)
    assert "Safari, iPhone" in mine.get(reverse("account")).content.decode()
    row = SessionStore.row_key(phone.cookies["sessionid"].value)
    stranger.post(reverse("session-end", args=[row]))
    assert phone.get(reverse("my-work")).status_code == 200
    mine.post(reverse("session-end", args=[row]))
    assert phone.get(reverse("my-work")).status_code == 302
    assert mine.get(reverse("my-work")).status_code == 200


@pytest.mark.parametrize("change", ["password", "role", "closed", "log-out"])
def test_old_log_ins_end_with_the_next_request(
    change: str, editor: User, reviewer: User, as_user: LogIn
) -> None:
    old = as_user(reviewer)
    assert old.get(reverse("my-work")).status_code == 200
    kept = old.cookies["sessionid"].value
    if change == "password":
        new = "a new and rather long one"
        as_user(reviewer).post(
            reverse("password_change"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
        )
    elif change == "role":
        as_user(editor).post(reverse("person-change", args=[reviewer.pk]), {"role": "viewer"})
    elif change == "closed":
        as_user(editor).post(reverse("person-change", args=[reviewer.pk]), {"do": "close"})
    else:
        old.post(reverse("logout"))
    again = Client()
    again.cookies["sessionid"] = kept
    assert again.get(reverse("my-work")).status_code == 302


def test_being_seen_is_noted_only_now_and_then(reviewer: User, as_user: LogIn) -> None:
    client = as_user(reviewer)
    row = sessions.of(reviewer).get()
    client.get(reverse("my-work"))
    assert sessions.of(reviewer).get().seen_at == row.seen_at
    DeskSession.objects.update(seen_at=row.seen_at - 2 * sessions.EVERY)
    sessions.seen(row.session_key)
    assert sessions.of(reviewer).get().seen_at > row.seen_at - sessions.EVERY


# --- where next leads ---------------------------------------------------------------------------------------------------

HOSTILE = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "https://evil.example", "http://evil.example", "HTTPS://EVIL.example", "https:evil.example", "https:/evil.example",
    "https:///evil.example", "ftp://evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
    "data:text/html,x", "vbscript:x", "mailto:a@evil.example", "//evil.example/%2f..", "//evil.example\\@testserver",
    "https://testserver@evil.example", "https://testserver:pass@evil.example", "https://testserver.evil.example",
    "//testserver@evil.example", "http://testserver\\.evil.example", "https://evil.example#testserver",
    "https://evil.example?testserver", "\t//evil.example", " //evil.example", "\n//evil.example", "\r\n//evil.example",
    "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "//evil%E3%80%82example", "//ｅvil.example",
    "http:evil.example", "http:\\\\evil.example", "https:\\\\evil.example", "//[::1]", "//127.0.0.1:1", "//0x7f000001",
    "//2130706433", "https://evil.example:443/", "blob:https://evil.example/x", "file:///etc/passwd", "about:blank",
    "x://evil.example", "//evil.example:80/desk/",
]  # fmt: skip


def test_next_never_leads_off_the_site(reviewer: User) -> None:
    assert len(set(HOSTILE)) >= 50
    wrong = {}
    for value in HOSTILE:
        answer = Client().post(
            reverse("login"), {"username": reviewer.username, "password": PASSWORD, "next": value}
        )
        theme = Client().post(reverse("theme"), {"theme": "dark", "next": value})
        if answer["Location"] != reverse("my-work") or theme["Location"] != reverse("home"):
            wrong[value] = (answer["Location"], theme["Location"])
    assert wrong == {}


def test_a_new_key_of_the_desk_leaves_phones_and_papers_in_use(
    settings: Any, editor: User, app: Callable[[int], str]
) -> None:
    code = factors.new_codes(editor)[0]
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key that is long enough for a desk in production"
    assert factors.check(editor, code)
    assert factors.check(editor, app(0))


def test_what_was_typed_at_failed_log_ins_is_dropped_by_the_hourly_upkeep(
    editor: User, settings: Any
) -> None:
    """Who typed a password in place of a name finds it in no dump of next month; the lock of today stays."""
    settings.FAILED_TRIES_DAYS = 2
    tables = (AccessAttempt, AccessFailureLog, AccessLog)
    enter(Client(), "my secret password", "x")
    enter(Client(), editor.username)
    enter(Client(), "lately typed", "x")
    long_ago = timezone.now() - timedelta(days=2, seconds=1)
    for table in tables:
        table.objects.exclude(username="lately typed").update(attempt_time=long_ago)
    assert sweeping.sweep("here").held
    kept = [table.objects.values_list("username", flat=True).order_by("pk") for table in tables]
    assert [list(names) for names in kept] == [["lately typed"], ["lately typed"], []]
