"""What changed between two versions of a report: field by field, word by word."""

import dataclasses
import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from claims.publishing.document import ReportDocument

Operation = Literal["equal", "added", "removed"]
_Code = tuple[str, int, int, int, int]

_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")
_BOOKKEEPING = frozenset(
    {
        "version",
        "change",
        "history",
        "notice",
        "published_at",
        "modified_at",
        "desk",
        "uid",
        "slug",
        "related",
    }
)
_KEYS = {"sources": "number", "levels": "position"}
_MAX_TOKENS = 6_000
# Words that stayed by chance between two changes ("of", "the year") are told with them: what came and went is read as
# two texts, not as a salad of single words.
_TOO_FEW_WORDS = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text that stayed, came or went."""

    operation: Operation
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs, with the words of both versions as segments.

    ``field`` is a path such as ``verdict.word`` or ``sources[3].quote``, where
    sources are named by their number; ``old`` or ``new`` is empty for what came
    or went as a whole.
    """

    field: str
    old: str
    new: str
    segments: tuple[Segment, ...]


def diff_text(old: str, new: str) -> list[Segment]:
    """The words that stayed, went and came, in reading order.

    A few words that stayed between two changes are told as part of them. The segments without the added ones give the old text, without the removed
    ones the new text. Very long texts are compared by the line.
    """
    before, after = _split(old, new)
    segments: list[Segment] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, old_start, old_end, new_start, new_end in _together(matcher.get_opcodes(), before):
        if tag == "equal":
            segments.append(Segment("equal", "".join(before[old_start:old_end])))
            continue
        if removed := "".join(before[old_start:old_end]):
            segments.append(Segment("removed", removed))
        if added := "".join(after[new_start:new_end]):
            segments.append(Segment("added", added))
    return segments


def _together(codes: Sequence[_Code], before: Sequence[str]) -> list[_Code]:
    """The same stretches, with changes that only a few words keep apart as one; paragraphs stay apart."""
    joined: list[_Code] = []
    for number, code in enumerate(codes):
        tag, old_start, old_end, new_start, new_end = code
        if tag == "equal" and 0 < number < len(codes) - 1 and _few(before[old_start:old_end]):
            tag = "replace"
        if joined and tag != "equal" and joined[-1][0] != "equal":
            _tag, old_start, _old, new_start, _new = joined.pop()
            tag = "replace"
        joined.append((tag, old_start, old_end, new_start, new_end))
    return joined


def _few(stretch: Sequence[str]) -> bool:
    words = sum(token[0].isalnum() or token[0] == "_" for token in stretch)
    return words < _TOO_FEW_WORDS and not any("\n" in token for token in stretch)


def diff_documents(old: ReportDocument, new: ReportDocument) -> list[FieldChange]:
    """The fields in which two versions differ, in the order of the document.

    Numbers, dates and the history of the version itself are left out: they
    differ always and say nothing about the report.
    """
    before, after = dict(_flat(old)), dict(_flat(new))
    names = [*before, *(name for name in after if name not in before)]
    return [
        FieldChange(name, before.get(name, ""), after.get(name, ""), _segments(before, after, name))
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]


def _segments(before: dict[str, str], after: dict[str, str], name: str) -> tuple[Segment, ...]:
    return tuple(diff_text(before.get(name, ""), after.get(name, "")))


def _split(old: str, new: str) -> tuple[list[str], list[str]]:
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    if len(before) + len(after) > _MAX_TOKENS:
        return old.splitlines(keepends=True), new.splitlines(keepends=True)
    return before, after


def _flat(document: ReportDocument) -> Iterator[tuple[str, str]]:
    for field in dataclasses.fields(document):
        if field.name not in _BOOKKEEPING:
            yield from _values(field.name, getattr(document, field.name))


def _values(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _values(f"{path}.{field.name}", getattr(value, field.name))
    elif isinstance(value, tuple):
        yield from _items(path, value)
    elif value not in (None, ""):
        yield path, _words(value)


def _items(path: str, values: tuple[Any, ...]) -> Iterator[tuple[str, str]]:
    if values and all(isinstance(value, str) for value in values):
        yield path, "\n".join(values)
        return
    key = _KEYS.get(path.rpartition(".")[2])
    for index, value in enumerate(values, start=1):
        yield from _values(f"{path}[{getattr(value, key) if key else index}]", value)


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)
