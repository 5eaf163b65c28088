"""Pages of standing report versions, kept in memory and as files under the version's hash: a version never changes.

Every request still asks the database, by one query, which version stands; only the making of the page is saved. So a
correction or a retraction shows at once in every process. Files outlive a restart and are shared by the processes of a
machine; publishing makes them before anybody asks (``web.prepare``).
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.db.models import Subquery
from django.http import HttpRequest

from claims.models import DeskSettings, Report
from claims.publishing.keeping import KeptFiles

MOST_BYTES = 64 * 1024 * 1024
_SLOT = "the address that is asked for"
_MADE_FROM = ("templates/**/*.html", "claims/**/*.py", "claims/**/*.mo", "claims/static/claims/*.svg")


@dataclass(frozen=True, slots=True)
class Standing:
    """What one query says of an address: the report, the hash of its version, and what the frame shows of the desk."""

    slug: str
    sha256: str
    language: str
    desk_name: str
    is_demo: bool

    def tag(self, theme: str, *, zipped: bool) -> str:
        """The ETag of its page."""
        return f'"{self.sha256[:32]}-{theme}{"-gzip" if zipped else ""}"'

    def key(self, kind: str, theme: str = "") -> tuple[Any, ...]:
        """Under which something made from it is kept: all that it was made from."""
        return (kind, self.slug, self.sha256, theme, self.desk_name, self.is_demo, settings.SITE_URL)


def standing(slug: str) -> Standing | None:
    """The version that stands at this address; None where nothing is public."""
    statement, values = _statement()
    with connection.cursor() as cursor:
        cursor.execute(statement, [slug if value == _SLOT else value for value in values])
        found: Any = cursor.fetchone()
    return Standing(found[0], found[1], found[2] or "", found[3] or "", bool(found[4])) if found else None


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
    columns = ("slug", "current_version__sha256", "language", "desk_name", "demo")
    return named.values_list(*columns).query.sql_with_params()


@lru_cache(maxsize=1)
def build() -> str:
    """The hash of the templates and the code that pages are made with: a new release makes its own pages."""
    digest = hashlib.sha256(django.get_version().encode())
    files = {path for pattern in _MADE_FROM for path in settings.BASE_DIR.glob(pattern)}
    for path in sorted(files):
        digest.update(f"\0{path.relative_to(settings.BASE_DIR)}\0".encode())
        digest.update(path.read_bytes())
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if manifest.is_file():
        digest.update(manifest.read_bytes())
    return digest.hexdigest()


def takes_gzip(request: HttpRequest) -> bool:
    """Whether this reader takes a compressed answer."""
    return "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")


def asks_for(request: HttpRequest, tag: str) -> bool:
    """Whether the reader has this very answer already. A proxy may have called the tag a weak one."""
    given = str(request.META.get("HTTP_IF_NONE_MATCH", ""))
    return given == tag or tag in [part.strip().removeprefix("W/") for part in given.split(",")]


class KeptPages:
    """The last answers asked for, up to a number of bytes; behind them the files. Safe for several threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._pages: OrderedDict[tuple[Any, ...], bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def look(self, key: tuple[Any, ...], *, files: bool = True) -> bytes | None:
        """What is kept under ``key``, in memory or as a file; while templates are being worked on, nothing is."""
        if settings.DEBUG:
            return None
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
                return page
        page = self._files().read(build(), *key) if files else None
        if page is not None:
            self._hold(key, page)
        return page

    def get(self, key: tuple[Any, ...], make: Callable[[], bytes], *, files: bool = True) -> bytes:
        """What is kept under ``key``; made now where nothing is. ``files``: also for other processes and later."""
        page = self.look(key, files=files)
        if page is None:
            page = make()
            self._hold(key, page)
            if files:
                self._files().write(page, build(), *key)
        return page

    def clear(self) -> None:
        """Forget what is in memory."""
        with self._lock:
            self._pages.clear()
            self._size = 0

    def _hold(self, key: tuple[Any, ...], page: bytes) -> None:
        with self._lock:
            if key not in self._pages:
                self._pages[key] = page
                self._size += len(page)
            while self._size > self.most_bytes and len(self._pages) > 1:
                _key, old = self._pages.popitem(last=False)
                self._size -= len(old)

    @staticmethod
    def _files() -> KeptFiles:
        return KeptFiles(None if settings.DEBUG else settings.KEPT_FILES)


def zipped(content: bytes) -> bytes:
    """Compressed; the same bytes for the same content."""
    return gzip.compress(content, 6, mtime=0)


PAGES = KeptPages()
