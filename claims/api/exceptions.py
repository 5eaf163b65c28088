"""Every error as problem+json (RFC 9457): what is wrong, in which field, and how to mend it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from rest_framework import status
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from claims import exceptions as desk
from claims.domain import locking

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:plumbline:problem:"

_STATUS: dict[type[desk.DeskError], int] = {
    desk.Missing: status.HTTP_422_UNPROCESSABLE_ENTITY,  # before the kind that it is one of
    desk.InvalidInput: status.HTTP_400_BAD_REQUEST,
    desk.NotAllowed: status.HTTP_403_FORBIDDEN,
    desk.Conflict: status.HTTP_409_CONFLICT,
    desk.AlreadyHere: status.HTTP_409_CONFLICT,
    desk.KeyReused: status.HTTP_422_UNPROCESSABLE_ENTITY,
    desk.TransitionRefused: status.HTTP_422_UNPROCESSABLE_ENTITY,
    desk.TooMany: status.HTTP_429_TOO_MANY_REQUESTS,
}
# The title belongs to the kind of problem and never changes; ``detail`` says what happened this time.
TITLES: dict[str, str] = {
    "invalid": "Something that was sent cannot be used.",
    "missing": "Something that this needs was left out.",
    "parse_error": "The body could not be read.",
    "not_authenticated": "Nobody is logged in.",
    "authentication_failed": "The token is not valid.",
    "permission_denied": "This is not allowed.",
    "not_allowed": "The person's role or the token's scope does not allow this.",
    "not_found": "There is no such thing.",
    "method_not_allowed": "This address does not take this method.",
    "not_acceptable": "The API answers in JSON only.",
    "conflict": "Somebody was first.",
    "already_here": "This is here already.",
    "precondition_failed": "It changed since you read it.",
    "too_large": "The request is too large.",
    "unsupported_media_type": "The API does not read this kind of body.",
    "refused": "The rules do not allow this now.",
    "idempotency_key_reused": "The Idempotency-Key came before with another request.",
    "throttled": "Too many requests.",
    "too_many": "Too many requests.",
    "busy": "The desk is busy.",
    "server_error": "The desk made a mistake.",
}
_REMEDIES: dict[str, str] = {
    "required": "Send this field.",
    "blank": "Write something, or leave the field out.",
    "null": "Send a value, or leave the field out.",
    "unknown": "Leave it out, or mend its name.",
    "wrong_type": "Send the JSON type that the schema names.",
    "invalid_choice": "Send one of the values that the schema lists.",
    "does_not_exist": "Send the number of something that exists.",
    "max_length": "Shorten it.",
    "min_length": "Send more.",
    "max_value": "Send a smaller number.",
    "min_value": "Send a larger number.",
    "empty": "Send at least one item.",
    "not_a_list": "Send a list.",
    "surrogate_characters_not_allowed": "Remove the broken characters.",
    "null_characters_not_allowed": "Remove the NUL characters.",
}


class PreconditionFailed(APIException):
    """The If-Match tag is not that of the present state (412); ``current`` shows the state that stands."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "precondition_failed"

    def __init__(self, tag: str, current: Mapping[str, Any]) -> None:
        super().__init__(
            "It changed since you read it. Look at `current`, then send the change with its tag."
        )
        self.tag = tag
        self.current = dict(current)


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: our own errors, DRF's and faults of the desk, all in one form."""
    if isinstance(error, desk.DeskError):
        return respond(of_desk_error(error))
    if isinstance(error, SuspiciousOperation):
        return _unreadable(error)
    answer = exception_handler(error, context)
    if answer is None:
        return _fault(error, context)
    kept = {name: answer[name] for name in ("WWW-Authenticate", "Retry-After", "Allow") if name in answer}
    response = respond(_of_api_error(error, answer))
    for name, value in kept.items():
        response[name] = value
    if isinstance(error, PreconditionFailed):
        response["ETag"] = error.tag
    return response


def respond(body: dict[str, Any]) -> Response:
    """A problem as the answer it makes."""
    return Response(body, status=body["status"], content_type=MEDIA_TYPE)


def problem(code: str, number: int, detail: str, **members: Any) -> dict[str, Any]:
    """One problem as plain values."""
    title = TITLES.get(code, "The request could not be met.")
    return {
        "type": TYPE_PREFIX + code,
        "title": title,
        "status": number,
        "code": code,
        "detail": plain(detail),
        **members,
    }


