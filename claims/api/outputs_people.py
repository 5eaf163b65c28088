"""What the API shows of colleagues, and to each person of their own tokens."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.api.outputs import Fields
from claims.domain import people
from claims.models import ApiToken


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


class TokenOut(serializers.ModelSerializer[ApiToken]):
    """A key to the API, without the key: that is shown once, on the page that makes it."""

    class Meta:
        model = ApiToken
        fields: Fields = (
            "id", "name", "prefix", "scope", "created_at", "expires_at", "last_used_at", "revoked_at",
        )  # fmt: skip
        read_only_fields: Fields = fields
