"""Who is told what when a claim moves, and what else people are told.

``NOTICES`` has one entry for each action of the workflow table: it tells somebody, or says why nobody needs to be
told. A test walks the table, so that no edge is forgotten. ``OTHERS`` are the occasions that are no moves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.domain import blind, outbox, people, webhooks
from claims.enums import Action, MailRhythm, Role
from claims.models import AuditEvent, Authorship, Claim, DeskSettings, Notification, Profile

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Moved:
    """A move as those who choose its recipients see it; ``before`` is what ``effects.remembered`` said."""

    claim: Claim
    event: AuditEvent
    before: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Whom:
    """Recipients: people by id, who may be at hand already, and whoever else a condition on users finds."""

    ids: frozenset[int]
    others: Q | None = None


Recipients = Callable[[Moved], Whom]


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody on the desk, with what they want to hear of, and whether the desk asks for ratings unseen."""

    person: User
    profile: Profile
    blind: bool


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


def _these(*ids: int | None) -> frozenset[int]:
    return frozenset(pk for pk in ids if pk)


def _checker(moved: Moved) -> Whom:
    return Whom(_these(moved.claim.assignee_id))


def _both(moved: Moved) -> Whom:
    return Whom(_these(moved.claim.assignee_id, moved.claim.second_reader_id))


def _both_and_former(moved: Moved) -> Whom:
    """The new checker, the second reader, and whoever had the claim until this move."""
    claim = moved.claim
    return Whom(_these(claim.assignee_id, claim.second_reader_id, moved.before["assignee_id"]))


def editors() -> set[int]:
    """Everybody who leads the desk, by id."""
    return set(User.objects.filter(_leads(), is_active=True).values_list("pk", flat=True))


def _leads() -> Q:
    held = User.groups.through.objects.filter(user_id=OuterRef("pk"), group__name=Role.EDITOR)
    return Q(is_superuser=True) | Q(Exists(held))


def _editors(moved: Moved) -> Whom:
    return Whom(frozenset(), _leads())


def _reader_or_editors(moved: Moved) -> Whom:
    """The second reader; where none was asked, the editors, who can ask one."""
    reader = moved.claim.second_reader_id
    return Whom(_these(reader)) if reader else _editors(moved)


def _everybody_on_it(moved: Moved) -> Whom:
    """Whoever wrote on the claim, checks it or read it a second time."""
    wrote = Authorship.objects.filter(claim=moved.claim, person=OuterRef("pk"))
    return Whom(_both(moved).ids, Q(Exists(wrote)))


def _all_and_editors(moved: Moved) -> Whom:
    on_it = _everybody_on_it(moved)
    return Whom(on_it.ids, on_it.others | _leads() if on_it.others else _leads())


