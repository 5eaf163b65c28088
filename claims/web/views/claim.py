"""The claim's workbench, and what is changed there besides evidence and verdict."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from claims.domain import claims, presence
from claims.exceptions import Conflict, DeskError, InvalidInput
from claims.models import Claim
from claims.web import answers, meeting, problems, workbench
from claims.web.forms_claim import CommentForm, DetailsForm, WordsForm, nearest
from claims.web.spans import around

_JOINTS = re.compile(
    r"[,;:—–]\s+|\s+(?=(?:and|but|while|whereas|or|because|so|after|although)\s)", re.IGNORECASE
)
PLACES_TO_CUT = 8


@require_GET
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbench: one screen for everything that leads from claim to verdict."""
    stored = get_object_or_404(Claim.objects.select_related(*workbench.ROWS), pk=pk)
    return render(request, "desk/claim.html", workbench.workbench(stored, answers.person_of(request)))


@require_GET
def ready(request: HttpRequest, pk: int) -> HttpResponse:
    """The moves and the gates alone, asked for after a draft was saved; without htmx, the claim's page."""
    stored = get_object_or_404(Claim.objects.select_related(*workbench.ROWS), pk=pk)
    if not answers.is_htmx(request):
        return redirect("claim", pk)
    return render(request, "partials/_claim_ready.html", workbench.ready(stored, answers.person_of(request)))


@require_POST
def here(request: HttpRequest, pk: int) -> HttpResponse:
    """A sign of life from a page that shows the claim, answered with who else is on it."""
    stored = get_object_or_404(Claim.objects.only("pk"), pk=pk)
    person = answers.person_of(request)
    presence.beat(stored, person)
    context = {"claim": stored, "here": presence.others(stored, person), "beat": presence.EVERY}
    return render(request, "partials/_here.html", context)


