"""What the API shows: each kind of thing with its fields named, never a row as it stands in the database."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.domain import public_notes
from claims.domain.progress import progress
from claims.domain.transitions import available
from claims.enums import Action, ArchiveState, MediaCategory, StepOutcome
from claims.models import (
    Article,
    Assignment,
    AuditEvent,
    Claim,
    Comment,
    Evidence,
    MediaFinding,
    ProposedNote,
    RatingLevel,
    RightOfReply,
    SecondRating,
    Speaker,
    Statement,
    StepResult,
    Verdict,
    VerdictRevision,
    VerificationStep,
)

Fields = tuple[str, ...]


class PersonField(serializers.CharField):
    """A colleague by user name."""

    def to_representation(self, value: Any) -> str:
        return str(value.get_username())


def texts(**options: Any) -> serializers.ListField:
    """A list of texts."""
    return serializers.ListField(child=serializers.CharField(), read_only=True, **options)


# --- articles --------------------------------------------------------------------------------------------------
class Progress(serializers.Serializer[Any]):
    """How far the steps are."""

    total = serializers.IntegerField()
    done = serializers.IntegerField()
    running = serializers.IntegerField()
    queued = serializers.IntegerField()
    dead = serializers.IntegerField(help_text="Given up after several tries.")
    fraction = serializers.FloatField(help_text="From 0 to 1.")


class Dropped(serializers.Serializer[Any]):
    """A piece of the page that is no part of the article, with the reason."""

    text = serializers.CharField()
    reason = serializers.CharField()


class ArticleOut(serializers.ModelSerializer[Article]):
    """An article in a list."""

    url = serializers.CharField(read_only=True)

    class Meta:
        model = Article
        fields: Fields = (
            "id", "title", "outlet", "author", "published_on", "url", "language", "language_supported", "topic", "state",
            "problem", "intake", "created_at",
        )  # fmt: skip
        read_only_fields: Fields = fields


class ArticleDetail(ArticleOut):
    """One article with its text and how far it is."""

    dropped = serializers.ListField(child=Dropped(), read_only=True)
    progress = serializers.SerializerMethodField()

    class Meta(ArticleOut.Meta):
        fields: Fields = (*ArticleOut.Meta.fields, "text", "dropped", "progress")
        read_only_fields: Fields = fields

    @extend_schema_field(Progress)
    def get_progress(self, article: Article) -> dict[str, Any]:
        return dict(Progress(progress(article)).data)


class StatementOut(serializers.ModelSerializer[Statement]):
    """One statement as extraction found it. Start and end count code points of the article's text."""

    content = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()), read_only=True,
        help_text="Places of the words reported, without the attribution.",
    )  # fmt: skip
    reasons = texts(help_text="Why it is worth checking, or not.")
    claim_kinds = texts()

    class Meta:
        model = Statement
        fields: Fields = (
            "id", "position", "text", "start", "end", "kind", "content", "speaker", "speaker_mention", "cue", "worthiness",
            "reasons", "claim_kinds", "restated",
        )  # fmt: skip
        read_only_fields: Fields = fields


# --- claims ----------------------------------------------------------------------------------------------------
class ClaimOut(serializers.ModelSerializer[Claim]):
    """A claim in a list."""

    speaker = serializers.CharField(source="speaker_name", read_only=True)
    assignee = PersonField(read_only=True, allow_null=True)
    second_reader = PersonField(read_only=True, allow_null=True)
    article_title = serializers.CharField(source="article.title", read_only=True)
    reasons = texts(help_text="Why it is worth checking, or not.")
    claim_kinds = texts()
    tags = texts()
    decline_reason = serializers.CharField(
        read_only=True, help_text="Key of the reason; empty unless declined."
    )

    class Meta:
        model = Claim
        fields: Fields = (
            "id", "article", "article_title", "number", "text", "start", "end", "restated", "speaker", "speaker_role",
            "said_on", "said_where", "kind", "worthiness", "reasons", "claim_kinds", "status", "version", "assignee",
            "second_reader", "due_at", "publish_at", "priority", "topic", "tags", "decline_reason", "duplicate_of",
            "created_at",
        )  # fmt: skip
        read_only_fields: Fields = fields


class MoveOut(serializers.Serializer[Any]):
    """One move that the caller's role offers: allowed now, or what is missing."""

    action = serializers.ChoiceField(choices=Action.choices)
    label = serializers.CharField()  # type: ignore[assignment]  # a field called label, not the field's own
    allowed = serializers.BooleanField()
    needs_reason = serializers.BooleanField()
    missing = serializers.ListField(child=serializers.CharField())


