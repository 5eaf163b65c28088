"""Reading spreadsheets that people bring: encoding, delimiter, columns, cells. Knows texts alone, no rows of the desk."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.exceptions import InvalidInput

MOST_BYTES = 2_000_000
# Each row costs some 9 ms of writing (claim, history, promised steps): a request and its locks should end in seconds.
MOST_ROWS = 500
MOST_COLUMNS = 60
DELIMITERS = {
    ",": gettext_lazy("comma"),
    ";": gettext_lazy("semicolon"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("bar"),
}

# What a sheet can say of a claim, with the headings under which desks say it. The first is the desk's own word.
FIELDS: Mapping[str, tuple[object, tuple[str, ...]]] = {
    "claim": (gettext_lazy("Claim"), ("claim", "claims", "statement", "sentence", "assertion", "text", "claim text", "behauptung", "afirmación")),
    "quote": (gettext_lazy("Words in the source"), ("quote", "quotation", "original words", "wording", "verbatim", "zitat")),
    "speaker": (gettext_lazy("Speaker"), ("claimant", "speaker", "who", "said by", "author of claim", "person", "source person", "sprecher", "name")),
    "speaker_role": (gettext_lazy("Role of the speaker"), ("claimant_role", "role", "function", "title of speaker", "party")),
    "said_on": (gettext_lazy("Said on"), ("said_on", "date", "said", "date of claim", "claim date", "when", "datum")),
    "said_where": (gettext_lazy("Said where"), ("said_where", "where", "place", "occasion", "event", "ort")),
    "url": (gettext_lazy("Address of the source"), ("article_url", "url", "link", "source url", "source link", "address", "article link")),
    "title": (gettext_lazy("Title of the source"), ("article", "title", "source", "article title", "headline", "source title", "quelle")),
    "outlet": (gettext_lazy("Outlet"), ("outlet", "medium", "publication", "publisher", "newspaper", "media")),
    "topic": (gettext_lazy("Topic"), ("topic", "subject", "category", "beat", "thema")),
    "tags": (gettext_lazy("Tags"), ("tags", "tag", "labels", "keywords", "schlagworte")),
    "priority": (gettext_lazy("Priority"), ("priority", "urgency", "priorität")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that was read: its heading and the rows below, each with the number it has in a spreadsheet."""

    head: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding.

    Raises:
        InvalidInput: it is too large, empty, or no text.
    """
    if len(content) > MOST_BYTES:
        raise InvalidInput(
            _("The file is larger than %(most)d MB. Split it and bring the parts one after the other.")
            % {"most": MOST_BYTES // 1_000_000},
            "file",
        )
    if content[:4] == b"PK\x03\x04" or content[:4] == b"\xd0\xcf\x11\xe0":
        raise InvalidInput(
            _("This is a workbook, not a CSV. Open it and save the sheet as “CSV UTF-8”."), "file"
        )
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        names = ["utf-16"]
    else:
        names = ["utf-8-sig", "cp1252"]
    for name in names:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and text.strip():
            return text, name.removesuffix("-sig")
    if not content.strip():
        raise InvalidInput(_("The file is empty. Choose another one."), "file")
    raise InvalidInput(_("This file is no text that we can read. Save the sheet as “CSV UTF-8”."), "file")


def delimiter_of(text: str) -> str:
    """What stands between the cells: the one that cuts the first rows into the most columns, the same in each."""
    best, most = ",", 1.0
    for delimiter in DELIMITERS:
        try:
            rows = [
                row
                for _n, row in zip(
                    range(20), csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), strict=False
                )
            ]
        except csv.Error:
            continue
        widths = [len(row) for row in rows if row]
        even = sum(width == widths[0] for width in widths) / len(widths) if widths else 0
        score = (widths[0] if widths else 0) * even
        if score > most:
            best, most = delimiter, score
    return best


def read(text: str, delimiter: str) -> Sheet:
    """Heading and rows; rows without any content are passed over, but counted, so that numbers match the sheet.

    Raises:
        InvalidInput: no rows, too many, or cells that no CSV can hold.
    """
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
    head: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = []
    try:
        for number, cells in enumerate(reader, start=1):
            if not any(cell.strip() for cell in cells):
                continue
            if not head:
                head = _heading(cells)
                continue
            rows.append((number, tuple(clean(cell) for cell in cells[:MOST_COLUMNS])))
            if len(rows) > MOST_ROWS:
                raise InvalidInput(
                    _(
                        "The sheet has more than %(most)d rows. Split it and bring the parts one after the other."
                    )
                    % {"most": MOST_ROWS},
                    "file",
                )
    except csv.Error:
        raise InvalidInput(
            _(
                "Row %(number)d cannot be read: a quotation mark may be missing. Mend it and bring the sheet again."
            )
            % {"number": reader.line_num},
            "file",
        ) from None
    if not rows:
        raise InvalidInput(_("The sheet needs a row of headings and at least one row below it."), "file")
    return Sheet(head, tuple(rows))


def _heading(cells: Sequence[str]) -> tuple[str, ...]:
    if len(cells) > MOST_COLUMNS:
        raise InvalidInput(_("The sheet has more than %(most)d columns.") % {"most": MOST_COLUMNS}, "file")
    return tuple(
        clean(cell) or _("Column %(number)d") % {"number": at} for at, cell in enumerate(cells, start=1)
    )


def clean(cell: str) -> str:
    """A cell as plain text. The apostrophe that keeps a text from being run as a formula is none of its words."""
    text = cell.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@＝＋－＠" else text


def guess(head: Sequence[str]) -> dict[str, int]:
    """Which column says what, by its heading; each column is taken once."""
    names = [" ".join(re.sub(r"[\W_]+", " ", cell.casefold()).split()) for cell in head]
    found: dict[str, int] = {}
    for field, (_label, words) in FIELDS.items():
        known = [word.replace("_", " ") for word in words]
        fitting = [
            (known.index(name), at)
            for at, name in enumerate(names)
            if name in known and at not in found.values()
        ]
        if fitting:
            found[field] = min(fitting)[1]
    if "claim" not in found and "quote" in found:
        found["claim"] = found.pop("quote")
    return found


def cells_of(row: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    """The cells of one row by what they say; short rows have empty ones."""
    return {field: row[at] if at < len(row) else "" for field, at in columns.items()}


_DAY_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y")


def day(text: str) -> date | None:
    """A day as people write it, where there is one way to read it; None for an empty cell.

    Raises:
        ValueError: it is no day, or 03/04/2026, which is two different ones.
    """
    text = " ".join(text.split())
    if not text:
        return None
    stamp = re.fullmatch(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*", text)
    text = stamp.group(1) if stamp else text
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(text, form).date()  # a day has no zone
        except ValueError:
            continue
    slashed = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    if slashed:
        first, second, year = map(int, slashed.groups())
        if first > 12 or first == second:
            return date(year, second, first)
        if second > 12:
            return date(year, first, second)
    raise ValueError(text)
