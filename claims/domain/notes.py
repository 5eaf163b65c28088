"""How long what people write to each other may be: one limit and one sentence for every face.

Nothing is cut off in silence: who wrote more is told, and shortens it.
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.exceptions import InvalidInput

# As long as the note to a source; a hand-over fits on a screen or two.
LONGEST = 5_000
LONGEST_COMMENT = 10_000

_TOO_LONG: dict[str, str | Promise] = {
    "note": _("The note is longer than %(most)s characters. Shorten it."),
    "reason": _("The reason is longer than %(most)s characters. Shorten it."),
    "public_note": _("The note to readers is longer than %(most)s characters. Shorten it."),
    "text": _("The comment is longer than %(most)s characters. Shorten it."),
}


def too_long(field: str, most: int = LONGEST) -> str:
    """The sentence about a ``field`` in which too much was written."""
    return str(_TOO_LONG[field]) % {"most": f"{most:,}"}


def require_short(text: Any, field: str = "note", most: int = LONGEST) -> str:
    """The text without blanks around it.

    Raises:
        InvalidInput: it is longer than ``most`` characters; the error names ``field``.
    """
    kept = str(text or "").strip()
    if len(kept) > most:
        raise InvalidInput(too_long(field, most), field)
    return kept