def _told_before(moved: Moved) -> Whom:
    """Whoever was told of the move that is taken back."""
    told = Notification.objects.filter(event_id=moved.event.data.get("undone_of"), person=OuterRef("pk"))
    return Whom(frozenset(), Q(Exists(told)))


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
    Action.CANCEL_RETRACTION: Told(
        _all_and_editors,
        gettext_lazy("%(who)s dropped the retraction of “%(claim)s”."),
        gettext_lazy("A proposal to retract a report is dropped"),
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
# Moves of which nobody is told but the claim's own people, whom the door loads with it.
TO_ITS_PEOPLE = frozenset(
    action
    for action, entry in NOTICES.items()
    if isinstance(entry, Told) and entry.recipients in {_checker, _both} and action != Action.ASSIGN
)
OTHERS: dict[str, Words] = {
    "comment.mention": gettext_lazy("Somebody mentions you"),
    "comment.on_mine": gettext_lazy("Somebody comments on a claim of yours"),
    "claim.second_reader": gettext_lazy("You are asked to be the second reader of a claim"),
    "claim.note": gettext_lazy("Somebody proposes, changes or agrees to a public note on a report of yours"),
    "claim.overdue": gettext_lazy("A claim of yours is late"),
    "step.dead": gettext_lazy(
        "A verification step is given up: of a claim of yours, or of one without a checker (editors)"
    ),
    "source.task": gettext_lazy("A source of a published report of yours is gone or changed"),
    "reader.message": gettext_lazy("A reader writes about a report of yours"),
    "account.codes": gettext_lazy("Somebody types wrong codes after your password"),
    "desk.people": gettext_lazy(
        "Somebody is added, closed, given another role or turned from a program into a person or back, or a rule on two pairs "
        "of eyes is switched (editors)"
    ),
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


def tell(action: Action, moved: Moved, known: Mapping[int, Reached]) -> None:
    """One notice and one mail for each person concerned, never for the one who acted; ``known`` are those at hand."""
    entry, claim, event = NOTICES[action], moved.claim, moved.event
    text = ""
    if isinstance(entry, Told):
        text = str(entry.text) % {"who": event.actor_name, "claim": named(claim)}
        whom = entry.recipients(moved)
        _deliver(_reached(whom, known, event.actor_id), f"claim.{action}", text, claim, event, "", "")
    webhooks.claim_moved(action, claim, event, text)


def _reached(whom: Whom, known: Mapping[int, Reached], actor_id: int | None = None) -> list[Reached]:
    """The active ones in the order of their ids, without the one who acted; one query, or none where all are known."""
    ids = whom.ids - {actor_id}
    if whom.others is None and ids <= known.keys():
        return [known[pk] for pk in sorted(ids) if known[pk].person.is_active]
    asked = DeskSettings.objects.filter(pk=1).values("blind_second_rating")
    rows = User.objects.filter(Q(pk__in=ids) | whom.others if whom.others else Q(pk__in=ids), is_active=True)
    rows = rows.exclude(pk=actor_id) if actor_id else rows
    return [
        of_row(person, bool(person.blind))
        for person in rows.select_related("profile").annotate(blind=Subquery(asked)).order_by("pk")
    ]


def with_people(claim_id: int) -> Claim | None:
    """A claim with checker and second reader, what they want to hear of, and whether the desk asks for ratings unseen."""
    asked = DeskSettings.objects.filter(pk=1).values("blind_second_rating")
    rows = Claim.objects.select_related("assignee__profile", "second_reader__profile")
    return rows.annotate(blind_asked=Subquery(asked)).filter(pk=claim_id).order_by().first()


def people_of(claim: Claim) -> dict[int, Reached]:
    """The people who came with a claim that ``with_people`` loaded; nobody for another."""
    if not hasattr(claim, "blind_asked"):
        return {}
    found = [person for person in (claim.assignee, claim.second_reader) if person is not None]
    return {person.pk: of_row(person, bool(claim.blind_asked)) for person in found}


def of_row(person: User, blind_asked: bool) -> Reached:
    """From a row that came with its profile."""
    return Reached(person, getattr(person, "profile", None) or Profile(person=person), blind_asked)


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
    _deliver(_reached(Whom(frozenset(person_ids)), {}), kind, text, claim, event, address, key)


def _deliver(
    wanted: Sequence[Reached], kind: str, text: str, claim: Claim | None, event: AuditEvent | None, address: str,
    key: str,
) -> None:  # fmt: skip
    rows, at_once = [], []
    address = address or (claim.get_absolute_url() if claim else "")
    for one in wanted:
        person, profile = one.person, one.profile
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
            at_once.append(one)
    Notification.objects.bulk_create(rows)
    kept_back = _kept_back(kind, at_once, claim, event)
    mails = [
        (f"mail:{event.pk if event else key}:{one.person.pk}",
         mail(one.person, text, address, None if one.person.pk in kept_back else event))
        for one in at_once
    ]  # fmt: skip
    outbox.put_all("mail", mails)


def _kept_back(
    kind: str, wanted: Sequence[Reached], claim: Claim | None, event: AuditEvent | None
) -> set[int]:
    """Who must not read the reason, since it may tell a verdict that they have to rate unseen.

    What asks them for it was meant for them.
    """
    if claim is None or event is None or not event.reason or kind == "claim.second_reader":
        return set()
    return blind.hidden_from(claim, [one.person for one in wanted if one.blind])


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
