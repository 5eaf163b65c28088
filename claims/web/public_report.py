"""A frozen report version as its page shows it: texts rendered once, kept in memory by the version's hash."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from string import ascii_lowercase

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from claims.domain import listing, spoken
from claims.enums import ChangeKind
from claims.models import ReportVersion
from claims.publishing import claimreview, markdown
from claims.publishing.document import HistoryEntry, Related, ReportDocument, Source, Verdict
from claims.publishing.vocabulary import CORRECTIONS_FEED_KINDS

PLACES = ("false", "mostly-false", "half-true", "mostly-true", "true")
WORDS_A_MINUTE = 220


class Rendered:
    """HTML that ``publishing.markdown`` has made: its last step is an allow-list, so a template may print it."""

    def __init__(self, html: str) -> None:
        self._html = html

    def __html__(self) -> str:
        return self._html

    def __str__(self) -> SafeString:
        # Templates print through str(); the text has passed nh3's allow-list in publishing.markdown.
        return SafeString(self._html)

    def __bool__(self) -> bool:
        return bool(self._html.strip())


@dataclass(frozen=True, slots=True)
class Cited:
    """A source and the places that cite it, each with a letter."""

    source: Source
    places: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the public history."""

    entry: HistoryEntry
    label: str
    public: bool


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Everything a report's page prints."""

    document: ReportDocument
    place: str
    short: list[Rendered]
    why_checked: Rendered
    reasoning: Rendered
    not_established: Rendered
    sources: list[Cited]
    history: list[Change]
    minutes: int
    models: list[str]
    markup: SafeString | None
    sha256: str

    @property
    def labels(self) -> str:
        """``en`` where its labels are English and it is not; else empty."""
        return spoken.fallback(self.document.language)

    @property
    def frame_language(self) -> str:
        """The language of the pages around it, which are labels for the most part: its own, or English."""
        return spoken.frame(self.document.language)

    @property
    def frame_direction(self) -> str:
        """The direction of those pages."""
        return "ltr" if self.labels else self.document.direction

    @property
    def is_foreign(self) -> bool:
        """Whether what the desk's programs say of their work, in English, is another language on this page."""
        return not self.document.language.lower().startswith("en")

    @property
    def top_notes(self) -> list[Change]:
        """Errors that were admitted, newest first: they stand above the headline for good."""
        return [change for change in self.history if change.entry.kind in CORRECTIONS_FEED_KINDS]

    @property
    def place_notes(self) -> list[Change]:
        """Clarifications, at the place of the evidence."""
        return [change for change in self.history if change.entry.kind == ChangeKind.CLARIFICATION]

    @property
    def foot_notes(self) -> list[Change]:
        """Updates, at the foot of the text."""
        return [change for change in self.history if change.entry.kind == ChangeKind.UPDATE]

    @property
    def speaker_slug(self) -> str:
        speaker = self.document.claim.speaker
        return listing.slug_of(speaker.name) if speaker else ""

    @property
    def outlet_slug(self) -> str:
        article = self.document.claim.article
        return listing.slug_of(article.outlet) if article else ""

    @property
    def quote(self) -> str:
        """The exact words without the comma that the article's sentence went on with."""
        return self.document.claim.quote.rstrip(" ,;")

    @property
    def has_own_marks(self) -> bool:
        """Whether the words begin with a quotation mark of the article's own, so that the page adds none."""
        return self.quote.startswith(tuple("“\"‘'«„‹”"))

    @property
    def related(self) -> list[Related]:
        """Other checks, as they stood when this version came out."""
        return list(self.document.related)

    @property
    def supporting(self) -> int:
        return sum(cited.source.stance == "supports" for cited in self.sources)

    @property
    def undermining(self) -> int:
        return sum(cited.source.stance == "undermines" for cited in self.sources)


def place_of(verdict: Verdict) -> str:
    """The mark and colour of a verdict: ``true`` … ``false`` by its place on the scale, ``off`` without one."""
    if verdict.position is None or verdict.worst is None or verdict.best is None:
        return "off"
    known = verdict.key.replace("_", "-")
    if known in PLACES:
        return known
    share = (verdict.position - verdict.worst) / (verdict.best - verdict.worst)
    return PLACES[round(share * (len(PLACES) - 1))]


def of(version: ReportVersion) -> ReportPage:
    """The page of a stored version."""
    return _page(version.document, version.sha256)


def many(versions: Iterable[ReportVersion | None]) -> list[ReportPage]:
    """The pages of several versions, in their order."""
    return [of(version) for version in versions if version is not None]


@lru_cache(maxsize=512)
def _page(stored: str, sha256: str) -> ReportPage:
    document = ReportDocument.from_json(stored)
    with spoken.speaking(document.language):
        return _rendered(document, sha256)


def _rendered(document: ReportDocument, sha256: str) -> ReportPage:
    citations = markdown.Citations(known=document.source_numbers, label=_("Source {number}"))
    short = [Rendered(markdown.render_inline(line, citations)) for line in document.short]
    why = Rendered(markdown.render(document.why_checked, citations))
    reasoning = Rendered(markdown.render(document.reasoning_markdown, citations))
    open_questions = Rendered(markdown.render(document.not_established, citations))
    node = claimreview.build(document)
    words = len(f"{document.reasoning_markdown} {' '.join(document.short)}".split())
    return ReportPage(
        document=document,
        place=place_of(document.verdict),
        short=short,
        why_checked=why,
        reasoning=reasoning,
        not_established=open_questions,
        sources=[_cited(source, citations) for source in document.sources],
        history=[_change(entry) for entry in reversed(document.history)],
        models=list(dict.fromkeys(step.model for step in document.how_checked if step.model)),
        minutes=max(1, ceil(words / WORDS_A_MINUTE)),
        # JSON whose <, > and & are escapes cannot leave its script element.
        markup=SafeString(claimreview.embed_script_text(node)) if node else None,
        sha256=sha256,
    )


def _cited(source: Source, citations: markdown.Citations) -> Cited:
    places = citations.places(source.number)
    letters = [ascii_lowercase[n] if n < len(ascii_lowercase) else str(n + 1) for n in range(len(places))]
    return Cited(source, list(zip(letters, places, strict=True)))


def _change(entry: HistoryEntry) -> Change:
    return Change(entry, str(ChangeKind(entry.kind).label), entry.kind != ChangeKind.TYPO)


def jsonld(page: ReportPage) -> str | None:
    """The report's ClaimReview as a file; None once it is retracted."""
    node = claimreview.build(page.document)
    return json.dumps(node, ensure_ascii=False, indent=1) if node else None
