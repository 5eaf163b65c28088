"""Single sign-on by OpenID Connect: authorization code flow with PKCE, state and nonce; off until an operator sets it up.

What the provider says is believed only where its signature, made by one of two algorithms with a key that it publishes,
covers it, and where issuer, audience, time, nonce and subject are right. Who that is on this desk is not decided here.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from claims.integrations import conf, errors, http
from claims.integrations.answer import OddShape, Service, listing, mapping, text
from claims.integrations.conf import gettext_noop as _
from claims.integrations.http import Limits

SERVICE = Service("oidc", "The log-in service")
# Each algorithm with the kind of key that it needs: a public key can never be taken for a shared secret.
ALGORITHMS: Mapping[str, type[RSAKey] | type[ECKey]] = {"RS256": RSAKey, "ES256": ECKey}
_KTY = {"RS256": "RSA", "ES256": "EC"}
# Somebody waits for the answer, so it is not waited for long; documents of a provider are small.
_LIMITS = Limits(seconds=5.0, body_bytes=512 * 1024)
KEPT_SECONDS = 3600.0
# An unknown key makes the keys be fetched anew, but not for each token that names one.
KEYS_AGAIN_SECONDS = 60.0
CLOCKS_DIFFER = 60
# Asked for so that the provider has to say when somebody logged in there; so long ago that it asks nobody anew for it.
LOGGED_IN_WITHIN = 366 * 24 * 3600
# How some providers say in ``acr`` that there was a second factor; an operator can name others.
STRONG_ACR = frozenset({"http://schemas.openid.net/pape/policies/2007/06/multi-factor", "phr", "phrh"})
_kept: dict[str, tuple[float, Any]] = {}
Found = TypeVar("Found")


class SignOnError(errors.SentenceError):
    """The log-in by the provider did not come about. ``code`` says at what, for logs and tests."""

    sentence = _("The log-in service did not finish the log-in. Begin again.")
    code = "sign_on"


class NotTrusted(SignOnError):
    """The answer does not hold."""

    sentence = _(
        "The log-in service sent an answer that cannot be trusted (%(why)s). Nobody was logged in. Begin again; if it "
        "happens again, tell an administrator."
    )

    def __init__(self, why: str) -> None:
        super().__init__(why=why)
        self.code = why


class NoAnswer(SignOnError):
    """It could not be asked, or answers in another shape."""

    sentence = _(
        "The log-in service cannot be reached or does not answer as it should (%(why)s). Log in with your password, or "
        "try again later."
    )

    def __init__(self, why: str) -> None:
        super().__init__(why=why)
        self.code = "no_answer"


@dataclass(frozen=True, slots=True)
class Provider:
    """What the provider's discovery document says of it, checked."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str
    basic: bool  # whether our secret goes into a header; else into the body


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one log-in remembers between leaving for the provider and coming back. Secret, but for ``state``."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def fresh(cls) -> Attempt:
        return cls(*(secrets.token_urlsafe(32) for _part in range(3)))


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider vouches for.

    ``strong``: it says that there was a second factor. ``logged_in_at``: when they proved there who they are, if it says so.
    """

    issuer: str
    subject: str
    email: str
    email_verified: bool
    given_name: str = ""
    family_name: str = ""
    user_name: str = ""
    strong: bool = False
    logged_in_at: float | None = None


def configured() -> bool:
    """Whether single sign-on is switched on here, and its provider may be asked."""
    named = all(conf.text(f"OIDC_{name}") for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET"))
    return named and SERVICE.reachable(_well_known())


def label() -> str:
    """How people call the provider."""
    return conf.text("OIDC_NAME") or urlsplit(conf.text("OIDC_ISSUER")).hostname or ""


def forget() -> None:
    """Ask for the discovery document and the keys anew."""
    _kept.clear()


# --- leaving ----------------------------------------------------------------------------------------------------------


def address(attempt: Attempt, back: str, *, again: bool = False) -> str:
    """Where the browser goes to log in; it comes back to ``back``.

    Args:
        again: whoever is logged in there has to prove themselves anew.

    Raises:
        NoAnswer: the provider cannot be asked where that is.
    """
    provider = _asking(_provider)
    challenge = _base64(hashlib.sha256(attempt.verifier.encode()).digest())
    wanted = {
        "response_type": "code",
        "client_id": conf.text("OIDC_CLIENT_ID"),
        "redirect_uri": back,
        "scope": conf.text("OIDC_SCOPES", "openid email profile"),
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "max_age": str(0 if again else LOGGED_IN_WITHIN),
    }
    if again:
        wanted["prompt"] = "login"
    if acr := _strong_acr():
        wanted["acr_values"] = " ".join(acr)
    joint = "&" if "?" in provider.authorization else "?"
    return f"{provider.authorization}{joint}{urlencode(wanted)}"


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _strong_acr() -> list[str]:
    return list(conf.setting("OIDC_STRONG_ACR", []) or [])


# --- coming back ------------------------------------------------------------------------------------------------------


def identify(attempt: Attempt, *, code: str, issuer: str, back: str) -> Identity:
    """Exchange the code for an ID token, and check all of it.

    Args:
        attempt: what was remembered when the browser left.
        code: what it brought back.
        issuer: the ``iss`` that it brought back beside it (RFC 9207); empty where there was none.
        back: the address it came back to.

    Raises:
        NotTrusted: something does not hold.
        NoAnswer: the provider cannot be asked, or answers in another shape.
    """
    provider = _asking(_provider)
    if issuer and issuer != provider.issuer:
        raise NotTrusted("issuer")
    answer = _asking(lambda: _exchange(provider, attempt, code, back))
    claims = checked(text(answer.get("id_token"), 20_000), provider, attempt.nonce)
    if not claims.get("email") and provider.userinfo:
        access = text(answer.get("access_token"), 20_000)
        said = _asking(lambda: _userinfo(provider, access, claims["sub"]))
        claims = said | claims | {"email_verified": said.get("email_verified")}
    return _identity(claims)


def _exchange(provider: Provider, attempt: Attempt, code: str, back: str) -> dict[str, Any]:
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": attempt.verifier,
    }
    client, secret = conf.text("OIDC_CLIENT_ID"), conf.text("OIDC_CLIENT_SECRET")
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if provider.basic:
        pair = f"{quote(client, safe='')}:{quote(secret, safe='')}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    else:
        sent |= {"client_id": client, "client_secret": secret}
    answer = http.request(
        "POST", provider.token, service=SERVICE.key, headers=headers, content=urlencode(sent).encode(), limits=_LIMITS
    )  # fmt: skip
    if answer.status in {400, 401, 403}:
        raise NotTrusted("code")
    answer.raise_for_status()
    return mapping(answer.json())


def _userinfo(provider: Provider, access: str, subject: str) -> dict[str, Any]:
    """Further claims; only of the very person that the signed token names."""
    headers = {"Authorization": f"Bearer {access}", "Accept": "application/json"}
    answer = http.request("GET", provider.userinfo, service=SERVICE.key, headers=headers, limits=_LIMITS)
    answer.raise_for_status()
    claims = mapping(answer.json())
    if claims.get("sub") != subject:
        raise NotTrusted("subject")
    return claims


def checked(token: str, provider: Provider, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that holds in every part.

    Raises:
        NotTrusted: it does not; the code says in which part.
        NoAnswer: the provider's keys cannot be had.
    """
    claims = _signed(token, provider)
    client, now = conf.text("OIDC_CLIENT_ID"), time.time()
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if claims.get("iss") != provider.issuer:
        raise NotTrusted("issuer")
    if not isinstance(audiences, list) or client not in audiences:
        raise NotTrusted("audience")
    if claims.get("azp", client) != client or (len(audiences) > 1 and "azp" not in claims):
        raise NotTrusted("audience")
    if _moment(claims, "exp") <= now - CLOCKS_DIFFER:
        raise NotTrusted("expired")
    if _moment(claims, "iat") > now + CLOCKS_DIFFER or _moment(claims, "nbf", now) > now + CLOCKS_DIFFER:
        raise NotTrusted("time")
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise NotTrusted("nonce")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise NotTrusted("subject")
    return claims


