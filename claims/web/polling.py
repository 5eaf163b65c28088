"""How often a page asks again: often at first, then less, and not at all when everything is done."""

from __future__ import annotations

QUICK, STEADY, SLOW = 1, 2, 5


def delay(asked: int) -> int:
    """Seconds until the next question, after ``asked`` of them: 1 s for ten seconds, then 2 s, then 5 s."""
    if asked < 10:
        return QUICK
    return STEADY if asked < 30 else SLOW
