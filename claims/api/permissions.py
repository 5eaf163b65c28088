"""Who may use the API at all. What they may do to a claim is the door's business."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from claims.domain import tokens
from claims.domain.people import roles
from claims.enums import Role
from claims.models import ApiToken


def token_of(request: Request) -> ApiToken | None:
    """The token that the caller came with; None for a log-in."""
    return request.auth if isinstance(request.auth, ApiToken) else None


class DeskMember(BasePermission):
    """Viewers read; reviewers and editors also write, with a token whose scope allows it."""

    def has_permission(self, request: Request, view: Any) -> bool:
        held = roles(request.user)
        if request.method in SAFE_METHODS:
            return Role.VIEWER in held
        if Role.REVIEWER not in held:
            return False
        tokens.require_write(token_of(request))
        return True


class OwnThings(BasePermission):
    """What belongs to the caller alone, such as their tokens: any member of the desk, read tokens to read only."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if Role.VIEWER not in roles(request.user):
            return False
        if request.method not in SAFE_METHODS:
            tokens.require_write(token_of(request))
        return True
