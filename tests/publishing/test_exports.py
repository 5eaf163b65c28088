"""Citations, annotations, provenance, Google's resource and the files that stand alone."""

import dataclasses
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.publishing.document import ReportDocument, Source
from claims.publishing.exports import annotations, citing, google, page, provenance
from claims.publishing.exports.markdown_file import to_markdown
from tests.publishing import samples

ALL = [samples.report(), samples.corrected(), samples.off_scale(), samples.retracted()]
GOOGLE = json.loads((Path(google.__file__).with_name("google_pages.schema.json")).read_text())


# Web annotations


@st.composite
def spans(draw: st.DrawFn) -> tuple[str, int, int]:
    pieces = st.sampled_from(["a", "b", " ", "e\u0301", "\U0001f468\u200d\U0001f469", "\n", "ü", "نص"])
    text = draw(st.lists(pieces, min_size=1, max_size=120).map("".join) | st.text(min_size=1, max_size=60))
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


@given(spans())
def test_both_selectors_find_the_same_words(span: tuple[str, int, int]) -> None:
    text, start, end = span
    quote, position = annotations.selectors(text, start, end)
    assert (position["start"], position["end"]) == (start, end)
    assert quote["exact"] == text[start:end]
    assert annotations.find_quote(text, quote) == [(start, end)]


def test_a_repeated_quote_gets_more_surroundings() -> None:
    text = ("y" * 50 + "so it was" + "y" * 50) * 2
    start = text.index("so it was")
    quote, _ = annotations.selectors(text, start, start + 9)
    assert annotations.find_quote(text, quote) == [(start, start + 9)]


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 99)])
def test_a_span_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(annotations.SpanError):
        annotations.selectors("short", start, end)


def test_annotation_of_a_report() -> None:
    text = "x" * 120 + samples.CLAIM.quote + " more"
    note = annotations.annotation(samples.report(), text)
    assert note["motivation"] == "assessing"
    assert note["target"]["source"] == "https://courier.example/2026/11/18/toll"
    assert note["target"]["state"]["cached"].startswith("https://web.archive.org/")
    assert note["target"]["selector"][0]["exact"] == samples.CLAIM.quote
    assert note["body"][0]["value"].startswith("Mostly false:")
    pages = annotations.collection(
        [note, note], url="https://check.example/articles/1/annotations", label="Toll"
    )
    assert pages["total"] == len(pages["first"]["items"]) == 2
    assert "@context" not in pages["first"]["items"][0]
    unplaced = samples.report(claim=dataclasses.replace(samples.CLAIM, start=None))
    with pytest.raises(annotations.SpanError):
        annotations.annotation(unplaced, text)


def test_link_to_the_words() -> None:
    link = annotations.text_fragment("https://a.example/x#y", "70 cents, well-spent & more")
    assert link == "https://a.example/x#:~:text=70%20cents%2C%20well%2Dspent%20%26%20more"


# Citations


def test_bibtex() -> None:
    entry = citing.bibtex(samples.report(headline="70 % of {all} & more_or #less"))
    assert entry.startswith("@misc{harbour-toll-buses-v1,")
    assert r"70 \% of \{all\} \& more\_or \#less" in entry
    assert "author = {{Noor Haddad}}" in entry
    assert entry.count("{") == entry.count("}")


@given(st.text(max_size=40))
def test_bibtex_stays_one_entry(text: str) -> None:
    entry = re.sub(r"\\[\\{}]", "", citing.bibtex(samples.report(headline=text)))
    assert entry.count("{") == entry.count("}")


def test_csl_and_ris() -> None:
    (item,) = citing.csl(samples.corrected())
    assert item["URL"] == "https://check.example/reports/harbour-toll-buses/v/2/"
    assert item["issued"] == {"date-parts": [[2026, 11, 22]]}
    assert item["author"] == [{"literal": "Noor Haddad"}]
    lines = citing.ris(samples.report(headline="two\nlines")).split("\r\n")
    assert lines[0] == "TY  - ELEC"
    assert lines[-2] == "ER  - "
    assert "TI  - two lines" in lines


# Provenance


@pytest.mark.parametrize("document", ALL)
def test_provenance_has_one_publication_per_version_and_no_address_of_a_person(
    document: ReportDocument,
) -> None:
    prov = provenance.prov_json(document, software="Plumbline", software_version="1")
    publications = [name for name in prov["activity"] if name.startswith("report:publish-")]
    assert len(publications) == len(document.history)
    assert "@" not in json.dumps(prov)
    for relation, ends in prov.items():
        if relation not in ("prefix", "entity", "activity", "agent"):
            for end in ends.values():
                assert_known(prov, end)


