"""Names that look the same though their letters differ: the skeletons of Unicode's UTS #39, on its own data.

Two words of which neither mixes alphabets can still be taken for each other, as a name in Cyrillic for one in Latin.
"""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path

_DATA = Path(__file__).with_name("lookalikes.txt")


@functools.cache
def _patterns() -> dict[int, str]:
    """Each letter with the letters whose look it has, as ``str.translate`` takes them."""
    found = {}
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sign, _semicolon, pattern = line.partition(";")
            found[int(sign, 16)] = "".join(chr(int(part, 16)) for part in pattern.split())
    return found


def looks(name: str) -> tuple[str, str, str]:
    """How the name looks: as written, in small letters, in capitals.

    Only letters, digits and their accents count, so that hyphens, dots and blanks tell nobody apart. Of two names that
    agree in one of the three, one can be taken for the other: “Ian” for one that begins with a small L, not for “Lan”.
    """
    plain = unicodedata.normalize("NFKC", name)
    return _skeleton(plain), _skeleton(plain.lower()), _skeleton(plain.upper())


def alike(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    """Whether two looks can be taken for each other."""
    return any(first == second for first, second in zip(one, other, strict=True))


def _skeleton(text: str) -> str:
    shown = unicodedata.normalize("NFD", text).translate(_patterns())
    whole = unicodedata.normalize("NFC", unicodedata.normalize("NFD", shown))
    return "".join(sign for sign in whole if sign.isalnum() or unicodedata.category(sign).startswith("M"))
