"""Passkeys (WebAuthn): a key on a device that answers for a person, by finger, face or the device's own code.

The device is asked to sign a challenge. Each challenge belongs to one log-in session and one purpose, lives five minutes
and is deleted by the first answer that brings it, by one statement, so that it counts once however many come together.
The device always has to make sure of its owner (user verification): a passkey alone is two factors.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import webauthn
from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.options_to_json_dict import options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from claims.domain import account_news, audit, factors, sessions
from claims.exceptions import InvalidInput, NotAllowed
from claims.models import DeskSettings, Passkey, PasskeyChallenge

logger = logging.getLogger(__name__)

TTL = timedelta(minutes=5)
MOST = 20
# A long answer holds two certificates; nothing of ours is longer.
MOST_LETTERS = 30_000
_NAME = re.compile(r"[\w-]{1,1364}", re.ASCII)


class Purpose(StrEnum):
    """What a signature is asked for. One made for another purpose is not taken."""

    ADD = "add"
    SECOND = "second"
    ALONE = "alone"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Site:
    """For whom devices sign: the origin that the browser must show, and the host that the keys belong to."""

    origin: str
    host: str


def site() -> Site | None:
    """The desk's own address as browsers name it; None where no browser makes passkeys: a bare IP address, no https."""
    parts = urlsplit(settings.SITE_URL)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        local = host == "localhost" or host.endswith(".localhost")
        if host and (parts.scheme == "https" or local):
            port = (
                f":{parts.port}" if parts.port not in {None, {"https": 443, "http": 80}[parts.scheme]} else ""
            )
            return Site(f"{parts.scheme}://{host}{port}", host)
    return None


def _site() -> Site:
    found = site()
    if found is None:
        raise InvalidInput(_("Passkeys need the desk to be reached by a name and over https."))
    return found


def of(person: User) -> list[Passkey]:
    """The person's passkeys, the oldest first."""
    return list(Passkey.objects.filter(person=person))


# --- asking -----------------------------------------------------------------------------------------------------------


def begin_adding(person: User, session_key: str) -> dict[str, Any]:
    """What the browser needs to make a passkey for this person.

    Args:
        session_key: the row key of the log-in session that asks; only the same one can answer.

    Raises:
        InvalidInput: there are many already, or the desk's address cannot have any.
    """
    here, held = _site(), of(person)
    if len(held) >= MOST:
        raise InvalidInput(_("You have %(most)d passkeys. Remove one that you do not use.") % {"most": MOST})
    handle = held[0].handle if held else bytes_to_base64url(secrets.token_bytes(64))
    challenge = _remember(Purpose.ADD, session_key, person, handle)
    desk = DeskSettings.objects.filter(pk=1).values_list("name", flat=True).first() or "Plumbline"
    options = webauthn.generate_registration_options(
        rp_id=here.host, rp_name=desk, user_name=person.get_username(), user_id=base64url_to_bytes(handle),
        user_display_name=person.get_full_name() or person.get_username(), challenge=challenge,
        timeout=int(TTL.total_seconds()) * 1000, exclude_credentials=_named(held),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )  # fmt: skip
    return options_to_json_dict(options)


def begin_using(purpose: Purpose, session_key: str, person: User | None = None) -> dict[str, Any]:
    """What the browser needs to ask for a signature: by one of the person's keys, or by whichever the device offers.

    Raises:
        InvalidInput: the desk's address cannot have passkeys.
    """
    here = _site()
    challenge = _remember(purpose, session_key, person)
    options = webauthn.generate_authentication_options(
        rp_id=here.host, challenge=challenge, timeout=int(TTL.total_seconds()) * 1000,
        allow_credentials=_named(of(person)) if person else [],
        user_verification=UserVerificationRequirement.REQUIRED,
    )  # fmt: skip
    return options_to_json_dict(options)


def _named(held: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential_id)) for key in held]


@transaction.atomic
def _remember(purpose: Purpose, session_key: str, person: User | None, handle: str = "") -> bytes:
    now, challenge = timezone.now(), secrets.token_bytes(64)
    PasskeyChallenge.objects.filter(expires_at__lt=now).delete()
    fields = {
        "purpose": purpose, "challenge": bytes_to_base64url(challenge), "handle": handle, "person": person,
        "expires_at": now + TTL,
    }  # fmt: skip
    PasskeyChallenge.objects.update_or_create(session_key=session_key, defaults=fields)
    return challenge


def _take(purpose: Purpose, session_key: str, person: User | None) -> PasskeyChallenge:
    """The challenge of this session, which is gone with this call, whatever the answer is worth."""
    held = PasskeyChallenge.objects.filter(
        session_key=session_key, purpose=purpose, person=person, expires_at__gt=timezone.now()
    ).first()
    if held is not None:
        # The challenge itself is asked for too: another tab may have put its own there meanwhile.
        gone, _rows = PasskeyChallenge.objects.filter(pk=held.pk, challenge=held.challenge).delete()
        if gone == 1:
            return held
    raise InvalidInput(_("The passkey came too late, or it was sent twice. Try again."), "passkey")


# --- answers ----------------------------------------------------------------------------------------------------------


def _read(answer: str) -> dict[str, Any]:
    try:
        read = json.loads(answer) if len(answer) <= MOST_LETTERS else None
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise InvalidInput(_("The browser sent no passkey. Try again."), "passkey")
    return read


