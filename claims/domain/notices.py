"""Who is told what when a claim moves, and what else people are told.

``NOTICES`` has one entry for each action of the workflow table: it tells somebody, or says why nobody needs to be
told. A test walks the table, so that no edge is forgotten. ``OTHERS`` are the occasions that are no moves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.domain import blind, outbox, people, webhooks
from claims.enums import Action, AssignmentRole, MailRhythm, Role
from claims.models import Assignment, AuditEvent, Authorship, Claim, Notification, Profile

Recipients = Callable[[Claim, AuditEvent], Iterable[int | None]]
Words = str | Promise


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told, and in which words; ``%(who)s`` did it, ``%(claim)s`` is what it is about.

    ``when`` is the same for the page on which people choose what they want to hear of.
    """

    recipients: Recipients
    text: Words
    when: Words


@dataclass(frozen=True, slots=True)
class Silent:
    """Nobody is told, for this reason."""

    why: str


# --- who ----------------------------------------------------------------------------------------------------------


def _checker(claim: Claim, event: AuditEvent) -> Iterable[int | None]:
    return (claim.assignee_id,)


def _both(claim: Claim, event: AuditEvent) -> Iterable[int | None]:
    return (claim.assignee_id, claim.second_reader_id)


def _both_and_former(claim: Claim, event: AuditEvent) -> Iterable[int | None]:
    """The new checker, the second reader, and whoever had the claim until this move."""
    ended = Assignment.objects.filter(claim=claim, role=AssignmentRole.CHECKER, ended_at__gte=event.at)
    return (*_both(claim, event), *ended.values_list("person_id", flat=True))


def editors() -> set[int]:
    """Everybody who leads the desk, by id."""
    chosen = Q(groups__name=Role.EDITOR) | Q(is_superuser=True)
    return set(User.objects.filter(chosen, is_active=True).values_list("pk", flat=True))


def _editors(claim: Claim, event: AuditEvent) -> Iterable[int | None]:
    return editors()


def _reader_or_editors(claim: Claim, event: AuditEvent) -> Iterable[int | None]:
    """The second reader; where none was asked, the editors, who can ask one."""
    return (claim.second_reader_id,) if claim.second_reader_id else _editors(claim, event)


def _everybody_on_it(claim: Claim, event: AuditEvent) -> Iterable[int | None]:
    """Whoever wrote on the claim, checks it or read it a second time."""
    wrote = Authorship.objects.filter(claim=claim).values_list("person_id", flat=True)
    return (*_both(claim, event), *wrote)


def _all_and_editors(claim: Claim, event: AuditEvent) -> Iterable[int | None]:
    return (*_everybody_on_it(claim, event), *_editors(claim, event))


def _told_before(claim: Claim, event: AuditEvent) -> Iterable[int | None]:
    """Whoever was told of the move that is taken back."""
    undone = event.data.get("undone_of")
    return Notification.objects.filter(event_id=undone).values_list("person_id", flat=True) if undone else ()


