"""Two texts beside each other: both can be read back from the pieces, and phrases stay together."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from claims.templatetags.public_tags import field_words
from claims.web.differences import compare

texts = st.text(alphabet="ab .\n", max_size=60)


@given(texts, texts)
@settings(max_examples=300, deadline=None)
def test_both_texts_can_be_read_back(old: str, new: str) -> None:
    changes = compare(old, new)
    assert "".join(change.text for change in changes if change.kind != "added") == old
    assert "".join(change.text for change in changes if change.kind != "removed") == new


def test_a_phrase_that_was_replaced_is_one_piece() -> None:
    changes = compare("About the editor's words here", "About my own words here")
    assert [(change.kind, change.text) for change in changes] == [
        ("same", "About "), ("removed", "the editor's"), ("added", "my own"), ("same", " words here"),
    ]  # fmt: skip


def test_very_long_texts_are_compared_by_lines() -> None:
    old = "\n".join(f"line {number} of a long text" for number in range(2000))
    changes = compare(old, old.replace("line 7 of", "row 7 of"))
    assert [change.text for change in changes if change.kind == "removed"] == ["line 7 of a long text\n"]


def test_a_person_who_joined_is_named_without_a_number() -> None:
    assert field_words("authors[2].name") == "Checked by"
    assert field_words("how_checked[2].words") == "Step of the check 2, words"
