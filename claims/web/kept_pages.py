"""Pages of standing report versions, kept in memory under the version's hash: a version never changes.

Every request still asks the database, by one query, which version stands; only the making of the page is saved. So a
correction or a retraction shows at once in every process.
"""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Subquery

from claims.models import DeskSettings, Report

MOST_BYTES = 64 * 1024 * 1024
_SLOT = "the address that is asked for"


@dataclass(frozen=True, slots=True)
class Standing:
    """What one query says of an address: the report, the hash of its version, and what the frame shows of the desk."""

    slug: str
    sha256: str
    desk_name: str
    is_demo: bool


def standing(slug: str) -> Standing | None:
    """The version that stands at this address; None where nothing is public."""
    statement, values = _statement()
    with connection.cursor() as cursor:
        cursor.execute(statement, [slug if value == _SLOT else value for value in values])
        found: Any = cursor.fetchone()
    return Standing(found[0], found[1], found[2] or "", bool(found[3])) if found else None


@lru_cache(maxsize=1)
def _statement() -> tuple[str, tuple[Any, ...]]:
    """The query as Django words it, worded once: the wording takes longer than the asking.

    What is public is still decided by ``Report.objects.public()``; only the address changes from call to call.
    """
    desk = DeskSettings.objects.filter(pk=1)
    rows = Report.objects.public().filter(slug=_SLOT)
    named = rows.annotate(
        desk_name=Subquery(desk.values("name")[:1]), demo=Subquery(desk.values("is_demo")[:1])
    ).order_by()
    return named.values_list("slug", "current_version__sha256", "desk_name", "demo").query.sql_with_params()


class KeptPages:
    """The last pages asked for, compressed, up to a number of bytes; safe for several threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._pages: OrderedDict[tuple[Any, ...], bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[Any, ...], make: Callable[[], bytes]) -> bytes:
        """The page of ``key`` as gzip; made now where it is not kept."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
                return page
        page = gzip.compress(make(), 6, mtime=0)
        with self._lock:
            if key not in self._pages:
                self._pages[key] = page
                self._size += len(page)
            while self._size > self.most_bytes and len(self._pages) > 1:
                _key, old = self._pages.popitem(last=False)
                self._size -= len(old)
        return page

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._size = 0


PAGES = KeptPages()
