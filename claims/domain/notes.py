"""How long may be what people write, to each other and into fields: one limit and one sentence for every face.

Nothing is cut off in silence: who wrote more is told, and shortens it.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.exceptions import InvalidInput

# As long as the note to a source; a hand-over fits on a screen or two.
LONGEST = 5_000
LONGEST_COMMENT = 10_000
# What the columns of articles and claims hold.
MOST_OF = {
    "title": 500, "outlet": 200, "author": 300, "topic": 80, "restated": 2000, "speaker": 300, "speaker_role": 300,
    "said_where": 300,
}  # fmt: skip

# Letters and signs that print nothing, though by their category they would.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")

_TOO_LONG: dict[str, str | Promise] = {
    "note": _("The note is longer than %(most)s characters. Shorten it."),
    "reason": _("The reason is longer than %(most)s characters. Shorten it."),
    "public_note": _("The note to readers is longer than %(most)s characters. Shorten it."),
    "text": _("The comment is longer than %(most)s characters. Shorten it."),
    "title": _("The title is longer than %(most)s characters. Shorten it."),
    "outlet": _("The outlet is longer than %(most)s characters. Shorten it."),
    "author": _("The author is longer than %(most)s characters. Shorten it."),
    "topic": _("The topic is longer than %(most)s characters. Shorten it."),
    "restated": _("The sentence to check is longer than %(most)s characters. Shorten it."),
    "speaker": _("The speaker's name is longer than %(most)s characters. Shorten it."),
    "speaker_role": _("The speaker's role is longer than %(most)s characters. Shorten it."),
    "said_where": _("Where it was said is longer than %(most)s characters. Shorten it."),
}


def too_long(field: str, most: int = LONGEST) -> str:
    """The sentence about a ``field`` in which too much was written."""
    return str(_TOO_LONG[field]) % {"most": f"{most:,}"}


def require_short(text: Any, field: str = "note", most: int = LONGEST) -> str:
    """The text without blanks around it.

    Raises:
        InvalidInput: it is longer than ``most`` characters, or holds a NUL; the error names ``field``.
    """
    kept = str(text or "").strip()
    if "\x00" in kept:  # PostgreSQL takes none, and not every face reads what is typed by a form
        raise InvalidInput(_("Null characters are not allowed."), field)
    if len(kept) > most:
        raise InvalidInput(too_long(field, most), field)
    return kept


def is_seen(sign: str) -> bool:
    """Whether a sign prints something, be it a blank."""
    return sign not in _BLANK and unicodedata.category(sign)[0] != "C"


def as_kept(text: Any) -> str:
    """A note as it is kept and compared word for word: browsers send other ends of lines than they were given.

    One in which nothing can be seen is empty: it would pass for a note and tell readers nothing.
    """
    kept = str(text or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    return kept if any(is_seen(sign) and not sign.isspace() for sign in kept) else ""


def require_fits(text: Any, field: str) -> str:
    """What was typed into a ``field`` of an article or a claim, without blanks around it.

    Raises:
        InvalidInput: it is longer than its column; the error names ``field``.
    """
    return require_short(text, field, MOST_OF[field])
