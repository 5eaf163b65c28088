"""What hangs on a claim: evidence, verdict, right of reply, gates, steps, matches, comments, history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from claims.api import inputs
from claims.api import outputs as shapes
from claims.api.pagination import ByPosition, ByRevision, NewestFirst, NewestId, OldestFirst
from claims.api.permissions import token_of
from claims.api.views.base import DeskViewSet, person_of, read
from claims.domain import blind, evidence, gates, matches, media, public_notes, tokens, verdicts
from claims.domain import claims as verbs
from claims.domain.facts import ClaimFacts
from claims.domain.locking import lock_claim
from claims.enums import Action, NoteFor
from claims.models import (
    Assignment,
    AuditEvent,
    Claim,
    Comment,
    Evidence,
    MediaFinding,
    ProposedNote,
    RightOfReply,
    Verdict,
    VerdictRevision,
    VerificationStep,
)

_PROPOSING: dict[str, Any] = {
    "description": "Other words than those that stand are a proposal; the same words, sent by somebody else, agree to them. "
    "A note that goes out word for word as another person proposed it, or agreed to it, was read by two people.",
    "request": inputs.PublicNoteIn,
    "responses": {200: shapes.ProposedNoteOut},
}


class DossierViewSet(DeskViewSet[Claim]):
    """The parts of one claim, each under the claim's address."""

    @extend_schema(
        summary="List who was asked to check or read the claim",
        description="Newest first; those that have ended stay.",
        responses={200: shapes.AssignmentOut(many=True)},
        tags=["assignments"],
    )
    @action(detail=True, pagination_class=NewestFirst, filterset_class=None, lists=True)
    def assignments(self, request: Request, pk: str) -> Response:
        rows = Assignment.objects.filter(claim=self.get_object()).select_related("person", "assigned_by")
        return self.page(blind.mark(rows, person_of(request)), shapes.AssignmentOut)

    @extend_schema(
        summary="List what happened to the claim, newest first",
        description="The audit trail: rows are only ever added, and each hash covers the row before it.",
        responses={200: shapes.EventOut(many=True)},
    )
    @action(detail=True, pagination_class=NewestId, filterset_class=None, lists=True)
    def history(self, request: Request, pk: str) -> Response:
        return self.events(request, AuditEvent.objects.all())

    def events(self, request: Request, rows: QuerySet[AuditEvent]) -> Response:
        """A page of the claim's events, without reasons that would tell a second reader the first rating."""
        claim = self.get_object()
        shape = shapes.VeiledEventOut if blind.is_hidden(claim, person_of(request)) else shapes.EventOut
        return self.page(rows.filter(claim=claim), shape)

    @extend_schema(
        summary="List the claim's verification steps",
        description="In the order in which they were promised; the latest run of a kind counts.",
        responses={200: shapes.StepOut(many=True)},
        tags=["steps"],
    )
    @action(detail=True, pagination_class=OldestFirst, filterset_class=None, lists=True)
    def steps(self, request: Request, pk: str) -> Response:
        rows = VerificationStep.objects.filter(claim=self.get_object()).select_related("result")
        return self.page(rows, shapes.StepOut)

    @extend_schema(
        summary="List earlier checks that may answer the claim",
        description="Own published reports and checks of other desks, as the latest steps found them, best first.",
        responses={200: shapes.MatchList},
        tags=["steps"],
    )
    @action(detail=True, filterset_class=None)
    def matches(self, request: Request, pk: str) -> Response:
        return self.show(shapes.MatchList, {"results": matches.of_claim(self.get_object())})

    # --- gates ----------------------------------------------------------------------------------------------
    @extend_schema(
        summary="Read the gates before publishing",
        description="Each says whether it is passed, and if not, why and how to mend it.",
        responses={200: shapes.GateList},
    )
    @action(detail=True, filterset_class=None)
    def gates(self, request: Request, pk: str) -> Response:
        return self._gates(self.get_object(), request)

    @extend_schema(
        summary="Make an exception from a gate",
        description="Editors only. Name and reason are printed on the report.",
        request=inputs.GateExceptionIn,
        responses={200: shapes.GateList},
    )
    @gates.mapping.post
    def except_gate(self, request: Request, pk: str) -> Response:
        data = read(inputs.GateExceptionIn, request)
        tokens.require_move(token_of(request), Action.PUBLISH)
        claim = self.get_object()
        verdicts.except_gate(claim.pk, data["gate"], actor=person_of(request), reason=data["reason"])
        return self._gates(claim, request)

    def _gates(self, claim: Claim, request: Request) -> Response:
        results = ClaimFacts(claim, person_of(request)).gate_results
        if blind.is_hidden(claim, person_of(request)):
            results = gates.without_words(results)
        return self.show(shapes.GateList, {"results": [_gate(result) for result in results]}, stamp_of=claim)

    # --- evidence -------------------------------------------------------------------------------------------
    @extend_schema(
        summary="List the claim's sources",
        description="In the order of the report. Those taken back are left out.",
        responses={200: shapes.EvidenceOut(many=True)},
        tags=["evidence"],
    )
    @action(detail=True, pagination_class=ByPosition, filterset_class=None, lists=True)
    def evidence(self, request: Request, pk: str) -> Response:
        rows = Evidence.objects.standing().filter(claim=self.get_object()).select_related("added_by")
        return self.page(rows, shapes.EvidenceOut)

    @extend_schema(
        summary="Add a source",
        description="With a link, or with words on where it can be found. The checker or an editor.",
        request=inputs.EvidenceIn,
        responses={201: shapes.EvidenceOut},
        tags=["evidence"],
    )
    @evidence.mapping.post
    def add_evidence(self, request: Request, pk: str) -> Response:
        return self._saved(
            request, inputs.EvidenceIn, evidence.add_evidence, shapes.EvidenceOut, status.HTTP_201_CREATED
        )

    def _saved(
        self,
        request: Request,
        form: type[BaseSerializer[Any]],
        save: Callable[..., Any],
        shape: type[BaseSerializer[Any]],
        code: int = status.HTTP_200_OK,
    ) -> Response:
        """Read the body, hand its fields to the verb for this claim, show what it made."""
        data = read(form, request)
        row = save(self.get_object().pk, actor=person_of(request), fields=data)
        return self.show(shape, row, code)

    # --- verdict and reply ----------------------------------------------------------------------------------
    @extend_schema(
        summary="Read the verdict as it stands",
        description="Revision 0 while nobody has written one.",
        responses={200: shapes.VerdictOut},
        tags=["verdicts"],
    )
    @action(detail=True, filterset_class=None)
    def verdict(self, request: Request, pk: str) -> Response:
        return self.show(shapes.VerdictOut, _verdict(self._in_sight(request)) or Verdict())

    def _in_sight(self, request: Request) -> Claim:
        """The claim, where its verdict is not kept from the caller until they have rated it themselves."""
        claim = self.get_object()
        blind.require_sight(claim, person_of(request))
        return claim

    @extend_schema(
        summary="Save the verdict",
        description="From the revision that you saw: one that somebody saved meanwhile answers 409 with their text. "
        "Parts that are left out stay. A machine account is always refused.",
        request=inputs.VerdictIn,
        responses={200: shapes.VerdictOut},
        tags=["verdicts"],
    )
    @verdict.mapping.put
    def save_verdict(self, request: Request, pk: str) -> Response:
        data = read(inputs.VerdictIn, request)
        saved = verdicts.save_verdict(
            self.get_object().pk, actor=person_of(request), revision=data.pop("revision"), fields=data
        )
        return self.show(shapes.VerdictOut, saved)

    @extend_schema(
        summary="List every saved state of the verdict, newest first",
        description="Each save is kept.",
        responses={200: shapes.RevisionOut(many=True)},
        tags=["verdicts"],
    )
    @action(
        detail=True,
        url_path="verdict/revisions",
        pagination_class=ByRevision,
        filterset_class=None,
        lists=True,
    )
    def revisions(self, request: Request, pk: str) -> Response:
        rows = VerdictRevision.objects.filter(claim=self._in_sight(request)).select_related("level", "author")
        return self.page(rows, shapes.RevisionOut)

    @extend_schema(
        summary="Rate the claim as its second reader",
        description="Where the desk asks second readers to rate before they see the first rating. Said once, and kept. "
        "A machine account is always refused.",
        request=inputs.SecondRatingIn,
        responses={201: shapes.SecondRatingOut},
        tags=["verdicts"],
    )
    @action(detail=True, methods=["post"], url_path="second-rating", filterset_class=None)
    def second_rating(self, request: Request, pk: str) -> Response:
        data = read(inputs.SecondRatingIn, request)
        tokens.require_move(token_of(request), Action.APPROVE)
        rating = blind.record_rating(self.get_object().pk, actor=person_of(request), **data)
        return self.show(shapes.SecondRatingOut, rating, status.HTTP_201_CREATED)

    @extend_schema(
        summary="Read whether the speaker was asked",
        description="404 while nobody has recorded it.",
        responses={200: shapes.ReplyOut},
        tags=["verdicts"],
    )
    @action(detail=True, filterset_class=None)
    def reply(self, request: Request, pk: str) -> Response:
        row = RightOfReply.objects.filter(claim=self.get_object()).first()
        if row is None:
            raise NotFound("Nobody has recorded yet whether the speaker was asked.")
        return self.show(shapes.ReplyOut, row)

    @extend_schema(
        summary="Record whether the speaker was asked",
        description="When asked: the day, and the answer once it is there. When not: the reason.",
        request=inputs.ReplyIn,
        responses={200: shapes.ReplyOut},
        tags=["verdicts"],
    )
    @reply.mapping.put
    def save_reply(self, request: Request, pk: str) -> Response:
        return self._saved(request, inputs.ReplyIn, verdicts.save_reply, shapes.ReplyOut)

    @extend_schema(
        summary="Read what was found of the picture, film or sound",
        description="404 while nothing is recorded, which is so for most claims.",
        responses={200: shapes.MediaOut},
        tags=["verdicts"],
    )
    @action(detail=True, filterset_class=None)
    def media(self, request: Request, pk: str) -> Response:
        row = _finding(self._in_sight(request))
        if row is None:
            raise NotFound("Nothing is recorded about a picture, film or sound.")
        return self.show(shapes.MediaOut, row)

    @extend_schema(
        summary="Record what was found of the picture, film or sound",
        description="For a claim that a picture, film or recording makes: readers see it, other programs get a MediaReview. "
        "A machine account is always refused.",
        request=inputs.MediaIn,
        responses={200: shapes.MediaOut},
        tags=["verdicts"],
    )
    @media.mapping.put
    def save_media(self, request: Request, pk: str) -> Response:
        return self._saved(request, inputs.MediaIn, media.save, shapes.MediaOut)

    @extend_schema(
        summary="Take the finding on a picture, film or sound away",
        description="Nothing is said about it any more. The claim's history keeps what it said.",
        request=None,
        responses={204: None},
        tags=["verdicts"],
    )
    @media.mapping.delete
    def drop_media(self, request: Request, pk: str) -> Response:
        media.save(self.get_object().pk, actor=person_of(request), fields={})
        return Response(status=status.HTTP_204_NO_CONTENT)

    # --- public note ----------------------------------------------------------------------------------------
    @extend_schema(
        summary="Read the public note proposed for the correction",
        description="404 while no correction is open, or nobody has proposed a note for it.",
        responses={200: shapes.ProposedNoteOut},
    )
    @action(detail=True, url_path="correction-note", filterset_class=None)
    def correction_note(self, request: Request, pk: str) -> Response:
        return self._note(NoteFor.CORRECTION)

    @extend_schema(summary="Propose the correction's public note", **_PROPOSING)
    @correction_note.mapping.put
    def propose_correction_note(self, request: Request, pk: str) -> Response:
        return self._propose(request, NoteFor.CORRECTION)

    @extend_schema(
        summary="Read the public note proposed for the retraction",
        description="404 while no retraction is proposed, or nobody has proposed a note for it.",
        responses={200: shapes.ProposedNoteOut},
    )
    @action(detail=True, url_path="retraction-note", filterset_class=None)
    def retraction_note(self, request: Request, pk: str) -> Response:
        return self._note(NoteFor.RETRACTION)

    @extend_schema(summary="Propose the retraction's public note", **_PROPOSING)
    @retraction_note.mapping.put
    def propose_retraction_note(self, request: Request, pk: str) -> Response:
        return self._propose(request, NoteFor.RETRACTION)

    def _note(self, of: NoteFor) -> Response:
        note = public_notes.standing(self.get_object(), of)
        if note is None:
            raise NotFound("Nobody has proposed a note for this.")
        return self.show(shapes.ProposedNoteOut, note)

    def _propose(self, request: Request, of: NoteFor) -> Response:
        # To agree is half of what lets the note out.
        tokens.require_move(token_of(request), Action.PUBLISH)
        data = read(inputs.PublicNoteIn, request)
        claim = self.get_object()
        note = public_notes.propose(claim.pk, of, actor=person_of(request), text=data["public_note"])
        return self.show(shapes.ProposedNoteOut, note)

    # --- comments -------------------------------------------------------------------------------------------
    @extend_schema(
        summary="List what colleagues say about the claim",
        description="In the order in which it was said.",
        responses={200: shapes.CommentOut(many=True)},
    )
    @action(detail=True, pagination_class=OldestFirst, filterset_class=None, lists=True)
    def comments(self, request: Request, pk: str) -> Response:
        rows = Comment.objects.filter(claim=self._in_sight(request)).select_related("author")
        return self.page(rows, shapes.CommentOut)

    @extend_schema(
        summary="Say something to colleagues",
        description="@username tells that person.",
        request=inputs.CommentIn,
        responses={201: shapes.CommentOut},
    )
    @comments.mapping.post
    def comment(self, request: Request, pk: str) -> Response:
        data = read(inputs.CommentIn, request)
        made = verbs.add_comment(self.get_object().pk, actor=person_of(request), **data)
        return self.show(shapes.CommentOut, made, status.HTTP_201_CREATED)

    # --- If-Match -------------------------------------------------------------------------------------------
    def hold(self) -> Model | None:
        """The claim, held; or the part of it that the address names, under the claim's lock."""
        claim = lock_claim(self.get_object().pk)
        if self.action == "save_verdict":
            blind.require_sight(claim, person_of(self.request))
            return _verdict(claim)
        if self.action == "save_reply":
            return RightOfReply.objects.filter(claim=claim).first()
        if self.action in {"save_media", "drop_media"}:
            blind.require_sight(claim, person_of(self.request))
            return _finding(claim)
        if self.action == "propose_correction_note":
            return public_notes.standing(claim, NoteFor.CORRECTION)
        if self.action == "propose_retraction_note":
            return public_notes.standing(claim, NoteFor.RETRACTION)
        return claim

    def present(self, row: Any) -> dict[str, Any]:
        if isinstance(row, Claim):
            return super().present(Claim.objects.for_lists().get(pk=row.pk))
        parts: dict[type, type[BaseSerializer[Any]]] = {
            Verdict: shapes.VerdictOut,
            MediaFinding: shapes.MediaOut,
            RightOfReply: shapes.ReplyOut,
            ProposedNote: shapes.ProposedNoteOut,
        }
        return dict(self.shaped(parts[type(row)], row).data)


def _verdict(claim: Claim) -> Verdict | None:
    return Verdict.objects.select_related("level", "saved_by").filter(claim=claim).first()


def _finding(claim: Claim) -> MediaFinding | None:
    return MediaFinding.objects.select_related("saved_by").filter(claim=claim).first()


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
