"""The public side in a real browser: access, keyboard, weight, paper, frames."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from claims.models import Report
from tests.browser.visitors import Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
Visit = Callable[..., Visitor]


@pytest.fixture
def other_site() -> Iterator[Any]:
    """A site of somebody else, on a port of its own: ``other_site(html)`` gives the address of a page with that."""
    pages: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, b"")
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def page(html: str) -> str:
        path = f"/{len(pages)}.html"
        pages[path] = f'<!doctype html><html lang="en"><title>Elsewhere</title><body>{html}'.encode()
        return f"http://127.0.0.1:{server.server_address[1]}{path}"

    yield page
    server.shutdown()
    server.server_close()


@pytest.mark.slow
@pytest.mark.broker
@pytest.mark.tool("a polling browser")
def test_a_new_verdict_and_a_withdrawal_show_everywhere_within_a_minute() -> None:
    """Check 39: a browser asks again and again, with web processes and a worker running beside the one that publishes."""
    command = [sys.executable, "-m", "benchmarks.new_verdict", "--no-pdf"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    account = json.loads(done.stdout[done.stdout.index("{") :])
    assert {"page", "embed", "atom", "rss", "json_feed", "claimreview", "api"} <= account["changed_s"].keys()


def test_a_report_is_sound_in_every_light_and_width(visit: Visit, published: Report) -> None:
    """Check 2: axe at 360 and 1280 px, light and dark; the verdict is a word, so it reads without colour."""
    path = reverse("report", args=[published.slug])
    for width in (360, 1280):
        for dark in (False, True):
            visitor = visit(width=width, dark=dark)
            page = visitor.open(path)
            assert visitor.violations() == [], (width, dark)
            assert page.locator("#verdict h2").inner_text().strip() == "Mostly false"
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_report_is_read_by_keyboard_alone(visit: Visit, published: Report) -> None:
    """Check 8: the skip link is first and seen; embed code, history and the way to report an error are reached."""
    page = visit().open(reverse("report", args=[published.slug]))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box() != {"x": 0, "y": 0, "width": 1, "height": 1}
    reached = set()
    for _number in range(90):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.tagName")
        )
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none" or page.evaluate("document.activeElement === document.body")
    assert "SUMMARY" in reached
    assert reverse("report-version", args=[published.slug, 1]) in reached
    wrong = {reverse("report-error", args=[published.slug]), reverse("page", args=["corrections-policy"])}
    assert reached & wrong


def test_a_report_is_light_and_asks_nobody_else(visit: Visit, published: Report) -> None:
    """Check 9: HTML, CSS and JS under 200 kB together, no other origin, and the largest thing painted is text."""
    visitor = visit()
    weights: dict[str, int] = {}
    visitor.page.on("response", lambda answer: weights.__setitem__(answer.url, len(answer.body())))
    page = visitor.open(reverse("report", args=[published.slug]))
    page.wait_for_load_state("networkidle")
    assert all(url.startswith(visitor.address) for url in weights), weights.keys()
    code = {url: size for url, size in weights.items() if not url.endswith((".woff2", ".svg"))}
    assert len(code) >= 3
    assert sum(code.values()) < 200_000
    painted = page.evaluate(
        """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).element.tagName))
           .observe({type: 'largest-contentful-paint', buffered: true}))"""
    )
    assert painted not in {"IMG", "SVG", "VIDEO"}
    assert visitor.complaints == []


def test_on_paper_there_are_addresses_and_no_menus(visit: Visit, published: Report) -> None:
    """Check 10: the browser's own PDF names the sources' addresses in full and holds no navigation."""
    page = visit().open(reverse("report", args=[published.slug]))
    text = " ".join(part.extract_text() for part in PdfReader(io.BytesIO(page.pdf())).pages)
    assert "https://port.example/counts" in text.replace("\n", "").replace(" ", "")
    assert "Mostly false" in text
    for menu in ("Skip to the page", "Desk log-in", "How we work\nCorrections"):
        assert menu not in text


def test_the_file_opens_without_a_network(visit: Visit, published: Report, tmp_path: Path) -> None:
    """Check 34: no request of any kind, and the words are there."""
    path = tmp_path / "report.html"
    path.write_bytes(Client().get(reverse("report-file", args=[published.slug, "report.html"])).content)
    visitor = visit()
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.page.context.set_offline(True)
    visitor.page.goto(path.as_uri())
    assert asked == [path.as_uri()]
    assert "Traffic counts 2025" in visitor.page.inner_text("body")


def test_the_embed_shows_in_a_frame_and_the_report_does_not(
    visit: Visit, published: Report, other_site: Any
) -> None:
    """Check 44: seen from another origin, without a cookie, script or third party; a report refuses the frame."""
    visitor = visit()
    embed = f"{visitor.address}{reverse('embed', args=[published.slug])}"
    report = f"{visitor.address}{reverse('report', args=[published.slug])}"
    gone = f"{visitor.address}{reverse('embed', args=['nothing-here'])}"
    frames = "".join(
        f'<iframe id="{name}" src="{url}" sandbox="allow-popups" width="600" height="320" title="{name}"></iframe>'
        for name, url in (("embed", embed), ("report", report), ("gone", gone))
    )
    policies: dict[str, str] = {}
    visitor.page.on(
        "response",
        lambda answer: policies.__setitem__(answer.url, answer.headers.get("content-security-policy", "")),
    )
    page = visitor.page
    page.goto(other_site(frames))
    shown = page.frame_locator("#embed").locator(".embed-card")
    shown.wait_for()
    assert "Mostly false" in shown.inner_text()
    assert "not available" in page.frame_locator("#gone").locator("body").inner_text()
    assert page.frame_locator("#report").locator(".report").count() == 0
    assert page.context.cookies() == []
    assert "frame-ancestors *" in policies[embed]
    assert "'unsafe-inline'" not in policies[embed]
