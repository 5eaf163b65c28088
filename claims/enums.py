"""The words of the desk: every choice that rows, rules and faces share, with their groups.

Groups stand on the enum so that code reads ``in ClaimStatus.open()`` instead of repeating a list.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person may do on the desk; each is a group of Django's users."""

    VIEWER = "viewer", _("Viewer")
    REVIEWER = "reviewer", _("Reviewer")
    EDITOR = "editor", _("Editor")


class ClaimStatus(TextChoices):
    """How far the checking of a claim has come. Says nothing about whether the claim is true."""

    NEW = "new", _("New")
    TRIAGED = "triaged", _("Accepted")
    ASSIGNED = "assigned", _("Assigned")
    RESEARCHING = "researching", _("Checking")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    CORRECTING = "correcting", _("Being corrected")
    RETRACTED = "retracted", _("Retracted")
    DECLINED = "declined", _("Declined")
    DUPLICATE = "duplicate", _("Duplicate")
    ON_HOLD = "on_hold", _("On hold")

    @classmethod
    def open(cls) -> frozenset[ClaimStatus]:
        """Somebody still has something to do."""
        return frozenset(
            {
                cls.NEW,
                cls.TRIAGED,
                cls.ASSIGNED,
                cls.RESEARCHING,
                cls.IN_REVIEW,
                cls.APPROVED,
                cls.SCHEDULED,
                cls.CORRECTING,
            }
        )

    @classmethod
    def with_checker(cls) -> frozenset[ClaimStatus]:
        """The claim is on a checker's table."""
        return frozenset({cls.ASSIGNED, cls.RESEARCHING, cls.IN_REVIEW})

    @classmethod
    def public(cls) -> frozenset[ClaimStatus]:
        """A report stands in public."""
        return frozenset({cls.PUBLISHED, cls.CORRECTING, cls.RETRACTED})

    @classmethod
    def writable(cls) -> frozenset[ClaimStatus]:
        """Evidence and verdict may be changed."""
        return frozenset({cls.TRIAGED, cls.ASSIGNED, cls.RESEARCHING, cls.CORRECTING})

    @classmethod
    def parked(cls) -> frozenset[ClaimStatus]:
        """Set aside; nobody works on it."""
        return frozenset({cls.DECLINED, cls.DUPLICATE, cls.ON_HOLD})


class Action(TextChoices):
    """The verbs that move a claim."""

    TRIAGE = "triage", _("Accept")
    ASSIGN = "assign", _("Assign")
    TAKE = "take", _("Take")
    REASSIGN = "reassign", _("Hand over")
    RELEASE = "release", _("Give back")
    START = "start", _("Start checking")
    SUBMIT = "submit", _("Submit for review")
    SEND_BACK = "send_back", _("Send back")
    APPROVE = "approve", _("Approve")
    SCHEDULE = "schedule", _("Schedule")
    UNSCHEDULE = "unschedule", _("Take off the schedule")
    PUBLISH = "publish", _("Publish")
    OPEN_CORRECTION = "open_correction", _("Correct")
    PUBLISH_CORRECTION = "publish_correction", _("Publish the correction")
    CANCEL_CORRECTION = "cancel_correction", _("Drop the correction")
    PROPOSE_RETRACTION = "propose_retraction", _("Propose to retract")
    RETRACT = "retract", _("Retract")
    CANCEL_RETRACTION = "cancel_retraction", _("Drop the retraction")
    DECLINE = "decline", _("Decline")
    MARK_DUPLICATE = "mark_duplicate", _("Mark as duplicate")
    HOLD = "hold", _("Put on hold")
    REOPEN = "reopen", _("Reopen")
    UNDO = "undo", _("Undo")


class ArticleState(TextChoices):
    """How far an article is on its way in."""

    FETCHING = "fetching", _("Fetching")
    EXTRACTING = "extracting", _("Reading")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be read")


class IntakeKind(TextChoices):
    """How an article came in."""

    PASTED = "pasted", _("Pasted")
    UPLOADED = "uploaded", _("Uploaded")
    FETCHED = "fetched", _("Fetched")
    IMPORTED = "imported", _("From a spreadsheet")


class DocumentState(TextChoices):
    """How far a document is on its way into the library."""

    FETCHING = "fetching", _("Fetching")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be fetched")


class StepState(TextChoices):
    """Where a step stands in the ledger."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    DEAD = "dead", _("Given up")
    CANCELLED = "cancelled", _("Cancelled")

    @classmethod
    def pending(cls) -> frozenset[StepState]:
        """Still to be done."""
        return frozenset({cls.QUEUED, cls.RUNNING})


class StepOutcome(TextChoices):
    """What a reader sees of a step's result: seven things that must never look alike."""

    FOUND = "found", _("Found")
    NOTHING_FOUND = "nothing_found", _("Searched, nothing found")
    NOT_APPLICABLE = "not_applicable", _("Does not apply")
    NOT_CONFIGURED = "not_configured", _("Not set up")
    UNAVAILABLE = "unavailable", _("Service unavailable")
    FAILED = "failed", _("Failed")
    OUT_OF_DATE = "out_of_date", _("Out of date")


