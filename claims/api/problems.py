"""The shapes of errors, and of answers about many things at once, where some went well and some did not."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class FailingOut(serializers.Serializer[Any]):
    """One thing that stands in the way, and how to mend it."""

    gate = serializers.CharField()
    reason = serializers.CharField()
    remedy = serializers.CharField()
    where = serializers.CharField()


class FieldError(serializers.Serializer[Any]):
    """What is wrong with one field, and how to mend it."""

    field = serializers.CharField(
        help_text="Its name; parts of lists as items.0.name; empty for the whole body."
    )
    detail = serializers.CharField()
    remedy = serializers.CharField(help_text="Empty where the detail says it.")


class Problem(serializers.Serializer[Any]):
    """Every error (RFC 9457): what is wrong, where, how to mend it."""

    type = serializers.CharField(help_text="urn:plumbline:problem: and the code.")
    title = serializers.CharField(help_text="The kind of problem; always the same for a code.")
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField(help_text="What happened this time, as a sentence for a person.")
    errors = FieldError(many=True, required=False)  # type: ignore[assignment]  # RFC 9457 leaves the name to us
    failing = FailingOut(
        many=True, required=False, help_text="With 422: what is missing, also where `errors` names its field."
    )
    current = serializers.DictField(required=False, help_text="With 409 and 412: what stands now.")
    article = serializers.IntegerField(required=False, help_text="The article that is here already.")


class BulkItem(serializers.Serializer[Any]):
    """What came of one claim: where it stands now, or the problem."""

    claim = serializers.IntegerField()
    status = serializers.IntegerField(
        help_text="The number that this item alone would have been answered with."
    )
    state = serializers.CharField(allow_null=True, help_text="The claim's status now.")
    version = serializers.IntegerField(allow_null=True)
    problem = Problem(allow_null=True)


class BulkResult(serializers.Serializer[Any]):
    """How each item went, in the order in which they were sent."""

    done = serializers.IntegerField()
    refused = serializers.IntegerField()
    items = BulkItem(many=True)
