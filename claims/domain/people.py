"""Who is on the desk and what they may do there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group, User
from django.db import connection, transaction
from django.db.models import DateTimeField, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.enums import ClaimStatus, MailRhythm, Role
from claims.exceptions import NotAllowed
from claims.models import Assignment, AuditEvent, Authorship, Claim, Conflict, Profile
from claims.workflow import permits

if TYPE_CHECKING:
    Person = User
else:
    Person = get_user_model()


def roles(person: User | AnonymousUser | None) -> frozenset[str]:
    """The person's roles, each including the ones below it; empty for strangers and for accounts switched off.

    An editor is also a reviewer and a viewer; a superuser counts as an editor.
    """
    if person is None or not person.is_authenticated or not person.is_active:
        return frozenset()
    cached: frozenset[str] | None = getattr(person, "_desk_roles", None)
    if cached is None:
        names = {group.name for group in person.groups.all()}  # lists have them at hand
        if person.is_superuser:
            names.add(Role.EDITOR)
        if Role.EDITOR in names:
            names.add(Role.REVIEWER)
        if Role.REVIEWER in names:
            names.add(Role.VIEWER)
        cached = frozenset(names & set(Role.values))
        setattr(person, "_desk_roles", cached)  # noqa: B010  # one look-up for a request
    return cached


def is_administrator(person: User | AnonymousUser) -> bool:
    """Whether the administration is open to this account: made on the command line, never by a page."""
    return bool(person.is_active and person.is_staff and person.is_superuser)


def require(person: User | AnonymousUser | None, role: str, message: str = "") -> None:
    """Raise ``NotAllowed`` unless the person has ``role``."""
    if role not in roles(person):
        raise NotAllowed(message or _("Your role on this desk does not allow this. Ask an editor."))


def require_head(actor: User) -> None:
    """Raise ``NotAllowed`` unless this is an editor, and a person: a program that made itself colleagues would approve by them."""
    require(actor, Role.EDITOR)
    if is_machine(actor):
        raise NotAllowed(_("A machine account decides nothing about people and the desk. Ask an editor."))


def require_power_over(actor: User, person: User) -> None:
    """Raise ``NotAllowed`` where somebody who is no administrator would change the account of one.

    Who may lower the guard of an account above their own, and learns its password, is in it.
    """
    if person.is_superuser and not actor.is_superuser:
        raise NotAllowed(
            _("%(name)s is an administrator. Only another administrator changes that account.")
            % {"name": display_name(person)}
        )


class Held(Protocol):
    """A claim, or its row in a list, as far as it says whose it is."""

    @property
    def assignee_id(self) -> int | None: ...
    @property
    def second_reader_id(self) -> int | None: ...


def relations(claim: Held, person: User | None) -> frozenset[str]:
    """What the person is to this claim, in the words of the tables' ``who`` columns; the clock for None."""
    if person is None:
        return frozenset({"clock"})
    found = set(roles(person))
    if Role.REVIEWER not in found:
        return frozenset(found - {Role.EDITOR})
    found.add("doer")
    if claim.assignee_id == person.pk:
        found.add("assignee")
    if claim.second_reader_id in (None, person.pk) or Role.EDITOR in found:
        found.add("second_reader")
    return frozenset(found)


def require_verb(verb: str, claim: Claim, person: User | AnonymousUser | None, message: str = "") -> None:
    """Raise ``NotAllowed`` unless the table lets the person do this on a claim of this status."""
    who = person if isinstance(person, User) else None
    if who is None or not permits.may_do(verb, claim.status, relations(claim, who)):
        raise NotAllowed(message or _("Your role on this desk does not allow this. Ask an editor."))


def same_address(one: str, other: str) -> bool:
    """Whether two mail addresses are one, for what they open: without regard to capital letters of ASCII, and of no others.

    Databases and Unicode fold more: a dotless i would be an i, a long s an s, and those can be other people's addresses.
    """
    return one.encode("utf-8", "surrogatepass").lower() == other.encode("utf-8", "surrogatepass").lower()


def display_name(person: User | None) -> str:
    """Full name, or user name where none is set; the desk itself for None."""
    if person is None:
        return str(_("The desk"))
    return person.get_full_name() or person.get_username()


