"""Cost must grow with the length of a text, not with its square.

``benchmarks.extraction_speed`` measures the seconds and the doubling up to 1 MB.
"""

from __future__ import annotations

import re

import pytest

from benchmarks.extraction_speed import made_up
from claims.extraction import extract
from claims.extraction.cleaning import clean
from tests.extraction.hostile import HOSTILE
from tests.extraction.test_properties import check
from tests.growth import faults

LONG = 16_000


def untouched(text: str) -> object:
    return extract(text, clean=False)


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
