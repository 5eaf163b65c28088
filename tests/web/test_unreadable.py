"""Requests that Django stops reading: the answer says what is wrong and how to mend it, on the web and over the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

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
