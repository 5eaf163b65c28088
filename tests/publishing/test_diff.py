"""What changed between versions, shown word by word."""

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from claims.publishing.diff import Segment, diff_documents, diff_text
from tests.publishing import samples


@given(st.text(max_size=80), st.text(max_size=80))
def test_segments_rebuild_both_texts(old: str, new: str) -> None:
    segments = diff_text(old, new)
    assert "".join(part.text for part in segments if part.operation != "added") == old
    assert "".join(part.text for part in segments if part.operation != "removed") == new
    assert all(part.text for part in segments)


def test_only_the_changed_words_are_marked() -> None:
    assert diff_text("It rose by 31 per cent.", "It rose by 13 per cent.") == [
        Segment("equal", "It rose by "),
        Segment("removed", "31"),
        Segment("added", "13"),
        Segment("equal", " per cent."),
    ]


def test_few_words_between_changes_are_told_with_them_and_paragraphs_stay_apart() -> None:
    assert diff_text(
        "Both the statistics and the survey show it.\nOld end.", "The tonnage and 1997 show it.\nNew end."
    ) == [
        Segment("removed", "Both the statistics and the survey"),
        Segment("added", "The tonnage and 1997"),
        Segment("equal", " show it.\n"),
        Segment("removed", "Old"),
        Segment("added", "New"),
        Segment("equal", " end."),
    ]


def test_very_long_texts_are_compared_by_the_line() -> None:
    old = "\n".join(f"line {number} of the text" for number in range(2000))
    new = old.replace("line 7 of", "line seven of")
    changed = [part for part in diff_text(old, new) if part.operation != "equal"]
    assert changed == [
        Segment("removed", "line 7 of the text\n"),
        Segment("added", "line seven of the text\n"),
    ]


def test_exactly_the_changed_fields() -> None:
    old, new = (
        samples.report(),
        samples.corrected(headline="About 69.8 cents of every toll euro go to the buses"),
    )
    new = dataclasses.replace(new, verdict=dataclasses.replace(new.verdict, word="False", position=1))
    assert [change.field for change in diff_documents(old, new)] == [
        "headline",
        "verdict.word",
        "verdict.position",
    ]
    assert diff_documents(old, samples.corrected()) == []


def test_sources_go_by_their_number() -> None:
    old = samples.report()
    new = samples.report(sources=(samples.SOURCES[0], samples.SOURCES[2]))
    fields = [change.field for change in diff_documents(old, new)]
    assert fields
    assert all(field.startswith("sources[2].") for field in fields)
    assert {change.new for change in diff_documents(old, new)} == {""}


def test_texts_in_lists_are_compared_as_one() -> None:
    old, new = samples.report(short=("one", "two")), samples.report(short=("one", "three"))
    (change,) = diff_documents(old, new)
    assert (change.field, change.old, change.new) == ("short", "one\ntwo", "one\nthree")


def test_a_flag() -> None:
    (change,) = diff_documents(samples.report(), samples.report(retracted=True))
    assert (change.old, change.new) == ("no", "yes")
