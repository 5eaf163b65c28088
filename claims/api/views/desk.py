"""The desk as a whole: receivers of calls, checks brought in from elsewhere, its work in figures, lists as files."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import inputs
from claims.api import outputs_desk as shapes
from claims.api.filters import ClaimFilterSet
from claims.api.pagination import ByName, NewestFirst, NewestId
from claims.api.permissions import token_of
from claims.api.views.base import DeskViewSet, person_of, read
from claims.domain import exports, imports, insight, people, tokens, webhooks
from claims.enums import Action, Role
from claims.exceptions import Conflict, InvalidInput
from claims.models import Claim, ImportBatch, OutboxMessage, WebhookDelivery, WebhookReceiver

LONGEST = timedelta(days=366 * 5)


@extend_schema(tags=["webhooks"])
class WebhookViewSet(DeskViewSet[WebhookReceiver]):
    """Programs elsewhere that are called when a report or a claim changes. Editors only."""

    queryset = WebhookReceiver.objects.all()
    serializer_class = shapes.WebhookOut
    pagination_class = ByName
    secret_fields: ClassVar[frozenset[str]] = frozenset({"secret"})

    @extend_schema(
        summary="List receivers of calls by name",
        description="Also those that are stopped. Secrets are never shown again.",
        responses={200: shapes.WebhookOut(many=True)},
    )
    def list(self, request: Request) -> Response:
        return self.page(self.get_queryset(), shapes.WebhookOut)

    @extend_schema(
        summary="Read one receiver of calls",
        description="Without its secret.",
        responses={200: shapes.WebhookOut},
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(shapes.WebhookOut, self.get_object())

    @extend_schema(
        summary="Add a receiver of calls",
        description="The answer shows the secret that signs the calls, this once; a replay leaves it empty.",
        request=inputs.WebhookIn,
        responses={201: shapes.WebhookMade},
    )
    def create(self, request: Request) -> Response:
        data = read(inputs.WebhookIn, request)
        self._require_scope(request)
        receiver, _secret = webhooks.add(actor=person_of(request), **data)
        address = reverse("api-webhook-detail", args=[receiver.pk])
        return self.show(shapes.WebhookMade, receiver, status.HTTP_201_CREATED, location=address)

    @extend_schema(
        summary="Change, stop or start a receiver",
        description="Its name, address or events; what is left out stays, and so does the secret. Calls that still wait go to "
        "the new address. `stopped` ends the calls; what it misses meanwhile is not sent later. Receivers are never "
        "deleted, since the log of what was told to whom stays.",
        request=inputs.WebhookChange,
        responses={200: shapes.WebhookOut},
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        data = read(inputs.WebhookChange, request)
        self._require_scope(request)
        receiver, actor = self.get_object(), person_of(request)
        stopped = data.pop("stopped", None)
        with transaction.atomic():
            webhooks.change(receiver, actor=actor, **data)
            if stopped is not None:
                webhooks.set_stopped(receiver, stopped, actor=actor)
        receiver.refresh_from_db()
        return self.show(shapes.WebhookOut, receiver)

    @extend_schema(
        summary="Give a receiver a new secret",
        description="Calls are signed with the old one too for a day. The answer shows the new one, this once.",
        request=None,
        responses={200: shapes.WebhookMade},
    )
    @action(detail=True, methods=["post"])
    def secret(self, request: Request, pk: str) -> Response:
        self._require_scope(request)
        receiver = self.get_object()
        webhooks.new_secret(receiver, actor=person_of(request))
        return self.show(shapes.WebhookMade, receiver)

    @extend_schema(
        summary="Call a receiver to see whether it works",
        description="Promises a call that says nothing else; look at its deliveries.",
        request=None,
        responses={202: shapes.DeliveryOut},
    )
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> Response:
        self._require_scope(request)
        delivery = webhooks.test(self.get_object(), actor=person_of(request))
        return self.show(shapes.DeliveryOut, delivery, status.HTTP_202_ACCEPTED)

    @extend_schema(
        summary="List the calls to a receiver, newest first",
        description="Each with every try and what was answered.",
        responses={200: shapes.DeliveryOut(many=True)},
    )
    @action(detail=True, pagination_class=NewestFirst, lists=True)
    def deliveries(self, request: Request, pk: str) -> Response:
        rows = WebhookDelivery.objects.filter(receiver=self.get_object())
        return self.page(rows.select_related("message").prefetch_related("attempts"), shapes.DeliveryOut)

    @extend_schema(
        summary="Read one call to a receiver",
        description="With every try and what was answered.",
        responses={200: shapes.DeliveryOut},
    )
    @action(detail=True, url_path=r"deliveries/(?P<delivery>[0-9]{1,18})")
    def delivery(self, request: Request, pk: str, delivery: str) -> Response:
        found = self._call(delivery)
        return self.show(shapes.DeliveryOut, found, stamp_of=found.message)

    @extend_schema(
        summary="Send a call again",
        description="Under the same id and in the same words, freshly signed: a receiver that knows the id may pass it "
        "over. 409 while the call still waits for its own next try.",
        request=None,
        responses={202: shapes.DeliveryOut},
    )
    @action(detail=True, methods=["post"], url_path=r"deliveries/(?P<delivery>[0-9]{1,18})/again")
    def again(self, request: Request, pk: str, delivery: str) -> Response:
        self._require_scope(request)
        found = self._call(delivery)
        if not webhooks.replay(found, actor=person_of(request)):
            raise Conflict(
                "This call still waits for its next try and goes out by itself.",
                dict(shapes.DeliveryOut(found).data),
            )
        found.message.refresh_from_db()
        return self.show(shapes.DeliveryOut, found, status.HTTP_202_ACCEPTED, stamp_of=found.message)

    def hold(self) -> Model | None:
        """The receiver; where one of its calls is meant, what stands of that call."""
        if self.action != "again":
            return super().hold()
        return OutboxMessage.objects.select_for_update().get(
            pk=self._call(self.kwargs["delivery"]).message_id
        )

    def present(self, row: Any) -> dict[str, Any]:
        """As ``hold`` found it."""
        if not isinstance(row, OutboxMessage):
            return super().present(row)
        return dict(shapes.DeliveryOut(self._call(self.kwargs["delivery"])).data)

    def _call(self, number: str) -> WebhookDelivery:
        rows = WebhookDelivery.objects.filter(receiver=self.get_object(), pk=int(number))
        found = rows.select_related("message").prefetch_related("attempts").first()
        if found is None:
            raise NotFound("There is no such call to this receiver.")
        return found

    def _require_scope(self, request: Request) -> None:
        # What leaves the house is decided like what is public.
        tokens.require_move(token_of(request), Action.PUBLISH)


@extend_schema(tags=["imports"])
class ImportViewSet(DeskViewSet[ImportBatch]):
    """Files of checks by other desks."""

    queryset = ImportBatch.objects.select_related("brought_by")
    parser_classes = (MultiPartParser,)
    serializer_class = shapes.ImportOut
    pagination_class = NewestId

    @extend_schema(
        summary="List the files that were brought in, newest first",
        description="With how many checks were new, known before or put aside.",
        responses={200: shapes.ImportOut(many=True)},
    )
    def list(self, request: Request) -> Response:
        return self.page(self.get_queryset(), shapes.ImportOut)

    @extend_schema(
        summary="Read how one import went",
        description="Once finished, it never changes.",
        responses={200: shapes.ImportOut},
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(shapes.ImportOut, self.get_object())

    @extend_schema(
        summary="Bring in a file of ClaimReviews",
        description="A DataFeed, a list, lines of JSON or one review, gzipped or not, up to 10 MB as multipart/form-data, "
        "20 MB once unpacked and 50,000 records; larger files go through `manage.py import_claimreviews`. Editors only.",
        request={"multipart/form-data": inputs.ImportFile},
        responses={201: shapes.ImportOut},
    )
    def create(self, request: Request) -> Response:
        file = read(inputs.ImportFile, request)["file"]
        if file.size > settings.MAX_ARTICLE_BYTES:
            raise InvalidInput("The file is larger than 10 MB. Bring it in on the server.", "file")
        batch = imports.import_checks(
            file, name=file.name or "", actor=person_of(request), limits=imports.FROM_OUTSIDE
        )
        return self.show(shapes.ImportOut, batch, status.HTTP_201_CREATED)


_DAY = OpenApiTypes.DATE


@extend_schema(tags=["insight"])
class InsightViewSet(DeskViewSet[Claim]):
    """The desk's own work in figures."""

    queryset = Claim.objects.none()
    serializer_class = shapes.InsightOut

    def parameters(self) -> set[str]:
        return {"fields", "weeks", "first", "last"}

    @extend_schema(
        summary="Read the desk's work in figures",
        description="Of so many weeks, the present one included (12 where nothing is said), or from `first` to `last`.",
        parameters=[
            OpenApiParameter(
                "weeks", {"type": "integer", "minimum": 1, "maximum": 260}, description="How many weeks."
            ),
            OpenApiParameter("first", _DAY, description="First day, together with `last`."),
            OpenApiParameter("last", _DAY, description="Last day, together with `first`."),
        ],
        responses={200: shapes.InsightOut},
    )
    @action(detail=False, url_path="figures")
    def figures(self, request: Request) -> Response:
        found = insight.insight(_period(request))
        shown = {field.name: getattr(found, field.name) for field in dataclasses.fields(found)}
        if Role.EDITOR not in people.roles(request.user):
            shown["people"] = []
        return self.show(shapes.InsightOut, shown)