def assert_known(prov: dict[str, Any], end: dict[str, Any]) -> None:
    where = {"entity": "entity", "generatedEntity": "entity", "usedEntity": "entity"}
    for role, name in end.items():
        if role != "prov:type":
            kind = role.removeprefix("prov:")
            assert name in prov[where.get(kind, kind)], (role, name)


# Google


@pytest.mark.parametrize("document", ALL[:3])
def test_google_resource_has_the_shape_of_the_api(document: ReportDocument) -> None:
    resource = google.to_google_pages(document)
    jsonschema.validate(resource, GOOGLE)


def test_google_resource_on_and_off_the_scale() -> None:
    resource = google.to_google_pages(samples.report())
    assert resource is not None
    (markup,) = resource["claimReviewMarkups"]
    assert markup["claimLocation"] == "council meeting, Ellery"
    assert markup["rating"]["ratingValue"] == 2
    off = google.to_google_pages(samples.off_scale())
    assert off is not None
    assert set(off["claimReviewMarkups"][0]["rating"]) == {"textualRating", "ratingExplanation"}
    assert google.to_google_pages(samples.retracted()) is None


def test_the_shape_can_fail() -> None:
    resource = google.to_google_pages(samples.report())
    assert resource is not None
    resource["claimReviewMarkups"][0]["rating"]["ratingValue"] = 2.5
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(resource, GOOGLE)


# Files that stand alone


class Page(HTMLParser):
    """What a browser would load, and how the parts hang together."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.jumps: list[str] = []
        self.words = ""
        self.handlers: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag in ("script", "img", "iframe", "object", "embed", "video", "audio"):
            self.loads.append(tag)
        if tag == "link" and found.get("rel") not in ("canonical",):
            self.loads.append(str(found))
        self.ids += [str(found["id"])] if "id" in found else []
        href = str(found.get("href") or "")
        self.jumps += [href[1:]] if href.startswith("#") else []
        self.handlers += [name for name in found if name.startswith("on") or name == "style"]

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("document", ALL)
def test_file_loads_nothing_and_every_jump_lands(document: ReportDocument) -> None:
    html = page.standalone_html(document)
    seen = Page(html)
    assert seen.loads == []
    assert seen.handlers == []
    assert len(set(seen.ids)) == len(seen.ids)
    assert set(seen.jumps) <= set(seen.ids)
    assert "url(" not in html
    assert "@import" not in html
    assert "ClaimReview" not in html


@pytest.mark.parametrize("document", ALL)
def test_file_says_all_there_is(document: ReportDocument) -> None:
    words = Page(page.standalone_html(document)).words
    for text in (
        document.headline,
        document.claim.quote,
        document.verdict.word,
        document.verdict.summary,
        document.claimant_reply,
        document.not_established,
        document.conclusion,
        document.url,
        *(source.title for source in document.sources),
        *(entry.note for entry in document.history),
        *(item.reason for item in document.exceptions),
    ):
        assert text in words


def test_file_follows_the_direction_and_language_of_the_report() -> None:
    html = page.standalone_html(samples.report(language="ar", direction="rtl"))
    assert '<html lang="ar" dir="rtl">' in html


STINGS = [
    "<script>alert(1)</script>",
    "</style><script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
]


@given(st.sampled_from(STINGS), st.text(max_size=10))
def test_no_text_breaks_out_of_the_file(sting: str, text: str) -> None:
    words = sting + text
    source = Source(number=1, title=words, url=words, publisher=words, quote=words, interests=words)
    document = samples.report(
        headline=words,
        claim=dataclasses.replace(samples.CLAIM, quote=words, restated=words, where=words),
        short=(words,),
        reasoning_markdown=words + " [1]",
        sources=(source,),
        verdict=dataclasses.replace(samples.OFF_SCALE, word=words, summary=words, definition=words),
    )
    html = page.standalone_html(document)
    seen = Page(html)
    assert seen.loads == []
    assert seen.handlers == []
    assert not re.search(r"href=.?javascript:", html, re.IGNORECASE)
    to_markdown(document)


def test_markdown_file() -> None:
    text = to_markdown(samples.corrected(headline="Five *stars* for [nobody]"))
    assert text.startswith("> **Verdict changed.**")
    assert r"# Five \*stars\* for \[nobody\]" in text
    assert "**Mostly false**" in text
    assert "1. Harbour toll: yearly accounts 2025" in text
    assert "~~Mostly false~~" in to_markdown(samples.retracted())
