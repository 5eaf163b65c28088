"""Report documents for the tests, one of each kind a desk publishes."""

import dataclasses
from datetime import UTC, date, datetime
from typing import Any

from claims.publishing.document import (
    Archive,
    ArticleRef,
    CheckedClaim,
    CheckStep,
    Desk,
    GateException,
    HistoryEntry,
    MediaReview,
    Notice,
    Person,
    Related,
    ReportDocument,
    ScaleLevel,
    Source,
    Speaker,
    Verdict,
)

FIRST = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 16, 5, tzinfo=UTC)

DESK = Desk(
    name="The Ellery Check",
    url="https://check.example/",
    tag_authority="check.example,2026",
    logo="https://check.example/static/logo.png",
    methodology_url="https://check.example/how-we-work/",
    corrections_url="https://check.example/corrections/",
    report_error_url="https://check.example/report-an-error/",
    funding_url="https://check.example/funding/",
    ethics_url="https://check.example/ethics/",
    scale_url="https://check.example/how-we-work/#scale",
    license_url="https://check.example/licence/",
)

LEVELS = tuple(
    ScaleLevel(position=position, key=key, word=word, definition=f"What {word.lower()} means here.")
    for position, (key, word) in enumerate(
        [
            ("false", "False"),
            ("mostly_false", "Mostly false"),
            ("half_true", "Half true"),
            ("mostly_true", "Mostly true"),
            ("true", "True"),
        ],
        start=1,
    )
)

MOSTLY_FALSE = Verdict(
    key="mostly_false",
    word="Mostly false",
    summary="About 70 cents of each euro go to buses; the rest pays for collecting the toll.",
    position=2,
    worst=1,
    best=5,
    definition="The main point is wrong, a part of it is right.",
    scale_name="The Ellery scale",
    scale_version=3,
    levels=LEVELS,
)

OFF_SCALE = Verdict(
    key="unproven",
    word="Unproven",
    summary="The city has not published the figures that would settle it.",
    definition="The evidence that can be had does not settle the claim.",
    scale_name="The Ellery scale",
    scale_version=3,
    levels=LEVELS,
)

SOURCES = (
    Source(
        number=1,
        title="Harbour toll: yearly accounts 2025",
        publisher="City of Ellery",
        url="https://city.example/accounts/2025.pdf",
        kind="primary",
        stance="undermines",
        quote="Buses and stops: 69.8 per cent of net toll income.",
        origin="city-accounts",
        accessed=date(2026, 11, 18),
        published_on=date(2026, 3, 2),
        archive=Archive(
            state="independent",
            url="https://web.archive.org/web/20261118101500/https://city.example/accounts/2025.pdf",
            captured_at=datetime(2026, 11, 18, 10, 15, tzinfo=UTC),
        ),
        interests="The city collects the toll.",
    ),
    Source(
        number=2,
        title="Interview with a transport economist",
        publisher="The Ellery Check",
        where="Telephone call on 19 November 2026, notes held by the desk",
        kind="expert",
        stance="supports",
        quote="No toll money has gone to other departments.",
        accessed=date(2026, 11, 19),
        archive=Archive(state="own_copy", sha256="ab" * 32),
        interests="none known",
    ),
    Source(
        number=3,
        title="Minutes of the city council, 12 May 2025",
        publisher="City of Ellery",
        url="https://city.example/minutes/2025-05-12",
        kind="primary",
        stance="context",
        accessed=date(2026, 11, 18),
        archive=Archive(state="none", reason="the archive answered 'busy' three times"),
    ),
)

