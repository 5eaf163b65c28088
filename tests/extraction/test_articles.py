"""The articles written for this project, each with what a careful editor would mark in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from claims.extraction import Extraction, Statement, extract

FOLDER = Path(__file__).parent / "articles"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))


def read(name: str) -> tuple[Extraction, dict[str, Any]]:
    """An article taken apart, and its gold."""
    gold: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return extract((FOLDER / f"{name}.txt").read_text(encoding="utf-8")), gold


def reported(found: Extraction, statement: Statement) -> str:
    """The words reported by a statement."""
    return " ".join(found.text[start:end] for start, end in statement.content)


def holding(found: Extraction, words: str, *, nested: bool = False) -> Statement:
    """The outermost statement that reports some words; with ``nested`` the innermost."""
    fitting = [one for one in found.statements if words in reported(found, one)]
    assert fitting, f"no statement reports {words!r}"
    return fitting[-1] if nested else fitting[0]


def same(left: str, right: str) -> bool:
    return left.casefold() == right.casefold()


def test_there_are_twelve_genres() -> None:
    assert (
        len({json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["genre"] for name in NAMES})
        >= 12
    )


@pytest.mark.parametrize("name", NAMES)
def test_speakers_and_kinds(name: str) -> None:
    found, gold = read(name)
    wrong = []
    for item in gold["expect"]:
        statement = holding(found, item["text"])
        if not same(statement.speaker, item["speaker"]) or statement.kind != item["kind"]:
            wrong.append((item["text"], statement.speaker, statement.kind))
    for words, speaker in gold.get("nested", []):
        statement = holding(found, words, nested=True)
        if not same(statement.speaker_mention, speaker) or statement.parent is None:
            wrong.append((words, statement.speaker_mention, statement.kind))
    assert not wrong


@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_invented(name: str) -> None:
    found, gold = read(name)
    known = {item["speaker"].casefold() for item in gold["expect"]}
    nested = {speaker.casefold() for _, speaker in gold.get("nested", [])}
    outer = {one.speaker.casefold() for one in found.statements if one.speaker}
    mentions = {one.speaker_mention.casefold() for one in found.statements if one.speaker}
    assert not {who for who in outer - known if who not in nested and not mentions & nested}, outer - known
    for words in gold["own"]:
        assert holding(found, words).kind == "statement", words


@pytest.mark.parametrize("name", NAMES)
def test_title_and_leftovers(name: str) -> None:
    found, gold = read(name)
    if "title" in gold:
        assert found.title == gold["title"]
    if "dateline" in gold:
        assert found.dateline == gold["dateline"]
    for words, reason in gold.get("dropped", []):
        assert any(words in piece.text and piece.reason == reason for piece in found.dropped), (
            words,
            found.dropped,
        )
        assert words not in {one.text for one in found.statements}
    for words in gold.get("contains", []):
        assert words in found.text