def _period(request: Request) -> insight.Period:
    asked = request.query_params
    if "weeks" in asked:
        weeks = asked["weeks"]
        if "first" in asked or "last" in asked:
            raise ValidationError({"weeks": ["Send weeks, or first and last."]})
        if not (weeks.isascii() and weeks.isdecimal() and len(weeks) < 4 and 1 <= int(weeks) <= 260):
            raise ValidationError({"weeks": ["Send a number from 1 to 260."]})
        return insight.Period.of_weeks(int(weeks))
    if "first" not in asked and "last" not in asked:
        return insight.Period.of_weeks(12)
    first, last = (_day(asked.get(name, ""), name) for name in ("first", "last"))
    if not timedelta(0) <= last - first <= LONGEST:
        raise ValidationError({"last": ["Send a day after the first, at most five years later."]})
    return insight.Period(first, last)


def _day(text: str, name: str) -> date:
    try:
        day = parse_date(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2100:
        raise ValidationError({name: ["Send a day such as 2026-03-01."]})
    return day


_FILES: dict[Any, Any] = {
    (200, kind): OpenApiTypes.ANY if "json" in kind and "nd" not in kind else OpenApiTypes.BINARY
    for kind in (form.content_type.partition(";")[0] for form in exports.CLAIM_FORMS.values())
}


class WhateverIsAsked(DefaultContentNegotiation):
    """A file has its own kind, which the address names."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


@extend_schema(tags=["exports"])
class ExportViewSet(DeskViewSet[Claim]):
    """Lists of the desk as files. Those of public reports are at /reports/export/ of the site."""

    serializer_class = None
    filterset_class = ClaimFilterSet
    content_negotiation_class = WhateverIsAsked
    streams = True

    def get_queryset(self) -> QuerySet[Claim]:
        return Claim.objects.order_by("-created_at", "-id")

    def parameters(self) -> set[str]:
        return {"form", *ClaimFilterSet.base_filters}

    @extend_schema(
        summary="Take claims along as a file",
        description="CSV, Excel, lines of JSON or JSON-LD, with the filters of the list of claims. Streamed, without a limit; "
        "verdicts that you should not see yet are left out.",
        parameters=[
            OpenApiParameter(
                "form", str, enum=list(exports.CLAIM_FORMS), description="Kind of file; csv where left out."
            )
        ],
        responses=_FILES,
        filters=True,
    )
    @action(detail=False)
    def claims(self, request: Request) -> StreamingHttpResponse:
        name = request.query_params.get("form", "csv")
        form = exports.CLAIM_FORMS.get(name)
        if form is None:
            raise ValidationError({"form": [f"Send one of: {', '.join(exports.CLAIM_FORMS)}."]})
        rows = self.filter_queryset(self.get_queryset())
        answer = StreamingHttpResponse(
            exports.write_claims(name, rows, person_of(request)), content_type=form.content_type
        )
        answer["Content-Disposition"] = f'attachment; filename="claims.{form.suffix}"'
        return answer
