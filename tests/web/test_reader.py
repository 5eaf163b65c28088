"""The article reader: what it shows, what a press of a button changes, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.domain import articles, claims
from claims.domain.transitions import transition
from claims.enums import Action, ClaimStatus
from claims.models import Article, Claim, Conflict, Statement
from tests import factories

AsUser = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def page_of(client: Client, article: Article, query: str = "") -> str:
    response = client.get(reverse("article", args=[article.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def press(client: Client, claim: Claim, action: str, *, htmx: bool = False, **fields: str) -> tuple[int, str]:
    response = client.post(
        reverse("transition", args=[claim.pk]),
        {"action": action, "version": claim.version, "view": "reader", **fields},
        headers=HTMX if htmx else {},
    )
    return response.status_code, response.content.decode()


def test_the_text_stands_whole_between_its_marks(as_user: AsUser, editor: User) -> None:
    article = factories.article(editor)
    html = page_of(as_user(editor), article)
    pieces = re.findall(r'<(?:span|mark)[^>]* data-o="(\d+)"[^>]*>([^<]*)</', html)
    from html import unescape

    shown = {int(start): unescape(text) for start, text in pieces}
    assert shown
    assert all(article.text[start : start + len(text)] == text for start, text in shown.items())
    covered = {offset for start, text in shown.items() for offset in range(start, start + len(text))}
    left = {article.text[offset] for offset in range(len(article.text)) if offset not in covered}
    assert left <= {"\n", " "}


def test_each_claim_has_a_card_and_a_number_that_lead_to_each_other(as_user: AsUser, editor: User) -> None:
    article = factories.article(editor)
    html = page_of(as_user(editor), article)
    for claim in article.claims.all():
        assert f'id="card-{claim.pk}"' in html
        assert f'href="#mark-{claim.pk}"' in html
        assert f'href="#card-{claim.pk}"' in html
    assert html.count('aria-current="true"') == 1


def test_plain_forms_accept_and_go_on_to_the_next_claim(
    as_user: AsUser, editor: User, reviewer: User
) -> None:
    article = factories.article(editor)
    first, second = list(article.claims.order_by("start"))[:2]
    client = as_user(reviewer)
    response = client.post(
        reverse("transition", args=[first.pk]),
        {"action": "triage", "version": first.version, "view": "reader",
         "next": f"/desk/articles/{article.pk}/?after={first.pk}"},
    )  # fmt: skip
    assert response.status_code == 302
    first.refresh_from_db()
    assert first.status == ClaimStatus.TRIAGED
    html = client.get(response.url).content.decode()
    assert re.search(rf'id="card-{second.pk}"[^>]*aria-current="true"', html)
    assert f"1 of {article.claims.count()} decided" in html


def test_htmx_gets_the_changed_parts_alone(as_user: AsUser, editor: User, reviewer: User) -> None:
    article = factories.article(editor)
    first, second = list(article.claims.order_by("start"))[:2]
    status, html = press(as_user(reviewer), first, "triage", htmx=True)
    assert status == 200
    assert "<html" not in html
    assert f'id="card-{first.pk}"' in html
    assert f'id="card-{second.pk}"' not in html
    assert f'data-next="card-{second.pk}"' in html
    assert 'id="tally"' in html
    marks = re.findall(r"<mark[^>]*>", html)
    assert marks
    assert all("hx-swap-oob" in mark and "mark-triaged" in mark for mark in marks)


def test_a_decline_keeps_its_reason_and_can_be_undone(as_user: AsUser, editor: User, reviewer: User) -> None:
    article = factories.article(editor)
    claim = article.claims.order_by("start").first()
    assert claim is not None
    client = as_user(reviewer)
    status, html = press(client, claim, "decline", htmx=True, decline_reason="opinion")
    assert status == 200
    assert "Opinion, not fact" in html
    claim.refresh_from_db()
    assert (claim.status, claim.decline_reason) == (ClaimStatus.DECLINED, "opinion")
    assert 'value="undo"' in page_of(client, article)
    status, html = press(client, claim, "undo", htmx=True)
    assert status == 200
    assert f'data-next="card-{claim.pk}"' in html, "the claim that came back is the one to decide"
    claim.refresh_from_db()
    assert (claim.status, claim.decline_reason) == (ClaimStatus.NEW, "")


def test_undo_is_offered_to_the_one_who_moved_it_alone(
    as_user: AsUser, editor: User, reviewer: User, second_reader: User
) -> None:
    article = factories.article(editor)
    claim = article.claims.order_by("start").first()
    assert claim is not None
    transition(claim.pk, Action.TRIAGE, actor=reviewer, version=claim.version)
    assert 'value="undo"' in page_of(as_user(reviewer), article)
    assert 'value="undo"' not in page_of(as_user(second_reader), article)


def test_somebody_who_was_first_is_named_and_the_card_is_fresh(
    as_user: AsUser, editor: User, reviewer: User, second_reader: User
) -> None:
    article = factories.article(editor)
    claim = article.claims.order_by("start").first()
    assert claim is not None
    transition(claim.pk, Action.TAKE, actor=second_reader, version=claim.version)
    status, html = press(as_user(reviewer), claim, "triage", htmx=True)
    assert status == 409
    assert "Tomas Demo" in html
    assert "Assigned" in html
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.ASSIGNED


def test_a_conflict_of_interest_takes_the_take_button_away(
    as_user: AsUser, editor: User, reviewer: User
) -> None:
    claim = factories.claim(editor)
    article = claim.article
    assert f'id="take-{claim.pk}"' in page_of(as_user(reviewer), article)
    Conflict.objects.create(person=reviewer, speaker=claim.speaker, created_at=claim.created_at)
    html = page_of(as_user(reviewer), article)
    assert f'id="take-{claim.pk}"' not in html
    assert f'id="accept-{claim.pk}"' in html


def test_viewers_read_and_get_no_buttons(as_user: AsUser, editor: User, viewer: User) -> None:
    article = factories.article(editor)
    html = page_of(as_user(viewer), article)
    assert "claim-card" in html
    for sign in ("accept-", 'id="add-claim"', "selection-bar", 'value="decline"'):
        assert sign not in html
    claim = article.claims.first()
    assert claim is not None
    response = as_user(viewer).post(
        reverse("transition", args=[claim.pk]), {"action": "triage", "version": claim.version}
    )
    assert response.status_code == 403


def test_strangers_are_sent_away(as_user: AsUser, editor: User, stranger: User) -> None:
    article = factories.article(editor)
    address = reverse("article", args=[article.pk])
    assert as_user(stranger).get(address).status_code == 403
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "Select the words in the article, or type them."),
        ({"text": "words that nobody wrote"}, "These words are not in the article."),
        ({"text": "the"}, "more than once"),
    ],
)
def test_words_that_cannot_become_a_claim_come_back_with_the_reason(
    as_user: AsUser, editor: User, fields: dict[str, str], sentence: str
) -> None:
    article = factories.article(editor)
    count = Claim.objects.count()
    response = as_user(editor).post(reverse("claim-add", args=[article.pk]), fields)
    html = response.content.decode()
    assert response.status_code == 422
    assert sentence in html
    assert "error-summary" in html
    assert fields["text"] in html
    assert Claim.objects.count() == count


def test_a_selection_becomes_a_claim_at_its_very_place(as_user: AsUser, editor: User) -> None:
    article = factories.article(editor)
    words = "every cent of the toll"
    start = article.text.index(words)
    response = as_user(editor).post(
        reverse("claim-add", args=[article.pk]),
        {"start": start, "end": start + len(words), "text": words.replace("\n", "\r\n")},
    )
    assert response.status_code == 302
    made = Claim.objects.order_by("-pk")[0]
    assert (made.start, made.end, made.text, made.added_by) == (start, start + len(words), words, editor)


def test_a_selection_that_does_not_match_is_refused(as_user: AsUser, editor: User) -> None:
    article = factories.article(editor)
    response = as_user(editor).post(
        reverse("claim-add", args=[article.pk]), {"start": 3, "end": 9, "text": "quite other words"}
    )
    assert response.status_code == 422
    assert "The words at that place are others" in response.content.decode()


def test_other_statements_are_shown_on_demand_and_added_by_one_press(as_user: AsUser, editor: User) -> None:
    article = factories.article(editor)
    low = Statement.objects.filter(article=article, claims__isnull=True).first()
    assert low is not None
    client = as_user(editor)
    assert low.text not in re.sub(r"(?s)<article class=\"reading.*?</article>", "", page_of(client, article))
    part = client.get(reverse("article-statements", args=[article.pk]), headers=HTMX).content.decode()
    assert f'id="statement-{low.pk}"' in part
    assert f'id="statement-{low.pk}"' in page_of(client, article, "?all=1")
    client.post(reverse("claim-add", args=[article.pk]), {"statement": low.pk})
    assert Claim.objects.get(statement=low).text == low.text


def test_the_explanation_names_words_speaker_and_cue(as_user: AsUser, editor: User) -> None:
    article = factories.article(editor)
    claim = article.claims.exclude(cue="").first()
    assert claim is not None
    assert claim.statement is not None
    html = as_user(editor).get(reverse("claim-explain", args=[claim.pk])).content.decode()
    assert f'<span class="trace-cue">{claim.cue}</span>' in html
    assert claim.speaker_name in html
    for reason in claim.reasons:
        assert reason in html
    assert f"characters {claim.start} to {claim.end}" in html


def test_a_failed_article_brings_back_what_was_typed_and_why(as_user: AsUser, editor: User) -> None:
    from django.db import transaction

    article = articles.receive_url("https://courier.example/gone", actor=editor)
    with transaction.atomic():
        articles.mark_failed(article, "The address cannot be reached (no answer after 10 s).")
    html = page_of(as_user(editor), article)
    assert "The address cannot be reached" in html
    assert "https://courier.example/gone" in html
    assert reverse("article-retry", args=[article.pk]) in html
    pasted = as_user(editor).post(
        reverse("article-new"), {"way": "text", "title": "Typed", "text": factories.TEXT}
    )
    assert pasted.status_code == 302, "the form on this page is one that the desk takes"
    assert '/text/"' in html
    response = as_user(editor).post(reverse("article-retry", args=[article.pk]))
    assert response.status_code == 302
    article.refresh_from_db()
    assert article.state == "fetching"


def test_an_article_on_its_way_asks_again_and_then_reads_itself_anew(as_user: AsUser, editor: User) -> None:
    article = articles.receive_text(factories.TEXT, actor=editor)
    client = as_user(editor)
    assert reverse("article-live", args=[article.pk]) in page_of(client, article)
    live = reverse("article-live", args=[article.pk]) + "?waiting=1&asked=12"
    response = client.get(live, headers=HTMX)
    assert "delay:2s" in response.content.decode()
    Article.objects.filter(pk=article.pk).update(state="ready", text=article.original_text)
    response = client.get(live, headers=HTMX)
    assert (response.status_code, response.headers["HX-Refresh"]) == (204, "true")


def test_right_to_left_text_is_shown_right(as_user: AsUser, editor: User) -> None:
    text = "قالت رئيسة البلدية إن المدينة تنفق كل سنت من رسوم الجسر على الحافلات منذ عام 2024، وإن الحركة انخفضت."
    article = factories.article(editor, text)
    claims.add_claim(article.pk, actor=editor, text="المدينة تنفق كل سنت من رسوم الجسر")
    html = page_of(as_user(editor), article)
    assert re.search(r'<article class="reading[^>]* lang="ar" dir="rtl"', html)
    assert 'dir="auto">المدينة تنفق كل سنت من رسوم الجسر</p>' in html


def test_query_count_does_not_grow_with_the_claims(as_user: AsUser, editor: User, reviewer: User) -> None:
    sentence = "The harbour of Port {0} moved {0},400 tonnes of grain in 20{0:02d}, its manager Lena Brandt{0} said. "
    counts = []
    for claims_wanted in (1, 3, 25):
        article = factories.article(
            editor, "".join(sentence.format(n) for n in range(10, 10 + claims_wanted)) + "End."
        )
        article.claims.all()
        for n in range(article.claims.count(), claims_wanted):
            start = article.text.index(f"Port {10 + n}")
            claims.add_claim(
                article.pk, actor=editor, start=start, end=start + 40, text=article.text[start : start + 40]
            )
        for claim in article.claims.all()[: claims_wanted // 2]:
            transition(claim.pk, Action.TRIAGE, actor=editor, version=claim.version)
        client = as_user(reviewer)
        page_of(client, article)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page_of(client, article)
        counts.append(len(queries))
        assert article.claims.count() >= claims_wanted
    assert counts[1] == counts[2], counts
    assert counts[0] <= counts[1] <= 25, counts


def test_a_piece_left_out_can_be_brought_back(editor: User, as_user: Callable[[User], Client]) -> None:
    stored = factories.article(editor)
    stored.dropped = [{"text": "Photo: 48,000 people took the ferry.", "reason": "caption", "before": 0}]
    stored.save()
    client = as_user(editor)
    page = client.get(reverse("article", args=[stored.pk])).content.decode()
    assert "Bring back" in page
    client.post(reverse("article-bring-back", args=[stored.pk]), {"piece": "0"})
    stored.refresh_from_db()
    assert stored.text.startswith("Photo: 48,000 people took the ferry.")
    again = client.post(reverse("article-bring-back", args=[stored.pk]), {"piece": "x"}, follow=True)
    assert "There is no such piece" in again.content.decode()


def test_text_of_a_page_that_failed_is_pasted_into_the_same_article(
    editor: User, as_user: Callable[[User], Client]
) -> None:
    stored = articles.receive_url("https://paper.example/story", actor=editor)
    Article.objects.filter(pk=stored.pk).update(state="failed", problem="No answer after 10 s.")
    client = as_user(editor)
    page = client.get(reverse("article", args=[stored.pk])).content.decode()
    assert "No answer after 10 s." in page
    short = client.post(reverse("article-supply", args=[stored.pk]), {"text": "too short", "title": ""})
    assert short.status_code == 422
    assert "too short" in short.content.decode()
    client.post(reverse("article-supply", args=[stored.pk]), {"text": factories.TEXT, "title": "Toll"})
    stored.refresh_from_db()
    assert (stored.state, stored.title, stored.url) == ("extracting", "Toll", "https://paper.example/story")
    assert stored.steps.filter(kind="extraction").exists()
    assert Article.objects.count() == 1


def test_an_empty_body_adds_no_claim_and_brings_the_form_back(as_user: AsUser, editor: User) -> None:
    article = factories.article(editor)
    assert as_user(editor).post(reverse("claim-add", args=[article.pk])).status_code == 422
