"""Checked claims as W3C Web Annotations on the article.

Offsets count Unicode code points, as the specification says; a browser counts
UTF-16 units, so a script has to convert. Position alone breaks when the page
changes: a quote with its surroundings and the state of the source stand beside it.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote as percent_encoded

from claims.publishing import bodies
from claims.publishing.claimreview import timestamp
from claims.publishing.document import ReportDocument

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MIN_CONTEXT = 32
"""Code points before and after a quote, more where the quote occurs again."""

Node = dict[str, Any]


class SpanError(ValueError):
    """The span does not lie in the text."""


def selectors(text: str, start: int, end: int) -> list[Node]:
    """A quote and a position selector for ``text[start:end]``.

    The quote's surroundings grow until they fit no other place in the text.

    Raises:
        SpanError: if the span is empty or lies outside the text.
    """
    if not 0 <= start < end <= len(text):
        raise SpanError(f"{start} to {end} is no span in a text of {len(text)} characters")
    exact, size = text[start:end], MIN_CONTEXT
    while True:
        prefix, suffix = text[max(0, start - size) : start], text[end : end + size]
        quote = {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix}
        if size >= len(text) or len(find_quote(text, quote)) == 1:
            return [quote, {"type": "TextPositionSelector", "start": start, "end": end}]
        size *= 2


def find_quote(text: str, selector: Mapping[str, Any]) -> list[tuple[int, int]]:
    """All spans of the text that a quote selector fits."""
    prefix = selector.get("prefix", "")
    whole = f"{prefix}{selector['exact']}{selector.get('suffix', '')}"
    found, at = [], text.find(whole)
    while at >= 0:
        start = at + len(prefix)
        found.append((start, start + len(selector["exact"])))
        at = text.find(whole, at + 1)
    return found


def annotation(document: ReportDocument, article_text: str) -> Node:
    """The verdict as an annotation that assesses the words in the article.

    Raises:
        SpanError: if the document gives no span, or one that does not fit the text.
    """
    claim = document.claim
    if claim.start is None or claim.end is None:
        raise SpanError("the claim has no place in the article")
    target: Node = {"selector": selectors(article_text, claim.start, claim.end)}
    if claim.article and claim.article.url:
        target["source"] = claim.article.url
        target["state"] = _state(document)
    else:
        target["source"] = f"urn:sha256:{document.sha256()}"
    return {
        "@context": CONTEXT,
        "id": f"{document.url}#annotation",
        "type": "Annotation",
        "motivation": "assessing",
        "created": timestamp(document.published_at),
        "modified": timestamp(document.modified_at),
        "creator": {"id": document.desk.url, "type": "Organization", "name": document.desk.name},
        "body": _body(document),
        "target": target,
    }


def collection(annotations: Iterable[Node], *, url: str, label: str) -> Node:
    """Annotations of one article as a collection with a single page."""
    items = [{key: value for key, value in item.items() if key != "@context"} for item in annotations]
    page = {"id": f"{url}#page", "type": "AnnotationPage", "startIndex": 0, "items": items}
    return {
        "@context": CONTEXT,
        "id": url,
        "type": "AnnotationCollection",
        "label": label,
        "total": len(items),
        "first": page,
    }


def text_fragment(url: str, exact: str) -> str:
    """A link that jumps to the words in browsers that know text fragments."""
    return f"{url.split('#')[0]}#:~:text={percent_encoded(exact, safe='').replace('-', '%2D')}"


def _body(document: ReportDocument) -> list[Node]:
    said = bodies.summary(document)
    if document.retracted and document.notice:
        said = document.notice.text
    return [
        {
            "type": "TextualBody",
            "purpose": "assessing",
            "format": "text/plain",
            "language": document.language,
            "value": said,
        },
        {"id": document.url, "type": "Text", "format": "text/html", "language": document.language},
    ]


def _state(document: ReportDocument) -> Node:
    article = document.claim.article
    state: Node = {"type": "TimeState"}
    if article and article.published_on:
        state["sourceDate"] = f"{article.published_on.isoformat()}T00:00:00Z"
    if article and article.archive_url:
        state["cached"] = article.archive_url
    return state