NOTICES: dict[Action, Told | Silent] = {
    Action.TRIAGE: Silent("nobody has the claim yet; it stands in the list of what is free to take"),
    Action.ASSIGN: Told(
        _both, gettext_lazy("%(who)s assigned “%(claim)s”."), gettext_lazy("A claim is assigned to you")
    ),
    Action.TAKE: Silent("who takes it knows, and editors see it in the load"),
    Action.REASSIGN: Told(
        _both_and_former,
        gettext_lazy("%(who)s handed over “%(claim)s”."),
        gettext_lazy("A claim of yours is handed over"),
    ),
    Action.RELEASE: Told(
        _editors,
        gettext_lazy("%(who)s gave “%(claim)s” back. It needs a checker."),
        gettext_lazy("A checker gives a claim back (editors)"),
    ),
    Action.START: Silent("nobody has to do anything; the status says it"),
    Action.SUBMIT: Told(
        _reader_or_editors,
        gettext_lazy("%(who)s submitted “%(claim)s” for review."),
        gettext_lazy("A claim waits for your review"),
    ),
    Action.SEND_BACK: Told(
        _checker,
        gettext_lazy("%(who)s sent “%(claim)s” back."),
        gettext_lazy("A claim of yours is sent back"),
    ),
    Action.APPROVE: Told(
        _all_and_editors,
        gettext_lazy("%(who)s approved “%(claim)s”."),
        gettext_lazy("A claim of yours is approved"),
    ),
    Action.SCHEDULE: Told(
        _everybody_on_it,
        gettext_lazy("%(who)s scheduled “%(claim)s”."),
        gettext_lazy("A report of yours is scheduled"),
    ),
    Action.UNSCHEDULE: Told(
        _everybody_on_it,
        gettext_lazy("%(who)s took “%(claim)s” off the schedule."),
        gettext_lazy("A report of yours is taken off the schedule"),
    ),
    Action.PUBLISH: Told(
        _everybody_on_it,
        gettext_lazy("%(who)s published “%(claim)s”."),
        gettext_lazy("A report of yours is published"),
    ),
    Action.OPEN_CORRECTION: Told(
        _everybody_on_it,
        gettext_lazy("%(who)s is correcting “%(claim)s”."),
        gettext_lazy("A report of yours is being corrected"),
    ),
    Action.PUBLISH_CORRECTION: Told(
        _everybody_on_it,
        gettext_lazy("%(who)s published a correction to “%(claim)s”."),
        gettext_lazy("A correction to a report of yours is published"),
    ),
    Action.CANCEL_CORRECTION: Told(
        _everybody_on_it,
        gettext_lazy("%(who)s dropped the correction to “%(claim)s”."),
        gettext_lazy("A correction to a report of yours is dropped"),
    ),
    Action.PROPOSE_RETRACTION: Told(
        _all_and_editors,
        gettext_lazy("%(who)s proposes to retract “%(claim)s”."),
        gettext_lazy("Somebody proposes to retract a report"),
    ),
    Action.RETRACT: Told(
        _all_and_editors,
        gettext_lazy("%(who)s retracted “%(claim)s”."),
        gettext_lazy("A report is retracted"),
    ),
    Action.DECLINE: Told(
        _checker, gettext_lazy("%(who)s declined “%(claim)s”."), gettext_lazy("A claim of yours is declined")
    ),
    Action.MARK_DUPLICATE: Silent("nobody had the claim; the original's page lists it"),
    Action.HOLD: Told(
        _both,
        gettext_lazy("%(who)s put “%(claim)s” on hold."),
        gettext_lazy("A claim of yours is put on hold"),
    ),
    Action.REOPEN: Silent("nobody has the claim; it stands in the list of what is free to take"),
    Action.UNDO: Told(
        _told_before,
        gettext_lazy("%(who)s took the last move of “%(claim)s” back."),
        gettext_lazy("A move that you were told of is taken back"),
    ),
}
OTHERS: dict[str, Words] = {
    "comment.mention": gettext_lazy("Somebody mentions you"),
    "comment.on_mine": gettext_lazy("Somebody comments on a claim of yours"),
    "claim.second_reader": gettext_lazy("You are asked to be the second reader of a claim"),
    "claim.overdue": gettext_lazy("A claim of yours is late"),
    "step.dead": gettext_lazy(
        "A verification step is given up: of a claim of yours, or of one without a checker (editors)"
    ),
    "source.task": gettext_lazy("A source of a published report of yours is gone or changed"),
    "reader.message": gettext_lazy("A reader writes about a report of yours"),
    "account.codes": gettext_lazy("Somebody types wrong codes after your password"),
    "desk.people": gettext_lazy("Somebody is added, closed or given another role (editors)"),
    "article.failed": gettext_lazy("An article you added cannot be read"),
}


def kinds() -> list[tuple[str, str]]:
    """Every kind of notice with its words, in the order in which people choose among them."""
    moves = [
        (f"claim.{action}", str(entry.when)) for action, entry in NOTICES.items() if isinstance(entry, Told)
    ]
    return [*((kind, str(words)) for kind, words in OTHERS.items()), *moves]


# What everybody whom it concerns is told of, in the desk and by mail at once: who has power here, and who tries to get it.
ALWAYS = frozenset({"account.codes", "desk.people"})
# Notices that quote what somebody wrote.
REMARKS = frozenset({"comment.mention", "comment.on_mine"})


# --- telling ------------------------------------------------------------------------------------------------------