def name_of(first: str | None, last: str | None, username: str | None) -> str:
    """The same from the columns alone; empty where there is no account."""
    return f"{first or ''} {last or ''}".strip() or username or ""


def profile_of(person: User) -> Profile:
    """The person's profile, made on first use."""
    profile, _created = Profile.objects.get_or_create(person=person)
    return profile


def is_machine(person: User | None) -> bool:
    """Whether this account belongs to a program. Such an account never sets or approves a verdict."""
    if person is None:
        return True
    return Profile.objects.filter(person=person, is_machine=True).exists()


def reviewers() -> QuerySet[User]:
    """Active people who may check claims, by name."""
    return (
        Person.objects.filter(is_active=True)
        .filter(Q(groups__name__in=[Role.REVIEWER, Role.EDITOR]) | Q(is_superuser=True))
        .exclude(profile__is_machine=True)
        .distinct()
        .order_by("first_name", "username")
    )


def with_load(people: QuerySet[User]) -> QuerySet[User]:
    """The same people, each with ``load``: the claims on their table now, counted up to ``MOST_COUNTED``.

    Counted in the index of open work alone, so that years of published claims cost nothing, and no further than
    anybody's table goes.
    """
    load = RawSQL(_LOAD % "auth_user.id", sorted(ClaimStatus.with_checker()), IntegerField())  # noqa: S611  # our own words
    return people.select_related("profile").annotate(load=load)


MOST_COUNTED = 100
_LOAD = f"""
    (SELECT COUNT(*) FROM (SELECT 1 FROM claims_claim held WHERE held.assignee_id = %s
        AND held.status IN (%%s, %%s, %%s) LIMIT {MOST_COUNTED}) counted)
"""  # noqa: S608  # our own words
_CHOICES = f"""
    SELECT one.id, one.first_name, one.last_name, one.username, {_LOAD % "one.id"}
    FROM auth_user one LEFT JOIN claims_profile profile ON profile.person_id = one.id
    WHERE one.is_active AND NOT COALESCE(profile.is_machine, FALSE) AND (one.is_superuser OR EXISTS(
        SELECT 1 FROM auth_user_groups held JOIN auth_group ON auth_group.id = held.group_id
        WHERE held.user_id = one.id AND auth_group.name IN (%s, %s)))
    ORDER BY one.first_name, one.username
"""  # noqa: S608  # our own words


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who may check claims, as a field offers them."""

    pk: int
    name: str
    load: int


def choices() -> list[Choice]:
    """``with_load(reviewers())`` as fields show it, without fifty rows of everything that is known of people."""
    values = [*sorted(ClaimStatus.with_checker()), Role.REVIEWER.value, Role.EDITOR.value]
    with connection.cursor() as cursor:
        cursor.execute(_CHOICES, values)
        return [Choice(pk, name_of(*names), load) for pk, *names, load in cursor.fetchall()]


def has_conflict(person: User, claim: Claim) -> bool:
    """Whether the person declared a conflict of interest for the claim's speaker or topic."""
    return Conflict.objects.filter(touching(claim), person=person).exists()


def took_back(person_id: int, claim: Claim) -> bool:
    """Whether a declaration of this person that touches the claim stood while somebody had the claim, and was taken back.

    It holds on for this claim for good: else a claim that one sends back would be one's own to approve the next time.
    """
    return person_id in who_took_back(claim, person_id)


def who_took_back(claim: Claim, *ids: int) -> set[int]:
    """Everybody of whom ``took_back`` is true, or those of these people; one query."""
    given = Assignment.objects.filter(claim=claim).order_by("created_at").values("created_at")[:1]
    since = Coalesce(Subquery(given), Value(claim.status_since, output_field=DateTimeField()))
    # By its chain, which has an index: what people declare is of no claim and no article.
    events = AuditEvent.objects.filter(chain="desk", action="person.conflict_withdrawn", at__gte=since)
    if ids:
        events = events.filter(actor_id__in=ids)
    topic = claim.topic.casefold()
    return {
        actor
        for actor, data in events.values_list("actor_id", "data")
        if actor is not None
        and (
            (claim.speaker_id and data.get("speaker") == claim.speaker_id)
            or (topic and str(data.get("topic") or "").casefold() == topic)
        )
    }


