"""Telling other programs: who is told of what, signed calls promised with the change, and the log of what was sent.

A call is promised in the transaction of the change (``outbox``), with its words fixed then; it is sent at least once,
always under the same id. Receivers are looked after by editors.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.domain import audit, outbox, people
from claims.enums import Action, ChangeKind, Role
from claims.exceptions import InvalidInput, NotAllowed
from claims.integrations import errors, urls, webhook
from claims.models import (
    AuditEvent,
    Claim,
    OutboxMessage,
    Report,
    WebhookAttempt,
    WebhookDelivery,
    WebhookReceiver,
)
from claims.publishing import claimreview
from claims.publishing.bodies import summary
from claims.publishing.claimreview import timestamp
from claims.publishing.document import ReportDocument

REPORT_EVENTS = {
    "report.published": gettext_lazy("A report is published"),
    "report.corrected": gettext_lazy("A report is corrected or updated"),
    "report.retracted": gettext_lazy("A report is withdrawn"),
}
CLAIM_EVENTS = {
    "claim.assigned": gettext_lazy("A claim is assigned or handed over"),
    "claim.submitted": gettext_lazy("A claim waits for review"),
}
AUDIT_HEAD = "audit.head"
DESK_EVENTS = {AUDIT_HEAD: gettext_lazy("Once a day: the head of the audit trail, to be kept")}
EVENTS = REPORT_EVENTS | CLAIM_EVENTS | DESK_EVENTS
TEST = "desk.test"
OLD_SECRET_GOOD_FOR = timedelta(days=1)
_OF_REPORT = {
    Action.PUBLISH: "report.published",
    Action.PUBLISH_CORRECTION: "report.corrected",
    Action.RETRACT: "report.retracted",
}
_OF_CLAIM = {
    Action.ASSIGN: "claim.assigned",
    Action.REASSIGN: "claim.assigned",
    Action.SUBMIT: "claim.submitted",
}


# --- receivers ------------------------------------------------------------------------------------------------------


@transaction.atomic
def add(
    *, actor: User, name: str, url: str, form: str, events: Collection[str]
) -> tuple[WebhookReceiver, str]:
    """A new receiver, and its secret, which is shown this once.

    Raises:
        NotAllowed: only editors do this, and no machine account.
        InvalidInput: no name, an address that cannot be called, or no event.
    """
    _require_decider(actor)
    if form not in WebhookReceiver.Form.values:
        raise InvalidInput(_("Choose the form of the calls."), "form")
    receiver = WebhookReceiver.objects.create(
        **_cleaned(name, url, events), form=form, nonce=get_random_string(32), made_by=actor, created_at=timezone.now(),
    )  # fmt: skip
    audit.record("webhook.added", actor=actor, data={"receiver": receiver.pk, "events": receiver.events})
    return receiver, secret_of(receiver)


@transaction.atomic
def change(
    receiver: WebhookReceiver, *, actor: User, name: str | None = None, url: str | None = None,
    events: Collection[str] | None = None,
) -> WebhookReceiver:  # fmt: skip
    """Another name, address or choice of events; what is left out stays. Calls that still wait go to the new address.

    Secret and form stay: what waits was worded in that form.

    Raises:
        NotAllowed: only editors do this, and no machine account.
        InvalidInput: no name, an address that cannot be called, or no event.
    """
    _require_decider(actor)
    found = WebhookReceiver.objects.select_for_update().get(pk=receiver.pk)
    wanted = _cleaned(
        found.name if name is None else name,
        found.url if url is None else url,
        found.events if events is None else events,
    )
    changed = {key: value for key, value in wanted.items() if getattr(found, key) != value}
    if changed:
        WebhookReceiver.objects.filter(pk=found.pk).update(**changed)
        for key, value in changed.items():
            setattr(found, key, value)
        # The address itself may be a secret (a chat's hook is), so the trail says only that it is another one.
        told = {"receiver": found.pk, "changed": sorted(changed), "events": found.events}
        audit.record("webhook.changed", actor=actor, data=told)
    return found


def _require_decider(actor: User) -> None:
    """Who may decide where the desk's news goes: a program with an editor's role may not open that door to others."""
    people.require(actor, Role.EDITOR)
    if people.is_machine(actor):
        raise NotAllowed(_("A machine account cannot decide who is told. Ask an editor."))


def wrong(*, name: str, url: str, events: Collection[str]) -> Iterator[InvalidInput]:
    """All that keeps a receiver from being saved as it was typed, field by field, so that a form can say it at once."""
    if not name.strip():
        yield InvalidInput(_("Name the receiver after what it is."), "name")
    try:
        _checked(url)
    except InvalidInput as problem:
        yield problem
    if not events or not set(events) <= EVENTS.keys():
        yield InvalidInput(_("Choose at least one event."), "events")


def _cleaned(name: str, url: str, events: Collection[str]) -> dict[str, Any]:
    for problem in wrong(name=name, url=url, events=events):
        raise problem
    return {"name": name.strip()[:100], "url": _checked(url), "events": sorted(set(events))}


@transaction.atomic
def new_secret(receiver: WebhookReceiver, *, actor: User) -> str:
    """Another secret; calls are signed with the old one too for a day, so that nothing is lost while it is changed.

    Raises:
        NotAllowed: only editors do this, and no machine account.
    """
    _require_decider(actor)
    receiver.previous_nonce, receiver.nonce = receiver.nonce, get_random_string(32)
    receiver.rotated_at = timezone.now()
    receiver.save(update_fields=["previous_nonce", "nonce", "rotated_at"])
    audit.record("webhook.secret", actor=actor, data={"receiver": receiver.pk})
    return secret_of(receiver)


@transaction.atomic
def set_stopped(receiver: WebhookReceiver, stopped: bool, *, actor: User) -> None:
    """Stop telling a receiver, or start again. What it missed meanwhile is not sent later.

    Raises:
        NotAllowed: only editors do this, and no machine account.
    """
    _require_decider(actor)
    other = WebhookReceiver.objects.filter(pk=receiver.pk, stopped_at__isnull=stopped)
    if other.update(stopped_at=timezone.now() if stopped else None):
        audit.record(
            "webhook.stopped" if stopped else "webhook.started", actor=actor, data={"receiver": receiver.pk}
        )


@transaction.atomic
def test(receiver: WebhookReceiver, *, actor: User) -> WebhookDelivery:
    """Promise a call that says nothing but that it works.

    Raises:
        NotAllowed: only editors do this.
    """
    people.require(actor, Role.EDITOR)
    text = _("A test from %(desk)s: calls arrive here.") % {"desk": settings.SITE_URL}
    return _promise(receiver, TEST, f"test:{uuid.uuid4().hex}", {"message": text}, text)


@transaction.atomic
def replay(delivery: WebhookDelivery, *, actor: User) -> bool:
    """Send a call again: same id, same words, a fresh signature. False while it still waits for its own next try.

    Raises:
        NotAllowed: only editors do this.
    """
    people.require(actor, Role.EDITOR)
    again = outbox.send_again(delivery.message_id)
    if again:
        audit.record("webhook.replayed", actor=actor, data={"delivery": delivery.uid})
    return again


def secret_of(receiver: WebhookReceiver) -> str:
    """The secret that signs calls to this receiver now."""
    return _secret(receiver.nonce, settings.SECRET_KEY)


def _secret(nonce: str, key: str) -> str:
    return "whsec_" + salted_hmac("claims.webhook", nonce, secret=key, algorithm="sha256").hexdigest()


def _secrets(receiver: WebhookReceiver) -> list[str]:
    """Newest first: also those of the former nonce for a day, and of keys that the operator is taking out of use."""
    nonces = [receiver.nonce]
    changed = receiver.rotated_at
    if receiver.previous_nonce and changed and timezone.now() - changed < OLD_SECRET_GOOD_FOR:
        nonces.append(receiver.previous_nonce)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_secret(nonce, str(key)) for key in keys for nonce in nonces]


def _checked(url: str) -> str:
    """The address, if it can be called at all; whether it lies inside the house is seen at each call."""
    address = url.strip()
    listed = webhook.SERVICE.listed(address)
    try:
        target = urls.parse(address, any_port=listed)
    except errors.FetchError as error:
        raise InvalidInput(str(error), "url") from error
    if target.scheme != "https" and not listed:
        raise InvalidInput(_("The address must begin with https://, or others could read along."), "url")
    return address


# --- what is told ---------------------------------------------------------------------------------------------------


def report_changed(claim: Claim, event: AuditEvent) -> None:
    """Promise a call to everybody who wants to hear of reports; called by the door, in its transaction."""
    name = _OF_REPORT[Action(event.action.removeprefix("claim."))]
    wanted = _wanting(name)
    if not wanted:
        return
    report = Report.objects.select_related("current_version").get(claim=claim)
    assert report.current_version is not None, "it was frozen a moment ago"
    document = ReportDocument.from_json(report.current_version.document)
    if document.change == ChangeKind.TYPO:
        return  # a typing error moves no date and no feed, so nobody is called for it
    for receiver in wanted:
        _promise(
            receiver, name, f"hook:{event.pk}:{receiver.pk}", _report(document), _report_line(name, document)
        )


def claim_moved(action: Action, claim: Claim, event: AuditEvent, text: str) -> None:
    """Promise a line to those who want to hear of assignments; ``text`` is the sentence of the notice."""
    name = _OF_CLAIM.get(action)
    receivers = _wanting(name) if name else []
    if not receivers or not name:
        return
    link = f"{settings.SITE_URL}{claim.get_absolute_url()}"
    details = {
        "id": claim.pk,
        "url": link,
        "claim": claim.wording,
        "checker": people.display_name(claim.assignee) if claim.assignee else "",
        "due": timestamp(claim.due_at) if claim.due_at else "",
    }
    for receiver in receivers:
        who = f" → {details['checker']}" if details["checker"] and name == "claim.assigned" else ""
        line = f"{text}{who} {link}"
        _promise(receiver, name, f"hook:{event.pk}:{receiver.pk}", {"claim": details}, line)


def audit_head_kept(line: str, day: str) -> None:
    """Promise the day's head of the audit trail to those who keep it."""
    at, count, digest = line.split()
    details = {"sealed": at, "events": int(count), "sha256": digest}
    text = _("Head of the audit trail: %(line)s") % {"line": line}
    for receiver in _wanting(AUDIT_HEAD):
        _promise(receiver, AUDIT_HEAD, f"hook:audit-head:{day}:{receiver.pk}", {"audit_head": details}, text)


