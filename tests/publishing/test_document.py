"""The report document: lossless, canonical, and refusing what cannot be."""

import dataclasses
import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.publishing import document as doc
from claims.publishing import vocabulary
from tests.publishing import samples

TIMES = st.datetimes(
    min_value=datetime(1990, 1, 1),
    max_value=datetime(2090, 1, 1),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=3))]),
)
TEXT = st.text(max_size=60)


@st.composite
def archives(draw: st.DrawFn) -> doc.Archive:
    state = draw(st.sampled_from(sorted(vocabulary.ARCHIVE_STATES)))
    return doc.Archive(
        state=state,
        url="https://archive.example/x" if state == "independent" else "",
        sha256=draw(st.from_regex(r"[0-9a-f]{64}", fullmatch=True)) if state == "own_copy" else "",
        reason=draw(TEXT),
        captured_at=draw(st.none() | TIMES),
    )


@st.composite
def verdicts(draw: st.DrawFn) -> doc.Verdict:
    worst, best = 1, draw(st.integers(2, 9))
    on_scale = draw(st.booleans())
    return doc.Verdict(
        key=draw(TEXT),
        word=draw(TEXT),
        summary=draw(TEXT),
        position=draw(st.integers(worst, best)) if on_scale else None,
        worst=worst if on_scale else None,
        best=best if on_scale else None,
        levels=draw(st.just(()) | st.just(samples.LEVELS)),
    )


@st.composite
def documents(draw: st.DrawFn) -> doc.ReportDocument:
    first = draw(TIMES)
    source = st.builds(
        doc.Source,
        number=st.integers(1, 999),
        title=TEXT,
        quote=TEXT,
        kind=st.sampled_from(sorted(vocabulary.SOURCE_KINDS)),
        stance=st.sampled_from(sorted(vocabulary.STANCES)),
        accessed=st.none() | st.dates(),
        archive=archives(),
    )
    speaker = st.none() | st.builds(doc.Speaker, name=TEXT, role=TEXT, same_as=st.tuples(TEXT))
    return dataclasses.replace(
        draw(
            st.sampled_from([samples.report(), samples.corrected(), samples.retracted(), samples.off_scale()])
        ),
        headline=draw(TEXT),
        short=tuple(draw(st.lists(TEXT, max_size=3))),
        reasoning_markdown=draw(TEXT),
        claim=doc.CheckedClaim(quote=draw(TEXT), speaker=draw(speaker), said_on=draw(st.none() | st.dates())),
        verdict=draw(verdicts()),
        sources=tuple(draw(st.lists(source, max_size=3, unique_by=lambda item: item.number))),
        published_at=first,
        modified_at=first + timedelta(seconds=draw(st.integers(0, 10**6))),
        direction=draw(st.sampled_from(["ltr", "rtl"])),
    )


@given(documents())
def test_round_trip_loses_nothing(document: doc.ReportDocument) -> None:
    text = document.to_json()
    again = doc.ReportDocument.from_json(text)
    assert again == document
    assert again.to_json() == text
    assert again.sha256() == document.sha256()


def test_text_stays_code_point_for_code_point() -> None:
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    document = samples.report(headline=decomposed)
    again = doc.ReportDocument.from_json(document.to_json())
    assert again.headline == decomposed != composed
    assert document.sha256() != samples.report(headline=composed).sha256()


def test_canonical_json_is_sorted_and_tight() -> None:
    text = samples.corrected().to_json()
    data = json.loads(text)
    assert text == json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert data["published_at"] == "2026-11-20T09:30:00Z"


def test_hash_does_not_hang_on_the_zone_in_which_a_time_is_given() -> None:
    elsewhere = samples.FIRST.astimezone(timezone(timedelta(hours=9)))
    assert samples.report(published_at=elsewhere).sha256() == samples.report().sha256()


def test_a_field_at_its_default_leaves_no_trace() -> None:
    assert '"retracted"' not in samples.report().to_json()
    assert '"retracted":true' in samples.retracted().to_json()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("[]", "not a JSON object"),
        ("{", "not JSON"),
        ('{"format":"report/9"}', "format"),
        ('{"format":"report/1","claim":[]}', "claim"),
        ('{"format":"report/1","claim":{"quote":1}}', "claim.quote"),
        (
            '{"format":"report/1","sources":[{"number":1,"title":"a","accessed":"soon"}]}',
            r"sources\[0\].accessed",
        ),
        ('{"format":"report/1","sloug":"a"}', "sloug"),
        ('{"format":"report/1","slug":"a"}', "uid"),
    ],
)
def test_what_is_no_document_is_refused_by_name(text: str, field: str) -> None:
    with pytest.raises(doc.DocumentError, match=field):
        doc.ReportDocument.from_json(text)


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(doc.DocumentError, match="UTF-8"):
        samples.report(headline="\ud83d").to_json()


@pytest.mark.parametrize(
    "make",
    [
        lambda: samples.report(change="tweak"),
        lambda: samples.report(direction="up"),
        lambda: samples.report(version=0),
        lambda: samples.report(published_at=datetime(2026, 1, 1)),
        lambda: samples.report(published_at=samples.LATER),
        lambda: samples.report(sources=(samples.SOURCES[0], samples.SOURCES[0])),
        lambda: doc.Verdict(key="x", word="X", position=3),
        lambda: doc.Verdict(key="x", word="X", position=6, worst=1, best=5),
        lambda: doc.Verdict(key="x", word="X", position=1, worst=5, best=1),
        lambda: doc.Archive(state="independent"),
        lambda: doc.Archive(state="own_copy"),
        lambda: doc.Archive(state="none", url="https://web.archive.org/made-up"),
        lambda: doc.Source(number=1, title="a", stance="neutral"),
        lambda: doc.MediaReview(categories=("OriginalMediaContent", "TransformedContent")),
    ],
)
def test_what_cannot_be_is_not_made(make: object) -> None:
    with pytest.raises(doc.DocumentError):
        make()  # type: ignore[operator]  # the parameters are lambdas


def test_a_typo_moves_no_date() -> None:
    history = (
        doc.HistoryEntry(number=1, kind="first", at=samples.FIRST),
        doc.HistoryEntry(number=2, kind="correction", at=samples.LATER),
        doc.HistoryEntry(number=3, kind="typo", at=samples.LATER + timedelta(days=1)),
    )
    assert doc.noted_change(history) == samples.LATER


def test_addresses() -> None:
    document = samples.corrected()
    assert document.url == "https://check.example/reports/harbour-toll-buses/"
    assert document.version_url == "https://check.example/reports/harbour-toll-buses/v/2/"
    assert document.tag_uri == "tag:check.example,2026:report:5f0c"
    moved = doc.with_current_address(document, slug="new", desk=document.desk)
    assert moved.url == "https://check.example/reports/new/"
    assert moved.tag_uri == document.tag_uri
    assert samples.CLAIM.said_on == date(2026, 11, 17)
