"""Claims: list, read, edit wording, assign, move; and what hangs on each claim."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import serializers as forms
from claims.api.filters import ClaimFilterSet
from claims.api.views.base import IDEMPOTENCY, PROBLEMS, once, person_of, read
from claims.domain import blind, evidence, gates, queries, verdicts
from claims.domain import claims as verbs
from claims.domain.facts import ClaimFacts
from claims.domain.people import Person
from claims.domain.transitions import transition
from claims.enums import Action
from claims.exceptions import InvalidInput
from claims.models import (
    ApiToken,
    Assignment,
    Claim,
    Comment,
    Evidence,
    RightOfReply,
    Verdict,
    VerificationStep,
)

PUBLIC_ACTIONS = frozenset(
    {Action.PUBLISH, Action.SCHEDULE, Action.PUBLISH_CORRECTION, Action.RETRACT, Action.APPROVE}
)


@extend_schema_view(
    list=extend_schema(summary="Claims, newest first"),
    retrieve=extend_schema(summary="One claim with the moves open to you"),
)
@extend_schema(tags=["claims"])
class ClaimViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Claim]):
    """The claims of the desk."""

    filterset_class = ClaimFilterSet

    def get_queryset(self) -> QuerySet[Claim]:
        return Claim.objects.for_lists()

    def get_serializer_class(self) -> Any:
        return forms.ClaimDetail if self.action == "retrieve" else forms.ClaimOut

    def _shown(self, claim: Claim, code: int = status.HTTP_200_OK) -> Response:
        fresh = Claim.objects.for_lists().get(pk=claim.pk)
        return Response(forms.ClaimDetail(fresh, context=self.get_serializer_context()).data, status=code)

    @extend_schema(
        summary="Add a claim by hand",
        request=forms.NewClaim,
        responses={201: forms.ClaimDetail, **PROBLEMS},
        parameters=[IDEMPOTENCY],
    )
    def create(self, request: Request) -> Response:
        data = read(forms.NewClaim, request)

        def work() -> Response:
            claim = verbs.add_claim(
                data["article"], actor=person_of(request), start=data.get("start"), end=data.get("end"),
                text=data.get("text", ""), speaker=data.get("speaker", ""), statement_id=data.get("statement"),
            )  # fmt: skip
            return self._shown(claim, status.HTTP_201_CREATED)

        return once(request, work)

    @extend_schema(
        summary="Edit the wording", request=forms.ClaimWording, responses={200: forms.ClaimDetail, **PROBLEMS}
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        data = read(forms.ClaimWording, request)
        if ("start" in data) != ("end" in data):
            raise InvalidInput("Send start and end together.", "start")
        return self._shown(verbs.reword(self.get_object().pk, actor=person_of(request), fields=data))

    @extend_schema(
        summary="Move the claim",
        request=forms.Move,
        responses={200: forms.ClaimDetail, **PROBLEMS},
        parameters=[IDEMPOTENCY],
    )
    @action(detail=True, methods=["post"])
    def transitions(self, request: Request, pk: str) -> Response:
        data = read(forms.Move, request)
        return once(request, lambda: self._move(request, data))

    @extend_schema(
        summary="Assign the claim, or hand it over",
        request=forms.Assign,
        responses={200: forms.ClaimDetail, **PROBLEMS},
        parameters=[IDEMPOTENCY],
    )
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str) -> Response:
        data = read(forms.Assign, request)
        name = Action.REASSIGN if self.get_object().assignee_id and data.get("reason") else Action.ASSIGN
        return once(request, lambda: self._move(request, {**data, "action": name}))

    def _move(self, request: Request, data: dict[str, Any]) -> Response:
        _require_publish_scope(request, data["action"])
        payload = {name: value for name, value in data.items() if name not in {"action", "version", "reason"}}
        for name in ("assignee", "second_reader"):
            if payload.get(name):
                payload[name] = _colleague(payload[name], name)
        claim = transition(
            self.get_object().pk, data["action"], actor=person_of(request), version=data["version"],
            reason=data.get("reason", ""), payload=payload,
        )  # fmt: skip
        return self._shown(claim)

    @extend_schema(summary="Who was asked to do what", responses={200: forms.AssignmentOut(many=True)})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def assignments(self, request: Request, pk: str) -> Response:
        rows = Assignment.objects.filter(claim=self.get_object()).select_related("person", "assigned_by")
        return Response(forms.AssignmentOut(rows, many=True).data)

    @extend_schema(summary="What happened to the claim", responses={200: forms.EventOut(many=True)})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def history(self, request: Request, pk: str) -> Response:
        claim = self.get_object()
        events = queries.timeline(claim)
        if blind.is_hidden(claim, person_of(request)):
            for event in events:
                event.reason = ""  # in memory alone: what was written may tell the first rating
        return Response(forms.EventOut(events, many=True).data)

    @extend_schema(summary="Its verification steps", responses={200: forms.StepOut(many=True)})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def steps(self, request: Request, pk: str) -> Response:
        rows = VerificationStep.objects.filter(claim=self.get_object()).select_related("result")
        return Response(forms.StepOut(rows, many=True).data)

    @extend_schema(summary="The gates before publishing", responses={200: forms.GateOut(many=True)})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def gates(self, request: Request, pk: str) -> Response:
        return _gate_list(self.get_object(), request)

    @extend_schema(
        summary="Make an exception from a gate",
        request=forms.GateExceptionIn,
        responses={200: forms.GateOut(many=True), **PROBLEMS},
    )
    @gates.mapping.post
    def except_gate(self, request: Request, pk: str) -> Response:
        data = read(forms.GateExceptionIn, request)
        verdicts.except_gate(
            self.get_object().pk, data["gate"], actor=person_of(request), reason=data["reason"]
        )
        return _gate_list(self.get_object(), request)

    @extend_schema(summary="Its evidence", responses={200: forms.EvidenceOut(many=True)})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def evidence(self, request: Request, pk: str) -> Response:
        rows = Evidence.objects.standing().filter(claim=self.get_object()).select_related("added_by")
        return Response(forms.EvidenceOut(rows, many=True).data)

    @extend_schema(
        summary="Add evidence",
        request=forms.EvidenceIn,
        responses={201: forms.EvidenceOut, **PROBLEMS},
        parameters=[IDEMPOTENCY],
    )
    @evidence.mapping.post
    def add_evidence(self, request: Request, pk: str) -> Response:
        data = read(forms.EvidenceIn, request)

        def work() -> Response:
            item = evidence.add_evidence(self.get_object().pk, actor=person_of(request), fields=data)
            return Response(forms.EvidenceOut(item).data, status=status.HTTP_201_CREATED)

        return once(request, work)

    @extend_schema(summary="The verdict as it stands", responses={200: forms.VerdictOut, **PROBLEMS})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def verdict(self, request: Request, pk: str) -> Response:
        claim = self.get_object()
        blind.require_sight(claim, person_of(request))
        row = Verdict.objects.select_related("level", "saved_by").filter(claim=claim).first()
        if row is None:
            return Response({"revision": 0, "level": None})
        return Response(forms.VerdictOut(row).data)

    @extend_schema(
        summary="Save the verdict", request=forms.VerdictIn, responses={200: forms.VerdictOut, **PROBLEMS}
    )
    @verdict.mapping.put
    def save_verdict(self, request: Request, pk: str) -> Response:
        data = read(forms.VerdictIn, request)
        revision = data.pop("revision")
        saved = verdicts.save_verdict(
            self.get_object().pk, actor=person_of(request), revision=revision, fields=data
        )
        return Response(forms.VerdictOut(saved).data)

    @extend_schema(summary="The right of reply", responses={200: forms.ReplyOut, **PROBLEMS})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def reply(self, request: Request, pk: str) -> Response:
        row = RightOfReply.objects.filter(claim=self.get_object()).first()
        return Response(forms.ReplyOut(row).data if row else {})

    @extend_schema(
        summary="Record whether the speaker was asked",
        request=forms.ReplyIn,
        responses={200: forms.ReplyOut, **PROBLEMS},
    )
    @reply.mapping.put
    def save_reply(self, request: Request, pk: str) -> Response:
        data = read(forms.ReplyIn, request)
        saved = verdicts.save_reply(self.get_object().pk, actor=person_of(request), fields=data)
        return Response(forms.ReplyOut(saved).data)

    @extend_schema(summary="Comments", responses={200: forms.CommentOut(many=True)})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def comments(self, request: Request, pk: str) -> Response:
        claim = self.get_object()
        blind.require_sight(claim, person_of(request))
        rows = Comment.objects.filter(claim=claim).select_related("author")
        return Response(forms.CommentOut(rows, many=True).data)

    @extend_schema(summary="Comment", request=forms.CommentIn, responses={201: forms.CommentOut, **PROBLEMS})
    @comments.mapping.post
    def comment(self, request: Request, pk: str) -> Response:
        data = read(forms.CommentIn, request)
        made = verbs.add_comment(self.get_object().pk, actor=person_of(request), **data)
        return Response(forms.CommentOut(made).data, status=status.HTTP_201_CREATED)


def _require_publish_scope(request: Request, name: str) -> None:
    token = request.auth
    if isinstance(token, ApiToken) and name in PUBLIC_ACTIONS and token.scope != ApiToken.Scope.PUBLISH:
        raise PermissionDenied("This token may not publish or approve. Make one that may under Account.")


def _colleague(username: str, field: str) -> Any:
    person = Person.objects.filter(username=username).first()
    if person is None:
        raise InvalidInput(f"There is nobody called “{username}” on this desk.", field)
    return person


def _gate_list(claim: Claim, request: Request) -> Response:
    results = ClaimFacts(claim, person_of(request)).gate_results
    return Response(forms.GateOut([_gate(result) for result in results], many=True).data)


def _gate(result: gates.GateResult) -> dict[str, Any]:
    denial = result.denial
    return {
        "gate": result.gate,
        "label": result.label,
        "passed": result.passed,
        "reason": denial.reason if denial else "",
        "remedy": denial.remedy if denial else "",
        "exception": result.exception.reason if result.exception else "",
    }
