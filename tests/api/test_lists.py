"""Lists: filters, keys of pages, sparse fields, and a fixed number of queries whatever they hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from claims.domain import claims as verbs
from claims.domain import evidence
from claims.models import ApiToken, Claim, Speaker
from tests import factories
from tests.api.clients import V1, client_of, do_steps, fields_of

pytestmark = pytest.mark.django_db
WORDS = ("carries 4,000 more passengers", "22,400 vehicles", "fallen by 31 per cent")


def test_pages_follow_each_other_without_gap_or_repeat(
    editor: User, make_claim: Callable[..., Claim]
) -> None:
    for words in WORDS:
        make_claim(words)
    client = client_of(editor)
    whole = [row["id"] for row in client.get(f"{V1}claims/").json()["results"]]
    assert whole == sorted(whole, reverse=True)
    seen, address = [], f"{V1}claims/?page_size=2&fields=id"
    pages = []
    while address:
        page = client.get(address).json()
        pages.append(page)
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert seen == whole
    assert client.get(pages[1]["previous"]).json()["results"] == pages[0]["results"]


@pytest.mark.parametrize(
    "cursor", ["x", "cD0x", "cD1hYmM=", "cD0lMDA=", "cj0xJnA9MjAyNi0wMi0zMA==", "bz0xMDAwMDAwMDAw", "", "%00"]
)
def test_key_of_a_page_that_somebody_made_up(
    cursor: str, editor: User, make_claim: Callable[..., Claim]
) -> None:
    make_claim()
    for path in ("claims/", "ratings/", "people/", "steps/"):
        answer = client_of(editor).get(f"{V1}{path}?cursor={cursor}")
        assert answer.status_code in {200, 404}, (path, answer.content)


@pytest.mark.parametrize(
    "size", ["0", "-1", "201", "abc", "", "1.5", "9" * 30, "٣"]
)  # a digit that is none here
def test_page_size_that_makes_no_sense_is_refused(size: str, editor: User) -> None:
    answer = client_of(editor).get(f"{V1}claims/", {"page_size": size})
    assert (answer.status_code, fields_of(answer)) == (400, ["page_size"])


@pytest.mark.parametrize(
    "query",
    ["nonsense=1", "status=finished", "worth_from=2", "worth_from=x", "unassigned=perhaps", "article=x",
     "article=0", f"article={2**63}", "speaker=%00", "fields=id,secret", "fields=", "format=api", "priority=9"],
)  # fmt: skip
def test_parameter_that_makes_no_sense_is_named(query: str, editor: User) -> None:
    answer = client_of(editor).get(f"{V1}claims/?{query}")
    assert answer.status_code == 400
    assert fields_of(answer) == [query.partition("=")[0]]
    assert answer["Content-Type"] == "application/problem+json"


def test_parameters_of_single_things_and_writes_are_checked_too(
    editor: User, make_claim: Callable[..., Claim]
) -> None:
    claim, client = make_claim(), client_of(editor)
    assert client.get(f"{V1}claims/{claim.pk}/?status=new").status_code == 400
    assert client.post(f"{V1}claims/?fields=id", {}).status_code == 400
    assert client.get(f"{V1}claims/{claim.pk}/steps/?status=new").status_code == 400


def test_filters_narrow(editor: User, reviewer: User, make_claim: Callable[..., Claim]) -> None:
    first, second = make_claim(WORDS[0]), make_claim(WORDS[1])
    factories.move(first, "triage", editor)
    factories.move(first, "assign", editor, payload={"assignee": reviewer.pk})
    Claim.objects.exclude(pk=first.pk).update(worthiness=0.1, priority="1_urgent")
    client = client_of(editor)

    def found(**filters: Any) -> set[int]:
        return {row["id"] for row in client.get(f"{V1}claims/", filters).json()["results"]}

    assert found(status="assigned") == found(assignee="noor") == found(unassigned="false") == {first.pk}
    assert first.pk not in found(priority="1_urgent") != set()
    assert second.pk not in found(worth_from="0.2")
    assert found(status=["assigned", "new"]) == found(article=first.article_id) == found()
    assert found(search="4,000") == found(search=f"4,000 {first.speaker_name.split()[-1]}") == {first.pk}
    assert found(speaker=first.speaker_name.upper()) == {first.pk}
    assert found(speaker="nobody") == set()


def test_only_the_fields_that_were_asked_for(editor: User, make_claim: Callable[..., Claim]) -> None:
    claim, client = make_claim(), client_of(editor)
    one = client.get(f"{V1}claims/{claim.pk}/?fields=id,status").json()
    assert one == {"id": claim.pk, "status": "new"}
    many = client.get(f"{V1}claims/?fields=id,speaker").json()["results"]
    assert all(set(row) == {"id", "speaker"} for row in many)


def _fill(editor: User, reviewer: User, rows: int) -> Claim:
    """A desk whose every list holds ``rows`` things more."""
    claim = factories.claim(editor)
    if claim.status == "new":
        factories.bring_to("researching", claim, editor=editor, checker=reviewer, reader=editor)
        do_steps()
    for number in range(rows):
        verbs.add_comment(claim.pk, actor=editor, text="x")
        fields = {"title": f"S{number}", "where": "A", "stance": "context", "kind": "primary"}
        evidence.add_evidence(claim.pk, actor=reviewer, fields=fields)
        Speaker.objects.create(name=f"S{number}", key=f"{Speaker.objects.count()}")
        factories.person(f"p{User.objects.count()}", "reviewer")
        factories.claim(editor, WORDS[number % 2])
        ApiToken.objects.create(
            person=editor, name="x", prefix="x", digest=str(ApiToken.objects.count()), scope="read",
            created_at=claim.created_at, expires_at=claim.created_at,
        )  # fmt: skip
    return claim


def test_every_list_costs_the_same_queries_whatever_it_holds(
    editor: User, reviewer: User, django_assert_max_num_queries: Any
) -> None:
    claim = _fill(editor, reviewer, 1)
    client = client_of(editor)
    paths = ["articles/", "claims/", "speakers/", "evidence/", "steps/", "assignments/", "ratings/", "people/", "tokens/",
             f"articles/{claim.article_id}/statements/"]  # fmt: skip
    paths += [f"claims/{claim.pk}/{part}/" for part in (
        "assignments", "history", "transitions", "steps", "evidence", "verdict/revisions", "comments")]  # fmt: skip
    client.get(f"{V1}claims/")  # the token's use is noted once a minute
    costs = {}
    for path in paths:
        with django_assert_max_num_queries(12) as asked:
            assert client.get(V1 + path).status_code == 200, path
        costs[path] = len(asked)
    _fill(editor, reviewer, 3)
    for path in paths:
        with django_assert_max_num_queries(costs[path]):
            client.get(V1 + path)


def test_public_list_costs_the_same_queries(
    claim_in: Callable[..., Claim], django_assert_num_queries: Any
) -> None:
    claim_in("published")
    client = APIClient()
    client.get(f"{V1}reports/")  # the first request of an address makes the row that counts its requests
    with django_assert_num_queries(2):  # the count, reports
        assert len(client.get(f"{V1}reports/").json()["results"]) == 1
    claim_in("published", WORDS[0])
    with django_assert_num_queries(2):
        assert len(client.get(f"{V1}reports/").json()["results"]) == 2
