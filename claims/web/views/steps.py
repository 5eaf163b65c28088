"""Verification steps on the claim page: live, again, cancelled."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from claims.domain import steps, verdicts
from claims.enums import StepState
from claims.models import Article, Claim, VerificationStep
from claims.web import answers, polling
from claims.web.step_rows import panel


@require_GET
def of_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel of steps, asked for again until everything is done."""
    if not answers.is_htmx(request):
        return redirect(f"{reverse('claim', args=[pk])}#steps")
    asked = answers.number(request.GET.get("asked")) or 0
    return _panel(
        request, get_object_or_404(Claim.objects.select_related("article", "speaker"), pk=pk), asked
    )


def _panel(request: HttpRequest, claim: Claim, asked: int) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    progress = steps.progress(claim)
    context = {
        "claim": claim,
        "panel": panel(steps.latest(claim), sent.get("folded", "").split()),
        "progress": progress,
        "delay": polling.delay(asked, at_rest=progress.at_rest),
        "asked": asked + 1,
        "may_write": verdicts.may_write(claim, answers.person_of(request)),
    }
    return render(request, "partials/_steps.html", context)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Run one step again, for the claim as it is now."""
    step = get_object_or_404(VerificationStep.objects.select_related("claim__article", "article"), pk=pk)
    person = answers.require_reviewer(request)
    if step.state == StepState.DEAD:
        steps.retry_dead(step, actor=person)
    else:
        steps.rerun(step, actor=person)
    return _after(request, step, _("The step runs again."))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a step back that waits or runs; whatever a running one brings is thrown away."""
    step = get_object_or_404(VerificationStep.objects.select_related("claim__article", "article"), pk=pk)
    cancelled = steps.cancel(step, actor=answers.require_reviewer(request))
    return _after(request, step, _("Cancelled.") if cancelled else _("It was over already."))


@require_POST
def all_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Run everything again that failed or is out of date; where nothing is, every step."""
    claim = get_object_or_404(Claim.objects.select_related("article", "speaker"), pk=pk)
    person = answers.require_reviewer(request)
    views = steps.latest(claim)
    wanted = [v for v in views if v.out_of_date or v.step.state == StepState.DEAD] or [
        v for v in views if v.step.state not in StepState.pending()
    ]
    for view in wanted:
        steps.retry_dead(view.step, actor=person)
    count = len(wanted)
    words = ngettext("%(count)d step runs again.", "%(count)d steps run again.", count) % {"count": count}
    if answers.is_htmx(request):
        return _panel(request, claim, 0)
    messages.success(request, words)
    return redirect(f"{reverse('claim', args=[pk])}#steps")


@require_POST
def article_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Try everything of an article and its claims again that failed or got no answer."""
    article = get_object_or_404(Article, pk=pk)
    count = steps.retry_all_failed(article, actor=answers.require_reviewer(request))
    words = ngettext("%(count)d step runs again.", "%(count)d steps run again.", count) % {"count": count}
    messages.success(request, words)
    return answers.go(request, reverse("article", args=[pk]))


def _after(request: HttpRequest, step: VerificationStep, words: str) -> HttpResponse:
    if step.claim is None:
        messages.success(request, words)
        subject = step.article or step.document
        assert subject is not None, "a step has one subject"
        return answers.go(request, subject.get_absolute_url())
    if answers.is_htmx(request):
        return _panel(request, step.claim, 0)
    messages.success(request, words)
    return redirect(f"{reverse('claim', args=[step.claim_id])}#steps")
