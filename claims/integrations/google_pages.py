"""Google's Fact Check Tools, the writing side (``pages`` of v1alpha1): off until three credentials are set.

The API wants an OAuth token of somebody who owns the site in Search Console; the desk keeps a refresh token and asks
for a short-lived one each time. ``update`` replaces everything, so it is sent the whole resource with the ``versionId``
that Google holds now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from claims.enums import StepOutcome
from claims.integrations import conf, errors, http
from claims.integrations.answer import OddShape, Service, listing, mapping, text
from claims.integrations.conf import gettext_noop as _
from claims.integrations.conf import say

SERVICE = Service("google_pages", "Google Fact Check Tools")
BASE = "https://factchecktools.googleapis.com/v1alpha1"
TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address, not a secret
_CREDENTIALS = ("GOOGLE_PAGES_CLIENT_ID", "GOOGLE_PAGES_CLIENT_SECRET", "GOOGLE_PAGES_REFRESH_TOKEN")


@dataclass(frozen=True)
class Pushed:
    """What became of one push. ``name`` and ``version_id`` are Google's for the page, where there is one."""

    outcome: StepOutcome
    note: str = ""
    name: str = ""
    version_id: str = ""
    retryable: bool = False
    retry_after: float | None = None

    @property
    def done(self) -> bool:
        return self.outcome is StepOutcome.FOUND


@dataclass
class _Session:
    """One push: the token that was asked for, and the base of all addresses."""

    token: str
    base: str = field(default_factory=lambda: conf.text("GOOGLE_PAGES_URL", BASE).rstrip("/"))

    def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        answer = http.request(method, f"{self.base}/{path}", service=SERVICE.key, headers=headers, json=body)
        if answer.status == 404:
            return 404, {}
        answer.raise_for_status()
        return answer.status, mapping(answer.json()) if answer.content else {}


def configured() -> bool:
    """Whether all credentials are set."""
    return all(conf.text(name) for name in _CREDENTIALS)


def not_configured() -> Pushed:
    """The answer while credentials are missing; nothing is sent."""
    return Pushed(StepOutcome.NOT_CONFIGURED, say(_("Not sent: no credentials for Google's pages are set.")))


def put(resource: Mapping[str, Any], *, name: str = "") -> Pushed:
    """Make Google's page what ``resource`` says: update it where there is one, create it otherwise.

    A page that was created while the answer got lost is found by its address, so that none is made twice.
    """
    return _pushing(lambda session: _put(session, resource, name))


def delete(name: str, page_url: str) -> Pushed:
    """Take the page away; one that is gone already counts as taken away."""
    return _pushing(lambda session: _delete(session, name, page_url))


def _pushing(work: Callable[[_Session], Pushed]) -> Pushed:
    if not configured():
        return not_configured()
    if not SERVICE.reachable(conf.text("GOOGLE_PAGES_URL", BASE)):
        return Pushed(StepOutcome.NOT_CONFIGURED, SERVICE.switched_off().note)
    try:
        pushed = work(_Session(_token()))
    except errors.FetchError as error:
        note = SERVICE.unavailable(error).note
        return Pushed(StepOutcome.UNAVAILABLE, note, retryable=error.retryable, retry_after=error.retry_after)
    except OddShape:
        return Pushed(StepOutcome.UNAVAILABLE, SERVICE.odd().note, retryable=True)
    return pushed


def _token() -> str:
    sent = {
        "grant_type": "refresh_token",
        "client_id": conf.text("GOOGLE_PAGES_CLIENT_ID"),
        "client_secret": conf.text("GOOGLE_PAGES_CLIENT_SECRET"),
        "refresh_token": conf.text("GOOGLE_PAGES_REFRESH_TOKEN"),
    }
    answer = http.request(
        "POST",
        conf.text("GOOGLE_PAGES_TOKEN_URL", TOKEN_URL),
        service=SERVICE.key,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        content=urlencode(sent).encode(),
    )
    answer.raise_for_status()
    token = text(mapping(answer.json()).get("access_token"), 4_000)
    if not token:
        raise errors.Unreadable
    return token


def _put(session: _Session, resource: Mapping[str, Any], name: str) -> Pushed:
    present = _present(session, name, str(resource["pageUrl"]))
    if present:
        body = {**resource, "name": present["name"], "versionId": present.get("versionId", "")}
        status, answer = session.call("PUT", quote(str(present["name"])), body)
        if status == 404:
            status, answer = session.call("POST", "pages", resource)
    else:
        status, answer = session.call("POST", "pages", resource)
    if status == 404:
        raise errors.NotThere
    return Pushed(
        StepOutcome.FOUND, name=text(answer.get("name"), 200), version_id=text(answer.get("versionId"), 100)
    )


def _present(session: _Session, name: str, page_url: str) -> dict[str, Any] | None:
    """The page as Google holds it now, by its name or else by its address."""
    if name:
        status, answer = session.call("GET", quote(name))
        if status != 404:
            return {"name": name, **answer}
    _status, found = session.call("GET", f"pages?{urlencode({'url': page_url})}")
    pages = [mapping(page) for page in listing(found.get("claimReviewMarkupPages", []))]
    return next((page for page in pages if page.get("pageUrl") == page_url and page.get("name")), None)


def _delete(session: _Session, name: str, page_url: str) -> Pushed:
    present = _present(session, name, page_url)
    if present:
        session.call("DELETE", quote(str(present["name"])))
    return Pushed(StepOutcome.FOUND)
