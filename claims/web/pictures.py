"""Pictures made for one page: the pattern that an authenticator app reads with the phone's camera."""

from __future__ import annotations

from dataclasses import dataclass

import segno

# Cameras need this much white around the pattern (four of its squares, says ISO/IEC 18004).
QUIET = 4


@dataclass(frozen=True, slots=True)
class Pattern:
    """A QR code as one path of an SVG, so that the page draws it without a file, a script or a style."""

    side: int
    path: str


def qr(text: str) -> Pattern:
    """The QR code of a text, with its quiet zone; rows of dark squares are drawn as bars."""
    made = segno.make_qr(text, error="m")
    bars: list[str] = []
    for y, row in enumerate(made.matrix):
        x = 0
        while x < len(row):
            width = next((n for n, dark in enumerate(row[x:]) if not dark), len(row) - x)
            if width:
                bars.append(f"M{x + QUIET} {y + QUIET}h{width}v1h-{width}z")
            x += width + 1
    return Pattern(side=len(made.matrix) + 2 * QUIET, path="".join(bars))
