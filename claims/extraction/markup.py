"""Lines of text out of HTML and Markdown, without a parser library and in linear time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_HTML = re.compile(r"<(?:!doctype|html|body|head|p|div|article|section|h[1-6]|br|span|table|ul|figure)\b[^<>]{0,2000}>", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})([^<>]*)>|<![^<>]*>|<\?[^<>]*>")
_HIDDEN = {
    "script": "", "style": "", "noscript": "", "template": "", "svg": "", "head": "", "iframe": "", "select": "", "button": "share bar or button",
    "nav": "menu", "footer": "page footer", "aside": "box beside the article", "form": "form", "figcaption": "caption", "table": "table",
    "header": "page header", "figure": "caption",
}
_BLOCKS = frozenset(
    ["p", "div", "article", "section", "h1", "h2", "h3", "h4", "h5", "h6", "br", "li", "ul", "ol", "tr", "td", "th", "table", "blockquote", "main", "body", "html", "header", "footer", "nav", "aside", "figure", "figcaption", "dd", "dt", "dl", "pre", "hr", "form", "title", "caption"]
)
_CLASS = re.compile(
    r"""(?:class|id|role)\s*=\s*["']?[^"'<>]*(?<![a-z])(caption|credit|share|social|related|newsletter|promo|advert|ads|cookie|comments|"""
    r"""byline|breadcrumb|sidebar|toolbar|recommend|subscribe|navigation|tags)(?![a-z])""",
    re.IGNORECASE,
)
_CLASS_REASONS = {
    "caption": "caption", "credit": "photo credit", "byline": "byline", "share": "share bar or button", "social": "share bar or button",
    "advert": "advertisement", "ads": "advertisement", "promo": "advertisement", "cookie": "cookie notice", "comments": "readers' comments",
    "newsletter": "newsletter box", "subscribe": "newsletter box", "breadcrumb": "menu", "navigation": "menu", "tags": "menu",
}
_VOID = frozenset(["br", "img", "hr", "meta", "link", "input", "area", "base", "col", "embed", "source", "track", "wbr"])
_DATE_META = re.compile(r"(?:published_time|datePublished|datetime|pubdate)[^<>]{0,80}?(\d{4}-\d{2}-\d{2})", re.IGNORECASE)

_IMAGE = re.compile(r"!\[[^\[\]\n]*\](?:\([^()\n]*\))?")
_LINK = re.compile(r"(?<!!)\[([^\[\]\n]+)\]\((?:[^()\n]*)\)")
_EMPHASIS = re.compile(r"(?<![\w*])(\*\*|__|\*)(?=\S)([^*_\n]{1,300}?)(?<=\S)\1(?![\w*])")


@dataclass(slots=True)
class Piece:
    """A line with what its mark-up says about it: ``reason`` to leave it out, or the ``role`` "title" or ""."""

    text: str
    reason: str = ""
    role: str = ""


@dataclass(slots=True)
class Page:
    """A page taken apart."""

    pieces: list[Piece] = field(default_factory=list)
    title: str = ""
    date: str = ""


def is_html(text: str) -> bool:
    """Whether a text is HTML rather than words: block tags among its first 20,000 characters."""
    return bool(_HTML.search(text, 0, 20_000))


def from_html(text: str) -> Page:
    """The lines of an HTML page or fragment, those outside the article with their reason."""
    text = _without(_without(_without(text, "<!--", "-->"), "<script", "</script>"), "<style", "</style>")
    page = Page()
    found = _DATE_META.search(text, 0, 60_000)
    page.date = found[1] if found else ""
    hidden: list[tuple[str, str, int]] = []
    depth = 0
    current: list[str] = []
    heading = ""
    at = 0

    def flush() -> None:
        nonlocal current
        words = " ".join("".join(current).split())
        current = []
        if not words:
            return
        if heading == "title":
            page.title = page.title or words
            return
        reason = hidden[-1][1] if hidden else ""
        if hidden and not reason:
            return
        if heading == "h1" and not reason:
            page.title = words
            return
        page.pieces.append(Piece(words, reason, "title" if heading.startswith("h") else ""))

    for match in _TAG.finditer(text):
        current.append(text[at : match.start()])
        at = match.end()
        name = (match[2] or "").lower()
        if not name:
            continue
        closing = bool(match[1])
        if name in _BLOCKS or name in _HIDDEN:
            flush()
        if name in ("title", "h1", "h2", "h3", "h4", "h5", "h6"):
            heading = "" if closing else name
        if closing:
            depth -= name not in _VOID
            while hidden and ((hidden[-1][0] == name and hidden[-1][2] >= depth) or hidden[-1][2] > depth + 40):
                hidden.pop()
            continue
        if name in _VOID or (match[3] or "").rstrip().endswith("/"):
            if name == "br":
                current.append(" ")
            continue
        marked = _CLASS.search(match[3]) if match[3] and name not in ("body", "html", "main", "article") else None
        if name in _HIDDEN and name != "head":
            hidden.append((name, _HIDDEN[name], depth))
        elif marked:
            hidden.append((name, _CLASS_REASONS.get(marked[1].lower(), "box beside the article"), depth))
        depth += 1
    current.append(text[at:])
    flush()
    return page


def _without(text: str, opening: str, closing: str) -> str:
    """The text without stretches between two marks (ASCII, in any case); one without an end stays."""
    low = text.lower() if text.isascii() else "".join(char.lower() if char < "\x80" else char for char in text)
    parts: list[str] = []
    at = 0
    while True:
        start = low.find(opening, at)
        end = low.find(closing, start) if start >= 0 else -1
        if end < 0:
            parts.append(text[at:])
            return "".join(parts)
        parts.append(text[at:start])
        at = end + len(closing)


def plain(line: str) -> tuple[str, bool]:
    """(the line without Markdown, whether an image stood in it)."""
    image = "![" in line
    if image:
        line = _IMAGE.sub("", line)
    if "](" in line:
        line = _LINK.sub(r"\1", line)
    if "*" in line or "__" in line:
        line = _EMPHASIS.sub(r"\2", line)
    stripped = line.lstrip()
    while stripped[:1] in "#>•●▪◦‣" and stripped[:1]:
        if stripped[0] == "#" and stripped.lstrip("#")[:1] not in (" ", ""):
            break
        stripped = stripped.lstrip("#>•●▪◦‣ ") if stripped[0] in "#>" else stripped[1:].lstrip()
    if stripped[:2] in ("- ", "* ", "– "):
        stripped = stripped[2:]
    return stripped.strip(), image
