"""The report as schema.org ClaimReview, for machines and other fact-checkers.

Rules: schema.org's ClaimReview, Claim, Rating and CorrectionComment, and
Google's fact check guideline. One report page carries one ClaimReview; a
retracted report carries none; a verdict off the scale carries no number.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from claims.publishing.document import (
    ArticleRef,
    CheckedClaim,
    Desk,
    HistoryEntry,
    MediaReview,
    ReportDocument,
    Source,
    Speaker,
    Verdict,
)

_SCHEMA_TYPE = {"person": "Person", "organization": "Organization"}
Node = dict[str, Any]


def build(document: ReportDocument) -> Node | None:
    """The ClaimReview of a report, or None for a retracted one."""
    if document.retracted:
        return None
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": "ClaimReview",
            "@id": f"{document.url}#claimreview",
            "url": document.url,
            "headline": document.headline,
            "claimReviewed": document.claim.stated,
            "datePublished": timestamp(document.published_at),
            "dateModified": _modified(document),
            "inLanguage": document.language,
            "version": document.version,
            "author": publisher(document.desk),
            "editor": [{"@type": "Person", "name": person.name} for person in document.second_readers],
            "contributor": [{"@type": "Person", "name": person.name} for person in document.authors],
            "itemReviewed": _claim(document.claim, document.desk),
            "reviewRating": rating(document.verdict),
            "citation": [_citation(source) for source in document.sources],
            "correction": [_correction(entry) for entry in document.corrections],
            "associatedMediaReview": _media(document.media, document) if document.media else None,
            "license": document.desk.license_url,
            "publishingPrinciples": document.desk.methodology_url,
        }
    )


def rating(verdict: Verdict) -> Node:
    """The Rating: the word always, the three numbers only on the scale."""
    on_scale = verdict.on_scale
    return _filled(
        {
            "@type": "Rating",
            "alternateName": verdict.word,
            "ratingExplanation": verdict.summary,
            "ratingValue": verdict.position if on_scale else None,
            "bestRating": verdict.best if on_scale else None,
            "worstRating": verdict.worst if on_scale else None,
        }
    )


def publisher(desk: Desk) -> Node:
    """The desk as an organization, with its policies where it is a news organization."""
    node: Node = {
        "@type": "NewsMediaOrganization" if desk.is_news_organization else "Organization",
        "name": desk.name,
        "url": desk.url,
        "logo": desk.logo,
        "correctionsPolicy": desk.corrections_url,
        "ethicsPolicy": desk.ethics_url,
        "ownershipFundingInfo": desk.funding_url,
        "actionableFeedbackPolicy": desk.report_error_url,
    }
    if desk.is_news_organization:
        node["verificationFactCheckingPolicy"] = desk.methodology_url
    return _filled(node)


def embed_script_text(node: Mapping[str, Any]) -> str:
    """JSON that may stand inside a ``<script type="application/ld+json">``.

    ``<``, ``>`` and ``&`` are written as JSON escapes, so that no text can end
    the element or open a comment; U+2028 and U+2029 too, which old script
    parsers take for line ends. Reading the JSON gives the same data.
    """
    text = json.dumps(node, ensure_ascii=False, indent=1)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def timestamp(moment: datetime) -> str:
    """A time to the second, in UTC: ``2026-11-23T09:30:00Z``."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def claimant(speaker: Speaker) -> Node:
    """The one who made the claim, with the pages that say who that is."""
    return _filled(
        {
            "@type": _SCHEMA_TYPE[speaker.kind],
            "name": speaker.name,
            "jobTitle": speaker.role if speaker.kind == "person" else "",
            "sameAs": list(speaker.same_as),
            "url": speaker.url,
        }
    )


def _claim(claim: CheckedClaim, desk: Desk) -> Node:
    place = {"@type": "Place", "name": claim.where} if claim.where else None
    return _filled(
        {
            "@type": "Claim",
            "text": claim.quote,
            "author": _author(claim),
            "datePublished": _claim_date(claim),
            "locationCreated": place,
            "firstAppearance": _work(claim.first_appearance),
            "appearance": _appearances(claim, desk),
        }
    )


def _author(claim: CheckedClaim) -> Node | None:
    """Who made the claim; what an article says in its own voice, its outlet says."""
    if claim.speaker:
        return claimant(claim.speaker)
    outlet = claim.article.outlet if claim.article else ""
    return {"@type": "Organization", "name": outlet} if outlet else None


def _claim_date(claim: CheckedClaim) -> str:
    if claim.said_on:
        return claim.said_on.isoformat()
    published = claim.article.published_on if claim.article else None
    return published.isoformat() if published else ""


def _appearances(claim: CheckedClaim, desk: Desk) -> list[Node]:
    """Where the claim stands, but never on the desk's own site, which Google refuses."""
    article = _article(claim.article) if claim.article and claim.article.url else None
    works = [article, *(_work(url) for url in claim.appearances)]
    return [work for work in works if work and not _on_host(work["url"], desk.host)]


def _article(article: ArticleRef) -> Node:
    outlet = {"@type": "Organization", "name": article.outlet} if article.outlet else None
    return _filled(
        {
            "@type": "CreativeWork",
            "url": article.url,
            "headline": article.title,
            "publisher": outlet,
            "datePublished": article.published_on.isoformat() if article.published_on else "",
            "archivedAt": article.archive_url,
        }
    )


def _work(url: str) -> Node | None:
    return {"@type": "CreativeWork", "url": url} if url else None


def _on_host(url: str, host: str) -> bool:

    try:
        found = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return False
    return found == host or found.endswith(f".{host}")


def _citation(source: Source) -> Node:
    owner = {"@type": "Organization", "name": source.publisher} if source.publisher else None
    return _filled(
        {
            "@type": "CreativeWork",
            "name": source.title,
            "url": source.url,
            "publisher": owner,
            "datePublished": source.published_on.isoformat() if source.published_on else "",
            "archivedAt": source.archive.url,
        }
    )


def _correction(entry: HistoryEntry) -> Node:
    changed = (
        f"{entry.old_verdict} → {entry.new_verdict}. " if entry.old_verdict and entry.new_verdict else ""
    )
    return {
        "@type": "CorrectionComment",
        "text": f"{changed}{entry.note}".strip(),
        "datePublished": timestamp(entry.at),
    }


def _media(media: MediaReview, document: ReportDocument) -> Node:
    item = {
        "@type": "MediaReviewItem",
        "mediaItemAppearance": _filled({"@type": media.media_type, "contentUrl": media.appearance}),
    }
    return _filled(
        {
            "@type": "MediaReview",
            "url": document.url,
            "author": publisher(document.desk),
            "datePublished": timestamp(document.published_at),
            "mediaAuthenticityCategory": list(media.categories),
            "originalMediaContextDescription": media.original_context,
            "originalMediaLink": media.original_link,
            "itemReviewed": item if media.appearance else None,
        }
    )


def _modified(document: ReportDocument) -> str:
    changed = document.modified_at > document.published_at
    return timestamp(document.modified_at) if changed else ""


def _filled(node: Node) -> Node:
    """Without what is empty: a key with nothing behind it is an error in most readers."""
    return {key: value for key, value in node.items() if value not in (None, "", [])}
