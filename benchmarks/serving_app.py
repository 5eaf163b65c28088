"""The desk with one more address: a constant page behind the same middleware, as the control of ``report_serving``."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from factcheck.wsgi import application

__all__ = ["application"]

PAGE = b"<!doctype html><title>x</title>" + b"x" * 26_000


def constant(request: HttpRequest) -> HttpResponse:
    """Nothing is asked, nothing is made."""
    return HttpResponse(PAGE)


urlpatterns: list[URLPattern | URLResolver] = [
    # Under the name of a public address: one without a row in the table of permits is open to nobody.
    path("constant/", constant, name="robots"),
    path("", include("factcheck.urls")),
]
settings.ROOT_URLCONF = "benchmarks.serving_app"
