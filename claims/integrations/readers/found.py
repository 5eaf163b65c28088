"""What a reader finds, and how it says that it found nothing."""

from __future__ import annotations

from dataclasses import dataclass

MAX_CHARACTERS = 2_000_000
# Fewer words than this are a menu, a notice or a caption, not an article.
MIN_WORDS = 20


@dataclass(frozen=True)
class Found:
    """Article text and what the document says about itself.

    Paragraphs of ``text`` are separated by a blank line. ``published`` is an ISO date or empty. ``warnings``
    are codes: ``cut`` (longer than we read), ``pages`` (not every page read), ``paywall``, ``notice``.
    """

    text: str
    title: str = ""
    outlet: str = ""
    author: str = ""
    published: str = ""
    url: str = ""
    warnings: tuple[str, ...] = ()


class NotRead(Exception):
    """No text could be had; ``code`` is one of the codes of ``errors.DocumentError`` and its kinds."""

    def __init__(self, code: str, kind: str = "") -> None:
        super().__init__(code, kind)
        self.code = code
        self.kind = kind


def cut(text: str, warnings: tuple[str, ...] = ()) -> tuple[str, tuple[str, ...]]:
    """At most ``MAX_CHARACTERS`` of ``text``, with a warning where something was left out."""
    if len(text) <= MAX_CHARACTERS:
        return text, warnings
    return text[:MAX_CHARACTERS], (*warnings, "cut")
