"""Pytest fixtures for everything outside; registered by ``pytest_plugins`` in the top conftest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from claims.integrations import http, openid
from tests.standins.provider import CLIENT, SECRET, OpenIdProvider
from tests.standins.server import StandIn
from tests.standins.web import PublicWeb

SERVICES = (
    "factcheck_tools",
    "wayback",
    "wikipedia",
    "wikidata",
    "searxng",
    "llm",
    "webhook",
    "google_pages",
)


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """The stand-in server alone, without any settings."""
    with StandIn() as server:
        yield server


@pytest.fixture
def services(stand_in: StandIn, settings: Any) -> StandIn:
    """Every service configured the way an operator would, all of them at the stand-in's origin."""
    settings.FACTCHECK_OUTSIDE = True
    settings.FACTCHECK_TRUSTED_ORIGINS = dict.fromkeys(SERVICES, stand_in.origin)
    settings.GOOGLE_FACTCHECK_KEY = "key-for-tests"
    settings.GOOGLE_FACTCHECK_URL = f"{stand_in.origin}/google/v1alpha1"
    settings.WAYBACK_URL = f"{stand_in.origin}/wayback/available"
    settings.WAYBACK_SAVE_URL = f"{stand_in.origin}/save"
    settings.WAYBACK_KEYS = "access:secret"
    settings.WIKIPEDIA_URL = f"{stand_in.origin}/wikipedia/{{language}}/w/api.php"
    settings.WIKIDATA_URL = f"{stand_in.origin}/wikidata/w/api.php"
    settings.SEARXNG_URL = f"{stand_in.origin}/searxng"
    settings.LLM_URL = f"{stand_in.origin}/llm/v1"
    settings.LLM_KEY = "llm-key-for-tests"
    settings.LLM_MODEL = "test-model"
    return stand_in


@pytest.fixture
def provider(stand_in: StandIn, settings: Any) -> OpenIdProvider:
    """A provider of single sign-on, set up as an operator would, at an origin inside the house."""
    made = OpenIdProvider(stand_in)
    settings.FACTCHECK_TRUSTED_ORIGINS = {"oidc": stand_in.origin}
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = made.issuer, CLIENT, SECRET
    settings.OIDC_NAME, settings.SITE_URL = "News ID", "http://testserver"
    openid.forget()
    return made


@pytest.fixture
def public_web() -> Iterator[PublicWeb]:
    """A web of public pages on the loopback; ``http.fetch`` goes there, its guard unchanged."""
    with PublicWeb() as web, http.using(web.client):
        yield web
