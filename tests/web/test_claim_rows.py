"""The rows of the table of claims: what they show, that they escape it, and that none is served after it changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from claims.domain import claims as verbs
from claims.domain.listed import Level, Listed
from claims.enums import Action, ClaimStatus
from claims.models import Claim
from claims.templatetags.row_tags import claim_rows
from tests import factories

LogIn = Callable[[User], Client]
HOSTILE = "<script>alert('x')</script> & \"more\""


def _listed(**changes: object) -> Listed:
    now = timezone.now()
    plain = Listed(
        pk=7, number=12, version=3, status=ClaimStatus.NEW, worthiness=0.734, due_at=None, created_at=now, priority="2_normal",
        tags=(), wording="Rents doubled.", article="The Courier", speaker_name="Lena Brandt", assignee_id=None,
        checker="", second_reader_id=None, level=None,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]  # each test names its own fields


def test_everything_a_row_shows_is_escaped() -> None:
    row = _listed(
        wording=HOSTILE, article=HOSTILE, speaker_name=HOSTILE, checker=HOSTILE, assignee_id=4, tags=(HOSTILE,),
        level=Level(HOSTILE, "false", 1, False, 1),
    )  # fmt: skip
    html = claim_rows([row], True)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 6
    assert '"more"' not in html


def test_a_row_says_what_it_should() -> None:
    soon = timezone.now() + timedelta(days=40)
    html = claim_rows([_listed(priority="1_urgent", tags=("housing",), due_at=soon, status="triaged")], True)
    for part in (
        'value="7.3"',
        "Rents doubled.",
        "The Courier",
        "Lena Brandt",
        "nobody",
        "Urgent",
        "housing",
        "73",
    ):
        assert part in html
    assert reverse("claim", args=[7]) in html
    assert "Choose: Rents doubled." in html
    assert 'type="checkbox"' not in claim_rows([_listed()], False)


def test_what_changes_is_not_taken_from_memory() -> None:
    first = claim_rows([_listed()], True)
    for changed in (
        {"version": 4},
        {"wording": "Rents fell."},
        {"worthiness": 0.2},
        {"checker": "Pia", "assignee_id": 2},
    ):
        assert claim_rows([_listed(**changed)], True) != first
    due = timezone.now() + timedelta(seconds=1)
    running = _listed(due_at=due, status=ClaimStatus.ASSIGNED, assignee_id=1, checker="Pia")
    late = replace(running, due_at=timezone.now() - timedelta(days=3))
    assert "late" not in claim_rows([running], True)
    assert "3 days late" in claim_rows([late], True)
    with translation.override("de"):
        assert claim_rows([running], True)


@pytest.mark.django_db
def test_the_page_follows_the_claim(make_claim: Callable[..., Claim], editor: User, as_user: LogIn) -> None:
    claim, client = make_claim(), as_user(editor)
    assert "status-new" in client.get(reverse("claims")).content.decode()
    factories.move(claim, Action.TRIAGE, editor)
    verbs.set_details(claim.pk, actor=editor, fields={"tags": ["bridge"]})
    page = client.get(reverse("claims")).content.decode()
    assert "status-triaged" in page
    assert '<bdi class="tag">bridge</bdi>' in page
