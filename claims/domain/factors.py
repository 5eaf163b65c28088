"""The second step of the log-in: codes of an authenticator app (TOTP, RFC 6238) and recovery codes on paper.

Passkeys, the other second step, are in ``passkeys``; whether somebody has one at all is asked here.

Each code is taken by one conditional UPDATE, so that it counts once however many requests bring it at the same moment.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
import time
from urllib.parse import quote, urlencode

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import account_news, audit, limits, notices, people, sessions
from claims.enums import Role
from claims.exceptions import InvalidInput, NotAllowed, TooMany
from claims.models import Passkey, ProviderIdentity, RecoveryCode, SecondStep

PERIOD = 30
DIGITS = 6
# A clock may be one window off, either way.
TOLERANCE = 1
RECOVERY_CODES = 10
# Ten wrong codes at once and three an hour: of a million possible ones three fit at a time, which is once in 13 years.
WRONG_CODES = ("3/h", 10)


def code_at(secret: str, window: int) -> str:
    """The six digits that an app shows in this window of thirty seconds."""
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", window), hashlib.sha1).digest()  # what RFC 6238 says
    offset = digest[-1] & 0x0F
    value = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{value % 10**DIGITS:0{DIGITS}}"


def window_now() -> int:
    """The number of the present window."""
    return int(time.time()) // PERIOD


def _keys() -> list[bytes]:
    """The desk's key, then the former ones that are still believed."""
    return [key.encode() for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _box() -> MultiFernet:
    made = (hashlib.sha256(b"second step " + key).digest() for key in _keys())
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in made])


def has_app(person: User | AnonymousUser) -> bool:
    """Whether this person has an authenticator app in use."""
    return (
        bool(person.pk)
        and SecondStep.objects.filter(person_id=person.pk, confirmed_at__isnull=False).exists()
    )


def has_passkey(person: User | AnonymousUser) -> bool:
    """Whether this person has a passkey."""
    return bool(person.pk) and Passkey.objects.filter(person_id=person.pk).exists()


def has(person: User | AnonymousUser) -> bool:
    """Whether a second step is in use for this person: the app, or a passkey."""
    return has_app(person) or has_passkey(person)


def hold(person: User) -> None:
    """Whoever changes the second steps of one person waits here for each other, until the transaction ends."""
    User.objects.select_for_update().get(pk=person.pk)


def is_required(person: User | AnonymousUser) -> bool:
    """Whether this desk asks the person for a second step: editors and administrators, where it is switched on."""
    return settings.SECOND_STEP_REQUIRED and (
        Role.EDITOR in people.roles(person) or people.is_administrator(person)
    )


def is_missing(person: User | AnonymousUser) -> bool:
    """Whether the person must set a second step up before anything else."""
    return is_required(person) and not has(person)


@transaction.atomic
def begin(person: User) -> str:
    """The secret for the app. Until a first code is typed it stays the same and is not asked for at the log-in.

    Raises:
        InvalidInput: one is in use already.
    """
    step, made = SecondStep.objects.select_for_update().get_or_create(
        person=person, defaults={"secret": "", "made_at": timezone.now()}
    )
    if step.confirmed_at:
        raise InvalidInput(_("The second step is set up already."))
    if made or not step.secret:
        secret = base64.b32encode(secrets.token_bytes(20)).decode()
        SecondStep.objects.filter(pk=step.pk).update(secret=_box().encrypt(secret.encode()).decode())
        return secret
    return _box().decrypt(step.secret.encode()).decode()


