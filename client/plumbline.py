"""A typed client of the Plumbline API, version 1, with nothing but the standard library.

Written by ``manage.py generate_client`` from the description of the API. Do not edit it: change the API and run the
command again.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import quote, urlencode, urlsplit

AboutEnum = Literal['fact', 'quote', 'source', 'other']

ActionEnum = Literal['triage', 'assign', 'take', 'reassign', 'release', 'start', 'submit', 'send_back', 'approve', 'schedule', 'unschedule', 'publish', 'open_correction', 'publish_correction', 'cancel_correction', 'propose_retraction', 'retract', 'cancel_retraction', 'decline', 'mark_duplicate', 'hold', 'reopen', 'undo']

ArchiveStateEnum = Literal['none', 'own_copy', 'independent']

ArticleStateEnum = Literal['fetching', 'extracting', 'ready', 'failed']

ChangeKindEnum = Literal['first', 'typo', 'update', 'clarification', 'correction', 'verdict_change', 'retraction']

ChannelEnum = Literal['web', 'admin', 'api', 'command', 'system']

CorrectionKindEnum = Literal['typo', 'update', 'clarification', 'correction', 'verdict_change']

DelimiterEnum = Literal[',', ';', '\t', '|']

EventsEnum = Literal['report.published', 'report.corrected', 'report.retracted', 'claim.assigned', 'claim.submitted', 'audit.head']

FormEnum = Literal['signed', 'chat']

GateEnum = Literal['primary_source', 'two_origins', 'both_sides', 'interests_stated', 'anonymous_consent', 'right_of_reply', 'quote_in_text', 'quotes_in_copies', 'copy_kept', 'reply_deadline']

IntakeEnum = Literal['pasted', 'uploaded', 'fetched', 'imported']

MediaCategoryEnum = Literal['DecontextualizedContent', 'EditedOrCroppedContent', 'TransformedContent', 'StagedContent', 'SatireOrParodyContent', 'OriginalMediaContent']

MediaKindEnum = Literal['ImageObject', 'VideoObject', 'AudioObject']

MessageOutcomeEnum = Literal['corrected', 'clarified', 'rejected', 'known']

NotContactedReasonEnum = Literal['public_record', 'no_contact', 'deceased', 'anonymous', 'safety']

PriorityEnum = Literal['1_urgent', '2_normal', '3_low']

RoleEnum = Literal['checker', 'second_reader']

ScopeEnum = Literal['read', 'desk', 'publish']

SourceKindEnum = Literal['primary', 'secondary', 'expert']

StanceEnum = Literal['supports', 'undermines', 'context']

StatusEnum = Literal['new', 'triaged', 'assigned', 'researching', 'in_review', 'approved', 'scheduled', 'published', 'correcting', 'retracted', 'declined', 'duplicate', 'on_hold']

StepOutcomeEnum = Literal['found', 'nothing_found', 'not_applicable', 'not_configured', 'unavailable', 'failed', 'out_of_date']

StepStateEnum = Literal['queued', 'running', 'done', 'dead', 'cancelled']


class AgreementOut(TypedDict):
    """How often second readers, rating blind, chose what the checker had chosen."""

    count: int
    same: int
    kappa: float | None


class AnswerInRequest(TypedDict):
    """How a message ended."""

    outcome: MessageOutcomeEnum
    answer: str


class ArticleDetail(TypedDict):
    """One article with its text and how far it is."""

    id: int
    title: str
    outlet: str
    author: str
    published_on: str | None
    url: str
    language: str
    language_supported: bool
    topic: str
    state: ArticleStateEnum
    problem: str
    intake: IntakeEnum
    created_at: str
    text: str
    dropped: list[Dropped]
    progress: Progress


class ArticleFileRequest(TypedDict):
    """An article as a file: .txt, .html, .docx or .pdf, up to 10 MB."""

    file: bytes
    title: NotRequired[str]
    outlet: NotRequired[str]
    author: NotRequired[str]
    published_on: NotRequired[str]
    topic: NotRequired[str]


class ArticleOut(TypedDict):
    """An article in a list."""

    id: int
    title: str
    outlet: str
    author: str
    published_on: str | None
    url: str
    language: str
    language_supported: bool
    topic: str
    state: ArticleStateEnum
    problem: str
    intake: IntakeEnum
    created_at: str


class ArticleTextRequest(TypedDict):
    """The text of an article whose page could not be read."""

    text: str
    title: NotRequired[str]


class AssignRequest(TypedDict):
    """Who checks the claim, by when."""

    version: int
    assignee: str
    second_reader: NotRequired[str]
    due_at: NotRequired[str]
    note: NotRequired[str]
    reason: NotRequired[str]


class AssignmentOut(TypedDict):
    """Who was asked to do what, since when."""

    id: int
    claim: int
    person: str
    role: RoleEnum
    assigned_by: str | None
    note: str
    created_at: str
    ended_at: str | None


class AttemptOut(TypedDict):
    """One try of one call."""

    at: str
    delivered: bool
    status_code: int | None
    note: str


class BalanceOut(TypedDict):
    """Claims found and declined, and reports that stand, for one speaker."""

    name: str
    found: int
    declined: int
    published: int


class BulkAssignRequest(TypedDict):
    """One checker for up to a hundred claims."""

    items: list[ClaimAtRequest]
    assignee: str
    second_reader: NotRequired[str]
    due_at: NotRequired[str]
    note: NotRequired[str]
    reason: NotRequired[str]


class BulkItem(TypedDict):
    """What came of one claim: where it stands now, or the problem."""

    claim: int
    status: int
    state: str | None
    version: int | None
    problem: ProblemBody | None


class BulkMoveRequest(TypedDict):
    """One move of many."""

    reason: NotRequired[str]
    assignee: NotRequired[str]
    second_reader: NotRequired[str]
    due_at: NotRequired[str]
    publish_at: NotRequired[str]
    decline_reason: NotRequired[str]
    original: NotRequired[int]
    kind: NotRequired[CorrectionKindEnum]
    public_note: NotRequired[str]
    note: NotRequired[str]
    claim: int
    action: ActionEnum
    version: int


class BulkMovesRequest(TypedDict):
    """Up to a hundred moves; each goes through the door by itself."""

    items: list[BulkMoveRequest]


class BulkResult(TypedDict):
    """How each item went, in the order in which they were sent."""

    done: int
    refused: int
    items: list[BulkItem]


class ClaimAtRequest(TypedDict):
    """A claim at the version that was seen."""

    claim: int
    version: int


class ClaimDetail(TypedDict):
    """One claim with the moves that are open to the caller, and how far its steps are."""

    id: int
    article: int
    article_title: str
    number: int
    text: str
    start: int
    end: int
    restated: str
    speaker: str
    speaker_role: str
    said_on: str | None
    said_where: str
    kind: str
    worthiness: float
    reasons: list[str]
    claim_kinds: list[str]
    status: StatusEnum
    version: int
    assignee: str | None
    second_reader: str | None
    due_at: str | None
    publish_at: str | None
    priority: PriorityEnum
    topic: str
    tags: list[str]
    decline_reason: str
    duplicate_of: int | None
    created_at: str
    moves: list[MoveOut]
    progress: Progress


class ClaimOut(TypedDict):
    """A claim in a list."""

    id: int
    article: int
    article_title: str
    number: int
    text: str
    start: int
    end: int
    restated: str
    speaker: str
    speaker_role: str
    said_on: str | None
    said_where: str
    kind: str
    worthiness: float
    reasons: list[str]
    claim_kinds: list[str]
    status: StatusEnum
    version: int
    assignee: str | None
    second_reader: str | None
    due_at: str | None
    publish_at: str | None
    priority: PriorityEnum
    topic: str
    tags: list[str]
    decline_reason: str
    duplicate_of: int | None
    created_at: str


class ClaimPair(TypedDict):
    """The two claims that one was cut into."""

    first: ClaimOut
    second: ClaimOut


class CommentInRequest(TypedDict):
    """A word to colleagues. @username tells that person."""

    text: str
    passage: NotRequired[str]


class CommentOut(TypedDict):
    """A comment."""

    id: int
    author: str
    text: str
    passage: str
    created_at: str
    resolved_at: str | None


class DeliveryOut(TypedDict):
    """One call to one receiver, with every try."""

    id: int
    uid: str
    event: str
    state: str
    created_at: str
    attempts: list[AttemptOut]


class Dropped(TypedDict):
    """A piece of the page that is no part of the article, with the reason."""

    text: str
    reason: str


class EventOut(TypedDict):
    """One line of the claim's history. Each hash covers the line before it."""

    id: int
    at: str
    actor_name: str
    channel: ChannelEnum
    action: str
    from_status: str
    to_status: str
    claim_version: int | None
    reason: str
    note_read_by: list[str]
    hash: str


