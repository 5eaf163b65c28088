"""Entity tags: what a caller has seen, so that nobody overwrites what they have not.

A tag has two parts, ``"<state>-<answer>"``. The first is of the row that can be changed; If-Match compares it alone,
so that a tag read with ``?fields=`` or while steps were running still fits. The second is of the bytes sent;
If-None-Match compares the whole tag, so that 304 is never said of something that looks different now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db.models import Model
from rest_framework.response import Response

# Bumped by whatever holds the row for a moment, changed or not.
_NOT_STATE = frozenset({"touched_at"})
ABSENT = "none"


def stamp(row: Model | None) -> str:
    """A digest of what stands in the row; ``none`` where there is no row yet."""
    if row is None or row.pk is None:
        return ABSENT
    parts = [
        f"{field.attname}={row.__dict__[field.attname]!r}"
        for field in sorted(row._meta.concrete_fields, key=lambda field: field.attname)
        if field.attname not in _NOT_STATE and field.attname in row.__dict__
    ]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:20]


def tag(state: str, content: bytes) -> str:
    """The tag of an answer."""
    return f'"{state}-{hashlib.sha256(content).hexdigest()[:20]}"'


def fits(header: str, state: str) -> bool:
    """Whether an If-Match header names this state (or ``*``, and there is one)."""
    if header.strip() == "*":
        return state != ABSENT
    return any(_bare(part).rpartition("-")[0] == state for part in header.split(","))


def same(header: str, whole: str) -> bool:
    """Whether an If-None-Match header names this very answer."""
    return header.strip() == "*" or _bare(whole) in {_bare(part) for part in header.split(",")}


def _bare(part: str) -> str:
    # Compression on the way makes a tag weak; it is ours all the same.
    return part.strip().removeprefix("W/").strip('"')


def put_on(state: str, asked: str) -> Callable[[Response], Response | None]:
    """A callback for a rendered answer: sets its tag, and empties it where the caller has it already."""

    def mark(response: Response) -> None:
        whole = tag(state, response.content)
        response["ETag"] = whole
        if asked and same(asked, whole):
            response.status_code = 304
            response.content = b""
            for name in ("Content-Type", "Content-Length"):
                del response[name]

    return mark
