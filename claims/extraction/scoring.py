"""The one place where statements get their worthiness, reasons, kinds of claim and proposals."""

from __future__ import annotations

from collections.abc import Sequence

from .kinds import reasons_and_kinds
from .restate import restate, split
from .worthiness import score

__all__ = ["reasons_and_kinds", "restate", "score", "split", "worthiness_of"]


def worthiness_of(sentences: Sequence[str]) -> list[float]:
    """Worthiness of each sentence, 0 to 1, rounded so that equal input prints equally everywhere."""
    if not sentences:
        return []
    once = list(dict.fromkeys(sentences))
    values = {text: round(value, 4) for text, value in zip(once, score(once), strict=True)}
    return [values[text] for text in sentences]
