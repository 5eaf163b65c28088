"""Single sign-on in a real browser: over to the provider and back, under the pages' own content policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from claims.models import ProviderIdentity
from tests.browser.visitors import Visitor
from tests.standins.provider import OpenIdProvider

pytestmark = pytest.mark.browser


def test_a_press_logs_in_and_the_account_page_links(
    provider: OpenIdProvider,
    reviewer: User,
    second_reader: User,
    visit: Callable[..., Visitor],
    live_server: Any,
    settings: Any,
) -> None:
    settings.SITE_URL = live_server.url
    provider.claims["email"] = reviewer.email
    stranger = visit(width=360, script=False)
    page = stranger.open(f"{reverse('login')}?next={reverse('board')}")
    page.get_by_role("link", name="Log in with News ID").click()
    page.wait_for_url(f"**{reverse('board')}")
    assert ProviderIdentity.objects.get().person == reviewer

    provider.claims |= {"sub": "another", "email": "private@elsewhere.example"}
    colleague = visit(second_reader)
    page = colleague.open(reverse("account"))
    page.get_by_role("link", name="Log in with News ID").click()
    page.get_by_label("Present password").fill("correct horse battery staple")
    page.get_by_role("button", name="Link my account").click()
    assert colleague.violations() == []
    page.get_by_role("link", name="Go on to News ID").click()
    page.get_by_text("private@elsewhere.example").wait_for()
    assert ProviderIdentity.objects.get(person=second_reader).subject == "another"
    assert colleague.violations() == []
    assert colleague.complaints + stranger.complaints == []
