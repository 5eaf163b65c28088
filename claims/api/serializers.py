"""What the API shows and what it takes. Unknown fields are refused, so that nothing is set by accident."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.domain import people
from claims.domain.transitions import available
from claims.enums import Action, ReplyReason, SourceKind, Stance
from claims.models import (
    Article,
    Assignment,
    AuditEvent,
    Claim,
    Evidence,
    Report,
    RightOfReply,
    Statement,
    StepResult,
    Verdict,
    VerificationStep,
)


class Strict(serializers.Serializer[Any]):
    """Input that says no to fields it does not know."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                known = ", ".join(sorted(self.fields))
                raise serializers.ValidationError(
                    {name: [f"There is no such field. Fields here: {known}."] for name in unknown}
                )
        return super().to_internal_value(data)


class PersonField(serializers.CharField):
    """A colleague by user name."""

    def to_representation(self, value: Any) -> str:
        return str(value.get_username())


# --- articles --------------------------------------------------------------------------------------------------
class NewArticle(Strict):
    """An article by its text, or by its address alone."""

    text = serializers.CharField(required=False, trim_whitespace=False, help_text="The article's text.")
    url = serializers.CharField(
        required=False, max_length=2000, help_text="Its address; alone, it is fetched."
    )
    title = serializers.CharField(required=False, max_length=500)
    outlet = serializers.CharField(required=False, max_length=200)
    author = serializers.CharField(required=False, max_length=300)
    published_on = serializers.DateField(required=False)
    topic = serializers.CharField(required=False, max_length=80)


class Progress(serializers.Serializer[Any]):
    """How far the steps are."""

    total = serializers.IntegerField()
    done = serializers.IntegerField()
    running = serializers.IntegerField()
    queued = serializers.IntegerField()
    dead = serializers.IntegerField()
    fraction = serializers.FloatField()


class ArticleOut(serializers.ModelSerializer[Article]):
    """An article in a list."""

    class Meta:
        model = Article
        fields: tuple[str, ...] = ("id", "title", "outlet", "author", "published_on", "url", "language", "language_supported",
                  "topic", "state", "problem", "intake", "created_at")  # fmt: skip
        read_only_fields: tuple[str, ...] = fields


class ArticleDetail(ArticleOut):
    """One article with its text and how far it is."""

    progress = serializers.SerializerMethodField()

    class Meta(ArticleOut.Meta):
        fields: tuple[str, ...] = (*ArticleOut.Meta.fields, "text", "dropped", "progress")
        read_only_fields: tuple[str, ...] = fields

    @extend_schema_field(Progress)
    def get_progress(self, article: Article) -> dict[str, Any]:
        from claims.domain.progress import progress

        return dict(Progress(progress(article)).data)


class StatementOut(serializers.ModelSerializer[Statement]):
    """One statement as extraction found it."""

    class Meta:
        model = Statement
        fields: tuple[str, ...] = ("id", "position", "text", "start", "end", "kind", "content", "speaker", "speaker_mention", "cue",
                  "worthiness", "reasons", "claim_kinds", "restated")  # fmt: skip
        read_only_fields: tuple[str, ...] = fields


# --- claims ----------------------------------------------------------------------------------------------------
class NewClaim(Strict):
    """A claim from words in the article, from a place in it, or from a statement."""

    article = serializers.IntegerField()
    text = serializers.CharField(required=False, trim_whitespace=False, max_length=10_000)
    start = serializers.IntegerField(required=False, min_value=0)
    end = serializers.IntegerField(required=False, min_value=1)
    speaker = serializers.CharField(required=False, max_length=300)
    statement = serializers.IntegerField(required=False)


class ClaimWording(Strict):
    """What may be edited of a claim."""

    restated = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    speaker = serializers.CharField(required=False, allow_blank=True, max_length=300)
    speaker_role = serializers.CharField(required=False, allow_blank=True, max_length=300)
    said_on = serializers.DateField(required=False, allow_null=True)
    said_where = serializers.CharField(required=False, allow_blank=True, max_length=300)
    topic = serializers.CharField(required=False, allow_blank=True, max_length=80)
    tags = serializers.ListField(child=serializers.CharField(max_length=80), required=False, max_length=20)
    start = serializers.IntegerField(required=False, min_value=0)
    end = serializers.IntegerField(required=False, min_value=1)


class ClaimOut(serializers.ModelSerializer[Claim]):
    """A claim in a list."""

    speaker = serializers.CharField(source="speaker_name", read_only=True)
    assignee = PersonField(read_only=True, allow_null=True)
    second_reader = PersonField(read_only=True, allow_null=True)
    article_title = serializers.CharField(source="article.title", read_only=True)

    class Meta:
        model = Claim
        fields: tuple[str, ...] = ("id", "article", "article_title", "number", "text", "start", "end", "restated", "speaker",
                  "speaker_role", "said_on", "said_where", "kind", "worthiness", "reasons", "claim_kinds", "status",
                  "version", "assignee", "second_reader", "due_at", "publish_at", "priority", "topic", "tags",
                  "decline_reason", "duplicate_of", "created_at")  # fmt: skip
        read_only_fields: tuple[str, ...] = fields


