"""What editors look after: people and their roles, the desk's name and switches, the public pages."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims.domain import assignment, desk, people, wellbeing
from claims.enums import Role
from claims.exceptions import Conflict, DeskError
from claims.models import DeskSettings, Page
from claims.web import answers
from claims.web.forms_desk import ROLES, InterestsForm, PageForm, PersonForm, SettingsForm


def _editor(request: HttpRequest) -> User:
    """The person who asks, if they are an editor; raises ``NotAllowed`` for everybody else."""
    person = answers.person_of(request)
    people.require(person, Role.EDITOR)
    return person


def _say_invited(request: HttpRequest, name: str) -> None:
    if wellbeing.mail_is_set_up():
        messages.success(request, _("%(name)s is on the desk and gets a link by mail.") % {"name": name})
        return
    words = _(
        "%(name)s is on the desk, but no mail server is set up and the link reaches nobody. It lies in the folder mail "
        "among the desk’s files: ask whoever runs the desk for it."
    )
    messages.warning(request, words % {"name": name})


@require_http_methods(["GET", "POST"])
def everybody(request: HttpRequest) -> HttpResponse:
    """Who is on the desk, with their roles; a POST adds somebody and mails them the link to set a password."""
    person = _editor(request)
    form = PersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = desk.add_person(actor=person, **form.cleaned_data)
        except DeskError as error:
            answers.pin(form, error)
        else:
            _say_invited(request, people.display_name(made))
            return redirect("people")
    form.mark_errors()
    context = {
        "form": form,
        "everybody": _with_roles(),
        "roles": ROLES,
    }
    return render(request, "desk/people.html", context, status=422 if form.is_bound else 200)


def _with_roles() -> list[tuple[User, str]]:
    """Each person, with how many claims lie on their table, and their highest role."""
    found = []
    for person in people.with_load(desk.everybody()):
        names = {group.name for group in person.groups.all()} | (
            {Role.EDITOR} if person.is_superuser else set()
        )
        role = next((r for r in (Role.EDITOR, Role.REVIEWER, Role.VIEWER) if r in names), "")
        found.append((person, str(role)))
    return found


@require_POST
def change_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Another role for a person, or their account closed or opened (``do``)."""
    person = _editor(request)
    if request.POST.get("do") in {"close", "open"}:
        changed = desk.set_active(pk, request.POST["do"] == "open", actor=person)
        text = (
            _("The account of %(name)s is open.")
            if changed.is_active
            else _("The account of %(name)s is closed.")
        )
    else:
        changed = desk.set_role(pk, request.POST.get("role", ""), actor=person)
        text = _("The role of %(name)s is changed.")
    messages.success(request, text % {"name": people.display_name(changed)})
    return redirect("people")


@require_http_methods(["GET", "POST"])
def checking(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody knows and how many claims they check at a time: what suggestions rest on, set by an editor."""
    editor = _editor(request)
    person = get_object_or_404(people.with_load(people.reviewers()), pk=pk)
    form = (
        InterestsForm(request.POST)
        if request.method == "POST"
        else InterestsForm.of(people.profile_of(person))
    )
    if form.is_bound and form.is_valid():
        try:
            assignment.save_interests(
                actor=editor, person=person, topics=form.cleaned_data["topics"].split(","),
                most_claims=form.cleaned_data["most_claims"],
            )  # fmt: skip
        except DeskError as error:
            answers.pin(form, error)
        else:
            messages.success(
                request, _("Saved: what %(name)s checks.") % {"name": people.display_name(person)}
            )
            return redirect("people")
    form.mark_errors()
    context = {"form": form, "person": person, "load": getattr(person, "load", 0)}
    return render(request, "desk/person_checking.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """The desk's name and switches, and the way to its public pages."""
    person = _editor(request)
    present = DeskSettings.objects.filter(pk=1).first() or DeskSettings(pk=1)
    form = SettingsForm.of(present, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            desk.save_settings(actor=person, fields=form.cleaned_data)
        except DeskError as error:
            answers.pin(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("settings")
    form.mark_errors()
    versions = {page.kind: page for page in Page.objects.select_related("saved_by").order_by("version")}
    pages = [(kind, label, versions.get(kind)) for kind, label in Page.Kind.choices]
    context = {"form": form, "pages": pages}
    return render(request, "desk/settings.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, kind: str) -> HttpResponse:
    """One public page; each save is a new version, and the old ones are kept."""
    person = _editor(request)
    if kind not in Page.Kind.values:
        raise Http404
    latest = Page.objects.filter(kind=kind).select_related("saved_by").order_by("-version").first()
    form = PageForm(request.POST) if request.method == "POST" else PageForm.of(latest)
    theirs: dict[str, object] = {}
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            desk.save_page(
                kind, actor=person, version=values["version"] or 0, title=values["title"], body=values["body"]
            )
        except Conflict as error:
            theirs = error.current
            answers.pin(form, error)
        except DeskError as error:
            answers.pin(form, error)
        else:
            messages.success(request, _("Saved. Readers see it now."))
            return redirect("settings")
    form.mark_errors()
    context = {"form": form, "kind": kind, "label": Page.Kind(kind).label, "latest": latest, "theirs": theirs}
    status = 200 if not form.is_bound else (409 if theirs else 422)
    return render(request, "desk/settings_page.html", context, status=status)
