"""Every page of a desk in mid-work, looked at as a whole: access, console, other hosts, width, weight.

axe-core runs on each page of the demonstration desk wide and light, and narrow and dark; the width is looked at in the
other two as well.
"""

from __future__ import annotations

import functools
import gzip
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Response

from claims.domain import claim_sheets, demo, library, reader_messages, steps
from claims.enums import ClaimStatus, StepState
from claims.models import Article, Claim, Report, ReportVersion, ReviewTask, VerificationStep
from tests.browser.visitors import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_BYTES = 200_000
# ``None``: a stranger's page. Else who looks at it.
PAGES = {
    "log-in": None, "forgotten password": None, "not found": None, "home": None, "reports": None, "a search without a hit": None,
    "report": None, "report, corrected": None, "report, retracted": None, "history of a report": None, "former version": None,
    "articles in public": None, "article with verdicts": None, "methodology": None, "corrections": None, "embedded": None,
    "embedded, not there": None, "topics": None, "speakers": None, "a speaker": None, "outlets": None, "an outlet": None,
    "reporting an error": None, "a receipt": None, "messages from readers": "nora", "one message": "nora",
    "my work": "jonah", "my work of a viewer": "wren", "claims": "nora", "claims without a hit": "nora", "saved lists": "nora", "board": "nora",
    "library": "nora", "library, searched": "nora", "document": "nora", "new document": "nora", "source to look at": "nora",
    "articles": "nora", "new article": "nora", "reader": "nora", "reader of a viewer": "wren", "original": "nora", "about an article": "nora",
    "claim, new": "nora", "claim, being checked": "its checker", "claim, being corrected": "nora", "claim, published": "jonah",
    "claim of a viewer": "wren", "why a claim": "nora", "words of a claim": "nora", "splitting": "nora", "adding a source": "its checker",
    "assigning": "nora", "changing a cell": "nora", "publishing": "nora", "declining": "nora", "preview": "its checker", "details of a claim": "nora", "claim by hand": "nora", "naming a duplicate": "nora", "claim, in review": "nora", "drafts": "its checker",
    "review": "its second reader", "notices": "jonah", "keys": "nora", "account": "jonah", "what one checks": "jonah", "second reader": "nora", "asking the speaker again": "its checker", "password": "jonah", "people": "nora",
    "settings": "nora", "a public page's text": "nora", "steps": "nora", "health": "nora", "refused": "wren",
    "rating scale": "nora", "checklists": "nora", "reasons to decline": "nora", "due dates": "nora", "choosing notices": "jonah", "insight": "nora", "importing": "nora", "rows of an import": "nora", "rows to mend": "nora", "insight of a viewer": "wren",
    "administration": "root", "claims in the administration": "root", "a claim in the administration": "root", "a move in the administration": "root",
    "events in the administration": "root", "an article in the administration": "root",
}  # fmt: skip


@dataclass
class DeskAtWork:
    """Where everything is on a loaded demonstration desk."""

    paths: dict[str, str]
    special: dict[str, User]

    def person(self, name: str | None) -> User | None:
        """Who looks, as ``PAGES`` names them."""
        if name is None:
            return None
        return self.special.get(name) or User.objects.get(username=name)


@pytest.fixture
def desk(transactional_db: None) -> DeskAtWork:
    """Loaded, and a good part of its steps done, so that every kind of outcome is on some page."""
    demo.load(full=True)
    for pk in VerificationStep.objects.filter(state=StepState.QUEUED).values_list("pk", flat=True)[:60]:
        steps.run_step(pk)
    return DeskAtWork(*_places())