def address_for_app(person: User, secret: str, desk: str) -> str:
    """The ``otpauth:`` address that an authenticator app on the same device opens."""
    label = quote(f"{desk}:{person.get_username()}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': desk}, quote_via=quote)}"


@transaction.atomic
def confirm(person: User, code: str, *, keep_session: str | None = None) -> list[str]:
    """Switch the second step on by a first code from the app; the recovery codes, which are shown this once.

    Other log-ins of the person end: they were made without it. Who has codes on paper already keeps those, and gets none.

    Raises:
        InvalidInput: the code does not fit.
    """
    hold(person)
    if not _take(person, code, confirmed=False):
        raise InvalidInput(
            _("This code does not fit. Wait for the next one in the app and type that."), "code"
        )
    SecondStep.objects.filter(person=person).update(confirmed_at=timezone.now())
    event = audit.record("account.second_step_on", actor=person, data={"person": person.pk})
    account_news.tell(person, event)
    sessions.end_all(person, but=keep_session)
    return [] if codes_left(person) else fresh_codes(person)


def fresh_codes(person: User) -> list[str]:
    """Ten codes of 50 random bits in place of the old ones."""
    RecoveryCode.objects.filter(person=person).delete()
    codes = [secrets.token_hex(7)[:12] for _n in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(person=person, digest=_digests(code)[0]) for code in codes)
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def _digests(code: str) -> list[str]:
    """What is kept of a code under the present key, then under former ones; useless without the key."""
    return [hmac.new(key, b"recovery " + code.encode(), hashlib.sha256).hexdigest() for key in _keys()]


@transaction.atomic
def new_codes(person: User) -> list[str]:
    """Ten new recovery codes; the old ones count no more."""
    codes = fresh_codes(person)
    account_news.tell(
        person, audit.record("account.recovery_codes", actor=person, data={"person": person.pk})
    )
    return codes


def codes_left(person: User) -> int:
    """How many recovery codes were not used yet."""
    return RecoveryCode.objects.filter(person=person, used_at__isnull=True).count()


def drop_codes(person: User) -> None:
    """Without a second step its codes on paper open nothing."""
    RecoveryCode.objects.filter(person=person).delete()


def check(person: User, typed: str, *, known: str = "") -> bool:
    """Whether this is a code of the app or a recovery code that was not used before; if so, it is used now.

    Six digits can be guessed, so wrong ones are counted for the person over all addresses. Who gets here knows the password
    already, so nobody else can use the count up; and even then recovery codes, passkeys and known browsers get in.

    Args:
        known: what is particular to a browser in which the person was before, which has a count of its own.

    Raises:
        TooMany: so many wrong ones were typed that no six digits are looked at for now.
    """
    code = "".join(typed.lower().replace("-", "").split())
    if not code.isascii():
        return False
    if not (code.isdecimal() and len(code) == DIGITS):
        return _use_recovery_code(person, code)
    bucket = f"codes:{person.pk}:{known}"
    if wait := limits.take(bucket, *WRONG_CODES):
        _tell(person)
        raise TooMany(
            _(
                "Too many wrong codes were typed for this account. For %(minutes)d minutes only a recovery code or a passkey "
                "opens it, or a browser that you used here before. Was it not you? Somebody knows your password: set a new one."
            )
            % {"minutes": max(1, round(wait / 60))}
        )
    good = _take(person, code, confirmed=True)
    if good:
        limits.give_back(bucket, WRONG_CODES[0])
    return good


def _use_recovery_code(person: User, code: str) -> bool:
    """One statement by itself takes the code, so that of twenty who bring it at once none waits for the news of it."""
    unused = RecoveryCode.objects.filter(person=person, digest__in=_digests(code), used_at__isnull=True)
    if unused.update(used_at=timezone.now()) != 1:
        return False
    with transaction.atomic():
        event = audit.record("account.recovery_code_used", actor=person, data={"person": person.pk})
        account_news.tell(person, event, more=_("Codes left: %(left)d.") % {"left": codes_left(person)})
    return True


@transaction.atomic
def _tell(person: User) -> None:
    """Tell the person, once a day, that somebody has the password and tries codes."""
    if limits.take(f"codes-told:{person.pk}", "1/d", 1):
        return
    event = audit.record("account.codes_tried", actor=None, data={"person": person.pk})
    words = _(
        "Somebody logs in with your password and types wrong codes. If it is not you, set a new password now."
    )
    notices.send([person.pk], "account.codes", words, None, event, address=reverse("password_change"))


def _take(person: User, code: str, *, confirmed: bool) -> bool:
    step = SecondStep.objects.filter(person=person, confirmed_at__isnull=not confirmed).first()
    if step is None or not step.secret:
        return False
    code = "".join(code.split())
    secret, now = _box().decrypt(step.secret.encode()).decode(), window_now()
    for window in range(now - TOLERANCE, now + TOLERANCE + 1):
        if hmac.compare_digest(code_at(secret, window).encode(), code.encode()):
            fresh = SecondStep.objects.filter(pk=step.pk, last_window__lt=window)
            return fresh.update(last_window=window) == 1
    return False


@transaction.atomic
def take_away_on_server(person: User) -> None:
    """Take app, passkeys, codes and the link to a provider away from somebody who lost them all, asked for on the server."""
    hold(person)
    ProviderIdentity.objects.filter(person=person).delete()
    Passkey.objects.filter(person=person).delete()
    SecondStep.objects.filter(person=person).delete()
    drop_codes(person)
    sessions.end_all(person)
    event = audit.record("account.second_step_off", actor=None, data={"person": person.pk})
    account_news.tell(person, event, occasion="account.second_steps_off")


@transaction.atomic
def switch_off(person_id: int, *, actor: User) -> None:
    """Take the app away from oneself, or as an editor everything from somebody who lost the phone: app, passkeys, codes.

    Raises:
        NotAllowed: somebody else's, and the person is no editor; or one's own last one that this desk asks for.
    """
    person = User.objects.filter(pk=person_id).first()
    if person is None:
        raise InvalidInput(_("Choose a person of this desk."), "person")
    other = person.pk != actor.pk
    if other:
        people.require_head(actor)
        people.require_power_over(actor, person)
    hold(person)
    if other:
        Passkey.objects.filter(person=person).delete()
    elif is_required(person) and not has_passkey(person):
        raise NotAllowed(
            _("Your role needs a second step at the log-in. Add a passkey first, or ask another editor.")
        )
    SecondStep.objects.filter(person=person).delete()
    if not has(person):
        drop_codes(person)
    event = audit.record("account.second_step_off", actor=actor, data={"person": person.pk})
    account_news.tell(person, event, occasion="account.second_steps_off" if other else "")
    if other:
        sessions.end_all(person)
