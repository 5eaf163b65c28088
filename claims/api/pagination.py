"""Lists page by key: no page costs more than the first."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError as WrongValue
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request


class ByKey(CursorPagination):
    """50 rows a page, 200 at the most. A page size or key that makes no sense is said to be so."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    cursor_query_description = "The key of a page, from `next` or `previous` of an earlier answer."
    page_size_query_description = "Rows a page, 1 to 200."
    invalid_cursor_message = "This key of a page is none of ours. Start from the first page."

    def get_page_size(self, request: Request) -> int | None:
        given = request.query_params.get("page_size")
        if given is None:
            return self.page_size
        if not (given.isascii() and given.isdecimal() and len(given) < 4 and 1 <= int(given) <= 200):
            raise ValidationError({"page_size": ["Send a number from 1 to 200."]})
        return int(given)

    def decode_cursor(self, request: Request) -> Any:
        cursor = super().decode_cursor(request)
        if cursor is not None and "\x00" in str(cursor.position):
            raise NotFound(self.invalid_cursor_message)  # no text of PostgreSQL can hold it
        return cursor

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (WrongValue, ValueError, OverflowError) as error:
            # A key that somebody made up: its value does not fit the column.
            raise NotFound(self.invalid_cursor_message) from error

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == "page_size":
                parameter["schema"] = {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
        return parameters


class NewestFirst(ByKey):
    """By the time a row was made."""

    ordering = ("-created_at", "-id")


class NewestId(ByKey):
    """By number, newest first: rows that are only ever added."""

    ordering = ("-id",)


class OldestFirst(ByKey):
    """In the order in which rows were made."""

    ordering = ("id",)


class NewestReports(ByKey):
    """Reports by their first publication."""

    ordering = ("-published_at", "-id")


class ByPosition(ByKey):
    """In the order of the text."""

    ordering = ("position", "id")


class ByName(ByKey):
    """By name."""

    ordering = ("name", "id")


class ByNumber(ByKey):
    """Versions, the newest first."""

    ordering = ("-number",)


class ByRevision(ByKey):
    """Saved states, the newest first."""

    ordering = ("-revision",)


class ByUserName(ByKey):
    """Colleagues."""

    ordering = ("username",)
