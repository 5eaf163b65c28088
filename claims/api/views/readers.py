"""Messages from readers, for those who answer them."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import inputs
from claims.api import outputs_public as shapes
from claims.api.filters import ReaderMessageFilterSet
from claims.api.views.base import DeskViewSet, person_of, read
from claims.domain import reader_messages
from claims.models import ReaderMessage


@extend_schema(tags=["reader messages"])
class ReaderMessageViewSet(DeskViewSet[ReaderMessage]):
    """What readers found wrong in published reports."""

    queryset = ReaderMessage.objects.select_related("report", "closed_by")
    serializer_class = shapes.ReaderMessageOut
    filterset_class = ReaderMessageFilterSet

    @extend_schema(
        summary="List messages from readers, newest first",
        description="Addresses for an answer are never shown. Filter by outcome or by what they are about.",
        responses={200: shapes.ReaderMessageOut(many=True)},
    )
    def list(self, request: Request) -> Response:
        return self.page(self.filter_queryset(self.get_queryset()), shapes.ReaderMessageOut)

    @extend_schema(
        summary="Read one message from a reader",
        description="With how it ended, once it has.",
        responses={200: shapes.ReaderMessageOut},
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(shapes.ReaderMessageOut, self.get_object())

    @extend_schema(
        summary="Answer a message",
        description="Says how it ended; the reader is told, where they left an address.",
        request=inputs.AnswerIn,
        responses={200: shapes.ReaderMessageOut},
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    def answer(self, request: Request, pk: str) -> Response:
        data = read(inputs.AnswerIn, request)
        closed = reader_messages.close(self.get_object().pk, actor=person_of(request), **data)
        return self.show(shapes.ReaderMessageOut, closed)
