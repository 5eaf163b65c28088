"""The list of weakened builds follows the code: what each takes away is there, its test is there, and the table says so."""

from __future__ import annotations

import re

import pytest

from benchmarks import weakened
from benchmarks.harness import ROOT
from benchmarks.weakenings import WEAKENINGS, Weakening

NUMBERS = {*range(19, 28), *range(30, 35), *range(35, 45)}


@pytest.mark.parametrize("one", WEAKENINGS, ids=lambda one: f"{one.number} {one.taken_away}")
def test_what_is_taken_away_is_there_and_so_is_its_test(one: Weakening) -> None:
    text = (ROOT / one.file).read_text(encoding="utf-8")
    assert weakened.weakened(text, one) != text
    path, _, name = one.test.partition("::")
    tests = (ROOT / path).read_text(encoding="utf-8")
    assert not name or re.search(rf"^def {name.partition('[')[0]}\(", tests, re.M), one.test


def test_every_number_of_the_list_has_one_and_the_table_is_this_list() -> None:
    assert {one.number for one in WEAKENINGS} == NUMBERS
    readme = (ROOT / "tests" / "README.md").read_text(encoding="utf-8")
    assert "\n".join(weakened.table()) in readme, "python -m benchmarks.weakened --table"
