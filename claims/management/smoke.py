"""One article from pasted to published report, over HTTP, on a desk that is thrown away afterwards.

``walk`` takes the article through a desk that runs already; ``run`` brings up a desk of its own in a temporary
folder, walks, takes it down with Ctrl-C's signal and looks whether anything stayed behind.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.conf import settings

from claims.management.desk import HOST, free_port
from claims.management.supervisor import end_with_parent
from claims.management.visitor import VisitError, Visitor

START_SECONDS = 120.0
STEP_SECONDS = 60.0
STOP_SECONDS = 10.0
ARTICLE = """Council leader says bus fares have fallen by 12 per cent

PORT ELLERY, 3 November 2026. "Bus fares in this town have fallen by 12 per cent since 2024," council leader Henrike
Aldous told a public meeting on Monday evening.

The county's bus company carried 1.2 million passengers last year, according to its annual report. Tomas Brandt, who
speaks for the passengers' union, said the cheapest ticket had risen from 1.80 to 2.10 in the same two years.
"""


class SmokeError(Exception):
    """The smoke test failed; the text says at what and why."""


@dataclass(frozen=True, slots=True)
class Login:
    """One line of what ``manage.py demo`` prints."""

    username: str
    role: str
    password: str


class _Teller:
    """Says each thing that was done with the seconds since the last."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._last = time.monotonic()

    def __call__(self, done: str) -> None:
        now = time.monotonic()
        self._say(f"  {now - self._last:5.1f} s  {done}")
        self._last = now


def walk(port: int, site: str, logins: list[Login], say: Callable[[str], None]) -> str:
    """Take one article through the whole workflow; the path of its public report.

    Raises:
        SmokeError: a step of the way did not work.
    """
    try:
        return _walk(port, site, logins, _Teller(say))
    except VisitError as error:
        raise SmokeError(str(error)) from error


def _walk(port: int, site: str, logins: list[Login], tell: _Teller) -> str:
    def enter(login: Login) -> Visitor:
        visitor = Visitor(port, site)
        visitor.log_in(login.username, login.password)
        return visitor

    editors = [login for login in logins if login.role == "editor"]
    reviewers = [login for login in logins if login.role == "reviewer"]
    if not editors or len(reviewers) < 2:
        raise SmokeError(
            "An editor and two reviewers are needed, each with a password that was made just now."
        )
    editor, checker, reader = map(enter, (editors[0], reviewers[0], reviewers[1]))
    public = Visitor(port, site)
    tell("an editor and two reviewers logged in")

    article = editor.call("POST", "articles/", {"text": ARTICLE, "outlet": "Ellery Courier"}, 201)["id"]
    _wait("the article to be read", lambda: _is_read(editor, article))
    claims = editor.call("GET", f"claims/?article={article}")["results"]
    if not claims:
        raise SmokeError("No claim was found in the article.")
    claim = max(claims, key=lambda entry: float(entry["worthiness"]))["id"]
    tell(f"article pasted and read: {len(claims)} claims")
    steps = _wait("the steps of the claim", lambda: _finished_steps(editor, claim))
    tell(f"steps done: {', '.join(sorted(step['kind'] for step in steps))}")

    names = {"assignee": reviewers[0].username, "second_reader": reviewers[1].username}
    editor.call("POST", f"claims/{claim}/assign/", {"version": _version(editor, claim), **names})
    _move(checker, claim, "start")
    tell(f"assigned to {reviewers[0].username}, who started")
    _work_out(checker, claim)
    _move(checker, claim, "submit")
    tell("two sources, a verdict and the right of reply recorded; submitted")
    _move(reader, claim, "approve")
    tell(f"approved by {reviewers[1].username}")

    before = {report["slug"] for report in public.call("GET", "reports/")["results"]}
    public.get(f"/desk/claims/{claim}/", 302)  # a stranger is sent to the log-in page
    _move(editor, claim, "publish")
    after = {report["slug"] for report in public.call("GET", "reports/")["results"]}
    new = after - before
    if len(new) != 1:
        raise SmokeError(f"One report should have become public, but {len(new)} did.")
    path = f"/reports/{new.pop()}/"
    rating = _claim_review(public.get(path).text)
    if path not in public.get("/sitemap-reports-1.xml").text:
        raise SmokeError(f"{path} is not in the sitemap.")
    tell(f"published and read by a stranger: {path} (ClaimReview: {rating})")
    return path


