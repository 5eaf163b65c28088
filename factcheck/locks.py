"""django-axes without its memory for what was typed: it counts tries by the name typed, and keeps no field of any form.

The lock can be seen from outside. Did it follow the person whose address was typed, then whoever locks an address and finds
a name, or another spelling, locked with it has learned that both are one account. So it follows the letters alone.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.http import HttpRequest, QueryDict

# Put on a request while a name stands for somebody: the name as it was typed.
TYPED = "_typed_name"


def counted_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """The name by which a try is counted: as typed, whomever it turns out to be."""
    name = getattr(request, TYPED, None) or (credentials or {}).get("username")
    return spelled(str(name)) if name else None


def spelled(name: str) -> str:
    """One spelling for all that the log-in takes for the same letters; cut to what the table of tries holds."""
    return unicodedata.normalize("NFKC", name).strip().casefold()[:255]


class CountingHandler(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """The handler that stands in the database.

    Its own keeps the whole form beside each failed try and masks fields by name. A recovery code with one wrong letter, the
    password of a proof, or whatever a form is called tomorrow would stand there to be read.
    """

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Count the try; while that is done the request has neither form nor query."""
        if request is None:
            return
        held = request.GET, request.POST
        nothing: Any = QueryDict()
        request.GET, request.POST = nothing, nothing
        try:
            super().user_login_failed(sender, credentials, request, **kwargs)
        finally:
            request.GET, request.POST = held