def held(person: User) -> Q:
    """The claims that somebody had before the person took a declaration back that touches them; ``took_back`` for lists."""
    events = AuditEvent.objects.filter(actor=person, action="person.conflict_withdrawn").order_by("at")
    latest: dict[tuple[int | None, str], datetime] = {}
    for data, at in events.values_list("data", "at"):  # the last time of each, however often it was declared
        latest[data.get("speaker"), str(data.get("topic") or "").upper()] = at
    found = Q(pk__in=[])
    for (speaker, topic), at in latest.items():
        named = Q(speaker=speaker) if speaker else Q(topic__iexact=topic)
        given = Assignment.objects.filter(claim=OuterRef("pk"), created_at__lte=at)
        found |= named & (Q(status_since__lte=at) | Q(Exists(given)))
    return found


def touching(claim: Claim) -> Q:
    """The declarations that touch a claim."""
    found = Q(speaker_id=claim.speaker_id) if claim.speaker_id else Q(pk__in=[])
    return found | Q(topic__iexact=claim.topic) if claim.topic else found


def untouched(claims: QuerySet[Claim], person: User) -> QuerySet[Claim]:
    """The claims without those that touch a conflict of interest of this person."""
    declared = Conflict.objects.filter(person=person)
    return claims.exclude(speaker__in=declared.filter(speaker__isnull=False).values("speaker")).exclude(
        Exists(declared.exclude(topic="").filter(topic__iexact=OuterRef("topic")))
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who is asked to work on one claim, with all that may stand against it."""

    person: User
    reviews: bool
    machine: bool
    away_until: date | None
    barred: bool
    wrote: bool
    due_days: int | None
    due_rules: list[dict[str, Any]] | None
    profile: Profile  # what they want to hear of; an account that never had one gets the usual
    blind: bool

    def problem_checking(self, today: date | None = None) -> str:
        """Why this person should not check the claim; empty when nothing stands against it."""
        if not self.reviews:
            return _("%(name)s is not a reviewer on this desk.") % {"name": display_name(self.person)}
        problem = _problem(self.person, self.machine, self.away_until, today)
        return problem or (_conflicted(self.person) if self.barred else "")

    def problem_reading(self) -> str:
        """Why this person should not be the claim's second reader; empty when nothing stands against it."""
        return _wrote(self.person) if self.wrote else self.problem_checking()


# Written out, since composing it took longer than the rest of a move. The desk's due dates come with the people: whoever
# asks somebody to check a claim needs both.
_ASKED = """
    SELECT one.*, profile.is_machine, profile.away_until, profile.muted, profile.muted_desk, profile.mail_rhythm,
        desk.due_days, desk.due_rules, desk.blind_second_rating,
        EXISTS(SELECT 1 FROM auth_user_groups held JOIN auth_group ON auth_group.id = held.group_id
               WHERE held.user_id = one.id AND auth_group.name IN (%(reviewer)s, %(editor)s)) AS reviews,
        EXISTS(SELECT 1 FROM claims_conflict declared WHERE declared.person_id = one.id AND (
               declared.speaker_id = %(speaker)s
               OR (declared.topic <> '' AND UPPER(declared.topic) = UPPER(%(topic)s)))) AS barred,
        EXISTS(SELECT 1 FROM claims_authorship act WHERE act.claim_id = %(claim)s AND act.person_id = one.id) AS wrote
    FROM auth_user one LEFT JOIN claims_profile profile ON profile.person_id = one.id
    LEFT JOIN claims_desksettings desk ON desk.id = 1
    WHERE one.id IN (%(first)s, %(second)s, %(third)s, %(fourth)s)
"""


def asked(claim: Claim, *ids: int) -> dict[int, Asked]:
    """The up to four people with these ids and what stands against their work on this claim, in one query.

    Strangers are left out.
    """
    first, second, third, fourth = (*ids, 0, 0, 0, 0)[:4]
    values = {"reviewer": Role.REVIEWER.value, "editor": Role.EDITOR.value, "speaker": claim.speaker_id or 0,
              "topic": claim.topic, "claim": claim.pk, "first": first, "second": second, "third": third,
              "fourth": fourth}  # fmt: skip
    rows: Iterable[Any] = Person.objects.raw(_ASKED, values)
    return {
        row.pk: Asked(
            person=row,
            reviews=bool(row.is_active and (row.reviews or row.is_superuser)),
            machine=bool(row.is_machine),
            away_until=row.away_until,
            barred=bool(row.barred),
            wrote=bool(row.wrote),
            due_days=row.due_days,
            due_rules=_list(row.due_rules),
            profile=Profile(
                person_id=row.pk, muted=_list(row.muted) or [], muted_desk=_list(row.muted_desk) or [],
                mail_rhythm=row.mail_rhythm or MailRhythm.AT_ONCE,
            ),
            blind=bool(row.blind_second_rating),
        )
        for row in rows
    }  # fmt: skip


def _list(stored: Any) -> Any:
    """A JSON column of a statement of our own; SQLite gives it as text."""
    return json.loads(stored) if isinstance(stored, str) else stored


def problem_reading(person: User, claim: Claim) -> str:
    """Why this person should not be this claim's second reader; empty when nothing stands against it."""
    return reading_problem(asked(claim, person.pk)[person.pk], claim)


def reading_problem(one: Asked, claim: Claim) -> str:
    """The same of somebody who was looked up; what was taken back is asked for last, and not of a claim nobody had yet."""
    problem = one.problem_reading()
    if problem or claim.status == ClaimStatus.NEW or not took_back(one.person.pk, claim):
        return problem
    return _withdrew(one.person)


def _problem(person: User, machine: bool, away_until: date | None, today: date | None = None) -> str:
    name = display_name(person)
    if machine:
        return _("%(name)s is a machine account and cannot check claims.") % {"name": name}
    if away_until and away_until >= (today or timezone.localdate()):
        return _("%(name)s is away until %(date)s.") % {"name": name, "date": away_until.isoformat()}
    return ""


def _conflicted(person: User) -> str:
    return _("%(name)s has declared a conflict of interest.") % {"name": display_name(person)}


def _withdrew(person: User) -> str:
    return _(
        "%(name)s had declared a conflict of interest when this claim was given out, so somebody else has to read it."
    ) % {"name": display_name(person)}


def _wrote(person: User) -> str:
    return _("%(name)s wrote on this claim.") % {"name": display_name(person)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who might check a claim, or read it a second time, with what speaks for and against it."""

    person: User
    load: int
    most: int
    knows_topic: bool
    wrote: bool
    problem: str  # against checking; empty where nothing stands against it
    withdrew: bool  # took a declaration back that stood while somebody had the claim

    @property
    def problem_reading(self) -> str:
        """Against being the second reader."""
        if self.wrote:
            return _wrote(self.person)
        return self.problem or (_withdrew(self.person) if self.withdrew else "")

    @property
    def rank(self) -> tuple[bool, bool, float, str]:
        """Who comes first: with room on the table, then knowing the topic, then the emptiest table."""
        full = self.load / max(self.most, 1)
        return (self.load >= self.most, not self.knows_topic, full, display_name(self.person))


def candidates(claim: Claim) -> list[Candidate]:
    """Everybody who may check claims here, the best suited first, in four queries however large the desk is."""
    rows = list(with_load(reviewers()))
    barred = set(Conflict.objects.filter(touching(claim)).values_list("person_id", flat=True))
    authors = set(Authorship.objects.filter(claim=claim).values_list("person_id", flat=True))
    withdrew = who_took_back(claim)
    topic = claim.topic.casefold()
    found = []
    for person in rows:
        profile = getattr(person, "profile", None)
        machine, away_until = (profile.is_machine, profile.away_until) if profile else (False, None)
        problem = _problem(person, machine, away_until) or (
            _conflicted(person) if person.pk in barred else ""
        )
        known = {str(one).casefold() for one in profile.topics} if profile else set()
        found.append(
            Candidate(
                person, getattr(person, "load", 0), profile.most_claims if profile else 6,
                bool(topic) and topic in known, person.pk in authors, problem,
                person.pk in withdrew,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: one.rank)


def suggested(found: Sequence[Candidate], *, but: int | None = None) -> Candidate | None:
    """Whom the desk would ask: the best suited with room on the table; nobody where all are full or barred."""
    return next(
        (one for one in found if not one.problem and one.load < one.most and one.person.pk != but), None
    )


@transaction.atomic
def ensure_groups() -> None:
    """The three roles exist as groups of Django's users."""
    for role in Role.values:
        Group.objects.get_or_create(name=role)
