"""Two texts compared word by word, as pieces that a template marks with ``<ins>`` and ``<del>``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch that stayed, came or went."""

    kind: Literal["same", "added", "removed"]
    text: str


def compare(old: str, new: str) -> list[Change]:
    """How ``new`` came out of ``old``. Very long texts are compared line by line, so that cost stays bounded."""
    if old == new:
        return [Change("same", old)] if old else []
    one, other = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(one) + len(other) > LONGEST:
        one, other = old.splitlines(keepends=True), new.splitlines(keepends=True)
    return _runs(one, other)


def _runs(one: list[str], other: list[str]) -> list[Change]:
    """The changes in order; a blank between two changes belongs to both, so that phrases stay together."""
    changes: list[Change] = []
    removed: list[str] = []
    added: list[str] = []

    def close() -> None:
        for kind, words in (("removed", removed), ("added", added)):
            if words:
                changes.append(Change(kind, "".join(words)))  # type: ignore[arg-type]  # one of the two
        removed.clear()
        added.clear()

    opcodes = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    for at, (kind, i, j, k, m) in enumerate(opcodes):
        if kind != "equal":
            removed += one[i:j]
            added += other[k:m]
            continue
        same = "".join(one[i:j])
        if same.strip() or "\n" in same or at in (0, len(opcodes) - 1):
            close()
            changes.append(Change("same", same))
        else:
            removed.append(same)
            added.append(same)
    close()
    return changes
