"""A provider of single sign-on on the loopback: it checks what the desk sends, and can sign tokens that lie.

Everybody who comes to ``/authorize`` is logged in there as ``claims`` say, and sent back with a code that counts once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from tests.standins.server import Reply, Seen, StandIn

CLIENT, SECRET = "the-desk", "secret of the desk: +/%"
Sign = Callable[[dict[str, Any]], str]


class OpenIdProvider:
    """Routes on a stand-in server. ``changes`` overrides claims (None removes one), ``sign`` makes the token."""

    def __init__(self, server: StandIn) -> None:
        self.server = server
        self.issuer = f"{server.origin}/realms/news"
        self.key: RSAKey | ECKey = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
        self.published = [self.key.as_dict(private=False)]
        self.discovery: dict[str, Any] = {}
        self.claims: dict[str, Any] = {"sub": "248289", "email": "ida@desk.example", "email_verified": True}
        self.changes: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.sign: Sign = self.signed
        self.codes: dict[str, dict[str, str]] = {}
        for path, handler in {
            "/realms/news/.well-known/openid-configuration": self._discover, "/authorize": self._authorize,
            "/token": self._token, "/keys": lambda seen: Reply.json({"keys": self.published}),
            "/userinfo": lambda seen: Reply.json(self.userinfo or {"sub": self.claims["sub"]}),
        }.items():  # fmt: skip
            server.route(path, handler)

    def signed(self, claims: dict[str, Any], *, alg: str = "RS256", key: Any = None, **header: Any) -> str:
        """A token as it should be, unless told otherwise."""
        key = key or self.key
        kid = {"kid": key.kid} if getattr(key, "kid", None) else {}
        return jwt.encode({"alg": alg, **kid, **header}, claims, key, algorithms=[alg])

    def confused(self, claims: dict[str, Any]) -> str:
        """``alg: HS256`` with the public key as the secret; the library refuses to make such a token."""
        unsigned = self.unsigned(claims, "HS256").rstrip(".")
        made = hmac.new(self.key.as_pem(private=False), unsigned.encode(), hashlib.sha256).digest()
        return f"{unsigned}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"

    def unsigned(self, claims: dict[str, Any], alg: str = "none") -> str:
        """A head, the claims, and no signature."""
        parts = ({"alg": alg, "typ": "JWT"}, claims)
        return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."  # fmt: skip

    def _discover(self, seen: Seen) -> Reply:
        origin = self.server.origin
        return Reply.json({
            "issuer": self.issuer, "authorization_endpoint": f"{origin}/authorize", "token_endpoint": f"{origin}/token",
            "jwks_uri": f"{origin}/keys", "userinfo_endpoint": f"{origin}/userinfo", **self.discovery,
        })  # fmt: skip

    def _authorize(self, seen: Seen) -> Reply:
        asked = seen.query
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"
        return Reply(b"", 302, {"Location": back})

    def _token(self, seen: Seen) -> Reply:
        sent = dict(parse_qsl(seen.body.decode()))
        given = seen.headers.get("authorization", "").removeprefix("Basic ")
        client, _colon, secret = base64.b64decode(given).decode().partition(":")
        if not given:
            client, secret = sent["client_id"], sent["client_secret"]
        if (unquote(client), unquote(secret)) != (CLIENT, SECRET):
            return Reply.json({"error": "invalid_client"}, 401)
        asked = self.codes.pop(sent["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest())
        if (
            asked is None
            or challenge.rstrip(b"=").decode() != asked["code_challenge"]
            or sent["redirect_uri"] != asked["redirect_uri"]
        ):
            return Reply.json({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        if "max_age" in asked:  # then a provider has to say when it asked
            claims["auth_time"] = now
        claims |= self.claims | self.changes
        kept = {name: value for name, value in claims.items() if value is not None}
        return Reply.json({"access_token": "access", "token_type": "Bearer", "id_token": self.sign(kept)})
