"""Every address of the site, asked by a stranger who never logged in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from claims.models import Claim, Report

# What a stranger may open, and what it answers. ``{slug}`` is a published report or its article.
PUBLIC = {
    "home": 200, "reports": 200, "report": 200, "report-version": 200, "report-history": 200, "report-jsonld": 200,
    "report-card": 200, "embed": 200, "oembed": 404, "articles-public": 200, "article-public": 200, "page": 200,
    "corrections": 200, "feed-atom": 200, "feed-rss": 200, "feed-json": 200, "feed-corrections": 200, "sitemap": 200,
    "news-sitemap": 200, "robots": 200, "healthz": 200, "readyz": 200, "login": 200, "password_reset": 200,
    "password_reset_done": 200, "password_reset_complete": 200, "password_reset_confirm": 200, "invitation": 200, "login-provider": 404, "login-provider-back": 404,
    "api-schema": 200, "api-browse": 200, "api-report-list": 200, "api-report-detail": 200,
    "report-file": 200, "reports-export": 200, "article-annotations": 200, "sitemap-pages": 200, "sitemap-reports": 200,
    "api-report-versions": 200, "api-report-version": 200, "api-nowhere": 404,
    "topics": 200, "speakers": 200, "speaker": 200, "outlets": 200, "outlet": 404,
    "report-error": 200, "message-receipt": 404, "api-report-errors": 405,
    "theme": 405, "logout": 405, "login-second": 302, "security-txt": 200,
    "login-passkey": 405, "login-passkey-begin": 405,
}  # fmt: skip


def routes(patterns: Any = None, before: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    """``(name, route, pattern)`` of every address but those of the administration, which Django's own tests cover."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if not route.startswith("admin/"):
                yield from routes(pattern.url_patterns, route)
        else:
            yield str(pattern.name), route, pattern


ROUTES = list(routes())


@pytest.fixture
def published(claim_in: Callable[..., Claim]) -> Report:
    return Report.objects.get(claim=claim_in("published"))


def address_of(
    name: str, pattern: URLPattern, report: Report, pk: int | None = None, action: str = "publish"
) -> str:
    """The path of an address, filled with this report, its claim (or ``pk``) and whatever else it takes."""
    values = {
        "pk": pk or report.claim.pk, "number": 1, "kind": "methodology", "gate": "both_sides", "action": action,
        "uidb64": "MQ", "token": "set-password", "slug": report.slug, "place": "x", "path": "x",
        "file": "report.json", "form": "csv", "key": "others", "delivery": 1,
        "of": "correction", "field": "assignee",
    }  # fmt: skip
    if name == "speaker":
        values["slug"] = str(report.speaker_slug)
    if name in {"article-public", "article-annotations"}:
        values["slug"] = report.claim.article.slug
    return reverse(name, kwargs={key: values[key] for key in pattern.pattern.regex.groupindex})


def test_the_list_of_public_addresses_names_only_what_is_there() -> None:
    assert set(PUBLIC) <= {name for name, _route, _pattern in ROUTES}
    assert len(ROUTES) > 80


def test_a_stranger_reads_what_is_public_and_nothing_else(client: Client, published: Report) -> None:
    wrong = {}
    for name, route, pattern in ROUTES:
        for pk in (None, 987_654):  # a stranger cannot tell from the answer whether something is there
            address = address_of(name, pattern, published, pk=pk)
            answer = client.get(address)
            told = (answer.status_code, answer.headers.get("Location", ""))
            if name in PUBLIC:
                right = answer.status_code == PUBLIC[name]
            elif route.startswith("api/"):
                right = answer.status_code in {401, 403, 405}
            else:
                right = told == (302, f"{reverse('login')}?next={address}")
            if not right:
                wrong[address] = told
    assert wrong == {}


def test_a_stranger_changes_nothing(client: Client, published: Report) -> None:
    wrong = {}
    for name, route, pattern in ROUTES:
        if name in PUBLIC:
            continue
        address = address_of(name, pattern, published)
        answer = client.post(address, {"action": "retract", "version": published.claim.version})
        refused = {401, 403, 405} if route.startswith("api/") else {302}
        if answer.status_code not in refused:
            wrong[address] = answer.status_code
        elif answer.status_code == 302:
            assert answer.headers["Location"].startswith(reverse("login")), address
    assert wrong == {}
    assert Claim.objects.get(pk=published.claim.pk).status == "published"


@pytest.mark.parametrize(
    "name", [name for name, _route, pattern in ROUTES if "slug" in (pattern.pattern.regex.groupindex)]
)
def test_what_is_not_published_is_not_there(
    name: str, client: Client, claim_in: Callable[..., Claim]
) -> None:
    draft = claim_in("approved")
    pattern = next(pattern for found, _route, pattern in ROUTES if found == name)
    slugs = {"nowhere", draft.article.slug}
    for slug in slugs:
        values = {
            key: {"slug": slug, "number": 1, "file": "report.json"}[key]
            for key in pattern.pattern.regex.groupindex
        }
        told = client.get(reverse(name, kwargs=values)).status_code
        assert told == (405 if PUBLIC.get(name) == 405 else 404), slug
