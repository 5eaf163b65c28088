"""Every answer of every address carries the headers that keep a browser safe, also the ones that tell of a mistake."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import path, reverse

from claims.models import Claim, Report
from factcheck.urls import urlpatterns as everything
from tests.architecture.test_addresses import ROUTES, address_of

ROOT = Path(__file__).resolve().parents[2]
PRIVATE = ("/desk/", "/admin/", "/log-in/", "/password/")


def _broken(request: Any) -> Any:
    raise ZeroDivisionError


urlpatterns = [path("broken", _broken, name="robots"), *everything]


def problems(answer: Any, address: str) -> Iterator[str]:
    """What is missing or too wide in the headers of this answer."""
    policy = answer.headers.get("Content-Security-Policy", "")
    for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'"):
        if part not in policy:
            yield f"policy without {part}"
    if "unsafe-" in policy or "*" in policy.replace("frame-ancestors *", ""):
        yield f"policy allows too much: {policy}"
    if "frame-ancestors" not in policy:
        yield "may be framed"
    if "frame-ancestors *" in policy and not address.startswith("/embed/"):
        yield "may be framed by anybody"
    wanted = {"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin"}
    for name, value in wanted.items():
        if answer.headers.get(name) != value:
            yield f"{name}: {answer.headers.get(name)}"
    for name in ("Permissions-Policy", "Referrer-Policy"):
        if not answer.headers.get(name):
            yield f"no {name}"
    if address.startswith(PRIVATE) and "no-store" not in answer.headers.get("Cache-Control", ""):
        yield "may be kept"


@pytest.mark.django_db
def test_every_answer_carries_them(
    claim_in: Callable[..., Claim], editor: User, as_user: Callable[[User], Client]
) -> None:
    report = Report.objects.get(claim=claim_in("published"))
    chief = as_user(
        User.objects.create_superuser("chief", "chief@desk.example", "correct horse battery staple")
    )
    guest, member = Client(), as_user(editor)
    asked = [
        (client, address_of(name, row, report)) for name, _r, row in ROUTES for client in (guest, member)
    ]
    asked += [
        (chief, reverse(f"admin:claims_{name}_changelist")) for name in ("claim", "auditevent", "report")
    ]
    asked += [(client, address) for client in (guest, chief)
              for address in ("/nowhere", "/desk/nowhere/", "/admin/", "/admin/nowhere/", "/api/v1/nowhere/")]  # fmt: skip
    wrong = {}
    for client, address in asked:
        if found := list(problems(answer := client.get(address), address)):
            wrong[address, answer.status_code] = found
    assert wrong == {}


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_fault_and_a_forged_form_carry_them_too() -> None:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    broken, forged = client.get("/broken"), client.post("/log-in/", {"username": "x"})
    assert (broken.status_code, forged.status_code) == (500, 403)
    assert list(problems(broken, "/broken")) == []
    assert list(problems(forged, "/log-in/")) == []


@pytest.mark.django_db
def test_no_form_is_taken_without_its_token(claim_in: Callable[..., Claim], editor: User) -> None:
    """Also as JSON or as text, which other sites can make a browser send."""
    claim = claim_in("published")
    report = Report.objects.get(claim=claim)
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    wrong = {}
    for name, _route, pattern in ROUTES:
        address = address_of(name, pattern, report)
        for kind in ("application/x-www-form-urlencoded", "application/json", "text/plain"):
            answer = client.generic("POST", address, b"action=retract", content_type=kind)
            if answer.status_code not in {403, 405}:
                wrong[name, kind] = answer.status_code
    assert {name for name, _kind in wrong} <= {"api-nowhere", "api-report-errors"}, (
        "open to everybody, with no log-in to misuse"
    )
    assert Claim.objects.get(pk=claim.pk).status == "published"


SAFE = {
    "FACTCHECK_MODE": "production", "SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "desk.example", "DATABASE_URL": "sqlite:///:memory:",
    "SITE_URL": "https://desk.example", "REDIS_URL": "redis://:secret@redis:6379/0",
}  # fmt: skip


def start(**changed: str) -> subprocess.CompletedProcess[str]:
    """The settings of a production desk, read by a process of its own."""
    env = {"PATH": os.environ["PATH"], **SAFE, **changed}
    command = [sys.executable, "-c", "import factcheck.settings"]
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("changed", "named"),
    [({"DEBUG": "true"}, "DEBUG"), ({"SECRET_KEY": "short"}, "SECRET_KEY"), ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
     ({"SITE_LANGUAGE": "xx"}, "SITE_LANGUAGE is 'xx'. Set it to one of: en, ar, de, es, fr, pt."),
     ({"SITE_URL": "http://desk.example"}, "SITE_URL"), ({"REDIS_URL": "redis://redis:6379/0"}, "REDIS_URL")],
)  # fmt: skip
def test_production_does_not_start_unsafely(changed: dict[str, str], named: str, tmp_path: Path) -> None:
    ended = start(**changed, FACTCHECK_VAR=str(tmp_path))
    assert ended.returncode != 0
    assert f"ImproperlyConfigured: {named}" in ended.stderr


def test_production_starts_safely(tmp_path: Path) -> None:
    assert start(FACTCHECK_VAR=str(tmp_path)).returncode == 0
    assert start(FACTCHECK_VAR=str(tmp_path), REDIS_URL="redis://127.0.0.1:6379/0").returncode == 0
