"""From bytes to an article: what kind of document it is, its text, and what it says about itself.

The kind is decided by the content; name and declared type only break ties (an ``.html`` file that is really a
PDF is read as a PDF). ``read_document`` is for uploads and fetched pages alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from claims.integrations import errors
from claims.integrations.conf import gettext_noop as _
from claims.integrations.conf import say
from claims.integrations.decoding import decode
from claims.integrations.http import Limits, fetch
from claims.integrations.readers import docx, html, sandbox
from claims.integrations.readers.found import Found, NotRead, cut
from claims.integrations.urls import normalise

MAX_BYTES = 20_000_000
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|article|section|main|div|p|h[1-6]|script|span|table|ul)\b",
    re.IGNORECASE,
)
_KINDS = {  # beginnings of files that hold no article we could read
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"RIFF": "WebP, WAV or AVI",
    b"ID3": "MP3",
    b"OggS": "Ogg",
    b"\x7fELF": "program",
    b"MZ": "program",
    b"\x1f\x8b": "gzip",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
    b"{\\rtf": "RTF",
    b"\xd0\xcf\x11\xe0": "old Office (.doc, .xls, .ppt)",
    b"PK": "zip",
}
_ERRORS: dict[str, type[errors.DocumentError]] = {
    kind.code: kind
    for kind in (
        errors.EmptyDocument,
        errors.EncryptedPdf,
        errors.ScannedPdf,
        errors.BrokenDocument,
        errors.ExplosiveDocument,
        errors.TooHardToRead,
        errors.NoArticleText,
        errors.BinaryDocument,
    )
}
_WARNINGS = {
    "cut": _("The text was longer than we read; the end is missing."),
    "pages": _("Only the first 300 pages were read."),
    "paywall": _("The site says that this page is for subscribers: the text may be incomplete."),
    "notice": _("This may be a cookie or subscription notice rather than the article. Check the text."),
}


@dataclass(frozen=True)
class Document:
    """An article as read. ``text`` has a blank line between paragraphs; unknown fields are empty.

    ``url`` is the canonical address where one is known; ``warnings`` are sentences for the person.
    """

    title: str
    text: str
    outlet: str = ""
    author: str = ""
    published: date | None = None
    url: str = ""
    warnings: tuple[str, ...] = ()
    kind: str = "text"


def read_document(
    content: bytes,
    filename: str = "",
    content_type: str = "",
    *,
    url: str = "",
    max_bytes: int = MAX_BYTES,
) -> Document:
    """The article in ``content``.

    ``url`` is where it was fetched from, if anywhere. Raises a ``DocumentError`` whose sentence says what to
    do instead: empty, too large, binary, locked or scanned PDF, damaged, or no article text.
    """
    if len(content) > max_bytes:
        raise errors.DocumentTooLarge(megabytes=round(max_bytes / 1_000_000, 1))
    if not content.strip(b"\0 \t\r\n"):
        raise errors.EmptyDocument
    kind = sniff(content, filename, content_type)
    try:
        found = _read(kind, content, content_type, url)
    except NotRead as error:
        raise _ERRORS.get(error.code, errors.DocumentError)(kind=error.kind) from None
    return _document(found, kind, filename, url)


def fetch_article(url: str, *, limits: Limits | None = None) -> Document:
    """The article at ``url``, fetched through the guard. Raises ``FetchError`` or ``DocumentError``."""
    answer = fetch(url, limits=limits)
    return read_document(answer.content, "", answer.headers.get("content-type", ""), url=answer.url)


def sniff(content: bytes, filename: str = "", content_type: str = "") -> str:
    """``pdf``, ``docx``, ``html`` or ``text``; raises a ``DocumentError`` for anything else.

    The rules follow the shape of the WHATWG MIME sniffing standard: marks of binary formats first, then
    markup, then plain text; a document that carries a mark is never read as something milder.
    """
    head = content[:1024]
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"PK") and docx.looks_like_docx(content):
        return "docx"
    for mark, name in _KINDS.items():
        if head.startswith(mark) and (mark not in {b"MZ", b"ID3", b"PK", b"RIFF"} or _is_binary(content)):
            raise errors.OtherFormat(kind=name)
    text_head = decode(content[:65536]).encode()
    declared = content_type.split(";")[0].strip().lower()
    named_html = filename.lower().endswith((".html", ".htm", ".xhtml")) or "html" in declared
    if _is_binary(content):
        raise errors.BinaryDocument
    if _MARKUP.search(text_head) and (named_html or _starts_as_markup(text_head)):
        return "html"
    return "text"


def _starts_as_markup(head: bytes) -> bool:
    """Whether the first thing in the document, after comments and an XML declaration, is an HTML tag."""
    head = head.lstrip()
    while head.startswith((b"<!--", b"<?")):
        end = b"-->" if head.startswith(b"<!--") else b">"
        head = head.partition(end)[2].lstrip()
    return _MARKUP.match(head) is not None


def _is_binary(content: bytes) -> bool:
    sample = decode(content[:65536])
    wide = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    zeros = content[:65536].count(0)
    if zeros and not wide and abs(len(sample) - len(content[:65536]) / 2) > 2:
        return True  # zeros that are not UTF-16
    strange = sum(character < " " and character not in "\t\n\r\f\x1b" for character in sample)
    return strange > 0.02 * max(len(sample), 1) or sample.count("\ufffd") > 0.1 * max(len(sample), 1)


def _read(kind: str, content: bytes, content_type: str, url: str) -> Found:
    if kind == "pdf":
        return sandbox.read("pdf", content)
    if kind == "docx":
        return docx.read(content)
    text = decode(content, content_type)
    if kind == "html":
        heavy = html.is_heavy(content)
        return sandbox.read("html", text.encode("utf-8", "replace"), url) if heavy else html.read(text, url)
    return _plain(text)


def _plain(text: str) -> Found:
    text = re.sub(r"[^\S\n]+\n", "\n", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    text, warnings = cut(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", text))
    if not text:
        raise NotRead("empty")
    first, _, rest = text.partition("\n")
    is_title = bool(rest.strip()) and rest.startswith("\n") and len(first) <= 150 and first[-1] not in ".:;,"
    return Found(text=text, title=first if is_title else "", warnings=warnings)


def _document(found: Found, kind: str, filename: str, url: str) -> Document:
    try:
        published = date.fromisoformat(found.published) if found.published else None
    except ValueError:
        published = None
    return Document(
        title=found.title or _stem(filename),
        text=found.text,
        outlet=found.outlet,
        author=found.author,
        published=published,
        url=_address(found.url) or _address(url),
        warnings=tuple(say(_WARNINGS[code]) for code in found.warnings if code in _WARNINGS),
        kind=kind,
    )


def _stem(filename: str) -> str:
    name = re.split(r"[\\/]", filename)[-1].rsplit(".", 1)[0]
    return " ".join(re.sub(r"[_\W]+", " ", name).split())[:200]


def _address(url: str) -> str:
    try:
        return normalise(url) if url else ""
    except errors.FetchError:
        return ""
