"""How often a page asks again: often at first, then less, and not at all when everything is done."""

from __future__ import annotations

QUICK, STEADY, SLOW, REST = 1, 2, 5, 60


def delay(asked: int, *, at_rest: bool = False) -> int:
    """Seconds until the next question, after ``asked`` of them: 1 s for ten seconds, then 2 s, then 5 s.

    Where nothing moves for hours (``at_rest``), once a minute.
    """
    if at_rest:
        return REST
    if asked < 10:
        return QUICK
    return STEADY if asked < 30 else SLOW
