"""The reader of a long article: it shows a part, and every way leads to the right one."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.domain import claims
from claims.domain.transitions import transition
from claims.enums import Action, ClaimStatus
from claims.models import Article, Claim, Statement, VerificationStep
from claims.web import parts
from tests import factories

AsUser = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
LONG = "\n\n".join(
    f"The port of Marlow counted {number * 7 + 1000:,} vehicles in {1950 + number}. It is a lovely port {number}."
    for number in range(40)
)


@pytest.fixture(autouse=True)
def short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of some ten paragraphs, so that the rows of a test are few."""
    monkeypatch.setattr(parts, "WHOLE_CHARACTERS", 2000)
    monkeypatch.setattr(parts, "PART_CHARACTERS", 900)


@pytest.fixture
def article(editor: User) -> Article:
    return factories.article(editor, LONG)


def shown(client: Client, article: Article, query: str = "") -> str:
    response = client.get(reverse("article", args=[article.pk]) + query, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def words_of(html: str) -> str:
    pieces = re.findall(r'<(?:span|mark)[^>]* data-o="\d+"[^>]*>([^<]*)</', html)
    return unescape("".join(pieces))


def cards_of(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<article class="claim-card[^>]* id="card-(\d+)"', html)]


def current_of(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'id="card-(\d+)"[^>]*aria-current="true"', html)]


def test_following_next_part_shows_every_word_and_every_claim_once(
    as_user: AsUser, editor: User, article: Article
) -> None:
    client = as_user(editor)
    seen: list[int] = []
    text, query, pages = "", "?at=0", 0
    while query:
        html = shown(client, article, query)
        pages += 1
        assert f"Part {pages} of " in html
        part = cards_of(html)
        assert part and not set(part) & set(seen)
        assert f"{len(part)} claims" in html
        seen += part
        text += words_of(html)
        following = re.search(r'rel="next" href="[^"]*(\?at=\d+)"', html)
        query = following[1] if following else ""
    assert pages > 3
    assert seen == list(article.claims.order_by("start", "id").values_list("pk", flat=True))
    assert text == article.text.replace("\n\n", "")
    previous = re.search(r'rel="prev" href="[^"]*(\?at=\d+)"', html)
    assert previous
    assert f"Part {pages - 1} of {pages}" in shown(client, article, previous[1])


def test_a_usual_article_has_no_parts(as_user: AsUser, editor: User) -> None:
    html = shown(as_user(editor), factories.article(editor))
    for sign in ('class="parts"', "data-beyond", "data-before", "?at="):
        assert sign not in html


def test_every_way_leads_to_the_part_that_is_meant(as_user: AsUser, editor: User, article: Article) -> None:
    client = as_user(editor)
    ordered = list(article.claims.order_by("start", "id"))
    layout = parts.lay(article.text, [claim.start for claim in ordered])
    wanted = ordered[25]
    place = layout.at(wanted.start)
    html = shown(client, article, f"?claim={wanted.pk}")
    assert current_of(html) == [wanted.pk]
    assert f"Part {place.number} of {place.of}" in html
    assert f'id="mark-{wanted.pk}"' in html
    start = article.text.index("The port of Marlow counted 1,203 vehicles")
    response = client.get(reverse("article", args=[article.pk]), {"paragraph": 30})
    assert response["Location"].endswith(f"?at={start}#at-{start}")
    html = shown(client, article, "?paragraph=30")
    assert f'<p id="at-{start}"' in html
    assert current_of(html) == [next(claim.pk for claim in ordered if claim.start >= start)]
    # Where the rest of the part is decided, what is left in it above is next.
    part = layout.at(start)
    for claim in ordered:
        if start <= claim.start < part.high:
            transition(claim.pk, Action.TRIAGE, actor=editor, version=1)
    assert current_of(shown(client, article, f"?at={start}")) == [
        next(claim.pk for claim in ordered if claim.start >= part.low)
    ]
    for nonsense in ("?paragraph=9999", "?at=99999999"):
        assert f"Part {place.of} of {place.of}" in shown(client, article, nonsense)
    for nonsense in ("?claim=987654321", "?paragraph=0", "?at=-1", "?paragraph=x"):
        assert f"Part 1 of {place.of}" in shown(client, article, nonsense)


def test_the_last_decision_of_a_part_leads_to_the_next_part(
    as_user: AsUser, editor: User, reviewer: User, article: Article
) -> None:
    client = as_user(reviewer)
    here = cards_of(shown(client, article))
    ordered = list(article.claims.order_by("start", "id").values_list("pk", flat=True))
    for pk in here[:-1]:
        transition(pk, Action.TRIAGE, actor=editor, version=1)
    last, following = here[-1], ordered[len(here)]
    fields = {"action": "triage", "version": "1", "view": "reader"}
    html = client.post(reverse("transition", args=[last]), fields, headers=HTMX).content.decode()
    address = reverse("article", args=[article.pk])
    assert f'data-next="card-{following}" data-to="{address}?claim={following}#card-{following}"' in html
    assert f"{len(here)} of {len(ordered)} decided" in html
    plain = shown(client, article, f"?after={last}")
    assert current_of(plain) == [following]
    assert "Part 2 of " in plain
    # With nothing said about the place, the page opens where the deciding goes on.
    assert current_of(shown(client, article)) == [following]


def test_the_last_undecided_claims_are_found_from_the_end_too(
    as_user: AsUser, editor: User, article: Article
) -> None:
    client = as_user(editor)
    ordered = list(article.claims.order_by("start", "id"))
    transition(ordered[-1].pk, Action.TRIAGE, actor=editor, version=1)
    assert current_of(shown(client, article, f"?after={ordered[-1].pk}")) == [ordered[0].pk]
    for claim in ordered[:-1]:
        transition(claim.pk, Action.DECLINE, actor=editor, version=1, reason="x",
                   payload={"decline_reason": "opinion"})  # fmt: skip
    html = shown(client, article)
    assert f"All {len(ordered)} decided" in html
    assert "Part 1 of " in html
    assert current_of(html) == []


def test_what_one_did_in_another_part_can_be_undone_from_here(
    as_user: AsUser, editor: User, reviewer: User, second_reader: User, article: Article
) -> None:
    last = article.claims.order_by("start", "id").reverse()[0]
    transition(last.pk, Action.TRIAGE, actor=reviewer, version=1)
    address = reverse("article", args=[article.pk])
    html = shown(as_user(reviewer), article, "?at=0")
    form = re.search(r'<div id="tally".*?</form>', html, re.DOTALL)
    assert form
    assert f'action="{reverse("transition", args=[last.pk])}"' in form[0]
    assert "hx-post" not in form[0], "its card is not on this page, so the page of its part is opened"
    assert f'value="{address}?claim={last.pk}"' in form[0]
    assert 'id="undo"' not in shown(as_user(second_reader), article, "?at=0")
    assert 'hx-post' in re.findall(r'<div id="tally".*?</form>', shown(as_user(reviewer), article, f"?claim={last.pk}"), re.DOTALL)[0]  # fmt: skip


def test_other_statements_are_those_of_the_part(as_user: AsUser, editor: User, article: Article) -> None:
    client = as_user(editor)
    low = list(Statement.objects.filter(article=article, claims__isnull=True).order_by("position"))
    assert len(low) >= 20
    html = shown(client, article, "?paragraph=40")
    address = re.search(r'href="(\?all=1[^"#]*)#others"', html)
    assert address
    query = unescape(address[1])
    whole = shown(client, article, query)
    part = client.get(reverse("article-statements", args=[article.pk]) + query, headers=HTMX).content.decode()
    for page in (whole, part):
        assert f'id="statement-{low[-1].pk}"' in page
        assert f'id="statement-{low[0].pk}"' not in page


def test_added_words_open_their_own_part(as_user: AsUser, editor: User, article: Article) -> None:
    client = as_user(editor)
    words = "a lovely port 39"
    response = client.post(reverse("claim-add", args=[article.pk]), {"text": words}, follow=True)
    made = Claim.objects.get(text=words)
    html = response.content.decode()
    assert current_of(html) == [made.pk]
    assert made.status == ClaimStatus.NEW


def test_pages_cost_the_same_queries_in_every_part(
    as_user: AsUser, editor: User, reviewer: User, article: Article
) -> None:
    client = as_user(reviewer)
    ordered = list(article.claims.order_by("start", "id"))
    for claim in ordered[::3]:
        transition(claim.pk, Action.TRIAGE, actor=reviewer, version=1)
    counts = []
    shown(client, article)
    for claim in (ordered[1], ordered[len(ordered) // 2], ordered[-2]):
        with CaptureQueriesContext(connection) as queries:
            shown(client, article, f"?claim={claim.pk}")
        counts.append(len(queries))
    assert max(counts) <= 30, counts
    assert max(counts) - min(counts) <= 1, counts  # the first or last part has no claim on one side


def test_the_original_is_read_in_parts_too(
    as_user: AsUser, editor: User, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "TO_READ", 1)
    client = as_user(editor)
    address = reverse("article-original", args=[article.pk])
    text, query = "", "?at=0"
    while query:
        html = client.get(address + query).content.decode()
        words = re.search(r'<article class="reading[^>]*>(.*?)</article>', html, re.DOTALL)
        assert words
        text += unescape(re.sub(r"<[^>]+>", "", words[1]))
        following = re.search(rf'rel="next" href="{address}(\?at=\d+)"', html)
        query = following[1] if following else ""
    assert text.split() == article.original_text.split()
    assert "in 1989" in client.get(f"{address}?paragraph=40").content.decode()
    assert "Part 1 of" in client.get(f"{address}?at=-5").content.decode()


def test_while_it_is_read_the_beginning_is_shown(as_user: AsUser, editor: User, article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(state="extracting")
    html = shown(as_user(editor), article)
    assert "in 1950" in html
    assert "in 1989" not in html
    assert reverse("article-original", args=[article.pk]) in html


def test_the_public_article_is_read_in_parts_with_the_verdicts_of_each(
    claim_in: Callable[..., Claim], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = claim_in("published")
    address = reverse("article-public", args=[claim.article.slug])
    whole = client.get(address).content.decode()
    assert 'class="pager"' not in whole
    assert whole.count("<aside") == 1
    monkeypatch.setattr(parts, "TO_READ", 1)
    monkeypatch.setattr(parts, "WHOLE_CHARACTERS", 100)
    monkeypatch.setattr(parts, "PART_CHARACTERS", 300)
    pages, query = [], "?at=0"
    while query:
        pages.append(client.get(address + query).content.decode())
        following = re.search(r'rel="next" href="(\?at=\d+)"', pages[-1])
        query = following[1] if following else ""
    assert len(pages) > 1
    assert [page.count("<aside") for page in pages].count(1) == 1
    assert sum(page.count("<mark") for page in pages) >= 1
    for sentence in ("every cent of the toll", "22,400 vehicles crossed", "a lovely bridge"):
        assert sum(sentence in page for page in pages) == 1
    assert "Part 1 of" in client.get(f"{address}?at=x").content.decode()


def test_lists_leave_the_texts_of_articles_where_they_are(
    as_user: AsUser, editor: User, article: Article
) -> None:
    """Fifty rows would bring two megabytes each, and a database that sorts them would write them to disk before."""
    editor.is_staff = editor.is_superuser = True
    editor.save()
    claim = article.claims.order_by("start", "id")[0]
    VerificationStep.objects.filter(claim=claim).update(state="dead", finished_at=claim.created_at)
    client = as_user(editor)
    for address in (
        reverse("admin:claims_claim_changelist"), reverse("admin:claims_statement_changelist"),
        reverse("admin:claims_verificationstep_changelist"), reverse("steps-overview"),
        reverse("move", args=[claim.pk, "mark_duplicate"]),
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        lists = [
            row["sql"]
            for row in queries.captured_queries
            if "LIMIT" in row["sql"] and "LIMIT 21" not in row["sql"]
        ]
        reads = [sql for sql in lists if "original_text" in sql]
        assert not reads, (address, reads)


def test_a_text_without_a_single_break_is_cut_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PARAGRAPH", 300)
    text = "words of one paragraph " * 400
    layout = parts.lay(text, list(range(0, len(text), 50)))
    assert len(layout.parts) > 5
    assert all(part.high - part.low <= 1200 for part in layout.parts)
    blocks = [block for part in layout.parts for block in part.blocks]
    assert "".join(text[block.start : block.end] for block in blocks) == text.strip()
    assert {block.number for block in blocks} == {1}
    without_blanks = parts.lay("x" * 5000)
    assert (
        "".join("x" * (b.end - b.start) for part in without_blanks.parts for b in part.blocks) == "x" * 5000
    )


def test_a_crowd_of_claims_makes_parts_too() -> None:
    text = "\n\n".join(["A paragraph of words."] * 90)
    layout = parts.lay(text, sorted(place for place in range(0, len(text), 23) for _each in range(3)))
    assert len(layout.parts) > 1
    assert all(part.claims <= parts.PART_CLAIMS for part in layout.parts)
    assert sum(part.claims for part in layout.parts) == len(range(0, len(text), 23)) * 3


def test_a_claim_by_hand_inside_a_part_moves_no_other_out_of_reach(
    as_user: AsUser, editor: User, article: Article
) -> None:
    client = as_user(editor)
    claims.add_claim(article.pk, actor=editor, text="a lovely port 7")
    for claim in article.claims.order_by("?")[:5]:
        html = shown(client, article, f"?claim={claim.pk}")
        assert current_of(html) == [claim.pk]