def of_desk_error(error: desk.DeskError) -> dict[str, Any]:
    """A refusal of the desk as a problem; bulk answers hold one for each item that was refused."""
    number = next((number for kind, number in _STATUS.items() if isinstance(error, kind)), 400)
    members: dict[str, Any] = {}
    if isinstance(error, desk.InvalidInput) and error.field:
        remedy = str(error.remedy) if isinstance(error, desk.Missing) else ""
        members["errors"] = [_field_error(error.field, str(error.message), remedy)]
    if isinstance(error, desk.Conflict):
        members["current"] = error.current
    if isinstance(error, desk.TransitionRefused | desk.Missing):
        members["failing"] = error.failing
    if isinstance(error, desk.AlreadyHere):
        members["article"] = error.article_id
    return problem(error.code, number, str(error), **members)


def of_invalid_body(error: ValidationError) -> dict[str, Any]:
    """A body or address with wrong fields as a problem that names each of them."""
    errors = [
        _field_error(".".join(path), str(detail), _REMEDIES.get(detail.code or "", ""))
        for path, detail in _flat(error.detail)
    ]
    names = ", ".join(dict.fromkeys(item["field"] for item in errors if item["field"]))
    sentence = f"Mend: {names}." if names else "Mend what `errors` says."
    return problem("invalid", status.HTTP_400_BAD_REQUEST, sentence, errors=errors)


def _of_api_error(error: Exception, answer: Response) -> dict[str, Any]:
    if isinstance(error, ValidationError):
        return of_invalid_body(error)
    code = str(getattr(error, "default_code", "invalid"))
    detail = answer.data.get("detail", "") if isinstance(answer.data, dict) else ""
    code = {"error": "invalid"}.get(code, code)
    if answer.status_code == status.HTTP_404_NOT_FOUND:
        code, detail = "not_found", detail or "There is nothing at this address, or nothing that you may see."
    if answer.status_code == status.HTTP_403_FORBIDDEN and not isinstance(error, APIException):
        code = "permission_denied"
    members = {"current": error.current} if isinstance(error, PreconditionFailed) else {}
    return problem(code, answer.status_code, str(detail or error), **members)


def _unreadable(error: SuspiciousOperation) -> Response:
    """What Django stopped reading: too long, too many fields, a path that leads out."""
    if isinstance(error, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // (1024 * 1024)
        detail = f"A request may have {most} MB here. Send less at a time."
        return respond(problem("too_large", status.HTTP_413_REQUEST_ENTITY_TOO_LARGE, detail))
    detail = "The request was not read to its end: it has too many fields or files, or is broken. Send fewer at a time."
    return respond(problem("parse_error", status.HTTP_400_BAD_REQUEST, detail))


def _fault(error: Exception, context: dict[str, Any]) -> Response:
    """A fault of ours: logged and signalled as Django would, answered without a word of what is inside."""
    request = context["request"]
    set_rollback()
    if locking.is_busy(error):
        logger.warning("The database was busy at %s", request.path)
        detail = "Another piece of work held the database. Nothing was saved. Send the request again."
        answer = respond(problem("busy", status.HTTP_503_SERVICE_UNAVAILABLE, detail))
        answer["Retry-After"] = str(locking.BUSY_FOR)
        return answer
    got_request_exception.send(sender=None, request=getattr(request, "_request", request))
    logger.error("The API failed at %s", request.path, exc_info=error)
    detail = "Try again in a moment. If it stays, tell whoever runs this desk at which time it happened."
    return respond(problem("server_error", status.HTTP_500_INTERNAL_SERVER_ERROR, detail))


def _flat(detail: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], ErrorDetail]]:
    """Every message of a nested error with the way to its field."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            step = () if name == "non_field_errors" else (plain(str(name)),)
            yield from _flat(inner, (*path, *step))
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _flat(inner, (*path, str(place)) if nested and inner else path)
    else:
        yield path, detail


def _field_error(field: str, detail: str, remedy: str) -> dict[str, str]:
    return {"field": field, "detail": plain(detail), "remedy": remedy}


def plain(text: str) -> str:
    """The text without lone surrogates, which a hostile body can carry and no answer can."""
    return text.encode("utf-8", "replace").decode("utf-8")