class EvidenceInRequest(TypedDict):
    """A new source."""

    publisher: NotRequired[str]
    url: NotRequired[str]
    where: NotRequired[str]
    quote: NotRequired[str]
    note: NotRequired[str]
    origin: NotRequired[str]
    interests: NotRequired[str]
    anonymous: NotRequired[bool]
    anonymous_reason: NotRequired[str]
    accessed_on: NotRequired[str]
    title: str
    stance: StanceEnum
    kind: SourceKindEnum


class EvidenceOut(TypedDict):
    """A source on a claim. Its number stays, whatever is added or taken back."""

    id: int
    claim: int
    number: int
    title: str
    publisher: str
    url: str
    where: str
    quote: str
    note: str
    stance: StanceEnum
    kind: SourceKindEnum
    origin: str
    interests: str
    anonymous: bool
    anonymous_reason: str
    accessed_on: str
    archive_state: ArchiveStateEnum
    archive_url: str
    added_by: str
    created_at: str
    withdrawn_at: str | None


class FailingOut(TypedDict):
    """One thing that stands in the way, and how to mend it."""

    gate: str
    reason: str
    remedy: str
    where: str


class FieldError(TypedDict):
    """What is wrong with one field, and how to mend it."""

    field: str
    detail: str
    remedy: str


class GateExceptionInRequest(TypedDict):
    """An exception from one gate. Name and reason are printed on the report."""

    gate: GateEnum
    reason: str


class GateList(TypedDict):
    """All gates of one claim."""

    results: list[GateOut]


class GateOut(TypedDict):
    """One gate before publishing."""

    gate: str
    label: str
    passed: bool
    reason: str
    remedy: str
    exception: str


class ImportFileRequest(TypedDict):
    """Checks by other desks as ClaimReview."""

    file: bytes


class ImportOut(TypedDict):
    """One file of checks by other desks that was read in."""

    id: int
    name: str
    sha256: str
    brought_by: str | None
    started_at: str
    finished_at: str | None
    fresh: int
    renewed: int
    put_aside: int


class InsightOut(TypedDict):
    """The desk's own work in figures, counted at most every few minutes."""

    period: PeriodOut
    counted_at: str
    stays: list[StayOut]
    weeks: list[WeekOut]
    queue: list[QueueOut]
    by_topic: list[VerdictsOut]
    by_speaker: list[VerdictsOut]
    by_outlet: list[VerdictsOut]
    balance: list[BalanceOut]
    agreement: AgreementOut
    people: list[WorkloadOut]


class MatchList(TypedDict):
    """Earlier checks of one claim."""

    results: list[MatchOut]


class MatchOut(TypedDict):
    """An earlier check that may answer this claim."""

    step: int
    kind: str
    found_at: str
    title: str
    url: str
    verdict: str
    claim: str
    score: float | None
    item: dict[str, Any]


class MediaInRequest(TypedDict):
    """What was found of a picture, film or sound. Parts that are left out are empty."""

    kind: MediaKindEnum
    categories: list[MediaCategoryEnum]
    appearance: NotRequired[str]
    original_context: NotRequired[str]
    original_link: NotRequired[str]


class MediaOut(TypedDict):
    """What was found of the picture, film or sound that carries a claim."""

    kind: MediaKindEnum
    categories: list[MediaCategoryEnum]
    appearance: str
    original_context: str
    original_link: str
    saved_by: str
    saved_at: str


class MistakeInRequest(TypedDict):
    """What is wrong in a report."""

    about: AboutEnum
    text: str
    passage: NotRequired[str]
    link: NotRequired[str]
    email: NotRequired[str]


class MoveOut(TypedDict):
    """One move that the caller's role offers: allowed now, or what is missing."""

    action: ActionEnum
    label: str
    allowed: bool
    needs_reason: bool
    missing: list[str]


class MoveRequest(TypedDict):
    """A move: what, at which version, why, and whatever else the action asks."""

    reason: NotRequired[str]
    assignee: NotRequired[str]
    second_reader: NotRequired[str]
    due_at: NotRequired[str]
    publish_at: NotRequired[str]
    decline_reason: NotRequired[str]
    original: NotRequired[int]
    kind: NotRequired[CorrectionKindEnum]
    public_note: NotRequired[str]
    note: NotRequired[str]
    action: ActionEnum
    version: int


class NewArticleRequest(TypedDict):
    """An article by its text, or by its address alone: then the desk fetches it."""

    text: NotRequired[str]
    url: NotRequired[str]
    title: NotRequired[str]
    outlet: NotRequired[str]
    author: NotRequired[str]
    published_on: NotRequired[str]
    topic: NotRequired[str]


class NewClaimRequest(TypedDict):
    """A claim from words in the article, from a place in it, or from a statement."""

    article: int
    text: NotRequired[str]
    start: NotRequired[int]
    end: NotRequired[int]
    speaker: NotRequired[str]
    statement: NotRequired[int]


class PaginatedArticleOutList(TypedDict):
    """PaginatedArticleOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[ArticleOut]


class PaginatedAssignmentOutList(TypedDict):
    """PaginatedAssignmentOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[AssignmentOut]


class PaginatedClaimOutList(TypedDict):
    """PaginatedClaimOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[ClaimOut]


class PaginatedCommentOutList(TypedDict):
    """PaginatedCommentOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[CommentOut]


class PaginatedDeliveryOutList(TypedDict):
    """PaginatedDeliveryOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[DeliveryOut]


class PaginatedEventOutList(TypedDict):
    """PaginatedEventOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[EventOut]


class PaginatedEvidenceOutList(TypedDict):
    """PaginatedEvidenceOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[EvidenceOut]


class PaginatedImportOutList(TypedDict):
    """PaginatedImportOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[ImportOut]


class PaginatedPersonOutList(TypedDict):
    """PaginatedPersonOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[PersonOut]


class PaginatedRatingOutList(TypedDict):
    """PaginatedRatingOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[RatingOut]


class PaginatedReaderMessageOutList(TypedDict):
    """PaginatedReaderMessageOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[ReaderMessageOut]


class PaginatedReportOutList(TypedDict):
    """PaginatedReportOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[ReportOut]


class PaginatedRevisionOutList(TypedDict):
    """PaginatedRevisionOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[RevisionOut]


class PaginatedSheetOutList(TypedDict):
    """PaginatedSheetOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[SheetOut]


class PaginatedSpeakerOutList(TypedDict):
    """PaginatedSpeakerOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[SpeakerOut]


class PaginatedStatementOutList(TypedDict):
    """PaginatedStatementOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[StatementOut]


class PaginatedStepOutList(TypedDict):
    """PaginatedStepOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[StepOut]


class PaginatedTokenOutList(TypedDict):
    """PaginatedTokenOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[TokenOut]