class ClaimDetail(ClaimOut):
    """One claim with the moves that are open to the caller, and how far its steps are."""

    moves = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()

    class Meta(ClaimOut.Meta):
        fields: Fields = (*ClaimOut.Meta.fields, "moves", "progress")
        read_only_fields: Fields = fields

    @extend_schema_field(MoveOut(many=True))
    def get_moves(self, claim: Claim) -> list[dict[str, Any]]:
        request = self.context["request"]
        return [
            {
                "action": str(move.action),
                "label": move.label,
                "allowed": move.allowed,
                "needs_reason": move.needs_reason,
                "missing": [denial.sentence() for denial in move.denials],
            }
            for move in available(claim, request.user)
        ]

    @extend_schema_field(Progress)
    def get_progress(self, claim: Claim) -> dict[str, Any]:
        return dict(Progress(progress(claim)).data)


class ClaimPair(serializers.Serializer[Any]):
    """The two claims that one was cut into."""

    first = ClaimOut()
    second = ClaimOut()


class AssignmentOut(serializers.ModelSerializer[Assignment]):
    """Who was asked to do what, since when."""

    person = PersonField(read_only=True)
    assigned_by = PersonField(read_only=True, allow_null=True)
    note = serializers.SerializerMethodField(
        help_text="Left out for a second reader who has to rate before seeing the first rating."
    )

    class Meta:
        model = Assignment
        fields: Fields = ("id", "claim", "person", "role", "assigned_by", "note", "created_at", "ended_at")
        read_only_fields: Fields = fields

    def get_note(self, assignment: Assignment) -> str:
        return "" if getattr(assignment, "unseen", False) else assignment.note


class EventOut(serializers.ModelSerializer[AuditEvent]):
    """One line of the claim's history. Each hash covers the line before it."""

    note_read_by = serializers.SerializerMethodField(
        help_text="Where a public note went out: who had read its very words by then. Two names, or its publisher alone."
    )

    class Meta:
        model = AuditEvent
        fields: Fields = (
            "id", "at", "actor_name", "channel", "action", "from_status", "to_status", "claim_version", "reason",
            "note_read_by", "hash",
        )  # fmt: skip
        read_only_fields: Fields = fields

    def get_note_read_by(self, event: AuditEvent) -> list[str]:
        return public_notes.readers_named(event.data)


class VeiledEventOut(EventOut):
    """The same line for somebody who has to rate before they may read what was written."""

    reason = serializers.SerializerMethodField()

    def get_reason(self, event: AuditEvent) -> str:
        return ""


class SpeakerOut(serializers.ModelSerializer[Speaker]):
    """A person, organisation or group whose words are checked."""

    same_as = serializers.CharField(
        read_only=True, help_text="Confirmed page about them; empty where none is."
    )

    class Meta:
        model = Speaker
        fields: Fields = ("id", "name", "role", "same_as")
        read_only_fields: Fields = fields


# --- steps -----------------------------------------------------------------------------------------------------
class ResultOut(serializers.ModelSerializer[StepResult]):
    """What a step found. What an item holds depends on the kind of step."""

    outcome = serializers.ChoiceField(choices=StepOutcome.choices, read_only=True)
    items = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = StepResult
        fields: Fields = ("outcome", "summary", "items", "source", "step_version", "finished_at")
        read_only_fields: Fields = fields


class StepOut(serializers.ModelSerializer[VerificationStep]):
    """One verification step and, once done, its result."""

    result = serializers.SerializerMethodField()

    class Meta:
        model = VerificationStep
        fields: Fields = (
            "id", "claim", "article", "kind", "run", "state", "attempts", "next_run_at", "last_error", "created_at",
            "started_at", "finished_at", "result",
        )  # fmt: skip
        read_only_fields: Fields = fields

    @extend_schema_field(ResultOut(allow_null=True))
    def get_result(self, step: VerificationStep) -> dict[str, Any] | None:
        result = getattr(step, "result", None)
        return dict(ResultOut(result).data) if result else None


class MatchOut(serializers.Serializer[Any]):
    """An earlier check that may answer this claim."""

    step = serializers.IntegerField(help_text="The step that found it.")
    kind = serializers.CharField(
        help_text="previous_checks: own reports; checks_by_others: those of other desks."
    )
    found_at = serializers.DateTimeField()
    title = serializers.CharField()
    url = serializers.CharField()
    verdict = serializers.CharField()
    claim = serializers.CharField(help_text="The claim as that check puts it.")
    score = serializers.FloatField(allow_null=True, help_text="From 0 to 1, where the step gives one.")
    item = serializers.DictField(help_text="Everything that the step says of it.")


class MatchList(serializers.Serializer[Any]):
    """Earlier checks of one claim."""

    results = MatchOut(many=True)


