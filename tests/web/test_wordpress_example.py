"""The WordPress example runs in PHP, against the functions of WordPress that it uses and a desk that answers.

``tests/standins/wordpress.php`` stands for WordPress; what the desk answers is what this desk answers.
"""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.integrations import webhook
from claims.models import Claim, Report
from tests.factories import move

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "docs/examples/wordpress/plumbline-reports.php"
HARNESS = ROOT / "tests/standins/wordpress.php"
SECRET = "whsec_test"
pytestmark = [pytest.mark.django_db, pytest.mark.tool("php")]


@pytest.fixture
def published(claim_in: Callable[..., Claim]) -> Report:
    return Report.objects.get(claim=claim_in("published"))


@pytest.fixture
def answers() -> dict[str, tuple[int, bytes]]:
    return {}


@pytest.fixture
def desk(answers: dict[str, tuple[int, bytes]]) -> Iterator[str]:
    """A server with these answers, each made by the desk beforehand."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.get(self.path, (404, b""))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def wordpress(desk: str, **asked: Any) -> dict[str, Any]:
    """Run the plugin once."""
    given = json.dumps({"plugin": str(PLUGIN), "desk": desk, **asked})
    done = subprocess.run(
        ["php", "-d", "display_errors=stderr", "-d", "error_reporting=-1", str(HARNESS)],
        input=given, capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def markup(client: Client, report: Report, answers: dict[str, tuple[int, bytes]]) -> str:
    """Let the desk's answer for the report's ClaimReview be served; its path."""
    path = reverse("report-jsonld", args=[report.slug])
    answer = client.get(path)
    answers[path] = (answer.status_code, answer.content)
    return path


def test_it_is_php() -> None:
    done = subprocess.run(["php", "-l", str(PLUGIN)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_embed_is_what_the_desk_offers(desk: str, client: Client, published: Report) -> None:
    found = wordpress(desk, shortcode={"slug": published.slug})
    assert found["providers"] == {f"{desk}/reports/*": f"{desk}/oembed"}
    assert f'src="{desk}{reverse("embed", args=[published.slug])}"' in found["shortcode"]
    assert f'href="{desk}{published.get_absolute_url()}"' in found["shortcode"]
    assert 'sandbox="allow-popups"' in found["shortcode"]
    assert client.get(reverse("embed", args=[published.slug])).status_code == 200
    assert wordpress(desk, shortcode={"slug": '"><script>'})["shortcode"].count("<script") == 0
    assert wordpress(desk, shortcode={})["shortcode"] == ""


def test_claimreview_is_printed_where_the_post_is_the_check(
    desk: str, client: Client, published: Report, answers: dict[str, tuple[int, bytes]]
) -> None:
    path = markup(client, published, answers)
    content = f"Read this:\n{desk}{published.get_absolute_url()}\n"
    found = wordpress(desk, markup=True, content=content)
    head = found["head"]
    assert head.startswith('<script type="application/ld+json">')
    review = json.loads(head.removeprefix('<script type="application/ld+json">').removesuffix("</script>\n"))
    expected = json.loads(answers[path][1])
    assert review == {**expected, "url": "https://paper.example/2026/a-check/"}
    kept = wordpress(desk, markup=True, content=content, transients=found["transients"])
    assert (kept["head"], kept["requests"]) == (head, 0)
    short = wordpress(desk, markup=True, content=f'[plumbline slug="{published.slug}"]')
    assert short["head"] == head


@pytest.mark.parametrize(
    "asked",
    [{}, {"markup": False}, {"markup": True, "singular": "page"}, {"markup": True, "content": "No report."}],
)
def test_claimreview_stays_off_elsewhere(
    desk: str, client: Client, published: Report, answers: dict[str, tuple[int, bytes]], asked: dict[str, Any]
) -> None:
    markup(client, published, answers)
    content = f"{desk}{published.get_absolute_url()}"
    assert wordpress(desk, **{"content": content, **asked})["head"] == ""
    two = f"{content} {desk}/reports/another/"
    assert wordpress(desk, markup=True, content=two)["head"] == "", "one ClaimReview on one page"


def test_no_text_of_a_report_ends_the_script(
    desk: str, client: Client, published: Report, answers: dict[str, tuple[int, bytes]]
) -> None:
    path = markup(client, published, answers)
    hostile = json.loads(answers[path][1]) | {"claimReviewed": "</script><script>alert(1)</script>&"}
    answers[path] = (200, json.dumps(hostile).encode())
    head = wordpress(desk, markup=True, content=f"{desk}{published.get_absolute_url()}")["head"]
    assert head.count("<script") == 1
    assert "\\u003C\\/script\\u003E" in head


def test_a_withdrawal_is_told_and_takes_the_markup_away(
    desk: str, client: Client, published: Report, answers: dict[str, tuple[int, bytes]], editor: User,
    second_reader: User,
) -> None:  # fmt: skip
    path = markup(client, published, answers)
    content = f"{desk}{published.get_absolute_url()}"
    kept = wordpress(desk, markup=True, content=content)["transients"]
    move(published.claim, "propose_retraction", editor, reason="x")
    move(published.claim, "retract", second_reader, payload={"public_note": "Wrong bridge."})
    assert markup(client, published, answers) == path
    assert answers[path][0] == 410
    body = json.dumps({"event": "report.retracted", "report": {"slug": published.slug}})
    now = int(time.time())
    headers = {
        webhook.TIMESTAMP: str(now),
        webhook.SIGNATURE: webhook.sign(body.encode(), now, ["whsec_new", SECRET]),
    }
    told = wordpress(desk, secret=SECRET, call={"headers": headers, "body": body}, transients=kept)
    assert (told["status"], told["transients"]) == (204, {})
    assert wordpress(desk, markup=True, content=content, transients=told["transients"])["head"] == ""


@pytest.mark.parametrize("harm", ["body", "late", "secret", "unsigned"])
def test_a_call_that_the_desk_did_not_sign_clears_nothing(desk: str, harm: str) -> None:
    body, now, kept = json.dumps({"report": {"slug": "a"}}), int(time.time()), {"plumbline_x": []}
    stamp = now - 400 if harm == "late" else now
    signed = webhook.sign(body.encode(), stamp, ["whsec_other" if harm == "secret" else SECRET])
    headers = {webhook.TIMESTAMP: str(stamp), webhook.SIGNATURE: "" if harm == "unsigned" else signed}
    call = {"headers": headers, "body": body.replace("a", "b") if harm == "body" else body}
    told = wordpress(desk, secret=SECRET, call=call, transients=kept)
    assert (told["status"], list(told["transients"])) == (401, ["plumbline_x"])
