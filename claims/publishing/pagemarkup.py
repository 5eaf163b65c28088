"""Finding the JSON-LD in a page or file, so that it can be checked."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from claims.publishing.linter import Finding, lint


class MarkupError(ValueError):
    """The file holds no ClaimReview that could be read; the message says why."""


class _Scripts(HTMLParser):
    """Collects the text of ``<script type="application/ld+json">`` elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.texts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and (dict(attrs).get("type") or "").strip().lower() == "application/ld+json":
            self._inside = True
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[-1] += data


def claim_reviews(text: str) -> list[dict[str, Any]]:
    """Every ClaimReview in an HTML page, a JSON-LD file or a JSON list of them.

    Anything whose ``@type`` is nearly ClaimReview comes too, so that a
    misspelt one is reported and not passed over.

    Raises:
        MarkupError: if the text is neither HTML nor JSON, or holds none.
    """
    found = [node for block in _blocks(text) for node in _nodes(block) if _like_claim_review(node)]
    if not found:
        raise MarkupError("No ClaimReview was found.")
    return found


def lint_text(text: str, *, page_url: str | None = None) -> list[Finding]:
    """Check a page or a JSON-LD file: each ClaimReview, and that there is only one.

    Raises:
        MarkupError: as :func:`claim_reviews`.
    """
    reviews = claim_reviews(text)
    findings = [finding for review in reviews for finding in lint(review, page_url=page_url)]
    if len(reviews) > 1:
        message = f"There are {len(reviews)} ClaimReviews on one page."
        findings.insert(0, Finding("google-required", "error", "@type", message, "Give each its own page."))
    return findings


def _blocks(text: str) -> Iterator[Any]:
    if text.lstrip("\ufeff \t\r\n")[:1] == "<":
        parser = _Scripts()
        parser.feed(text)
        texts = parser.texts
    else:
        texts = [text.lstrip("\ufeff")]
    for block in texts:
        try:
            yield json.loads(block)
        except (ValueError, RecursionError) as error:
            raise MarkupError(f"The JSON-LD cannot be read: {error}") from error


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item)
    elif isinstance(value, dict):
        graph = value.get("@graph")
        if isinstance(graph, list):
            for node in _nodes(graph):
                yield {"@context": value["@context"], **node} if "@context" in value else node
        else:
            yield value


def _like_claim_review(node: dict[str, Any]) -> bool:
    kind = node.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return any(str(name).lower().startswith("claimrev") for name in kinds) or "claimReviewed" in node
