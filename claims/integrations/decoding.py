"""Bodies: decompressed piece by piece under a cap, and bytes turned into text."""

from __future__ import annotations

import codecs
import importlib
import re
import zlib
from typing import Any, Protocol

from claims.integrations.errors import TooLarge, Truncated, Unreadable

STEP = 256 * 1024
MAX_RATIO = 200  # HTML compresses 5 to 20 times; a bomb about 1,000 times
RATIO_FREE_BYTES = 1024 * 1024


class _Decoder(Protocol):
    def feed(self, data: bytes, limit: int) -> bytes: ...
    @property
    def pending(self) -> bool: ...
    @property
    def complete(self) -> bool: ...


class _Plain:
    pending = False
    complete = True

    def feed(self, data: bytes, limit: int) -> bytes:
        return data


class _Zlib:
    """gzip (of any number of members), and deflate with or without its two-byte header."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._engine = zlib.decompressobj(31) if gzip else None
        self._head = b""

    def feed(self, data: bytes, limit: int) -> bytes:
        engine = self._engine
        if engine is None:
            self._head += data
            if len(self._head) < 2:
                return b""
            engine = self._engine = zlib.decompressobj(15 if _has_zlib_header(self._head) else -15)
            data = self._head
        if not engine.eof:
            return engine.decompress(engine.unconsumed_tail + data, limit)
        data = engine.unused_data + data
        if not (self._gzip and data.strip(b"\0")):
            return b""
        self._engine = zlib.decompressobj(31)  # a further gzip member
        return self._engine.decompress(data, limit)

    @property
    def pending(self) -> bool:
        engine = self._engine
        if engine is None:
            return False
        more_members = self._gzip and engine.eof and bool(engine.unused_data.strip(b"\0"))
        return bool(engine.unconsumed_tail) or more_members

    @property
    def complete(self) -> bool:
        return self._engine is not None and self._engine.eof


def _has_zlib_header(head: bytes) -> bool:
    """RFC 1950: the method is 8, and both bytes as one number are a multiple of 31."""
    return head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0


class _Brotli:
    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._waiting: list[bytes] = []

    def feed(self, data: bytes, limit: int) -> bytes:
        if data:
            self._waiting.append(data)
        piece = b""
        if self._waiting and self._engine.can_accept_more_data():
            piece = self._waiting.pop(0)
        return bytes(self._engine.process(piece, output_buffer_limit=limit))

    @property
    def pending(self) -> bool:
        return bool(self._waiting) or not self._engine.can_accept_more_data()

    @property
    def complete(self) -> bool:
        return bool(self._engine.is_finished())


def _brotli_module() -> Any | None:
    """The brotli package where it is installed and can stop at a given output size (1.2 and newer)."""
    try:
        module = importlib.import_module("brotli")
        module.Decompressor().process(b"", output_buffer_limit=1)
    except (ImportError, TypeError, AttributeError):
        return None
    return module


_BROTLI = _brotli_module()
ACCEPT_ENCODING = "gzip, deflate, br" if _BROTLI is not None else "gzip, deflate"


class Body:
    """Collects a response body, decompressing as it comes.

    ``limit`` is in bytes after decompression. Memory stays below ``limit`` plus one piece, whatever arrives:
    the decompressors are never asked for more than is still allowed.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        self._decoder = _decoder(encoding)
        self._limit = limit
        self._wire = 0
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, data: bytes) -> None:
        """Take one piece from the wire. Raises ``TooLarge`` or ``Unreadable``."""
        self._wire += len(data)
        self._keep(self._feed(data))
        while self._decoder.pending:
            self._keep(self._feed(b""))

    def finish(self) -> bytes:
        """The whole body; raises ``Truncated`` when the compressed stream never came to its end."""
        if self._wire and not self._decoder.complete:
            raise Truncated
        return b"".join(self._pieces)

    def _feed(self, data: bytes) -> bytes:
        room = min(STEP, self._limit - self._size + 1)
        try:
            return self._decoder.feed(data, room)
        except TooLarge:
            raise
        except Exception:  # zlib and brotli each raise their own
            raise Unreadable from None

    def _keep(self, out: bytes) -> None:
        self._size += len(out)
        swollen = self._size > RATIO_FREE_BYTES and self._size > MAX_RATIO * max(self._wire, 1)
        if self._size > self._limit or swollen:
            raise TooLarge(megabytes=round(self._limit / 1_000_000, 1))
        if out:
            self._pieces.append(out)


def _decoder(encoding: str) -> _Decoder:
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return _Plain()
    if name in {"gzip", "x-gzip"}:
        return _Zlib(gzip=True)
    if name == "deflate":
        return _Zlib(gzip=False)
    if name == "br" and _BROTLI is not None:
        return _Brotli(_BROTLI.Decompressor())
    raise Unreadable  # several codings on top of each other, or one we did not ask for


# --- text ------------------------------------------------------------------------------------------------------

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Encodings of the web platform. A page may name any Python codec, and some are traps (utf-7, unicode_escape).
_NAMES = """utf-8 utf-16-le utf-16-be cp866 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7
iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u mac-roman cp874 cp1250 cp1251
cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 gbk gb18030 big5 euc-jp iso2022-jp shift_jis euc-kr"""
_ENCODINGS = frozenset(codecs.lookup(name).name for name in _NAMES.split())
# What pages mean when they say these (WHATWG Encoding Standard).
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "utf-16": "utf-16-le",
    "cp949": "euc_kr",
}
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)


def charset_of(content_type: str) -> str:
    """The charset named in a ``Content-Type`` value, or an empty string."""
    match = re.search(r"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", content_type, re.IGNORECASE)
    return match.group(1) if match else ""


def known_encoding(label: str) -> str:
    """Python's name for a web encoding label, or an empty string for one that is unknown or unsafe."""
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""
    name = _MEANT.get(name, name)
    return name if name in _ENCODINGS else ""


def decode(content: bytes, content_type: str = "") -> str:
    """Bytes as text: byte order mark, then the declared charset, then a look at the bytes themselves.

    Never raises: bytes that fit nothing become U+FFFD. NUL characters are dropped, since no database text
    column takes them.
    """
    for mark, name in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace").replace("\0", "")
    meta = _META.search(content[:4096])
    labels = (charset_of(content_type), meta.group(1).decode("ascii") if meta else "")
    declared = next((name for name in map(known_encoding, labels) if name), "")
    for name in filter(None, (_wide_guess(content), declared, "utf-8", "cp1252")):
        try:
            return content.decode(name).replace("\0", "")
        except UnicodeDecodeError:
            continue
    return content.decode(declared or "utf-8", "replace").replace("\0", "")


def _wide_guess(content: bytes) -> str:
    """UTF-16 without a mark: text of the Latin script has a zero in nearly every second byte."""
    sample = content[:4000]
    if len(sample) < 8 or b"\0" not in sample:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be"
    return ""
