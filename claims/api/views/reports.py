"""What the public may read: frozen versions of reports, never a draft. Open to everybody, from every site."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import inputs
from claims.api import outputs_public as shapes
from claims.api.filters import ReportFilterSet
from claims.api.pagination import ByNumber, NewestReports
from claims.api.views.base import DeskViewSet, read
from claims.domain import listing, reader_messages
from claims.models import Report
from factcheck.address import counted_address

PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}


@extend_schema(tags=["reports"])
class ReportViewSet(DeskViewSet[Report]):
    """Published reports. No log-in is looked at, so no cookie can say more than the address."""

    public = True
    authentication_classes = ()
    permission_classes = (AllowAny,)
    serializer_class = shapes.ReportDetail
    pagination_class = NewestReports
    filterset_class = ReportFilterSet
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Report]:
        return Report.objects.public().select_related("current_version")

    @extend_schema(
        summary="List public reports, newest first",
        description="Open to everybody. Retracted reports stay, with `retracted_at`. A topic or verdict that is not there is "
        "refused (400), not answered with an empty list.",
        responses={200: shapes.ReportOut(many=True)},
    )
    def list(self, request: Request) -> Response:
        rows = self.get_queryset().defer("current_version__document")
        found = self.filter_queryset(rows)
        asked = request.query_params
        said = listing.not_understood(
            topic=asked.get("topic", "").strip(), verdict=asked.get("verdict", "").strip()
        )
        if "topic" in said and rows.filter(topic__iexact=asked["topic"].strip()).exists():
            del said["topic"]  # the API takes topics without regard to capitals
        if said:
            raise ValidationError({name: [sentence] for name, sentence in said.items()})
        return self.page(found, shapes.ReportOut)

    @extend_schema(
        summary="Read one public report",
        description="The frozen document of the version that stands: claim, verdict, reasoning, sources, history.",
        responses={200: shapes.ReportDetail},
    )
    def retrieve(self, request: Request, slug: str) -> Response:
        return self.show(shapes.ReportDetail, self.get_object())

    @extend_schema(
        summary="List the versions of a report, newest first",
        description="Each correction is a version with its public note. Hashes chain them.",
        responses={200: shapes.VersionOut(many=True)},
    )
    @action(detail=True, pagination_class=ByNumber, filterset_class=None, lists=True)
    def versions(self, request: Request, slug: str) -> Response:
        rows = self.get_object().versions.defer("document")
        return self.page(rows, shapes.VersionOut)

    @extend_schema(
        summary="Read one version of a report",
        description="As readers saw it then.",
        responses={200: shapes.VersionDetail},
    )
    @action(detail=True, url_path=r"versions/(?P<number>[0-9]{1,6})", filterset_class=None)
    def version(self, request: Request, slug: str, number: str) -> Response:
        found = self.get_object().versions.filter(number=int(number)).first()
        if found is None:
            raise NotFound("There is no such version of this report.")
        return self.show(shapes.VersionDetail, found)

    @extend_schema(
        summary="Say that something in a report is wrong",
        description="Open to everybody. The answer is a receipt with the address where the outcome can be looked up.",
        request=inputs.MistakeIn,
        responses={201: shapes.ReceiptOut},
        tags=["reader messages"],
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    def errors(self, request: Request, slug: str) -> Response:
        data = read(inputs.MistakeIn, request)
        address = counted_address(request._request) or ""
        made = reader_messages.receive(self.get_object(), address=address, **data)
        return self.show(shapes.ReceiptOut, made, status.HTTP_201_CREATED)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """What a browser asks before it reads from another site."""
        response = super().options(request, *args, **kwargs)
        for name, value in PREFLIGHT.items():
            response[name] = value
        return response
