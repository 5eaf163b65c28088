"""What each service answers when all is well, in the shape its documentation gives.

Stories and names are invented for the tests; a query containing the word "nothing" finds nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from tests.standins.server import Reply, Seen, StandIn

CAPTURE_TIME = "20260102030405"
JOB = "spn2-0123456789abcdef"

ARTICLE = """<!doctype html><html lang="en"><head><title>Council says bridge will cost 12 million | Test Gazette</title>
<meta property="og:site_name" content="Test Gazette"><meta name="author" content="Ada Tester">
<meta property="article:published_time" content="2026-03-04T09:30:00+01:00">
<link rel="canonical" href="https://gazette.test/bridge"></head><body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Council says bridge will cost 12 million</h1>
<p>The town council said on Tuesday that the new river bridge would cost 12 million euros, twice the first estimate.</p>
<p>"Nobody in this town will pay a cent more," mayor Berta Example told the assembly, adding that the state would
cover 80 percent of the sum.</p>
<p>Building work is to begin in 2027 and take three years, according to the planning office.</p></article>
<footer>Imprint and privacy</footer></body></html>"""


def google(seen: Seen) -> Any:
    if "nothing" in seen.query.get("query", ""):
        return {}
    review = {
        "publisher": {"name": "Check Desk", "site": "check.test"},
        "url": "https://check.test/bridge-cost",
        "title": "No, the bridge does not cost 12 million",
        "reviewDate": "2026-03-10T00:00:00Z",
        "textualRating": "Mostly false",
        "languageCode": "en",
    }
    bare = {"publisher": {"site": "bare.test"}, "url": "https://bare.test/1", "textualRating": "Faux"}
    claim = {
        "text": "The bridge costs 12 million",
        "claimant": "Berta Example",
        "claimDate": "2026-03-03T00:00:00Z",
    }
    return {"claims": [claim | {"claimReview": [review]}, {"text": "Bare", "claimReview": [bare]}]}


def wayback_available(seen: Seen) -> Any:
    url = seen.query.get("url", "")
    if "nothing" in url:
        return {"url": url, "archived_snapshots": {}}
    closest = {
        "status": "200",
        "available": True,
        "url": f"http://web.archive.org/web/{CAPTURE_TIME}/{url}",
        "timestamp": CAPTURE_TIME,
    }
    return {"url": url, "archived_snapshots": {"closest": closest}}


def wayback_save(seen: Seen) -> Any:
    form = dict(parse_qsl(seen.body.decode()))
    return {"url": form.get("url", ""), "job_id": JOB}


def wayback_status(seen: Seen) -> Any:
    return {
        "status": "success",
        "job_id": JOB,
        "timestamp": CAPTURE_TIME,
        "original_url": "https://gazette.test/bridge",
        "http_status": 200,
    }


def wikipedia(seen: Seen) -> Any:
    if seen.query.get("list") == "search":
        if "nothing" in seen.query.get("srsearch", ""):
            return {"batchcomplete": True, "query": {"searchinfo": {"totalhits": 0}, "search": []}}
        hit = {
            "ns": 0,
            "title": "River bridge",
            "pageid": 4711,
            "wordcount": 900,
            "snippet": 'The <span class="searchmatch">bridge</span> cost &lt;six&gt; million',
            "timestamp": "2026-02-01T10:00:00Z",
        }
        return {"batchcomplete": True, "query": {"searchinfo": {"totalhits": 1}, "search": [hit]}}
    page = {
        "pageid": 4711,
        "ns": 0,
        "title": "River bridge",
        "extract": "The river bridge is a bridge. It cost six million euros.",
        "canonicalurl": "https://en.wikipedia.org/wiki/River_bridge",
        "revisions": [{"revid": 99, "timestamp": "2026-02-01T10:00:00Z"}],
    }
    return {"batchcomplete": True, "query": {"pages": [page]}}


def wikidata(seen: Seen) -> Any:
    if "nothing" in seen.query.get("search", ""):
        return {"searchinfo": {"search": "nothing"}, "search": [], "success": 1}
    hit = {
        "id": "Q123",
        "label": "Berta Example",
        "description": "politician",
        "concepturi": "http://www.wikidata.org/entity/Q123",
        "aliases": ["B. Example"],
    }
    return {"searchinfo": {"search": "x"}, "search": [hit], "success": 1}


def searxng(seen: Seen) -> Any:
    if "nothing" in seen.query.get("q", ""):
        return {"query": "nothing", "number_of_results": 0, "results": [], "unresponsive_engines": []}
    first = {
        "url": "https://statistics.test/bridge",
        "title": "Bridge figures",
        "content": "The bridge cost six million.",
        "publishedDate": "2026-02-02T00:00:00",
        "engine": "duckduckgo",
        "engines": ["duckduckgo", "qwant"],
        "score": 2.0,
    }
    unsafe = {"url": "javascript:alert(1)", "title": "no address", "content": ""}
    return {"query": "bridge", "number_of_results": 2, "results": [first, unsafe], "unresponsive_engines": []}


def chat(seen: Seen) -> Any:
    answer = {
        "stance": "refutes",
        "quote": "It cost six million euros.",
        "reason": "A different sum is given.",
    }
    return completion(answer)


def completion(answer: Any) -> Any:
    """A chat completion whose message is ``answer`` as JSON (or the text itself)."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "test-model-2026",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 210, "completion_tokens": 40, "total_tokens": 250},
    }


def install(server: StandIn) -> None:
    """Put every service at its path."""
    from tests.standins.server import Reply

    def as_json(shape: Any) -> Any:
        return lambda seen: Reply.json(shape(seen))

    def hook(seen: Seen) -> Reply:
        return Reply(b"", 204)

    server.route("/google/v1alpha1/claims:search", as_json(google))
    server.route("/wayback/available", as_json(wayback_available))
    server.route("/save", as_json(wayback_save))
    server.route("/save/status/", as_json(wayback_status))
    server.route("/wikipedia/", as_json(wikipedia))
    server.route("/wikidata/", as_json(wikidata))
    server.route("/searxng/search", as_json(searxng))
    server.route("/llm/v1/chat/completions", as_json(chat))
    server.route("/webhook", hook)
    server.page("/bridge", ARTICLE)
