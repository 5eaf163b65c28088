"""What the API shows of reports, to everybody, and of what readers wrote about them, to the desk."""

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.api.outputs import Fields, PersonField
from claims.domain import reader_messages
from claims.enums import ChangeKind
from claims.models import ReaderMessage, Report, ReportVersion


class ReportOut(serializers.ModelSerializer[Report]):
    """A public report in a list."""

    url = serializers.CharField(source="get_absolute_url", read_only=True, help_text="Its page.")
    version = serializers.IntegerField(source="current_version.number", read_only=True)

    class Meta:
        model = Report
        fields: Fields = (
            "slug", "url", "headline", "verdict_key", "topic", "version", "published_at", "modified_at", "retracted_at",
        )  # fmt: skip
        read_only_fields: Fields = fields


class ReportDetail(ReportOut):
    """One public report: the frozen document of the version that stands."""

    document = serializers.SerializerMethodField()
    sha256 = serializers.CharField(source="current_version.sha256", read_only=True)

    class Meta(ReportOut.Meta):
        fields: Fields = (*ReportOut.Meta.fields, "sha256", "document")
        read_only_fields: Fields = fields

    @extend_schema_field(serializers.DictField())
    def get_document(self, report: Report) -> dict[str, Any]:
        assert report.current_version is not None, "only public reports are shown"
        return _document(report.current_version)


class VersionOut(serializers.ModelSerializer[ReportVersion]):
    """One version of a public report. Each hash is that of the document; the chain shows that none is missing."""

    kind = serializers.ChoiceField(choices=ChangeKind.choices, read_only=True)

    class Meta:
        model = ReportVersion
        fields: Fields = ("number", "kind", "note", "sha256", "previous_sha256", "created_at")
        read_only_fields: Fields = fields


class VersionDetail(VersionOut):
    """One version with its frozen document."""

    document = serializers.SerializerMethodField()

    class Meta(VersionOut.Meta):
        fields: Fields = (*VersionOut.Meta.fields, "document")
        read_only_fields: Fields = fields

    @extend_schema_field(serializers.DictField())
    def get_document(self, version: ReportVersion) -> dict[str, Any]:
        return _document(version)


def _document(version: ReportVersion) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(version.document)
    return document


class ReceiptOut(serializers.ModelSerializer[ReaderMessage]):
    """The receipt of a message."""

    receipt = serializers.SerializerMethodField(help_text="Where its outcome can be looked up.")

    class Meta:
        model = ReaderMessage
        fields: Fields = ("number", "created_at", "due_at", "receipt")
        read_only_fields: Fields = fields

    def get_receipt(self, message: ReaderMessage) -> str:
        return reader_messages.receipt_address(message)


class ReaderMessageOut(serializers.ModelSerializer[ReaderMessage]):
    """A message from a reader. Addresses for an answer are never shown."""

    report = serializers.CharField(source="report.slug", read_only=True)
    claim = serializers.IntegerField(source="report.claim_id", read_only=True)
    link = serializers.CharField(read_only=True)
    outcome = serializers.CharField(read_only=True, help_text="Empty while nobody has answered.")
    wants_answer = serializers.SerializerMethodField()
    closed_by = PersonField(read_only=True, allow_null=True)

    class Meta:
        model = ReaderMessage
        fields: Fields = (
            "id", "number", "report", "report_version", "claim", "about", "passage", "text", "link", "wants_answer",
            "created_at", "due_at", "correction", "outcome", "answer", "closed_at", "closed_by",
        )  # fmt: skip
        read_only_fields: Fields = fields

    def get_wants_answer(self, message: ReaderMessage) -> bool:
        return bool(message.email)
