"""What the API takes from readers and shows of their messages. Addresses for an answer are never shown."""

from __future__ import annotations

from rest_framework import serializers

from claims.api.serializers import PersonField, Strict
from claims.domain import reader_messages
from claims.models import ReaderMessage


class MistakeIn(Strict):
    """What is wrong in a report."""

    about = serializers.ChoiceField(choices=ReaderMessage.About.choices)
    text = serializers.CharField(max_length=5000, help_text="What it should say, and how you know.")
    passage = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    link = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    email = serializers.CharField(required=False, allow_blank=True, max_length=254)


class ReceiptOut(serializers.ModelSerializer[ReaderMessage]):
    """The receipt of a message."""

    receipt = serializers.SerializerMethodField()

    class Meta:
        model = ReaderMessage
        fields: tuple[str, ...] = ("number", "created_at", "due_at", "receipt")
        read_only_fields: tuple[str, ...] = fields

    def get_receipt(self, message: ReaderMessage) -> str:
        return reader_messages.receipt_address(message)


class ReaderMessageOut(serializers.ModelSerializer[ReaderMessage]):
    """A message from a reader."""

    report = serializers.CharField(source="report.slug", read_only=True)
    claim = serializers.IntegerField(source="report.claim_id", read_only=True)
    wants_answer = serializers.SerializerMethodField()
    closed_by = PersonField(read_only=True, allow_null=True)

    class Meta:
        model = ReaderMessage
        fields: tuple[str, ...] = ("id", "number", "report", "report_version", "claim", "about", "passage", "text", "link",
                  "wants_answer", "created_at", "due_at", "correction", "outcome", "answer", "closed_at",
                  "closed_by")  # fmt: skip
        read_only_fields: tuple[str, ...] = fields

    def get_wants_answer(self, message: ReaderMessage) -> bool:
        return bool(message.email)


class AnswerIn(Strict):
    """How a message ended."""

    outcome = serializers.ChoiceField(choices=ReaderMessage.Outcome.choices)
    answer = serializers.CharField(
        max_length=5000, allow_blank=True, help_text="The reason; the reader is told."
    )
