"""How long until another verdict, and then a withdrawal, show on every surface, with web processes and a worker running.

    python -m benchmarks.new_verdict [--engine sqlite|postgres] [--within 60] [--no-pdf]

A desk publishes a report; a browser opens each of its surfaces, so that every process has kept what it keeps. Then the
verdict changes (in this process, which serves nothing), and the browser asks again and again until each surface shows
the new word and none shows the old one as standing; then the same for a withdrawal. Passes when each was there in time.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks import harness

OLD, NEW, NOTE = "Mostly false", "False", "We had mixed up two bridges."


def main() -> int:
    """Publish, change, withdraw; the exit status says whether every surface followed in time."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--within", type=float, default=60)
    parser.add_argument(
        "--no-pdf", action="store_true", help="leave the PDF out, which takes longest to make"
    )
    options = parser.parse_args()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread
    with harness.desk(engine=options.engine) as desk:
        account = run(desk, options.within, pdf=not options.no_pdf)
    harness.tell(account)
    return 0 if account["all_in_time"] else 1


def run(desk: harness.Desk, within: float, *, pdf: bool = True) -> dict[str, Any]:
    """The whole story; seconds from the commit to the sight of it, for each surface."""
    from playwright.sync_api import sync_playwright

    people = _people()
    claim, slug = _publish(*people)
    desk.worker(concurrency=1, app="factcheck")
    desk.sweeper()
    chromium = shutil.which("chromium") or os.environ.get("CHROMIUM")
    with harness.gunicorn(desk, processes=2) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        address = f"http://127.0.0.1:{port}"
        surfaces = _surfaces(page, address, slug)
        if not pdf:
            surfaces.pop("pdf", None)
        for look in [
            look for name, look in surfaces.items() if name != "pdf"
        ] * 3:  # both processes keep the old ones
            assert OLD in look(), "the first verdict stands"
        _change(claim, *people)
        changed = _seen(surfaces, lambda _name, text: NEW in text.replace(OLD, ""), within)
        _withdraw(claim, *people)
        withdrawn = _seen(surfaces, _says_so, within)
        browser.close()
    every = [*changed.values(), *withdrawn.values()]
    return {
        "changed_s": changed,
        "withdrawn_s": withdrawn,
        "all_in_time": all(0 <= took < within for took in every),
    }


def _says_so(name: str, text: str) -> bool:
    """Withdrawn: the reason or the word for it; no ClaimReview any more; feeds without tombstones name it no longer."""
    if name in {"rss", "json_feed"}:
        return OLD not in text and NEW not in text
    return NOTE in text or "withdrawn" in text.lower() or (name == "claimreview" and not text)


def _people() -> tuple[Any, Any, Any]:
    from tests import factories

    return (
        factories.person("ed", "editor"),
        factories.person("check", "reviewer"),
        factories.person("read", "reviewer"),
    )


def _publish(editor: Any, checker: Any, reader: Any) -> tuple[Any, str]:
    from claims.models import Report
    from tests import factories

    claim = factories.bring_to(
        "published", factories.claim(editor), editor=editor, checker=checker, reader=reader
    )
    return claim, Report.objects.get(claim=claim).slug


def _change(claim: Any, editor: Any, checker: Any, reader: Any) -> None:
    from tests.factories import fill, move

    move(claim, "open_correction", editor, reason="Seen.", payload={"kind": "verdict_change"})
    fill(claim, checker, level="false")
    move(claim, "publish_correction", reader, payload={"public_note": "A month was missing."})


def _withdraw(claim: Any, editor: Any, checker: Any, reader: Any) -> None:
    from tests.factories import move

    move(claim, "propose_retraction", editor, reason="Wrong bridge.")
    move(claim, "retract", reader, payload={"public_note": NOTE})


def _surfaces(page: Any, address: str, slug: str) -> dict[str, Callable[[], str]]:
    """Name -> what the browser reads there now."""

    def seen(path: str) -> Callable[[], str]:
        def look() -> str:
            page.goto(address + path)
            return str(page.inner_text("body"))

        return look

    def read(path: str) -> Callable[[], str]:
        def look() -> str:
            answer = page.request.get(address + path)
            return str(answer.text()) if answer.status != 410 else ""

        return look

    def pdf() -> str:
        from pypdf import PdfReader

        made = page.request.get(f"{address}/reports/{slug}/report.pdf").body()
        return " ".join(" ".join(part.extract_text() for part in PdfReader(io.BytesIO(made)).pages).split())

    found = {
        "page": seen(f"/reports/{slug}/"), "embed": seen(f"/embed/{slug}/"), "home": seen("/"),
        "list": seen("/reports/"), "atom": read("/feeds/verdicts.atom"), "rss": read("/feeds/verdicts.rss"),
        "json_feed": read("/feeds/verdicts.json"), "claimreview": read(f"/reports/{slug}/claimreview.jsonld"),
        "api": read(f"/api/v1/reports/{slug}/"), "file": read(f"/reports/{slug}/report.html"),
    }  # fmt: skip
    if _has_pdf():
        found["pdf"] = pdf
    return found


def _has_pdf() -> bool:
    from claims.publishing import pdf

    return pdf.available()


def _seen(
    surfaces: dict[str, Callable[[], str]], follows: Callable[[str, str], bool], within: float
) -> dict[str, float]:
    """Ask in turns until each follows; -1 for one that did not in time."""
    began, took = time.monotonic(), dict.fromkeys(surfaces, -1.0)
    while time.monotonic() - began < within and -1.0 in took.values():
        for name, look in surfaces.items():
            if took[name] < 0 and follows(name, look()):
                took[name] = round(time.monotonic() - began, 2)
    return took


if __name__ == "__main__":
    sys.exit(main())
