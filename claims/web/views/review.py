"""The second reader's page: the report as readers will see it, what changed, and the two ways on.

Where the desk asks for a second rating that knows nothing of the first, that comes before all of it.
"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from claims.domain import blind, gates, presence, replies, transitions
from claims.enums import Action, ClaimStatus
from claims.exceptions import InvalidInput, TransitionRefused
from claims.models import Claim, Comment, Evidence
from claims.web import answers, problems, verdict_texts, workbench
from claims.web.forms_claim import CommentForm, MoveForm, RatingForm
from claims.web.report_view import Preview, plain, unspaced
from claims.web.report_view import preview as preview_of
from claims.web.spans import around


def _find(pk: int) -> Claim:
    return get_object_or_404(Claim.objects.select_related(*workbench.ROWS), pk=pk)


@require_GET
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Read, remark, approve or send back; or rate first, where the desk asks for it."""
    claim = _find(pk)
    person = answers.person_of(request)
    if blind.is_hidden(claim, person):
        return _rate_first(request, claim, person)
    dossier = gates.load_dossier(claim, timezone.now())
    offered = {move.action: move for move in transitions.available(claim, person)}
    report = preview_of(claim, person)
    context = {
        "claim": claim,
        "article": claim.article,
        "report": report,
        **workbench.gates_of(gates.evaluate(dossier)),
        "since": verdict_texts.since_last_look(claim, dossier.verdict),
        "approve": offered.get(Action.APPROVE),
        "send_back": offered.get(Action.SEND_BACK),
        "publish": offered.get(Action.PUBLISH),
        "moves": [move for move in offered.values() if move.action not in {Action.APPROVE, Action.SEND_BACK}],
        "approve_form": MoveForm(Action.APPROVE, claim, auto_id="id_approve_%s"),
        "send_form": MoveForm(Action.SEND_BACK, claim, auto_id="id_send_%s"),
        "comments": _remarks(claim, report),
        "comment_form": CommentForm(),
        "in_review": claim.status == ClaimStatus.IN_REVIEW,
        "approvals": list(claim.approvals.select_related("person")[:3]),
        "second": blind.latest(claim),
        "here": presence.others(claim, person),
        "beat": 1,
    }
    return render(request, "desk/review.html", context)


def _remarks(claim: Claim, report: Preview) -> list[Comment]:
    """The comments; each that is about a passage says whether its words still stand in the report."""
    rows = list(Comment.objects.filter(claim=claim).select_related("author"))
    if any(row.passage for row in rows):
        text = plain(report, claim)
        for row in rows:
            if row.passage:
                row.passage_stands = unspaced(row.passage) in text  # type: ignore[attr-defined]  # for the page
    return rows


@require_POST
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the second reader's own rating; after that the first verdict is shown beside it."""
    claim = _find(pk)
    person = answers.require_reviewer(request)
    on_scale, off_scale = workbench.levels(claim)
    form = RatingForm([*on_scale, *off_scale], request.POST)
    form.is_valid()
    try:
        rating = blind.record_rating(
            pk, actor=person, level=form.cleaned_data.get("level"), note=form.cleaned_data.get("note", "")
        )
    except TransitionRefused as error:
        return problems.refusal(request, error)
    except InvalidInput as error:
        answers.pin(form, error)
        return _rate_first(request, claim, person, form, problems.status_of(error))
    messages.success(
        request,
        _("Both of you chose “%(word)s”.") % {"word": rating.level.word}
        if rating.agrees
        else _("Your rating is recorded. It differs from the first one: talk it over before you decide."),
    )
    return answers.go(request, reverse("review", args=[pk]))


def _rate_first(
    request: HttpRequest, claim: Claim, person: User, form: RatingForm | None = None, status: int = 200
) -> HttpResponse:
    """Claim, evidence and scale alone: nothing on this page tells what the checker chose."""
    blind.veil([claim], person)
    on_scale, off_scale = workbench.levels(claim)
    form = form or RatingForm([*on_scale, *off_scale])
    form.mark_errors()
    sources = list(Evidence.objects.standing().select_related("snapshot", "added_by").filter(claim=claim))
    moves = transitions.available(claim, person)
    context = {
        "claim": claim,
        "article": claim.article,
        "around": around(claim.article.text, claim.start, claim.end),
        "board": workbench.board(sources),
        "evidence_count": len(sources),
        "may_write": False,
        "reply": getattr(claim, "right_of_reply", None),
        "reply_log": replies.log_of(claim),
        "on_scale": on_scale,
        "off_scale": off_scale,
        "form": form,
        "chosen": answers.number(request.POST.get("level")),
        "may_rate": claim.status == ClaimStatus.IN_REVIEW
        and any(move.action == Action.APPROVE for move in moves),
    }
    return render(request, "desk/rate.html", context, status=status)