def _places() -> tuple[dict[str, str], dict[str, User]]:
    def claim(status: str, **more: Any) -> Claim:
        found = Claim.objects.filter(status=status, **more).order_by("pk").first()
        assert found is not None, status
        return found

    checking = claim(ClaimStatus.RESEARCHING, evidence__isnull=False)
    review = claim(ClaimStatus.IN_REVIEW)
    new, approved, correcting = (
        claim(ClaimStatus.NEW),
        claim(ClaimStatus.APPROVED),
        claim(ClaimStatus.CORRECTING),
    )
    corrected = (
        ReportVersion.objects.filter(number__gt=1, report__retracted_at__isnull=True).earliest("pk").report
    )
    retracted = Report.objects.filter(retracted_at__isnull=False).earliest("pk")
    report = Report.objects.exclude(pk__in=[corrected.pk, retracted.pk]).earliest("pk")
    annotated = Article.objects.with_public_reports().earliest("pk")
    message = reader_messages.receive(report, about="fact", text="The second figure is of another year.")
    kept = library.add_file(
        b"Minutes of the council\n\nThe bridge was closed in May.",
        "minutes.txt",
        actor=User.objects.get(username="nora"),
    )
    source = report.claim.evidence.earliest("number")
    task = ReviewTask.objects.create(
        claim=report.claim, evidence=source, kind="gone", text="Source [1] is gone.", opened_at=timezone.now()
    )
    nora = User.objects.get(username="nora")
    good = claim_sheets.bring(
        b"Claim,Speaker\nThe ferry carried more people than ever.,A. Person\n", "good.csv", actor=nora
    )
    bad = claim_sheets.bring(
        b"Claim,Date\nThe ferry carried more people.,3/4/2026\nshort,\n", "bad.csv", actor=nora
    )
    paths = {
        "source to look at": task.get_absolute_url(), "library": reverse("library"), "library, searched": reverse("library") + "?q=bridge",
        "document": reverse("document", args=[kept.pk]), "new document": reverse("document-new"),
        "log-in": reverse("login"), "forgotten password": reverse("password_reset"), "not found": "/nowhere/",
        "home": reverse("home"), "reports": reverse("reports"), "a search without a hit": reverse("reports") + "?q=zzz",
        "report": reverse("report", args=[report.slug]), "report, corrected": reverse("report", args=[corrected.slug]),
        "report, retracted": reverse("report", args=[retracted.slug]), "methodology": reverse("page", args=["methodology"]),
        "history of a report": reverse("report-history", args=[corrected.slug]),
        "former version": reverse("report-version", args=[corrected.slug, 1]),
        "articles in public": reverse("articles-public"), "article with verdicts": reverse("article-public", args=[annotated.slug]),
        "corrections": reverse("corrections"), "embedded": reverse("embed", args=[report.slug]),
        "embedded, not there": reverse("embed", args=["nowhere"]),
        "topics": reverse("topics"), "speakers": reverse("speakers"), "a speaker": reverse("speaker", args=[report.speaker_slug]),
        "outlets": reverse("outlets"), "an outlet": reverse("outlet", args=[report.outlet_slug]),
        "reporting an error": reverse("report-error", args=[report.slug]), "a receipt": reverse("message-receipt", args=[message.token]),
        "messages from readers": reverse("reader-messages"), "one message": reverse("reader-message", args=[message.pk]),
        "my work": reverse("my-work"), "my work of a viewer": reverse("my-work"), "claims": reverse("claims"),
        "claims without a hit": reverse("claims") + "?q=zzz", "saved lists": reverse("saved-lists") + "?query=late%3D1", "board": reverse("board"), "articles": reverse("articles"),
        "new article": reverse("article-new"), "reader": reverse("article", args=[new.article_id]),
        "reader of a viewer": reverse("article", args=[new.article_id]), "original": reverse("article-original", args=[new.article_id]),
        "about an article": reverse("article-about", args=[new.article_id]),
        "claim, new": reverse("claim", args=[new.pk]), "claim, being checked": reverse("claim", args=[checking.pk]),
        "claim, being corrected": reverse("claim", args=[correcting.pk]),
        "claim, published": reverse("claim", args=[claim(ClaimStatus.PUBLISHED).pk]),
        "claim of a viewer": reverse("claim", args=[checking.pk]), "why a claim": reverse("claim-explain", args=[new.pk]),
        "words of a claim": reverse("claim-words", args=[new.pk]), "splitting": reverse("claim-split", args=[new.pk]),
        "adding a source": reverse("evidence-add", args=[checking.pk]), "assigning": reverse("move", args=[new.pk, "assign"]),
        "changing a cell": reverse("claim-cell", args=[checking.pk, "assignee"]),
        "publishing": reverse("move", args=[approved.pk, "publish"]), "declining": reverse("move", args=[new.pk, "decline"]),
        "naming a duplicate": reverse("move", args=[new.pk, "mark_duplicate"]), "claim, in review": reverse("claim", args=[review.pk]),
        "details of a claim": reverse("claim-details", args=[checking.pk]), "claim by hand": reverse("claim-add", args=[new.article_id]),
        "preview": reverse("claim-preview", args=[checking.pk]), "drafts": reverse("claim-history", args=[checking.pk]),
        "review": reverse("review", args=[review.pk]), "notices": reverse("notices"), "keys": reverse("keys"),
        "account": reverse("account"), "what one checks": reverse("checking"),
        "asking the speaker again": reverse("reply-again", args=[checking.pk]),
        "second reader": reverse("second-reader", args=[checking.pk]), "password": reverse("password_change"), "people": reverse("people"),
        "settings": reverse("settings"), "a public page's text": reverse("settings-page", args=["methodology"]),
        "steps": reverse("steps-overview"), "health": reverse("wellbeing"), "refused": reverse("settings"), "rating scale": reverse("settings-scale"),
        "checklists": reverse("settings-checklists"), "reasons to decline": reverse("settings-reasons"),
        "due dates": reverse("settings-due"), "choosing notices": reverse("notice-choices"), "insight": reverse("insight"), "importing": reverse("import"),
        "rows of an import": reverse("import-sheet", args=[good.pk]), "rows to mend": reverse("import-sheet", args=[bad.pk]),
        "insight of a viewer": reverse("insight"),
        "administration": reverse("admin:index"), "claims in the administration": reverse("admin:claims_claim_changelist"),
        "a claim in the administration": reverse("admin:claims_claim_change", args=[checking.pk]),
        "a move in the administration": reverse("admin:claims_claim_move", args=[checking.pk, "reassign"]),
        "events in the administration": reverse("admin:claims_auditevent_changelist"),
        "an article in the administration": reverse("admin:claims_article_change", args=[new.article_id]),
    }  # fmt: skip
    assert checking.assignee is not None
    reader = (
        review.second_reader
        or User.objects.filter(groups__name="reviewer").exclude(pk=review.assignee_id).first()
    )
    assert reader is not None
    root = User.objects.create_superuser("root", "root@desk.example", "a password of nobody")
    return paths, {"its checker": checking.assignee, "its second reader": reader, "root": root}


