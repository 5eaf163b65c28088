"""The picture that goes with a shared link: 1200 by 630 pixels, made on the server.

The word of the verdict runs across the claim, so that a card cut down to the
claim cannot carry a falsehood alone. The file name holds the hash of the
version: after a change of verdict every cache has to fetch anew.
"""

import io
from typing import Final

from PIL import Image, ImageDraw

from claims.publishing import typesetting
from claims.publishing.bodies import summary
from claims.publishing.document import ReportDocument

SIZE: Final = (1200, 630)

_PAPER, _INK, _QUIET, _LINE = "#ffffff", "#16191d", "#4a525c", "#d8dce2"
_COLOURS: Final = ("#a11330", "#ad4710", "#875800", "#3f6a12", "#0b6b45")
_MARGIN: Final = 64
_WIDTH: Final = SIZE[0] - 2 * _MARGIN
_BAND: Final = (292, 396)
_CLAIM: Final = (112, 522)
_GAP: Final = 20
_SIZES: Final = range(60, 23, -2)


def filename(document: ReportDocument) -> str:
    """A file name that changes whenever the version does."""
    return f"{document.slug}-{document.sha256()[:12]}.png"


def alt_text(document: ReportDocument) -> str:
    """The card in words."""
    speaker = document.claim.speaker
    who = f"{speaker.name}: " if speaker else ""
    return f"{who}{_claim_words(document)} {summary(document)} {document.desk.name}."


def render(document: ReportDocument, *, withdrawn: str = "Withdrawn") -> bytes:
    """Draw the card as PNG, far below 300 kB.

    Args:
        document: the current version.
        withdrawn: the word that takes the verdict's place on a retracted report.
    """
    card = Image.new("RGB", SIZE, _PAPER)
    draw = ImageDraw.Draw(card)
    _Card(draw, document, withdrawn).paint()
    buffer = io.BytesIO()
    card.quantize(colors=96, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def colour(document: ReportDocument) -> str:
    """The colour of the verdict: from red to green on the scale, ink off it."""
    verdict = document.verdict
    if document.retracted or verdict.position is None or verdict.worst is None or verdict.best is None:
        return _INK
    share = (verdict.position - verdict.worst) / (verdict.best - verdict.worst)
    return _COLOURS[round(share * (len(_COLOURS) - 1))]


def _claim_words(document: ReportDocument) -> str:
    """In quotation marks only if they are the words that were said."""
    words = typesetting.printable(document.claim.stated)
    return words if document.claim.restated else f"“{words}”"


class _Card:
    """One card being drawn; right-to-left reports are drawn mirrored."""

    def __init__(self, draw: ImageDraw.ImageDraw, document: ReportDocument, withdrawn: str) -> None:
        self.draw = draw
        self.document = document
        self.rtl = document.direction == "rtl"
        self.word = withdrawn if document.retracted else document.verdict.word
        self.start = SIZE[0] - _MARGIN if self.rtl else _MARGIN
        self.end = _MARGIN if self.rtl else SIZE[0] - _MARGIN

    def paint(self) -> None:
        """Draw everything, the verdict last, on top."""
        self._head()
        self._claim()
        self._foot()
        self._band()

    def _head(self) -> None:
        document = self.document
        self._text(document.desk.name, y=50, size=30, bold=True, fill=_INK, width=_WIDTH - 330)
        day = document.modified_at.date().isoformat()
        self._text(f"{day} · v{document.version}", y=54, size=26, fill=_QUIET, width=320, at_end=True)

    def _claim(self) -> None:
        text = _claim_words(self.document)
        heights = (_BAND[0] - _GAP - _CLAIM[0], _CLAIM[1] - _BAND[1] - _GAP)
        upper, lower = typesetting.fit(text, width=_WIDTH, heights=heights, sizes=_SIZES, bold=False)
        top = _BAND[0] - _GAP - len(upper) * lower.leading
        for index, line in enumerate(upper):
            self._line(line, top + index * lower.leading, lower.font)
        for index, line in enumerate(lower.lines):
            self._line(line, _BAND[1] + _GAP + index * lower.leading, lower.font)

    def _foot(self) -> None:
        self.draw.line([(_MARGIN, 540), (SIZE[0] - _MARGIN, 540)], fill=_LINE, width=2)
        speaker = self.document.claim.speaker
        who = ", ".join(part for part in (speaker.name, speaker.role) if part) if speaker else ""
        self._text(who, y=562, size=28, fill=_QUIET, width=_WIDTH - 360)
        self._text(self.document.desk.host, y=562, size=28, fill=_QUIET, width=340, at_end=True)

    def _band(self) -> None:
        top, bottom = _BAND
        self.draw.rectangle([(0, top), (SIZE[0], bottom)], fill=colour(self.document))
        room = _WIDTH - (260 if self._levels() else 0)
        self._text(self.word, y=top + 18, size=58, bold=True, fill=_PAPER, width=room)
        for index, filled in enumerate(self._levels()):
            self._level(index, filled)

    def _levels(self) -> list[bool]:
        """The steps of the scale from worst to best, true for the one that was chosen."""
        verdict = self.document.verdict
        if (
            self.document.retracted
            or verdict.position is None
            or verdict.worst is None
            or verdict.best is None
        ):
            return []
        return [step == verdict.position for step in range(verdict.worst, verdict.best + 1)]

    def _level(self, index: int, filled: bool) -> None:
        count, height = len(self._levels()), 28 if filled else 12
        width = min(40, 230 // count)
        offset = (count - index) * width
        left = self.end + offset - width if self.rtl else self.end - offset
        middle = (_BAND[0] + _BAND[1]) // 2
        box = [(left + 3, middle - height // 2), (left + width - 3, middle + height // 2)]
        self.draw.rectangle(box, fill=_PAPER if filled else None, outline=_PAPER, width=2)

    def _line(self, line: str, y: int, font: typesetting.Font) -> None:
        anchor = "ra" if self.rtl else "la"
        direction = typesetting.direction_of(self.document.direction)
        self.draw.text((self.start, y), line, font=font, fill=_INK, anchor=anchor, direction=direction)

    def _text(
        self, text: str, *, y: int, size: int, fill: str, width: int, bold: bool = False, at_end: bool = False
    ) -> None:
        text = typesetting.printable(text)
        font = typesetting.font_for(text, size, bold=bold)
        x = self.end if at_end else self.start
        anchor = "la" if at_end == self.rtl else "ra"
        direction = typesetting.direction_of(self.document.direction)
        short = typesetting.shortened(text, font, width)
        self.draw.text((x, y), short, font=font, fill=fill, anchor=anchor, direction=direction)