def wanted(event: str) -> bool:
    """Whether anybody wants to be told of this."""
    return bool(_wanting(event))


def _wanting(event: str) -> list[WebhookReceiver]:
    rows = WebhookReceiver.objects.filter(stopped_at__isnull=True).order_by("id")
    return [row for row in rows if event in row.events]


def _promise(
    receiver: WebhookReceiver, event: str, key: str, content: dict[str, Any], line: str
) -> WebhookDelivery:
    now = timezone.now()
    uid = uuid.uuid4().hex
    body: dict[str, Any] = {"id": uid, "event": event, "created": timestamp(now), **content}
    if receiver.form == WebhookReceiver.Form.CHAT:
        body = {"text": _chat(line)}
    message = outbox.put(key, "webhook", {"body": json.dumps(body, ensure_ascii=False)})
    if message is None:
        return WebhookDelivery.objects.get(message__key=key)
    return WebhookDelivery.objects.create(
        receiver=receiver, message=message, uid=uid, event=event, created_at=now
    )


def _report(document: ReportDocument) -> dict[str, Any]:
    verdict, last = document.verdict, document.history[-1]
    numbers = (
        {"position": verdict.position, "worst": verdict.worst, "best": verdict.best}
        if verdict.on_scale
        else {}
    )
    return {
        "report": {
            "id": document.tag_uri,
            "slug": document.slug,
            "url": document.url,
            "version": document.version,
            "change": document.change,
            "language": document.language,
            "headline": document.headline,
            "claim": document.claim.stated,
            "verdict": {"key": verdict.key, "word": verdict.word, **numbers},
            "former_verdict": last.old_verdict,
            "summary": verdict.summary,
            "published": timestamp(document.published_at),
            "modified": timestamp(document.modified_at),
            "note": last.note,
            "retracted": document.retracted,
            "sha256": document.sha256(),
        },
        "claimreview": claimreview.build(document),
    }


