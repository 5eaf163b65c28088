"""The report page against the acceptance checks of the project's notes on publishing; each names its number."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from lxml import html as lxml_html

from claims.models import Evidence, Report

pytestmark = pytest.mark.django_db
# The order of section 3.1; what a report has not, its page leaves out.
PARTS = ("headline", "claim", "verdict", "short", "why", "evidence", "reply", "open", "how", "conclusion", "sources",
         "who", "history", "share")  # fmt: skip


def page_of(client: Client, report: Report) -> str:
    return client.get(reverse("report", args=[report.slug])).content.decode()


def words(markup: str) -> str:
    """What a reader without script sees."""
    tree = lxml_html.fromstring(markup)
    for node in tree.xpath("//script|//style|//head"):
        node.drop_tree()
    return " ".join(tree.text_content().split())


def test_everything_is_readable_without_script(client: Client, published: Report) -> None:
    """Check 3: claim, verdict, reason, evidence, sources and history are text of the page."""
    text = words(page_of(client, published))
    document = published.current_version
    assert document is not None
    for part in (published.claim.text, "Mostly false", "Counts show 27 per cent.", "The port authority counted fewer",
                 "Traffic counts 2025", "Council minutes", "First publication"):  # fmt: skip
        assert part in text, part


def test_sources_show_what_the_database_knows(
    client: Client, publish: Callable[..., Report], reviewer: User
) -> None:
    """Check 5: kind, stance, day and one archive state each; no archive link that was not confirmed."""
    report = publish()
    tree = lxml_html.fromstring(page_of(client, report))
    known = {item.number: item for item in Evidence.objects.standing().filter(claim=report.claim)}
    confirmed = {item.archive_url for item in known.values() if item.archive_state == "independent"}
    for number, item in known.items():
        (node,) = tree.xpath(f'//*[@id="source-{number}"]')
        text = " ".join(node.text_content().split())
        assert str(item.get_kind_display()) in text
        assert str(item.get_stance_display()).lower() in text
        assert "seen on" in text
        (copy,) = node.xpath(".//*[@data-archive]")
        assert copy.get("data-archive") == item.archive_state
        assert {str(href) for href in copy.xpath(".//a/@href")} <= confirmed


def test_a_page_is_light(client: Client, published: Report) -> None:
    """Check 9: the HTML of a report, without what it loads (that is weighed in a browser)."""
    page = page_of(client, published)
    assert len(page.encode()) < 60_000
    outside = re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="(https?://[^"]+)"', page)
    own = os.environ.get("SITE_URL", "http://127.0.0.1:8000")
    assert [url for url in outside if not url.startswith(own)] == []
