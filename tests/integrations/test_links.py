"""Looking at a source again."""

from __future__ import annotations

from typing import Any

import pytest

from claims.enums import StepOutcome
from claims.integrations import links
from claims.integrations.links import LinkState
from tests.standins.shapes import ARTICLE
from tests.standins.web import PublicWeb

URL = "http://gazette.test/bridge"


@pytest.fixture(autouse=True)
def _outside(settings: Any) -> None:
    settings.FACTCHECK_OUTSIDE = True


def _state(url: str = URL, known: str = "") -> LinkState:
    found = links.check(url, known).first
    assert found is not None
    return found.state


def test_the_same_text_is_alive_and_another_text_is_a_change(public_web: PublicWeb) -> None:
    first = links.check(URL).first
    assert first is not None
    assert first.state is LinkState.ALIVE
    assert _state(known=first.text_sha256) is LinkState.ALIVE
    public_web.site.page("/bridge", ARTICLE.replace("80 percent", "70 percent"))
    assert _state(known=first.text_sha256) is LinkState.CHANGED


@pytest.mark.parametrize(
    ("status", "state"), [(404, LinkState.GONE), (410, LinkState.GONE), (403, LinkState.REFUSED)]
)
def test_gone_is_not_the_same_as_refused(public_web: PublicWeb, status: int, state: LinkState) -> None:
    public_web.site.fault("/bridge", "status", status=status)
    assert _state() is state


def test_a_fault_of_the_server_says_nothing_about_the_source(public_web: PublicWeb) -> None:
    public_web.site.fault("/bridge", "fault")
    answer = links.check(URL, "x")
    assert (answer.outcome, answer.items, answer.retryable) == (StepOutcome.UNAVAILABLE, (), True)


def test_a_moved_page_is_alive_and_says_where(public_web: PublicWeb) -> None:
    public_web.site.fault("/old", "redirect", to="/bridge")
    found = links.check("http://gazette.test/old").first
    assert found is not None
    assert (found.state, found.moved, found.url) == (LinkState.ALIVE, True, URL)


def test_switched_off_nobody_looks(public_web: PublicWeb, settings: Any) -> None:
    settings.FACTCHECK_OUTSIDE = False
    assert links.check(URL).outcome is StepOutcome.NOT_CONFIGURED
    assert public_web.dialled == []