def _signed(token: str, provider: Provider) -> dict[str, Any]:
    header = _header(token)
    algorithm = str(header.get("alg"))
    if algorithm not in ALGORITHMS or "crit" in header:
        raise NotTrusted("algorithm")
    for key in _fitting(provider, algorithm, header.get("kid")):
        try:
            # The one algorithm that goes with this kind of key, whatever the token says of itself.
            return dict(
                jwt.decode(token, ALGORITHMS[algorithm].import_key(key), algorithms=[algorithm]).claims
            )
        except (JoseError, ValueError, TypeError):
            continue
    raise NotTrusted("signature")


def _header(token: str) -> dict[str, Any]:
    head, dot, _rest = token.partition(".")
    try:
        found = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not dot:
        raise NotTrusted("token")
    return found


def _fitting(provider: Provider, algorithm: str, kid: object) -> list[dict[str, Any]]:
    """The published keys that may have signed: of that name and kind. One of an unknown name is looked for anew."""
    for again in (False, True):
        found = []
        for key in _asking(partial(_keys, provider, again=again)):
            ours = key.get("kty") == _KTY[algorithm] and key.get("use", "sig") == "sig"
            if ours and key.get("alg", algorithm) == algorithm and (kid is None or key.get("kid") == kid):
                found.append(key)
        if found:
            return found
    return []


