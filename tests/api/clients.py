"""Programs and people that call the API in tests."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from rest_framework.test import APIClient

from claims.domain import steps, tokens
from claims.enums import StepState
from claims.models import ApiToken, VerificationStep

V1 = "/api/v1/"


def client_of(person: User, scope: str = ApiToken.Scope.PUBLISH) -> APIClient:
    """A program with a token of this person."""
    client = APIClient()
    _token, secret = tokens.create(person, "test", scope=scope)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def client_with_session(person: User) -> APIClient:
    """A browser that is logged in."""
    client = APIClient()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def do_steps() -> None:
    """What a worker would do."""
    for _round in range(3):
        for pk in VerificationStep.objects.filter(state=StepState.QUEUED).values_list("pk", flat=True):
            steps.run_step(pk)


def fields_of(answer: Any) -> list[str]:
    """The fields that a problem names."""
    return [error["field"] for error in answer.json()["errors"]]
