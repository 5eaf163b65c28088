"""Who may use the API at all. What they may do to a claim is the door's business."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from claims.domain.people import roles
from claims.enums import Role
from claims.models import ApiToken


class DeskMember(BasePermission):
    """Viewers read; reviewers and editors also write, with a token whose scope allows it."""

    def has_permission(self, request: Request, view: Any) -> bool:
        held = roles(request.user)
        if request.method in SAFE_METHODS:
            return Role.VIEWER in held
        if isinstance(request.auth, ApiToken) and request.auth.scope == ApiToken.Scope.READ:
            return False
        return Role.REVIEWER in held
