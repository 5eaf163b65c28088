"""Acceptance 45: passwords tried by the thousand against a real desk.

    python -m benchmarks.log_in_attack [--engine sqlite|postgres] [--tries 1000] [--pairs 100]

Served by two gunicorn processes behind a stand-in for a proxy (``PROXY_COUNT=1``), with the real password hashing.

- One account: so many tries from 200 addresses, through the log-in page, the administration and the API in turns, each with
  invented addresses before the proxy's own entry. How many passwords were looked at in any minute?
- One password over as many names, from one address, a tenth of them real.
- Meanwhile the owner logs in from a browser that was used before, a colleague from one that was not, and the owner by a
  link in the mail.
- Names that exist and names that do not, in turns, each from a fresh address: status, words and median time.

The exit status says whether all of it held.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import re
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from benchmarks import harness

PASSWORD, NEW = "correct horse battery staple", "another quite long one"
ADDRESSES = 200
MOST_LOOKED_AT = 5
MOST_APART_MS = 20.0


@dataclass
class Browser:
    """Cookies and an address; the proxy's entry is the last, what stands before it anybody could write."""

    port: int
    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, fields: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, str, str]:
        """Status, body and where it leads."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"X-Forwarded-For": f"10.9.8.7, 203.0.113.5, {self.address}", **headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if fields is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({**fields, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")})
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for header in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        connection.close()
        return answer.status, text, answer.headers.get("Location", "")

    def enter(self, name: str, password: str, path: str = "/log-in/") -> tuple[int, str]:
        """Try to log in."""
        if "csrftoken" not in self.cookies:
            self.ask("GET", "/log-in/")
        status, text, _where = self.ask("POST", path, {"username": name, "password": password})
        return status, text


def main() -> int:
    """Attack, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--tries", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=100)
    options = parser.parse_args()
    with harness.desk(engine=options.engine, PROXY_COUNT="1", API_BURST="100000", LOG_LEVEL="ERROR") as desk:
        people(options.pairs)
        with harness.gunicorn(desk, processes=2) as port:
            report = run(port, options.tries, options.pairs)
    report = {"engine": options.engine} | report
    harness.tell(report)
    return 0 if report["held"] else 1


def people(pairs: int) -> None:
    """An owner, a colleague, an administrator, and as many others as names are compared."""
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User

    hashed = make_password(PASSWORD)  # the same for all: hashing a hundred takes a minute
    names = ["owner", "colleague", *(f"known{n:04d}" for n in range(pairs))]
    User.objects.bulk_create(
        User(username=name, email=f"{name}@desk.example", password=hashed) for name in names
    )
    User.objects.create(username="chief", password=hashed, is_staff=True, is_superuser=True)
    from django.contrib.auth.models import Group

    viewers = Group.objects.get(name="viewer")
    viewers.user_set.add(*User.objects.all())


def run(port: int, tries: int, pairs: int) -> dict[str, Any]:
    """All parts, one after the other."""
    owner = Browser(port, "192.0.2.10")
    assert owner.enter("owner", PASSWORD)[0] == 302, "before the attack"
    owner.ask("POST", "/log-out/", {})
    told, most = one_account(port, tries)
    during = {
        "owner_in_a_known_browser": owner.enter("owner", PASSWORD)[0] == 302,
        "colleague_in_a_new_browser": Browser(port, "192.0.2.11").enter("colleague", PASSWORD)[0] == 302,
        "owner_by_a_link": by_link(port),
    }
    spread = many_names(port, tries)
    looks = names_apart(port, pairs)
    held = (
        most <= MOST_LOOKED_AT and all(during.values()) and spread["looked_at_in_a_minute"] <= 100
        and looks["same_status_and_words"] and looks["medians_apart_ms"] <= MOST_APART_MS
    )  # fmt: skip
    return {
        "tries_at_one_account": tries, "answers": dict(told), "most_looked_at_in_a_minute": most, **during,
        "one_password_over_names": spread, "known_and_unknown": looks, "held": held,
    }  # fmt: skip