# --- evidence, verdict, reply ----------------------------------------------------------------------------------
class EvidenceOut(serializers.ModelSerializer[Evidence]):
    """A source on a claim. Its number stays, whatever is added or taken back."""

    url = serializers.CharField(read_only=True)
    archive_url = serializers.CharField(read_only=True)
    archive_state = serializers.ChoiceField(choices=ArchiveState.choices, read_only=True)
    added_by = PersonField(read_only=True)

    class Meta:
        model = Evidence
        fields: Fields = (
            "id", "claim", "number", "title", "publisher", "url", "where", "quote", "note", "stance", "kind", "origin",
            "interests", "anonymous", "anonymous_reason", "accessed_on", "archive_state", "archive_url", "added_by", "created_at", "withdrawn_at",
        )  # fmt: skip
        read_only_fields: Fields = fields


class RatingOut(serializers.ModelSerializer[RatingLevel]):
    """One rating of the scale in use."""

    class Meta:
        model = RatingLevel
        fields: Fields = ("key", "word", "definition", "value", "off_scale", "position")
        read_only_fields: Fields = fields


class VerdictOut(serializers.ModelSerializer[Verdict]):
    """The verdict as it stands; revision 0 while nobody has written one."""

    level = serializers.CharField(source="level.key", read_only=True, allow_null=True, default=None)
    bullets = texts()
    saved_by = PersonField(read_only=True, allow_null=True)
    saved_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = Verdict
        fields: Fields = ("revision", "level", *Verdict.TEXT_FIELDS, "saved_by", "saved_at")
        read_only_fields: Fields = fields

    def to_representation(self, instance: Verdict) -> dict[str, Any]:
        if instance.pk is not None:
            return dict(super().to_representation(instance))
        empty = {name: instance._meta.get_field(name).get_default() for name in Verdict.TEXT_FIELDS}
        return {"revision": 0, "level": None, **empty, "saved_by": None, "saved_at": None}


class SecondRatingOut(serializers.ModelSerializer[SecondRating]):
    """How a second reader rated the claim."""

    level = serializers.CharField(source="level.key", read_only=True)
    reader = PersonField(read_only=True)

    class Meta:
        model = SecondRating
        fields: Fields = ("id", "claim", "reader", "level", "note", "created_at")
        read_only_fields: Fields = fields


class RevisionOut(serializers.ModelSerializer[VerdictRevision]):
    """One saved state of a verdict."""

    level = serializers.CharField(source="level.key", read_only=True, allow_null=True, default=None)
    bullets = texts()
    author = PersonField(read_only=True)

    class Meta:
        model = VerdictRevision
        fields: Fields = ("revision", "level", *Verdict.TEXT_FIELDS, "author", "created_at")
        read_only_fields: Fields = fields


class ReplyOut(serializers.ModelSerializer[RightOfReply]):
    """The record of the right of reply."""

    not_contacted_reason = serializers.CharField(
        read_only=True, help_text="Empty where the speaker was asked."
    )

    class Meta:
        model = RightOfReply
        fields: Fields = (
            "contacted", "asked_on", "channel", "deadline", "answer", "answered_on", "not_contacted_reason", "saved_at",
        )  # fmt: skip
        read_only_fields: Fields = fields


class ProposedNoteOut(serializers.ModelSerializer[ProposedNote]):
    """The note to readers as it is proposed, and who stands by these very words."""

    public_note = serializers.CharField(source="text", read_only=True)
    proposed_by = PersonField(read_only=True)
    agreed_by = PersonField(read_only=True, allow_null=True)

    class Meta:
        model = ProposedNote
        fields: Fields = ("public_note", "proposed_by", "agreed_by", "proposed_at")
        read_only_fields: Fields = fields


class MediaOut(serializers.ModelSerializer[MediaFinding]):
    """What was found of the picture, film or sound that carries a claim."""

    categories = serializers.ListField(child=serializers.ChoiceField(MediaCategory.choices), read_only=True)
    appearance = serializers.CharField(read_only=True, help_text="Address where it is shown, or empty.")
    original_link = serializers.CharField(read_only=True, help_text="Address of the original, or empty.")
    saved_by = PersonField(read_only=True)

    class Meta:
        model = MediaFinding
        fields: Fields = (
            "kind", "categories", "appearance", "original_context", "original_link", "saved_by", "saved_at",
        )  # fmt: skip
        read_only_fields: Fields = fields


class GateOut(serializers.Serializer[Any]):
    """One gate before publishing."""

    gate = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field called label, not the field's own
    passed = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)
    remedy = serializers.CharField(allow_blank=True)
    exception = serializers.CharField(
        allow_blank=True, help_text="The reason of an exception, where there is one."
    )


class GateList(serializers.Serializer[Any]):
    """All gates of one claim."""

    results = GateOut(many=True)


class CommentOut(serializers.ModelSerializer[Comment]):
    """A comment."""

    author = PersonField(read_only=True)

    class Meta:
        model = Comment
        fields: Fields = ("id", "author", "text", "passage", "created_at", "resolved_at")
        read_only_fields: Fields = fields
