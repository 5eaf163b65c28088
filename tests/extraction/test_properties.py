"""What must hold of extraction on any text whatever."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.extraction import Extraction, extract
from claims.extraction.sentences import paragraphs, sentences
from claims.extraction.types import KINDS

ANY = st.text(alphabet=st.characters(), max_size=400)
PIECES = st.sampled_from(
    [
        "said ",
        "Ann Lee ",
        "according to ",
        "he ",
        "that ",
        "“",
        "”",
        '"',
        "'",
        "‘",
        "’",
        "«",
        "»",
        ", ",
        ". ",
        ".\n\n",
        ": ",
        "\n",
        "Mr. ",
        "U.S. ",
        "the plan failed",
        "told reporters ",
        "and ",
        "added ",
        "who ",
        "3.5 ",
        "p.m. ",
        "(",
        ")",
        "— ",
        "; ",
        "...",
        "claims ",
        "claim that ",
        "his ",
        "is said to ",
        "reportedly ",
        "asked ",
        "?” ",
        "Q: ",
        "A: ",
        "<p>",
        "</p>",
        "\ud800",
        "\u00ad",
        "「",
        "」",
        "The ministry ",
        "this expert ",
        "as X noted, ",
        "![]() |",
        "![",
        "not ",
        "if ",
        "to ",
        "\r\n",
        "\u2028",
    ]
)
NEWSLIKE = st.lists(PIECES, max_size=60).map("".join)
TEXTS = st.one_of(ANY, NEWSLIKE)
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(found: Extraction) -> None:
    """Every promise that the types make about offsets and order."""
    blocks = paragraphs(found.text)
    for index, statement in enumerate(found.statements):
        assert found.text[statement.start : statement.end] == statement.text
        assert statement.text.strip() == statement.text != ""
        assert statement.kind in KINDS
        assert 0.0 <= statement.worthiness <= 1.0
        start, end = blocks[statement.paragraph]
        assert start <= statement.start < statement.end <= end
        assert statement.content
        for begin, stop in statement.content:
            assert statement.start <= begin < stop <= statement.end
        assert list(statement.content) == sorted(statement.content)
        if statement.kind == "statement":
            assert not statement.speaker and statement.speaker_span is None
        if statement.speaker_span is not None:
            begin, stop = statement.speaker_span
            assert 0 <= begin < stop <= len(found.text)
        if statement.parent is not None:
            parent = found.statements[statement.parent]
            assert statement.parent < index
            assert parent.start <= statement.start and statement.end <= parent.end


@FUZZ
@given(TEXTS)
def test_untouched_text_keeps_its_offsets(text: str) -> None:
    found = extract(text, clean=False)
    assert found.text == text
    check(found)


@FUZZ
@given(TEXTS)
def test_cleaned_text_keeps_its_promises(text: str) -> None:
    found = extract(text)
    check(found)
    assert not any("\ud800" <= char <= "\udfff" for char in found.text)
    json.dumps(found.to_dict(), ensure_ascii=False).encode()
    for piece in found.dropped:
        assert piece.reason and 0 <= piece.before <= len(found.text)


@FUZZ
@given(TEXTS)
def test_every_sentence_is_in_a_statement(text: str) -> None:
    found = extract(text, clean=False)
    covered = {at for statement in found.statements for at in range(statement.start, statement.end)}
    for start, end in paragraphs(text):
        for begin, stop in sentences(text, start, end):
            lost = [text[at] for at in range(begin, stop) if at not in covered and text[at].isalnum()]
            assert not lost or text[begin:stop].count("—") + text[begin:stop].count("-"), lost


@FUZZ
@given(TEXTS)
def test_same_input_same_output(text: str) -> None:
    assert extract(text).to_dict() == extract(text).to_dict()


def test_same_output_under_another_hash_seed() -> None:
    import os
    import subprocess
    import sys

    text = "Ann Lee and Bob Ray said taxes rose. “They did,” Lee said. The minister, Ray added, “was wrong.” He left."
    code = "import sys, json; from claims.extraction import extract; print(json.dumps(extract(sys.argv[1]).to_dict()))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, text],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1
