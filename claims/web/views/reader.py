"""The article: reading it, deciding its claims, adding others, and where each claim came from."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from claims.domain import articles, claims, leftovers, queries, steps
from claims.enums import ArticleState
from claims.exceptions import AlreadyHere, DeskError, InvalidInput
from claims.models import Article, Claim, Statement
from claims.web import answers, cards, parts, polling, problems, tracing
from claims.web.forms_claim import AddClaimForm, PasteForm

STATEMENTS_SHOWN = 200
_ON_THE_WAY = frozenset({ArticleState.FETCHING, ArticleState.EXTRACTING})


@require_GET
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """The reader: the text with its claims marked, and a card for each beside it."""
    stored = get_object_or_404(Article.objects.select_related("added_by"), pk=pk)
    if stored.state != ArticleState.READY:
        return _not_ready(request, stored)
    if (paragraph := answers.number(request.GET.get("paragraph"))) is not None:
        place = parts.lay(stored.text, queries.starts_of_claims(stored)).start_of(paragraph)
        return redirect(f"{reverse('article', args=[pk])}?at={place}#at-{place}")
    context = reading(request, stored)
    context["form"] = AddClaimForm()
    return render(request, "desk/article.html", context)


def reading(request: HttpRequest, stored: Article) -> dict[str, Any]:
    """What the reader shows, with a fixed number of queries.

    ``?claim=`` names the current claim; ``?after=`` the one just decided, so that the next one is current. In a long
    article these lead to their part; ``?at=``, a place in the text, leads to any.
    """
    names = ("after", "claim", "at")
    place = cards.Place(**{name: answers.number(request.GET.get(name)) for name in names})
    rail = cards.rail(stored, answers.person_of(request), place)
    others = _others(stored, rail.part)
    show_all = request.GET.get("all") == "1"
    progress = steps.progress(stored)
    return {
        "article": stored,
        "rail": rail,
        "tally": rail.tally,
        "part": rail.part,
        "paragraphs": cards.marked(stored, rail.cards, rail.part),
        "reasons": cards.decline_reasons(),
        "moved_on": place.after is not None,
        "others_count": others.count(),
        "others": list(others[:STATEMENTS_SHOWN]) if show_all else None,
        "progress": progress,
        "delay": polling.delay(0, at_rest=progress.at_rest),
        "asked": 1,
    }


def _others(stored: Article, part: parts.Part) -> QuerySet[Statement]:
    """The statements of a part that are no claims, in the order of the text."""
    rows = Statement.objects.filter(article=stored, claims__isnull=True)
    if not part.whole:
        rows = rows.filter(start__gte=part.low, start__lt=part.high)
    return rows.order_by("position")


def _not_ready(
    request: HttpRequest, stored: Article, form: PasteForm | None = None, status: int = 200
) -> HttpResponse:
    """On its way: the text as it came. Failed: what went wrong, with the address and the form still there."""
    failed = stored.state == ArticleState.FAILED
    beginning = parts.lay(stored.original_text).parts[0]
    context = {
        "article": stored,
        "failed": failed,
        "form": form or PasteForm.of(stored),
        "views": steps.latest(stored),
        "words": stored.original_text[: beginning.high],
        "words_go_on": not beginning.whole,
        "delay": polling.delay(0),
        "asked": 1,
    }
    return render(request, "desk/article_waiting.html", context, status=status)


@require_GET
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """The step bar of an article, asked for again and again; when the text has come, the page is read anew."""
    stored = get_object_or_404(Article, pk=pk)
    if not answers.is_htmx(request):
        return redirect("article", pk=pk)
    asked = answers.number(request.GET.get("asked")) or 0
    waiting = request.GET.get("waiting") == "1"
    if waiting and stored.state not in _ON_THE_WAY:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    context: dict[str, Any] = {"article": stored, "delay": polling.delay(asked), "asked": asked + 1}
    if waiting:
        return render(request, "partials/_reader_waiting.html", {**context, "views": steps.latest(stored)})
    progress = steps.progress(stored)
    context |= {"progress": progress, "delay": polling.delay(asked, at_rest=progress.at_rest)}
    return render(request, "partials/_reader_steps.html", context)


@require_GET
def original(request: HttpRequest, pk: int) -> HttpResponse:
    """The article as it came in, before cleaning, with what was left out and why; a very long one in parts."""
    stored = get_object_or_404(Article.objects.select_related("added_by"), pk=pk)
    layout = parts.lay(stored.original_text, times=parts.TO_READ)
    paragraph = answers.number(request.GET.get("paragraph"))
    at = answers.number(request.GET.get("at")) or 0
    part = layout.at(at if paragraph is None else layout.start_of(paragraph))
    words = stored.original_text[part.low : part.high]
    return render(request, "desk/article_original.html", {"article": stored, "part": part, "words": words})


@require_GET
def statements(request: HttpRequest, pk: int) -> HttpResponse:
    """The statements that did not look worth checking, each to be made a claim by one press."""
    stored = get_object_or_404(Article, pk=pk)
    if not answers.is_htmx(request):
        at = answers.number(request.GET.get("at"))
        part = "" if at is None else f"&at={at}"
        return redirect(f"{reverse('article', args=[pk])}?all=1{part}#others")
    layout = parts.lay(stored.text, queries.starts_of_claims(stored))
    rows = _others(stored, layout.at(answers.number(request.GET.get("at")) or 0))
    context = {
        "article": stored,
        "others": list(rows[:STATEMENTS_SHOWN]),
        "others_count": rows.count(),
    }
    return render(request, "partials/_reader_others.html", context)


@require_http_methods(["GET", "POST"])
def add_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a claim: words that were selected, words that were typed, or a statement from the list."""
    stored = get_object_or_404(Article, pk=pk)
    person = answers.require_reviewer(request)
    form = AddClaimForm(request.POST if request.method == "POST" else None)
    if request.method == "GET":
        return render(request, "desk/claim_add.html", {"article": stored, "form": form})
    form.is_valid()
    typed = form.cleaned_data
    try:
        made = claims.add_claim(
            stored.pk, actor=person, start=typed.get("start"), end=typed.get("end"), text=typed.get("text", ""),
            speaker=typed.get("speaker", ""), statement_id=answers.number(request.POST.get("statement")),
        )  # fmt: skip
    except DeskError as error:
        answers.pin(form, error)
        form.mark_errors()
        context = {
            "article": stored,
            "form": form,
            "known": _same_words(stored, typed) if isinstance(error, AlreadyHere) else None,
        }
        return render(request, "desk/claim_add.html", context, status=problems.status_of(error))
    messages.success(request, _("Added: claim %(number)s.") % {"number": made.number})
    return answers.go(request, f"{reverse('article', args=[pk])}?claim={made.pk}#card-{made.pk}")


