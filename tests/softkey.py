"""A passkey in thirty lines: signs what a browser would let a device sign, and also what no honest one would."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, HOLDS_KEY = 0x01, 0x04, 0x40


class SoftKey:
    """One key for one site. ``flags``, ``origin`` and ``count`` say what the device claims."""

    def __init__(self, origin: str, host: str) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.origin, self.host, self.count, self.handle = origin, host, 0, ""

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, **response: bytes | str) -> str:
        named = bytes_to_base64url(self.id)
        told: dict[str, Any] = {
            name: value if isinstance(value, str) else bytes_to_base64url(value)
            for name, value in response.items()
        }
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": told})

    def made(self, options: dict[str, Any], flags: int = PRESENT | VERIFIED) -> str:
        """The answer to the making of a passkey."""
        self.handle = options["user"]["id"]
        at = self.private.public_key().public_numbers()
        public = encode_cbor({1: 2, 3: -7, -1: 1, -2: at.x.to_bytes(32, "big"), -3: at.y.to_bytes(32, "big")})
        data = self._data(flags | HOLDS_KEY) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        return self._answer(
            clientDataJSON=self._client_data("webauthn.create", options["challenge"]),
            attestationObject=encode_cbor({"fmt": "none", "attStmt": {}, "authData": data}),
        )

    def signed(self, options: dict[str, Any], flags: int = PRESENT | VERIFIED) -> str:
        """The answer to the use of a passkey."""
        data, client = self._data(flags), self._client_data("webauthn.get", options["challenge"])
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=client, authenticatorData=data, signature=signature, userHandle=self.handle
        )