def _wait(what: str, found: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + STEP_SECONDS
    while not (result := found()):
        if time.monotonic() > deadline:
            raise SmokeError(f"Waited {STEP_SECONDS:.0f} seconds for {what}.")
        time.sleep(0.2)
    return result


def _is_read(editor: Visitor, article: int) -> bool:
    shown = editor.call("GET", f"articles/{article}/")
    if shown["state"] == "failed":
        raise SmokeError(f"The article could not be read: {shown['problem']}")
    return bool(shown["state"] == "ready")


def _finished_steps(editor: Visitor, claim: int) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = editor.call("GET", f"claims/{claim}/steps/")["results"]
    dead = [step for step in steps if step["state"] == "dead"]
    if dead:
        raise SmokeError(f"The step {dead[0]['kind']} was given up: {dead[0]['last_error']}")
    return steps if steps and all(step["state"] == "done" for step in steps) else []


def _version(visitor: Visitor, claim: int) -> int:
    return int(visitor.call("GET", f"claims/{claim}/")["version"])


def _move(visitor: Visitor, claim: int, action: str) -> None:
    visitor.call(
        "POST", f"claims/{claim}/transitions/", {"action": action, "version": _version(visitor, claim)}
    )


def _work_out(checker: Visitor, claim: int) -> None:
    """What a checker writes: two sources of different origin, the verdict, whether the speaker was asked."""
    sources = (
        ("Fare tables, 2024 and 2026", "Marran County Buses", "primary", "https://buses.example.org/fares"),
        ("What a ticket costs", "Passengers' union", "secondary", "https://union.example.org/tickets"),
    )
    for title, publisher, kind, url in sources:
        source = {"title": title, "publisher": publisher, "kind": kind, "url": url, "stance": "undermines"}
        checker.call("POST", f"claims/{claim}/evidence/", source, 201)
    verdict = {
        "revision": checker.call("GET", f"claims/{claim}/verdict/")["revision"],
        "level": "false",
        "headline": "Bus fares have risen since 2024, not fallen",
        "summary": "The cheapest ticket costs more than two years ago.",
        "reasoning": "The fare table shows 1.80 for 2024 and 2.10 for 2026 [1]. The union's own list agrees [2].",
        "why_checked": "The figure was said at a public meeting.",
        "searched_other_side": True,
        "other_side_queries": "bus fares lowered 2024 2026",
    }
    checker.call("PUT", f"claims/{claim}/verdict/", verdict)
    checker.call(
        "PUT", f"claims/{claim}/reply/", {"contacted": False, "not_contacted_reason": "public_record"}
    )


class _Scripts(HTMLParser):
    """Collects the JSON-LD of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and dict(attrs).get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found.append(data)
            self._inside = False


def _claim_review(page: str) -> str:
    """The rating in words that the page's ClaimReview states.

    Raises:
        SmokeError: there is none, or it is not JSON.
    """
    parser = _Scripts()
    parser.feed(page)
    for script in parser.found:
        with contextlib.suppress(json.JSONDecodeError):
            data = json.loads(script)
            items = data if isinstance(data, list) else data.get("@graph", [data])
            for item in items:
                if item.get("@type") == "ClaimReview":
                    return str(item["reviewRating"].get("alternateName"))
    raise SmokeError("The public report carries no ClaimReview.")


def run(say: Callable[[str], None], *, full: bool = False) -> None:
    """Bring up a desk in a temporary folder on a free port, walk, take it down.

    Raises:
        SmokeError: something did not work.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="desk-smoke-") as name:
        folder, port = Path(name), free_port()
        with _desk(folder, port, full) as process:
            printed = _wait_open(process, folder)
            say(f"  {time.monotonic() - began:5.1f} s  the desk is up on port {port}")
            walk(port, f"http://{HOST}:{port}", _logins(printed), say)
            stopping = time.monotonic()
            process.send_signal(signal.SIGINT)
            try:
                code = process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                raise SmokeError(f"The desk did not stop within {STOP_SECONDS:.0f} seconds.") from None
            if code != 0:
                raise SmokeError(f"The desk ended with exit code {code}.")
            say(f"  {time.monotonic() - stopping:5.1f} s  stopped, as with Ctrl-C")
        if left := _left_behind(folder):
            raise SmokeError(f"Left behind after the end: {', '.join(left)}.")
    say(f"Smoke test passed in {time.monotonic() - began:.1f} s.")


@contextlib.contextmanager
def _desk(folder: Path, port: int, full: bool) -> Iterator[subprocess.Popen[bytes]]:
    """``manage.py demo`` with nothing of the caller's: own database, own broker, own folder."""
    own = {
        "FACTCHECK_MODE": "development",
        "FACTCHECK_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'desk.sqlite3'}",
        "REDIS_URL": "",
        "SITE_URL": "",
        "ALLOWED_HOSTS": "",
        "SWEEP_SECONDS": "1",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "demo", "--port", str(port)]
    with (folder / "demo.out").open("wb") as out:
        process = subprocess.Popen(  # noqa: S603  # this very program
            [*command, *(["--full"] if full else [])],
            env={**os.environ, **own},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent(os.getpid()),
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=STOP_SECONDS)
            process.kill()
            process.wait()


def _wait_open(process: subprocess.Popen[bytes], folder: Path) -> str:
    """What the demo printed, once it says that it is open."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        printed = (folder / "demo.out").read_text(encoding="utf-8", errors="replace")
        if "Ctrl-C stops" in printed:
            return printed
        if process.poll() is not None:
            raise SmokeError(f"The desk did not come up:\n{printed.strip()}")
        if time.monotonic() > deadline:
            raise SmokeError(
                f"The desk was not up after {START_SECONDS:.0f} seconds. It said:\n{printed.strip()}"
            )
        time.sleep(0.1)


def _logins(printed: str) -> list[Login]:
    """The lines ``name  role  password`` of what the demo printed."""
    lines = re.findall(r"^  (\w+) +(editor|reviewer|viewer) +(\S+)$", printed, re.MULTILINE)
    return [Login(*line) for line in lines]


def _left_behind(folder: Path) -> list[str]:
    """Processes that still carry this desk's folder in their environment (Linux; elsewhere nothing is seen)."""
    mark, left = f"FACTCHECK_VAR={folder}".encode(), []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (entry / "environ").read_bytes().split(b"\0") and entry.name != str(os.getpid()):
                left.append(
                    (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                )
    return [command for command in left if command]
