"""Claims: list, read, edit, assign, move, one at a time or many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import exceptions, inputs, problems
from claims.api import outputs as shapes
from claims.api.filters import ClaimFilterSet
from claims.api.pagination import NewestId
from claims.api.permissions import token_of
from claims.api.views.base import person_of, read
from claims.api.views.dossier import DossierViewSet
from claims.domain import claims as verbs
from claims.domain import tokens
from claims.domain.people import Person
from claims.domain.transitions import transition
from claims.enums import Action
from claims.exceptions import DeskError, InvalidInput
from claims.models import AuditEvent, Claim

_NO_PAYLOAD = frozenset({"action", "version", "reason", "claim"})
_DETAILS = frozenset({"priority", "due_at"})


@extend_schema(tags=["claims"])
class ClaimViewSet(DossierViewSet):
    """The claims of the desk."""

    serializer_class = shapes.ClaimDetail
    filterset_class = ClaimFilterSet

    def get_queryset(self) -> QuerySet[Claim]:
        return Claim.objects.for_lists()

    def _shown(self, claim: Claim, code: int = status.HTTP_200_OK, location: str = "") -> Response:
        fresh = Claim.objects.for_lists().get(pk=claim.pk)
        return self.show(shapes.ClaimDetail, fresh, code, location=location)

    @extend_schema(
        summary="List claims, newest first",
        description="Filter by article, status, people, speaker, topic, worth or words.",
        responses={200: shapes.ClaimOut(many=True)},
    )
    def list(self, request: Request) -> Response:
        return self.page(self.filter_queryset(self.get_queryset()), shapes.ClaimOut)

    @extend_schema(
        summary="Read one claim",
        description="With every move that your role offers, and what is missing where a move is not allowed yet.",
        responses={200: shapes.ClaimDetail},
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(shapes.ClaimDetail, self.get_object())

    @extend_schema(
        summary="Add a claim by hand",
        description="From words as they stand in the article, from a place in it (start and end), or from a statement.",
        request=inputs.NewClaim,
        responses={201: shapes.ClaimDetail},
    )
    def create(self, request: Request) -> Response:
        data = read(inputs.NewClaim, request)
        claim = verbs.add_claim(
            data["article"], actor=person_of(request), start=data.get("start"), end=data.get("end"),
            text=data.get("text", ""), speaker=data.get("speaker", ""), statement_id=data.get("statement"),
        )  # fmt: skip
        return self._shown(claim, status.HTTP_201_CREATED, reverse("api-claim-detail", args=[claim.pk]))

    @extend_schema(
        summary="Edit a claim",
        description="Its checkable sentence, speaker, topic, place in the article, priority or due date. Send If-Match "
        "with the tag that you read, and nobody's edit is overwritten.",
        request=inputs.ClaimChange,
        responses={200: shapes.ClaimDetail},
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        data = read(inputs.ClaimChange, request)
        if ("start" in data) != ("end" in data):
            raise InvalidInput("Send start and end together.", "start" if "end" in data else "end")
        details = {name: data.pop(name) for name in _DETAILS & set(data)}
        claim, person = self.get_object(), person_of(request)
        with transaction.atomic():
            if data or not details:
                verbs.reword(claim.pk, actor=person, fields=data)
            if details:
                verbs.set_details(claim.pk, actor=person, fields=details)
        return self._shown(claim)

    @extend_schema(
        summary="Cut a claim in two",
        description="The words from `at` on become a claim of their own.",
        request=inputs.Split,
        responses={201: shapes.ClaimPair},
    )
    @action(detail=True, methods=["post"])
    def split(self, request: Request, pk: str) -> Response:
        data = read(inputs.Split, request)
        pair = verbs.split_claim(self.get_object().pk, data["at"], actor=person_of(request))
        rows = Claim.objects.for_lists().in_bulk([claim.pk for claim in pair])
        first, second = (rows[claim.pk] for claim in pair)
        return self.show(shapes.ClaimPair, {"first": first, "second": second}, status.HTTP_201_CREATED)

    # --- moves ----------------------------------------------------------------------------------------------
    @extend_schema(
        summary="List the claim's moves, newest first",
        description="Every change of its status: who, when, from where to where and why.",
        responses={200: shapes.EventOut(many=True)},
    )
    @action(detail=True, pagination_class=NewestId, filterset_class=None, lists=True)
    def transitions(self, request: Request, pk: str) -> Response:
        return self.events(request, AuditEvent.objects.exclude(to_status=""))

    @extend_schema(
        summary="Move a claim",
        description="Through the same door as every button of the desk. 403: your role never allows it. 409: somebody "
        "was faster; `current` says what stands. 422: `failing` says what is missing and how to mend it.",
        request=inputs.Move,
        responses={200: shapes.ClaimDetail},
    )
    @transitions.mapping.post
    def move(self, request: Request, pk: str) -> Response:
        data = read(inputs.Move, request)
        return self._shown(self._move(request, self.get_object().pk, data))

    @extend_schema(
        summary="Assign a claim, or hand it over",
        description="A claim that somebody checks already changes hands, and needs a reason. Editors only.",
        request=inputs.Assign,
        responses={200: shapes.ClaimDetail},
    )
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str) -> Response:
        data = read(inputs.Assign, request)
        claim = self.get_object()
        return self._shown(self._move(request, claim.pk, {**data, "action": _assigning(claim, data)}))

    @extend_schema(
        summary="Move many claims",
        description="Up to a hundred. Each goes through the door by itself: one that is refused does not stop the "
        "others, and says why.",
        request=inputs.BulkMoves,
        responses={200: problems.BulkResult},
    )
    @action(detail=False, methods=["post"], url_path="bulk/transitions", filterset_class=None)
    def bulk_move(self, request: Request) -> Response:
        return self._bulk(request, read(inputs.BulkMoves, request)["items"])

    @extend_schema(
        summary="Assign many claims to one checker",
        description="Up to a hundred. Each goes through the door by itself and says how it went.",
        request=inputs.BulkAssign,
        responses={200: problems.BulkResult},
    )
    @action(detail=False, methods=["post"], url_path="bulk/assign", filterset_class=None)
    def bulk_assign(self, request: Request) -> Response:
        data = read(inputs.BulkAssign, request)
        chosen = data.pop("items")
        rows = Claim.objects.in_bulk([item["claim"] for item in chosen])
        items = [{**data, **item, "action": _assigning(rows.get(item["claim"]), data)} for item in chosen]
        return self._bulk(request, items)

    def _bulk(self, request: Request, items: Sequence[Mapping[str, Any]]) -> Response:
        outcomes = [self._one_of_many(request, item) for item in items]
        done = sum(outcome["problem"] is None for outcome in outcomes)
        body = {"done": done, "refused": len(outcomes) - done, "items": outcomes}
        return self.show(problems.BulkResult, body)

    def _one_of_many(self, request: Request, item: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] | None = None
        try:
            with transaction.atomic():
                claim = self._move(request, item["claim"], item)
        except DeskError as error:
            found = exceptions.of_desk_error(error)
            if not Claim.objects.filter(pk=item["claim"]).exists():
                found = exceptions.problem("not_found", 404, f"There is no claim {item['claim']}.")
            code = found["status"]
            stands = Claim.objects.filter(pk=item["claim"]).values_list("status", "version").first()
            state, version = stands or (None, None)
        else:
            code, state, version = status.HTTP_200_OK, claim.status, claim.version
        return {"claim": item["claim"], "status": code, "state": state, "version": version, "problem": found}

    def _move(self, request: Request, claim_id: int, data: Mapping[str, Any]) -> Claim:
        tokens.require_move(token_of(request), data["action"])
        payload = {name: value for name, value in data.items() if name not in _NO_PAYLOAD}
        for name in ("assignee", "second_reader"):
            if payload.get(name):
                payload[name] = _colleague(payload[name], name)
        return transition(
            claim_id, data["action"], actor=person_of(request), version=data["version"],
            reason=data.get("reason", ""), payload=payload,
        )  # fmt: skip


def _assigning(claim: Claim | None, data: Mapping[str, Any]) -> str:
    """Hand over where somebody has it and a reason is given; else assign, which the table may refuse."""
    return (
        Action.REASSIGN if claim is not None and claim.assignee_id and data.get("reason") else Action.ASSIGN
    )


def _colleague(username: str, field: str) -> Any:
    person = Person.objects.filter(username=username).first()
    if person is None:
        raise InvalidInput(f"There is nobody called “{username}” on this desk.", field)
    return person
