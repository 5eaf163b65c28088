"""Who is told what when a claim moves; one line for each action of the table, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.domain import outbox, people, webhooks
from claims.enums import Action
from claims.models import AuditEvent, Authorship, Claim, Notification, Profile

Recipients = Callable[[Claim], Iterable[int | None]]


def _checker(claim: Claim) -> Iterable[int | None]:
    return (claim.assignee_id,)


def _reader(claim: Claim) -> Iterable[int | None]:
    return (claim.second_reader_id,)


def _both(claim: Claim) -> Iterable[int | None]:
    return (claim.assignee_id, claim.second_reader_id)


def _authors(claim: Claim) -> Iterable[int | None]:
    return (claim.assignee_id, *Authorship.objects.filter(claim=claim).values_list("person_id", flat=True))


def _nobody(claim: Claim) -> Iterable[int | None]:
    return ()


NOTICES: dict[Action, tuple[Recipients, object]] = {
    Action.TRIAGE: (_nobody, ""),
    Action.ASSIGN: (_both, gettext_lazy("%(who)s assigned “%(claim)s”.")),
    Action.TAKE: (_nobody, ""),
    Action.REASSIGN: (_both, gettext_lazy("%(who)s handed over “%(claim)s”.")),
    Action.RELEASE: (_nobody, ""),
    Action.START: (_nobody, ""),
    Action.SUBMIT: (_reader, gettext_lazy("%(who)s submitted “%(claim)s” for review.")),
    Action.SEND_BACK: (_checker, gettext_lazy("%(who)s sent “%(claim)s” back.")),
    Action.APPROVE: (_authors, gettext_lazy("%(who)s approved “%(claim)s”.")),
    Action.SCHEDULE: (_authors, gettext_lazy("%(who)s scheduled “%(claim)s”.")),
    Action.UNSCHEDULE: (_authors, gettext_lazy("%(who)s took “%(claim)s” off the schedule.")),
    Action.PUBLISH: (_authors, gettext_lazy("%(who)s published “%(claim)s”.")),
    Action.OPEN_CORRECTION: (_authors, gettext_lazy("%(who)s is correcting “%(claim)s”.")),
    Action.PUBLISH_CORRECTION: (_authors, gettext_lazy("%(who)s published a correction to “%(claim)s”.")),
    Action.CANCEL_CORRECTION: (_authors, gettext_lazy("%(who)s dropped the correction to “%(claim)s”.")),
    Action.PROPOSE_RETRACTION: (_authors, gettext_lazy("%(who)s proposes to retract “%(claim)s”.")),
    Action.RETRACT: (_authors, gettext_lazy("%(who)s retracted “%(claim)s”.")),
    Action.DECLINE: (_checker, gettext_lazy("%(who)s declined “%(claim)s”.")),
    Action.MARK_DUPLICATE: (_nobody, ""),
    Action.HOLD: (_both, gettext_lazy("%(who)s put “%(claim)s” on hold.")),
    Action.REOPEN: (_nobody, ""),
    Action.UNDO: (_nobody, ""),
}


def tell(action: Action, claim: Claim, event: AuditEvent) -> None:
    """One notice and one mail for each person concerned, never for the one who acted."""
    recipients, template = NOTICES[action]
    ids = {person_id for person_id in recipients(claim) if person_id and person_id != event.actor_id}
    text = str(template) % {"who": event.actor_name, "claim": shorten(claim.wording)} if template else ""
    if ids:
        send(ids, f"claim.{action}", text, claim, event)
    webhooks.claim_moved(action, claim, event, text)


def send(person_ids: Iterable[int], kind: str, text: str, claim: Claim, event: AuditEvent) -> None:
    """Put one line into each person's notices, and a mail into the outbox where they have not muted it."""
    wanted = list(User.objects.filter(pk__in=set(person_ids), is_active=True))
    muted = dict(Profile.objects.filter(person__in=wanted).values_list("person_id", "muted"))
    Notification.objects.bulk_create(
        [
            Notification(
                person=person, claim=claim, event=event, kind=kind, text=text[:400], created_at=event.at
            )
            for person in wanted
        ]
    )
    for person in wanted:
        if person.email and kind not in (muted.get(person.pk) or []):
            outbox.put(f"mail:{event.pk}:{person.pk}", "mail", _mail(person, text, claim))


def _mail(person: User, text: str, claim: Claim) -> dict[str, object]:
    link = f"{settings.SITE_URL}{claim.get_absolute_url()}"
    body = _("Hello %(name)s,\n\n%(text)s\n\n%(link)s\n") % {
        "name": people.display_name(person),
        "text": text,
        "link": link,
    }
    return {"to": [person.email], "subject": " ".join(text.split())[:150], "body": body}


def shorten(text: str, limit: int = 90) -> str:
    """The text on one line, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rsplit(" ", 1)[0] + "…"
