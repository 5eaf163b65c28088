"""Addresses of the API, version 1."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.routers import SimpleRouter

from claims.api.views.articles import ArticleViewSet
from claims.api.views.claims import ClaimViewSet
from claims.api.views.desk import ExportViewSet, ImportViewSet, InsightViewSet, WebhookViewSet
from claims.api.views.nowhere import Nowhere
from claims.api.views.others import (
    AssignmentViewSet,
    EvidenceViewSet,
    PersonViewSet,
    RatingViewSet,
    SpeakerViewSet,
    StepViewSet,
    TokenViewSet,
)
from claims.api.views.readers import ReaderMessageViewSet
from claims.api.views.reports import ReportViewSet
from claims.api.views.sheets import ClaimSheetViewSet

router = SimpleRouter()
for prefix, view, name in (
    ("articles", ArticleViewSet, "api-article"),
    ("claims", ClaimViewSet, "api-claim"),
    ("speakers", SpeakerViewSet, "api-speaker"),
    ("evidence", EvidenceViewSet, "api-evidence"),
    ("steps", StepViewSet, "api-step"),
    ("assignments", AssignmentViewSet, "api-assignment"),
    ("ratings", RatingViewSet, "api-rating"),
    ("people", PersonViewSet, "api-person"),
    ("tokens", TokenViewSet, "api-token"),
    ("reader-messages", ReaderMessageViewSet, "api-reader-message"),
    ("imports", ImportViewSet, "api-import"),
    ("claim-sheets", ClaimSheetViewSet, "api-claim-sheet"),
    ("exports", ExportViewSet, "api-export"),
    ("insight", InsightViewSet, "api-insight"),
    ("webhooks", WebhookViewSet, "api-webhook"),
    ("reports", ReportViewSet, "api-report"),
):
    router.register(prefix, view, basename=name)

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(permission_classes=[AllowAny]), name="api-schema"),
    path(
        "schema/browse/",
        SpectacularSwaggerSplitView.as_view(
            url_name="api-schema", permission_classes=[AllowAny], http_method_names=["get", "head"]
        ),
        name="api-browse",
    ),
    path("v1/", include(router.urls)),
    # Whatever is left: a wrong address of the API answers as the API does.
    re_path(r"^(?P<path>(?s:.*))$", Nowhere.as_view(), name="api-nowhere"),
]
