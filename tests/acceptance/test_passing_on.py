"""Reports elsewhere and later: exports, provenance, corrections on every surface, embed, cards."""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from lxml import etree
from lxml import html as lxml_html
from PIL import Image

from claims.domain import report_files
from claims.models import Report
from tests.publishing import samples

pytestmark = pytest.mark.django_db
Publish = Callable[..., Report]
Correct = Callable[..., None]
PEOPLE = {"Pia", "Noor", "Tomas", "Pia Demo", "Noor Demo", "Tomas Demo", "Demo"}


def text(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(name, args=args))
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return data.decode()


@pytest.mark.tool("jing")
def test_feeds_pass_the_grammar_of_atom_in_jing(client: Client, publish: Publish, tmp_path: Path) -> None:
    """Check 27, with jing: libxml2 checks the same grammar in the tests of rendering."""
    publish()
    path = tmp_path / "feed.atom"
    path.write_text(text(client, "feed-atom"))
    grammar = Path(__file__).resolve().parents[1] / "publishing" / "fixtures" / "atom.rng"
    assert subprocess.run(["jing", str(grammar), str(path)], check=False).returncode == 0


def test_feeds_as_served_are_valid(client: Client, publish: Publish, retract: Callable[..., None]) -> None:
    """Check 27: Atom by its grammar, RSS and JSON Feed by what they demand, also with a tombstone in them."""
    publish()
    retract(publish("carries 4,000 more passengers"), "Wrong ferry.")
    grammar = etree.RelaxNG(
        etree.parse(Path(__file__).resolve().parents[1] / "publishing" / "fixtures" / "atom.rng")
    )
    for name in ("feed-atom", "feed-corrections"):
        grammar.assertValid(etree.fromstring(text(client, name).encode()))
    channel = etree.fromstring(text(client, "feed-rss").encode())[0]
    assert {"title", "link", "description"} <= {child.tag for child in channel}
    feed = json.loads(text(client, "feed-json"))
    assert {"version", "title", "items"} <= feed.keys()
    assert all({"id", "content_html", "url"} <= item.keys() for item in feed["items"])


@pytest.mark.tool("libreoffice")
def test_a_workbook_opens_in_libreoffice(client: Client, publish: Publish, tmp_path: Path) -> None:
    """Check 32, with LibreOffice: converted without repair."""
    publish()
    path = tmp_path / "reports.xlsx"
    path.write_bytes(b"".join(client.get(reverse("reports-export", args=["xlsx"])).streaming_content))
    command = ["soffice", "--headless", "--convert-to", "csv", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, timeout=120)
    assert "Traffic fell" in (tmp_path / "reports.csv").read_text(encoding="utf-8", errors="replace")


@pytest.mark.tool("weasyprint")
@pytest.mark.tool("qpdf")
def test_the_pdf_passes_qpdf(publish: Publish, tmp_path: Path, settings: Any) -> None:
    """Check 33, with qpdf."""
    settings.VAR_DIR = tmp_path
    path = tmp_path / "report.pdf"
    path.write_bytes(report_files.make("report.pdf", publish())[1])
    assert subprocess.run(["qpdf", "--check", str(path)], check=False).returncode == 0


@pytest.mark.tool("prov")
def test_provenance_is_read_by_the_library(publish: Publish) -> None:
    """Check 36, with the library prov: what PROV-JSON is read as."""
    import prov.model  # type: ignore[import-not-found]

    data = report_files.make("prov.json", publish())[1].decode()
    assert list(prov.model.ProvDocument.deserialize(content=data, format="json").get_records())


def test_provenance_has_one_publication_a_version_and_no_addresses(
    client: Client, publish: Publish, correct: Correct
) -> None:
    """Check 36."""
    report = publish()
    correct(report, "clarification", "Clearer.")
    found = json.loads(text(client, "report-file", report.slug, "prov.json"))
    publications = [name for name in found["activity"] if name.startswith("report:publish-")]
    assert sorted(publications) == ["report:publish-1", "report:publish-2"]
    assert "@" not in json.dumps(found).replace('"@', "")


