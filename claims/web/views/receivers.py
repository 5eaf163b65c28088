"""Programs elsewhere that the desk tells: their list, their log, and what editors do with them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims.domain import people, queries, webhooks
from claims.enums import Role
from claims.exceptions import DeskError
from claims.models import WebhookDelivery, WebhookReceiver
from claims.web import answers
from claims.web.forms_receivers import ReceiverChangeForm, ReceiverForm

PER_PAGE = 30


def _editor(request: HttpRequest) -> User:
    person = answers.person_of(request)
    people.require(person, Role.EDITOR)
    return person


def _holds(form: ReceiverChangeForm) -> bool:
    """Whether the form can be saved; all that is wrong stands at its fields."""
    if form.is_valid():
        for problem in webhooks.wrong(
            **{name: form.cleaned_data[name] for name in ("name", "url", "events")}
        ):
            answers.pin(form, problem)
    return form.is_valid()


@require_http_methods(["GET", "POST"])
def receivers(request: HttpRequest) -> HttpResponse:
    """Everybody who is told, and the form for one more; the answer that adds one is the only page with its secret."""
    person = _editor(request)
    form = ReceiverForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _holds(form):
        values: dict[str, Any] = form.cleaned_data
        try:
            made, secret = webhooks.add(actor=person, **values)
        except DeskError as error:
            answers.pin(form, error)
        else:
            return _one(request, made, secret=secret)
    form.mark_errors()
    rows = [
        (row, [str(webhooks.EVENTS.get(name, name)) for name in row.events])
        for row in WebhookReceiver.objects.all()
    ]
    context = {"form": form, "receivers": rows}
    return render(request, "desk/receivers.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def receiver(request: HttpRequest, pk: int) -> HttpResponse:
    """One receiver with the log of what was sent to it, and the form that changes it."""
    person = _editor(request)
    found = get_object_or_404(WebhookReceiver, pk=pk)
    if request.method != "POST":
        return _one(request, found)
    form = ReceiverChangeForm(request.POST)
    if _holds(form):
        values: dict[str, Any] = form.cleaned_data
        try:
            webhooks.change(found, actor=person, **values)
        except DeskError as error:
            answers.pin(form, error)
        else:
            messages.success(request, _("Changed."))
            return redirect("receiver", pk=pk)
    form.mark_errors()
    return _one(request, found, form=form)


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop, start, test, or a new secret (``do``)."""
    person = _editor(request)
    found = get_object_or_404(WebhookReceiver, pk=pk)
    do = request.POST.get("do")
    if do == "secret":
        return _one(request, found, secret=webhooks.new_secret(found, actor=person))
    if do in {"stop", "start"}:
        webhooks.set_stopped(found, do == "stop", actor=person)
        messages.success(
            request, _("Stopped. Nothing is sent to it.") if do == "stop" else _("It is told again.")
        )
    elif do == "test":
        webhooks.test(found, actor=person)
        messages.success(request, _("A test is on its way. The log shows what came of it."))
    return redirect("receiver", pk=pk)


@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one call again, under the same id."""
    person = _editor(request)
    found = get_object_or_404(WebhookDelivery, pk=pk)
    if webhooks.replay(found, actor=person):
        messages.success(request, _("It goes out again, under the same id."))
    else:
        messages.info(request, _("It still waits for its next try and goes out by itself."))
    return redirect("receiver", pk=found.receiver_id)


def _one(
    request: HttpRequest, found: WebhookReceiver, *, secret: str = "", form: ReceiverChangeForm | None = None
) -> HttpResponse:
    rows = (
        WebhookDelivery.objects.filter(receiver=found).select_related("message").prefetch_related("attempts")
    )
    page = queries.page_by_key(
        rows.order_by("-created_at", "-id"), ("-created_at", "-id"), after=request.GET.get("after", ""),
        before=request.GET.get("before", ""), size=PER_PAGE,
    )  # fmt: skip
    labels = {**webhooks.EVENTS, webhooks.TEST: _("A test")}
    log = [(row, labels.get(row.event, row.event), list(row.attempts.all())) for row in page.rows]
    context = {"receiver": found, "log": log, "page": page, "secret": secret,
               "form": form or ReceiverChangeForm(initial={"name": found.name, "url": found.url, "events": found.events}),
               "events": [str(labels.get(name, name)) for name in found.events]}  # fmt: skip
    return render(request, "desk/receiver.html", context, status=422 if form else 200)
