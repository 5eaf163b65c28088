"""Evidence and steps by their own number, colleagues, and the public reports."""

from __future__ import annotations

from typing import Any

from axes.helpers import get_client_ip_address
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import serializers as forms
from claims.api.pagination import NewestFirst
from claims.api.serializers_readers import MistakeIn, ReceiptOut
from claims.api.views.base import PROBLEMS, person_of, read
from claims.domain import evidence, people, reader_messages, steps
from claims.enums import Role
from claims.models import Evidence, Report, VerificationStep


@extend_schema(tags=["evidence"])
class EvidenceViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet[Evidence]):
    """One source."""

    queryset = Evidence.objects.select_related("added_by")
    serializer_class = forms.EvidenceOut

    @extend_schema(
        summary="Change a source", request=forms.EvidenceIn, responses={200: forms.EvidenceOut, **PROBLEMS}
    )
    def update(self, request: Request, pk: str) -> Response:
        data = read(forms.EvidenceIn, request)
        item = evidence.change_evidence(self.get_object().pk, actor=person_of(request), fields=data)
        return Response(forms.EvidenceOut(item).data)

    @extend_schema(summary="Take a source back", responses={204: None, **PROBLEMS})
    def destroy(self, request: Request, pk: str) -> Response:
        evidence.withdraw_evidence(self.get_object().pk, actor=person_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["steps"])
class StepViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet[VerificationStep]):
    """One verification step."""

    queryset = VerificationStep.objects.select_related("result", "claim", "article")
    serializer_class = forms.StepOut

    @extend_schema(summary="Run the step again", request=None, responses={202: forms.StepOut, **PROBLEMS})
    @action(detail=True, methods=["post"])
    def rerun(self, request: Request, pk: str) -> Response:
        people.require(request.user, Role.REVIEWER)
        step = steps.rerun(self.get_object(), actor=person_of(request))
        return Response(forms.StepOut(step).data, status=status.HTTP_202_ACCEPTED)


@extend_schema(tags=["people"])
class PersonViewSet(viewsets.ViewSet):
    """Colleagues who may check claims."""

    @extend_schema(summary="Colleagues who may check claims", responses={200: forms.PersonOut(many=True)})
    def list(self, request: Request) -> Response:
        return Response(forms.PersonOut(people.reviewers(), many=True).data)

    @extend_schema(summary="Who you are", responses={200: forms.PersonOut})
    @action(detail=False)
    def me(self, request: Request) -> Response:
        return Response(forms.PersonOut(person_of(request)).data)


class NewestReports(NewestFirst):
    """Reports by their first publication."""

    ordering = ("-published_at", "-id")


@extend_schema_view(
    list=extend_schema(summary="Public reports, newest first"),
    retrieve=extend_schema(summary="One public report"),
)
@extend_schema(tags=["reports"])
class ReportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Report]):
    """What the public may read: frozen versions, never a draft. Open to everybody."""

    permission_classes = (AllowAny,)
    pagination_class = NewestReports
    lookup_field = "slug"
    filterset_fields = ("verdict_key", "topic")

    def get_queryset(self) -> QuerySet[Report]:
        return Report.objects.public().select_related("current_version")

    def get_serializer_class(self) -> Any:
        return forms.ReportDetail if self.action == "retrieve" else forms.ReportOut

    @extend_schema(
        summary="Say that something in a report is wrong",
        request=MistakeIn,
        responses={201: ReceiptOut, **PROBLEMS},
    )
    @action(detail=True, methods=["post"], url_path="errors")
    def errors(self, request: Request, slug: str) -> Response:
        data = read(MistakeIn, request)
        address = get_client_ip_address(request._request) or ""
        made = reader_messages.receive(self.get_object(), address=address, **data)
        return Response(ReceiptOut(made).data, status=status.HTTP_201_CREATED)
