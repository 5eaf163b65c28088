"""Log-in by token: ``Authorization: Bearer <token>``. The database holds only digests."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from claims.domain import tokens
from claims.models import ApiToken


class TokenAuthentication(BaseAuthentication):
    """Bearer tokens made by ``domain.tokens``."""

    keyword = "Bearer"

    @sensitive_variables("brought")
    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        brought = tokens.brought(request.headers.get("Authorization", ""))
        if brought is None:
            return None
        if len(brought) != 1:
            raise AuthenticationFailed("Send one token: Authorization: Bearer <token>.")
        token = tokens.find(brought[0])
        if token is None:
            raise AuthenticationFailed(
                "This token is unknown, expired or revoked. Make a new one under Account."
            )
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the base class has no types
    """How the schema describes the above."""

    target_class = "claims.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
