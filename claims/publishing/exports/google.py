"""The resource of Google's Fact Check Tools API (v1alpha1, ``pages``).

Only the shape: sending it is somebody else's work and is off until credentials
are set. The place of the claim goes into ``claimLocation``; numbers are integers.
"""

from typing import Any

from claims.publishing.document import CheckedClaim, ReportDocument, Verdict

Node = dict[str, Any]


def to_google_pages(document: ReportDocument) -> Node | None:
    """The ``ClaimReviewMarkupPage`` of a report, or None for a retracted one."""
    if document.retracted:
        return None
    markup = {
        "url": document.url,
        "claimReviewed": document.claim.stated,
        **_claim(document.claim),
        "rating": _rating(document.verdict),
    }
    return {
        "pageUrl": document.url,
        "publishDate": document.published_at.date().isoformat(),
        "claimReviewAuthor": _filled({"name": document.desk.name, "imageUrl": document.desk.logo}),
        "claimReviewMarkups": [_filled(markup)],
    }


def _claim(claim: CheckedClaim) -> Node:
    speaker, article = claim.speaker, claim.article
    author = (
        _filled({"name": speaker.name, "jobTitle": speaker.role, "sameAs": next(iter(speaker.same_as), "")})
        if speaker
        else None
    )
    appearances = [article.url] if article and article.url else []
    return {
        "claimDate": claim.said_on.isoformat() if claim.said_on else "",
        "claimLocation": claim.where,
        "claimAuthor": author,
        "claimFirstAppearance": claim.first_appearance,
        "claimAppearances": [*appearances, *claim.appearances],
    }


def _rating(verdict: Verdict) -> Node:
    numbers = (
        {"ratingValue": verdict.position, "bestRating": verdict.best, "worstRating": verdict.worst}
        if verdict.on_scale
        else {}
    )
    return _filled({"textualRating": verdict.word, "ratingExplanation": verdict.summary, **numbers})


def _filled(node: Node) -> Node:
    return {key: value for key, value in node.items() if value not in (None, "", [], {})}
