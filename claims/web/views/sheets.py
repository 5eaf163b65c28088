"""Claims from a spreadsheet: bring it, choose what each column says, look it through, import all of it or nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from claims.domain import claim_sheets, people, sheets
from claims.domain.claim_sheets import Plan
from claims.enums import Role
from claims.exceptions import DeskError, InvalidInput
from claims.models import ClaimSheet
from claims.web import answers
from claims.web.forms_claim import DeskForm, area

SHOWN = 20
SHOWN_PROBLEMS = 100
EARLIER = 10


class BringForm(DeskForm):
    """A file, or the rows as they were copied."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"), required=False, help_text=gettext_lazy("Up to 2 MB and 500 rows; the first row names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        error_messages={"empty": gettext_lazy("The file is empty. Choose another one.")},
    )  # fmt: skip
    rows = forms.CharField(
        label=gettext_lazy("Or paste the rows"), required=False, strip=False, widget=area(8),
        help_text=gettext_lazy("Copied from a spreadsheet, with the headings."),
    )  # fmt: skip
    delimiter = forms.ChoiceField(
        label=gettext_lazy("Between the cells stands"), required=False,
        choices=[("", gettext_lazy("Find out")), *sheets.DELIMITERS.items()],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """The way in: a file or a paste, and the sheets that were brought before."""
    person = answers.require_reviewer(request)
    form = BringForm(request.POST, request.FILES) if request.method == "POST" else BringForm()
    if request.method == "POST" and form.is_valid():
        try:
            sheet = _brought(form, person)
        except DeskError as error:
            answers.pin(form, error)
        else:
            return redirect("import-sheet", sheet.pk)
    form.mark_errors()
    earlier = ClaimSheet.objects.select_related("brought_by").defer("content")
    if Role.EDITOR not in people.roles(person):
        earlier = earlier.filter(brought_by=person)
    context = {"form": form, "earlier": earlier.order_by("-created_at", "-id")[:EARLIER]}
    return render(request, "desk/import.html", context, status=422 if form.is_bound else 200)


def _brought(form: BringForm, person: User) -> ClaimSheet:
    values = form.cleaned_data
    upload = values["file"]
    if upload is not None:
        return claim_sheets.bring(
            upload.read(sheets.MOST_BYTES + 1), upload.name, actor=person, delimiter=values["delimiter"]
        )
    if not values["rows"].strip():
        raise InvalidInput(_("Choose a file, or paste the rows."), "file")
    try:
        return claim_sheets.bring(values["rows"].encode(), "", actor=person, delimiter=values["delimiter"])
    except InvalidInput as error:
        raise InvalidInput(str(error), "rows") from error


@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet: what its columns say, what its rows would become; ``do=import`` makes them."""
    person = answers.require_reviewer(request)
    stored = claim_sheets.find(pk, person)
    if stored is None:
        raise Http404
    head = sheets.read(stored.content, stored.delimiter).head
    columns = (
        _columns(request, head)
        if request.method == "POST"
        else {str(k): int(v) for k, v in stored.columns.items()}
    )
    errors: list[dict[str, str]] = []
    plan = None
    if request.method == "POST" and request.POST.get("do") == "import":
        try:
            done = claim_sheets.import_rows(pk, columns, actor=person)
        except InvalidInput as error:
            errors = [
                {"field": f"column-{error.field}" if error.field in sheets.FIELDS else "", "text": str(error)}
            ]
        else:
            messages.success(request, _said(done))
            return redirect("import-sheet", pk)
    if stored.done_at is None:
        try:
            plan = claim_sheets.look(stored, columns)
        except InvalidInput as error:
            if request.method == "POST" and not errors:
                errors = [{"field": f"column-{error.field}", "text": str(error)}]
    context = {
        "sheet": stored,
        "head": head,
        "choices": _choices(head, columns),
        "errors": errors,
        **_shown(plan, stored),
    }
    return render(request, "desk/import_sheet.html", context, status=422 if errors else 200)


def _columns(request: HttpRequest, head: tuple[str, ...]) -> dict[str, int]:
    chosen = {name: answers.number(request.POST.get(f"column-{name}")) for name in sheets.FIELDS}
    return {name: at for name, at in chosen.items() if at is not None and at < len(head)}


def _choices(head: tuple[str, ...], columns: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": label,
            "options": [(at, cell, columns.get(name) == at) for at, cell in enumerate(head)],
        }
        for name, (label, _words) in sheets.FIELDS.items()
    ]


def _shown(plan: Plan | None, stored: ClaimSheet) -> dict[str, Any]:
    if plan is None:
        return {"plan": None}
    problems = plan.problems
    rows = [{"row": row, "source": plan.sources[row.source]} for row in plan.rows if not row.problem][:SHOWN]
    return {
        "plan": plan,
        "problems": problems[:SHOWN_PROBLEMS],
        "more_problems": max(0, len(problems) - SHOWN_PROBLEMS),
        "rows": rows,
        "delimiter": sheets.DELIMITERS.get(stored.delimiter, stored.delimiter),
    }


def _said(done: ClaimSheet) -> str:
    text = ngettext("%(count)d claim imported.", "%(count)d claims imported.", done.made) % {
        "count": done.made
    }
    if done.known:
        text += " " + ngettext("%(count)d row was here already.", "%(count)d rows were here already.", done.known) % {"count": done.known}  # fmt: skip
    return text