class MoveOut(serializers.Serializer[Any]):
    """One move that is open to the caller."""

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
        fields = (*ClaimOut.Meta.fields, "moves", "progress")
        read_only_fields: tuple[str, ...] = fields

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
        from claims.domain.progress import progress

        return dict(Progress(progress(claim)).data)


class Move(Strict):
    """A move: what, at which version, why, and whatever else the action asks."""

    action = serializers.ChoiceField(choices=Action.choices)
    version = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text="The version that you saw."
    )
    reason = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    assignee = serializers.CharField(required=False, max_length=150, help_text="User name.")
    second_reader = serializers.CharField(
        required=False, allow_blank=True, max_length=150, help_text="User name."
    )
    due_at = serializers.DateTimeField(required=False)
    publish_at = serializers.DateTimeField(required=False)
    decline_reason = serializers.CharField(required=False, max_length=20)
    original = serializers.IntegerField(required=False, min_value=1, help_text="The claim it repeats.")
    kind = serializers.CharField(required=False, max_length=20, help_text="Kind of correction.")
    public_note = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    note = serializers.CharField(required=False, allow_blank=True, max_length=5000)


class Assign(Strict):
    """Who checks the claim, by when."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    assignee = serializers.CharField(max_length=150, help_text="User name.")
    second_reader = serializers.CharField(
        required=False, allow_blank=True, max_length=150, help_text="User name."
    )
    due_at = serializers.DateTimeField(required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=5000)


class AssignmentOut(serializers.ModelSerializer[Assignment]):
    """Who was asked to do what, since when."""

    person = PersonField(read_only=True)
    assigned_by = PersonField(read_only=True, allow_null=True)

    class Meta:
        model = Assignment
        fields: tuple[str, ...] = ("id", "person", "role", "assigned_by", "note", "created_at", "ended_at")
        read_only_fields: tuple[str, ...] = fields


class EventOut(serializers.ModelSerializer[AuditEvent]):
    """One line of the claim's history."""

    class Meta:
        model = AuditEvent
        fields: tuple[str, ...] = (
            "id",
            "at",
            "actor_name",
            "channel",
            "action",
            "from_status",
            "to_status",
            "reason",
            "hash",
        )
        read_only_fields: tuple[str, ...] = fields


# --- steps -----------------------------------------------------------------------------------------------------
class ResultOut(serializers.ModelSerializer[StepResult]):
    """What a step found."""

    class Meta:
        model = StepResult
        fields: tuple[str, ...] = ("outcome", "summary", "items", "source", "step_version", "finished_at")
        read_only_fields: tuple[str, ...] = fields


class StepOut(serializers.ModelSerializer[VerificationStep]):
    """One verification step and, once done, its result."""

    result = serializers.SerializerMethodField()

    class Meta:
        model = VerificationStep
        fields: tuple[str, ...] = ("id", "kind", "run", "state", "attempts", "next_run_at", "last_error", "created_at", "started_at",
                  "finished_at", "result")  # fmt: skip
        read_only_fields: tuple[str, ...] = fields

    @extend_schema_field(ResultOut(allow_null=True))
    def get_result(self, step: VerificationStep) -> dict[str, Any] | None:
        result = getattr(step, "result", None)
        return dict(ResultOut(result).data) if result else None


# --- evidence, verdict, reply ----------------------------------------------------------------------------------
class EvidenceIn(Strict):
    """A source."""

    title = serializers.CharField(max_length=500)
    publisher = serializers.CharField(required=False, allow_blank=True, max_length=300)
    url = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    where = serializers.CharField(required=False, allow_blank=True, max_length=500)
    quote = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    note = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    stance = serializers.ChoiceField(choices=Stance.choices)
    kind = serializers.ChoiceField(choices=SourceKind.choices)
    origin = serializers.CharField(required=False, allow_blank=True, max_length=200)
    interests = serializers.CharField(required=False, allow_blank=True, max_length=500)
    anonymous = serializers.BooleanField(required=False, help_text="The source stays unnamed.")
    anonymous_reason = serializers.CharField(required=False, allow_blank=True, max_length=300)
    accessed_on = serializers.DateField(required=False)


class EvidenceOut(serializers.ModelSerializer[Evidence]):
    """A source on a claim."""

    added_by = PersonField(read_only=True)

    class Meta:
        model = Evidence
        fields: tuple[str, ...] = ("id", "claim", "number", "title", "publisher", "url", "where", "quote", "note", "stance", "kind",
                  "origin", "interests", "anonymous", "anonymous_reason", "accessed_on", "archive_state", "archive_url", "added_by", "created_at",
                  "withdrawn_at")  # fmt: skip
        read_only_fields: tuple[str, ...] = fields