def add(person: User, name: str, answer: str, session_key: str) -> list[str]:
    """Keep a passkey that the person's device has made; recovery codes, shown this once, where they have none.

    The first second step of a person ends their other log-ins, which were made without it.

    Raises:
        InvalidInput: no name, too late, or the answer is none to what this session was asked.
    """
    name = name.strip()[:80]
    if not name:
        raise InvalidInput(_("Give the passkey a name by which you know the device."), "name")
    here, held, read = _site(), _take(Purpose.ADD, session_key, person), _read(answer)
    try:
        made = webauthn.verify_registration_response(
            credential=read, expected_challenge=base64url_to_bytes(held.challenge), expected_rp_id=here.host,
            expected_origin=here.origin, require_user_verification=True,
        )  # fmt: skip
    except Exception as error:  # foreign bytes: whatever a reader of them trips over, the answer is no
        raise _refusal(error) from error
    try:
        return _keep(person, name, made.credential_id, made.credential_public_key, made.sign_count, held.handle,
                     session_key)  # fmt: skip
    except IntegrityError as error:
        raise InvalidInput(_("This passkey is known to the desk already."), "passkey") from error


@transaction.atomic
def _keep(
    person: User, name: str, credential: bytes, public_key: bytes, count: int, handle: str, session_key: str
) -> list[str]:  # fmt: skip
    factors.hold(person)
    first = not factors.has(person)
    made = Passkey.objects.create(
        person=person, name=name, credential_id=bytes_to_base64url(credential), public_key=public_key,
        handle=handle, sign_count=count, made_at=timezone.now(),
    )  # fmt: skip
    account_news.tell(person, audit.record("account.passkey_added", actor=person, data=_told(made)))
    if not first:
        return []
    sessions.end_all(person, but=session_key)
    return factors.fresh_codes(person)


def use(purpose: Purpose, answer: str, session_key: str, person: User | None = None) -> Passkey:
    """The passkey that signed what this session was asked, its use noted.

    Args:
        person: whose it has to be; None to log in with the passkey alone.

    Raises:
        InvalidInput: too late or sent twice, signed for another site or session, by a key that the desk does not know,
            of another person or of a closed account, or by a copy of the key.
    """
    here, held, read = _site(), _take(purpose, session_key, person), _read(answer)
    named = str(read.get("id"))
    rows = Passkey.objects.select_related("person").filter(credential_id=named)
    key = rows.first() if _NAME.fullmatch(named) else None
    if key is None or not key.person.is_active or (person is not None and key.person_id != person.pk):
        raise _refusal("no such key for this purpose")
    try:
        proof = webauthn.verify_authentication_response(
            credential=read, expected_challenge=base64url_to_bytes(held.challenge), expected_rp_id=here.host,
            expected_origin=here.origin, credential_public_key=bytes(key.public_key),
            # Looked at below, once the signature is known to be good: anybody can send a number.
            credential_current_sign_count=0, require_user_verification=True,
        )  # fmt: skip
        signed_for = read["response"].get("userHandle")
    except Exception as error:  # as above
        raise _refusal(error) from error
    # A device that was asked for no key by name says whose key it chose.
    if (signed_for or person is None) and signed_for != key.handle:
        raise _refusal("the handle is another one")
    return _note(key, purpose, proof.new_sign_count)


def _note(key: Passkey, purpose: Purpose, count: int) -> Passkey:
    """Count the use. A counter that does not rise means that there are two of a key that counts its uses."""
    rises = count > key.sign_count or count == key.sign_count == 0
    with transaction.atomic():
        same = Passkey.objects.filter(pk=key.pk, sign_count=key.sign_count)
        noted = rises and same.update(sign_count=count, last_used_at=timezone.now()) == 1
        action = "account.passkey_used" if noted else "account.passkey_doubted"
        event = audit.record(action, actor=key.person, data=_told(key) | {"for": str(purpose)})
        if not noted:
            account_news.tell(key.person, event)
    if not noted:
        raise _refusal("its counter does not rise")
    return key


def _told(key: Passkey) -> dict[str, Any]:
    return {"person": key.person_id, "passkey": key.pk, "name": key.name}


def _refusal(why: object) -> InvalidInput:
    """One sentence for every reason: what exactly was wrong helps nobody at the door."""
    logger.info("A passkey was not accepted: %s", why)
    return InvalidInput(_("This passkey was not accepted. Try again, or come in another way."), "passkey")


# --- taking away ------------------------------------------------------------------------------------------------------


@transaction.atomic
def remove(person: User, pk: int) -> str:
    """The passkey opens nothing from now on; its name.

    Raises:
        InvalidInput: the person has no such passkey.
        NotAllowed: it is the last second step of somebody whose role needs one.
    """
    factors.hold(person)
    key = Passkey.objects.filter(person=person, pk=pk).first()
    if key is None:
        raise InvalidInput(_("There is no such passkey. It may be removed already."))
    told, name = _told(key), key.name
    key.delete()
    if not factors.has(person):
        if factors.is_required(person):
            raise NotAllowed(
                _("Your role needs a second step. Add another one before you remove this passkey.")
            )
        factors.drop_codes(person)
    account_news.tell(person, audit.record("account.passkey_removed", actor=person, data=told))
    return name
