"""Whoever's account gets another way in is told: what, when, from where, and what to do if it was somebody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse

from claims.domain import account_news, factors, inbox, notices, passkeys, passwords, people, tokens
from claims.models import AuditEvent, Notification, RecoveryCode
from tests.mails import send_mails
from tests.softkey import SoftKey
from tests.standins.provider import OpenIdProvider
from tests.web.test_single_sign_on import come, ida

__all__ = ["ida"]
LogIn = Callable[[User], Client]
PASSWORD, NEW = "correct horse battery staple", "a new and rather long one"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
FROM = {"HTTP_USER_AGENT": FIREFOX, "REMOTE_ADDR": "203.0.113.9"}


def told(person: User) -> tuple[list[str], list[Any]]:
    """The person's notices, and the mails that went out now, both the oldest first."""
    mail.outbox.clear()
    send_mails()
    rows = Notification.objects.filter(person=person, kind=account_news.KIND).order_by("pk")
    return list(rows.values_list("text", flat=True)), list(mail.outbox)


def code_now(person: User) -> str:
    return factors.code_at(factors.begin(person), factors.window_now())


def test_an_app_is_told_of_with_device_address_and_a_way_back(reviewer: User, as_user: LogIn) -> None:
    client = as_user(reviewer)
    code = code_now(reviewer)
    page = client.post(reverse("second-step"), {"code": code}, **FROM)
    assert page.status_code == 200
    event = AuditEvent.objects.get(action="account.second_step_on")
    texts, mails = told(reviewer)
    assert len(texts) == len(mails) == 1
    assert mails[0].to == [reviewer.email]
    assert mails[0].subject == "An authenticator app was added to your account"
    for words in (texts[0], mails[0].body):
        assert "from 203.0.113.9 with Firefox, Linux" in words
        assert event.at.strftime("%Y, %H:%M UTC") in words
        assert "Was it not you?" in words or "If it was not you" in words
    assert reverse("password_reset") in mails[0].body
    shown = client.get(reverse("notices")).content.decode()
    assert "An authenticator app was added to your account" in shown


def test_what_is_told_holds_no_secret_and_no_words_of_whoever_did_it(
    reviewer: User, as_user: LogIn, settings: Any
) -> None:
    settings.SITE_URL = "https://desk.example.org"
    secret = factors.begin(reviewer)
    codes = factors.confirm(reviewer, code_now(reviewer))
    key = SoftKey("https://desk.example.org", "desk.example.org")
    here = "a" * 64
    lure = "all is well, see evil.example"
    passkeys.add(reviewer, lure, key.made(passkeys.begin_adding(reviewer, here)), here)
    _row, token = tokens.create(reviewer, lure)
    codes += factors.new_codes(reviewer)
    texts, mails = told(reviewer)
    assert len(texts) == len(mails) == 4
    words = " ".join([*texts, *(f"{sent.subject} {sent.body}" for sent in mails)])
    assert [held for held in (secret, token, "evil.example", *codes) if held in words] == []


def test_each_change_is_told_of_once(reviewer: User, editor: User, as_user: LogIn, settings: Any) -> None:
    settings.SITE_URL = "https://desk.example.org"
    key, here = SoftKey("https://desk.example.org", "desk.example.org"), "a" * 64
    passkeys.add(reviewer, "phone", key.made(passkeys.begin_adding(reviewer, here)), here)
    factors.confirm(reviewer, code_now(reviewer))
    factors.switch_off(reviewer.pk, actor=reviewer)
    code = factors.new_codes(reviewer)[0]
    assert factors.check(reviewer, code)
    assert not factors.check(reviewer, code)
    passkeys.remove(reviewer, passkeys.of(reviewer)[0].pk)
    factors.switch_off(reviewer.pk, actor=editor)
    passwords.change(reviewer, NEW, keep_session=None, revoke_keys=False)
    tokens.create(reviewer, "script")
    texts, mails = told(reviewer)
    assert [sent.subject for sent in sorted(mails, key=lambda sent: int(sent.extra_headers["Message-ID"].split(".")[2].split("@")[0]))] == [
        "A passkey was added to your account",
        "An authenticator app was added to your account",
        "The authenticator app was removed from your account",
        "The recovery codes of your account were made anew",
        "A recovery code of your account was used",
        "A passkey was removed from your account",
        "All second steps were removed from your account",
        "Your password was changed",
        "A key to the API was made for your account",
    ]  # fmt: skip
    assert len(texts) == len(mails)
    assert f"by {people.display_name(editor)}" in texts[6]
    assert "on the server" in texts[7]
    assert not Notification.objects.filter(person=editor).exists()


def test_it_cannot_be_switched_off_and_waits_for_no_daily_mail(reviewer: User) -> None:
    """Whoever took over a log-in would silence the desk before adding a key of their own."""
    assert account_news.KIND not in dict(notices.kinds())
    inbox.choose(reviewer, desk_kinds=[], mail_kinds=[], rhythm="daily")
    factors.confirm(reviewer, code_now(reviewer))
    texts, mails = told(reviewer)
    assert len(texts) == len(mails) == 1
    assert inbox.of(reviewer, unread=True).count() == 1


def test_a_link_to_a_provider_is_told_of(provider: OpenIdProvider, ida: User) -> None:
    come(Client(**FROM))
    texts, mails = told(ida)
    assert [sent.subject for sent in mails] == ["Your account was linked to single sign-on"]
    assert "News ID" in mails[0].body
    assert "203.0.113.9" in texts[0]


def test_who_is_told_nothing_has_changed_nothing(reviewer: User, as_user: LogIn) -> None:
    """A change that is refused is no news; a code for somebody without an address is a notice alone."""
    User.objects.filter(pk=reviewer.pk).update(email="")
    reviewer.refresh_from_db()
    client = as_user(reviewer)
    client.post(reverse("second-step"), {"code": "000000"})
    assert told(reviewer) == ([], [])
    assert not RecoveryCode.objects.exists()
    client.post(reverse("second-step"), {"code": code_now(reviewer)})
    texts, mails = told(reviewer)
    assert (len(texts), mails) == (1, [])
