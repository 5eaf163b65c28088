"""One published report with everything on it, for the checks of a desk's public side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User

from claims.models import Article, Claim, Report
from tests import factories
from tests.factories import move

ARTICLE_URL = "https://gazette.example/bridge-toll"


@pytest.fixture
def publish(editor: User, reviewer: User, second_reader: User) -> Callable[..., Report]:
    """``publish(words=…, level=…, **texts)``: a claim walked to a report, its article with address and date."""

    def make(words: str = "fallen by 31 per cent", **texts: Any) -> Report:
        claim = factories.claim(editor, words)
        Article.objects.filter(pk=claim.article_id).update(
            url=ARTICLE_URL, outlet="Harbour Gazette", published_on=date(2026, 3, 3)
        )
        claim = factories.bring_to(
            "researching", claim, editor=editor, checker=reviewer, reader=second_reader
        )
        texts.setdefault("not_established", "How many drove around the bridge.")
        factories.fill(claim, reviewer, **texts)
        move(claim, "submit", reviewer)
        move(claim, "approve", second_reader)
        factories.pages()
        move(claim, "publish", editor)
        return Report.objects.select_related("current_version", "claim__article").get(claim=claim)

    return make


@pytest.fixture
def published(publish: Callable[..., Report]) -> Report:
    return publish()


@pytest.fixture
def correct(editor: User, reviewer: User, second_reader: User) -> Callable[..., None]:
    """``correct(report, kind, note, **texts)``: through the door, as a desk would do it."""

    def make(report: Report, kind: str, note: str = "", **texts: Any) -> None:
        move(report.claim, "open_correction", editor, reason="a reader wrote", payload={"kind": kind})
        if texts:
            factories.fill(Claim.objects.get(pk=report.claim_id), reviewer, **texts)
        move(report.claim, "publish_correction", second_reader, payload={"public_note": note} if note else {})

    return make


@pytest.fixture
def retract(editor: User, second_reader: User) -> Callable[[Report, str], None]:
    def make(report: Report, note: str) -> None:
        move(report.claim, "propose_retraction", editor, reason="wrong bridge")
        move(report.claim, "retract", second_reader, payload={"public_note": note})

    return make
