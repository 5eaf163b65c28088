"""django-axes without its memory for what was typed: it counts tries, and keeps no field of any form."""

from __future__ import annotations

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.http import HttpRequest, QueryDict


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
