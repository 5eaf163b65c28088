"""Long articles are stored in parts: each part whole or not at all, every claim once, whatever breaks off in between."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.domain import articles, audit, extraction, ledger, speakers, steps
from claims.domain.claims import WORTHY
from claims.domain.transitions import transition
from claims.enums import Action, ArticleState, ClaimStatus
from claims.extraction import extract
from claims.models import Article, AuditEvent, Claim, Speaker, Statement, VerificationStep
from claims.steps import registry
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def text_of(thing: str = "vehicles") -> str:
    return "\n\n".join(
        f"The port of Marlow counted {number * 7 + 1000:,} {thing} in {1990 + number}, Lena Brandt{number % 3} said."
        for number in range(25)
    )


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "PART", 10)
    monkeypatch.setattr(extraction, "PART_WITH_STEPS", 10)
    monkeypatch.setattr(extraction, "PAUSE_SECONDS", 0)


def received(editor: User, text: str) -> tuple[Article, VerificationStep]:
    article = articles.receive_text(text, actor=editor)
    return article, VerificationStep.objects.get(article=article, kind="extraction")


def run_again(article: Article) -> bool:
    """The extraction's newest row, its time come."""
    row = VerificationStep.objects.filter(article=article, kind="extraction").order_by("-id")[0]
    VerificationStep.objects.filter(pk=row.pk).update(next_run_at=row.created_at)
    return steps.run_step(row.pk)


def require_all(article: Article, text: str) -> None:
    """Everything of this text stands, once."""
    found = extract(text).statements
    worthy = [row.text for row in found if row.worthiness >= WORTHY]
    assert len(found) > 20 and len(worthy) > 20, "the text must fill three parts"
    statements = Statement.objects.filter(article=article).order_by("position")
    assert list(statements.values_list("position", "text")) == list(enumerate(row.text for row in found))
    claims = Claim.objects.filter(article=article).order_by("number")
    assert list(claims.values_list("number", "text")) == list(enumerate(worthy, start=1))
    kinds = sorted(step.kind for step in registry.claim_steps())
    for claim in claims:
        assert sorted(claim.steps.values_list("kind", flat=True)) == kinds
    article.refresh_from_db()
    assert article.state == ArticleState.READY
    assert article.text == extract(text).text
    last = AuditEvent.objects.get(article=article, action="article.extracted")
    assert (last.data["statements"], last.data["claims"]) == (len(found), len(worthy))
    assert audit.verify() is None


