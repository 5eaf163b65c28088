"""Dates resolved, claims restated to stand alone, sentences split: always proposals, never guesses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.extraction.dates import resolve
from claims.extraction.restate import restate, split

THURSDAY = "2019-02-28"


@pytest.mark.parametrize(
    ("text", "phrase", "value", "granularity"),
    [
        ("Prices rose last year.", "last year", "2018", "year"),
        ("They met on Tuesday.", "Tuesday", "2019-02-26", "day"),
        ("They met on Thursday.", "Thursday", "2019-02-28", "day"),
        ("They met last Thursday.", "last Thursday", "2019-02-21", "day"),
        ("They will meet on Tuesday.", "Tuesday", "2019-03-05", "day"),
        ("On Monday they will meet again.", "Monday", "2019-03-04", "day"),
        ("Exports fell in March.", "March", "2018-03", "month"),
        ("The bridge will open in March.", "March", "2019-03", "month"),
        ("It closed two weeks ago.", "two weeks ago", "2019-02-11/2019-02-17", "week"),
        ("It closed three months ago.", "three months ago", "2018-11", "month"),
        ("Yesterday he resigned.", "Yesterday", "2019-02-27", "day"),
        ("The talks ended on February 28.", "February 28", "2019-02-28", "day"),
        ("The ruling came on 3 December.", "3 December", "2018-12-03", "day"),
        ("Growth slowed last quarter.", "last quarter", "2018-Q4", "quarter"),
        ("Last year's budget was cut.", "Last year", "2018", "year"),
    ],
)
def test_relative_dates_are_resolved_against_the_article(
    text: str, phrase: str, value: str, granularity: str
) -> None:
    (found,) = resolve(text, THURSDAY)
    assert (found.text, found.value, found.granularity) == (phrase, value, granularity)
    assert found.relative
    assert not found.ambiguous
    assert text[found.start : found.end] == phrase


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It was signed on Feb. 28, 2019.", "2019-02-28"),
        ("It was signed on 28 February 2019.", "2019-02-28"),
        ("It was signed on 2019-02-28.", "2019-02-28"),
        ("It was signed in May of 2017.", "2017-05"),
        ("It has been law since 1974.", "1974"),
        ("Wages stood still in the 1990s.", "1990-01-01/1999-12-31"),
    ],
)
def test_full_dates_need_no_article_date(text: str, value: str) -> None:
    (found,) = resolve(text, None)
    assert found.value == value
    assert not found.relative


@pytest.mark.parametrize(
    "text",
    ["She may 5 times win.", "They march 3 miles.", "on 31 February", "the last week of May", "7 percent"],
)
def test_what_is_no_date_stays_alone(text: str) -> None:
    assert resolve(text, THURSDAY) == []


def test_two_readings_are_said_to_be_two() -> None:
    (found,) = resolve("Prices rose last March.", "2019-04-10")
    assert found.ambiguous
    assert resolve("About two years ago it closed.", THURSDAY)[0].ambiguous


def test_without_a_usable_article_date_relative_dates_stay_unresolved() -> None:
    assert resolve("Prices rose last year.", None) == []
    assert resolve("Prices rose last year.", "soon") == []


def test_reported_words_name_their_speaker_and_lose_said_that() -> None:
    text = 'Joseph Yun, a former diplomat, said that the summit ended due to "lack of preparation".'
    start = text.index("that the")
    proposal = restate(text, content=[(start, len(text) - 1)], speaker="Joseph Yun")
    assert proposal == "According to Joseph Yun, the summit ended due to lack of preparation."


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('"I\'ve been to many summits."', "Joseph Yun has been to many summits."),
        ("I am the owner of two houses", "Joseph Yun is the owner of two houses."),
        ("I don't know my opponent", "Joseph Yun doesn't know their opponent."),
        ("My father fought in World War I", "Joseph Yun’s father fought in World War I."),
        (
            "I voted against it and I carry a card",
            "Joseph Yun voted against it and Joseph Yun carries a card.",
        ),
    ],
)
def test_a_speakers_own_i_becomes_the_name(content: str, expected: str) -> None:
    assert restate(content, content=content, speaker="Joseph Yun") == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Sometimes the ferry is late", "According to Ann Roe, sometimes the ferry is late."),
        ("For years, the ferry has been late", "According to Ann Roe, for years, the ferry has been late."),
        ("President Lee has won twice", "According to Ann Roe, President Lee has won twice."),
        (
            "The Lee administration has won twice",
            "According to Ann Roe, the Lee administration has won twice.",
        ),
    ],
)
def test_reported_words_in_running_text(content: str, expected: str) -> None:
    mentions = [("Lee", "Bo Lee")] if "administration" in content else []
    assert restate("x", content=content, speaker="Ann Roe", mentions=mentions) == expected


def test_pronouns_and_surnames_are_written_out_where_they_are_known() -> None:
    assert restate("He raised taxes last year.", article_date=THURSDAY, mentions=[("he", "John Roe")]) == (
        "John Roe raised taxes in 2018."
    )
    assert (
        restate("Mr. Roe raised taxes in 2018.", mentions=[("Roe", "John Roe")])
        == "John Roe raised taxes in 2018."
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("But unemployment fell to 4 percent in March.", "Unemployment fell to 4 percent in March 2018."),
        ("The ministry closed on Tuesday.", "The ministry closed on 26 February 2019."),
        ("Last year's budget was cut yesterday.", "2018's budget was cut on 27 February 2019."),
        ("Crime has doubled since last year.", "Crime has doubled since 2018."),
    ],
)
def test_dates_and_connecting_words_of_the_articles_own_sentences(text: str, expected: str) -> None:
    assert restate(text, article_date=THURSDAY) == expected


@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        ("He raised taxes.", None, ""),  # who?
        ("Unemployment fell to 4 percent in 2018.", None, ""),  # stands alone already
        ("She spoke of a lack of preparation.", "lack of preparation", "Ann Roe"),  # no clause
        ("Did taxes rise?", None, ""),
        ("We built this.", None, ""),
        ("x", "that's wrong", "Ann Roe"),
        ("x", "doing away with the mandate", "Ann Roe"),
        ("x", "four cases in which he defended people", "Ann Roe"),
        ("x", "how that had gone", "the panel"),
        ("x", "is down 22 per cent in a year", "Ann Roe"),
        ("x", "for relief from only five of the 11 sanctions, all five adopted in 2016", "Ann Roe"),
        ("x", "a new source of cash, he said: Income has gone up by a quarter", "Ann Roe"),
        ("x", "its menu: none of the meals contains sugar", "Ann Roe"),
    ],
)
def test_no_proposal_is_better_than_a_wrong_one(text: str, content: str | None, speaker: str) -> None:
    assert restate(text, content=content, speaker=speaker) is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Crime fell by 3 percent in 2018, and unemployment dropped to 4 percent.",
            ["Crime fell by 3 percent in 2018.", "Unemployment dropped to 4 percent."],
        ),
        (
            "The minister resigned in May; his deputy took over.",
            ["The minister resigned in May.", "His deputy took over."],
        ),
        (
            "Exports rose 5 percent while imports fell 3 percent.",
            ["Exports rose 5 percent.", "Imports fell 3 percent."],
        ),
        (
            "The city closed two schools and opened a third.",
            ["The city closed two schools.", "The city opened a third."],
        ),
        (
            "The company has cut 500 jobs and closed two plants.",
            ["The company has cut 500 jobs.", "The company has closed two plants."],
        ),
    ],
)
def test_two_claims_are_proposed_as_two_sentences(text: str, parts: list[str]) -> None:
    assert split(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "Trump and Kim met in Hanoi and Singapore.",
        "Police arrested two men and a woman.",
        "She said that taxes rose and that jobs fell.",
        "If taxes rise and jobs fall, the party will lose.",
        "He said “taxes rose and jobs fell” on Monday.",
        "Did taxes rise and did jobs fall?",
    ],
)
def test_one_claim_is_left_whole(text: str) -> None:
    assert split(text) == []


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.text(max_size=30))
def test_any_text_is_taken_without_an_error(text: str, speaker: str) -> None:
    for found in resolve(text, THURSDAY):
        assert text[found.start : found.end] == found.text
    assert restate(text, content=text, speaker=speaker, article_date=THURSDAY) == restate(
        text, content=text, speaker=speaker, article_date=THURSDAY
    )
    assert len(split(text)) != 1
