"""One cell of the table of claims, changed where it stands; without scripts on a small page that leads back to its row."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims.domain import claims, listed, people, transitions
from claims.enums import Action
from claims.exceptions import Conflict, DeskError, InvalidInput, NotAllowed
from claims.models import Claim
from claims.web import answers, cells, problems, words
from claims.web.forms_cells import CellForm
from claims.web.views.bulk import end_of
from claims.web.wording import said
from claims.workflow.table import UNDOABLE

_ROWS = ("article", "speaker", "assignee")


@require_http_methods(["GET", "POST"])
def cell(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """Change one field of a claim; ``seen`` is what the form was opened on.

    htmx gets the form alone, and after saving the row as it stands then; it takes the row's place, whether the list's
    filter would still find it or not. ``?row`` asks for that row and changes nothing. Refusals (403, 409, 422) come with
    the form, their sentence at its field and what was typed in it.
    """
    if field not in cells.LABELS:
        raise Http404
    claim = get_object_or_404(Claim.objects.select_related(*_ROWS), pk=pk)
    person = answers.require_reviewer(request)
    in_table = answers.is_htmx(request)
    if request.method == "GET":
        if in_table and "row" in request.GET:
            return _row(request, pk)
        if field not in cells.open_to(claim, person):
            raise NotAllowed(cells.not_open(field, claim.number))
        return _form(request, claim, CellForm(field, claim, person, in_table=in_table))
    form = CellForm(field, claim, person, request.POST, in_table=in_table)
    readable = form.is_valid() or field == "assignee"  # whom it is open to is the door's to say
    try:
        if not readable:
            return _form(request, claim, form, status=422)
        sentence, undo = _save(request, claim, form, person)
    except DeskError as error:
        return _refused(request, claim, form, error)
    messages.success(request, sentence, extra_tags=undo)
    return _row(request, pk) if in_table else HttpResponseRedirect(f"{_back(request)}#r{pk}")


def _save(request: HttpRequest, claim: Claim, form: CellForm, person: User) -> tuple[str, str]:
    """Do it by the desk's verb; what was done in a line, and where it can be undone the tag that says so."""
    if form.one_field == "assignee":
        return _give(request, claim, form, person)
    value = form.cleaned_data[form.one_field]
    if form.one_field == "tags":
        value = value.split(",")
    elif form.one_field == "due_at" and value is not None:
        same = claim.due_at is not None and timezone.localtime(claim.due_at).date() == value
        value = claim.due_at if same else end_of(value)
    changed = claims.set_details(
        claim.pk, actor=person, fields={form.one_field: value}, seen=form.opened, only=form.one_field
    )
    return f"{cells.label(form.one_field, claim.number)}: {_standing(changed, form.one_field)}.", ""


def _give(request: HttpRequest, claim: Claim, form: CellForm, person: User) -> tuple[str, str]:
    version = answers.number(form.opened)
    if version is None:
        raise InvalidInput(_("The page was out of date. It has been read again; press the button once more."))
    chosen = request.POST.get("assignee", "")
    action = form.move or Action.ASSIGN  # where it is open to nobody the door says why
    if action == Action.TAKE and chosen != str(person.pk):
        action = Action.ASSIGN  # one takes for oneself alone
    moved = transitions.transition(
        claim.pk, action, actor=person, version=version, reason=request.POST.get("reason", ""),
        payload={"assignee": chosen},
    )  # fmt: skip
    return said(moved, action), f"undo-{moved.pk}-{moved.version}" if action in UNDOABLE else ""


def _standing(claim: Claim, field: str) -> str:
    """The field as it stands, in words."""
    if field == "assignee":
        who = people.display_name(claim.assignee) if claim.assignee_id else _("nobody")
        return f"{claim.get_status_display()}, {who}"
    if field == "due_at":
        return words.day_words(claim.due_at) if claim.due_at else _("no date")
    if field == "priority":
        return claim.get_priority_display()
    return ", ".join(map(str, claim.tags)) or _("no tags")


def _refused(request: HttpRequest, claim: Claim, form: CellForm, error: DeskError) -> HttpResponse:
    """The form again with the sentence at its field; where somebody was first, with what stands there now."""
    status, now = problems.status_of(error), ""
    if isinstance(error, Conflict):
        claim = Claim.objects.select_related(*_ROWS).get(pk=claim.pk)
        form = CellForm(
            form.one_field, claim, answers.person_of(request), request.POST, in_table=answers.is_htmx(request)
        )
        form.reopen(claim)
        now = _standing(claim, form.one_field)
    field = error.field if isinstance(error, InvalidInput) and error.field in form.fields else form.one_field
    form.errors.pop(field, None)  # the verb says it better than the form
    form.add_error(field, str(error))
    return _form(request, claim, form, status=status, now=now)


def _form(
    request: HttpRequest, claim: Claim, form: CellForm, *, status: int = 200, now: str = ""
) -> HttpResponse:
    form.mark_errors()
    context = {
        "claim": claim,
        "form": form,
        "field": form.one_field,
        "title": cells.label(form.one_field, claim.number),
        "now": now,
        "stale": status in {403, 409},  # the cell below the form is not what stands there
    }
    if answers.is_htmx(request):
        return render(request, "partials/_cell_form.html", context, status=status)
    return render(request, "desk/claim_cell.html", {**context, "next": _back(request)}, status=status)


def _row(request: HttpRequest, pk: int) -> HttpResponse:
    """The claim's row, put in the place of the one that is shown, and the line that says what was done."""
    person = answers.person_of(request)
    rows = listed.veiled(listed.read([pk]).values(), person)
    context = {"rows": rows, "person": person, "line_next": _back(request)}
    response = render(request, "partials/_cell_saved.html", context)
    response.headers["HX-Retarget"] = f"#r{pk}"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


def _back(request: HttpRequest) -> str:
    """The list one came from, at the same filter and page."""
    came = request.headers.get("HX-Current-URL" if answers.is_htmx(request) else "Referer", "")
    fallback = reverse("claims")
    if url_has_allowed_host_and_scheme(came, {request.get_host()}, require_https=request.is_secure()):
        page = urlsplit(came)
        # A list that was shown again after a refusal stands under another address.
        if page.path in {fallback, reverse("claims-together")} and page.query:
            fallback = f"{fallback}?{page.query}"
    return answers.next_address(request, fallback)
