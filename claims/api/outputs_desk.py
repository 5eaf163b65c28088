"""What the API shows of the desk as a whole: who is called, what was brought in, and its work in figures."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from claims.api.outputs import Fields, PersonField, texts
from claims.domain import webhooks
from claims.models import ClaimSheet, ImportBatch, WebhookAttempt, WebhookDelivery, WebhookReceiver


# --- webhooks --------------------------------------------------------------------------------------------------
class WebhookOut(serializers.ModelSerializer[WebhookReceiver]):
    """A program elsewhere that is told of reports or claims."""

    url = serializers.CharField(read_only=True)
    events = texts(help_text="What it is told of.")

    class Meta:
        model = WebhookReceiver
        fields: Fields = ("id", "name", "url", "form", "events", "created_at", "stopped_at")
        read_only_fields: Fields = fields


class WebhookMade(WebhookOut):
    """The same with its secret, which is shown this once."""

    secret = serializers.SerializerMethodField(
        help_text="Signs the calls. Empty when the answer is a replay."
    )

    class Meta(WebhookOut.Meta):
        fields: Fields = (*WebhookOut.Meta.fields, "secret")
        read_only_fields: Fields = fields

    def get_secret(self, receiver: WebhookReceiver) -> str:
        return webhooks.secret_of(receiver)


class AttemptOut(serializers.ModelSerializer[WebhookAttempt]):
    """One try of one call."""

    class Meta:
        model = WebhookAttempt
        fields: Fields = ("at", "delivered", "status_code", "note")
        read_only_fields: Fields = fields


class DeliveryOut(serializers.ModelSerializer[WebhookDelivery]):
    """One call to one receiver, with every try."""

    state = serializers.CharField(source="message.state", read_only=True, help_text="waiting, sent or dead.")
    attempts = AttemptOut(many=True, read_only=True)

    class Meta:
        model = WebhookDelivery
        fields: Fields = ("id", "uid", "event", "state", "created_at", "attempts")
        read_only_fields: Fields = fields


# --- imports ---------------------------------------------------------------------------------------------------
class ImportOut(serializers.ModelSerializer[ImportBatch]):
    """One file of checks by other desks that was read in."""

    brought_by = PersonField(read_only=True, allow_null=True)

    class Meta:
        model = ImportBatch
        fields: Fields = (
            "id", "name", "sha256", "brought_by", "started_at", "finished_at", "fresh", "renewed", "put_aside",
        )  # fmt: skip
        read_only_fields: Fields = fields


class SheetOut(serializers.ModelSerializer[ClaimSheet]):
    """One spreadsheet of claims."""

    brought_by = PersonField(read_only=True)

    class Meta:
        model = ClaimSheet
        fields: Fields = ("id", "name", "brought_by", "created_at", "done_at", "made", "known")
        read_only_fields: Fields = fields


class SheetProblem(serializers.Serializer[Any]):
    """What is wrong with one row, and how to mend it."""

    row = serializers.IntegerField()
    problem = serializers.CharField()


class SheetDetail(SheetOut):
    """The same, and what its rows would become."""

    head = texts(help_text="The headings of the columns.")
    columns = serializers.DictField(
        child=serializers.IntegerField(), read_only=True, help_text="Which column holds what."
    )
    fresh = serializers.IntegerField(read_only=True, help_text="Rows that would become claims.")
    problems = SheetProblem(many=True, read_only=True)
    missing = serializers.CharField(read_only=True, help_text="What has to be said about the columns first.")

    class Meta(SheetOut.Meta):
        fields: Fields = (*SheetOut.Meta.fields, "head", "columns", "fresh", "problems", "missing")
        read_only_fields: Fields = fields


# --- insight ---------------------------------------------------------------------------------------------------
class PeriodOut(serializers.Serializer[Any]):
    """From the first day to the last, both included."""

    first = serializers.DateField()
    last = serializers.DateField()


class StayOut(serializers.Serializer[Any]):
    """How long claims stayed in one status before they left it, in hours."""

    status = serializers.CharField()
    count = serializers.IntegerField()
    middle = serializers.FloatField()
    longest_tenth = serializers.FloatField()


class WeekOut(serializers.Serializer[Any]):
    """What happened in one week."""

    monday = serializers.DateField()
    submitted = serializers.IntegerField()
    sent_back = serializers.IntegerField()
    approved = serializers.IntegerField()
    published = serializers.IntegerField()


class QueueOut(serializers.Serializer[Any]):
    """What waits in one status now."""

    status = serializers.CharField()
    by_age = serializers.ListField(child=serializers.IntegerField())
    oldest = serializers.DateTimeField(allow_null=True)


class VerdictsOut(serializers.Serializer[Any]):
    """Reports by verdict, for one topic, speaker or outlet."""

    name = serializers.CharField()
    counts = serializers.DictField(child=serializers.IntegerField())


class BalanceOut(serializers.Serializer[Any]):
    """Claims found and declined, and reports that stand, for one speaker."""

    name = serializers.CharField()
    found = serializers.IntegerField()
    declined = serializers.IntegerField()
    published = serializers.IntegerField()


class AgreementOut(serializers.Serializer[Any]):
    """How often second readers, rating blind, chose what the checker had chosen."""

    count = serializers.IntegerField()
    same = serializers.IntegerField()
    kappa = serializers.FloatField(allow_null=True)


class WorkloadOut(serializers.Serializer[Any]):
    """What lies on one person's table now, and what they did in the period."""

    name = serializers.CharField()
    load = serializers.IntegerField()
    most = serializers.IntegerField()
    submitted = serializers.IntegerField()
    reviewed = serializers.IntegerField()


class InsightOut(serializers.Serializer[Any]):
    """The desk's own work in figures, counted at most every few minutes."""

    period = PeriodOut()
    counted_at = serializers.DateTimeField()
    stays = StayOut(many=True)
    weeks = WeekOut(many=True)
    queue = QueueOut(many=True)
    by_topic = VerdictsOut(many=True)
    by_speaker = VerdictsOut(many=True)
    by_outlet = VerdictsOut(many=True)
    balance = BalanceOut(many=True)
    agreement = AgreementOut()
    people = WorkloadOut(many=True, help_text="For editors; empty for others.")