class VerdictIn(Strict):
    """The verdict; parts that are left out stay as they are."""

    revision = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, help_text="The revision that you saw; 0 first."
    )
    level = serializers.CharField(
        required=False, allow_null=True, max_length=40, help_text="Key of a rating."
    )
    headline = serializers.CharField(required=False, allow_blank=True, max_length=200)
    summary = serializers.CharField(required=False, allow_blank=True, max_length=300)
    reasoning = serializers.CharField(
        required=False, allow_blank=True, max_length=50_000, trim_whitespace=False
    )
    bullets = serializers.ListField(child=serializers.CharField(max_length=500), required=False, max_length=5)
    why_checked = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    how_read = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    not_established = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    searched_other_side = serializers.BooleanField(required=False)
    other_side_queries = serializers.CharField(required=False, allow_blank=True, max_length=500)
    interests = serializers.CharField(required=False, allow_blank=True, max_length=500)
    language = serializers.CharField(required=False, allow_blank=True, max_length=12)


class VerdictOut(serializers.ModelSerializer[Verdict]):
    """The verdict as it stands."""

    level = serializers.CharField(source="level.key", read_only=True, allow_null=True, default=None)
    saved_by = PersonField(read_only=True)

    class Meta:
        model = Verdict
        fields: tuple[str, ...] = ("revision", "level", *Verdict.TEXT_FIELDS, "saved_by", "saved_at")
        read_only_fields: tuple[str, ...] = fields


class ReplyIn(Strict):
    """Whether the speaker was asked."""

    contacted = serializers.BooleanField()
    asked_on = serializers.DateField(required=False, allow_null=True)
    channel = serializers.CharField(required=False, allow_blank=True, max_length=100)
    deadline = serializers.DateTimeField(required=False, allow_null=True)
    answer = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    answered_on = serializers.DateField(required=False, allow_null=True)
    not_contacted_reason = serializers.ChoiceField(choices=ReplyReason.choices, required=False)


class ReplyOut(serializers.ModelSerializer[RightOfReply]):
    """The record of the right of reply."""

    class Meta:
        model = RightOfReply
        fields: tuple[str, ...] = ("contacted", "asked_on", "channel", "deadline", "answer", "answered_on", "not_contacted_reason",
                  "saved_at")  # fmt: skip
        read_only_fields: tuple[str, ...] = fields


class GateOut(serializers.Serializer[Any]):
    """One gate before publishing."""

    gate = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field called label, not the field's own
    passed = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)
    remedy = serializers.CharField(allow_blank=True)
    exception = serializers.CharField(allow_blank=True)


class GateExceptionIn(Strict):
    """An exception from one gate, with its reason."""

    gate = serializers.CharField(max_length=24)
    reason = serializers.CharField(max_length=5000)


class CommentIn(Strict):
    """A word to colleagues."""

    text = serializers.CharField(max_length=10_000)
    passage = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class CommentOut(serializers.Serializer[Any]):
    """A comment."""

    id = serializers.IntegerField()
    author = PersonField()
    text = serializers.CharField()
    passage = serializers.CharField()
    created_at = serializers.DateTimeField()


# --- reports, people -------------------------------------------------------------------------------------------
class ReportOut(serializers.ModelSerializer[Report]):
    """A public report in a list."""

    url = serializers.CharField(source="get_absolute_url", read_only=True)
    version = serializers.IntegerField(source="current_version.number", read_only=True)

    class Meta:
        model = Report
        fields: tuple[str, ...] = ("slug", "url", "headline", "verdict_key", "topic", "version", "published_at", "modified_at",
                  "retracted_at")  # fmt: skip
        read_only_fields: tuple[str, ...] = fields


class ReportDetail(ReportOut):
    """One public report: the frozen document of the version that stands."""

    document = serializers.SerializerMethodField()
    sha256 = serializers.CharField(source="current_version.sha256", read_only=True)

    class Meta(ReportOut.Meta):
        fields = (*ReportOut.Meta.fields, "sha256", "document")
        read_only_fields: tuple[str, ...] = fields

    @extend_schema_field(serializers.DictField())
    def get_document(self, report: Report) -> dict[str, Any]:
        import json

        assert report.current_version is not None, "only public reports are shown"
        document: dict[str, Any] = json.loads(report.current_version.document)
        return document


class PersonOut(serializers.Serializer[Any]):
    """A colleague."""

    username = serializers.CharField()
    name = serializers.SerializerMethodField()
    roles = serializers.SerializerMethodField()

    def get_name(self, person: Any) -> str:
        return people.display_name(person)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_roles(self, person: Any) -> list[str]:
        return sorted(people.roles(person))