def one_account(port: int, tries: int) -> tuple[Counter[str], int]:
    """Tries at one account by three doors; what they got, and how many passwords at most were looked at in a minute."""
    csrf = Browser(port, "192.0.2.1")
    csrf.ask("GET", "/log-in/")
    told: Counter[str] = Counter()
    looked_at: list[float] = []
    for n in range(tries):
        browser = Browser(port, f"198.51.100.{n % ADDRESSES}", {"csrftoken": csrf.cookies["csrftoken"]})
        door = ("page", "page", "administration", "api")[n % 4]
        if door == "api":
            basic = base64.b64encode(f"owner:guess {n}".encode()).decode()
            status, _text, _where = browser.ask("GET", "/api/v1/people/me/", Authorization=f"Basic {basic}")
        elif door == "administration":
            fields = {"username": "owner", "password": f"guess {n}", "next": "/admin/"}
            status, _text, where = browser.ask("POST", "/admin/login/", fields)
            if status == 302:
                status, _text, _where = browser.ask("POST", where, fields)
        else:
            status, _text = browser.enter("owner", f"guess {n}")
        told[f"{door}_{status}"] += 1
        if status == 422:
            looked_at.append(time.monotonic())
    return told, max((sum(at <= other < at + 60 for other in looked_at) for at in looked_at), default=0)


def by_link(port: int) -> bool:
    """Whether the owner gets in from a browser that nobody knows, by a link in the mail."""
    from django.conf import settings

    from claims.domain import outbox

    browser = Browser(port, "192.0.2.12")
    browser.ask("GET", "/password/forgotten/")
    browser.ask("POST", "/password/forgotten/", {"email": "owner@desk.example"})
    for pk in outbox.due():
        outbox.deliver(pk)  # what a worker does
    text = "".join(path.read_text() for path in settings.EMAIL_FILE_PATH.glob("*"))
    found = re.findall(r"/password/new/\S+", text.replace("=\n", ""))
    _status, _text, where = browser.ask("GET", found[-1])
    browser.ask("GET", where)
    status, _text, _where = browser.ask("POST", where, {"new_password1": NEW, "new_password2": NEW})
    return status == 302 and browser.enter("owner", NEW)[0] == 302


def many_names(port: int, tries: int) -> dict[str, Any]:
    """One password over many names from one address."""
    browser = Browser(port, "198.51.101.1")
    browser.ask("GET", "/log-in/")
    looked_at, told = [], Counter[int]()
    for n in range(tries):
        name = f"known{n // 10:04d}" if n % 10 == 0 else f"name{n:04d}"
        status, _text = browser.enter(name, "Summer2026!")
        told[status] += 1
        if status == 422:
            looked_at.append(time.monotonic())
    most = max((sum(at <= other < at + 60 for other in looked_at) for at in looked_at), default=0)
    return {"names": tries, "answers": dict(told), "looked_at_in_a_minute": most}


def names_apart(port: int, pairs: int) -> dict[str, Any]:
    """Names that exist and names that do not, in turns, each from an address of its own."""
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    answers: dict[str, set[tuple[int, str]]] = {"known": set(), "unknown": set()}
    csrf = Browser(port, "192.0.2.2")
    csrf.ask("GET", "/log-in/")
    for n in range(pairs):
        for m, kind in enumerate(("known", "unknown") if n % 2 else ("unknown", "known")):
            name = f"{kind}{n:04d}"
            browser = Browser(port, f"198.18.{n}.{m}", {"csrftoken": csrf.cookies["csrftoken"]})
            start = time.perf_counter()
            status, text = browser.enter(name, "a wrong password")
            times[kind].append((time.perf_counter() - start) * 1000)
            page = text.partition("<main")[2].replace(name, "NAME")
            answers[kind].add((status, re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", page)))
    medians = {kind: statistics.median(took) for kind, took in times.items()}
    return {
        "pairs": pairs, "same_status_and_words": answers["known"] == answers["unknown"] and len(answers["known"]) == 1,
        "median_known_ms": round(medians["known"], 1), "median_unknown_ms": round(medians["unknown"], 1),
        "medians_apart_ms": round(abs(medians["known"] - medians["unknown"]), 1),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
