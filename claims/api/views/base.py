"""What the API's views share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from claims.exceptions import Conflict, InvalidInput
from claims.models import IdempotentAnswer


class Problem(serializers.Serializer[Any]):
    """Every error: what is wrong, where, how to mend it (problem+json)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    errors = serializers.DictField(required=False)  # type: ignore[assignment]  # RFC 9457 leaves the name to us
    failing = serializers.ListField(child=serializers.DictField(), required=False)
    current = serializers.DictField(required=False)
    article = serializers.IntegerField(required=False)


PROBLEMS: dict[int, Any] = {
    code: OpenApiResponse(Problem, words)
    for code, words in {
        400: "Something sent makes no sense.",
        401: "Not logged in.",
        403: "Your role never allows this.",
        404: "There is no such thing.",
        409: "Somebody was first; `current` says what stands.",
        415: "Not this media type.",
        422: "The rules do not allow this now; `failing` says what is missing.",
        429: "Too many requests.",
    }.items()
}
IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="A replay with the same key has one effect."
)


def person_of(request: Request) -> User:
    """The caller; the permission class has made sure there is one."""
    assert isinstance(request.user, User), "the permission class lets nobody else through"
    return request.user


def read(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The request's body, checked."""
    form = serializer(data=request.data)
    form.is_valid(raise_exception=True)
    data: dict[str, Any] = form.validated_data
    return data


def once(request: Request, work: Callable[[], Response]) -> Response:
    """Do ``work``; where the request carries an Idempotency-Key that was seen before, give the first answer again.

    The key is taken and the answer kept in one transaction with the work, so that a key never stands for nothing.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return work()
    if len(key) > 200:
        raise InvalidInput("The Idempotency-Key is longer than 200 characters.", "Idempotency-Key")
    digest = _request_hash(request)
    try:
        with transaction.atomic():
            kept = IdempotentAnswer.objects.create(
                person=person_of(request), key=key, request_hash=digest, created_at=timezone.now()
            )
            response = work()
            kept.status_code, kept.body = (
                response.status_code,
                json.loads(json.dumps(response.data, default=str)),
            )
            kept.save(update_fields=["status_code", "body"])
            return response
    except IntegrityError:
        former = IdempotentAnswer.objects.filter(person=person_of(request), key=key).first()
        if former is None:
            raise
        if former.request_hash != digest:
            raise Conflict("This Idempotency-Key was used for another request.") from None
        return Response(former.body, status=former.status_code or status.HTTP_200_OK)


def _request_hash(request: Request) -> str:
    body = json.dumps(request.data, sort_keys=True, default=str)
    return hashlib.sha256(
        f"{request.method} {request.path} {body}".encode("utf-8", "surrogatepass")
    ).hexdigest()
