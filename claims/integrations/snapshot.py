"""A copy of a source, made by us: bytes as received, text, SHA-256 and a WARC file (ISO 28500).

Storing is not done here. A snapshot is "held by us, not independently archived" and should be shown so.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from claims.integrations import conf, errors, http
from claims.integrations.answer import Answer, Service
from claims.integrations.article import read_document
from claims.integrations.response import Response

SERVICE = Service("snapshot", "The site")
# Headers that describe the transfer, which is undone by the time we store the body.
_TRANSFER = {
    "content-encoding",
    "transfer-encoding",
    "content-length",
    "connection",
    "keep-alive",
    "set-cookie",
}


@dataclass(frozen=True)
class Snapshot:
    """One page at one moment. ``text`` is empty, and ``warnings`` say why, where it has no readable text.

    ``text_sha256`` is over the text with white space evened out, so that a changed advert is not a changed
    source; it is empty when there is no text.
    """

    asked_url: str
    url: str
    fetched_at: datetime
    status: int
    content_type: str
    content: bytes
    sha256: str
    title: str
    text: str
    text_sha256: str
    warc: bytes
    warnings: tuple[str, ...] = ()


def take(url: str, *, asked_by_person: bool = False) -> Answer[Snapshot]:
    """Fetch ``url`` and keep what came.

    With outside requests switched off only a person's own request goes out. A page that is gone or refuses us
    is ``UNAVAILABLE`` and not retryable.
    """
    query = {"url": url}
    if not (asked_by_person or conf.outside_allowed()):
        return SERVICE.switched_off(query)
    try:
        answer = http.fetch(url)
    except errors.FetchError as error:
        return SERVICE.no_answer(str(error), error, query)
    return SERVICE.found((of_response(url, answer),), query)


def of_response(asked_url: str, answer: Response) -> Snapshot:
    """The snapshot of an answer that is already here."""
    title = text = ""
    warnings: tuple[str, ...] = ()
    try:
        document = read_document(answer.content, "", answer.headers.get("content-type", ""), url=answer.url)
        title, text, warnings = document.title, document.text, document.warnings
    except errors.DocumentError as error:
        warnings = (str(error),)
    return Snapshot(
        asked_url=asked_url,
        url=answer.url,
        fetched_at=answer.fetched_at,
        status=answer.status,
        content_type=answer.content_type,
        content=answer.content,
        sha256=hashlib.sha256(answer.content).hexdigest(),
        title=title,
        text=text,
        text_sha256=text_digest(text),
        warc=_warc(asked_url, answer),
        warnings=warnings,
    )


def text_digest(text: str) -> str:
    """SHA-256 of ``text`` with white space evened out; empty for no text."""
    words = " ".join(text.split())
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest() if words else ""


def _warc(asked_url: str, answer: Response) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    about = {"software": conf.user_agent(), "format": "WARC File Format 1.1", "asked-for": asked_url}
    if answer.redirects:
        about["redirects"] = " ".join(answer.redirects)
    writer.write_record(writer.create_warcinfo_record("snapshot.warc.gz", about))
    headers = StatusAndHeaders(
        f"{answer.status} {answer.reason}".strip(),
        _stored_headers(answer.headers, len(answer.content)),
        "HTTP/1.1",
    )
    record = writer.create_warc_record(
        answer.url,
        "response",
        payload=io.BytesIO(answer.content),
        http_headers=headers,
        warc_headers_dict={"WARC-Date": answer.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ")},
    )
    writer.write_record(record)
    return out.getvalue()


def _stored_headers(headers: Mapping[str, str], length: int) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in headers.items() if name not in _TRANSFER]
    coding = headers.get("content-encoding")
    if coding:
        kept.append(("x-archive-orig-content-encoding", coding))
    return [*kept, ("content-length", str(length))]
