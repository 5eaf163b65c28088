"""Claims are found by words anywhere about them, the same ones whether the index or each claim is asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.domain import searching
from claims.models import Article, Claim, Evidence, Speaker
from tests.web import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def found() -> Callable[[str], set[int]]:
    return lambda words: set(searching.saying(Claim.objects.all(), words).values_list("pk", flat=True))


@pytest.fixture
def heap(editor: User) -> list[Claim]:
    return rows.claims(6, rows.article(1, editor), "new")


@pytest.fixture(params=["by the index", "claim by claim"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of finding: one for words that few claims say, one for common ones."""
    if request.param == "claim by claim":
        monkeypatch.setattr(searching, "FEW", 0)
    return str(request.param)


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("text", "Quokka"), ("restated", "wombat"), ("speaker", "bandicoot"), ("article", "numbat"),
        ("title", "echidna"), ("publisher", "platypus"), ("quote", "dingo"), ("note", "kookaburra"),
    ],
)  # fmt: skip
def test_a_word_is_found_wherever_it_stands(
    where: str, words: str, way: str, heap: list[Claim], editor: User, found: Callable[[str], set[int]]
) -> None:
    claim = heap[3]
    assert found(words) == set()
    if where in {"text", "restated"}:
        Claim.objects.filter(pk=claim.pk).update(**{where: f"The {words}s have come back"})
    elif where == "speaker":
        Speaker.objects.filter(pk=claim.speaker_id).update(name=f"Mr {words}")
    elif where == "article":
        Article.objects.filter(pk=claim.article_id).update(title=f"Of {words}s")
    else:
        _source(claim, editor, **{where: f"about {words}s"})
    expected = {claim.pk} if where != "article" else {other.pk for other in heap}
    assert found(words.upper()) == expected
    assert found(f"{words[1:-1]} {words}") == expected, (
        "parts of words are found, and all words must be there"
    )
    assert found(f"{words} thylacine") == set()


def test_what_is_no_longer_said_is_no_longer_found(
    way: str, heap: list[Claim], editor: User, found: Callable[[str], set[int]]
) -> None:
    claim = heap[0]
    Claim.objects.filter(pk=claim.pk).update(text="quokkas everywhere")
    source = _source(claim, editor, title="wombat")
    assert found("quokka") == found("wombat") == {claim.pk}
    Claim.objects.filter(pk=claim.pk).update(text="nothing of the kind")
    Evidence.objects.filter(pk=source.pk).update(withdrawn_at=timezone.now())
    assert found("quokka") == found("wombat") == set()
    Claim.objects.filter(pk=heap[1].pk).update(text="one more quokka")
    rows.claims(1, rows.article(2, editor), "new")
    Speaker.objects.filter(pk=heap[1].speaker_id).update(name="nobody else")
    assert found("quokka") == {heap[1].pk}


@pytest.mark.parametrize("words", ['"', "100%", "a_b", "\\", "' OR 1", "NEAR(", "text : x", "*abc*", "-abc"])
def test_signs_are_signs(words: str, way: str, heap: list[Claim], found: Callable[[str], set[int]]) -> None:
    assert found(words) == set()
    Claim.objects.filter(pk=heap[2].pk).update(text=f"He wrote {words} on it")
    assert found(words) == found(f"{words}\0") == {heap[2].pk}


def test_words_that_few_say_are_asked_of_the_index_alone(heap: list[Claim]) -> None:
    Claim.objects.filter(pk=heap[3].pk).update(text="The quokkas have come back")
    with CaptureQueriesContext(connection) as asked:
        assert searching.saying(Claim.objects.all(), "quokka").count() == 1
        assert searching.saying(Claim.objects.all(), "thylacine").count() == 0
    if connection.vendor == "sqlite":
        assert not [query["sql"] for query in asked if " LIKE " in query["sql"]]
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for model in searching._COLUMNS:
            statement, values = searching._indexed(model, "quokka")
            cursor.execute(f"EXPLAIN {statement}", values)
            plan = " ".join(row[0] for row in cursor.fetchall())
            assert f"search_{model._meta.model_name}" in plan, plan


def test_a_word_that_many_say_is_told_apart_by_the_rare_one_beside_it(
    heap: list[Claim], monkeypatch: pytest.MonkeyPatch, found: Callable[[str], set[int]]
) -> None:
    monkeypatch.setattr(searching, "FEW", 2)
    Claim.objects.filter(pk=heap[3].pk).update(text="word of a quokka")
    assert found("word") == {claim.pk for claim in heap}
    assert found("word quokka") == {heap[3].pk}
    assert searching._first_rare(["word", "quokka"]) == ("quokka", [heap[3].pk])


def test_who_said_much_is_found_in_all_of_it(
    editor: User, monkeypatch: pytest.MonkeyPatch, found: Callable[[str], set[int]], heap: list[Claim]
) -> None:
    monkeypatch.setattr(searching, "FEW", 2)
    Speaker.objects.filter(pk=heap[0].speaker_id).update(name="Ms Quokka")
    Claim.objects.update(speaker=heap[0].speaker_id)
    assert searching._first_rare(["quokka"]) is None, "one speaker, but many claims"
    assert found("quokka") == {claim.pk for claim in heap}


def test_without_an_index_every_claim_is_read(heap: list[Claim], found: Callable[[str], set[int]]) -> None:
    Claim.objects.filter(pk=heap[3].pk).update(text="The quokkas have come back")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("ALTER TABLE search_claim RENAME TO lost")
        else:
            cursor.execute("DROP INDEX search_claim")
    assert found("quokka") == {heap[3].pk}


def _source(claim: Claim, by: User, **texts: str) -> Evidence:
    told = {"title": "A paper", "stance": "context", "kind": "primary", "where": "Room 4", **texts}
    now = timezone.now()
    return Evidence.objects.create(
        claim=claim, number=1, added_by=by, created_at=now, accessed_on=now.date(), **told
    )
