"""Articles: in by text, file or address; how far they are; their statements."""

from __future__ import annotations

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import inputs
from claims.api import outputs as shapes
from claims.api.filters import ArticleFilterSet
from claims.api.pagination import ByPosition
from claims.api.views.base import DeskViewSet, person_of, read
from claims.domain import articles
from claims.models import Article, Statement
from claims.models.article import LONG_FIELDS


@extend_schema(tags=["articles"])
class ArticleViewSet(DeskViewSet[Article]):
    """The articles of the desk."""

    queryset = Article.objects.all()
    serializer_class = shapes.ArticleDetail
    filterset_class = ArticleFilterSet

    @extend_schema(
        summary="List articles, newest first",
        description="Without their texts. Filter by state, topic or words of the title.",
        responses={200: shapes.ArticleOut(many=True)},
    )
    def list(self, request: Request) -> Response:
        rows = self.get_queryset().defer(*LONG_FIELDS)
        return self.page(self.filter_queryset(rows), shapes.ArticleOut)

    @extend_schema(
        summary="Read one article",
        description="With its text and how far its steps are. Ask again while `state` is fetching or extracting.",
        responses={200: shapes.ArticleDetail},
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(shapes.ArticleDetail, self.get_object())

    @extend_schema(
        summary="Add an article by text or address",
        description="The desk reads it in the background: its claims are there when `state` is ready. An article "
        "that is here already answers 409, and `article` is its number.",
        request=inputs.NewArticle,
        responses={201: shapes.ArticleDetail},
    )
    def create(self, request: Request) -> Response:
        data = read(inputs.NewArticle, request)
        person = person_of(request)
        if data.get("url") and not data.get("text"):
            article = articles.receive_url(data["url"], actor=person, topic=data.get("topic", ""))
        else:
            article = articles.receive_text(data.pop("text", ""), actor=person, **data)
        return self._made(article)

    @extend_schema(
        summary="Add an article as a file",
        description="A .txt, .html, .docx or .pdf of up to 10 MB, as multipart/form-data.",
        request={"multipart/form-data": inputs.ArticleFile},
        responses={201: shapes.ArticleDetail},
    )
    @action(detail=False, methods=["post"], parser_classes=[MultiPartParser])
    def upload(self, request: Request) -> Response:
        data = read(inputs.ArticleFile, request)
        file = data.pop("file")
        article = articles.receive_file(
            file.read(),
            file.name or "",
            actor=person_of(request),
            content_type=file.content_type or "",
            **data,
        )
        return self._made(article)

    @extend_schema(
        summary="Change what is known about an article",
        description="Title, outlet, author, date or topic. The text never changes. Needs the reviewer's role.",
        request=inputs.ArticleDetails,
        responses={200: shapes.ArticleDetail},
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        data = read(inputs.ArticleDetails, request)
        article = articles.change_details(self.get_object().pk, actor=person_of(request), fields=data)
        return self.show(shapes.ArticleDetail, article)

    @extend_schema(
        summary="Try a failed article again",
        description="Fetches or reads it once more. Answers 422 unless `state` is failed.",
        request=None,
        responses={202: shapes.ArticleDetail},
    )
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        article = articles.retry(self.get_object(), actor=person_of(request))
        return self.show(shapes.ArticleDetail, article, status.HTTP_202_ACCEPTED)

    @extend_schema(
        summary="Send the text of an article that could not be read",
        description="It keeps its address and history.",
        request=inputs.ArticleText,
        responses={202: shapes.ArticleDetail},
    )
    @action(detail=True, methods=["post"])
    def text(self, request: Request, pk: str) -> Response:
        data = read(inputs.ArticleText, request)
        article = articles.supply_text(
            self.get_object().pk, data.pop("text"), actor=person_of(request), **data
        )
        return self.show(shapes.ArticleDetail, article, status.HTTP_202_ACCEPTED)

    @extend_schema(
        summary="List every statement of the article",
        description="In the order of the text, also those that are not worth checking.",
        responses={200: shapes.StatementOut(many=True)},
    )
    @action(detail=True, pagination_class=ByPosition, filterset_class=None, lists=True)
    def statements(self, request: Request, pk: str) -> Response:
        return self.page(Statement.objects.filter(article=self.get_object()), shapes.StatementOut)

    def _made(self, article: Article) -> Response:
        address = reverse("api-article-detail", args=[article.pk])
        return self.show(shapes.ArticleDetail, article, status.HTTP_201_CREATED, location=address)
