"""How the bodies of requests are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

DEEPEST = 32  # no body of this API nests deeper than four


class ShallowJSON(JSONParser):
    """JSON that is not nested without end: what reads it afterwards goes into it level by level, and would run out of them."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            value = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise _too_deep() from None
        level = [value]
        for _depth in range(DEEPEST):
            level = [inner for outer in level for inner in _inside(outer)]
        if level:
            raise _too_deep()
        return value


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _too_deep() -> ParseError:
    return ParseError(
        f"The body is nested deeper than {DEEPEST} levels. Send only the fields that are named here."
    )
