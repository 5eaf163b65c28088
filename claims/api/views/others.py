"""Evidence, steps, assignments and speakers by their own number; ratings, colleagues, one's own tokens."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import inputs
from claims.api import outputs as shapes
from claims.api import outputs_people as own
from claims.api.filters import AssignmentFilterSet, EvidenceFilterSet, SpeakerFilterSet, StepFilterSet
from claims.api.pagination import ByName, ByPosition, ByUserName, NewestFirst, NewestId
from claims.api.views.base import DeskViewSet, person_of, read
from claims.domain import blind, evidence, people, steps, tokens
from claims.domain.locking import lock_claim
from claims.enums import Role
from claims.exceptions import Conflict
from claims.models import ApiToken, Assignment, Evidence, RatingLevel, Speaker, VerificationStep


@extend_schema(tags=["evidence"])
class EvidenceViewSet(DeskViewSet[Evidence]):
    """Sources of all claims."""

    queryset = Evidence.objects.select_related("added_by")
    serializer_class = shapes.EvidenceOut
    pagination_class = NewestFirst
    filterset_class = EvidenceFilterSet

    @extend_schema(
        summary="List sources of all claims, newest first",
        description="Also those taken back; filter with `withdrawn`.",
        responses={200: shapes.EvidenceOut(many=True)},
    )
    def list(self, request: Request) -> Response:
        return self.page(self.filter_queryset(self.get_queryset()), shapes.EvidenceOut)

    @extend_schema(
        summary="Read one source",
        description="Also one that was taken back.",
        responses={200: shapes.EvidenceOut},
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(shapes.EvidenceOut, self.get_object())

    @extend_schema(
        summary="Change a source",
        description="Parts that are left out stay. The checker of its claim or an editor.",
        request=inputs.EvidenceChange,
        responses={200: shapes.EvidenceOut},
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        data = read(inputs.EvidenceChange, request)
        item = evidence.change_evidence(self.get_object().pk, actor=person_of(request), fields=data)
        return self.show(shapes.EvidenceOut, item)

    @extend_schema(
        summary="Take a source back",
        description="Its number is not given again, and the claim's history keeps it.",
        request=None,
        responses={204: None},
    )
    def destroy(self, request: Request, pk: str) -> Response:
        evidence.withdraw_evidence(self.get_object().pk, actor=person_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def hold(self) -> Model | None:
        """Under the lock of its claim, as every change of evidence takes it, so that two never wait for each other."""
        item = self.get_object()
        lock_claim(item.claim_id)
        return self.get_queryset().get(pk=item.pk)


@extend_schema(tags=["steps"])
class StepViewSet(DeskViewSet[VerificationStep]):
    """Verification steps of claims and articles."""

    queryset = VerificationStep.objects.select_related("result")
    serializer_class = shapes.StepOut
    pagination_class = NewestId
    filterset_class = StepFilterSet

    @extend_schema(
        summary="List steps, newest first",
        description="Of claims, and of articles (fetching and reading them).",
        responses={200: shapes.StepOut(many=True)},
    )
    def list(self, request: Request) -> Response:
        return self.page(self.filter_queryset(self.get_queryset()), shapes.StepOut)

    @extend_schema(
        summary="Read one step",
        description="With what it found, once it is done.",
        responses={200: shapes.StepOut},
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(shapes.StepOut, self.get_object())

    @extend_schema(
        summary="Run a step again",
        description="As a new run; the answer of the former one stays.",
        request=None,
        responses={202: shapes.StepOut},
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    def rerun(self, request: Request, pk: str) -> Response:
        people.require(request.user, Role.REVIEWER)
        step = VerificationStep.objects.select_related("claim", "article").get(pk=self.get_object().pk)
        again = steps.rerun(step, actor=person_of(request))
        return self.show(shapes.StepOut, again, status.HTTP_202_ACCEPTED)

    @extend_schema(
        summary="Cancel a step that waits or runs",
        description="Whatever a step at work still brings is thrown away. 409 when it is over already.",
        request=None,
        responses={200: shapes.StepOut},
    )
    @action(detail=True, methods=["post"], filterset_class=None)
    def cancel(self, request: Request, pk: str) -> Response:
        step = VerificationStep.objects.select_related("claim", "article").get(pk=self.get_object().pk)
        cancelled = steps.cancel(step, actor=person_of(request))
        step = self.get_object()
        if not cancelled:
            raise Conflict("This step is over already.", dict(shapes.StepOut(step).data))
        return self.show(shapes.StepOut, step)


@extend_schema(tags=["assignments"])
class AssignmentViewSet(DeskViewSet[Assignment]):
    """Who was asked to do what."""

    queryset = Assignment.objects.select_related("person", "assigned_by")
    serializer_class = shapes.AssignmentOut
    pagination_class = NewestFirst
    filterset_class = AssignmentFilterSet

    @extend_schema(
        summary="List assignments, newest first",
        description="Of all claims; filter by person, role or claim. To assign, use /claims/{id}/assign/.",
        responses={200: shapes.AssignmentOut(many=True)},
    )
    def list(self, request: Request) -> Response:
        rows = blind.mark(self.filter_queryset(self.get_queryset()), person_of(request))
        return self.page(rows, shapes.AssignmentOut)


@extend_schema(tags=["speakers"])
class SpeakerViewSet(DeskViewSet[Speaker]):
    """People, organisations and groups whose words are checked."""

    queryset = Speaker.objects.all()
    serializer_class = shapes.SpeakerOut
    pagination_class = ByName
    filterset_class = SpeakerFilterSet

    @extend_schema(
        summary="List speakers by name",
        description="Find their claims with /claims/?speaker=name.",
        responses={200: shapes.SpeakerOut(many=True)},
    )
    def list(self, request: Request) -> Response:
        return self.page(self.filter_queryset(self.get_queryset()), shapes.SpeakerOut)

    @extend_schema(
        summary="Read one speaker", description="Name, role and page.", responses={200: shapes.SpeakerOut}
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(shapes.SpeakerOut, self.get_object())


@extend_schema(tags=["verdicts"])
class RatingViewSet(DeskViewSet[RatingLevel]):
    """The ratings of the scale in use."""

    queryset = RatingLevel.objects.filter(scale__in_use=True)
    serializer_class = shapes.RatingOut
    pagination_class = ByPosition

    @extend_schema(
        summary="List the ratings of the scale in use",
        description="A verdict names one of them by its key.",
        responses={200: shapes.RatingOut(many=True)},
    )
    def list(self, request: Request) -> Response:
        return self.page(self.get_queryset(), shapes.RatingOut)


@extend_schema(tags=["people"])
class PersonViewSet(DeskViewSet[User]):
    """Colleagues."""

    pagination_class = ByUserName
    serializer_class = own.PersonOut

    def get_queryset(self) -> QuerySet[User]:
        return people.reviewers().prefetch_related("groups")

    @extend_schema(
        summary="List colleagues who may check claims",
        description="By user name. Machine accounts are not among them.",
        responses={200: own.PersonOut(many=True)},
    )
    def list(self, request: Request) -> Response:
        return self.page(self.get_queryset(), own.PersonOut)

    @extend_schema(summary="Read who you are", description="And your roles.", responses={200: own.PersonOut})
    @action(detail=False)
    def me(self, request: Request) -> Response:
        return self.show(own.PersonOut, person_of(request))


@extend_schema(tags=["tokens"])
class TokenViewSet(DeskViewSet[ApiToken]):
    """One's own keys to the API. They are made on the Account page, where the key is shown once."""

    serializer_class = own.TokenOut
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[ApiToken]:
        return ApiToken.objects.filter(person_id=self.request.user.pk)

    @extend_schema(
        summary="List your tokens, newest first",
        description="Also those that were revoked or have expired. The keys themselves are never shown again.",
        responses={200: own.TokenOut(many=True)},
    )
    def list(self, request: Request) -> Response:
        return self.page(self.get_queryset(), own.TokenOut)

    @extend_schema(
        summary="Revoke one of your tokens",
        description="It stops working with the next request, also when it is the one that you use now.",
        request=None,
        responses={204: None},
    )
    def destroy(self, request: Request, pk: str) -> Response:
        tokens.revoke(self.get_object(), actor=person_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
