"""What readers of a new version will ask for, made before they ask: its page and its share card.

Runs after the publication is written, in the process that wrote it, and may fail without harm: then it is made when
somebody asks.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def prepare(sender: object, slug: str, **_more: Any) -> None:
    """Receiver of ``domain.reports.version_stands``."""
    from claims.web.views import (  # pages know all of the desk; a process that publishes may not yet
        public,
        sharing,
    )

    if settings.KEPT_FILES is None or settings.DEBUG:
        return
    request = HttpRequest()
    request.method, request.path = "GET", f"/reports/{slug}/"
    request.path_info = request.path
    public.make_ready(request, slug)
    sharing.make_ready(slug)
