"""PDF files, by pypdf. Only ever called in the child process (see ``child``): the format is a minefield."""

from __future__ import annotations

import io
import re
from collections import Counter

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from claims.integrations.readers.found import MAX_CHARACTERS, Found, NotRead, cut

MAX_PAGES = 300


def read(content: bytes) -> Found:
    """Text of up to ``MAX_PAGES`` pages, lines joined into paragraphs; raises ``NotRead``."""
    try:
        reader = PdfReader(io.BytesIO(content))
        # Many files carry only an owner password, which forbids printing and opens with an empty one.
        if reader.is_encrypted and not reader.decrypt(""):
            raise NotRead("encrypted")
        pages, complete = _pages(reader)
        title, author = _about(reader)
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OSError):
        raise NotRead("broken", "PDF") from None
    text = paragraphs(pages)
    if not text:
        raise NotRead("no_text_in_pdf")
    text, warnings = cut(text, () if complete else ("pages",))
    return Found(text=text, title=title, author=author, warnings=warnings)


def paragraphs(pages: list[list[str]]) -> str:
    """Lines of pages joined into paragraphs, running heads and page numbers left out.

    A paragraph ends where a line closes a sentence clearly before the right edge, or at an empty line; a
    hyphen at the end of a line is removed when the next line goes on in lower case.
    """
    running = _running_lines(pages)
    lines = [
        line
        for page in pages
        for line in page
        if line not in running and not re.fullmatch(r"\W*\d+\W*", line)
    ]
    widths = sorted(len(line) for line in lines if line)
    edge = 0.8 * widths[len(widths) * 3 // 4] if widths else 0.0  # most lines of running text are full
    done: list[str] = []
    current = ""
    for line in lines:
        if not line:
            done.append(current)
            current = ""
            continue
        if current.endswith("-") and line[:1].islower() and re.search(r"[^\W\d_]-\Z", current):
            current = current[:-1] + line
        else:
            current = f"{current} {line}".strip()
        if len(line) < edge and re.search(r"[.!?:][\"'”’»)\]]*\Z", line):
            done.append(current)
            current = ""
    return "\n\n".join(part for part in (*done, current) if part)


def _pages(reader: PdfReader) -> tuple[list[list[str]], bool]:
    pages: list[list[str]] = []
    size = 0
    total = len(reader.pages)
    for number in range(min(total, MAX_PAGES)):
        text = reader.pages[number].extract_text() or ""
        pages.append([" ".join(line.split()) for line in text.splitlines()])
        size += len(text)
        if size > MAX_CHARACTERS:
            break
    return pages, len(pages) == total


def _about(reader: PdfReader) -> tuple[str, str]:
    about = reader.metadata
    if about is None:
        return "", ""
    return " ".join(str(about.title or "").split())[:500], " ".join(str(about.author or "").split())[:500]


def _running_lines(pages: list[list[str]]) -> set[str]:
    """First and last lines that come back on at least half of three or more pages."""
    if len(pages) < 3:
        return set()
    edges = Counter(line for page in pages for line in {*page[:1], *page[-1:]} if line)
    return {line for line, count in edges.items() if count * 2 >= len(pages)}
