"""Fonts and line breaking for the share card.

Latin, Greek and Cyrillic come from the font that ships with the program; other
scripts from the first system font that has the letters.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import ImageFont, features

Font = ImageFont.FreeTypeFont

VENDORED: Final = Path(__file__).resolve().parents[1] / "static" / "claims" / "vendor" / "fonts"
SYSTEM: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/Library/Fonts"))

_EMOJI = re.compile(
    "[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\ufe0f\u20e3\U000e0020-\U000e007f]\u200d?"
)
_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines in one font; ``leading`` is the distance from line to line in pixels."""

    lines: tuple[str, ...]
    font: ImageFont.FreeTypeFont
    leading: int


def font_for(text: str, size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    """A font of ``size`` pixels that has the letters of the text.

    Where no font on the machine has all of them, the one that misses fewest.
    """
    return ImageFont.truetype(_font_file(frozenset(text), bold), size)


def printable(text: str) -> str:
    """The text on one line, without pictographs, which text fonts do not have."""
    return " ".join(_EMOJI.sub("", text).split())


def direction_of(direction: str) -> str | None:
    """The direction as Pillow wants it, if it can set right-to-left text at all."""
    return direction if features.check("raqm") else None


def fit(
    text: str, *, width: int, heights: tuple[int, int], sizes: range, bold: bool
) -> tuple[tuple[str, ...], Block]:
    """Break a text over two boxes, one above the other, in the largest size that fits.

    Always at least one word in each box, if there are two words. A text too
    long for the smallest size ends in an ellipsis.

    Returns:
        The lines of the upper box, and the block of the lower one, whose font
        and leading hold for both.
    """
    upper: tuple[str, ...] = ()
    block = Block((), font_for(text, sizes[-1], bold=bold), 1)
    for size in sizes:
        font = font_for(text, size, bold=bold)
        leading = round(size * 1.24)
        lines = _evenly(list(wrapped(text, font, width)), text, font, width)
        half = (len(lines) + 1) // 2
        upper, block = tuple(lines[:half]), Block(tuple(lines[half:]), font, leading)
        if half * leading <= heights[0] and (len(lines) - half) * leading <= heights[1]:
            return upper, block
    room = heights[0] // block.leading + heights[1] // block.leading
    lines = [*upper, *block.lines][:room]
    lines[-1] = f"{lines[-1][:-2].rstrip()}{_ELLIPSIS}"
    half = heights[0] // block.leading
    return tuple(lines[:half]), Block(tuple(lines[half:]), block.font, block.leading)


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    """Break at blanks; inside a word only where it is wider than the line by itself."""
    line = ""
    for piece in _pieces(text, font, width):
        candidate = f"{line}{piece}"
        if line and font.getlength(candidate.rstrip()) > width:
            yield line.rstrip()
            candidate = piece.lstrip()
        line = candidate
    if line.strip():
        yield line.rstrip()


def shortened(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """The text, cut with an ellipsis if it is too wide for one line."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}{_ELLIPSIS}") > width:
        text = text[:-1].rstrip()
    return f"{text}{_ELLIPSIS}"


def _evenly(lines: list[str], text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """A short text as two lines of like length, so that the verdict can stand between them."""
    if len(lines) > 2 or " " not in text:
        return lines
    half = int(font.getlength(text) * 0.56) + 1
    broken = list(wrapped(text, font, min(width, half)))
    return broken if len(broken) == 2 else lines if len(lines) == 2 else text.rsplit(" ", 1)


def _pieces(text: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    for word in re.findall(r"\S+\s*", text):
        if font.getlength(word.rstrip()) <= width:
            yield word
        else:
            yield from word


@functools.lru_cache(maxsize=256)
def _font_file(letters: frozenset[str], bold: bool) -> str:
    best = VENDORED / ("SourceSerif4-Bold.ttf" if bold else "SourceSerif4-Regular.ttf")
    fewest = _missing(best, letters)
    for path in _system_fonts() if fewest else ():
        if (missing := _missing(path, letters)) < fewest:
            best, fewest = path, missing
        if not fewest:
            break
    return str(best)


@functools.cache
def _system_fonts() -> tuple[Path, ...]:
    files = [path for folder in SYSTEM if folder.is_dir() for path in folder.rglob("*.[to]t[fc]")]
    text_fonts = (path for path in files if "Emoji" not in path.name and "Mono" not in path.name)
    return tuple(
        sorted(text_fonts, key=lambda path: ("Bold" not in path.name, "Italic" in path.name, path.name))
    )


def _missing(path: Path, letters: frozenset[str]) -> int:
    """How many letters the font draws as its box for an unknown one."""
    try:
        font = ImageFont.truetype(str(path), 24)
    except OSError:
        return len(letters) + 1
    unknown = bytes(font.getmask("\U0010fffd"))
    return sum(bytes(font.getmask(letter)) == unknown for letter in letters if not letter.isspace())
