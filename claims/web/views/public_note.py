"""The public note of a correction or a retraction before it is public: propose it, change it, agree to it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims.domain import people, public_notes
from claims.enums import NoteFor
from claims.exceptions import Conflict, DeskError
from claims.models import Claim, ProposedNote
from claims.web import answers, meeting, problems, workbench
from claims.web.forms_claim import NoteForm

_ROWS = ("article", "speaker", "assignee", "second_reader", "retraction_proposed_by")


@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, pk: int, of: str) -> HttpResponse:
    """The proposed note: ``public_note`` proposes or changes it, ``agree`` stands by the one that was ``seen``."""
    if of not in NoteFor.values:
        raise Http404
    claim = get_object_or_404(Claim.objects.select_related(*_ROWS), pk=pk)
    person = answers.require_reviewer(request)
    standing = public_notes.standing(claim, of)
    if request.method == "GET":
        public_notes.require_proposer(claim, person, of)
        return _page(request, claim, of, NoteForm.of(standing), standing)
    agrees = "agree" in request.POST
    typed = standing.text if agrees and standing else request.POST.get("public_note", "")
    form = NoteForm.of(standing, {"public_note": typed, "seen": request.POST.get("seen", "")})
    met = None
    try:
        saved = public_notes.propose(pk, of, actor=person, text=typed, seen=form.opened)
    except DeskError as error:
        standing = public_notes.standing(claim, of)
        form.is_valid()
        if agrees and isinstance(error, Conflict):  # nothing was typed that could be compared
            error = Conflict(_changed(standing))
        met = meeting.refused(form, error, standing, NoteForm.of(standing))
        if agrees:
            met = None
        return _page(request, claim, of, form, standing, met, problems.status_of(error))
    messages.success(request, _done(standing, saved, person))
    return answers.go(request, workbench.address(claim, f"note-{of}"))


def _done(before: ProposedNote | None, saved: ProposedNote, person: User) -> str:
    """What was done; who sent their own words once more has told nobody anything new."""
    if saved.agreed_by_id == person.pk:
        return _("You agreed to the note.")
    if before is not None and before.text == saved.text:
        return _("These words are proposed already. Nobody is told of them twice.")
    return _("The note is proposed.")


def _changed(standing: ProposedNote | None) -> str:
    """For whoever agreed to words that were no longer there."""
    if standing is None:
        return _("This note is no longer proposed.")
    return _(
        "%(name)s changed the note after you opened this, so you have not agreed to it. Read it as it stands now."
    ) % {"name": people.display_name(standing.proposed_by)}


def _page(
    request: HttpRequest, claim: Claim, of: str, form: NoteForm, standing: ProposedNote | None,
    met: meeting.Met | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    form.mark_errors()
    context = {
        "claim": claim,
        "of": of,
        "form": form,
        "met": met,
        "standing": standing,
    }
    return render(request, "desk/public_note.html", context, status=status)
