"""Every error as problem+json (RFC 9457) with the field and the remedy."""

from __future__ import annotations

from typing import Any

from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from claims import exceptions as desk

_STATUS: dict[type[desk.DeskError], int] = {
    desk.InvalidInput: status.HTTP_400_BAD_REQUEST,
    desk.NotAllowed: status.HTTP_403_FORBIDDEN,
    desk.Conflict: status.HTTP_409_CONFLICT,
    desk.AlreadyHere: status.HTTP_409_CONFLICT,
    desk.TransitionRefused: status.HTTP_422_UNPROCESSABLE_ENTITY,
    desk.TooMany: status.HTTP_429_TOO_MANY_REQUESTS,
}


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: our own errors and DRF's in one form; None leaves the fault to Django."""
    if isinstance(error, desk.DeskError):
        return _desk_problem(error)
    response = exception_handler(error, context)
    if response is None:
        return response
    if isinstance(error, ValidationError):
        body: dict[str, Any] = {
            "type": "invalid",
            "title": "Some fields need mending.",
            "errors": error.detail,
        }
    else:
        detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
        body = {"type": getattr(error, "default_code", "error"), "title": str(detail or error)}
    body["status"] = response.status_code
    response.data = body
    response.content_type = "application/problem+json"
    return response


def _desk_problem(error: desk.DeskError) -> Response:
    code = next((number for kind, number in _STATUS.items() if isinstance(error, kind)), 400)
    body: dict[str, Any] = {"type": error.code, "title": str(error), "status": code}
    if isinstance(error, desk.InvalidInput) and error.field:
        body["errors"] = {error.field: [str(error)]}
    if isinstance(error, desk.Conflict):
        body["current"] = error.current
    if isinstance(error, desk.TransitionRefused):
        body["failing"] = error.failing
    if isinstance(error, desk.AlreadyHere):
        body["article"] = error.article_id
    return Response(body, status=code, content_type="application/problem+json")
