"""Articles: the list, and the page on which a new one comes in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claims.domain import articles as verbs
from claims.domain import people, queries
from claims.enums import ClaimStatus, Role
from claims.exceptions import AlreadyHere, DeskError, InvalidInput
from claims.models import Article, Claim
from claims.models.article import LONG_FIELDS
from claims.web import answers, filters
from claims.web.forms_desk import ArticleAboutForm, ArticleForm

NEWEST = ("-created_at", "-id")


@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """The articles, newest first, each with how many of its claims still wait for a decision."""
    person = answers.person_of(request)
    words = request.GET.get("q", "").strip()[:200]
    rows = verbs.found(words)
    page = queries.page_by_key(
        rows, NEWEST, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    count, more = queries.capped_count(rows)
    context = {
        "page": page,
        "words": words,
        "count": count,
        "more": more,
        "tallies": _tallies([row.pk for row in page.rows]),
        "later": filters.address(request.GET, after=page.after) if page.after else "",
        "earlier": filters.address(request.GET, before=page.before) if page.before else "",
        "may_add": Role.REVIEWER in people.roles(person),
    }
    return render(request, "desk/articles.html", context)


def _tallies(ids: list[int]) -> dict[int, dict[str, int]]:
    """For each article: all its claims, those still new, those that stand in public."""
    rows = Claim.objects.filter(article_id__in=ids).order_by().values("article_id")
    counted = rows.annotate(
        total=Count("id"),
        new=Count("id", filter=Q(status=ClaimStatus.NEW)),
        public=Count("id", filter=Q(status__in=ClaimStatus.public())),
    )
    return {
        row["article_id"]: {"total": row["total"], "new": row["new"], "public": row["public"]}
        for row in counted
    }


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Paste, upload or name an article. Everything typed comes back with an error; a known article is opened."""
    person = answers.require_reviewer(request)
    if request.method != "POST":
        form = ArticleForm(initial={"url": request.GET.get("url", "")[:2000]})
        return render(request, "desk/article_new.html", {"form": form, "way": _way(request.GET.get("way"))})
    form = ArticleForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            article = _receive(form, person)
        except AlreadyHere as known:
            messages.info(request, str(known))
            return redirect("article", known.article_id)
        except DeskError as error:
            answers.pin(form, error)
        else:
            messages.success(request, _("Here it is. Its claims appear as they are found."))
            return redirect("article", article.pk)
    form.mark_errors()
    context = {"form": form, "way": _way(request.POST.get("way"))}
    return render(request, "desk/article_new.html", context, status=422)


@require_http_methods(["GET", "POST"])
def about(request: HttpRequest, pk: int) -> HttpResponse:
    """Title, outlet, author, day and topic of an article that is here already; its words stay as they came."""
    person = answers.require_reviewer(request)
    article = get_object_or_404(Article.objects.defer(*LONG_FIELDS), pk=pk)
    back = answers.next_address(request, article.get_absolute_url())
    known = {name: getattr(article, name) for name in ArticleAboutForm.base_fields}
    form = ArticleAboutForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        verbs.change_details(pk, actor=person, fields=form.details())
        messages.success(request, _("Saved."))
        return answers.go(request, back)
    form.mark_errors()
    in_review = Claim.objects.filter(article=article, status=ClaimStatus.IN_REVIEW).count()
    context = {"article": article, "form": form, "back": back, "in_review": in_review}
    return render(request, "desk/article_about.html", context, status=422 if form.is_bound else 200)


def _way(asked: str | None) -> str:
    """The way in whose field is open."""
    return asked if asked in {"text", "file", "url"} else "text"


def _receive(form: ArticleForm, person: User) -> Article:
    details: dict[str, Any] = form.details()
    way = _way(form.cleaned_data["way"])
    if way == "file":
        upload = form.cleaned_data["file"]
        if upload is None:
            raise InvalidInput(_("Choose a file."), "file")
        return verbs.receive_file(
            upload.read(), upload.name, actor=person, content_type=upload.content_type or "", **details
        )
    if way == "url":
        article = verbs.receive_url(form.cleaned_data["url"], actor=person, topic=details["topic"])
        typed = {name: value for name, value in details.items() if value}
        return verbs.change_details(article.pk, actor=person, fields=typed) if typed else article
    return verbs.receive_text(form.cleaned_data["text"], actor=person, **details)