def _report_line(event: str, document: ReportDocument) -> str:
    said = summary(document)
    if document.retracted and document.notice:
        said = document.notice.text
    return f"{REPORT_EVENTS[event]}: {document.headline}. {said} {document.url}"


def _chat(line: str) -> str:
    """One line that no chat takes for a command: the three signs that their markup knows are written as entities,
    and nobody is called by name through an at sign."""
    plain = " ".join(line.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.replace("@", "@\N{ZERO WIDTH SPACE}")


# --- sending --------------------------------------------------------------------------------------------------------


def send(message: OutboxMessage) -> None:
    """Make the call, once, and write down what came of it; called by ``outbox.deliver``.

    Raises:
        outbox.Later: the receiver was busy or away.
        outbox.Undeliverable: it refused, was stopped, or calls are switched off on this desk.
    """
    delivery = WebhookDelivery.objects.select_related("receiver").filter(message=message).first()
    if delivery is None:
        return  # promised by a version of this program that knew no receivers
    receiver = delivery.receiver
    if receiver.stopped_at is not None:
        raise outbox.Undeliverable(_("This receiver was stopped."))
    answer = webhook.deliver(
        receiver.url, str(message.payload["body"]).encode(), secrets=_secrets(receiver), delivery_id=delivery.uid,
        event=delivery.event,
    )  # fmt: skip
    WebhookAttempt.objects.create(
        delivery=delivery, at=timezone.now(), delivered=answer.delivered, status_code=answer.status_code,
        note=answer.note[:500],
    )  # fmt: skip
    if answer.delivered:
        return
    if answer.retryable:
        raise outbox.Later(answer.note, answer.retry_after)
    raise outbox.Undeliverable(answer.note)