class PaginatedVersionOutList(TypedDict):
    """PaginatedVersionOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[VersionOut]


class PaginatedWebhookOutList(TypedDict):
    """PaginatedWebhookOutList"""

    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    results: list[WebhookOut]


class PatchedArticleDetailsRequest(TypedDict):
    """What is known about an article. Its text never changes."""

    title: NotRequired[str]
    outlet: NotRequired[str]
    author: NotRequired[str]
    published_on: NotRequired[str | None]
    topic: NotRequired[str]


class PatchedClaimChangeRequest(TypedDict):
    """What may be edited of a claim. The article's words are never changed; start and end mark others."""

    restated: NotRequired[str]
    speaker: NotRequired[str]
    speaker_role: NotRequired[str]
    said_on: NotRequired[str | None]
    said_where: NotRequired[str]
    topic: NotRequired[str]
    tags: NotRequired[list[str]]
    start: NotRequired[int]
    end: NotRequired[int]
    priority: NotRequired[PriorityEnum]
    due_at: NotRequired[str | None]


class PatchedEvidenceChangeRequest(TypedDict):
    """What changes of a source; parts that are left out stay."""

    publisher: NotRequired[str]
    url: NotRequired[str]
    where: NotRequired[str]
    quote: NotRequired[str]
    note: NotRequired[str]
    origin: NotRequired[str]
    interests: NotRequired[str]
    anonymous: NotRequired[bool]
    anonymous_reason: NotRequired[str]
    accessed_on: NotRequired[str]
    title: NotRequired[str]
    stance: NotRequired[StanceEnum]
    kind: NotRequired[SourceKindEnum]


class PatchedWebhookChangeRequest(TypedDict):
    """What is left out stays. The form stays always: calls that wait were worded in it."""

    name: NotRequired[str]
    url: NotRequired[str]
    events: NotRequired[list[EventsEnum]]
    stopped: NotRequired[bool]


class PeriodOut(TypedDict):
    """From the first day to the last, both included."""

    first: str
    last: str


class PersonOut(TypedDict):
    """A colleague."""

    username: str
    name: str
    roles: list[str]


class ProblemBody(TypedDict):
    """Every error (RFC 9457): what is wrong, where, how to mend it."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: NotRequired[list[FieldError]]
    failing: NotRequired[list[FailingOut]]
    current: NotRequired[dict[str, Any]]
    article: NotRequired[int]


class Progress(TypedDict):
    """How far the steps are."""

    total: int
    done: int
    running: int
    queued: int
    dead: int
    fraction: float


class ProposedNoteOut(TypedDict):
    """The note to readers as it is proposed, and who stands by these very words."""

    public_note: str
    proposed_by: str
    agreed_by: str | None
    proposed_at: str


class PublicNoteInRequest(TypedDict):
    """A note to readers before it is public."""

    public_note: str


class QueueOut(TypedDict):
    """What waits in one status now."""

    status: str
    by_age: list[int]
    oldest: str | None


class RatingOut(TypedDict):
    """One rating of the scale in use."""

    key: str
    word: str
    definition: str
    value: int | None
    off_scale: bool
    position: int


class ReaderMessageOut(TypedDict):
    """A message from a reader. Addresses for an answer are never shown."""

    id: int
    number: str
    report: str
    report_version: int
    claim: int
    about: AboutEnum
    passage: str
    text: str
    link: str
    wants_answer: bool
    created_at: str
    due_at: str
    correction: int | None
    outcome: str
    answer: str
    closed_at: str | None
    closed_by: str | None


class ReceiptOut(TypedDict):
    """The receipt of a message."""

    number: str
    created_at: str
    due_at: str
    receipt: str


class ReplyInRequest(TypedDict):
    """Whether the speaker was asked."""

    contacted: bool
    asked_on: NotRequired[str | None]
    channel: NotRequired[str]
    deadline: NotRequired[str | None]
    answer: NotRequired[str]
    answered_on: NotRequired[str | None]
    not_contacted_reason: NotRequired[NotContactedReasonEnum]


class ReplyOut(TypedDict):
    """The record of the right of reply."""

    contacted: bool
    asked_on: str | None
    channel: str
    deadline: str | None
    answer: str
    answered_on: str | None
    not_contacted_reason: str
    saved_at: str


class ReportDetail(TypedDict):
    """One public report: the frozen document of the version that stands."""

    slug: str
    url: str
    headline: str
    verdict_key: str
    topic: str
    version: int
    published_at: str | None
    modified_at: str | None
    retracted_at: str | None
    sha256: str
    document: dict[str, Any]


class ReportOut(TypedDict):
    """A public report in a list."""

    slug: str
    url: str
    headline: str
    verdict_key: str
    topic: str
    version: int
    published_at: str | None
    modified_at: str | None
    retracted_at: str | None


class ResultOut(TypedDict):
    """What a step found. What an item holds depends on the kind of step."""

    outcome: StepOutcomeEnum
    summary: str
    items: list[dict[str, Any]]
    source: str
    step_version: str
    finished_at: str


class RevisionOut(TypedDict):
    """One saved state of a verdict."""

    revision: int
    level: str | None
    headline: str
    summary: str
    reasoning: str
    bullets: list[str]
    why_checked: str
    how_read: str
    not_established: str
    searched_other_side: bool
    other_side_queries: str
    interests: str
    language: str
    author: str
    created_at: str


class SecondRatingInRequest(TypedDict):
    """How the second reader rates the claim."""

    level: str
    note: NotRequired[str]


class SecondRatingOut(TypedDict):
    """How a second reader rated the claim."""

    id: int
    claim: int
    reader: str
    level: str
    note: str
    created_at: str


class SheetChoiceRequest(TypedDict):
    """Which columns; as they were found by their headings where left out."""

    columns: NotRequired[SheetColumnsRequest]


class SheetColumnsRequest(TypedDict):
    """Which column holds what, counted from 0; what is left out is in none."""

    claim: NotRequired[int]
    quote: NotRequired[int]
    speaker: NotRequired[int]
    speaker_role: NotRequired[int]
    said_on: NotRequired[int]
    said_where: NotRequired[int]
    url: NotRequired[int]
    title: NotRequired[int]
    outlet: NotRequired[int]
    topic: NotRequired[int]
    tags: NotRequired[int]
    priority: NotRequired[int]


class SheetDetail(TypedDict):
    """The same, and what its rows would become."""

    id: int
    name: str
    brought_by: str
    created_at: str
    done_at: str | None
    made: int
    known: int
    head: list[str]
    columns: dict[str, Any]
    fresh: int
    problems: list[SheetProblem]
    missing: str


class SheetFileRequest(TypedDict):
    """Claims from a spreadsheet."""

    file: bytes
    delimiter: NotRequired[DelimiterEnum]


class SheetOut(TypedDict):
    """One spreadsheet of claims."""

    id: int
    name: str
    brought_by: str
    created_at: str
    done_at: str | None
    made: int
    known: int


class SheetProblem(TypedDict):
    """What is wrong with one row, and how to mend it."""

    row: int
    problem: str


class SpeakerOut(TypedDict):
    """A person, organisation or group whose words are checked."""

    id: int
    name: str
    role: str
    same_as: str


class SplitRequest(TypedDict):
    """Where to cut a claim in two."""

    at: int


class StatementOut(TypedDict):
    """One statement as extraction found it. Start and end count code points of the article's text."""

    id: int
    position: int
    text: str
    start: int
    end: int
    kind: str
    content: list[list[int]]
    speaker: str
    speaker_mention: str
    cue: str
    worthiness: float
    reasons: list[str]
    claim_kinds: list[str]
    restated: str


class StayOut(TypedDict):
    """How long claims stayed in one status before they left it, in hours."""

    status: str
    count: int
    middle: float
    longest_tenth: float


class StepOut(TypedDict):
    """One verification step and, once done, its result."""

    id: int
    claim: int | None
    article: int | None
    kind: str
    run: int
    state: StepStateEnum
    attempts: int
    next_run_at: str
    last_error: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    result: ResultOut | None


