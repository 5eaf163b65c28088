"""Small cases of attribution, sentences, quotation marks, cleaning, language and the command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from claims.extraction import Statement, extract
from claims.extraction.language import detect
from claims.extraction.quotes import find_quotes
from claims.extraction.repair import characters, spaces
from claims.extraction.sentences import paragraphs, sentences


def sources(text: str) -> list[tuple[str, str, str]]:
    """(speaker, kind, words reported) of the statements that are somebody's."""
    found = extract(text, clean=False)
    return [
        (one.speaker, one.kind, " … ".join(found.text[a:b] for a, b in one.content))
        for one in found.statements
        if one.kind != "statement"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We won,” said Ann Lee.", [("Ann Lee", "direct", "“We won,”")]),
        ("“We won,” Ann Lee said.", [("Ann Lee", "direct", "“We won,”")]),
        ("Ann Lee said: “We won.”", [("Ann Lee", "direct", "“We won.”")]),
        ("Ann Lee said taxes rose.", [("Ann Lee", "indirect", "taxes rose")]),
        ("Taxes, Ann Lee said, rose.", [("Ann Lee", "indirect", "Taxes … rose")]),
        ("“I am,” said Jim Dale, a guard, “very sad.”", [("Jim Dale", "direct", "“I am,” … “very sad.”")]),
        ("As Ann Lee noted, taxes rose.", [("Ann Lee", "indirect", "taxes rose")]),
        ("According to Ann Lee, taxes rose.", [("Ann Lee", "indirect", "taxes rose")]),
        ("Taxes rose, according to Ann Lee.", [("Ann Lee", "indirect", "Taxes rose")]),
        (
            "Ann Lee said taxes rose, while Bob Ray said they fell.",
            [("Ann Lee", "indirect", "taxes rose"), ("Bob Ray", "indirect", "they fell")],
        ),
    ],
)
def test_where_the_cue_stands(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert sources(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Ann Lee did not say when the bridge would open.",
        "If Ann Lee says no, the bridge stays closed.",
        "Ann Lee could say that the bridge is closed.",
        "Nobody has said that the bridge is closed.",
        "The claims were filed in March.",
        "The states added three seats.",
    ],
)
def test_what_is_not_speech(text: str) -> None:
    assert sources(text) == []


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Traffic fell by 31 per cent, Mayor Lena Brandt told reporters on Tuesday.", "Lena Brandt"),
        ("Traffic fell by 31 per cent, a rise elsewhere, Lena Brandt told the council.", "Lena Brandt"),
        ("When the bridge had opened, Lena Brandt told the crowd.", ""),
        ("He came late, Lena Brandt told the truth.", ""),
    ],
)
def test_words_that_somebody_is_told_stand_in_front(text: str, speaker: str) -> None:
    assert extract(text).statements[0].speaker == speaker


def test_nested_words_are_a_statement_inside_the_outer_one() -> None:
    found = extract("Ann Lee said that Bob Ray told reporters the dam was safe.", clean=False)
    outer, inner = found.statements
    assert (outer.speaker, inner.speaker, inner.parent) == ("Ann Lee", "Bob Ray", 0)


def test_own_words_before_a_cue_stay_the_articles_own() -> None:
    own, said = extract("The law passed on Tuesday after Smith said it was needed.", clean=False).statements
    assert (own.kind, own.text) == ("statement", "The law passed on Tuesday")
    assert said.speaker == "Smith"


def test_quotation_over_paragraphs_has_one_attribution() -> None:
    found = extract("“It rained,” said Ann Lee. “It rained a lot.\n\n“Then it stopped.”", clean=False)
    assert {one.speaker for one in found.statements} == {"Ann Lee"}
    assert len({one.attribution for one in found.statements}) == 1


def speaker_of(text: str) -> Statement:
    return [one for one in extract(text, clean=False).statements if one.kind != "statement"][-1]


def test_surname_pronoun_and_role_are_resolved() -> None:
    opening = "Nora Vance, a geologist at Port Ansel University, said the cliff was unsafe. "
    assert speaker_of(opening + "Vance said it would fall.").speaker == "Nora Vance"
    assert speaker_of(opening + "She said it would fall.").speaker == "Nora Vance"
    assert speaker_of(opening + "This expert said it would fall.").speaker == "Nora Vance"
    assert "geologist" in speaker_of(opening + "Vance said it would fall.").speaker_title


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Two winters ago Ann Lee promised homes that were “warm and cheap”.", "Ann Lee"),
        ("On Wednesday night the housing panel said that it would wait.", "the housing panel"),
        ("Shortly after midnight Ann Lee said that taxes rose.", "Ann Lee"),
        ("Taxes were “a scare story”, Constance Ely said, and rents were not.", "Constance Ely"),
    ],
)
def test_a_time_or_an_ending_is_no_part_of_a_name(text: str, speaker: str) -> None:
    assert {who for who, _, _ in sources(text)} == {speaker}


