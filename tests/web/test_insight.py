"""The page of insight: a title that says what was found, the same figures as a table and as CSV, names for editors."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.domain import speakers
from claims.models import Claim
from claims.web import charts
from claims.web.insight_charts import BY_NAME

LogIn = Callable[[User], Client]
ClaimIn = Callable[..., Claim]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


def test_the_titles_say_what_was_found(editor: User, as_user: LogIn, claim_in: ClaimIn) -> None:
    claim_in("published")
    html = as_user(editor).get(reverse("insight")).content.decode()
    assert "1 report published, in the week of" in html
    assert "“Lena Brandt” was checked most: 1 report" in html
    assert "No second ratings are recorded in this time" in html
    assert "no score is made of it" in html


def test_every_drawing_is_named_and_has_its_table(editor: User, as_user: LogIn, claim_in: ClaimIn) -> None:
    claim_in("published")
    page = as_user(editor).get(reverse("insight"))
    html = page.content.decode()
    drawn = [chart for chart in page.context["charts"] if chart.drawn]
    assert len(drawn) >= 5
    assert html.count('role="img"') == len(drawn)
    for chart in drawn:
        assert f'aria-labelledby="{chart.name}-title"' in html
        assert reverse("insight-table", args=[chart.name]) in html
    assert "style=" not in html


def test_an_empty_desk_says_so_instead_of_drawing_nothing(editor: User, as_user: LogIn) -> None:
    html = as_user(editor).get(reverse("insight")).content.decode()
    for words in ("Nothing was published in this time", "No claim moved in this time", "No claim waits",
                  "No report was published in this time", "No claim by a named speaker"):  # fmt: skip
        assert words in html
    assert 'role="img"' not in html


def test_what_single_people_do_is_for_editors(
    editor: User, reviewer: User, viewer: User, as_user: LogIn, claim_in: ClaimIn
) -> None:
    claim_in("researching")
    assert 'id="load"' in as_user(editor).get(reverse("insight")).content.decode()
    for person in (reviewer, viewer):
        client = as_user(person)
        assert 'id="load"' not in client.get(reverse("insight")).content.decode()
        assert client.get(reverse("insight-table", args=["load"])).status_code == 403
        assert client.get(reverse("insight-table", args=["stays"])).status_code == 200


def test_the_csv_holds_the_table_and_no_formula(editor: User, as_user: LogIn, claim_in: ClaimIn) -> None:
    claim = claim_in("published")
    Claim.objects.filter(pk=claim.pk).update(speaker=speakers.find_or_make("=cmd|' /C calc'!A0"))
    client = as_user(editor)
    for name in BY_NAME:
        answer = client.get(reverse("insight-table", args=[name]))
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    answer = client.get(reverse("insight-table", args=["speakers"]))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][0] == "Speaker"
    assert rows[1][0].startswith("'=cmd")
    assert rows[1][-1] == "1"
    assert client.get(reverse("insight-table", args=["nothing"])).status_code == 404


@pytest.mark.parametrize(
    ("query", "words"),
    [("?from=2026-13-01&to=2026-01-01", "year-month-day"), ("?from=2026-05-01&to=2026-04-01", "comes after the last"),
     ("?from=1999-01-01&to=2026-01-01", "at most five years"), ("?from=x", "year-month-day")],
)  # fmt: skip
def test_days_that_make_no_sense_are_named(editor: User, as_user: LogIn, query: str, words: str) -> None:
    page = as_user(editor).get(reverse("insight") + query)
    assert page.status_code == 422
    assert words in page.content.decode()


def test_a_span_of_days_narrows_what_is_counted(editor: User, as_user: LogIn, claim_in: ClaimIn) -> None:
    claim_in("published")
    client = as_user(editor)
    past = timezone.localdate() - timedelta(days=60)
    old = f"?from={past.isoformat()}&to={(past + timedelta(days=9)).isoformat()}"
    html = client.get(reverse("insight") + old).content.decode()
    assert "Nothing was published in this time" in html
    assert f"{reverse('insight-table', args=['queue'])}{old}".replace("&", "&amp;") in html


def test_bars_and_columns_stay_inside_the_drawing() -> None:
    made, height = charts.bars([("A" * 60, "7", [(3, "x"), (4, "y")]), ("B", "0", [(0, "x"), (0, "y")])])
    assert height == 2 * charts.ROW
    assert sum(part.width for part in made[0].parts) == pytest.approx(100)
    assert made[1].parts == ()
    assert len(made[0].name) == 34
    marks, ticks = charts.columns([(str(n), [(n, "x"), (1, "y")]) for n in range(53)])
    assert all(mark.at >= 0 and mark.at + mark.width <= 100 and mark.y >= 0 for mark in marks)
    assert [tick.anchor for tick in ticks] == ["start", "middle", "end"]


def test_numbers_in_drawings_are_written_for_machines(
    editor: User, as_user: LogIn, claim_in: ClaimIn
) -> None:
    claim_in("published")
    html = as_user(editor).get(reverse("insight"), headers={"accept-language": "de"}).content.decode()
    for value in re.findall(r'<rect[^>]*? width="([^"]+)"', html):
        assert re.fullmatch(r"\d+(\.\d+)?(e-\d+)?%?", value), value
