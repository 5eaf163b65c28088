"""Claims from a spreadsheet: brought, looked through row by row, then made all together or not at all."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import inputs
from claims.api import outputs_desk as shapes
from claims.api.pagination import NewestFirst
from claims.api.views.base import DeskViewSet, person_of, read
from claims.domain import claim_sheets, people, sheets
from claims.enums import Role
from claims.exceptions import InvalidInput
from claims.models import ClaimSheet


@extend_schema(tags=["imports"])
class ClaimSheetViewSet(DeskViewSet[ClaimSheet]):
    """Spreadsheets of claims: one's own, and for editors everybody's."""

    queryset = ClaimSheet.objects.select_related("brought_by")
    serializer_class = shapes.SheetDetail
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[ClaimSheet]:
        rows = super().get_queryset()
        if self.action == "list":
            rows = rows.defer("content")
        person = self.request.user
        return rows if Role.EDITOR in people.roles(person) else rows.filter(brought_by_id=person.pk)

    @extend_schema(
        summary="List the spreadsheets that were brought, newest first",
        description="Your own; editors see everybody's.",
        responses={200: shapes.SheetOut(many=True)},
    )
    def list(self, request: Request) -> Response:
        return self.page(self.get_queryset(), shapes.SheetOut)

    @extend_schema(
        summary="Read one spreadsheet and what its rows would become",
        description="With the columns as they were found by their headings.",
        responses={200: shapes.SheetDetail},
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        sheet = self.get_object()
        return self._looked(sheet, sheet.columns)

    @extend_schema(
        summary="Bring a spreadsheet of claims",
        description="A CSV file of up to 2 MB and 500 rows, as multipart/form-data; the first row names the columns. Nothing "
        "becomes a claim yet: see `fresh` and `problems`, then import it.",
        request={"multipart/form-data": inputs.SheetFile},
        responses={201: shapes.SheetDetail},
    )
    @action(detail=False, methods=["post"], parser_classes=[MultiPartParser])
    def upload(self, request: Request) -> Response:
        data = read(inputs.SheetFile, request)
        file = data["file"]
        sheet = claim_sheets.bring(
            file.read(sheets.MOST_BYTES + 1), file.name or "", actor=person_of(request),
            delimiter=data.get("delimiter", ""),
        )  # fmt: skip
        address = reverse("api-claim-sheet-detail", args=[sheet.pk])
        return self._looked(sheet, sheet.columns, status.HTTP_201_CREATED, address)

    @extend_schema(
        summary="See what the rows would become with other columns",
        description="Changes nothing.",
        request=inputs.SheetChoice,
        responses={200: shapes.SheetDetail},
    )
    @action(detail=True, methods=["post"])
    def look(self, request: Request, pk: str) -> Response:
        data = read(inputs.SheetChoice, request)
        sheet = self.get_object()
        return self._looked(sheet, _columns(data, sheet))

    @extend_schema(
        summary="Make claims of the rows",
        description="Of all that are new, or of none where one has a problem (400). Once only.",
        request=inputs.SheetChoice,
        responses={200: shapes.SheetDetail},
    )
    @action(detail=True, methods=["post"], url_path="import")
    def make(self, request: Request, pk: str) -> Response:
        data = read(inputs.SheetChoice, request)
        sheet = self.get_object()
        done = claim_sheets.import_rows(sheet.pk, _columns(data, sheet), actor=person_of(request))
        return self._looked(done, done.columns)

    def present(self, row: Any) -> dict[str, Any]:
        """The sheet as GET shows it."""
        return dict(self.shaped(shapes.SheetDetail, _shown(row, row.columns)).data)

    def _looked(
        self, sheet: ClaimSheet, columns: dict[str, int], code: int = status.HTTP_200_OK, location: str = ""
    ) -> Response:
        shown = _shown(sheet, columns)
        return self.show(shapes.SheetDetail, shown, code, stamp_of=sheet, location=location)


def _columns(data: dict[str, Any], sheet: ClaimSheet) -> dict[str, int]:
    chosen: dict[str, int] = data.get("columns") or sheet.columns
    head = sheets.read(sheet.content, sheet.delimiter).head
    beyond = [name for name, at in chosen.items() if at >= len(head)]
    if beyond:
        raise InvalidInput(f"The sheet has {len(head)} columns, counted from 0.", f"columns.{beyond[0]}")
    return dict(chosen)


def _shown(sheet: ClaimSheet, columns: dict[str, int]) -> dict[str, Any]:
    shown = {field: getattr(sheet, field) for field in shapes.SheetOut.Meta.fields}
    shown |= {"columns": columns, "fresh": 0, "problems": [], "missing": ""}
    shown["head"] = list(sheets.read(sheet.content, sheet.delimiter).head)
    if sheet.done_at is None:
        try:
            plan = claim_sheets.look(sheet, columns)
        except InvalidInput as error:
            shown["missing"] = str(error)
        else:
            shown["fresh"], shown["known"] = len(plan.fresh), len(plan.known)
            shown["problems"] = [{"row": row.number, "problem": row.problem} for row in plan.problems]
    return shown
