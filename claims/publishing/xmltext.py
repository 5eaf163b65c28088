"""A little XML writer: enough for feeds and sitemaps, escaping everything it is given.

Names are written as they are, prefix and all; the root declares the prefixes.
"""

from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree as ET

NAMESPACES: Final = {
    "atom": "http://www.w3.org/2005/Atom",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "sitemap": "http://www.sitemaps.org/schemas/sitemap/0.9",
}


def root(tag: str, default: str, *prefixes: str, **attributes: str) -> ET.Element:
    """A root element in a default namespace (or none, if empty), with further prefixes declared."""
    element = ET.Element(tag, {"xmlns": NAMESPACES[default]} if default else {})
    for prefix in prefixes:
        element.set(f"xmlns:{prefix}", NAMESPACES[prefix])
    for name, value in attributes.items():
        element.set(name.replace("_", ":"), legal(value))
    return element


def child(
    parent: ET.Element, tag: str, text: str = "", attributes: Mapping[str, str] | None = None
) -> ET.Element:
    """Append an element; an attribute without a value is left out."""
    given = {name: legal(value) for name, value in (attributes or {}).items() if value}
    element = ET.SubElement(parent, tag, given)
    element.text = legal(text) or None
    return element


def written(element: ET.Element) -> bytes:
    """The element as a whole XML document in UTF-8."""
    body = ET.tostring(element, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'.encode()


def legal(text: str) -> str:
    """The text without the control characters and half pairs that XML 1.0 cannot hold."""
    return "".join(sign for sign in text if _is_legal(ord(sign)))


def _is_legal(code: int) -> bool:
    return code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
