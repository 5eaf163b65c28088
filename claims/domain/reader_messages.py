"""Messages from readers about a published report: received from anybody, answered by the desk, outcome mailed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from claims.domain import audit, desk, limits, notices, outbox, people, spoken
from claims.domain.locking import lock_claim
from claims.domain.transitions import transition
from claims.enums import Action, Role
from claims.exceptions import Conflict, InvalidInput, TooMany
from claims.integrations import urls
from claims.models import Claim, Correction, ReaderMessage, Report

# Receipts for one mail address, from whichever places the messages came. The page of the receipt is shown all the same.
FOR_ONE_MAILBOX = ("3/h", 5)
SHORTEST, LONGEST, LONGEST_PASSAGE, LONGEST_LINK = 10, 5_000, 1_000, 2_000


@transaction.atomic
def receive(
    report: Report,
    *,
    about: str,
    text: str,
    passage: str = "",
    link: str = "",
    email: str = "",
    address: str = "",
) -> ReaderMessage:
    """Take in what a reader found wrong; the desk is told, the reader gets a receipt where an address was left.

    Args:
        report: a published report.
        about: one of ``ReaderMessage.About``.
        text: what it should say, and how the reader knows.
        address: where the request came from; only a keyed hash of it is kept.

    Raises:
        InvalidInput: a part is missing, too long or makes no sense; ``field`` says which, ``wrong`` names all of them.
        TooMany: this address has sent enough for now.
    """
    assert report.current_version_id is not None, "only published reports have a form"
    sender = salted_hmac("claims.readers", address).hexdigest() if address else ""
    values = {"about": about, "text": text, "passage": passage, "link": link, "email": email}
    for error in wrong(values):
        raise error
    values = _cleaned(values)
    _refuse_flood(sender)
    claim = lock_claim(report.claim_id)
    now = timezone.now()
    message = _numbered(
        report=report, report_version=report.versions.count(), token=secrets.token_urlsafe(24), sender=sender,
        created_at=now, due_at=now + timedelta(days=settings.READER_ANSWER_DAYS), **values,
    )  # fmt: skip
    event = audit.record(
        "reader.message", actor=None, claim=claim, data={"number": message.number, "about": about}
    )
    with spoken.speaking(spoken.ENGLISH):  # the reader's form may speak another language, the desk does not
        told = _("A reader says that something is wrong in “%(claim)s” (%(number)s).") % {
            "claim": notices.named(claim), "number": message.number,
        }  # fmt: skip
        notices.send(_concerned(claim), "reader.message", told, claim, event)
    _write_receipt(message)
    return message


def wrong(fields: Mapping[str, str]) -> Iterator[InvalidInput]:
    """All that keeps a message from being taken in as it was typed, field by field, so that a form can say it at once."""
    given = _cleaned(fields)
    if given["about"] not in ReaderMessage.About.values:
        yield InvalidInput(_("Choose what is wrong."), "about")
    for name, limit in (("passage", LONGEST_PASSAGE), ("text", LONGEST)):
        if len(given[name]) > limit:
            yield InvalidInput(_("This is longer than %(limit)s characters.") % {"limit": limit}, name)
    if len(given["text"]) < SHORTEST:
        yield InvalidInput(_("Say what it should be, and how you know."), "text")
    link = given["link"]
    if len(link) > LONGEST_LINK:
        yield InvalidInput(_("This is longer than %(limit)s characters.") % {"limit": LONGEST_LINK}, "link")
    elif link and (fault := urls.why_not_printed(link)):
        yield InvalidInput(fault, "link")
    try:
        if given["email"]:
            validate_email(given["email"])
    except ValidationError:
        yield InvalidInput(_("Enter an e-mail address, such as name@example.org"), "email")


def _cleaned(fields: Mapping[str, str]) -> dict[str, str]:
    texts = {name: _plain(fields.get(name, "")) for name in ("text", "passage")}
    return {"about": fields.get("about", ""), **texts,
            **{name: fields.get(name, "").strip() for name in ("link", "email")}}  # fmt: skip


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def _refuse_flood(sender: str) -> None:
    most = settings.READER_MESSAGES_PER_HOUR
    if sender and limits.take(f"reader:{sender}", f"{most}/h", most):
        raise TooMany(_("Several messages came from your address within the hour. Send the next one later."))


def _numbered(**fields: object) -> ReaderMessage:
    """Give the next number of the year; two that come at once try again."""
    year = timezone.localdate().year
    for _try in range(20):
        taken = ReaderMessage.objects.filter(number__startswith=f"{year}-").count()
        try:
            with transaction.atomic():
                return ReaderMessage.objects.create(number=f"{year}-{taken + 1 + _try:03d}", **fields)
        except IntegrityError:
            continue
    raise TooMany(_("Too many messages come in just now. Send yours again in a minute."))


def _concerned(claim: Claim) -> set[int]:
    return {*desk.editors().values_list("pk", flat=True), *([claim.assignee_id] if claim.assignee_id else [])}


def receipt_address(message: ReaderMessage) -> str:
    """Where the reader can look up what became of it."""
    return f"{settings.SITE_URL}{reverse('message-receipt', args=[message.token])}"


def _write_receipt(message: ReaderMessage) -> None:
    """A mail to the address that was left, where not too many go there: anybody can leave anybody's."""
    mailbox = message.email.casefold()
    if mailbox and limits.take(f"reader:mailbox:{mailbox}", *FOR_ONE_MAILBOX):
        return
    with _in_its_language(message):
        body = _(
            "Thank you. Your message about “%(report)s” has number %(number)s.\n\nSomebody reads it by %(due)s. "
            "You hear how it ended, with the reason; you can also look it up here:\n%(link)s\n"
        ) % {
            "report": message.report.headline,
            "number": message.number,
            "due": spoken.day(timezone.localdate(message.due_at)),
            "link": receipt_address(message),
        }
        _mail(message, "received", _("Your message %(number)s") % {"number": message.number}, body)


