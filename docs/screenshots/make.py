"""Makes the pictures of docs/screenshots: a demo desk on a database of its own, seen in Chromium.

Run by ``make screenshots``. Every picture comes from the same people and articles of our own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PORT = 8765
SITE = f"http://127.0.0.1:{PORT}"


def main() -> None:
    """Load, serve, look, go."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(FACTCHECK_VAR=folder, SITE_URL=SITE, DJANGO_SETTINGS_MODULE="factcheck.settings")
        os.environ.pop("DATABASE_URL", None)
        sys.path.insert(0, str(ROOT))
        pages, passwords = load()
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "factcheck.wsgi", "-b", f"127.0.0.1:{PORT}", "-w", "2",
             "--log-level", "error"],
            cwd=ROOT,
        )  # fmt: skip
        try:
            wait()
            look(pages, passwords)
        finally:
            server.terminate()
            server.wait(10)


def load() -> tuple[dict[str, str], dict[str, str]]:
    """Fill the database and do the steps; the addresses to look at, and the log-ins."""
    import django

    django.setup()
    from django.core.management import call_command

    from claims.domain import demo, steps
    from claims.models import Article, Claim, Report, VerificationStep

    call_command("migrate", verbosity=0)
    loaded = demo.load(True)
    for pk in VerificationStep.objects.filter(state="queued").values_list("pk", flat=True):
        steps.run_step(pk)
    checking = Claim.objects.filter(status="researching", evidence__isnull=False).first()
    review = Claim.objects.filter(status="in_review").get()
    report = Report.objects.filter(verdict_key="mostly_false").earliest("pk")
    article = Article.objects.with_public_reports().earliest("pk")
    assert checking is not None
    pages = {
        "work": "/desk/",
        "triage": f"/desk/articles/{Article.objects.earliest('pk').pk}/",
        "board": "/desk/board/",
        "table": "/desk/claims/?status=assigned",
        "claim": f"/desk/claims/{checking.pk}/",
        "review": f"/desk/claims/{review.pk}/review/",
        "report": f"/reports/{report.slug}/",
        "annotated": f"/articles/{article.slug}/",
    }
    return pages, {person.username: person.password or "" for person in loaded.people}


def wait() -> None:
    """Until the server answers, half a minute at the most."""
    for _try in range(60):
        try:
            urllib.request.urlopen(f"{SITE}/healthz", timeout=1)
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The server did not start.")


def look(pages: dict[str, str], passwords: dict[str, str]) -> None:
    """Take the pictures."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--disable-dev-shm-usage"])
        for width, scheme in ((1280, "light"), (1280, "dark"), (360, "light")):
            height = 860 if width > 400 else 740
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
            )
            page = context.new_page()
            page.goto(f"{SITE}/log-in/")
            page.fill("input[name=username]", "jonah")
            page.fill("input[name=password]", passwords["jonah"])
            page.press("input[name=password]", "Enter")
            page.wait_for_url("**/desk/")
            for name, path in pages.items():
                if scheme == "dark" and name not in {"claim", "report"}:
                    continue
                page.goto(SITE + path)
                page.wait_for_timeout(400)
                save(page.screenshot(), HERE / f"{name}-{width}-{scheme}.png")
        browser.close()


def save(picture: bytes, path: Path) -> None:
    """A palette of 200 colours keeps the pages' look at a third of the size."""
    import io

    from PIL import Image

    Image.open(io.BytesIO(picture)).convert("RGB").quantize(200).save(path, optimize=True)
    print(path.name, path.stat().st_size // 1024, "kB")


if __name__ == "__main__":
    main()