def breaks_in_part(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """The storing of a part fails once, after its rows are written."""
    real = extraction._store_part
    seen: list[int] = []

    def store_part(*args: Any, **kwargs: Any) -> Any:
        made = real(*args, **kwargs)
        seen.append(1)
        if len(seen) == number:
            raise OSError("the disk went away")
        return made

    monkeypatch.setattr(extraction, "_store_part", store_part)


def test_a_long_article_is_stored_in_parts_with_an_event_for_each(editor: User) -> None:
    article, step = received(editor, text_of())
    assert steps.run_step(step.pk)
    require_all(article, text_of())
    parts = AuditEvent.objects.filter(article=article, action="article.part_read").order_by("id")
    assert [event.data["from"] for event in parts] == [0, 10]
    assert sorted(Speaker.objects.values_list("name", flat=True)) == [
        "Lena Brandt0",
        "Lena Brandt1",
        "Lena Brandt2",
    ]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_what_broke_off_goes_on_without_doubles(
    number: int, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    article, step = received(editor, text_of())
    breaks_in_part(monkeypatch, number)
    assert not steps.run_step(step.pk)
    article.refresh_from_db()
    assert article.state == ArticleState.EXTRACTING
    assert article.statements.count() == (number - 1) * 10, "the part that broke off left nothing"
    assert run_again(article)
    require_all(article, text_of())


def test_a_worker_that_lost_its_lease_stores_no_further_part(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    article, step = received(editor, text_of())
    real = extraction._store_part

    def another_comes(*args: Any, **kwargs: Any) -> Any:
        made = real(*args, **kwargs)
        VerificationStep.objects.filter(pk=step.pk).update(lease_token="another")
        return made

    monkeypatch.setattr(extraction, "_store_part", another_comes)
    assert not steps.run_step(step.pk)
    assert article.statements.count() == 10
    monkeypatch.setattr(extraction, "_store_part", real)
    VerificationStep.objects.filter(pk=step.pk).update(state="queued", lease_token="", lease_until=None)
    assert run_again(article)
    require_all(article, text_of())


def test_another_text_takes_the_place_of_what_broke_off(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    article, step = received(editor, text_of())
    breaks_in_part(monkeypatch, 3)
    assert not steps.run_step(step.pk)
    assert article.claims.exists()
    VerificationStep.objects.filter(pk=step.pk).update(state="dead", finished_at=step.created_at)
    Article.objects.filter(pk=article.pk).update(state=ArticleState.FAILED)
    articles.supply_text(article.pk, text_of("ships"), actor=editor)
    assert run_again(article)
    require_all(article, text_of("ships"))


def test_claims_of_a_broken_reading_stay_once_somebody_worked_on_them(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    article, step = received(editor, text_of())
    breaks_in_part(monkeypatch, 3)
    assert not steps.run_step(step.pk)
    claim = article.claims.order_by("number")[0]
    transition(claim.pk, Action.TRIAGE, actor=editor, version=claim.version)
    assert run_again(article)
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.TRIAGED
    require_all(article, text_of())


def test_steps_promised_in_bulk_are_those_of_the_stored_claim(editor: User) -> None:
    article, step = received(editor, text_of())
    article.published_on = step.created_at.date()
    article.save()
    assert steps.run_step(step.pk)
    for claim in Claim.objects.filter(article_id=article.pk):
        for promised in claim.steps.all():
            kind = registry.get(promised.kind)
            assert kind is not None
            assert kind.input_hash(claim) == promised.input_hash, promised.kind
    claim = Claim.objects.filter(article_id=article.pk).order_by("number")[0]
    assert steps.plan_claim(claim) == [], "nothing is promised a second time"


def test_claims_beyond_the_first_thousand_get_their_steps_when_they_are_accepted(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "PLANNED_AT_ONCE", 12)
    article, step = received(editor, text_of())
    assert steps.run_step(step.pk)
    planned = VerificationStep.objects.filter(claim__article=article).values("claim").distinct().count()
    assert planned == 12
    late, later = article.claims.order_by("number")[12:14]
    transition(late.pk, Action.TRIAGE, actor=editor, version=late.version)
    assert late.steps.count() == len(registry.claim_steps())
    transition(later.pk, Action.DECLINE, actor=editor, version=later.version, reason="x",
               payload={"decline_reason": "opinion"})  # fmt: skip
    assert not later.steps.exists()


def test_a_part_costs_the_same_statements_whatever_is_in_it(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside the inserts, which go in batches, nothing is asked for each claim."""
    monkeypatch.setattr(extraction, "PART", 1000)
    speakers.find_or_make_all([(f"Lena Brandt{number}", "") for number in range(3)])
    counts = []
    for number in (5, 20):
        text = "\n\n".join(text_of(f"things{number}").split("\n\n")[:number])
        article, step = received(editor, text)
        with CaptureQueriesContext(connection) as queries:
            assert steps.run_step(step.pk)
        assert article.claims.count() >= number
        counts.append(len([row for row in queries.captured_queries if "INSERT" not in row["sql"]]))
    assert counts[0] == counts[1], counts


def test_a_usual_article_is_stored_at_once(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "PART", 300)
    article, step = received(editor, factories.TEXT)
    assert steps.run_step(step.pk)
    assert not AuditEvent.objects.filter(article=article, action="article.part_read").exists()
    assert ledger.take(step.pk) is None
