"""Texts are found by their words: the same ones by the index and by reading, and by the index where there is one."""

from __future__ import annotations

import hashlib
import random

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from claims.models import Article, LibraryDocument, Snapshot, texts
from claims.models.texts import holding
from tests.web import rows

pytestmark = pytest.mark.django_db


def kept(text: str) -> Snapshot:
    """A copy with this text."""
    return Snapshot.objects.create(
        sha256=hashlib.sha256(text.encode()).hexdigest(), content=b"", text=text, taken_at=timezone.now()
    )


@pytest.fixture(params=["by the index", "by reading"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "by reading":
        monkeypatch.setattr(texts, "has_index", lambda: False)
    return str(request.param)


@pytest.fixture
def three() -> list[Snapshot]:
    return [
        kept("The bridge carries 22,400 vehicles a day."),
        kept("Bridges of the council's own. The ferry does not."),
        kept("桥每天有二万辆车经过。"),
    ]


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([["bridge"]], {0, 1}),
        ([["BRIDGE"]], {0, 1}),
        ([["bridges"]], {1}),
        ([["bridge", "vehicles"]], {0}),
        ([["bridge", "ferry"], ["vehicles", "day"]], {0, 1}),
        ([["22,400"]], {0}),
        ([["council's"]], {1}),
        ([["二万"]], {2}),
        ([["tunnel"]], set()),
        ([["bridge", "tunnel"]], set()),
        ([["-"]], set()),
        ([], set()),
    ],
)
def test_every_word_of_one_group(
    three: list[Snapshot], way: str, groups: list[list[str]], expected: set[int]
) -> None:
    found = set(Snapshot.objects.holding(*groups).values_list("pk", flat=True))
    assert found == {three[number].pk for number in expected}


@pytest.mark.parametrize(
    "word", ['bri"dge', "bridge*", "bridge'", "NEAR(bridge", "text:bridge", "!bridge", "bridge:*", "a|b&!c"]
)
def test_signs_of_the_index_mean_nothing(three: list[Snapshot], word: str) -> None:
    list(Snapshot.objects.holding([word], ["bridge", word]))


def test_what_a_text_no_longer_says_is_not_found(editor: User) -> None:
    article = rows.article(1, editor)
    Article.objects.filter(pk=article.pk).update(text="A quokka was seen.")
    assert Article.objects.holding(["quokka"]).get() == article
    Article.objects.filter(pk=article.pk).update(text="A numbat was seen.")
    assert not Article.objects.holding(["quokka"]).exists()
    assert Article.objects.holding(["numbat"]).get() == article


def test_other_rows_are_led_to_by_their_texts(three: list[Snapshot], editor: User) -> None:
    document = LibraryDocument.objects.create(
        title="Traffic", snapshot=three[0], added_by=editor, created_at=timezone.now()
    )
    assert LibraryDocument.objects.get(holding(Snapshot, [["vehicles"]], "snapshot__")) == document
    assert not LibraryDocument.objects.filter(holding(Snapshot, [["ferry"]], "snapshot__")).exists()


def test_a_text_of_more_words_than_an_index_takes_is_kept_and_found() -> None:
    """PostgreSQL's list of words ends at a megabyte."""
    letters, chosen = "bcdfghjklmnpqrstvwxz", random.Random(7)
    long = " ".join("".join(chosen.choices(letters, k=12)) for _word in range(100_000))
    copy = kept(long)
    assert Snapshot.objects.holding([long[:12]]).get() == copy


def test_no_text_is_read_where_an_index_answers(three: list[Snapshot]) -> None:
    asked = Snapshot.objects.holding(["bridge", "ferry"]).order_by("-pk")
    if connection.vendor == "sqlite":
        plan = asked.explain()
        assert "VIRTUAL TABLE INDEX" in plan, plan
        assert "SCAN claims_snapshot" not in plan
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION claims_words(held text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS "
            "$$ BEGIN RAISE EXCEPTION 'a text was read'; END $$"
        )
    assert asked.get() == three[1]
