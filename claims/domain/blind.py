"""The second rating: where the desk asks for it, a second reader rates before seeing what the first one chose.

Until then everything that tells the first verdict is kept from them, on every page, in the API and in the
administration: rating and texts of the verdict, its drafts, comments, notices that quote them, the notes of assignments,
and the reasons in the timeline. Whoever writes on the claim sees it all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import audit, notes, people, statements
from claims.domain.locking import lock_claim
from claims.enums import ClaimStatus, Role
from claims.exceptions import InvalidInput, NotAllowed, TransitionRefused
from claims.models import Authorship, Claim, DeskSettings, RatingLevel, SecondRating, Verdict

# Until it is approved, a verdict can still be judged by somebody who has not seen it. In these three somebody is at it;
# in the others (held, given back, declined and perhaps reopened) there is something to hide once a verdict was written.
ON_THE_WAY = frozenset({ClaimStatus.ASSIGNED, ClaimStatus.RESEARCHING, ClaimStatus.IN_REVIEW})
AT_REST = frozenset(
    {ClaimStatus.NEW, ClaimStatus.TRIAGED, ClaimStatus.ON_HOLD, ClaimStatus.DECLINED, ClaimStatus.DUPLICATE}
)


def is_asked() -> bool:
    """Whether the desk asks its second readers to rate before they see the verdict."""
    desk = statements.one(DeskSettings, 1)
    return desk is not None and desk.blind_second_rating


def kept_back(person: User) -> QuerySet[Claim]:
    """The claims whose verdict this person should not see yet, as rows for a further query."""
    if not is_asked():
        return Claim.objects.none()
    return _kept_back(person)


def _kept_back(person: User) -> QuerySet[Claim]:
    of_claim = {"claim": OuterRef("pk")}
    rows = Claim.objects.filter(
        Q(status__in=ON_THE_WAY) | Q(Exists(Verdict.objects.filter(**of_claim)), status__in=AT_REST),
        ~Exists(Authorship.objects.filter(person=person, **of_claim)),
        ~Exists(SecondRating.objects.filter(reader=person, **of_claim)),
    ).exclude(assignee=person)
    if Role.EDITOR in people.roles(person):
        # An editor may write while the verdict is being written, unless asked to be its second reader.
        rows = rows.exclude(~Q(second_reader=person), status__in=ClaimStatus.writable())
    return rows.order_by()


class OnAList(Protocol):
    """A claim, or what a list shows of one."""

    @property
    def pk(self) -> int: ...
    @property
    def status(self) -> str: ...
    @property
    def assignee_id(self) -> int | None: ...


def hidden(claims: Iterable[OnAList], person: User) -> set[int]:
    """The claims whose verdict this person should not see yet, in at most two queries besides the person's roles."""
    waiting = {
        claim.pk
        for claim in claims
        if claim.status in ON_THE_WAY | AT_REST and claim.assignee_id != person.pk
    }
    if not waiting or not is_asked():
        return set()
    return set(_kept_back(person).filter(pk__in=waiting).values_list("pk", flat=True))


def hidden_from(claim: Claim, persons: Sequence[User]) -> set[int]:
    """The other way round: which of these people, by id, should not see this claim's verdict yet, on a desk that asks so.

    The same rule as in ``hidden``, in at most four queries however many people there are.
    """
    others = [person for person in persons if person.pk != claim.assignee_id]
    if not others or claim.status not in ON_THE_WAY | AT_REST:
        return set()
    if claim.status in AT_REST and not Verdict.objects.filter(claim=claim).exists():
        return set()
    prefetch_related_objects(others, "groups")
    writable = claim.status in ClaimStatus.writable()
    waiting = {
        person.pk
        for person in others
        if not (writable and claim.second_reader_id != person.pk and Role.EDITOR in people.roles(person))
    }
    wrote = Authorship.objects.filter(claim=claim, person__in=waiting).values_list("person_id", flat=True)
    rated = SecondRating.objects.filter(claim=claim, reader__in=waiting).values_list("reader_id", flat=True)
    return waiting - set(wrote) - set(rated)


def in_sight(rows: QuerySet[Any], person: User, claim: str = "claim") -> QuerySet[Any]:
    """The rows without those of claims whose verdict this person, who may look at any table, should not see yet.

    Args:
        claim: the field that leads from a row to its claim.
    """
    if not is_asked():
        return rows
    # Rows of no claim stay, which NOT IN alone would drop.
    return rows.filter(Q(**{f"{claim}__isnull": True}) | ~Q(**{f"{claim}__in": _kept_back(person)}))


def mark(rows: QuerySet[Any], person: User, claim: str = "claim") -> QuerySet[Any]:
    """The same rows, each with ``unseen``: whether its words may tell a verdict that this person should not see yet."""
    marked: QuerySet[Any] = rows.annotate(unseen=Exists(kept_back(person).filter(pk=OuterRef(claim))))
    return marked


