"""How people of the desk are called: names that print as they are, on one line, and tell one person from another.

Reports name their authors and who approved them, mails begin with names, and four eyes are only seen to be four where two
people are not called the same. So a name that somebody chooses for themselves holds nothing that cannot be seen, no
letters that pass for those of another alphabet, and is not a colleague's, nor looks like it in another alphabet.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from claims.domain import notes, people
from claims.exceptions import InvalidInput
from claims.matching import lookalikes

LONGEST = 150
# They join letters, or keep them apart, in names of Persian and of Indian languages.
_JOINERS = "\u200c\u200d"
# Alphabets whose letters pass for each other's.
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})


# Beside letters, accents, digits and blanks; others pass for letters, as an upright stroke for a small L.
_SIGNS = frozenset("'’ʼ‘`´.,:-‐‑·・׳״()/&")


def cleaned(name: str) -> str:
    """The name on one line, without signs that cannot be seen or that turn the direction of what follows."""
    kept = "".join(
        " " if sign.isspace() else sign
        for sign in name
        if sign.isspace() or sign in _JOINERS or notes.is_seen(sign)
    )
    return " ".join(kept.strip(f"{_JOINERS} ").split())[:LONGEST]


def stranger_in(name: str) -> str:
    """The first sign in the name that is in nobody's name; empty where there is none."""
    return next(
        (
            sign
            for sign in name
            if unicodedata.category(sign)[0] not in "LMNZ" and sign not in _SIGNS and sign not in _JOINERS
        ),
        "",
    )


def require_letters(name: str, field: str) -> None:
    """Raise ``InvalidInput`` where the name holds a sign that may pass for a letter, or letters of two alphabets."""
    if sign := stranger_in(name):
        raise InvalidInput(_("Leave out “%(sign)s”: it can be taken for a letter.") % {"sign": sign}, field)
    require_one_alphabet(name, field)


def require_one_alphabet(name: str, field: str) -> None:
    """Raise ``InvalidInput`` where a word mixes letters of alphabets that look alike."""
    for word in name.split():
        found = {unicodedata.name(sign, "").partition(" ")[0] for sign in word if sign.isalpha()}
        if len(found & _ALIKE) > 1:
            raise InvalidInput(
                _("“%(word)s” has letters of two alphabets that look alike. Type it in one.")
                % {"word": word},
                field,
            )


def require_own(person: User, first: str, last: str, username: str) -> None:
    """Raise ``InvalidInput`` where a colleague is called, or seems to be called, as this person wants to be."""
    if seems_anothers(people.name_of(first, last, username), but=person):
        raise InvalidInput(
            _(
                "Somebody on this desk is called so, or it looks the same. Add what tells you apart, such as a second name."
            ),
            "last_name",
        )


def seems_anothers(name: str, *, but: User | None = None) -> bool:
    """Whether a reader may take this for the name of somebody else of the desk, or of the desk where it acts by itself."""
    called = [people.display_name(other) for other in _others(but).filter(is_active=True)]
    return _seems_one_of(name, [*called, people.display_name(None)])


def user_name_seems_anothers(username: str, *, but: User | None = None) -> bool:
    """Whether a reader may take this for the user name of somebody else, whose account may be closed."""
    return _seems_one_of(username, _others(but).values_list("username", flat=True))


def _others(but: User | None) -> QuerySet[User]:
    everybody = User.objects.order_by("pk")
    return everybody.exclude(pk=but.pk) if but else everybody


def _seems_one_of(name: str, others: Iterable[str]) -> bool:
    wanted = lookalikes.looks(name)
    return any(lookalikes.alike(wanted, lookalikes.looks(other)) for other in others)
