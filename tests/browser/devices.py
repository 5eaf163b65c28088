"""A device that holds passkeys, as Chromium's own debugger lends one: it signs what a real one would sign."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import CDPSession, Page


class Device:
    """A virtual authenticator in one browser page; it makes sure of its owner unless told that this fails."""

    def __init__(self, page: Page) -> None:
        self.debugger: CDPSession = page.context.new_cdp_session(page)
        self.debugger.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        made = self.debugger.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id: str = made["authenticatorId"]

    def keys(self) -> list[dict[str, Any]]:
        """The passkeys on the device, with their private halves."""
        told = self.debugger.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        return list(told["credentials"])

    def put(self, key: dict[str, Any]) -> None:
        """Put a key on the device, as a thief would who has copied it."""
        self.debugger.send("WebAuthn.addCredential", {"authenticatorId": self.id, "credential": key})

    def clear(self) -> None:
        """Wipe the device."""
        self.debugger.send("WebAuthn.clearCredentials", {"authenticatorId": self.id})

    def trusts_whoever_holds_it(self, owner: bool) -> None:
        """Whether finger or face fit from now on."""
        self.debugger.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": owner})
