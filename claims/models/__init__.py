"""Rows: fields, constraints, querysets. Public names come from this package; the verbs live in ``claims.domain``."""

from claims.models.access import (
    DeskSession,
    Passkey,
    PasskeyChallenge,
    ProviderIdentity,
    RecoveryCode,
    SecondStep,
)
from claims.models.article import Article, Statement
from claims.models.assignment import Assignment, Presence
from claims.models.checklist import Checklist, ChecklistItem, ChecklistTick
from claims.models.claim import Authorship, Claim, ClaimTag, Comment, Speaker, Tag
from claims.models.desk import DeskSettings, Page, RatingLevel, RatingScale, SavedView
from claims.models.event import AuditEvent, AuditHeadCopy, AuditSeal
from claims.models.evidence import Evidence, Snapshot
from claims.models.health import ReviewTask, SourceCheck
from claims.models.imported import ImportBatch, ImportedCheck, QuarantinedCheck
from claims.models.library import LibraryDocument
from claims.models.outbox import Lease, Notification, OutboxMessage, Reminder, WorkerSeen
from claims.models.people import ApiToken, Conflict, IdempotentAnswer, Profile
from claims.models.reader import ReaderMessage
from claims.models.report import (
    Approval,
    Correction,
    GateException,
    ProposedNote,
    Report,
    ReportVersion,
    ReportWord,
)
from claims.models.services import HostTurn, RateBucket, ServiceLimit, ServiceUse
from claims.models.sheet import ClaimSheet
from claims.models.step import StepResult, VerificationStep
from claims.models.tally import Tally
from claims.models.verdict import (
    MediaFinding,
    ReplyAttempt,
    RightOfReply,
    SecondRating,
    Verdict,
    VerdictRevision,
)
from claims.models.webhook import GooglePage, WebhookAttempt, WebhookDelivery, WebhookReceiver

__all__ = [
    "ApiToken",
    "Approval",
    "Article",
    "Assignment",
    "AuditEvent",
    "AuditHeadCopy",
    "AuditSeal",
    "Authorship",
    "Checklist",
    "ChecklistItem",
    "ChecklistTick",
    "Claim",
    "ClaimSheet",
    "ClaimTag",
    "Comment",
    "Conflict",
    "Correction",
    "DeskSession",
    "DeskSettings",
    "Evidence",
    "GateException",
    "GooglePage",
    "HostTurn",
    "IdempotentAnswer",
    "ImportBatch",
    "ImportedCheck",
    "Lease",
    "LibraryDocument",
    "MediaFinding",
    "Notification",
    "OutboxMessage",
    "Page",
    "Passkey",
    "PasskeyChallenge",
    "Presence",
    "Profile",
    "ProposedNote",
    "ProviderIdentity",
    "QuarantinedCheck",
    "RateBucket",
    "RatingLevel",
    "RatingScale",
    "ReaderMessage",
    "RecoveryCode",
    "Reminder",
    "ReplyAttempt",
    "Report",
    "ReportVersion",
    "ReportWord",
    "ReviewTask",
    "RightOfReply",
    "SavedView",
    "SecondRating",
    "SecondStep",
    "ServiceLimit",
    "ServiceUse",
    "Snapshot",
    "SourceCheck",
    "Speaker",
    "Statement",
    "StepResult",
    "Tag",
    "Tally",
    "Verdict",
    "VerdictRevision",
    "VerificationStep",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookReceiver",
    "WorkerSeen",
]