class TokenOut(TypedDict):
    """A key to the API, without the key: that is shown once, on the page that makes it."""

    id: int
    name: str
    prefix: str
    scope: ScopeEnum
    created_at: str
    expires_at: str
    last_used_at: str | None
    revoked_at: str | None


class VerdictInRequest(TypedDict):
    """The verdict; parts that are left out stay as they are."""

    revision: int
    level: NotRequired[str | None]
    headline: NotRequired[str]
    summary: NotRequired[str]
    reasoning: NotRequired[str]
    bullets: NotRequired[list[str]]
    why_checked: NotRequired[str]
    how_read: NotRequired[str]
    not_established: NotRequired[str]
    searched_other_side: NotRequired[bool]
    other_side_queries: NotRequired[str]
    interests: NotRequired[str]
    language: NotRequired[str]


class VerdictOut(TypedDict):
    """The verdict as it stands; revision 0 while nobody has written one."""

    revision: int
    level: str | None
    headline: str
    summary: str
    reasoning: str
    bullets: list[str]
    why_checked: str
    how_read: str
    not_established: str
    searched_other_side: bool
    other_side_queries: str
    interests: str
    language: str
    saved_by: str | None
    saved_at: str | None


class VerdictsOut(TypedDict):
    """Reports by verdict, for one topic, speaker or outlet."""

    name: str
    counts: dict[str, Any]


class VersionDetail(TypedDict):
    """One version with its frozen document."""

    number: int
    kind: ChangeKindEnum
    note: str
    sha256: str
    previous_sha256: str
    created_at: str
    document: dict[str, Any]


class VersionOut(TypedDict):
    """One version of a public report. Each hash is that of the document; the chain shows that none is missing."""

    number: int
    kind: ChangeKindEnum
    note: str
    sha256: str
    previous_sha256: str
    created_at: str


class WebhookInRequest(TypedDict):
    """A program elsewhere that wants to be told."""

    name: str
    url: str
    form: FormEnum
    events: list[EventsEnum]


class WebhookMade(TypedDict):
    """The same with its secret, which is shown this once."""

    id: int
    name: str
    url: str
    form: FormEnum
    events: list[str]
    created_at: str
    stopped_at: str | None
    secret: str


class WebhookOut(TypedDict):
    """A program elsewhere that is told of reports or claims."""

    id: int
    name: str
    url: str
    form: FormEnum
    events: list[str]
    created_at: str
    stopped_at: str | None


class WeekOut(TypedDict):
    """What happened in one week."""

    monday: str
    submitted: int
    sent_back: int
    approved: int
    published: int


class WorkloadOut(TypedDict):
    """What lies on one person's table now, and what they did in the period."""

    name: str
    load: int
    most: int
    submitted: int
    reviewed: int


class Problem(Exception):
    """The desk said no, or could not be reached (``status`` 0).

    ``detail`` is a sentence for a person; ``errors`` names fields with their remedies; ``failing`` says what is
    missing before a move is allowed; ``current`` is what stands after somebody else was first.
    """

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(body.get("code", ""))
        self.detail = str(body.get("detail", ""))
        self.errors: list[dict[str, str]] = list(body.get("errors", []))
        self.failing: list[dict[str, str]] = list(body.get("failing", []))
        self.current: dict[str, Any] = dict(body.get("current") or {})
        super().__init__(" ".join([self.detail, *(f"{e['field']}: {e['detail']}" for e in self.errors)]).strip())


def _part(value: object) -> str:
    return quote(str(value), safe="")


