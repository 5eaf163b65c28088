"""The rating scale: each save is a version of its own, and what was rated keeps the version it was rated with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from claims.domain import audit, desk, people
from claims.exceptions import Conflict, InvalidInput
from claims.models import RatingLevel, RatingScale, ReportVersion, Verdict

FEWEST, MOST = 2, 9
MOST_OFF_SCALE = 12


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating as an editor writes it; ``key`` where it was on the scale before."""

    word: str
    definition: str
    key: str = ""


def in_use() -> RatingScale | None:
    """The scale that verdicts are written with now, its ratings at hand."""
    return RatingScale.objects.prefetch_related("levels").filter(in_use=True).first()


def versions() -> list[RatingScale]:
    """Every scale the desk had, newest first."""
    return list(RatingScale.objects.prefetch_related("levels").order_by("-created_at", "-id"))


def drafts_on_older_scales() -> int:
    """Verdicts still being written whose rating is none of the scale in use."""
    rated = Verdict.objects.filter(level__isnull=False, claim__report__current_version__isnull=True)
    return rated.exclude(level__scale__in_use=True).count()


def reports_frozen() -> int:
    """How many frozen versions of reports there are; none of them changes with the scale."""
    return ReportVersion.objects.count()


@transaction.atomic
def save(
    *, actor: User, seen: int, name: str, on_scale: Sequence[Rating], off_scale: Sequence[Rating]
) -> RatingScale:
    """Make a new version of the scale and use it from now on.

    Args:
        seen: id of the scale that the person saw when they began.
        on_scale: the ratings in order, the truest first.
        off_scale: labels that carry no number.

    Returns:
        The new scale; the one that stands where nothing was changed.

    Raises:
        NotAllowed: only editors do this.
        Conflict: somebody saved another version meanwhile.
        InvalidInput: too few or too many ratings, one without word or meaning, or a word twice.
    """
    people.require_head(actor)
    desk.hold()
    standing = in_use()
    if standing is not None and standing.pk != seen:
        raise Conflict(
            _(
                "Somebody saved version %(version)d of the scale after you opened it. Your words are still here."
            )
            % {"version": standing.version},
            {"scale": standing.pk, "version": standing.version},
        )
    name = " ".join(name.split())[:80]
    if not name:
        raise InvalidInput(_("Enter the name of the scale."), "name")
    upper, lower = [_cleaned(rating) for rating in on_scale], [_cleaned(rating) for rating in off_scale]
    _check(upper, lower)
    if standing is not None and _same(standing, name, upper, lower):
        return standing
    RatingScale.objects.filter(in_use=True).update(in_use=False)
    top = RatingScale.objects.filter(name=name).aggregate(top=Max("version"))["top"] or 0
    scale = RatingScale.objects.create(name=name, version=top + 1, in_use=True, created_at=timezone.now())
    _levels(scale, upper, lower)
    audit.record(
        "scale.made", actor=actor,
        data={"name": name, "version": scale.version, "on_scale": [one.word for one in upper],
              "off_scale": [one.word for one in lower]},
    )  # fmt: skip
    return scale


def _cleaned(rating: Rating) -> Rating:
    return Rating(" ".join(rating.word.split()), " ".join(rating.definition.split()), rating.key)


def _check(upper: Sequence[Rating], lower: Sequence[Rating]) -> None:
    if not FEWEST <= len(upper) <= MOST:
        raise InvalidInput(
            _("A scale has from %(fewest)d to %(most)d ratings in order.") % {"fewest": FEWEST, "most": MOST}, "on_scale"
        )  # fmt: skip
    if len(lower) > MOST_OFF_SCALE:
        raise InvalidInput(
            _("Keep it to %(most)d labels off the scale.") % {"most": MOST_OFF_SCALE}, "off_scale"
        )
    seen: set[str] = set()
    for field, ratings in (("on_scale", upper), ("off_scale", lower)):
        for rating in ratings:
            if not rating.word:
                raise InvalidInput(_("Enter a word for every rating that has a meaning."), field)
            if len(rating.word) > 60:
                raise InvalidInput(
                    _("“%(word)s” is longer than 60 characters.") % {"word": rating.word[:40]}, field
                )
            if not rating.definition:
                raise InvalidInput(_("Say what “%(word)s” means.") % {"word": rating.word}, field)
            if rating.word.casefold() in seen:
                raise InvalidInput(_("“%(word)s” is there twice.") % {"word": rating.word}, field)
            seen.add(rating.word.casefold())


def _same(scale: RatingScale, name: str, upper: Sequence[Rating], lower: Sequence[Rating]) -> bool:
    rows = sorted(scale.levels.all(), key=lambda row: -(row.value or 0))
    on = [(row.word, row.definition) for row in rows if not row.off_scale]
    off = [(row.word, row.definition) for row in scale.levels.all() if row.off_scale]
    return (
        scale.name == name
        and on == [(one.word, one.definition) for one in upper]
        and off == [(one.word, one.definition) for one in lower]
    )


def _levels(scale: RatingScale, upper: Sequence[Rating], lower: Sequence[Rating]) -> None:
    """The rows of a scale. A rating that was there before keeps its key, by which reports are counted and found."""
    known = set(RatingLevel.objects.values_list("key", flat=True))
    taken: set[str] = set()
    rows = []
    for off, ratings in ((False, upper), (True, lower)):
        for position, rating in enumerate(ratings):
            key = _key(rating, known, taken)
            taken.add(key)
            rows.append(
                RatingLevel(
                    scale=scale, key=key, word=rating.word, definition=rating.definition, off_scale=off,
                    value=None if off else len(upper) - position, position=position,
                )
            )  # fmt: skip
    RatingLevel.objects.bulk_create(rows)


def _key(rating: Rating, known: set[str], taken: set[str]) -> str:
    if rating.key in known and rating.key not in taken:
        return rating.key
    base = slugify(rating.word).replace("-", "_")[:34] or "rating"
    return next(key for n in range(1, 1000) if (key := base if n == 1 else f"{base}_{n}") not in taken)
