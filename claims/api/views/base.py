"""What the API's views share: one way in for every write, one form for every answer.

A view reads the request, calls one verb and shows the answer. Around it, here: unknown parameters are refused, a
write under an Idempotency-Key happens once, If-Match holds the row while it is compared, answers carry tags, and
``?fields=`` narrows them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar, TypeVar

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django_filters import CharFilter
from rest_framework import serializers, status, viewsets
from rest_framework.exceptions import AuthenticationFailed, Throttled, ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import tags
from claims.api.exceptions import PreconditionFailed, plain
from claims.api.permissions import token_of
from claims.api.throttles import PerAddress
from claims.domain import replays

Row = TypeVar("Row", bound=Model)
Handler = Callable[..., Response]
SPARSE = "fields"
_KEPT_HEADERS = ("ETag", "Location")


def person_of(request: Request) -> User:
    """The caller; the permission class has made sure there is one."""
    assert isinstance(request.user, User), "the permission class lets nobody else through"
    return request.user


def read(serializer: type[serializers.BaseSerializer[Any]], request: Request) -> dict[str, Any]:
    """The request's body, checked.

    Raises:
        ValidationError: the body is no object, or fields are unknown, missing or wrong.
    """
    form = serializer(data=request.data)
    form.is_valid(raise_exception=True)
    data: dict[str, Any] = form.validated_data
    return data


class DeskViewSet(viewsets.GenericViewSet[Row]):
    """The base of every view of the API, private unless it says otherwise."""

    public: ClassVar[bool] = False
    streams: ClassVar[bool] = False  # answers with files, which have neither tags nor fields
    secret_fields: ClassVar[frozenset[str]] = (
        frozenset()
    )  # shown once: answers kept for replays leave them out
    lists: bool = False  # set by actions that answer with a page of rows
    filterset_class: Any = None

    # --- the way in -----------------------------------------------------------------------------------------
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        try:
            super().initial(request, *args, **kwargs)
        except AuthenticationFailed:
            # Tries with made-up tokens empty the bucket of their address too.
            throttle = PerAddress()
            if not throttle.allow_request(request, self):
                raise Throttled(throttle.wait()) from None
            raise
        self._refuse_unknown_parameters(request)
        if request.method not in SAFE_METHODS:
            name = str(request.method).lower()
            handler = getattr(self, name, None)
            if handler is not None:
                setattr(self, name, partial(self._write, handler))

    def check_permissions(self, request: Request) -> None:
        # Counted first, so that requests that are refused anyway are no cheaper to send without end.
        super().check_throttles(request)
        super().check_permissions(request)

    def check_throttles(self, request: Request) -> None:
        """Done above, before the permissions."""

    def parameters(self) -> set[str]:
        """The parameters that this action's address takes."""
        known = {SPARSE} if self.request.method in SAFE_METHODS else set()
        if self.paginator is not None and self._lists():
            known |= {"cursor", "page_size"}
            if self.filterset_class is not None:
                known |= set(self.filterset_class.base_filters)
        return known

    def _lists(self) -> bool:
        return self.lists or self.action == "list"

    def _refuse_unknown_parameters(self, request: Request) -> None:
        known = self.parameters()
        filters = self.filterset_class.base_filters if self.filterset_class is not None else {}
        empty = [
            name
            for name, given in request.query_params.items()
            if given == "" and name in filters and not isinstance(filters[name], CharFilter)
        ]
        if empty:
            raise ValidationError({name: ["Send a value, or leave the parameter out."] for name in empty})
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            words = f"There is no such parameter here. Parameters: {', '.join(sorted(known)) or 'none'}."
            raise ValidationError(
                {plain(name): [serializers.ErrorDetail(words, code="unknown")] for name in unknown}
            )

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Which methods the address takes."""
        return Response(status=status.HTTP_204_NO_CONTENT, headers={"Allow": ", ".join(self.allowed_methods)})

    # --- writes ---------------------------------------------------------------------------------------------
    def _write(self, handler: Handler, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        work = partial(handler, request, *args, **kwargs)
        if "If-Match" in request.headers and self.detail:
            work = partial(self._matched, work, request)
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return work()
        shown: list[Response] = []

        def answered() -> replays.Answer:
            response = self.finalize_response(request, work(), *args, **kwargs)
            response.render()
            shown.append(response)
            body = json.loads(response.content) if response.content else None
            if self.secret_fields and isinstance(body, dict):
                body |= dict.fromkeys(self.secret_fields & set(body), "")
            headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
            return replays.Answer(response.status_code, body, headers)

        person = request.user if isinstance(request.user, User) else None
        owner = replays.owner_of(person, token_of(request), PerAddress().get_ident(request) or "")
        answer = replays.once(person, owner, key, request_hash(request), answered)
        if shown:
            return shown[0]
        headers = {**answer.headers, "Idempotency-Replayed": "true"}
        return Response(answer.body, status=answer.status, headers=headers)

    @transaction.atomic
    def _matched(self, work: Callable[[], Response], request: Request) -> Response:
        """Hold the row, compare its tag, do the work: nobody can come between."""
        row = self.hold()
        if not tags.fits(request.headers["If-Match"], tags.stamp(row)):
            shown = self.present(row) if row is not None else {}
            tag = tags.tag(tags.stamp(row), JSONRenderer().render(shown))
            raise PreconditionFailed(tag, shown)
        return work()

    def hold(self) -> Model | None:
        """The row that If-Match speaks of, held until the transaction ends."""
        row: Model = self.get_object()
        return type(row)._default_manager.select_for_update().filter(pk=row.pk).first()

    def present(self, row: Any) -> dict[str, Any]:
        """The row that If-Match speaks of as GET shows it."""
        return dict(self.shaped(self.get_serializer_class(), row).data)

    # --- answers --------------------------------------------------------------------------------------------
    def show(
        self, shape: type[serializers.BaseSerializer[Any]], row: Any, code: int = status.HTTP_200_OK, *,
        stamp_of: Model | None = None, location: str = "",
    ) -> Response:  # fmt: skip
        """One thing, with its tag."""
        response = Response(self.shaped(shape, row).data, status=code)
        response.stamp = tags.stamp(stamp_of or (row if isinstance(row, Model) else None))  # type: ignore[attr-defined]  # read below
        if location:
            response["Location"] = location
        return response

    def page(
        self, rows: QuerySet[Any] | Iterable[Any], shape: type[serializers.BaseSerializer[Any]]
    ) -> Response:
        """One page of a list."""
        found = self.paginate_queryset(rows)  # type: ignore[arg-type]  # every list here is a queryset
        return self.get_paginated_response(self.shaped(shape, found, many=True).data)

    def shaped(
        self, shape: type[serializers.BaseSerializer[Any]], row: Any, *, many: bool = False
    ) -> serializers.BaseSerializer[Any]:
        """A serializer with the fields that were asked for.

        Raises:
            ValidationError: ``?fields=`` names one that is not there.
        """
        made = shape(row, many=many, context=self.get_serializer_context())
        asked = self.request.query_params.get(SPARSE) if self.request.method in SAFE_METHODS else None
        if asked is None:
            return made
        target: Any = made.child if isinstance(made, serializers.ListSerializer) else made
        wanted = {name.strip() for name in asked.split(",") if name.strip()}
        unknown = sorted(wanted - set(target.fields))
        if unknown or not wanted:
            words = f"Fields here: {', '.join(target.fields)}."
            raise ValidationError({SPARSE: [f"There is no field {plain(', '.join(unknown))!r}. {words}"]})
        for name in set(target.fields) - wanted:
            target.fields.pop(name)
        return made

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(response, Response) and response.is_rendered:
            return response
        response = super().finalize_response(request, response, *args, **kwargs)
        open_to_all = self.public and request.method in SAFE_METHODS
        response["Cache-Control"] = "public, max-age=60" if open_to_all else "no-store"
        if open_to_all:
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        if (
            isinstance(response, Response)
            and response.status_code in {200, 201}
            and response.data is not None
        ):
            asked = request.headers.get("If-None-Match", "") if request.method in {"GET", "HEAD"} else ""
            state = getattr(response, "stamp", tags.ABSENT)
            if "ETag" not in response:
                response.add_post_render_callback(tags.put_on(state, asked))
        return response


def request_hash(request: Request) -> str:
    """What makes two requests the same: method, address, body, and the bytes of files."""
    body = {
        name: hashlib.sha256(_bytes(value)).hexdigest() if isinstance(value, UploadedFile) else value
        for name, value in (request.data.items() if isinstance(request.data, dict) else [("", request.data)])
    }
    text = json.dumps(body, sort_keys=True, default=str)
    whole = f"{request.method} {request.get_full_path()} {text}"
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def _bytes(file: UploadedFile[Any]) -> bytes:
    content = file.read()
    file.seek(0)
    return bytes(content)
