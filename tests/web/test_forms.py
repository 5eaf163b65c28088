"""Every form answers what is wrong the same way: 422, a summary with the focus, the same words at the field, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from lxml import html

from claims.domain import reader_messages
from claims.models import Report

pytestmark = pytest.mark.django_db
Address = Callable[[Any, Callable[..., Any]], str]


def _of_claim(name: str, status: str) -> Address:
    return lambda _reader, claim_in: reverse(name, args=[claim_in(status).pk])


def _of_message(_reader: Any, claim_in: Callable[..., Any]) -> str:
    report = Report.objects.get(claim=claim_in("published"))
    message = reader_messages.receive(report, about="fact", text="The second figure is of another year.")
    return reverse("reader-message", args=[message.pk])


def _plain(name: str) -> Address:
    return lambda _reader, _claim_in: reverse(name)


# Who sends it, where, what was typed, and which fields are wrong.
FORMS: dict[str, tuple[str, Address, dict[str, str], list[str]]] = {
    "an article": ("editor", _plain("article-new"), {"way": "text", "text": "too short", "title": "A title", "outlet": "The Gazette", "author": "Ann"}, ["id_text"]),
    "a document": ("editor", _plain("document-new"), {"way": "file", "title": "A title", "publisher": "The council", "note": "Look at page 3"}, ["id_file"]),
    "a source": ("reviewer", _of_claim("evidence-add", "researching"), {"title": "A title", "publisher": "The council", "excerpt": "Down by 27"}, ["id_url", "id_stance", "id_kind"]),
    "another try to reach the speaker": ("reviewer", _of_claim("reply-again", "researching"), {"channel": "by phone", "answer": "No comment"}, ["id_asked_on"]),
    "splitting a claim": ("editor", _of_claim("claim-split", "new"), {"second": "words of another article"}, ["second"]),
    "an answer to a reader": ("editor", _of_message, {"outcome": "", "answer": "We looked at it again"}, ["id_outcome"]),
    "one's days away": ("reviewer", _plain("account"), {"away_until": "2020-01-01"}, ["id_away_until"]),
    "a list with a name": ("editor", _plain("saved-lists"), {"name": "", "place": "claims", "query": "late=1"}, ["id_name"]),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_what_is_wrong_is_said_on_top_and_at_its_field_and_nothing_typed_is_lost(
    form: str, claim_in: Callable[..., Any], as_user: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    who, where, typed, wrong = FORMS[form]
    client = as_user(request.getfixturevalue(who))
    answer = client.post(where(None, claim_in), typed)
    assert answer.status_code == 422
    page = html.fromstring(answer.content.decode())
    assert page.find(".//title").text.startswith("Error:")
    (summary,) = page.xpath("//*[@id='error-summary']")
    assert summary.get("tabindex") == "-1"
    assert "autofocus" in summary.attrib
    said = {link.get("href")[1:]: link.text_content() for link in summary.xpath(".//a")}
    assert list(said) == wrong
    for field, sentence in said.items():
        place = page.get_element_by_id(field)
        (error,) = page.xpath(f"//*[@id='{field}-error']")
        assert error.text_content() == sentence
        assert not re.search("required|invalid|please", sentence.lower())
        controls = [place] if place.get("name") else place.xpath(".//input")
        assert all(f"{field}-error" in one.get("aria-describedby", "") for one in controls)
        assert all(one.get("aria-invalid") == "true" for one in controls)
    for name, value in typed.items():
        kept = page.xpath(f"//main//*[@name='{name}']")
        if kept and value:
            values = [one.get("value") if one.tag == "input" else (one.text or "").strip() for one in kept]
            assert value in values, name


@pytest.mark.parametrize(
    ("name", "status", "typed"),
    [
        ("article-new", "", {"way": "text", "text": "word " * 40, "topic": "x" * 81}),
        ("claim-words", "triaged", {"topic": "x" * 81}),
        ("evidence-add", "researching", {"title": "x" * 501}),
    ],
)
def test_no_field_cuts_what_is_pasted_and_its_sentence_names_it(
    name: str,
    status: str,
    typed: dict[str, str],
    claim_in: Any,
    editor: User,
    reviewer: User,
    as_user: Callable[[User], Client],
) -> None:
    address = reverse(name, args=[claim_in(status).pk] if status else [])
    client = as_user(reviewer if status == "researching" else editor)
    page = html.fromstring(client.get(address).content)
    field, text = list(typed.items())[-1]
    assert page.xpath("//@maxlength") == []
    answer = client.post(address, typed)
    assert answer.status_code == 422
    label = page.xpath(f"string(//label[@for='id_{field}'])").strip()
    assert f"“{label}” is longer than {len(text) - 1} characters. Shorten it." in answer.content.decode()
    assert text in answer.content.decode()
