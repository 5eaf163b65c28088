"""All ClaimReviews of the desk in one file, in the shape of the Data Commons feed.

A schema.org ``DataFeed`` whose elements hold the address of a report and a list
with its ClaimReview. Written piece by piece: fifty thousand reports need no
more memory than one.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from claims.publishing import claimreview
from claims.publishing.claimreview import timestamp
from claims.publishing.document import Desk, ReportDocument


def datafeed(documents: Iterable[ReportDocument], *, desk: Desk, now: datetime) -> Iterator[str]:
    """The feed in pieces of text; retracted reports have no markup and stay out."""
    head = {
        "@context": "https://schema.org",
        "@type": "DataFeed",
        "name": desk.name,
        "dateModified": timestamp(now),
        "provider": claimreview.publisher(desk),
        **({"license": desk.license_url} if desk.license_url else {}),
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "dataFeedElement": ['
    separator = "\n"
    for document in documents:
        if (markup := claimreview.build(document)) is None:
            continue
        element = {
            "@type": "DataFeedItem",
            "url": document.url,
            "dateCreated": timestamp(document.published_at),
            "dateModified": timestamp(document.modified_at),
            "item": [markup],
        }
        yield separator + json.dumps(element, ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"