def test_a_new_verdict_shows_on_every_surface_at_once(
    client: Client, publish: Publish, correct: Correct, settings: Any, tmp_path: Path
) -> None:
    """Check 39: page, old page, embed, oEmbed, feeds, markup, API, card and files say the new word."""
    settings.VAR_DIR = tmp_path
    report = publish()
    before = lxml_html.fromstring(text(client, "report", report.slug))
    card = before.xpath('//meta[@property="og:image"]/@content')
    correct(report, "verdict_change", "Two months were missing.", level="false", summary="It did not fall.")
    page = text(client, "report", report.slug)
    tree = lxml_html.fromstring(page)
    notice = " ".join(tree.get_element_by_id("notice").text_content().split())
    assert "Mostly false" in notice
    assert "it is now “False”" in notice
    assert tree.xpath('//meta[@property="og:image"]/@content') != card
    old = text(client, "report-version", report.slug, 1)
    assert 'content="noindex"' in old
    assert f'rel="canonical" href="{settings.SITE_URL}{reverse("report", args=[report.slug])}"' in old
    own = f"{settings.SITE_URL}{reverse('report', args=[report.slug])}"
    surfaces = [
        text(client, "embed", report.slug), text(client, "feed-atom"), text(client, "feed-rss"), text(client, "feed-json"),
        text(client, "report-jsonld", report.slug), text(client, "home"), text(client, "api-report-list"),
        text(client, "report-file", report.slug, "report.html"), text(client, "report-file", report.slug, "report.json"),
        text(client, "reports-export", "csv"), text(client, "article-public", report.claim.article.slug),
        text(client, "article-annotations", report.claim.article.slug),
    ]  # fmt: skip
    for number, surface in enumerate(surfaces):
        assert re.search(r"It did not fall|>False<|\"[Ff]alse\"", surface), number
    assert client.get(reverse("oembed"), {"url": own}).status_code == 200


def test_a_withdrawn_report_is_withdrawn_everywhere(
    client: Client, publish: Publish, retract: Callable[..., None]
) -> None:
    """Check 40: the page stays with its reason, the embed says so, feeds and markup let it go."""
    report = publish()
    retract(report, "It was another bridge.")
    page = text(client, "report", report.slug)
    assert "It was another bridge." in page
    assert "Withdrawn on" in page
    assert "withdrawn" in text(client, "embed", report.slug)
    assert "deleted-entry" in text(client, "feed-atom")
    assert json.loads(text(client, "feed-json"))["items"] == []
    assert client.get(reverse("report-jsonld", args=[report.slug])).status_code == 410
    assert "It was another bridge." in text(client, "feed-corrections")


def test_oembed_in_both_forms_and_found_from_the_page(
    client: Client, publish: Publish, settings: Any
) -> None:
    """Check 45: discovery links, JSON and XML of the same, 404 for what is not ours or not public, 501 for a form."""
    report = publish()
    own = f"{settings.SITE_URL}{reverse('report', args=[report.slug])}"
    tree = lxml_html.fromstring(text(client, "report", report.slug))
    links = {
        str(node.get("type")): str(node.get("href"))
        for node in tree.xpath('//link[contains(@type, "oembed")]')
    }
    assert set(links) == {"application/json+oembed", "text/xml+oembed"}
    answers = {kind: client.get(href.removeprefix(settings.SITE_URL)) for kind, href in links.items()}
    found = answers["application/json+oembed"].json()
    parsed = etree.fromstring(answers["text/xml+oembed"].content)
    assert {node.tag: node.text for node in parsed} == {name: str(value) for name, value in found.items()}
    assert (found["type"], found["version"]) == ("rich", "1.0")
    assert 'sandbox="allow-popups"' in found["html"]
    small = client.get(reverse("oembed"), {"url": own, "maxwidth": "300", "maxheight": "200"}).json()
    assert (small["width"], small["height"]) == (300, 200)
    assert 'width="300"' in small["html"]
    assert client.get(reverse("oembed"), {"url": own, "format": "foo"}).status_code == 501
    for other in (
        "https://evil.example/reports/x/",
        f"{settings.SITE_URL}/reports/nothing/",
        f"{own}history/",
        "",
    ):
        assert client.get(reverse("oembed"), {"url": other}).status_code == 404


def test_tags_for_sharing_are_whole_and_the_card_fits(client: Client, publish: Publish, editor: User) -> None:
    """Check 46: every tag, a picture of 1200 by 630 under 300 kB, also for a claim of 280 characters."""
    report = publish()
    tree = lxml_html.fromstring(text(client, "report", report.slug))
    tags = {
        str(node.get("property") or node.get("name")): str(node.get("content"))
        for node in tree.xpath("//meta[@content]")
    }
    for name in ("og:type", "og:title", "og:description", "og:url", "og:image", "og:image:alt", "og:site_name", "og:locale",
                 "article:published_time", "article:modified_time", "article:author", "twitter:card"):  # fmt: skip
        assert tags.get(name), name
    assert tags["og:description"].startswith("Mostly false")
    assert "Mostly false" in tags["og:image:alt"]
    answer = client.get(reverse("report-card", args=[report.slug]))
    picture = Image.open(io.BytesIO(answer.content))
    assert (picture.size, picture.format) == ((1200, 630), "PNG")
    assert len(answer.content) < 300_000
    assert samples.CLAIM  # the claim of 280 characters is drawn in the tests of rendering
