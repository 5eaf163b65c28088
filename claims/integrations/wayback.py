"""The Wayback Machine: is a page archived, and please archive it (Save Page Now 2, keys needed).

An archive link only ever comes from an answer that confirms it. A finished save job names a time, not a link;
the link is then asked for (``confirm``), never put together by us.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode, urlsplit

from claims.integrations import conf, errors
from claims.integrations.answer import Answer, OddShape, Service, mapping, moment, text, web_address
from claims.integrations.conf import gettext_noop as _
from claims.integrations.conf import say
from claims.integrations.urls import normalise

SERVICE = Service("wayback", "The Wayback Machine")
AVAILABILITY = "https://archive.org/wayback/available"
SAVE = "https://web.archive.org/save"
_ARCHIVE_HOST = "web.archive.org"


@dataclass(frozen=True)
class Capture:
    """An archived copy that the archive itself confirmed. ``url`` is its link, as the archive gave it."""

    url: str
    captured_at: datetime
    original_url: str


@dataclass(frozen=True)
class SaveJob:
    """A save that the archive accepted; ask ``progress`` later."""

    job_id: str


class JobState(StrEnum):
    PENDING = "pending"
    SUCCESS = "success"
    ERROR = "error"


@dataclass(frozen=True)
class Progress:
    """How a save is going. ``captured_at`` is set on success; ``reason`` is a sentence on error."""

    state: JobState
    captured_at: datetime | None = None
    original_url: str = ""
    reason: str = ""


def available(url: str) -> Answer[Capture]:
    """The archived copy of ``url`` nearest to now, where the archive has a good one (status 200)."""
    return _available(url, {"url": url})


def confirm(url: str, captured_at: datetime) -> Answer[Capture]:
    """The copy of ``url`` made at exactly ``captured_at``.

    The archive's index follows a save with some delay: until then the answer is ``NOTHING_FOUND``, and the caller
    asks again later.
    """
    stamp = captured_at.strftime("%Y%m%d%H%M%S")
    answer = _available(url, {"url": url, "timestamp": stamp})
    exact = tuple(capture for capture in answer.items if capture.captured_at == captured_at)
    return answer if len(exact) == len(answer.items) else SERVICE.found(exact, answer.query)


def save(url: str) -> Answer[SaveJob]:
    """Ask for ``url`` to be archived; a copy made within the last day is good enough."""
    form = {"url": url, "skip_first_archive": "1", "if_not_archived_within": "1d"}
    keys = conf.text("WAYBACK_KEYS")
    if not keys:
        return _no_keys(url)
    return SERVICE.ask(
        conf.text("WAYBACK_SAVE_URL", SAVE),
        _job,
        query={"url": url},
        method="POST",
        headers=_authorization(keys) | {"Content-Type": "application/x-www-form-urlencoded"},
        content=urlencode(form).encode(),
        key_setting="WAYBACK_KEYS",
    )


def progress(job_id: str) -> Answer[Progress]:
    """How the save with ``job_id`` is going."""
    keys = conf.text("WAYBACK_KEYS")
    if not keys:
        return _no_keys(job_id)
    if not re.fullmatch(r"[A-Za-z0-9-]{1,100}", job_id):
        raise ValueError(f"{job_id!r} is not a job of the Wayback Machine.")
    base = conf.text("WAYBACK_SAVE_URL", SAVE).rstrip("/")
    return SERVICE.ask(
        f"{base}/status/{job_id}",
        _progress,
        query={"job": job_id},
        headers=_authorization(keys),
        key_setting="WAYBACK_KEYS",
    )


def _no_keys(subject: str) -> Answer[Any]:
    note = say(_("Not archived: no keys for the Wayback Machine are set."))
    return SERVICE.not_configured(note, {"url": subject})


def _authorization(keys: str) -> dict[str, str]:
    return {"Authorization": f"LOW {keys}", "Accept": "application/json"}


def _available(url: str, asked: dict[str, str]) -> Answer[Capture]:
    address = f"{conf.text('WAYBACK_URL', AVAILABILITY)}?{urlencode(asked)}"
    return SERVICE.ask(address, lambda answer: _captures(answer, url), query=asked)


def _captures(answer: Any, url: str) -> tuple[Capture, ...]:
    closest = mapping(mapping(answer).get("archived_snapshots")).get("closest")
    if closest is None:
        return ()
    closest = mapping(closest)
    link, captured_at = web_address(closest.get("url")), moment(closest.get("timestamp"))
    if not link or captured_at is None or urlsplit(link).hostname != _ARCHIVE_HOST:
        raise OddShape
    good = closest.get("available") is True and str(closest.get("status")) == "200"
    if not (good and _is_copy_of(link, url)):
        return ()
    return (Capture(link, captured_at, url),)


def _is_copy_of(link: str, url: str) -> bool:
    """Whether the archive link ends in the address we asked about (scheme and www. may differ)."""
    match = re.match(r"https?://[^/]+/web/\d{14}[a-z_]*/(.+)\Z", link)
    try:
        return match is not None and _bare(match.group(1)) == _bare(url)
    except errors.FetchError:
        return False


def _bare(url: str) -> str:
    full = url if "://" in url else f"http://{url}"
    return re.sub(r"^https?://(www\.)?", "", normalise(full)).replace(":80/", "/").rstrip("/")


def _job(answer: Any) -> tuple[SaveJob, ...]:
    job_id = text(mapping(answer).get("job_id"), 100)
    if not re.fullmatch(r"[A-Za-z0-9-]{1,100}", job_id):
        raise OddShape
    return (SaveJob(job_id),)


def _progress(answer: Any) -> tuple[Progress, ...]:
    answer = mapping(answer)
    try:
        state = JobState(answer.get("status"))
    except ValueError:
        raise OddShape from None
    captured_at = moment(answer.get("timestamp"))
    if state is JobState.SUCCESS and captured_at is None:
        raise OddShape
    reason = _reason(text(answer.get("status_ext"), 60)) if state is JobState.ERROR else ""
    return (Progress(state, captured_at, web_address(answer.get("original_url")), reason),)


def _reason(code: str) -> str:
    """A sentence for the archive's error code (``error:…``)."""
    name = code.removeprefix("error:")
    if name in {"blocked-url", "no-access", "forbidden", "unauthorized"}:
        return say(_("The site does not let the archive read this page."))
    if name in {"not-found", "gone"}:
        return say(_("The archive found no page at this address."))
    if name in {"too-many-daily-captures", "user-session-limit", "too-many-requests"}:
        return say(_("The archive's daily limit for this page or this desk is used up."))
    return say(_("The archive could not make a copy of this page."))
