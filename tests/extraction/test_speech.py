"""Harder cases of whose words stand where: asides, unreal speech, quotations that go on, and invisible joiners."""

from __future__ import annotations

import pytest

from claims.extraction import extract
from claims.extraction.language import detect
from claims.extraction.repair import characters
from claims.extraction.sentences import sentences
from tests.extraction.test_attribution import sources


@pytest.mark.parametrize(
    "text",
    [
        "Had the minister said that taxes would fall, markets would have risen.",
        "Ann Lee could have said that the bridge was closed.",
        "The firm declined to comment.",
        "Ann Lee refused to say who had paid.",
    ],
)
def test_what_was_never_said_is_nobodys_words(text: str) -> None:
    assert sources(text) == []


def test_a_refusal_to_act_is_still_reported() -> None:
    assert sources("Ann Lee refused to sign the treaty.") == [("Ann Lee", "indirect", "to sign the treaty")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The plan failed, court records show.", [("court records", "indirect", "The plan failed")]),
        ("Prices rose, the audit found.", [("the audit", "indirect", "Prices rose")]),
        (
            "“We won,” Rep. Ann Lee (R-Ohio), a panel member, said in an interview.",
            [("Ann Lee", "direct", "“We won,”")],
        ),
        (
            "Ann Lee, who denied that it was late, said that taxes rose.",
            [("Ann Lee", "indirect", "that it was late"), ("Ann Lee", "indirect", "that taxes rose")],
        ),
        (
            "Club boss Ann Lee, asked about the rumours, laughed: “You tell me!”",
            [("Ann Lee", "direct", "“You tell me!”")],
        ),
        (
            "Asked about Bob Ray's claim that it was late, Ann Lee said taxes rose.",
            [("Bob Ray", "indirect", "that it was late"), ("Ann Lee", "indirect", "taxes rose")],
        ),
        ("“Why is it not enough?” Lee demanded.", [("Lee", "direct", "“Why is it not enough?”")]),
    ],
)
def test_asides_and_closing_cues(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert sources(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann Lee: Taxes Will Rise Next Year", [("Ann Lee", "indirect", "Taxes Will Rise Next Year")]),
        ("Analysis: Taxes Will Rise Next Year", []),
        ("The Latest: Taxes Will Rise Next Year", []),
        (
            "The roads, he added, are like “old bombs.”",
            [("he", "mixed", "The roads … are like “old bombs.”")],
        ),
        (
            "Many were older, she said, and “I had to stop.”",
            [("she", "mixed", "Many were older … “I had to stop.”")],
        ),
        (
            "Ann Lee likened the rules to “arson” — a charge that may have stung.",
            [("Ann Lee", "mixed", "the rules to “arson”")],
        ),
    ],
)
def test_where_reported_words_end(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert sources(text) == expected


def test_a_quotation_goes_on_behind_a_sentence_about_its_speaker() -> None:
    text = "“We lost,” Ann Lee said on Monday. She did not explain. “We will try again.”"
    assert [who for who, _, _ in sources(text)] == ["Ann Lee", "Ann Lee"]
    other = "“We lost,” Ann Lee said on Monday. The council met Bob Ray. “We will try again.”"
    assert [who for who, _, _ in sources(other)] == ["Ann Lee", ""]


def test_a_space_between_two_closing_marks() -> None:
    text = "\"I never liked the word 'outreach,' \" he told the group, adding that it was old."
    first = extract(text, clean=False).statements[0]
    assert text[slice(*first.content[0])] == "\"I never liked the word 'outreach,' \""


def test_a_signature_with_an_initial_belongs_to_its_quotation() -> None:
    text = "“He is no leader. He never was!” ― Julie A. Diaz"
    assert [text[start:end] for start, end in sentences(text)] == [
        "“He is no leader.",
        "He never was!” ― Julie A. Diaz",
    ]


def test_no_statement_begins_within_a_word() -> None:
    text = 'One woman, who vowed to fight it, shouted "Shame!" as the lawyer left.'
    for one in extract(text, clean=False).statements:
        assert one.start == 0 or not (text[one.start - 1].isalnum() and text[one.start].isalnum()), one.text


def test_the_professor_is_not_the_spokeswoman_who_spoke_last() -> None:
    text = "Mao Lin, a ministry spokeswoman, said it was late. “We were shocked,” the professor said."
    last = extract(text, clean=False).statements[-1]
    assert (last.speaker, last.speaker_resolved) == ("the professor", False)


def test_a_name_in_apposition_to_a_possessive() -> None:
    text = "Its lead author, Prof. Ines Carvalho of the University of Lisbon, said the number rose. “It did,” the professor said."
    assert {one.speaker for one in extract(text, clean=False).statements} == {"Ines Carvalho"}


@pytest.mark.parametrize("kept", ["👨‍👩‍👧‍👦 came", "او می‌گوید", "क्‍ष"])
def test_joiners_that_belong_to_a_word_stay(kept: str) -> None:
    assert characters(kept) == kept


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [("a\u200db", "ab"), ("\u200cWord", "Word"), ("so\u200b me", "so me"), ("x\u200d", "x")],
)
def test_joiners_from_a_web_page_go(dirty: str, clean: str) -> None:
    assert characters(dirty) == clean


@pytest.mark.parametrize(
    ("text", "code"), [("“Yes.”", "en"), ("“We won”", "en"), ("No habrá más impuestos este año.", "es")]
)
def test_few_words(text: str, code: str) -> None:
    assert detect(text) == code
