"""What editors lay down for the desk, without code: rating scale, checklists, reasons to decline, due dates."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims.domain import checklists as lists
from claims.domain import house_rules, people, scales
from claims.enums import Role
from claims.exceptions import Conflict, DeskError
from claims.models import Checklist, ChecklistItem, Claim
from claims.web import answers
from claims.web.forms_settings import ChecklistForm, DueForm, ScaleForm, due_rows, rating_rows, reason_rows


def _editor(request: HttpRequest) -> User:
    person = answers.person_of(request)
    people.require(person, Role.EDITOR)
    return person


def _problem(error: DeskError) -> list[dict[str, str]]:
    return [{"field": "", "text": str(error)}]


@require_http_methods(["GET", "POST"])
def scale(request: HttpRequest) -> HttpResponse:
    """The rating scale. Saving makes a new version; what was rated keeps the version it was rated with."""
    person = _editor(request)
    standing = scales.in_use()
    data = request.POST if request.method == "POST" else None
    head = ScaleForm(
        data, initial={"name": standing.name if standing else "", "seen": standing.pk if standing else 0}
    )
    on, off = rating_rows(standing, data)
    errors: list[dict[str, str]] = []
    status = 200
    if data is not None:
        status = 422
        if all([head.is_valid(), on.is_valid(), off.is_valid()]):
            try:
                made = scales.save(
                    actor=person, seen=head.cleaned_data["seen"] or 0, name=head.cleaned_data["name"],
                    on_scale=[row.rating() for row in on.rows()], off_scale=[row.rating() for row in off.rows()],
                )  # fmt: skip
            except DeskError as error:
                errors = _problem(error)
                status = 409 if isinstance(error, Conflict) else 422
            else:
                same = standing is not None and made.pk == standing.pk
                messages.success(
                    request,
                    _("Nothing was changed, so version %(version)d stays.") % {"version": made.version}
                    if same
                    else _("Version %(version)d of the scale is in use.") % {"version": made.version},
                )
                return redirect("settings-scale")
        for rows in (on, off):
            rows.mark_errors()
            errors += rows.problems()
        head.mark_errors()
    context = {
        "head": head, "on": on, "off": off, "errors": errors, "standing": standing, "versions": scales.versions(),
        "reports": scales.reports_frozen(), "older_drafts": scales.drafts_on_older_scales(), "clash": status == 409,
    }  # fmt: skip
    return render(request, "desk/settings_scale.html", context, status=status)


@require_http_methods(["GET", "POST"])
def checklists(request: HttpRequest) -> HttpResponse:
    """The checklists of the desk, and the form of a new one."""
    person = _editor(request)
    form = ChecklistForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (made := _saved(form, None, person)) is not None:
        messages.success(request, _("The list “%(name)s” is in use.") % {"name": made.name})
        return redirect("settings-checklists")
    form.mark_errors()
    used = Count("items", filter=Q(items__retired_at__isnull=True))
    rows = Checklist.objects.annotate(used=used).order_by("retired_at", "topic", "name", "id")
    context = {"form": form, "lists": rows}
    return render(request, "desk/settings_checklists.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """One checklist; ``do`` takes it out of use or brings it back."""
    person = _editor(request)
    stored = get_object_or_404(Checklist, pk=pk)
    if request.POST.get("do") in {"retire", "use"}:
        lists.set_in_use(pk, request.POST["do"] == "use", actor=person)
        messages.success(request, _("Changed."))
        return redirect("settings-checklists")
    lines = list(
        ChecklistItem.objects.filter(checklist=stored, retired_at__isnull=True).order_by("position", "id")
    )
    form = (
        ChecklistForm(request.POST)
        if request.method == "POST"
        else ChecklistForm.of(stored, [item.text for item in lines])
    )
    if request.method == "POST" and _saved(form, pk, person) is not None:
        messages.success(request, _("Saved. Claims that are still open show the list as it is now."))
        return redirect("settings-checklists")
    form.mark_errors()
    context = {"form": form, "checklist": stored}
    return render(request, "desk/settings_checklist.html", context, status=422 if form.is_bound else 200)


def _saved(form: ChecklistForm, pk: int | None, person: User) -> Checklist | None:
    if not form.is_valid():
        return None
    values = form.cleaned_data
    try:
        return lists.save(
            pk, name=values["name"], topic=values["topic"], items=values["items"].splitlines(), actor=person
        )
    except DeskError as error:
        answers.pin(form, error)
        return None


@require_http_methods(["GET", "POST"])
def reasons(request: HttpRequest) -> HttpResponse:
    """The reasons to decline a claim, in the order of their keys. One taken off stays on claims that name it."""
    person = _editor(request)
    every = house_rules.all_reasons()
    data = request.POST if request.method == "POST" else None
    rows = reason_rows(every, data)
    errors: list[dict[str, str]] = []
    if data is not None:
        if rows.is_valid():
            back = set(data.getlist("back"))
            entries: list[dict[str, Any]] = [row.cleaned_data for row in rows.rows()]
            entries += [
                {"key": one.key, "label": one.label} for one in every if one.retired and one.key in back
            ]
            try:
                house_rules.save_reasons(entries, actor=person)
            except DeskError as error:
                errors = _problem(error)
            else:
                messages.success(request, _("Saved."))
                return redirect("settings-reasons")
        rows.mark_errors()
        errors += rows.problems()
    counted = (
        Claim.objects.exclude(decline_reason="")
        .order_by()
        .values_list("decline_reason")
        .annotate(n=Count("id"))
    )
    context = {
        "rows": rows, "errors": errors, "retired": [one for one in every if one.retired], "used": dict(counted),
    }  # fmt: skip
    return render(request, "desk/settings_reasons.html", context, status=422 if data is not None else 200)


@require_http_methods(["GET", "POST"])
def due_dates(request: HttpRequest) -> HttpResponse:
    """How many days a claim may take, by topic and priority."""
    person = _editor(request)
    standing = house_rules.settings()
    data = request.POST if request.method == "POST" else None
    usual = DueForm(data, initial={"usual": standing.due_days})
    rows = due_rows(house_rules.due_rules(standing), data)
    errors: list[dict[str, str]] = []
    if data is not None:
        if all([usual.is_valid(), rows.is_valid()]):
            rules = [rule for row in rows.rows() if (rule := row.rule()) is not None]
            try:
                house_rules.save_due_rules(rules, usual_days=usual.cleaned_data["usual"], actor=person)
            except DeskError as error:
                errors = _problem(error)
            else:
                messages.success(request, _("Saved. It holds for claims that are given out from now on."))
                return redirect("settings-due")
        usual.mark_errors()
        rows.mark_errors()
        errors += rows.problems()
    topics = Claim.objects.exclude(topic="").order_by("topic").values_list("topic", flat=True).distinct()[:60]
    context = {"usual": usual, "rows": rows, "errors": errors, "form": usual, "topics": topics}
    return render(request, "desk/settings_due.html", context, status=422 if data is not None else 200)