def _plain(query: Mapping[str, Any]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        if value is None:
            continue
        if name == "fields":
            pairs.append((name, ",".join(value)))
        elif isinstance(value, list | tuple):
            pairs += [(name, str(part)) for part in value]
        else:
            pairs.append((name, str(value).lower() if isinstance(value, bool) else str(value)))
    return pairs


class Client:
    """One desk, as the owner of one token.

    A write that got no answer, or was told to wait, is sent again under the same Idempotency-Key, so that it happens
    once. ``etag`` is the tag of the latest answer: pass it as ``if_match`` and nobody's change is overwritten.
    """

    def __init__(self, site: str, token: str = "", *, timeout: float = 30, tries: int = 4) -> None:
        if urlsplit(site).scheme not in {"http", "https"}:
            raise ValueError("The address of the desk begins with https:// or http://.")
        self.site = site.rstrip("/")
        self.etag = ""
        self._token, self._timeout, self._tries = token, timeout, max(1, tries)

    def _call(
        self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Any = None, form: Any = None,
        key: str | None = None, if_match: str | None = None, raw: bool = False,
    ) -> Any:  # fmt: skip
        address = path if path.startswith("http") else f"{self.site}/api/v1/{path}"
        if query and (pairs := _plain(query)):
            address += "?" + urlencode(pairs)
        headers = {"Accept": "*/*" if raw else "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if method != "GET":
            headers["Idempotency-Key"] = key or str(uuid.uuid4())
        if if_match:
            headers["If-Match"] = if_match
        data: bytes | None = None
        if form is not None:
            data, headers["Content-Type"] = _multipart(form)
        elif body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        # The constructor lets only http and https in.
        return self._send(urllib.request.Request(address, data, headers, method=method), raw)  # noqa: S310

    def _send(self, request: urllib.request.Request, raw: bool) -> Any:
        for last in range(self._tries):
            try:
                with urllib.request.urlopen(request, timeout=self._timeout) as answer:  # noqa: S310
                    self.etag = answer.headers.get("ETag", "")
                    content = answer.read()
                if raw:
                    return content
                return json.loads(content) if content else None
            except urllib.error.HTTPError as error:
                with error:
                    text = error.read()
                if error.code not in {429, 502, 503, 504} or last + 1 == self._tries:
                    raise Problem(error.code, _body_of(text)) from None
                time.sleep(min(float(error.headers.get("Retry-After") or 2**last), 30))
            except OSError as error:
                if last + 1 == self._tries:
                    raise Problem(0, {"code": "no_answer", "detail": f"The desk did not answer: {error}"}) from error
                time.sleep(2**last / 4)
        raise AssertionError("the last try returns or raises")

    def _every(self, path: str, query: Mapping[str, Any]) -> Iterator[Any]:
        page = self._call("GET", path, query=query)
        while True:
            yield from page["results"]
            if not page["next"]:
                return
            following = urlsplit(page["next"])
            page = self._call("GET", f"{self.site}{following.path}?{following.query}")


def _body_of(text: bytes) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {"detail": text[:200].decode("utf-8", "replace")}


def _multipart(fields: Mapping[str, Any]) -> tuple[bytes, str]:
    """A form with files: bytes, or a pair of file name and bytes."""
    boundary, parts = uuid.uuid4().hex, []
    for name, value in fields.items():
        head = f'Content-Disposition: form-data; name="{name}"'
        content = value
        if isinstance(value, bytes | tuple):
            file_name, content = value if isinstance(value, tuple) else ("article.txt", value)
            head += f'; filename="{quote(file_name)}"\r\nContent-Type: application/octet-stream'
        raw = content if isinstance(content, bytes) else str(content).encode()
        parts.append(f"--{boundary}\r\n{head}\r\n\r\n".encode() + raw + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


class Plumbline(Client):
    """Every operation of the API, by name."""

    def articles_list(
        self,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        search: str | None = None,
        state: Literal['extracting', 'failed', 'fetching', 'ready'] | None = None,
        topic: str | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedArticleOutList:
        """List articles, newest first."""
        answer: PaginatedArticleOutList = self._call("GET", "articles/", query={"cursor": cursor, "page_size": page_size, "search": search, "state": state, "topic": topic, "fields": fields})
        return answer

    def articles_list_all(
        self,
        *,
        page_size: int | None = None,
        search: str | None = None,
        state: Literal['extracting', 'failed', 'fetching', 'ready'] | None = None,
        topic: str | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[ArticleOut]:
        """List articles, newest first, page after page."""
        return self._every("articles/", {"page_size": page_size, "search": search, "state": state, "topic": topic, "fields": fields})

    def articles_create(
        self,
        body: NewArticleRequest,
        *,
        idempotency_key: str | None = None,
    ) -> ArticleDetail:
        """Add an article by text or address."""
        answer: ArticleDetail = self._call("POST", "articles/", body=body, key=idempotency_key)
        return answer

    def articles_upload(
        self,
        body: ArticleFileRequest,
        *,
        idempotency_key: str | None = None,
    ) -> ArticleDetail:
        """Add an article as a file."""
        answer: ArticleDetail = self._call("POST", "articles/upload/", form=body, key=idempotency_key)
        return answer

    def articles_get(self, id: int, *, fields: Sequence[str] | None = None) -> ArticleDetail:
        """Read one article."""
        answer: ArticleDetail = self._call("GET", f"articles/{_part(id)}/", query={"fields": fields})
        return answer

    def articles_update(
        self,
        id: int,
        body: PatchedArticleDetailsRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ArticleDetail:
        """Change what is known about an article."""
        answer: ArticleDetail = self._call("PATCH", f"articles/{_part(id)}/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def articles_retry(
        self,
        id: int,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ArticleDetail:
        """Try a failed article again."""
        answer: ArticleDetail = self._call("POST", f"articles/{_part(id)}/retry/", key=idempotency_key, if_match=if_match)
        return answer

    def articles_statements(
        self,
        id: int,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedStatementOutList:
        """List every statement of the article."""
        answer: PaginatedStatementOutList = self._call("GET", f"articles/{_part(id)}/statements/", query={"cursor": cursor, "page_size": page_size, "fields": fields})
        return answer

    def articles_statements_all(
        self,
        id: int,
        *,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[StatementOut]:
        """List every statement of the article, page after page."""
        return self._every(f"articles/{_part(id)}/statements/", {"page_size": page_size, "fields": fields})

    def articles_text(
        self,
        id: int,
        body: ArticleTextRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ArticleDetail:
        """Send the text of an article that could not be read."""
        answer: ArticleDetail = self._call("POST", f"articles/{_part(id)}/text/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def assignments_list(
        self,
        *,
        claim: int | None = None,
        cursor: str | None = None,
        page_size: int | None = None,
        person: str | None = None,
        role: Literal['checker', 'second_reader'] | None = None,
        standing: bool | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedAssignmentOutList:
        """List assignments, newest first."""
        answer: PaginatedAssignmentOutList = self._call("GET", "assignments/", query={"claim": claim, "cursor": cursor, "page_size": page_size, "person": person, "role": role, "standing": standing, "fields": fields})
        return answer

    def assignments_list_all(
        self,
        *,
        claim: int | None = None,
        page_size: int | None = None,
        person: str | None = None,
        role: Literal['checker', 'second_reader'] | None = None,
        standing: bool | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[AssignmentOut]:
        """List assignments, newest first, page after page."""
        return self._every("assignments/", {"claim": claim, "page_size": page_size, "person": person, "role": role, "standing": standing, "fields": fields})

    def claim_sheets_list(
        self,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedSheetOutList:
        """List the spreadsheets that were brought, newest first."""
        answer: PaginatedSheetOutList = self._call("GET", "claim-sheets/", query={"cursor": cursor, "page_size": page_size, "fields": fields})
        return answer

    def claim_sheets_list_all(
        self,
        *,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[SheetOut]:
        """List the spreadsheets that were brought, newest first, page after page."""
        return self._every("claim-sheets/", {"page_size": page_size, "fields": fields})

    def claim_sheets_upload(
        self,
        body: SheetFileRequest,
        *,
        idempotency_key: str | None = None,
    ) -> SheetDetail:
        """Bring a spreadsheet of claims."""
        answer: SheetDetail = self._call("POST", "claim-sheets/upload/", form=body, key=idempotency_key)
        return answer

    def claim_sheets_get(self, id: int, *, fields: Sequence[str] | None = None) -> SheetDetail:
        """Read one spreadsheet and what its rows would become."""
        answer: SheetDetail = self._call("GET", f"claim-sheets/{_part(id)}/", query={"fields": fields})
        return answer

    def claim_sheets_make(
        self,
        id: int,
        body: SheetChoiceRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> SheetDetail:
        """Make claims of the rows."""
        answer: SheetDetail = self._call("POST", f"claim-sheets/{_part(id)}/import/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def claim_sheets_look(
        self,
        id: int,
        body: SheetChoiceRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> SheetDetail:
        """See what the rows would become with other columns."""
        answer: SheetDetail = self._call("POST", f"claim-sheets/{_part(id)}/look/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def claims_list(
        self,
        *,
        article: int | None = None,
        assignee: str | None = None,
        cursor: str | None = None,
        page_size: int | None = None,
        priority: Literal['1_urgent', '2_normal', '3_low'] | None = None,
        search: str | None = None,
        second_reader: str | None = None,
        speaker: str | None = None,
        status: Sequence[Literal['approved', 'assigned', 'correcting', 'declined', 'duplicate', 'in_review', 'new', 'on_hold', 'published', 'researching', 'retracted', 'scheduled', 'triaged']] | None = None,
        topic: str | None = None,
        unassigned: bool | None = None,
        worth_from: float | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedClaimOutList:
        """List claims, newest first."""
        answer: PaginatedClaimOutList = self._call("GET", "claims/", query={"article": article, "assignee": assignee, "cursor": cursor, "page_size": page_size, "priority": priority, "search": search, "second_reader": second_reader, "speaker": speaker, "status": status, "topic": topic, "unassigned": unassigned, "worth_from": worth_from, "fields": fields})
        return answer

    def claims_list_all(
        self,
        *,
        article: int | None = None,
        assignee: str | None = None,
        page_size: int | None = None,
        priority: Literal['1_urgent', '2_normal', '3_low'] | None = None,
        search: str | None = None,
        second_reader: str | None = None,
        speaker: str | None = None,
        status: Sequence[Literal['approved', 'assigned', 'correcting', 'declined', 'duplicate', 'in_review', 'new', 'on_hold', 'published', 'researching', 'retracted', 'scheduled', 'triaged']] | None = None,
        topic: str | None = None,
        unassigned: bool | None = None,
        worth_from: float | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[ClaimOut]:
        """List claims, newest first, page after page."""
        return self._every("claims/", {"article": article, "assignee": assignee, "page_size": page_size, "priority": priority, "search": search, "second_reader": second_reader, "speaker": speaker, "status": status, "topic": topic, "unassigned": unassigned, "worth_from": worth_from, "fields": fields})

    def claims_create(self, body: NewClaimRequest, *, idempotency_key: str | None = None) -> ClaimDetail:
        """Add a claim by hand."""
        answer: ClaimDetail = self._call("POST", "claims/", body=body, key=idempotency_key)
        return answer

    def claims_bulk_assign(
        self,
        body: BulkAssignRequest,
        *,
        idempotency_key: str | None = None,
    ) -> BulkResult:
        """Assign many claims to one checker."""
        answer: BulkResult = self._call("POST", "claims/bulk/assign/", body=body, key=idempotency_key)
        return answer

    def claims_bulk_move(self, body: BulkMovesRequest, *, idempotency_key: str | None = None) -> BulkResult:
        """Move many claims."""
        answer: BulkResult = self._call("POST", "claims/bulk/transitions/", body=body, key=idempotency_key)
        return answer

    def claims_get(self, id: int, *, fields: Sequence[str] | None = None) -> ClaimDetail:
        """Read one claim."""
        answer: ClaimDetail = self._call("GET", f"claims/{_part(id)}/", query={"fields": fields})
        return answer

    def claims_update(
        self,
        id: int,
        body: PatchedClaimChangeRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ClaimDetail:
        """Edit a claim."""
        answer: ClaimDetail = self._call("PATCH", f"claims/{_part(id)}/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def claims_assign(
        self,
        id: int,
        body: AssignRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ClaimDetail:
        """Assign a claim, or hand it over."""
        answer: ClaimDetail = self._call("POST", f"claims/{_part(id)}/assign/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def claims_assignments(
        self,
        id: int,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedAssignmentOutList:
        """List who was asked to check or read the claim."""
        answer: PaginatedAssignmentOutList = self._call("GET", f"claims/{_part(id)}/assignments/", query={"cursor": cursor, "page_size": page_size, "fields": fields})
        return answer

    def claims_assignments_all(
        self,
        id: int,
        *,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[AssignmentOut]:
        """List who was asked to check or read the claim, page after page."""
        return self._every(f"claims/{_part(id)}/assignments/", {"page_size": page_size, "fields": fields})

    def claims_comments(
        self,
        id: int,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedCommentOutList:
        """List what colleagues say about the claim."""
        answer: PaginatedCommentOutList = self._call("GET", f"claims/{_part(id)}/comments/", query={"cursor": cursor, "page_size": page_size, "fields": fields})
        return answer

    def claims_comments_all(
        self,
        id: int,
        *,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[CommentOut]:
        """List what colleagues say about the claim, page after page."""
        return self._every(f"claims/{_part(id)}/comments/", {"page_size": page_size, "fields": fields})

    def claims_comment(
        self,
        id: int,
        body: CommentInRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> CommentOut:
        """Say something to colleagues."""
        answer: CommentOut = self._call("POST", f"claims/{_part(id)}/comments/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def claims_correction_note(self, id: int, *, fields: Sequence[str] | None = None) -> ProposedNoteOut:
        """Read the public note proposed for the correction."""
        answer: ProposedNoteOut = self._call("GET", f"claims/{_part(id)}/correction-note/", query={"fields": fields})
        return answer

    def claims_propose_correction_note(
        self,
        id: int,
        body: PublicNoteInRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ProposedNoteOut:
        """Propose the correction's public note."""
        answer: ProposedNoteOut = self._call("PUT", f"claims/{_part(id)}/correction-note/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def claims_evidence(
        self,
        id: int,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedEvidenceOutList:
        """List the claim's sources."""
        answer: PaginatedEvidenceOutList = self._call("GET", f"claims/{_part(id)}/evidence/", query={"cursor": cursor, "page_size": page_size, "fields": fields})
        return answer

    def claims_evidence_all(
        self,
        id: int,
        *,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[EvidenceOut]:
        """List the claim's sources, page after page."""
        return self._every(f"claims/{_part(id)}/evidence/", {"page_size": page_size, "fields": fields})

    def claims_add_evidence(
        self,
        id: int,
        body: EvidenceInRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> EvidenceOut:
        """Add a source."""
        answer: EvidenceOut = self._call("POST", f"claims/{_part(id)}/evidence/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def claims_gates(self, id: int, *, fields: Sequence[str] | None = None) -> GateList:
        """Read the gates before publishing."""
        answer: GateList = self._call("GET", f"claims/{_part(id)}/gates/", query={"fields": fields})
        return answer

    def claims_except_gate(
        self,
        id: int,
        body: GateExceptionInRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> GateList:
        """Make an exception from a gate."""
        answer: GateList = self._call("POST", f"claims/{_part(id)}/gates/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def claims_history(
        self,
        id: int,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedEventOutList:
        """List what happened to the claim, newest first."""
        answer: PaginatedEventOutList = self._call("GET", f"claims/{_part(id)}/history/", query={"cursor": cursor, "page_size": page_size, "fields": fields})
        return answer

    def claims_history_all(
        self,
        id: int,
        *,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[EventOut]:
        """List what happened to the claim, newest first, page after page."""
        return self._every(f"claims/{_part(id)}/history/", {"page_size": page_size, "fields": fields})

    def claims_matches(self, id: int, *, fields: Sequence[str] | None = None) -> MatchList:
        """List earlier checks that may answer the claim."""
        answer: MatchList = self._call("GET", f"claims/{_part(id)}/matches/", query={"fields": fields})
        return answer

    def claims_media(self, id: int, *, fields: Sequence[str] | None = None) -> MediaOut:
        """Read what was found of the picture, film or sound."""
        answer: MediaOut = self._call("GET", f"claims/{_part(id)}/media/", query={"fields": fields})
        return answer

    def claims_save_media(
        self,
        id: int,
        body: MediaInRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> MediaOut:
        """Record what was found of the picture, film or sound."""
        answer: MediaOut = self._call("PUT", f"claims/{_part(id)}/media/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def claims_drop_media(
        self,
        id: int,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> None:
        """Take the finding on a picture, film or sound away."""
        self._call("DELETE", f"claims/{_part(id)}/media/", key=idempotency_key, if_match=if_match)

    def claims_reply(self, id: int, *, fields: Sequence[str] | None = None) -> ReplyOut:
        """Read whether the speaker was asked."""
        answer: ReplyOut = self._call("GET", f"claims/{_part(id)}/reply/", query={"fields": fields})
        return answer

    def claims_save_reply(
        self,
        id: int,
        body: ReplyInRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ReplyOut:
        """Record whether the speaker was asked."""
        answer: ReplyOut = self._call("PUT", f"claims/{_part(id)}/reply/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def claims_retraction_note(self, id: int, *, fields: Sequence[str] | None = None) -> ProposedNoteOut:
        """Read the public note proposed for the retraction."""
        answer: ProposedNoteOut = self._call("GET", f"claims/{_part(id)}/retraction-note/", query={"fields": fields})
        return answer

    def claims_propose_retraction_note(
        self,
        id: int,
        body: PublicNoteInRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ProposedNoteOut:
        """Propose the retraction's public note."""
        answer: ProposedNoteOut = self._call("PUT", f"claims/{_part(id)}/retraction-note/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def claims_second_rating(
        self,
        id: int,
        body: SecondRatingInRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> SecondRatingOut:
        """Rate the claim as its second reader."""
        answer: SecondRatingOut = self._call("POST", f"claims/{_part(id)}/second-rating/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def claims_split(
        self,
        id: int,
        body: SplitRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ClaimPair:
        """Cut a claim in two."""
        answer: ClaimPair = self._call("POST", f"claims/{_part(id)}/split/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def claims_steps(
        self,
        id: int,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedStepOutList:
        """List the claim's verification steps."""
        answer: PaginatedStepOutList = self._call("GET", f"claims/{_part(id)}/steps/", query={"cursor": cursor, "page_size": page_size, "fields": fields})
        return answer

    def claims_steps_all(
        self,
        id: int,
        *,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[StepOut]:
        """List the claim's verification steps, page after page."""
        return self._every(f"claims/{_part(id)}/steps/", {"page_size": page_size, "fields": fields})

    def claims_transitions(
        self,
        id: int,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedEventOutList:
        """List the claim's moves, newest first."""
        answer: PaginatedEventOutList = self._call("GET", f"claims/{_part(id)}/transitions/", query={"cursor": cursor, "page_size": page_size, "fields": fields})
        return answer

    def claims_transitions_all(
        self,
        id: int,
        *,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[EventOut]:
        """List the claim's moves, newest first, page after page."""
        return self._every(f"claims/{_part(id)}/transitions/", {"page_size": page_size, "fields": fields})

    def claims_move(
        self,
        id: int,
        body: MoveRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ClaimDetail:
        """Move a claim."""
        answer: ClaimDetail = self._call("POST", f"claims/{_part(id)}/transitions/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def claims_verdict(self, id: int, *, fields: Sequence[str] | None = None) -> VerdictOut:
        """Read the verdict as it stands."""
        answer: VerdictOut = self._call("GET", f"claims/{_part(id)}/verdict/", query={"fields": fields})
        return answer

    def claims_save_verdict(
        self,
        id: int,
        body: VerdictInRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> VerdictOut:
        """Save the verdict."""
        answer: VerdictOut = self._call("PUT", f"claims/{_part(id)}/verdict/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def claims_revisions(
        self,
        id: int,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedRevisionOutList:
        """List every saved state of the verdict, newest first."""
        answer: PaginatedRevisionOutList = self._call("GET", f"claims/{_part(id)}/verdict/revisions/", query={"cursor": cursor, "page_size": page_size, "fields": fields})
        return answer

    def claims_revisions_all(
        self,
        id: int,
        *,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[RevisionOut]:
        """List every saved state of the verdict, newest first, page after page."""
        return self._every(f"claims/{_part(id)}/verdict/revisions/", {"page_size": page_size, "fields": fields})

    def evidence_list(
        self,
        *,
        claim: int | None = None,
        cursor: str | None = None,
        kind: Literal['expert', 'primary', 'secondary'] | None = None,
        page_size: int | None = None,
        stance: Literal['context', 'supports', 'undermines'] | None = None,
        withdrawn: bool | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedEvidenceOutList:
        """List sources of all claims, newest first."""
        answer: PaginatedEvidenceOutList = self._call("GET", "evidence/", query={"claim": claim, "cursor": cursor, "kind": kind, "page_size": page_size, "stance": stance, "withdrawn": withdrawn, "fields": fields})
        return answer

    def evidence_list_all(
        self,
        *,
        claim: int | None = None,
        kind: Literal['expert', 'primary', 'secondary'] | None = None,
        page_size: int | None = None,
        stance: Literal['context', 'supports', 'undermines'] | None = None,
        withdrawn: bool | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[EvidenceOut]:
        """List sources of all claims, newest first, page after page."""
        return self._every("evidence/", {"claim": claim, "kind": kind, "page_size": page_size, "stance": stance, "withdrawn": withdrawn, "fields": fields})

    def evidence_get(self, id: int, *, fields: Sequence[str] | None = None) -> EvidenceOut:
        """Read one source."""
        answer: EvidenceOut = self._call("GET", f"evidence/{_part(id)}/", query={"fields": fields})
        return answer

    def evidence_update(
        self,
        id: int,
        body: PatchedEvidenceChangeRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> EvidenceOut:
        """Change a source."""
        answer: EvidenceOut = self._call("PATCH", f"evidence/{_part(id)}/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def evidence_delete(
        self,
        id: int,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> None:
        """Take a source back."""
        self._call("DELETE", f"evidence/{_part(id)}/", key=idempotency_key, if_match=if_match)

    def exports_claims(
        self,
        *,
        article: int | None = None,
        assignee: str | None = None,
        form: Literal['csv', 'jsonld', 'ndjson', 'xlsx'] | None = None,
        priority: Literal['1_urgent', '2_normal', '3_low'] | None = None,
        search: str | None = None,
        second_reader: str | None = None,
        speaker: str | None = None,
        status: Sequence[Literal['approved', 'assigned', 'correcting', 'declined', 'duplicate', 'in_review', 'new', 'on_hold', 'published', 'researching', 'retracted', 'scheduled', 'triaged']] | None = None,
        topic: str | None = None,
        unassigned: bool | None = None,
        worth_from: float | None = None,
    ) -> bytes:
        """Take claims along as a file."""
        answer: bytes = self._call("GET", "exports/claims/", query={"article": article, "assignee": assignee, "form": form, "priority": priority, "search": search, "second_reader": second_reader, "speaker": speaker, "status": status, "topic": topic, "unassigned": unassigned, "worth_from": worth_from}, raw=True)
        return answer

    def imports_list(
        self,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedImportOutList:
        """List the files that were brought in, newest first."""
        answer: PaginatedImportOutList = self._call("GET", "imports/", query={"cursor": cursor, "page_size": page_size, "fields": fields})
        return answer

    def imports_list_all(
        self,
        *,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[ImportOut]:
        """List the files that were brought in, newest first, page after page."""
        return self._every("imports/", {"page_size": page_size, "fields": fields})

    def imports_create(self, body: ImportFileRequest, *, idempotency_key: str | None = None) -> ImportOut:
        """Bring in a file of ClaimReviews."""
        answer: ImportOut = self._call("POST", "imports/", form=body, key=idempotency_key)
        return answer

    def imports_get(self, id: int, *, fields: Sequence[str] | None = None) -> ImportOut:
        """Read how one import went."""
        answer: ImportOut = self._call("GET", f"imports/{_part(id)}/", query={"fields": fields})
        return answer

    def insight_figures(
        self,
        *,
        first: str | None = None,
        last: str | None = None,
        weeks: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> InsightOut:
        """Read the desk's work in figures."""
        answer: InsightOut = self._call("GET", "insight/figures/", query={"first": first, "last": last, "weeks": weeks, "fields": fields})
        return answer

    def people_list(
        self,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedPersonOutList:
        """List colleagues who may check claims."""
        answer: PaginatedPersonOutList = self._call("GET", "people/", query={"cursor": cursor, "page_size": page_size, "fields": fields})
        return answer

    def people_list_all(
        self,
        *,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[PersonOut]:
        """List colleagues who may check claims, page after page."""
        return self._every("people/", {"page_size": page_size, "fields": fields})

    def people_me(self, *, fields: Sequence[str] | None = None) -> PersonOut:
        """Read who you are."""
        answer: PersonOut = self._call("GET", "people/me/", query={"fields": fields})
        return answer

    def ratings_list(
        self,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedRatingOutList:
        """List the ratings of the scale in use."""
        answer: PaginatedRatingOutList = self._call("GET", "ratings/", query={"cursor": cursor, "page_size": page_size, "fields": fields})
        return answer

    def ratings_list_all(
        self,
        *,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[RatingOut]:
        """List the ratings of the scale in use, page after page."""
        return self._every("ratings/", {"page_size": page_size, "fields": fields})

    def reader_messages_list(
        self,
        *,
        about: Literal['fact', 'other', 'quote', 'source'] | None = None,
        cursor: str | None = None,
        outcome: Literal['clarified', 'corrected', 'known', 'rejected'] | None = None,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedReaderMessageOutList:
        """List messages from readers, newest first."""
        answer: PaginatedReaderMessageOutList = self._call("GET", "reader-messages/", query={"about": about, "cursor": cursor, "outcome": outcome, "page_size": page_size, "fields": fields})
        return answer

    def reader_messages_list_all(
        self,
        *,
        about: Literal['fact', 'other', 'quote', 'source'] | None = None,
        outcome: Literal['clarified', 'corrected', 'known', 'rejected'] | None = None,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[ReaderMessageOut]:
        """List messages from readers, newest first, page after page."""
        return self._every("reader-messages/", {"about": about, "outcome": outcome, "page_size": page_size, "fields": fields})

    def reader_messages_get(self, id: int, *, fields: Sequence[str] | None = None) -> ReaderMessageOut:
        """Read one message from a reader."""
        answer: ReaderMessageOut = self._call("GET", f"reader-messages/{_part(id)}/", query={"fields": fields})
        return answer

    def reader_messages_answer(
        self,
        id: int,
        body: AnswerInRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ReaderMessageOut:
        """Answer a message."""
        answer: ReaderMessageOut = self._call("POST", f"reader-messages/{_part(id)}/answer/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def reports_list(
        self,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        retracted: bool | None = None,
        search: str | None = None,
        topic: str | None = None,
        verdict: str | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedReportOutList:
        """List public reports, newest first."""
        answer: PaginatedReportOutList = self._call("GET", "reports/", query={"cursor": cursor, "page_size": page_size, "retracted": retracted, "search": search, "topic": topic, "verdict": verdict, "fields": fields})
        return answer

    def reports_list_all(
        self,
        *,
        page_size: int | None = None,
        retracted: bool | None = None,
        search: str | None = None,
        topic: str | None = None,
        verdict: str | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[ReportOut]:
        """List public reports, newest first, page after page."""
        return self._every("reports/", {"page_size": page_size, "retracted": retracted, "search": search, "topic": topic, "verdict": verdict, "fields": fields})

    def reports_get(self, slug: str, *, fields: Sequence[str] | None = None) -> ReportDetail:
        """Read one public report."""
        answer: ReportDetail = self._call("GET", f"reports/{_part(slug)}/", query={"fields": fields})
        return answer

    def reports_errors(
        self,
        slug: str,
        body: MistakeInRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> ReceiptOut:
        """Say that something in a report is wrong."""
        answer: ReceiptOut = self._call("POST", f"reports/{_part(slug)}/errors/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def reports_versions(
        self,
        slug: str,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedVersionOutList:
        """List the versions of a report, newest first."""
        answer: PaginatedVersionOutList = self._call("GET", f"reports/{_part(slug)}/versions/", query={"cursor": cursor, "page_size": page_size, "fields": fields})
        return answer

    def reports_versions_all(
        self,
        slug: str,
        *,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[VersionOut]:
        """List the versions of a report, newest first, page after page."""
        return self._every(f"reports/{_part(slug)}/versions/", {"page_size": page_size, "fields": fields})

    def reports_version(
        self,
        number: str,
        slug: str,
        *,
        fields: Sequence[str] | None = None,
    ) -> VersionDetail:
        """Read one version of a report."""
        answer: VersionDetail = self._call("GET", f"reports/{_part(slug)}/versions/{_part(number)}/", query={"fields": fields})
        return answer

    def speakers_list(
        self,
        *,
        cursor: str | None = None,
        name: str | None = None,
        page_size: int | None = None,
        search: str | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedSpeakerOutList:
        """List speakers by name."""
        answer: PaginatedSpeakerOutList = self._call("GET", "speakers/", query={"cursor": cursor, "name": name, "page_size": page_size, "search": search, "fields": fields})
        return answer

    def speakers_list_all(
        self,
        *,
        name: str | None = None,
        page_size: int | None = None,
        search: str | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[SpeakerOut]:
        """List speakers by name, page after page."""
        return self._every("speakers/", {"name": name, "page_size": page_size, "search": search, "fields": fields})

    def speakers_get(self, id: int, *, fields: Sequence[str] | None = None) -> SpeakerOut:
        """Read one speaker."""
        answer: SpeakerOut = self._call("GET", f"speakers/{_part(id)}/", query={"fields": fields})
        return answer

    def steps_list(
        self,
        *,
        article: int | None = None,
        claim: int | None = None,
        cursor: str | None = None,
        kind: str | None = None,
        page_size: int | None = None,
        state: Literal['cancelled', 'dead', 'done', 'queued', 'running'] | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedStepOutList:
        """List steps, newest first."""
        answer: PaginatedStepOutList = self._call("GET", "steps/", query={"article": article, "claim": claim, "cursor": cursor, "kind": kind, "page_size": page_size, "state": state, "fields": fields})
        return answer

    def steps_list_all(
        self,
        *,
        article: int | None = None,
        claim: int | None = None,
        kind: str | None = None,
        page_size: int | None = None,
        state: Literal['cancelled', 'dead', 'done', 'queued', 'running'] | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[StepOut]:
        """List steps, newest first, page after page."""
        return self._every("steps/", {"article": article, "claim": claim, "kind": kind, "page_size": page_size, "state": state, "fields": fields})

    def steps_get(self, id: int, *, fields: Sequence[str] | None = None) -> StepOut:
        """Read one step."""
        answer: StepOut = self._call("GET", f"steps/{_part(id)}/", query={"fields": fields})
        return answer

    def steps_cancel(
        self,
        id: int,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> StepOut:
        """Cancel a step that waits or runs."""
        answer: StepOut = self._call("POST", f"steps/{_part(id)}/cancel/", key=idempotency_key, if_match=if_match)
        return answer

    def steps_rerun(
        self,
        id: int,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> StepOut:
        """Run a step again."""
        answer: StepOut = self._call("POST", f"steps/{_part(id)}/rerun/", key=idempotency_key, if_match=if_match)
        return answer

    def tokens_list(
        self,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedTokenOutList:
        """List your tokens, newest first."""
        answer: PaginatedTokenOutList = self._call("GET", "tokens/", query={"cursor": cursor, "page_size": page_size, "fields": fields})
        return answer

    def tokens_list_all(
        self,
        *,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[TokenOut]:
        """List your tokens, newest first, page after page."""
        return self._every("tokens/", {"page_size": page_size, "fields": fields})

    def tokens_delete(
        self,
        id: int,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> None:
        """Revoke one of your tokens."""
        self._call("DELETE", f"tokens/{_part(id)}/", key=idempotency_key, if_match=if_match)

    def webhooks_list(
        self,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedWebhookOutList:
        """List receivers of calls by name."""
        answer: PaginatedWebhookOutList = self._call("GET", "webhooks/", query={"cursor": cursor, "page_size": page_size, "fields": fields})
        return answer

    def webhooks_list_all(
        self,
        *,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[WebhookOut]:
        """List receivers of calls by name, page after page."""
        return self._every("webhooks/", {"page_size": page_size, "fields": fields})

    def webhooks_create(self, body: WebhookInRequest, *, idempotency_key: str | None = None) -> WebhookMade:
        """Add a receiver of calls."""
        answer: WebhookMade = self._call("POST", "webhooks/", body=body, key=idempotency_key)
        return answer

    def webhooks_get(self, id: int, *, fields: Sequence[str] | None = None) -> WebhookOut:
        """Read one receiver of calls."""
        answer: WebhookOut = self._call("GET", f"webhooks/{_part(id)}/", query={"fields": fields})
        return answer

    def webhooks_update(
        self,
        id: int,
        body: PatchedWebhookChangeRequest,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> WebhookOut:
        """Change, stop or start a receiver."""
        answer: WebhookOut = self._call("PATCH", f"webhooks/{_part(id)}/", body=body, key=idempotency_key, if_match=if_match)
        return answer

    def webhooks_deliveries(
        self,
        id: int,
        *,
        cursor: str | None = None,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> PaginatedDeliveryOutList:
        """List the calls to a receiver, newest first."""
        answer: PaginatedDeliveryOutList = self._call("GET", f"webhooks/{_part(id)}/deliveries/", query={"cursor": cursor, "page_size": page_size, "fields": fields})
        return answer

    def webhooks_deliveries_all(
        self,
        id: int,
        *,
        page_size: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[DeliveryOut]:
        """List the calls to a receiver, newest first, page after page."""
        return self._every(f"webhooks/{_part(id)}/deliveries/", {"page_size": page_size, "fields": fields})

    def webhooks_delivery(
        self,
        delivery: str,
        id: int,
        *,
        fields: Sequence[str] | None = None,
    ) -> DeliveryOut:
        """Read one call to a receiver."""
        answer: DeliveryOut = self._call("GET", f"webhooks/{_part(id)}/deliveries/{_part(delivery)}/", query={"fields": fields})
        return answer

    def webhooks_again(
        self,
        delivery: str,
        id: int,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> DeliveryOut:
        """Send a call again."""
        answer: DeliveryOut = self._call("POST", f"webhooks/{_part(id)}/deliveries/{_part(delivery)}/again/", key=idempotency_key, if_match=if_match)
        return answer

    def webhooks_secret(
        self,
        id: int,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> WebhookMade:
        """Give a receiver a new secret."""
        answer: WebhookMade = self._call("POST", f"webhooks/{_part(id)}/secret/", key=idempotency_key, if_match=if_match)
        return answer

    def webhooks_test(
        self,
        id: int,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> DeliveryOut:
        """Call a receiver to see whether it works."""
        answer: DeliveryOut = self._call("POST", f"webhooks/{_part(id)}/test/", key=idempotency_key, if_match=if_match)
        return answer
