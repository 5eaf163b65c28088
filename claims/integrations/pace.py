"""Before each request: is there leave to ask this service, and is it this host's turn?

The client asks; who answers lives in the database and is set by whoever does the work of a step. Without a keeper
(a command, a webhook) nothing is held back. A keeper may refuse by raising ``NotYet``: that is no answer of the other
side, so no connector turns it into one, and the step waits for its turn instead.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol


class Keeper(Protocol):
    """Counts requests and hands out turns."""

    def asked(self, service: str) -> None:
        """One request goes to ``service`` (empty for a page that somebody cited)."""

    def turn(self, host: str) -> float:
        """Take the next turn at ``host``; how many seconds until it comes. Raises ``NotYet`` when that is too long."""


_keeper: ContextVar[Keeper | None] = ContextVar("keeper", default=None)


@contextmanager
def kept(keeper: Keeper) -> Iterator[None]:
    """Every request made inside asks ``keeper`` first."""
    token = _keeper.set(keeper)
    try:
        yield
    finally:
        _keeper.reset(token)


def asked(service: str) -> None:
    """Tell the keeper, where there is one, that a request is about to go to ``service``."""
    keeper = _keeper.get()
    if keeper is not None:
        keeper.asked(service)


def wait_for_turn(host: str) -> float:
    """Wait until ``host`` may be asked again; the seconds that took."""
    keeper = _keeper.get()
    seconds = keeper.turn(host) if keeper is not None else 0.0
    if seconds > 0:
        time.sleep(seconds)
    return seconds
