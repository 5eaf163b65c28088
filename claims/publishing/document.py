"""The report document: what one version of a verdict report says.

The document is complete and frozen. The page, the ClaimReview, feeds, exports,
share card and PDF are made from it and from nothing else.

Text is kept code point for code point: nothing is normalised, because a quote
must stay the quote.
"""

import dataclasses
import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from urllib.parse import urljoin, urlsplit

from claims.publishing import canonical
from claims.publishing import vocabulary as words

FORMAT = "report/1"


class DocumentError(ValueError):
    """The data cannot be a report document; the message names the field."""


def _one_of(field: str, value: str, allowed: frozenset[str]) -> None:
    if value not in allowed:
        raise DocumentError(f"{field}: {value!r} is none of {', '.join(sorted(allowed))}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who made the claim; ``role`` is the one held when it was said."""

    name: str
    role: str = ""
    same_as: tuple[str, ...] = ()
    kind: str = "person"
    url: str = ""

    def __post_init__(self) -> None:
        _one_of("speaker.kind", self.kind, words.SPEAKER_KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRef:
    """Where the claim was found."""

    title: str = ""
    outlet: str = ""
    url: str = ""
    archive_url: str = ""
    published_on: date | None = None
    copy_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedClaim:
    """The claim: the exact words, and how they were read.

    ``start`` and ``end`` count Unicode code points into the stored article.
    ``said_when`` holds words for a date that is not known to the day.
    """

    quote: str
    restated: str = ""
    how_read: str = ""
    speaker: Speaker | None = None
    said_on: date | None = None
    said_when: str = ""
    where: str = ""
    article: ArticleRef | None = None
    first_appearance: str = ""
    appearances: tuple[str, ...] = ()
    context_before: str = ""
    context_after: str = ""
    start: int | None = None
    end: int | None = None

    @property
    def stated(self) -> str:
        """The claim as it is put to the public: restated if that was needed, else the quote."""
        return self.restated or self.quote


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleLevel:
    """One step of the rating scale; ``position`` 1 is the least true."""

    position: int
    key: str
    word: str
    definition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The finding. Off the scale, ``position`` is None and no number may be made up.

    ``worst`` and ``best`` are the ends of the scale, nearer ``best`` is truer.
    """

    key: str
    word: str
    summary: str = ""
    position: int | None = None
    worst: int | None = None
    best: int | None = None
    definition: str = ""
    scale_name: str = ""
    scale_version: int = 1
    levels: tuple[ScaleLevel, ...] = ()

    def __post_init__(self) -> None:
        if self.position is None:
            return
        if self.worst is None or self.best is None or self.worst < 1:
            raise DocumentError("verdict: a position needs both ends of the scale, the lower at least 1")
        if not self.worst < self.best or not self.worst <= self.position <= self.best:
            raise DocumentError(
                f"verdict: position {self.position} does not lie on a scale of {self.worst} to {self.best}"
            )

    @property
    def on_scale(self) -> bool:
        """Whether the verdict has a place on the scale."""
        return self.position is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The copy of a source: confirmed by an archive, held by the desk, or none with the reason.

    An ``independent`` copy needs the address that the archive confirmed; the
    desk's ``own_copy`` needs its SHA-256; ``none`` needs a reason.
    """

    state: str = "none"
    url: str = ""
    sha256: str = ""
    reason: str = ""
    captured_at: datetime | None = None

    def __post_init__(self) -> None:
        _one_of("archive.state", self.state, words.ARCHIVE_STATES)
        if self.state == "independent" and not self.url:
            raise DocumentError("archive: an independent copy needs the address that the archive confirmed")
        if self.state == "own_copy" and not self.sha256:
            raise DocumentError("archive: the desk's own copy needs its SHA-256")
        if self.state != "independent" and self.url:
            raise DocumentError("archive: an address may stand only where an archive confirmed the copy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One numbered source: what it is, what it says, and which way it points."""

    number: int
    title: str
    publisher: str = ""
    url: str = ""
    where: str = ""
    kind: str = "secondary"
    stance: str = "context"
    quote: str = ""
    origin: str = ""
    published_on: date | None = None
    accessed: date | None = None
    archive: Archive = Archive()
    interests: str = ""
    anonymous: bool = False
    anonymous_reason: str = ""

    def __post_init__(self) -> None:
        _one_of(f"source {self.number}: kind", self.kind, words.SOURCE_KINDS)
        _one_of(f"source {self.number}: stance", self.stance, words.STANCES)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckStep:
    """One step of the check: what was done, with what, and how it came out."""

    label: str
    outcome: str = "ok"
    outcome_words: str = ""
    ran_on: date | None = None
    tool: str = ""
    model: str = ""

    def __post_init__(self) -> None:
        _one_of(f"step {self.label}: outcome", self.outcome, words.STEP_OUTCOMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who wrote or read the report."""

    name: str
    url: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateException:
    """A rule of the desk that was set aside, in the open."""

    gate: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One version in the public history, the first one included."""

    number: int
    kind: str
    at: datetime
    note: str = ""
    old_verdict: str = ""
    new_verdict: str = ""
    wrong: str = ""
    right: str = ""
    by: str = ""

    def __post_init__(self) -> None:
        _one_of(f"version {self.number}: kind", self.kind, words.CHANGE_KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What the bar above the headline says."""

    kind: str
    at: datetime
    text: str
    old_verdict: str = ""
    new_verdict: str = ""

    def __post_init__(self) -> None:
        _one_of("notice.kind", self.kind, words.CHANGE_KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another check that a reader may want."""

    title: str
    url: str
    relation: str = "related"
    verdict_word: str = ""
    publisher: str = ""
    published_on: date | None = None

    def __post_init__(self) -> None:
        _one_of("related.relation", self.relation, words.RELATIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaReview:
    """What was done to a picture, film or sound that carries the claim."""

    categories: tuple[str, ...]
    media_type: str = "ImageObject"
    appearance: str = ""
    original_context: str = ""
    original_link: str = ""

    def __post_init__(self) -> None:
        _one_of("media.media_type", self.media_type, words.MEDIA_TYPES)
        for category in self.categories:
            _one_of("media.categories", category, words.MEDIA_CATEGORIES)
        if {"OriginalMediaContent", "TransformedContent"} <= set(self.categories):
            raise DocumentError("media.categories: content cannot be original and transformed at once")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The publisher, and where its rules can be read. Addresses are absolute.

    ``tag_authority`` ("desk.example,2026") names the desk in feed ids; it stays
    the same when the site moves, see RFC 4151.
    """

    name: str
    url: str
    tag_authority: str
    logo: str = ""
    methodology_url: str = ""
    corrections_url: str = ""
    report_error_url: str = ""
    funding_url: str = ""
    ethics_url: str = ""
    scale_url: str = ""
    about_url: str = ""
    license_url: str = ""
    is_news_organization: bool = True

    @property
    def host(self) -> str:
        """The host name of the public site, in lower case."""
        return (urlsplit(self.url).hostname or "").lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDocument:
    """One version of a report, complete.

    ``uid`` never changes, whatever becomes of title and slug. ``published_at``
    is when the first version came out, ``modified_at`` the last change that
    readers are told of (see :func:`noted_change`).
    """

    uid: str
    slug: str
    version: int
    change: str
    language: str
    headline: str
    claim: CheckedClaim
    verdict: Verdict
    desk: Desk
    published_at: datetime
    modified_at: datetime
    direction: str = "ltr"
    short: tuple[str, ...] = ()
    why_checked: str = ""
    reasoning_markdown: str = ""
    claimant_reply: str = ""
    not_established: str = ""
    how_checked: tuple[CheckStep, ...] = ()
    conclusion: str = ""
    sources: tuple[Source, ...] = ()
    authors: tuple[Person, ...] = ()
    second_readers: tuple[Person, ...] = ()
    interests: str = ""
    methodology_version: str = ""
    exceptions: tuple[GateException, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    notice: Notice | None = None
    retracted: bool = False
    related: tuple[Related, ...] = ()
    media: MediaReview | None = None
    topics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _one_of("change", self.change, words.CHANGE_KINDS)
        _one_of("direction", self.direction, words.DIRECTIONS)
        if self.version < 1:
            raise DocumentError("version: versions are counted from 1")
        if self.published_at.tzinfo is None or self.modified_at.tzinfo is None:
            raise DocumentError("published_at, modified_at: a time needs its zone")
        if self.modified_at < self.published_at:
            raise DocumentError("modified_at: a report cannot change before it came out")
        numbers = [source.number for source in self.sources]
        if len(set(numbers)) != len(numbers):
            raise DocumentError("sources: two sources have one number")

    @property
    def url(self) -> str:
        """The permalink: absolute, final, without a redirect."""
        return urljoin(self.desk.url, f"/reports/{self.slug}/")

    @property
    def version_url(self) -> str:
        """The page that keeps showing this very version."""
        return urljoin(self.url, f"v/{self.version}/")

    @property
    def tag_uri(self) -> str:
        """The id in feeds, which outlives title, slug and host (RFC 4151)."""
        return f"tag:{self.desk.tag_authority}:report:{self.uid}"

    @property
    def source_numbers(self) -> frozenset[int]:
        """The numbers that a citation may name."""
        return frozenset(source.number for source in self.sources)

    @property
    def corrections(self) -> tuple[HistoryEntry, ...]:
        """The versions that admitted an error, oldest first."""
        return tuple(entry for entry in self.history if entry.kind in words.CORRECTION_KINDS)

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no blanks, times in UTC, text as it is.

        A field at its default is left out, so that a field added to this
        program later leaves the hash of every older version as it was.

        Raises:
            DocumentError: if a text holds half a surrogate pair, which UTF-8 cannot
                say, or a time has no zone.
        """
        try:
            return canonical.dumps({"format": FORMAT, **canonical.encode(self)})
        except UnicodeEncodeError as error:
            raise DocumentError(f"a text cannot be written as UTF-8: {error}") from error
        except canonical.CanonicalError as error:
            raise DocumentError(str(error)) from error

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read what :meth:`to_json` wrote.

        Raises:
            DocumentError: if it is no report document, naming the field at fault.
        """
        try:
            data = canonical.loads(text)
            if data.pop("format", None) != FORMAT:
                raise DocumentError(f"format: this is not a {FORMAT} document")
            return canonical.decode(cls, data)
        except canonical.CanonicalError as error:
            raise DocumentError(str(error)) from error

    def sha256(self) -> str:
        """The SHA-256 of the canonical JSON, in hex."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def noted_change(history: tuple[HistoryEntry, ...]) -> datetime:
    """When readers were last told of a change: typo fixes do not count.

    Args:
        history: at least the first version.
    """
    return max(entry.at for entry in history if entry.kind not in words.SILENT_KINDS)


def with_current_address(document: ReportDocument, *, slug: str, desk: Desk) -> ReportDocument:
    """The same version under the slug and the site address of today.

    A stored version keeps the slug of its day; markup must name the final one.
    """
    return dataclasses.replace(document, slug=slug, desk=desk)