EXPECTED = {"not found": 404, "embedded, not there": 404, "refused": 403}
RESOURCES = "performance.getEntriesByType('resource').map((entry) => entry.name)"


@functools.cache
def static_bytes(path: str) -> int:
    """What whitenoise sends of a file: compressed where that is of use."""
    found = finders.find(path.removeprefix(settings.STATIC_URL))
    assert isinstance(found, str), path
    body = Path(found).read_bytes()
    return len(body) if path.endswith((".woff2", ".png")) else len(gzip.compress(body))


def faults(visitor: Visitor, name: str, path: str, width: int, axe_in: Literal["dark", "light"]) -> list[str]:
    """Everything wrong with a page; the console is read before axe is put into it."""
    page, refused = visitor.page, list[str]()

    def note(answer: Response) -> None:
        if answer.status >= 400 and not answer.request.is_navigation_request():
            refused.append(f"answers {answer.status}: {answer.url}")

    page.on("response", note)
    answer = page.goto(visitor.address + path, wait_until="load")
    page.remove_listener("response", note)
    assert answer is not None
    resources = [urlsplit(address) for address in page.evaluate(RESOURCES)]
    here = urlsplit(visitor.address).netloc
    found = [
        f"asks elsewhere: {address.geturl()}" for address in resources if address.netloc != here
    ] + refused
    if answer.status != EXPECTED.get(name, 200):
        found.append(f"answers {answer.status}")
    # The browser itself notes an answer of 403 or 404 in the console; the page cannot help it.
    found += [
        f"console: {line}" for line in visitor.complaints if name not in EXPECTED or "status of" not in line
    ]
    weight = answer.request.sizes()["responseBodySize"]
    weight += sum(
        static_bytes(address.path) for address in resources if address.path.startswith(settings.STATIC_URL)
    )
    if weight > MOST_BYTES:
        found.append(f"weighs {weight} bytes")
    for scheme in ("dark", "light") if axe_in == "light" else ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"scrolls sideways when {scheme}: {wide} px")
    # The administration lets its colours change over a moment; axe would look at one in between.
    page.evaluate("Promise.all(document.getAnimations().map((change) => change.finished))")
    found += visitor.violations()
    visitor.complaints.clear()
    return found


@pytest.mark.parametrize(("width", "axe_in"), [(1280, "light"), (360, "dark")], ids=["wide", "narrow"])
def test_every_page(
    visit: Callable[..., Visitor], desk: DeskAtWork, width: int, axe_in: Literal["dark", "light"]
) -> None:
    assert set(desk.paths) == set(PAGES)
    wrong: dict[str, list[str]] = {}
    for who in dict.fromkeys(PAGES.values()):
        visitor = visit(desk.person(who), width=width)
        for name in (page for page, looker in PAGES.items() if looker == who):
            if found := faults(visitor, name, desk.paths[name], width, axe_in):
                wrong[name] = found
        visitor.page.context.close()
    assert not wrong, "\n".join(f"{name}: {fault}" for name, found in wrong.items() for fault in found)
