"""The services a desk can set up, by their key, with the name people know and whether they are set up here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from claims.integrations import (
    conf,
    factcheck_tools,
    openai_compatible,
    searxng,
    wayback,
    wikidata,
    wikipedia,
)
from claims.integrations.answer import Service


@dataclass(frozen=True)
class Known:
    """One service. ``settings`` must all be set for it to be asked; ``daily`` is how many requests a desk sends a
    day unless an editor says otherwise (None: as many as there are)."""

    service: Service
    settings: tuple[str, ...] = ()
    daily: int | None = None

    @property
    def set_up(self) -> bool:
        reachable = conf.outside_allowed() or bool(conf.trusted_origin(self.service.key))
        return reachable and all(conf.text(name) for name in self.settings)


# Daily figures: what a desk of a few people needs and a free plan bears. A language model costs money at each request.
SERVICES: Mapping[str, Known] = {
    one.service.key: one
    for one in (
        Known(factcheck_tools.SERVICE, ("GOOGLE_FACTCHECK_KEY",), 1000),
        Known(wayback.SERVICE, (), 1000),
        Known(openai_compatible.SERVICE, ("LLM_URL", "LLM_MODEL"), 500),
        Known(searxng.SERVICE, ("SEARXNG_URL",)),
        Known(wikipedia.SERVICE),
        Known(wikidata.SERVICE),
    )
}