CLAIM = CheckedClaim(
    quote="We spend every cent of the toll on buses.",
    restated="Ellery spends every cent of its harbour toll on buses",
    how_read="Read as net income of the toll in 2025.",
    speaker=Speaker(
        name="Ilse Brandvoort",
        role="mayor of Ellery",
        same_as=("https://www.wikidata.org/wiki/Q0",),
    ),
    said_on=date(2026, 11, 17),
    where="council meeting, Ellery",
    article=ArticleRef(
        title="Council splits over harbour toll",
        outlet="The Ellery Courier",
        url="https://courier.example/2026/11/18/toll",
        archive_url="https://web.archive.org/web/20261118110000/https://courier.example/2026/11/18/toll",
        published_on=date(2026, 11, 18),
    ),
    context_before="She told councillors: ",
    context_after=" The opposition disagreed.",
    start=120,
    end=161,
)


def report(**changes: Any) -> ReportDocument:
    """A complete first version with a verdict on the scale."""
    base = ReportDocument(
        uid="5f0c",
        slug="harbour-toll-buses",
        version=1,
        change="first",
        language="en",
        headline="About 70 cents of every toll euro go to the buses",
        claim=CLAIM,
        verdict=MOSTLY_FALSE,
        desk=DESK,
        published_at=FIRST,
        modified_at=FIRST,
        short=("Buses got **69.8 per cent** in 2025. [1]", "No other department got toll money. [2]"),
        why_checked="The sentence was shared widely before the vote on the toll.",
        reasoning_markdown="The accounts say 69.8 per cent. [1]\n\nAn economist agrees in part. [2, 3]",
        claimant_reply="We asked the mayor's office on 18 November by e-mail; no answer came by 20 November.",
        not_established="What the money was spent on in 2026.",
        how_checked=(
            CheckStep(
                label="Quote check",
                outcome="ok",
                outcome_words="The words stand in the stored article.",
                ran_on=date(2026, 11, 18),
            ),
        ),
        conclusion="Most of the money goes to buses, not every cent.",
        sources=SOURCES,
        authors=(Person(name="Noor Haddad"),),
        second_readers=(Person(name="Pia Lund"),),
        methodology_version="4",
        exceptions=(
            GateException(
                gate="Two independent origins", reason="Only the city keeps accounts.", by="Pia Lund"
            ),
        ),
        history=(HistoryEntry(number=1, kind="first", at=FIRST),),
        related=(Related(title="Traffic fell by 31 per cent", url="https://check.example/reports/traffic/"),),
        topics=("Transport",),
    )
    return dataclasses.replace(base, **changes)


def corrected(**changes: Any) -> ReportDocument:
    """A second version with a changed verdict."""
    note = "We had left out the cost of collecting the toll."
    changed = HistoryEntry(
        number=2, kind="verdict_change", at=LATER, note=note, old_verdict="False", new_verdict="Mostly false"
    )
    return report(
        **{
            "version": 2,
            "change": "verdict_change",
            "modified_at": LATER,
            "history": (HistoryEntry(number=1, kind="first", at=FIRST), changed),
            "notice": Notice(
                kind="verdict_change", at=LATER, text=note, old_verdict="False", new_verdict="Mostly false"
            ),
            **changes,
        }
    )


def retracted(**changes: Any) -> ReportDocument:
    """A second version that takes the report back."""
    note = "The accounts that we relied on were those of another city."
    return report(
        **{
            "uid": "9a11",
            "slug": "taken-back",
            "version": 2,
            "change": "retraction",
            "modified_at": LATER,
            "retracted": True,
            "history": (
                HistoryEntry(number=1, kind="first", at=FIRST),
                HistoryEntry(number=2, kind="retraction", at=LATER, note=note),
            ),
            "notice": Notice(kind="retraction", at=LATER, text=note),
            **changes,
        }
    )


def off_scale(**changes: Any) -> ReportDocument:
    """A report whose verdict has no place on the scale, about a cut film."""
    media = MediaReview(
        categories=("DecontextualizedContent",),
        media_type="VideoObject",
        appearance="https://videos.example/watch/1",
        original_context="A council meeting of 2019.",
        original_link="https://videos.example/watch/0",
    )
    return report(**{"uid": "77aa", "slug": "toll-film", "verdict": OFF_SCALE, "media": media, **changes})
