"""Who may use the API at all. What they may do to a claim is the door's business."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from claims.domain import tokens
from claims.domain.people import roles
from claims.models import ApiToken
from claims.workflow import permits


def token_of(request: Request) -> ApiToken | None:
    """The token that the caller came with; None for a log-in."""
    return request.auth if isinstance(request.auth, ApiToken) else None


class DeskMember(BasePermission):
    """Asks the table who may open this address by this method; a token also needs a scope that allows it."""

    def has_permission(self, request: Request, view: Any) -> bool:
        match = request.resolver_match
        method = request.method or "GET"
        if not permits.may_open(match.url_name if match else None, method, roles(request.user)):
            return False
        if method not in SAFE_METHODS:
            tokens.require_write(token_of(request))
        return True
