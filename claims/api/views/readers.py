"""Messages from readers, for those who answer them."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.serializers_readers import AnswerIn, ReaderMessageOut
from claims.api.views.base import PROBLEMS, person_of, read
from claims.domain import reader_messages
from claims.models import ReaderMessage


@extend_schema_view(
    list=extend_schema(summary="Messages from readers, newest first"),
    retrieve=extend_schema(summary="One message from a reader"),
)
@extend_schema(tags=["reader messages"])
class ReaderMessageViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ReaderMessage]
):
    """What readers found wrong in published reports."""

    queryset = ReaderMessage.objects.select_related("report", "closed_by")
    serializer_class = ReaderMessageOut
    filterset_fields = ("outcome", "about")

    @extend_schema(
        summary="Answer a message",
        request=AnswerIn,
        responses={200: ReaderMessageOut, **PROBLEMS},
    )
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        data = read(AnswerIn, request)
        closed = reader_messages.close(self.get_object().pk, actor=person_of(request), **data)
        return Response(ReaderMessageOut(closed).data)
