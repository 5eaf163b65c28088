"""Cost must grow with the length of a text, not with its square.

Seconds on a shared machine prove little, so growth is judged twice over texts eight times apart, where a nested
search would show as sixty-four: by counting calls, which no other process can change, and by processor time, which
also sees what happens inside one regular expression, with a limit far from both. ``benchmarks.extraction_speed``
measures the seconds and the doubling up to 1 MB.
"""

from __future__ import annotations

import gc
import re
import sys
import time
from collections.abc import Callable
from types import FrameType

import pytest

from benchmarks.extraction_speed import made_up
from claims.extraction import extract
from claims.extraction.cleaning import clean
from tests.extraction.hostile import HOSTILE
from tests.extraction.test_properties import check

TIMES = 8
LONG = 16_000
MOST_CALLS = 1.25 * TIMES
MOST_TIME = 2.5 * TIMES
TRIES = 5
# So short a run says nothing: the clock ticks coarser on some machines.
LEAST = 0.0005

Work = Callable[[str], object]


def untouched(text: str) -> object:
    return extract(text, clean=False)


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


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_text_eight_times_as_long_costs_about_eight_times(name: str) -> None:
    whole = HOSTILE[name][:LONG]
    assert faults(untouched, whole) == []
    assert faults(clean, whole) == []
    check(extract(whole))


def test_long_news_costs_no_more_a_word_than_short_news() -> None:
    assert faults(extract, made_up(40_000)) == []


def count_from_the_start(text: str) -> None:
    """A nested search with few calls: each line counts what stands before it."""
    for match in re.finditer(r"\n", text):
        text.count("that", 0, match.start())


def backtrack(text: str) -> None:
    """A pattern that looks to the end of the text from each of its places, in one call."""
    re.findall(r"a[^x]*x", text)


def test_the_measure_sees_a_nested_search() -> None:
    lines = "said that she\n" * 3_000
    assert any("s became" in fault for fault in faults(count_from_the_start, lines))
    assert any("s became" in fault for fault in faults(backtrack, "a" * 16_000))


def test_the_measure_sees_calls_in_calls() -> None:
    def nested(text: str) -> None:
        words = text.split()
        for word in words:
            for other in words:
                other.startswith(word)

    assert any("calls became" in fault for fault in faults(nested, "said that " * 400))


def test_the_measure_lets_linear_work_pass() -> None:
    assert faults(lambda text: [word.lower() for word in text.split()], "said that " * 20_000) == []
