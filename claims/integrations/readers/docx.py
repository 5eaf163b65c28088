"""Word documents: the text of ``word/document.xml``, read as a stream.

The package is opened by hand rather than with a library that loads every part: only two members are touched,
each under a size limit that holds whatever the archive claims, and the XML may have no document type, so
neither entity tricks nor outside references have any effect (ECMA-376, part 1, 17.2 to 17.4).
"""

from __future__ import annotations

import io
import zipfile
import zlib
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, feature_namespaces

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

from claims.integrations.readers.found import MAX_CHARACTERS, Found, NotRead, cut

MAX_MEMBER_BYTES = 20_000_000
MAX_MEMBERS = 5_000
MAIN_PART = "word/document.xml"
PROPERTIES = "docProps/core.xml"
_WORD = ("wordprocessingml/2006/main", "wordprocessingml/main")
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def looks_like_docx(content: bytes) -> bool:
    """Whether a zip archive holds a Word main part."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return MAIN_PART in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def read(content: bytes) -> Found:
    """Paragraphs in reading order, deleted (tracked) text left out; raises ``NotRead``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if len(archive.infolist()) > MAX_MEMBERS:
                raise NotRead("explosive")
            body = _Body()
            _parse(_member(archive, MAIN_PART), body)
            properties = _Properties()
            if PROPERTIES in archive.namelist():
                _parse(_member(archive, PROPERTIES), properties)
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
    ):
        raise NotRead("broken", "Word") from None
    text = "\n\n".join(paragraph for paragraph in body.paragraphs if paragraph)
    if not text.strip():
        raise NotRead("empty")
    text, warnings = cut(text, ("cut",) if body.full else ())
    return Found(
        text=text,
        title=properties.value("title") or body.title,
        author=properties.value("creator"),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > MAX_MEMBER_BYTES:
        raise NotRead("explosive")
    with archive.open(name) as member:
        data = member.read(MAX_MEMBER_BYTES + 1)
    if len(data) > MAX_MEMBER_BYTES:
        raise NotRead("explosive")
    return data


def _parse(data: bytes, handler: ContentHandler) -> None:
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(handler)
    try:
        parser.parse(io.BytesIO(data))
    except (SAXException, DefusedXmlException):
        raise NotRead("broken", "Word") from None


class _Body(ContentHandler):
    """Collects paragraphs. A text box is a paragraph within a paragraph, hence the stack."""

    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[str] = []
        self.title = ""
        self.full = False
        self._open: list[list[str]] = []
        self._in_text = False
        self._skipped = 0
        self._style = ""
        self._room = MAX_CHARACTERS

    def startElementNS(self, name: tuple[str | None, str], qname: str | None, attrs: object) -> None:  # noqa: N802 - named by SAX
        space, local = name
        if local == "Fallback":  # the same text again, for old programs
            self._skipped += 1
        if self._skipped or not (space or "").endswith(_WORD):
            return
        if local == "p":
            self._open.append([])
            self._style = ""
        elif local == "pStyle":
            values = {key[1]: value for key, value in attrs.items()}  # type: ignore[attr-defined]  # untyped in SAX
            self._style = str(values.get("val", ""))
        elif local in _MARKS and self._open:
            self._open[-1].append(_MARKS[local])
        self._in_text = local == "t"

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802 - named by SAX
        space, local = name
        if local == "Fallback":
            self._skipped -= 1
        self._in_text = False
        if local == "p" and not self._skipped and (space or "").endswith(_WORD) and self._open:
            paragraph = "".join(self._open.pop()).strip()
            self.paragraphs.append(paragraph)
            if self._style.lower() == "title" and not self.title:
                self.title = paragraph[:500]

    def characters(self, content: str) -> None:
        if not (self._in_text and self._open and not self._skipped):
            return
        self._room -= len(content)
        if self._room < 0:
            self.full = True
            return
        self._open[-1].append(content)


class _Properties(ContentHandler):
    """Title and author from the package's core properties."""

    def __init__(self) -> None:
        super().__init__()
        self._values: dict[str, str] = {}
        self._current = ""

    def startElementNS(self, name: tuple[str | None, str], qname: str | None, attrs: object) -> None:  # noqa: N802 - named by SAX
        self._current = name[1]

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802 - named by SAX
        self._current = ""

    def characters(self, content: str) -> None:
        if self._current in {"title", "creator"}:
            self._values[self._current] = (self._values.get(self._current, "") + content)[:500]

    def value(self, name: str) -> str:
        return " ".join(self._values.get(name, "").split())
