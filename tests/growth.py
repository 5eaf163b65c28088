"""Does a piece of work cost more a letter in a long text than in a short one?

Seconds on a shared machine prove little, so growth is judged twice over texts eight times apart, where a nested
search would show as sixty-four: by counting calls, which no other process can change, and by processor time, which
also sees what happens inside one regular expression, with a limit far from both.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from types import FrameType

TIMES = 8
MOST_CALLS = 1.25 * TIMES
MOST_TIME = 2.5 * TIMES
TRIES = 5
# So short a run says nothing: the clock ticks coarser on some machines.
LEAST = 0.0005

Work = Callable[[str], object]


def calls(work: Work, text: str) -> int:
    """How many functions, of Python or of C, one run calls."""
    count = 0

    def note(_frame: FrameType, event: str, _what: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work(text)
    finally:
        sys.setprofile(before)
    return count


def seconds(work: Work, text: str) -> float:
    """Processor seconds of one run, without the collector: its cost depends on what other tests left behind."""
    gc.disable()
    try:
        begin = time.process_time()
        work(text)
        return time.process_time() - begin
    finally:
        gc.enable()


def faults(work: Work, whole: str) -> list[str]:
    """What shows that the cost of a text grows faster than its length."""
    part = whole[: len(whole) // TIMES]
    found = []
    few, many = calls(work, part), calls(work, whole)
    # A call for each character is allowed on top: a long line may be looked at in ways that a short one is spared.
    if many > MOST_CALLS * few + len(whole):
        found.append(f"{few} calls became {many}")
    short = long = float("inf")
    for _ in range(TRIES):
        short, long = min(short, seconds(work, part)), min(long, seconds(work, whole))
        if long <= MOST_TIME * max(short, LEAST):
            return found
    return [*found, f"{short:.4f} s became {long:.4f} s"]
