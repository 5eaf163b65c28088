"""Writes that are sent twice have one effect: the first answer is kept under its Idempotency-Key and given again.

The key is taken, the work done and the answer kept in one transaction. A crash in between leaves none of the three,
so a key never stands for nothing, and a second try never does the work twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from claims.exceptions import InvalidInput, KeyReused
from claims.models import ApiToken, IdempotentAnswer

KEPT = timedelta(hours=24)
KEY = re.compile(r"[!-~]{1,200}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write said: the number, the plain JSON value, and the headers that belong to it."""

    status: int
    body: Any
    headers: dict[str, str]
    replayed: bool = False


def owner_of(person: User | None, token: ApiToken | None, address: str = "") -> str:
    """Whose key it is: two programs of one person must not take each other's answers, nor two readers."""
    if person is None:
        return f"address:{salted_hmac('claims.replays', address).hexdigest()[:24]}"
    return f"token:{token.pk}" if token is not None else f"person:{person.pk}"


@transaction.atomic
def once(person: User | None, owner: str, key: str, request_hash: str, work: Callable[[], Answer]) -> Answer:
    """Do ``work`` and keep its answer; where this request came before under the key, give the first answer.

    A second request with the key that arrives during the first one waits for it. Work that raises keeps nothing.

    Raises:
        InvalidInput: the key is empty, longer than 200 characters, or holds blanks or other letters than ASCII.
        KeyReused: the key came before with another request.
    """
    if not KEY.fullmatch(key):
        raise InvalidInput(
            _("Send an Idempotency-Key of 1 to 200 letters, digits and signs, without blanks."),
            "Idempotency-Key",
        )
    kept = _take(person, owner, key, request_hash)
    if kept is None:
        former = IdempotentAnswer.objects.get(owner=owner, key=key)
        if former.request_hash != request_hash:
            raise KeyReused(
                _("This Idempotency-Key came before with another request. Send this one with a new key.")
            )
        return Answer(former.status_code or 200, former.body, dict(former.headers), replayed=True)
    answer = work()
    IdempotentAnswer.objects.filter(pk=kept.pk).update(
        status_code=answer.status, body=answer.body, headers=answer.headers
    )
    return answer


def _take(person: User | None, owner: str, key: str, request_hash: str) -> IdempotentAnswer | None:
    """A fresh row for the key; None where one stands. One that has expired makes room."""
    now = timezone.now()
    IdempotentAnswer.objects.filter(owner=owner, key=key, created_at__lt=now - KEPT).delete()
    try:
        with transaction.atomic():
            return IdempotentAnswer.objects.create(
                person=person, owner=owner, key=key, request_hash=request_hash, created_at=now
            )
    except IntegrityError:
        return None


def forget_old() -> int:
    """Remove answers that have expired; how many."""
    old = IdempotentAnswer.objects.filter(created_at__lt=timezone.now() - KEPT)
    return old.filter(pk__in=list(old.values_list("pk", flat=True)[:1000])).delete()[0]
