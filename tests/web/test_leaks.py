"""Nothing unpublished reaches a stranger: every address of the site is asked, with words that no public page may hold.

Drafts carry a canary in each field that somebody can write; so do the notes, comments and mails around a published
report, which stay inside the house for ever. The crawl takes every address from the URL map, with the ids and slugs of
what must stay hidden, and follows every link that it finds on a public page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import NoReverseMatch, reverse

from claims.domain import articles, claims, evidence, extraction, speakers, verdicts
from claims.extraction import extract
from claims.models import Article, Claim, Evidence, ProposedNote, Report, Verdict
from tests import factories
from tests.architecture.test_addresses import ROUTES

CANARY = "kanarienvogel"
LINK = re.compile(rb'(?:href|src|action)="(/[^"#]*)')
DRAFTS = {"new": 2, "triaged": 1, "researching": 2, "in_review": 2, "approved": 2}


@pytest.fixture
def hidden(editor: User, reviewer: User, second_reader: User) -> dict[str, list[Any]]:
    """One report in public with canaries around it, and drafts in every earlier status with canaries in all they hold."""
    people = {"editor": editor, "checker": reviewer, "reader": second_reader}
    published = factories.bring_to("published", factories.claim(editor), **people)
    claims.add_comment(published.pk, actor=reviewer, text=f"{CANARY}-comment")
    source = published.evidence.earliest("pk")
    Evidence.objects.filter(pk=source.pk).update(note=f"{CANARY}-note")
    _notes_not_yet_public(people)
    drafts: list[Claim] = []
    for status, count in DRAFTS.items():
        for number in range(count):
            drafts.append(_draft(f"{status}{number}", status, people))
    return {"published": [published], "drafts": drafts}


def _notes_not_yet_public(people: dict[str, User]) -> None:
    """Another report in public, with a correction open and a retraction proposed, and a note for each."""
    claim = factories.bring_to("published", factories.claim(people["editor"], "22,400 vehicles"), **people)
    given = {"kind": "correction", "public_note": f"{CANARY}-correction-note"}
    claim = factories.move(
        claim, "open_correction", people["editor"], reason=f"{CANARY}-reason", payload=given
    )
    proposed = {"public_note": f"{CANARY}-retraction-note"}
    factories.move(claim, "propose_retraction", people["editor"], reason=f"{CANARY}-reason", payload=proposed)
    assert ProposedNote.objects.filter(text__startswith=CANARY).count() == 2


def _draft(name: str, status: str, people: dict[str, User]) -> Claim:
    word = f"{CANARY}-{name}"
    words = f"The {word} bridge carried 4,000 more lorries in 2024 than in the year before it was mended."
    text = (
        f"Headline {word}\n\n{words}\n\nThe mayor of {word} said that 300 people had worked on it for a year."
    )
    stored = articles.receive_text(
        text, actor=people["editor"], title=f"Title {word}", outlet=f"Outlet {word}", author=f"Author {word}"
    )
    extraction.store(stored, extract(stored.original_text))
    claim = Claim.objects.filter(article=stored, text=words).first() or claims.add_claim(
        stored.pk, actor=people["editor"], text=words
    )
    Claim.objects.filter(pk=claim.pk).update(
        topic=f"Topic {word}", tags=[word], restated=f"Restated {word}", speaker_role=f"Role {word}",
        speaker=speakers.find_or_make("Lena Brandt"),
    )  # fmt: skip
    claim.refresh_from_db()
    claims.add_comment(claim.pk, actor=people["editor"], text=f"Comment {word}", passage=f"Passage {word}")
    claim = factories.bring_to(status, claim, **people)
    if status == "researching":
        evidence.add_evidence(
            claim.pk, actor=people["checker"],
            fields={"title": f"Source {word}", "publisher": f"Publisher {word}", "url": f"https://{word}.example/page",
                    "stance": "supports", "kind": "primary", "quote": f"Quote {word}", "note": f"Note {word}"},
        )  # fmt: skip
        verdicts.save_verdict(
            claim.pk, actor=people["checker"], revision=0,
            fields={"level": "false", "headline": f"Verdict {word}", "summary": f"Summary {word}",
                    "reasoning": f"Reasoning {word}", "why_checked": f"Why {word}"},
        )  # fmt: skip
    else:
        Verdict.objects.filter(claim=claim).update(headline=f"Verdict {word}", summary=f"Summary {word}")
    return claim


def _asked(hidden: dict[str, list[Any]]) -> Iterator[str]:
    """Every address of the map, with what a curious stranger would put into it."""
    drafts: list[Claim] = hidden["drafts"]
    report = Report.objects.get(claim=hidden["published"][0])
    chosen = [drafts[0], drafts[3], drafts[5], drafts[-1]]
    corrected = Report.objects.exclude(pk=report.pk).get()
    slugs = [report.slug, corrected.slug, *(claim.article.slug for claim in chosen)]
    pks = [report.claim_id, corrected.claim_id, *(claim.pk for claim in chosen)]
    fixed = {"number": 1, "kind": "methodology", "gate": "both_sides", "action": "publish", "uidb64": "MQ",
             "token": "set-password", "file": "report.json", "of": "correction"}  # fmt: skip
    for _name, _route, pattern in ROUTES:
        names = list(pattern.pattern.regex.groupindex)
        for slug, pk in zip(slugs, pks, strict=True):
            values = {name: fixed.get(name, slug if name == "slug" else pk) for name in names}
            try:
                yield reverse(_name, kwargs=values)
            except NoReverseMatch:  # an address of another shape (a format, a uuid): its list leads there
                continue
            if not names:
                break


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["anonymous", "without a role"])
def test_no_draft_and_no_note_reaches_a_stranger(
    who: str, hidden: dict[str, list[Any]], stranger: User, as_user: Callable[[User], Client]
) -> None:
    client = as_user(stranger) if who == "without a role" else Client()
    waiting, seen, leaks = list(dict.fromkeys(_asked(hidden))), set(), []
    public = 0
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith(("/log-out", "/static/")):
            continue
        seen.add(path)
        for method in ("get", "options"):
            answer = getattr(client, method)(path, HTTP_ACCEPT_ENCODING="identity")
            told = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
            heads = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
            # The address that was asked may come back (as ``next`` of the log-in page); nothing else may.
            if CANARY in (told.decode(errors="replace") + heads).replace(path, ""):
                leaks.append((method, path))
            if method == "get" and answer.status_code == 200:
                public += 1
                waiting += [link.decode().replace("&amp;", "&") for link in LINK.findall(told)]
    assert leaks == []
    assert public > 30, public


@pytest.mark.django_db
def test_searches_count_nothing_that_is_hidden(hidden: dict[str, list[Any]]) -> None:
    """What a stranger types comes back, but no hit, no count and no suggestion with it."""
    client = Client()
    for name in ("reports", "articles-public"):
        without = client.get(reverse(name), {"q": "nothing-of-that-name"}).content.decode()
        with_it = client.get(reverse(name), {"q": f"{CANARY}-new0"}).content.decode()
        assert with_it.replace(f"{CANARY}-new0", "") == without.replace("nothing-of-that-name", "")


@pytest.mark.django_db
def test_a_draft_changes_no_public_page(hidden: dict[str, list[Any]], editor: User) -> None:
    """No count, list, topic or speaker of the public site moves because somebody writes."""
    client = Client()
    names = [
        name for name, route, pattern in ROUTES
        if not pattern.pattern.regex.groupindex and not route.startswith(("desk/", "api/", "log-", "password"))
    ]  # fmt: skip

    def pages() -> dict[str, str]:
        nonce = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
        return {
            name: nonce.sub("", client.get(reverse(name)).content.decode(errors="replace")) for name in names
        }

    before = pages()
    factories.article(
        editor,
        f"A new draft {CANARY}\n\nThe {CANARY} tower grew by 40 metres in 2023, the mayor told the council on Monday.",
    )
    assert pages() == before
    assert Article.objects.count() > 1


ODD_KEYS = ("5~3", "nan~3", "inf~3", "1e999~1", "9999-12-31T23:59:59-23:59~1", "0001-01-01T00:00+14:00~1",
            "2026-01-01T00:00~3", "x~1")  # fmt: skip


@pytest.mark.parametrize("key", ODD_KEYS)
def test_a_made_up_key_of_a_page_breaks_no_list(
    key: str, claim_in: Any, reviewer: User, as_user: Callable[[User], Client]
) -> None:
    claim_in("published")
    inside = as_user(reviewer)
    lists = [("reports", {}), ("articles-public", {}), ("corrections", {}), ("claims", {}),
             ("claims", {"order": "worth"}), ("articles", {}), ("reader-messages", {})]  # fmt: skip
    for name, query in lists:
        for side in ("after", "before"):
            assert inside.get(reverse(name), {**query, side: key}).status_code == 200, (name, side)


@pytest.mark.django_db
def test_a_nul_reaches_no_query(client: Client) -> None:
    """PostgreSQL takes none in a text: the page is the one without it, and a path with one is no page."""
    for name in ("reports", "home", "login"):
        page = client.get(f"{reverse(name)}?topic=%00x&q=%00")
        assert page.status_code == 200
        assert page.wsgi_request.GET.dict() == {"topic": "x", "q": ""}
    assert client.get("/speakers/%00/").status_code == 400