@require_http_methods(["GET", "POST"])
def words(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit the bounds, the checkable sentence and the speaker of a claim."""
    stored = get_object_or_404(Claim.objects.select_related("article", "speaker", "statement"), pk=pk)
    person = answers.require_reviewer(request)
    back = answers.next_address(request, reverse("claim", args=[pk]))
    if request.method == "GET":
        return _words_page(request, stored, WordsForm.of(stored), back)
    form = WordsForm.of(stored, request.POST)
    if not form.is_valid():
        return _words_page(request, stored, form, back, 422)
    try:
        claims.reword(pk, actor=person, fields=_reworded(stored, form), seen=form.opened)
    except DeskError as error:
        stored.refresh_from_db()
        met = meeting.refused(form, _at_words(error), stored, WordsForm.of(stored))
        return _words_page(request, stored, form, back, problems.status_of(error), met)
    messages.success(request, _("Saved: the wording of claim %(number)s.") % {"number": stored.number})
    return answers.go(request, back)


def _at_words(error: DeskError) -> DeskError:
    """The domain speaks of ``text``; this form calls the field ``words``."""
    if isinstance(error, InvalidInput) and error.field == "text":
        return InvalidInput(str(error), "words")
    return error


def _reworded(stored: Claim, form: WordsForm) -> dict[str, Any]:
    fields = dict(form.cleaned_data)
    typed = fields.pop("words").replace("\r\n", "\n").strip()
    if typed != stored.text:
        place = nearest(stored.article.text, typed, stored.start)
        if place is None:
            raise InvalidInput(
                _("These words are not in the article. Write them as they stand there."), "words"
            )
        fields |= {"start": place, "end": place + len(typed)}
    if fields["speaker"].strip() == stored.speaker_name:
        del fields["speaker"]
    return fields


def _words_page(
    request: HttpRequest, stored: Claim, form: WordsForm, back: str, status: int = 200,
    met: meeting.Met | None = None,
) -> HttpResponse:  # fmt: skip
    form.mark_errors()
    context = {
        "claim": stored,
        "met": met,
        "form": form,
        "around": around(stored.article.text, stored.start, stored.end, 400),
        "proposed": stored.statement.restated if stored.statement else "",
        "next": back,
    }
    return render(request, "desk/claim_words.html", context, status=status)


@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Cut a claim in two at a place that is proposed, or where the typed words begin."""
    stored = get_object_or_404(Claim.objects.select_related("article", "speaker", "statement"), pk=pk)
    person = answers.require_reviewer(request)
    back = answers.next_address(request, reverse("article", args=[stored.article_id]))
    context: dict[str, Any] = {
        "claim": stored,
        "places": places_to_cut(stored),
        "next": back,
        "typed": "",
        "error": "",
    }
    if request.method == "GET":
        return render(request, "desk/claim_split.html", context)
    typed = request.POST.get("second", "").strip()
    try:
        first, second = claims.split_claim(
            pk, _cut_at(stored, request.POST.get("at", ""), typed), actor=person
        )
    except DeskError as error:
        context |= {"typed": typed, "error": str(error)}
        return render(request, "desk/claim_split.html", context, status=problems.status_of(error))
    messages.success(
        request, _("Split into claims %(one)s and %(two)s.") % {"one": first.number, "two": second.number}
    )
    return answers.go(request, back)


def _cut_at(stored: Claim, chosen: str, typed: str) -> int:
    """The place in the article: the typed words' beginning, else the chosen proposal."""
    if typed:
        at = stored.text.find(typed)
        if at <= 0:
            raise InvalidInput(
                _("These words are not inside the claim. Copy them as they stand there."), "second"
            )
        return stored.start + at
    place = answers.number(chosen)
    if place is None:
        raise InvalidInput(_("Choose where the second claim begins."), "at")
    return place


def places_to_cut(stored: Claim) -> list[dict[str, Any]]:
    """Where a sentence with two claims may be cut: after commas and dashes, before joining words."""
    found = []
    for joint in _JOINTS.finditer(stored.text):
        at = joint.end()
        if 10 <= at <= len(stored.text) - 10:
            found.append(
                {"at": stored.start + at, "first": stored.text[:at].strip(), "second": stored.text[at:]}
            )
    return found[:PLACES_TO_CUT]


@require_http_methods(["GET", "POST"])
def details(request: HttpRequest, pk: int) -> HttpResponse:
    """Due date, priority, topic and tags."""
    stored = get_object_or_404(Claim.objects.select_related("article"), pk=pk)
    form = DetailsForm.of(stored, request.POST if request.method == "POST" else None)
    status, met = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                person = answers.require_reviewer(request)
                claims.set_details(pk, actor=person, fields=form.fields_given(), seen=form.opened)
            except (InvalidInput, Conflict) as error:
                stored.refresh_from_db()
                met = meeting.refused(form, error, stored, DetailsForm.of(stored))
                status = problems.status_of(error)
            else:
                messages.success(request, _("Saved."))
                return answers.go(request, answers.next_address(request, reverse("claim", args=[pk])))
    form.mark_errors()
    context = {"claim": stored, "form": form, "met": met}
    return render(request, "desk/claim_details.html", context, status=status)


@require_http_methods(["GET", "POST"])
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something to colleagues, about the claim or about a passage of its report."""
    stored = get_object_or_404(Claim.objects.select_related("article"), pk=pk)
    form = CommentForm(request.POST or None)
    status = 200
    if request.method == "POST":
        try:
            claims.add_comment(
                pk,
                actor=answers.require_reviewer(request),
                text=request.POST.get("text", ""),
                passage=request.POST.get("passage", ""),
            )
        except InvalidInput as error:
            answers.pin(form, error)
            status = 422
        else:
            messages.success(request, _("Your comment is there."))
            return answers.go(
                request, answers.next_address(request, f"{reverse('claim', args=[pk])}#comments")
            )
    form.mark_errors()
    context = {"claim": stored, "form": form, "passage": request.POST.get("passage", "")}
    return render(request, "desk/comment.html", context, status=status)


@require_POST
def comment_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a remark as dealt with."""
    try:
        settled = claims.settle_comment(pk, actor=answers.require_reviewer(request))
    except InvalidInput as error:
        return problems.refusal(request, error)
    messages.success(request, _("Marked as done."))
    fallback = f"{reverse('claim', args=[settled.claim_id])}#comment-{pk}"
    return answers.go(request, answers.next_address(request, fallback))
