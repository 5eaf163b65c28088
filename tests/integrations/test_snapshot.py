"""Snapshots: what was there, byte for byte, in a file that other tools can open."""

from __future__ import annotations

import gzip
import hashlib
import io
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from claims.enums import StepOutcome
from claims.integrations import snapshot
from tests.standins.server import Reply
from tests.standins.shapes import ARTICLE
from tests.standins.web import PublicWeb


@pytest.fixture(autouse=True)
def _outside(settings: Any) -> None:
    settings.FACTCHECK_OUTSIDE = True


def test_a_page_is_kept_with_text_hash_and_warc(public_web: PublicWeb) -> None:
    packed = Reply(
        gzip.compress(ARTICLE.encode()), 200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    )
    public_web.site.route("/packed", lambda seen: packed)
    public_web.site.fault("/old", "redirect", to="/packed")
    kept = snapshot.take("http://gazette.test/old").first
    assert kept is not None
    assert (kept.asked_url, kept.url) == ("http://gazette.test/old", "http://gazette.test/packed")
    assert kept.content == ARTICLE.encode()
    assert kept.sha256 == hashlib.sha256(ARTICLE.encode()).hexdigest()
    assert kept.title == "Council says bridge will cost 12 million"
    info, response = list(_records(kept.warc))
    assert b"http://gazette.test/old" in info[1]
    assert response[0].rec_headers.get_header("WARC-Target-URI") == kept.url
    assert response[1] == ARTICLE.encode()
    assert response[0].http_headers.get_statuscode() == "200"
    assert response[0].http_headers.get_header("Content-Encoding") is None
    assert response[0].http_headers.get_header("Content-Length") == str(len(kept.content))


def _records(warc: bytes) -> Any:
    for record in ArchiveIterator(io.BytesIO(warc), check_digests="raise"):
        yield record, record.content_stream().read()


def test_an_advert_is_no_change_and_a_figure_is_one(public_web: PublicWeb) -> None:
    versions = [
        ARTICLE,
        ARTICLE.replace("Imprint", "Buy now"),
        ARTICLE.replace("12 million euros", "13 million euros"),
    ]
    digests = []
    for version in versions:
        public_web.site.page("/bridge", version)
        kept = snapshot.take("http://gazette.test/bridge").first
        assert kept is not None
        digests.append(kept.text_sha256)
    assert digests[0] == digests[1] != digests[2]


def test_a_page_without_an_article_is_kept_all_the_same(public_web: PublicWeb) -> None:
    public_web.site.route(
        "/image", lambda seen: Reply(b"\x89PNG" + bytes(50), 200, {"Content-Type": "image/png"})
    )
    kept = snapshot.take("http://gazette.test/image").first
    assert kept is not None
    assert (kept.text, kept.text_sha256) == ("", "")
    assert "PNG" in kept.warnings[0]


@pytest.mark.parametrize(("status", "retryable"), [(404, False), (403, False), (500, True), (429, True)])
def test_what_cannot_be_had_is_unavailable(public_web: PublicWeb, status: int, retryable: bool) -> None:
    public_web.site.fault("/bridge", "status", status=status)
    answer = snapshot.take("http://gazette.test/bridge")
    assert (answer.outcome, answer.retryable) == (StepOutcome.UNAVAILABLE, retryable)


def test_switched_off_only_a_person_fetches(public_web: PublicWeb, settings: Any) -> None:
    settings.FACTCHECK_OUTSIDE = False
    assert snapshot.take("http://gazette.test/bridge").outcome is StepOutcome.NOT_CONFIGURED
    assert public_web.dialled == []
    assert snapshot.take("http://gazette.test/bridge", asked_by_person=True).outcome is StepOutcome.FOUND