def is_hidden(claim: Claim, person: User) -> bool:
    """Whether the verdict of this claim is kept from this person for now."""
    return bool(hidden([claim], person))


def veil(claims: Iterable[Claim], person: User) -> set[int]:
    """Take the verdict off the claims in memory that this person should not see, and say which they are.

    What draws lists asks ``claim.verdict`` and then finds none, so no template has to remember the rule.
    """
    rows = list(claims)
    kept_back = hidden(rows, person)
    for claim in rows:
        if claim.pk in kept_back:
            claim._state.fields_cache["verdict"] = None
    return kept_back


def require_sight(claim: Claim, person: User) -> None:
    """Raise ``NotAllowed`` where the verdict, or what tells of it, is kept from this person for now."""
    if is_hidden(claim, person):
        raise NotAllowed(
            _(
                "This desk asks for your own rating before you see the first one. Rate the claim on its review page."
            )
        )


def rating_missing(claim: Claim, person: User | None) -> bool:
    """Whether this person has to rate the claim before they can approve it."""
    if person is None or not is_asked():
        return False
    return not SecondRating.objects.filter(claim=claim, reader=person).exists()


@transaction.atomic
def record_rating(claim_id: int, *, actor: User, level: Any, note: str = "") -> SecondRating:
    """Keep how a second reader rates the claim, beside what the checker chose. It is said once and stays.

    Args:
        level: id or key of a rating on the scale in use.
        note: why, for the checker to read afterwards.

    Raises:
        NotAllowed: not a reviewer, a machine, the checker, or somebody who wrote on the claim.
        TransitionRefused: the claim does not wait for a review, has no rating, or was rated by this person before.
        InvalidInput: no rating was chosen.
    """
    people.require(actor, Role.REVIEWER)
    claim = lock_claim(claim_id)
    if people.is_machine(actor):
        raise NotAllowed(_("A machine account cannot set or approve a verdict."))
    if claim.assignee_id == actor.pk or Authorship.objects.filter(claim=claim, person=actor).exists():
        raise NotAllowed(_("You wrote on this claim, so somebody else has to rate it a second time."))
    if claim.second_reader_id not in (None, actor.pk) and Role.EDITOR not in people.roles(actor):
        raise NotAllowed(
            _("Another second reader was asked: %(name)s.")
            % {"name": people.display_name(claim.second_reader)}
        )
    verdict = Verdict.objects.select_related("level", "saved_by").filter(claim=claim).first()
    if claim.status != ClaimStatus.IN_REVIEW or verdict is None or verdict.level is None:
        raise TransitionRefused(_("This claim does not wait for a review now."))
    if SecondRating.objects.filter(claim=claim, reader=actor).exists():
        raise TransitionRefused(_("You have rated this claim already."))
    chosen = _level(level)
    rating = SecondRating.objects.create(
        claim=claim, reader=actor, level=chosen, first_level=verdict.level,
        first_author=claim.assignee or verdict.saved_by, note=notes.require_short(note), created_at=timezone.now(),
    )  # fmt: skip
    # Which rating it was is not told here: the timeline is read by others who may still have to rate.
    audit.record("rating.recorded", actor=actor, claim=claim, data={"rating": rating.pk})
    return rating


def _level(value: Any) -> RatingLevel:
    levels = RatingLevel.objects.filter(scale__in_use=True)
    text = str(value or "")
    found = levels.filter(pk=int(text)) if text.isdecimal() and len(text) < 19 else levels.filter(key=text)
    level = found.first()
    if level is None:
        raise InvalidInput(_("Choose a rating."), "level")
    return level


def latest(claim: Claim) -> SecondRating | None:
    """The newest second rating of the claim, with names and words at hand."""
    rows = SecondRating.objects.select_related("level", "first_level", "reader", "first_author")
    return rows.filter(claim=claim).order_by("-id").first()


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two people who did not know of each other chose the same rating. ``kappa`` takes chance out of it."""

    count: int
    same: int
    kappa: float | None

    @property
    def share(self) -> float | None:
        """The part that agreed, from 0 to 1; None without a rating."""
        return self.same / self.count if self.count else None


def agreement(**narrowed: Any) -> Agreement:
    """Cohen's kappa over the desk's second ratings; ``narrowed`` is what ``SecondRating`` may be filtered by.

    Kappa is None where it means nothing: without ratings, or where chance alone would always agree.
    """
    pairs = list(
        SecondRating.objects.filter(**narrowed).values_list("first_level__key", "level__key").order_by("id")
    )
    same = sum(first == second for first, second in pairs)
    if not pairs:
        return Agreement(0, 0, None)
    firsts, seconds = Counter(first for first, _second in pairs), Counter(second for _first, second in pairs)
    by_chance = sum(firsts[key] * seconds[key] for key in firsts) / len(pairs) ** 2
    kappa = (same / len(pairs) - by_chance) / (1 - by_chance) if by_chance < 1 else None
    return Agreement(len(pairs), same, kappa)