def _moment(claims: Mapping[str, Any], name: str, default: float | None = None) -> float:
    value = claims.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise NotTrusted("time")
    return float(value)


def _identity(claims: Mapping[str, Any]) -> Identity:
    methods = claims.get("amr")
    said = isinstance(methods, list) and "mfa" in methods
    acr = claims.get("acr")
    named = isinstance(acr, str) and acr in (_strong_acr() or STRONG_ACR)
    return Identity(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        email=_mail_address(claims.get("email")),
        email_verified=claims.get("email_verified") is True,
        given_name=text(claims.get("given_name"), 150),
        family_name=text(claims.get("family_name"), 150),
        user_name=text(claims.get("preferred_username"), 150),
        strong=said or named or bool(conf.setting("OIDC_SECOND_STEP_AT_PROVIDER", False)),
        logged_in_at=_moment(claims, "auth_time") if claims.get("auth_time") is not None else None,
    )


def _mail_address(value: object) -> str:
    """An address word for word, or none: one that was shortened or mended would be somebody else's."""
    plain = text(value, 254)
    return plain if plain == value and " " not in plain else ""


# --- what the provider publishes --------------------------------------------------------------------------------------


def _well_known() -> str:
    return f"{conf.text('OIDC_ISSUER').rstrip('/')}/.well-known/openid-configuration"


def _provider() -> Provider:
    found = mapping(_document(_well_known()))
    if found.get("issuer") != conf.text("OIDC_ISSUER"):
        raise NotTrusted("issuer")
    methods = listing(found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]))
    return Provider(
        issuer=str(found["issuer"]),
        authorization=_endpoint(found, "authorization_endpoint"),
        token=_endpoint(found, "token_endpoint"),
        keys=_endpoint(found, "jwks_uri"),
        userinfo=_endpoint(found, "userinfo_endpoint") if found.get("userinfo_endpoint") else "",
        basic="client_secret_basic" in methods or "client_secret_post" not in methods,
    )


def _endpoint(found: Mapping[str, Any], name: str) -> str:
    """An address of the provider: https, unless it lies at the origin that the operator listed."""
    where = text(found.get(name), 2_000)
    if not where.startswith("https://") and not SERVICE.listed(where):
        raise NotTrusted(name)
    return where


def _keys(provider: Provider, *, again: bool) -> list[dict[str, Any]]:
    kept = _kept.get(provider.keys)
    if again and kept is not None and time.monotonic() - kept[0] > KEYS_AGAIN_SECONDS:
        _kept.pop(provider.keys)
    return [mapping(key) for key in listing(mapping(_document(provider.keys)).get("keys"))]


def _document(url: str) -> Any:
    kept = _kept.get(url)
    if kept is not None and time.monotonic() - kept[0] < KEPT_SECONDS:
        return kept[1]
    answer = http.request(
        "GET", url, service=SERVICE.key, headers={"Accept": "application/json"}, limits=_LIMITS
    )
    answer.raise_for_status()
    found = answer.json()
    _kept[url] = (time.monotonic(), found)
    return found


def _asking(ask: Callable[[], Found]) -> Found:
    try:
        return ask()
    except errors.FetchError as error:
        raise NoAnswer(error.code) from error
    except (OddShape, ValueError):
        raise NoAnswer("shape") from None
