"""Articles: in by text, file or address; how far they are; their statements."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import serializers as forms
from claims.api.views.base import IDEMPOTENCY, PROBLEMS, once, person_of, read
from claims.domain import articles
from claims.models import Article, Statement


@extend_schema_view(
    list=extend_schema(summary="All articles, newest first"),
    retrieve=extend_schema(summary="One article with its text and progress"),
)
@extend_schema(tags=["articles"])
class ArticleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Article]):
    """The articles of the desk."""

    queryset = Article.objects.all()
    filterset_fields = ("state", "topic")

    def get_serializer_class(self) -> Any:
        return forms.ArticleDetail if self.action == "retrieve" else forms.ArticleOut

    @extend_schema(
        summary="Add an article by text or address",
        request=forms.NewArticle,
        responses={201: forms.ArticleDetail, **PROBLEMS},
        parameters=[IDEMPOTENCY],
    )
    def create(self, request: Request) -> Response:
        data = read(forms.NewArticle, request)

        def work() -> Response:
            article = _receive(data, request)
            return Response(forms.ArticleDetail(article).data, status=status.HTTP_201_CREATED)

        return once(request, work)

    @extend_schema(summary="Every statement of the article", responses={200: forms.StatementOut(many=True)})
    @action(detail=True, pagination_class=None, filterset_fields=None)
    def statements(self, request: Request, pk: str) -> Response:
        rows = Statement.objects.filter(article=self.get_object())
        return Response(forms.StatementOut(rows, many=True).data)


def _receive(data: dict[str, Any], request: Request) -> Article:
    person = person_of(request)
    if data.get("url") and not data.get("text"):
        return articles.receive_url(data["url"], actor=person, topic=data.get("topic", ""))
    text = data.pop("text", "")
    return articles.receive_text(text, actor=person, **data)
