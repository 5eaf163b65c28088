"""Is a source still there, and does it still say what it said?

A page that refuses us is not dead: many sites turn away programs and serve readers. Only 404 and 410 count as
gone, and only the text decides about "changed", never the advertising around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from claims.integrations import conf, errors, http
from claims.integrations.answer import Answer, Service
from claims.integrations.snapshot import Snapshot, of_response

SERVICE = Service("links", "The site")


class LinkState(StrEnum):
    """What a fresh look at a source found."""

    ALIVE = "alive"
    CHANGED = "changed"
    GONE = "gone"
    REFUSED = "refused"


@dataclass(frozen=True)
class LinkHealth:
    """One look at one source. ``url`` is where it ended; ``text_sha256`` is empty for a page without text.

    ``page`` is what stands there now, for a page that changed.
    """

    state: LinkState
    asked_url: str
    url: str
    text_sha256: str = ""
    note: str = ""
    page: Snapshot | None = None

    @property
    def moved(self) -> bool:
        return self.url != self.asked_url


def check(url: str, known_text_sha256: str = "") -> Answer[LinkHealth]:
    """Look at ``url`` again; ``known_text_sha256`` is the text digest of the snapshot that was cited.

    ``UNAVAILABLE`` (time-outs, faults of the server) says nothing about the source: try again later.
    """
    query = {"url": url}
    if not conf.outside_allowed():
        return SERVICE.switched_off(query)
    try:
        seen = of_response(url, http.fetch(url))
    except errors.NotThere as error:
        return SERVICE.found((LinkHealth(LinkState.GONE, url, url, note=str(error)),), query)
    except errors.RefusedUs as error:
        return SERVICE.found((LinkHealth(LinkState.REFUSED, url, url, note=str(error)),), query)
    except errors.FetchError as error:
        return SERVICE.no_answer(str(error), error, query)
    changed = bool(known_text_sha256) and bool(seen.text_sha256) and seen.text_sha256 != known_text_sha256
    state = LinkState.CHANGED if changed else LinkState.ALIVE
    return SERVICE.found(
        (
            LinkHealth(
                state, url, seen.url, seen.text_sha256, " ".join(seen.warnings), seen if changed else None
            ),
        ),
        query,
    )