def tell(action: Action, claim: Claim, event: AuditEvent) -> None:
    """One notice and one mail for each person concerned, never for the one who acted."""
    entry = NOTICES[action]
    text = ""
    ids: set[int] = set()
    if isinstance(entry, Told):
        text = str(entry.text) % {"who": event.actor_name, "claim": named(claim)}
        ids = {pk for pk in entry.recipients(claim, event) if pk and pk != event.actor_id}
    if ids:
        send(ids, f"claim.{action}", text, claim, event)
    webhooks.claim_moved(action, claim, event, text)


def send(
    person_ids: Iterable[int], kind: str, text: str, claim: Claim | None, event: AuditEvent | None, *,
    address: str = "", key: str = "",
) -> None:  # fmt: skip
    """Put one line into each person's notices, and a mail into the outbox, as far as they want either.

    Args:
        kind: one of ``kinds()``.
        claim: what it is about; ``address`` is the page to open instead, where it is no claim.
        event: what happened. Without one, ``key`` makes the mail unique.
    """
    wanted = (
        User.objects.filter(pk__in=set(person_ids), is_active=True).select_related("profile").order_by("pk")
    )
    rows, at_once = [], []
    address = address or (claim.get_absolute_url() if claim else "")
    for person in wanted:
        profile = getattr(person, "profile", None) or Profile(person=person)
        row = Notification(
            person=person, claim=claim, event=event, kind=kind, text=text[:400], address=address[:300],
        )  # fmt: skip
        row.created_at = event.at if event else timezone.now()
        always = kind in ALWAYS
        in_mail = bool(person.email) and (always or kind not in profile.muted)
        if kind in profile.muted_desk and not always:
            row.hidden, row.read_at = True, row.created_at
        # What goes into the daily mail alone is kept too, out of sight.
        if not row.hidden or (in_mail and profile.mail_rhythm == MailRhythm.DAILY):
            rows.append(row)
        if in_mail and (always or profile.mail_rhythm == MailRhythm.AT_ONCE):
            at_once.append(person)
    Notification.objects.bulk_create(rows)
    kept_back = _kept_back(kind, at_once, claim, event)
    mails = [
        (f"mail:{event.pk if event else key}:{person.pk}",
         mail(person, text, address, None if person.pk in kept_back else event))
        for person in at_once
    ]  # fmt: skip
    outbox.put_all("mail", mails)


def _kept_back(kind: str, persons: Sequence[User], claim: Claim | None, event: AuditEvent | None) -> set[int]:
    """Who must not read the reason, since it may tell a verdict that they have to rate unseen.

    What asks them for it was meant for them.
    """
    if claim is None or event is None or not event.reason or kind == "claim.second_reader":
        return set()
    return blind.hidden_from(claim, persons)


def about_a_remark(kind: str, claim: Claim) -> str:
    """The notice of a remark to somebody who has to rate the claim before they may read it."""
    words = (
        _("You were mentioned on “%(claim)s”.")
        if kind == "comment.mention"
        else _("A remark on “%(claim)s”.")
    )
    return words % {"claim": named(claim, 60)}


def mail(person: User, text: str, address: str, event: AuditEvent | None = None) -> dict[str, object]:
    """One short mail: what happened, why, the link, and how to get fewer."""
    why = _("Why: %(reason)s\n\n") % {"reason": event.reason[:2000]} if event and event.reason else ""
    body = _("Hello %(name)s,\n\n%(text)s\n\n%(why)s%(link)s\n\n%(foot)s") % {
        "name": people.display_name(person),
        "text": text,
        "why": why,
        "link": f"{settings.SITE_URL}{address}",
        "foot": foot(),
    }
    return {"to": [person.email], "subject": " ".join(text.split())[:150], "body": body}


def foot() -> str:
    """The end of every mail."""
    return _("-- \nChoose which mails you get: %(link)s\n") % {
        "link": f"{settings.SITE_URL}{reverse('notice-choices')}"
    }


def named(claim: Claim, limit: int = 90) -> str:
    """A claim's words to stand in quotation marks inside a sentence of ours, which has a full stop of its own."""
    return re.sub(r"(?<![A-Z.])\.$", "", shorten(claim.wording, limit))


def shorten(text: str, limit: int = 90) -> str:
    """The text on one line, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rsplit(" ", 1)[0] + "…"
