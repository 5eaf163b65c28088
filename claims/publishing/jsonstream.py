"""Reading the objects of a huge JSON file one by one, in memory that does not grow.

Knows three shapes: one object a line (also wrapped in a ``<script>``), a JSON
list, and a schema.org ``DataFeed``, whose elements are read like a list. An
object that is broken is handed back as its text, and reading goes on behind it.
"""

import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

CHUNK: Final = 1 << 18
MAX_OBJECT: Final = 4 << 20
"""Characters after which an object counts as broken: no check of a claim is that long."""

_LIST_OF_FEED = re.compile(r'"dataFeedElement"\s*:\s*\[')
_SCRIPT = re.compile(r"^\s*<script[^>]*>|</script>\s*$", re.IGNORECASE)
_MARKS = re.compile(r'["{}\[\]]')
_STRING_END = re.compile(r'[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BETWEEN = re.compile(r"[ \t\r\n,]*")
_WORD_END = re.compile(r"[,\]{\n]")
_NEXT_ELEMENT = re.compile(r"\}\s*,\s*\{")
_GZIP: Final = b"\x1f\x8b"
_ENDLESS: Final = "the element does not end"
MOST_ENDLESS: Final = 3
"""Elements without an end after which the rest is left out: looking for each end costs a walk over ``MAX_OBJECT``."""
EXCERPT: Final = 200
"""Characters of a broken object that are handed back."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A piece that is no JSON, with its beginning."""

    text: str
    reason: str


class _Window:
    """The part of the file that is being looked at, and how far it has been read."""

    def __init__(self, source: IO[str]) -> None:
        self.source = source
        self.text = ""
        self.at = 0

    def more(self) -> bool:
        """Read on and forget what was read; false at the end of the file."""
        chunk = self.source.read(CHUNK)
        if chunk:
            self.text = self.text[self.at :] + chunk
            self.at = 0
        return bool(chunk)

    def double(self) -> bool:
        """Read on until twice as much is there, so that looking again and again costs no more than looking twice."""
        wanted = 2 * (len(self.text) - self.at)
        read = False
        while len(self.text) - self.at < wanted and self.more():
            read = True
        return read

    def past(self, blanks: re.Pattern[str]) -> bool:
        """Step over blanks; false if nothing comes after them."""
        while True:
            match = blanks.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text):
                return True
            if not self.more():
                return False


def objects(stream: IO[bytes]) -> Iterator[Any]:
    """The values of the file, in order; a :class:`Broken` for each that cannot be read.

    Args:
        stream: a seekable binary file, gzip or plain, in UTF-8.
    """
    try:
        yield from _shaped(_Window(_as_text(stream)))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield Broken("", f"the file is damaged: {error}")


def _shaped(head: _Window) -> Iterator[Any]:
    head.more()
    opening = head.text.lstrip("\ufeff \t\r\n")
    if opening.startswith("["):
        head.at = head.text.index("[") + 1
        yield from _elements(head)
    elif feed := _feed_start(head):
        head.at = feed
        yield from _elements(head)
    elif (only := _only_object(head)) is not None:
        yield only
    else:
        yield from _lines(head)


def larger_than(stream: IO[bytes], most: int) -> bool:
    """Whether the file holds more than so many bytes once it is unpacked; what a damaged one holds counts as far as it goes.

    Unpacks no more than that, however small the file is, and leaves the file at its beginning.
    """
    raw, held = _unpacked(stream), 0
    try:
        while held <= most and (block := raw.read(CHUNK)):
            held += len(block)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        pass  # told where it is read
    stream.seek(0)
    return held > most


def _unpacked(stream: IO[bytes]) -> Any:
    magic = stream.read(2)
    stream.seek(0)
    return gzip.GzipFile(fileobj=stream) if magic == _GZIP else stream


def _as_text(stream: IO[bytes]) -> IO[str]:
    return io.TextIOWrapper(_unpacked(stream), encoding="utf-8-sig", errors="replace")


def _feed_start(head: _Window) -> int | None:
    """Where the elements of a data feed begin, if this is one and not a line of its own."""
    first_line, _, rest = head.text.lstrip().partition("\n")
    if rest.strip() and _whole(first_line):
        return None
    match = _LIST_OF_FEED.search(head.text)
    return match.end() if match else None


def _only_object(head: _Window) -> Any:
    """The one object that the file is, over however many lines; None if it is not so."""
    if _whole(head.text.lstrip().partition("\n")[0]):
        return None
    while len(head.text) <= MAX_OBJECT and head.more():
        pass
    return json.loads(_SCRIPT.sub("", head.text)) if _whole(head.text) else None


def _whole(text: str) -> bool:
    try:
        json.loads(_SCRIPT.sub("", text))
    except (ValueError, RecursionError):
        return False
    return True


def _lines(head: _Window) -> Iterator[Any]:
    text, source = head.text, head.source
    while True:
        *lines, text = text.split("\n")
        yield from _read_lines(lines)
        if len(text) > MAX_OBJECT:
            yield Broken(text[:EXCERPT], "a line longer than any check of a claim")
            text = _rest_of_line(source)
        chunk = source.read(CHUNK)
        if not chunk:
            yield from _read_lines([text])
            return
        text += chunk


def _rest_of_line(source: IO[str]) -> str:
    while chunk := source.read(CHUNK):
        _, newline, rest = chunk.partition("\n")
        if newline:
            return rest
    return ""


def _read_lines(lines: list[str]) -> Iterator[Any]:
    for line in lines:
        bare = _SCRIPT.sub("", line).strip()
        if bare:
            yield _parsed(bare)


def _elements(window: _Window) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    endless = 0
    while window.past(_BETWEEN) and window.text[window.at] != "]":
        try:
            value, end = decoder.raw_decode(window.text, window.at)
        except (ValueError, RecursionError):
            broken = _step_over(window)
            if broken is None:
                continue
            yield broken
            endless += broken.reason == _ENDLESS
            if endless >= MOST_ENDLESS:
                yield Broken("", "too many elements do not end: the rest of the file was left out")
                return
        else:
            if end == len(window.text) and window.more():
                continue  # a number may go on in the next chunk
            window.at = end
            yield value


def _step_over(window: _Window) -> Broken | None:
    """Skip an element that cannot be read; None if only more of it had to be fetched."""
    start = window.at
    end = _end_of_element(window.text, start)
    if end is not None:
        window.at = end
        return Broken(window.text[start : start + EXCERPT], "not JSON")
    if len(window.text) - start <= MAX_OBJECT and window.double():
        return None
    text = window.text
    again = _NEXT_ELEMENT.search(text, window.at + 1)
    beginning = text[window.at : window.at + EXCERPT]
    window.at = again.end() - 1 if again else len(text)
    return Broken(beginning, _ENDLESS)


def _end_of_element(text: str, start: int) -> int | None:
    """Where the element ends that begins at ``start``, counting brackets outside of strings."""
    if text[start] not in "{[":
        match = _WORD_END.search(text, start + 1)
        return match.start() if match else None
    depth, at = 0, start
    while match := _MARKS.search(text, at):
        sign, at = match[0], match.end()
        if sign == '"':
            string = _STRING_END.match(text, at)
            if string is None:
                return None
            at = string.end()
        else:
            depth += 1 if sign in "{[" else -1
            if depth == 0:
                return at
    return None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        return Broken(text[:EXCERPT], f"not JSON: {error}")