def test_a_time_is_nobody() -> None:
    assert sources("It comes from a page that on the same day reported the election of a seagull.") == []


def test_quoted_words_behind_an_attribution_are_that_speakers() -> None:
    text = "It is hard to imagine a third summit, wrote Ann Lee, because people “have lost all faith in it”."
    said = "It is hard to imagine a third summit … because people “have lost all faith in it”"
    assert sources(text) == [("Ann Lee", "mixed", said)]
    apart = (
        "The Danes are not ready to go home, Ann Lee said; he spoke of “a huge gap between hope and life”."
    )
    assert [who for who, _, _ in sources(apart)] == ["Ann Lee", "Ann Lee"]
    cut = [apart[one.start : one.end] for one in extract(apart, clean=False).statements]
    assert cut == [apart[: apart.index(" “")], apart[apart.index("“") :]]


def test_unresolved_stays_unresolved() -> None:
    one = speaker_of("He said it would fall.")
    assert (one.speaker, one.speaker_resolved) == ("He", False)
    two = speaker_of("Ann Lee and Tom Lee met. Lee said it would fall.")
    assert (two.speaker, two.speaker_resolved) == ("Lee", False)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Mr. Jones of the U.S. Army met J. R. Hale at 5 p.m. Tuesday. He left.", 2),
        ("It cost 3.5 million. No. 5 won.", 2),
        ("“Stop!” he cried. “Why?” she asked.", 2),
        ("He waited… Then he left. Wait... what?", 3),
        ("They met at 6 p.m. The price rose.", 2),
        ("「そうだ。」と言った。雨だ。", 2),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("He said 'I saw the dogs' dinner' to Ann's son.", 1),
        ("It's the voters' choice and the '90s are over.", 0),
        ("«Non», dit-il. „Nein“, sagte sie.", 2),
        ("``Yes,'' he said.", 1),
        ("The wall is 6'2\" high.", 0),
        ("“She told me ‘no’ twice,” he said.", 2),
    ],
)
def test_quotation_marks(text: str, quotes: int) -> None:
    assert len(find_quotes(text, paragraphs(text))) == quotes


def test_repairs() -> None:
    assert (
        spaces("According toCNN, ofWashington Postcommented that")
        == "According to CNN, of Washington Post commented that"
    )
    assert characters("â€œYesâ€\x9d, cafÃ©, co\u00adop\ud800") == "“Yes”, café, coop\ufffd"


def test_html_is_taken_apart() -> None:
    page = (
        "<html><head><title>T | Site</title><script>var a='<p>x</p>'</script></head><body><nav>Home</nav><h1>Dam opens</h1>"
        "<figure><img src=a><figcaption>The dam</figcaption></figure><p>The dam opened on <a href=x>Monday</a>.</p>"
        "<aside>Read more</aside><p>“Good,” said Ann&nbsp;Lee.</p><footer>Contact</footer></body></html>"
    )
    found = extract(page)
    assert (found.title, found.text) == ("Dam opens", "The dam opened on Monday.\n\n“Good,” said Ann Lee.")
    assert [piece.reason for piece in found.dropped] == [
        "menu",
        "caption",
        "box beside the article",
        "page footer",
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Der Minister sagte am Montag, dass er nicht nach Brenn komme.", "de"),
        ("Le ministre a dit que la loi est votée dans les deux chambres.", "fr"),
        ("El ministro dijo que la ley no pasará por el congreso este año.", "es"),
        ("これは日本語の文章です。", "ja"),
        ("The minister said on Monday that he would not come.", "en"),
    ],
)
def test_languages(text: str, code: str) -> None:
    assert detect(text) == code


def test_another_language_is_marked_and_not_guessed() -> None:
    found = extract("„Wir bauen das Haus“, sagte die Ministerin am Montag. Es ist nicht das erste.")
    assert (found.language, found.language_supported) == ("de", False)
    assert [one.kind for one in found.statements][-1] == "statement"
    assert not any(one.speaker or one.worthiness for one in found.statements)


def test_the_command_needs_no_database(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Ann Lee said taxes rose.", encoding="utf-8")
    manage = Path(__file__).parents[2] / "manage.py"
    command = [sys.executable, str(manage), "extract", str(path), "-", "--format", "jsonl"]
    result = subprocess.run(command, input=b"Bob Ray said no.", capture_output=True, check=True, cwd=tmp_path)
    first, second = (json.loads(line) for line in result.stdout.decode().splitlines())
    assert first["source"] == str(path)
    assert first["statements"][0]["speaker"] == "Ann Lee"
    assert second["statements"][0]["speaker"] == "Bob Ray"
    gone = subprocess.run(
        [*command[:3], str(tmp_path / "none.txt")], capture_output=True, check=False, cwd=tmp_path
    )
    assert gone.returncode != 0
    assert b"Cannot read" in gone.stderr