def _in_its_language(message: ReaderMessage) -> AbstractContextManager[None]:
    """Mails to a reader speak as the report does that was read."""
    return spoken.speaking(message.report.language or spoken.ENGLISH)


def _mail(message: ReaderMessage, stage: str, subject: str, body: str) -> None:
    if message.email:
        payload = {"to": [message.email], "subject": subject, "body": body}
        outbox.put(f"mail:reader:{message.pk}:{stage}", "mail", payload)


@transaction.atomic
def close(message_id: int, *, actor: User, outcome: str, answer: str) -> ReaderMessage:
    """Say how a message ended; the reader is told where an address was left.

    Raises:
        NotAllowed: not a reviewer.
        InvalidInput: no such message or outcome, or nothing changed and no reason is given.
        Conflict: somebody has answered it.
    """
    people.require(actor, Role.REVIEWER)
    message, claim = _held(message_id)
    if outcome not in ReaderMessage.Outcome.values:
        raise InvalidInput(_("Choose how it ended."), "outcome")
    answer = _plain(answer)
    if not answer:
        raise InvalidInput(_("Give the reason. The reader is told."), "answer")
    if len(answer) > LONGEST:
        raise InvalidInput(_("This is longer than %(limit)s characters.") % {"limit": LONGEST}, "answer")
    message.outcome, message.answer = outcome, answer
    message.closed_at, message.closed_by = timezone.now(), actor
    message.save(update_fields=["outcome", "answer", "closed_at", "closed_by"])
    audit.record(
        "reader.answered", actor=actor, claim=claim, reason=answer,
        data={"number": message.number, "outcome": outcome},
    )  # fmt: skip
    _write_outcome(message)
    return message


def _write_outcome(message: ReaderMessage) -> None:
    with _in_its_language(message):
        told = {"number": message.number, "outcome": message.get_outcome_display()}
        body = _("Your message %(number)s about “%(report)s”: %(outcome)s.\n\n%(answer)s\n\n%(link)s\n") % {
            **told,
            "report": message.report.headline,
            "answer": message.answer,
            "link": f"{settings.SITE_URL}{message.report.get_absolute_url()}",
        }
        _mail(message, "closed", _("Your message %(number)s: %(outcome)s") % told, body)


@transaction.atomic
def correct(message_id: int, *, actor: User, kind: str, version: int) -> ReaderMessage:
    """Open a correction of the report because of this message; the two stay tied together.

    Raises: what ``transition`` raises, and Conflict where the message is answered already.
    """
    message, claim = _held(message_id)
    reason = _("Message %(number)s from a reader: %(text)s") % {
        "number": message.number, "text": notices.shorten(message.text, 300),
    }  # fmt: skip
    transition(
        claim.pk, Action.OPEN_CORRECTION, actor=actor, version=version, reason=reason, payload={"kind": kind}
    )
    message.correction = Correction.objects.get(claim=claim, closed_at__isnull=True)
    message.save(update_fields=["correction"])
    return message


def _held(message_id: int) -> tuple[ReaderMessage, Claim]:
    claim_id = ReaderMessage.objects.filter(pk=message_id).values_list("report__claim_id", flat=True).first()
    if claim_id is None:
        raise InvalidInput(_("There is no such message."), "message")
    claim = lock_claim(claim_id)
    message = ReaderMessage.objects.select_related("report", "closed_by").get(pk=message_id)
    if message.closed_at is not None:
        who = people.display_name(message.closed_by)
        raise Conflict(
            _("%(who)s has answered this message already: %(outcome)s.")
            % {"who": who, "outcome": message.get_outcome_display()},
            {"outcome": message.outcome, "answer": message.answer},
        )
    return message, claim


def waiting() -> QuerySet[ReaderMessage]:
    """Messages without an answer, the most urgent first."""
    rows = ReaderMessage.objects.filter(closed_at__isnull=True)
    return rows.select_related("report", "correction").order_by("due_at", "id")


def answered() -> QuerySet[ReaderMessage]:
    """Messages with an answer, newest first."""
    rows = ReaderMessage.objects.filter(closed_at__isnull=False).select_related("report", "closed_by")
    return rows.order_by("-created_at", "-id")


def open_on(claim: Claim) -> QuerySet[ReaderMessage]:
    """What readers have said about this claim's report and nobody has answered."""
    return waiting().filter(Q(report__claim=claim))
