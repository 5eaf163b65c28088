"""Requests that Django stops reading: the answer says what is wrong and how to mend it, on the web and over the API."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.contrib.auth.models import User
from django.db.utils import OperationalError
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from claims.domain import articles
from tests.api.clients import V1, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def little(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 20


def test_a_page_says_how_much_may_be_sent(editor: User, as_user: Callable[[User], Client]) -> None:
    client = as_user(editor)
    answer = client.post(reverse("article-new"), {"text": "word " * 500_000})
    assert answer.status_code == 413
    assert "larger than 2 MB" in answer.content.decode()
    broken = client.post(reverse("article-new"), {f"field{number}": "x" for number in range(30)})
    assert broken.status_code == 400
    assert "could not be read" in broken.content.decode()


def test_the_api_says_how_much_may_be_sent(editor: User) -> None:
    client = client_of(editor)
    answer = client.post(f"{V1}articles/", {"text": "word " * 500_000})
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"
    assert "2 MB" in answer.json()["detail"]
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_stranger_with_a_wrong_host_costs_no_query(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "could not be read" in answer.content.decode()


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Articles are written where a large piece of work holds the file of the database; the error is SQLite's own."""
    where = tmp_path / "held.sqlite3"
    holder = sqlite3.connect(where, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    def write(*_args: Any, **_fields: Any) -> NoReturn:
        try:
            sqlite3.connect(where, timeout=0, isolation_level=None).execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError(*error.args) from error
        raise AssertionError("the file is held")

    monkeypatch.setattr(articles, "receive_text", write)
    yield
    holder.close()


def test_a_page_says_that_the_database_is_busy(
    held: None, editor: User, as_user: Callable[[User], Client]
) -> None:
    answer = as_user(editor).post(reverse("article-new"), {"way": "text", "text": "A long article. " * 20})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "what you typed is still there" in answer.content.decode()


def test_the_api_says_that_the_database_is_busy(held: None, editor: User) -> None:
    answer = client_of(editor).post(f"{V1}articles/", {"text": "A long article. " * 20})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert answer.json()["code"] == "busy"


@pytest.mark.parametrize("name", ["400", "500", "503"])
def test_pages_of_faults_ask_nothing_and_lead_on(name: str, django_assert_num_queries: Any) -> None:
    """They are made without a request, a session or a database, any of which may be what is broken."""
    with django_assert_num_queries(0):
        page = render_to_string(f"{name}.html")
    assert page.count("<h1>") == 1
    assert f'href="{reverse("my-work")}"' in page
    assert f'href="{reverse("home")}"' in page