def _same_words(stored: Article, typed: dict[str, Any]) -> Claim | None:
    words = str(typed.get("text", "")).replace("\r\n", "\n").strip()
    return Claim.objects.filter(article=stored, text=words).first()


@require_POST
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Fetch or read a failed article once more."""
    stored = get_object_or_404(Article, pk=pk)
    articles.retry(stored, actor=answers.require_reviewer(request))
    return answers.go(request, reverse("article", args=[pk]))


@require_GET
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    """Why this is a claim: whose words, which cue, where in the text, and what spoke for checking it."""
    claim = get_object_or_404(
        Claim.objects.select_related("article", "speaker", "statement", "added_by"), pk=pk
    )
    context = {"claim": claim, "article": claim.article, "trace": tracing.trace(claim)}
    template = "partials/_reader_explain.html" if answers.is_htmx(request) else "desk/explain.html"
    return render(request, template, context)


@require_POST
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """A piece that cleaning left out stands in the text again."""
    piece = answers.number(request.POST.get("piece"))
    try:
        leftovers.bring_back(pk, -1 if piece is None else piece, actor=answers.person_of(request))
        messages.success(request, _("Brought back. It stands in the text again."))
    except DeskError as error:
        messages.error(request, str(error))
    return redirect("article", pk)


@require_POST
def supply(request: HttpRequest, pk: int) -> HttpResponse:
    """The text of an article whose page could not be read, pasted by hand; what was typed stays on an error."""
    stored = get_object_or_404(Article, pk=pk)
    form = PasteForm.of(stored, request.POST)
    if form.is_valid():
        try:
            typed = form.cleaned_data
            articles.supply_text(pk, typed["text"], actor=answers.person_of(request), title=typed["title"])
            return redirect("article", pk)
        except AlreadyHere as error:
            messages.info(request, str(error))
            return redirect("article", error.article_id)
        except InvalidInput as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return _not_ready(request, stored, form, status=422)
