"""Mails leave the house in a task: tests send what was promised, and read it."""

from __future__ import annotations

from django.core import mail

from claims.domain import outbox


def send_mails() -> None:
    """Deliver whatever the outbox holds, as a worker would."""
    for pk in outbox.due():
        outbox.deliver(pk)


def link_mailed(part: str) -> str:
    """The newest link mailed to somebody whose address holds ``part``."""
    send_mails()
    return next(word for sent in reversed(mail.outbox) for word in str(sent.body).split() if part in word)
