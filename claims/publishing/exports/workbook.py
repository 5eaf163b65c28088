"""Workbooks (XLSX) that are sent while they are written: the first sheet row by row, the others from disk after it.

Texts stand in their cells and not in a table of the whole file, so that nothing has to be known before the first row
goes out. A zip can be written front to back, so a reader on the other side need not wait either.
"""

import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Final
from xml.sax.saxutils import escape

MAX_CELL: Final = 32_767
"""Characters that a spreadsheet keeps of one cell."""

_ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="1"><xf xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_PIECE: Final = 1 << 16
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, its heading, and how wide its first columns are, in characters."""

    title: str
    columns: Row
    widths: tuple[int, ...] = ()


class _Outlet:
    """Where the zip writes to: keeps what was not taken yet."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def taken(self) -> bytes:
        data = b"".join(self.waiting)
        self.waiting.clear()
        return data


def pieces(sheets: list[Sheet], rows: Iterable[tuple[int, Row]]) -> Iterator[bytes]:
    """The workbook, piece by piece.

    Args:
        sheets: at least one.
        rows: the number of the sheet and the values of the row, in any order. Values are texts, numbers or None.
    """
    outlet = _Outlet()
    stream: Any = outlet  # a zip needs no more of a file than to be written to
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book, tempfile.TemporaryFile() as later:
        for name, text in _frame(sheets):
            book.writestr(_entry(name), text)
        yield outlet.taken()
        places: list[tuple[int, int, int]] = []
        with book.open(_entry("xl/worksheets/sheet1.xml"), "w") as part:
            part.write(_beginning(sheets[0]).encode())
            for number, row in rows:
                if number == 0:
                    part.write(_row(row))
                else:
                    data = _row(row)
                    places.append((number, later.tell(), len(data)))
                    later.write(data)
                if sum(map(len, outlet.waiting)) >= _PIECE:
                    yield outlet.taken()
            part.write(b"</sheetData></worksheet>")
        for number, sheet in enumerate(sheets[1:], start=1):
            yield from _later(book, outlet, number, sheet, later, places)
    yield outlet.taken()


def _later(
    book: zipfile.ZipFile,
    outlet: _Outlet,
    number: int,
    sheet: Sheet,
    later: IO[bytes],
    places: list[tuple[int, int, int]],
) -> Iterator[bytes]:
    with book.open(_entry(f"xl/worksheets/sheet{number + 1}.xml"), "w") as part:
        part.write(_beginning(sheet).encode())
        for owner, at, length in places:
            if owner == number:
                later.seek(at)
                part.write(later.read(length))
                if sum(map(len, outlet.waiting)) >= _PIECE:
                    yield outlet.taken()
        part.write(b"</sheetData></worksheet>")
    yield outlet.taken()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _frame(sheets: list[Sheet]) -> Iterator[tuple[str, str]]:
    """The parts around the sheets."""
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    yield (
        "[Content_Types].xml",
        (
            f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{overrides}</Types>'
        ),
    )
    yield (
        "_rels/.rels",
        (
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
    )
    listed = "".join(
        f'<sheet name="{escape(sheet.title)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in enumerate(sheets, start=1)
    )
    yield (
        "xl/workbook.xml",
        (f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>'),
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        (
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}<Relationship Id="rId{len(sheets) + 1}" '
            f'Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>'
        ),
    )
    yield "xl/styles.xml", _STYLES


def _beginning(sheet: Sheet) -> str:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(sheet.widths, start=1)
    )
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        f'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>{f"<cols>{widths}</cols>" if widths else ""}'
        f"<sheetData>{_row(sheet.columns).decode()}"
    )


def _row(values: Row) -> bytes:
    return f"<row>{''.join(map(_cell, values))}</row>".encode()


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"<c><v>{value}</v></c>"
    text = escape(_ILLEGAL.sub("", str(value))[:MAX_CELL])
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
