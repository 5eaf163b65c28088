"""Addresses of the API, version 1."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.routers import SimpleRouter

from claims.api.views.articles import ArticleViewSet
from claims.api.views.claims import ClaimViewSet
from claims.api.views.others import EvidenceViewSet, PersonViewSet, ReportViewSet, StepViewSet
from claims.api.views.readers import ReaderMessageViewSet

router = SimpleRouter()
router.register("articles", ArticleViewSet, basename="api-article")
router.register("claims", ClaimViewSet, basename="api-claim")
router.register("evidence", EvidenceViewSet, basename="api-evidence")
router.register("steps", StepViewSet, basename="api-step")
router.register("people", PersonViewSet, basename="api-person")
router.register("reader-messages", ReaderMessageViewSet, basename="api-reader-message")
router.register("reports", ReportViewSet, basename="api-report")

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(permission_classes=[AllowAny]), name="api-schema"),
    path(
        "schema/browse/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", permission_classes=[AllowAny]),
        name="api-browse",
    ),
    path("v1/", include(router.urls)),
]
