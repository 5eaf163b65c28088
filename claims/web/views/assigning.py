"""Who reads a claim a second time, and what people declare about themselves: what they know, what they keep off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims.domain import assignment, people
from claims.exceptions import DeskError, InvalidInput
from claims.models import Claim, Conflict, Speaker
from claims.web import answers, problems, workbench
from claims.web.forms_claim import SecondReaderForm
from claims.web.forms_desk import ConflictForm, InterestsForm


@require_http_methods(["GET", "POST"])
def second_reader(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody to read a claim a second time, or nobody in particular. A reviewer may offer themselves."""
    claim = get_object_or_404(Claim.objects.select_related(*workbench.ROWS), pk=pk)
    person = answers.require_reviewer(request)
    back = answers.next_address(request, reverse("claim", args=[pk]))
    form = SecondReaderForm(claim, request.POST or None)
    status = 200
    if request.method == "POST":
        chosen = _chosen(request, person)
        try:
            assignment.set_second_reader(pk, chosen, actor=person, note=request.POST.get("note", ""))
        except DeskError as error:
            answers.pin(form, error)
            status = problems.status_of(error)
        else:
            messages.success(
                request,
                _("%(name)s is asked to read it a second time.") % {"name": people.display_name(chosen)}
                if chosen
                else _("Anybody who has time may read it a second time."),
            )
            return answers.go(request, back)
    form.mark_errors()
    return render(
        request, "desk/second_reader.html", {"claim": claim, "form": form, "next": back}, status=status
    )


def _chosen(request: HttpRequest, person: User) -> User | None:
    wanted = request.POST.get("second_reader", "")
    if wanted == "me":
        return person
    number = answers.number(wanted)
    return User.objects.filter(pk=number).first() if number else None


@require_http_methods(["GET", "POST"])
def checking(request: HttpRequest) -> HttpResponse:
    """What one checks: topics one knows, how many claims at a time, and conflicts of interest."""
    person = answers.require_reviewer(request)
    if request.method == "GET":
        return _page(request, person)
    form = InterestsForm(request.POST)
    if form.is_valid():
        try:
            assignment.save_interests(
                actor=person, topics=form.cleaned_data["topics"].split(","),
                most_claims=form.cleaned_data["most_claims"],
            )  # fmt: skip
        except InvalidInput as error:
            answers.pin(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("checking")
    return _page(request, person, interests=form, status=422)


@require_POST
def declare(request: HttpRequest) -> HttpResponse:
    """Declare a conflict of interest for a speaker or a topic."""
    person = answers.require_reviewer(request)
    form = ConflictForm(request.POST)
    form.is_valid()
    typed = form.cleaned_data
    try:
        declared = assignment.declare_conflict(
            actor=person,
            speaker=typed.get("speaker", ""),
            topic=typed.get("topic", ""),
            note=typed.get("note", ""),
        )
    except InvalidInput as error:
        answers.pin(form, error)
        return _page(request, person, conflict=form, status=422)
    what = str(declared.speaker or declared.topic)
    messages.success(
        request, _("Declared: you are not offered claims about “%(what)s” any more.") % {"what": what}
    )
    return answers.go(request, answers.next_address(request, reverse("checking")))


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a declaration back."""
    try:
        assignment.withdraw_conflict(pk, actor=answers.require_reviewer(request))
    except InvalidInput as error:
        return problems.refusal(request, error)
    messages.success(
        request,
        _("Taken back. It holds on for claims that somebody is checking already: others approve those."),
    )
    return redirect("checking")


def _page(
    request: HttpRequest, person: User, *, interests: InterestsForm | None = None,
    conflict: ConflictForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    for form in (interests, conflict):
        if form is not None:
            form.mark_errors()
    context: dict[str, Any] = {
        "interests": interests or InterestsForm.of(people.profile_of(person)),
        "conflict_form": conflict or ConflictForm(initial={"speaker": _named(request)}),
        "form": interests or conflict,
        "conflicts": Conflict.objects.filter(person=person)
        .select_related("speaker")
        .order_by("-created_at", "-pk"),
        "touched": assignment.touched(person),
        "next": request.POST.get("next", request.GET.get("next", "")),
    }
    return render(request, "desk/checking.html", context, status=status)


def _named(request: HttpRequest) -> str:
    """The speaker that a claim's page came with."""
    pk = answers.number(request.GET.get("speaker"))
    speaker = Speaker.objects.filter(pk=pk).first() if pk else None
    return speaker.name if speaker else ""
