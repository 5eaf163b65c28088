"""Articles in the administration: taken in through the same verbs, their details editable, their text not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.base import NoDeleteAdmin
from claims.domain import articles
from claims.exceptions import AlreadyHere, DeskError
from claims.models import Article, Statement
from claims.models.article import long_fields


class NewArticleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """Paste, upload or name the address of an article; taking it in is part of checking the form."""

    pasted = forms.CharField(label=gettext_lazy("Text"), widget=forms.Textarea, required=False)
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("Text, HTML, Word or PDF, up to 10 MB."),
    )
    url = forms.CharField(
        label=gettext_lazy("Address"),
        required=False,
        help_text=gettext_lazy("Alone, the page is fetched after saving."),
    )
    request: HttpRequest

    class Meta:
        model = Article
        fields = ("title", "outlet", "author", "published_on", "topic")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        try:
            self.instance = self._receive(data)
        except AlreadyHere as error:
            self.instance = Article.objects.get(pk=error.article_id)
            self.already_here = str(error)
        except DeskError as error:
            field = {"text": "pasted"}.get(getattr(error, "field", ""), getattr(error, "field", ""))
            self.add_error(field if field in self.fields else None, str(error))
        return data

    def _receive(self, data: dict[str, Any]) -> Article:
        actor: Any = self.request.user
        details = {name: data.get(name) or "" for name in ("title", "outlet", "author", "topic")}
        upload = data.get("file")
        if isinstance(upload, UploadedFile):
            return articles.receive_file(
                upload.read(), upload.name or "", actor=actor, content_type=upload.content_type or "",
                published_on=data.get("published_on"), **details,
            )  # fmt: skip
        if data.get("url") and not data.get("pasted"):
            return articles.receive_url(data["url"], actor=actor, topic=details["topic"])
        return articles.receive_text(
            data.get("pasted", ""), actor=actor, url=data.get("url", ""), published_on=data.get("published_on"),
            **details,
        )  # fmt: skip

    def save(self, commit: bool = True) -> Article:
        """The verb has stored it already."""
        article: Article = self.instance
        return article

    def save_m2m(self) -> None:
        """Nothing hangs on an article this way."""


@admin.register(Article)
class ArticleAdmin(NoDeleteAdmin):
    list_display = ("__str__", "outlet", "published_on", "state", "added_by", "created_at")
    list_filter = ("state", "intake", "language")
    search_fields = ("title", "outlet", "url")
    list_select_related = ("added_by",)
    date_hierarchy = None
    fields = ("title", "outlet", "author", "published_on", "topic", "url", "state", "problem", "language", "intake",
              "added_by", "created_at", "text")  # fmt: skip
    readonly_fields = ("url", "state", "problem", "language", "intake", "added_by", "created_at", "text")

    def get_fields(self, request: HttpRequest, obj: Article | None = None) -> Any:
        if obj is None:
            return ("pasted", "file", "url", "title", "outlet", "author", "published_on", "topic")
        return super().get_fields(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> Any:
        return () if obj is None else super().get_readonly_fields(request, obj)

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        return type("NewArticleFormHere", (NewArticleForm,), {"request": request})

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        if change:
            fields = {name: form.cleaned_data[name] for name in form.changed_data}
            former = Article.objects.get(pk=obj.pk)
            articles.change_details(former.pk, actor=request.user, fields=fields)  # type: ignore[arg-type]  # staff

    def response_add(
        self, request: HttpRequest, obj: Article, post_url_continue: str | None = None
    ) -> HttpResponse:
        messages.info(request, _("The article is stored. Its claims appear in a moment."))
        return HttpResponseRedirect(reverse("admin:claims_article_change", args=[obj.pk]))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The audit trail tells it; Django's own log would tell it a second time."""


@admin.register(Statement)
class StatementAdmin(NoDeleteAdmin):
    list_display = ("__str__", "article", "kind", "speaker", "worthiness")
    list_filter = ("kind",)
    search_fields = ("text", "speaker")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Statement]:
        """Without the texts of the articles, which the list does not show and would sort along."""
        rows: QuerySet[Statement] = super().get_queryset(request)
        return rows.select_related("article").defer(*long_fields("article"))
