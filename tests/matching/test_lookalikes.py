"""Names that look the same though their letters differ, and those that only resemble each other."""

from __future__ import annotations

import pytest

from claims.matching.lookalikes import alike, looks


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Capa", "\u0421\u0430\u0440\u0430"),  # wholly Cyrillic
        ("Noa", "\u039d\u039f\u0391"),  # wholly Greek, in capitals
        ("Pia Desk", "\u0420\u0456\u0430 D\u0435sk"),
        ("Vera", "\u03bdera"),
        ("Kim", "Kirn"),
        ("Ida", "lda"),
        ("Oscar", "0scar"),
        ("Sara Kim", "sara-kim"),
        ("Hans", "\uff28ans"),
        ("Jos\u00e9", "Jose\u0301"),
    ],
)
def test_what_a_reader_takes_for_the_same(one: str, other: str) -> None:
    assert alike(looks(one), looks(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ian", "Lan"),
        ("Jos\u00e9", "Jose"),
        ("Anna", "Anne"),
        ("\u0418\u0432\u0430\u043d", "Ivan"),  # the same name in two alphabets looks different
        ("\u039d\u03af\u03ba\u03bf\u03c2", "Nikos"),
        ("\u0645\u0631\u064a\u0645", "\u0645\u0631\u064a\u0627"),
    ],
)
def test_what_a_reader_tells_apart(one: str, other: str) -> None:
    assert not alike(looks(one), looks(other))
