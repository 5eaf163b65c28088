"""The schema.org types and properties that a ClaimReview of ours may hold.

A guard against misspelling: a validator that does not know ``claimReviewd``
passes over it in silence. The list is short on purpose, it holds what we write
and what other fact-checkers' markup commonly adds.
"""

from typing import Final

_THING: Final = frozenset(
    {
        "@type",
        "@id",
        "@context",
        "name",
        "url",
        "sameAs",
        "image",
        "description",
        "alternateName",
        "identifier",
    }
)
_WORK: Final = _THING | {
    *("headline", "text", "author", "creator", "editor", "contributor", "publisher"),
    *("datePublished", "dateModified", "dateCreated", "inLanguage", "version", "citation", "correction"),
    *("archivedAt", "license", "isPartOf", "mainEntityOfPage", "publishingPrinciples", "keywords", "about"),
    *("isBasedOn", "locationCreated", "thumbnailUrl", "interpretedAsClaim", "copyrightHolder", "creditText"),
    *("sdPublisher", "sdDatePublished", "sdLicense", "isAccessibleForFree", "encodingFormat"),
}
_REVIEW: Final = _WORK | {
    *("itemReviewed", "reviewRating", "reviewBody", "reviewAspect", "associatedReview"),
    *("associatedClaimReview", "associatedMediaReview", "positiveNotes", "negativeNotes"),
}
_ORGANIZATION: Final = _THING | {
    *("logo", "legalName", "email", "telephone", "address", "foundingDate", "parentOrganization"),
    *("publishingPrinciples", "correctionsPolicy", "ethicsPolicy", "ownershipFundingInfo"),
    *("actionableFeedbackPolicy", "unnamedSourcesPolicy", "diversityPolicy", "contactPoint"),
}
_MEDIA: Final = _WORK | {"contentUrl", "embedUrl", "duration", "width", "height", "uploadDate", "sha256"}

PROPERTIES: Final[dict[str, frozenset[str]]] = {
    "ClaimReview": _REVIEW | {"claimReviewed"},
    "Review": _REVIEW,
    "MediaReview": _REVIEW
    | {"mediaAuthenticityCategory", "originalMediaContextDescription", "originalMediaLink"},
    "MediaReviewItem": _WORK | {"mediaItemAppearance"},
    "Claim": _WORK | {"appearance", "firstAppearance", "claimInterpreter"},
    "CreativeWork": _WORK,
    "WebPage": _WORK | {"lastReviewed", "reviewedBy", "speakable"},
    "WebSite": _WORK,
    "Article": _WORK | {"articleBody", "articleSection", "wordCount"},
    "NewsArticle": _WORK | {"articleBody", "articleSection", "wordCount", "dateline"},
    "SocialMediaPosting": _WORK | {"sharedContent", "articleBody"},
    "Report": _WORK | {"reportNumber"},
    "Rating": _THING
    | {"ratingValue", "bestRating", "worstRating", "ratingExplanation", "reviewAspect", "author"},
    "CorrectionComment": _WORK,
    "Person": _THING | {"jobTitle", "affiliation", "worksFor", "givenName", "familyName", "email"},
    "Organization": _ORGANIZATION,
    "NewsMediaOrganization": _ORGANIZATION
    | {"verificationFactCheckingPolicy", "masthead", "missionCoveragePrioritiesPolicy", "noBylinesPolicy"},
    "Place": _THING | {"address", "geo"},
    "ImageObject": _MEDIA | {"caption", "representativeOfPage"},
    "VideoObject": _MEDIA | {"caption", "transcript"},
    "AudioObject": _MEDIA | {"caption", "transcript"},
    "MediaObject": _MEDIA,
}
"""The properties known for each type."""