class Stance(TextChoices):
    """What a piece of evidence does to the claim."""

    SUPPORTS = "supports", _("Supports the claim")
    UNDERMINES = "undermines", _("Undermines the claim")
    CONTEXT = "context", _("Gives context")


class SourceKind(TextChoices):
    """How near a source is to the fact."""

    PRIMARY = "primary", _("Primary source")
    SECONDARY = "secondary", _("Secondary source")
    EXPERT = "expert", _("Expert")


class ArchiveState(TextChoices):
    """Who keeps a copy of a source."""

    NONE = "none", _("No copy kept")
    OWN_COPY = "own_copy", _("Own copy")
    INDEPENDENT = "independent", _("Archived independently")


class SourceState(TextChoices):
    """What the latest look at the link of a source found."""

    UNKNOWN = "unknown", _("Not known")
    ALIVE = "alive", _("There and unchanged")
    CHANGED = "changed", _("Changed")
    GONE = "gone", _("Gone")
    REFUSED = "refused", _("Turns programs away")


class TaskKind(TextChoices):
    """Why a person should look at a source of a published report."""

    GONE = "gone", _("The source is gone")
    CHANGED = "changed", _("The source changed")


class AssignmentRole(TextChoices):
    """What somebody was asked to do on a claim."""

    CHECKER = "checker", _("Checker")
    SECOND_READER = "second_reader", _("Second reader")


class Priority(TextChoices):
    """How soon a claim should be looked at; the values sort in that order."""

    URGENT = "1_urgent", _("Urgent")
    NORMAL = "2_normal", _("Normal")
    LOW = "3_low", _("Low")


class ChangeKind(TextChoices):
    """Why a new version of a report was made."""

    FIRST = "first", _("First publication")
    TYPO = "typo", _("Typo")
    UPDATE = "update", _("Update")
    CLARIFICATION = "clarification", _("Clarification")
    CORRECTION = "correction", _("Correction")
    VERDICT_CHANGE = "verdict_change", _("Change of verdict")
    RETRACTION = "retraction", _("Retraction")

    @classmethod
    def corrections(cls) -> frozenset[ChangeKind]:
        """The kinds an editor may open on a published report."""
        return frozenset({cls.TYPO, cls.UPDATE, cls.CLARIFICATION, cls.CORRECTION, cls.VERDICT_CHANGE})


class NoteFor(TextChoices):
    """What a note to readers speaks of."""

    CORRECTION = "correction", _("Correction")
    RETRACTION = "retraction", _("Retraction")


class MediaCategory(TextChoices):
    """What was done to a picture, film or sound, in schema.org's words for machines and ours for people."""

    CONTEXT = "DecontextualizedContent", _("Real, but shown as something else (missing context)")
    EDITED = "EditedOrCroppedContent", _("Cut or cropped")
    TRANSFORMED = "TransformedContent", _("Altered, or made by a machine")
    STAGED = "StagedContent", _("Staged")
    SATIRE = "SatireOrParodyContent", _("Satire or parody")
    ORIGINAL = "OriginalMediaContent", _("Original, unchanged")


class MediaKind(TextChoices):
    """What carries the claim."""

    IMAGE = "ImageObject", _("A picture")
    VIDEO = "VideoObject", _("A film")
    AUDIO = "AudioObject", _("A sound recording")


class DeclineReason(TextChoices):
    """Why a claim is not checked."""

    OPINION = "opinion", _("Opinion, not fact")
    PREDICTION = "prediction", _("Prediction")
    TOO_VAGUE = "too_vague", _("Too vague to check")
    NOT_IMPORTANT = "not_important", _("Not important enough")
    CHECKED_ELSEWHERE = "checked_elsewhere", _("Already checked elsewhere")
    NO_SOURCE = "no_source", _("No source can settle it")
    NOT_A_CLAIM = "not_a_claim", _("Not a claim")
    OTHER = "other", _("Other")


class ReplyReason(TextChoices):
    """Why the person who made a claim was not asked."""

    PUBLIC_RECORD = "public_record", _("Their answer is on the public record already")
    NO_CONTACT = "no_contact", _("No way to reach them was found")
    DECEASED = "deceased", _("The person has died")
    ANONYMOUS = "anonymous", _("The speaker is not named")
    SAFETY = "safety", _("Asking could put somebody at risk")


class MailRhythm(TextChoices):
    """How often a person wants mail."""

    AT_ONCE = "at_once", _("At once, one mail for each")
    DAILY = "daily", _("Once a day, all in one mail")
    NEVER = "never", _("Never")


class Channel(TextChoices):
    """The door through which a change came."""

    WEB = "web", _("Web")
    ADMIN = "admin", _("Administration")
    API = "api", _("API")
    COMMAND = "command", _("Command")
    SYSTEM = "system", _("The desk itself")
