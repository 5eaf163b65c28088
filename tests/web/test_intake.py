"""A new article by paste, file or address: what comes in, and how what cannot come in is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from claims.models import Article, Claim, VerificationStep
from tests.factories import TEXT

LogIn = Callable[[User], Client]


def test_a_pasted_article_opens_and_its_reading_is_promised(reviewer: User, as_user: LogIn) -> None:
    form = {
        "way": "text",
        "text": TEXT,
        "title": "Bridge",
        "published_on": "2026-03-01",
        "topic": "Transport",
    }
    response = as_user(reviewer).post(reverse("article-new"), form)
    article = Article.objects.get()
    assert response["Location"] == article.get_absolute_url()
    assert (article.title, article.topic, article.added_by) == ("Bridge", "Transport", reviewer)
    assert VerificationStep.objects.get(article=article).kind == "extraction"


def test_the_same_article_opens_the_first(reviewer: User, editor: User, as_user: LogIn) -> None:
    as_user(editor).post(reverse("article-new"), {"way": "text", "text": TEXT})
    again = as_user(reviewer).post(
        reverse("article-new"), {"way": "text", "text": TEXT.replace("\n", "\r\n")}, follow=True
    )
    assert again.redirect_chain[0][0] == Article.objects.get().get_absolute_url()
    assert "This article is here already, added by Pia Demo" in again.content.decode()


def test_a_file_is_read(reviewer: User, as_user: LogIn) -> None:
    upload = SimpleUploadedFile("bridge.txt", TEXT.encode(), "text/plain")
    as_user(reviewer).post(reverse("article-new"), {"way": "file", "file": upload, "outlet": "Courier"})
    article = Article.objects.get()
    assert article.original_name == "bridge.txt"
    assert article.outlet == "Courier"


def test_an_address_is_fetched_in_the_background_with_what_was_typed(reviewer: User, as_user: LogIn) -> None:
    form = {"way": "url", "url": "https://courier.example/bridge?utm_source=x", "title": "Bridge"}
    response = as_user(reviewer).post(reverse("article-new"), form)
    article = Article.objects.get()
    assert response["Location"] == article.get_absolute_url()
    assert article.title == "Bridge"
    assert article.state == "fetching"
    assert VerificationStep.objects.get(article=article).kind == "fetch"


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        ({"way": "text", "text": ""}, "text", "Paste the article"),
        ({"way": "text", "text": "twelve chars"}, "text", "12 characters are not an article"),
        ({"way": "text", "text": "0 1 2 3 4 5 6 7 8 9 " * 20}, "text", "does not read like an article"),
        ({"way": "file"}, "file", "Choose a file."),
        ({"way": "url", "url": ""}, "url", "Enter the address"),
        ({"way": "url", "url": "ftp://courier.example/x"}, "url", ""),
        ({"way": "text", "text": TEXT, "published_on": "yesterday"}, "published_on", "Enter the day"),
    ],
)
def test_what_cannot_come_in_is_said_at_its_field_and_everything_typed_stays(
    form: dict[str, str], field: str, sentence: str, reviewer: User, as_user: LogIn
) -> None:
    typed = {"title": "A title typed before", "topic": "Transport", **form}
    response = as_user(reviewer).post(reverse("article-new"), typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error:" in page
    assert f'href="#id_{field}"' in page
    assert f'id="id_{field}-error"' in page
    assert sentence in page.replace("&#x27;", "’")
    assert "A title typed before" in page
    assert f'value="{form["way"]}" checked' in page
    assert Article.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.txt", b""), ("picture.txt", bytes(range(256)) * 40), ("broken.pdf", b"%PDF-1.7\n" + b"\x00" * 400),
     ("tool.exe", b"MZ" + b"\x00" * 400)],
)  # fmt: skip
def test_files_that_hold_no_article_are_refused_whole(
    name: str, content: bytes, reviewer: User, as_user: LogIn
) -> None:
    upload = SimpleUploadedFile(name, content, "application/octet-stream")
    response = as_user(reviewer).post(reverse("article-new"), {"way": "file", "file": upload})
    assert response.status_code == 422
    assert 'id="id_file-error"' in response.content.decode()
    assert Article.objects.count() == 0
    assert VerificationStep.objects.count() == 0


def test_a_file_that_is_too_large_is_named_as_that(reviewer: User, as_user: LogIn, settings: object) -> None:
    settings.MAX_ARTICLE_BYTES = 1000  # type: ignore[attr-defined]  # pytest-django's settings wrapper
    upload = SimpleUploadedFile("long.txt", TEXT.encode() * 4, "text/plain")
    response = as_user(reviewer).post(reverse("article-new"), {"way": "file", "file": upload})
    assert "larger than" in response.content.decode()


def test_what_is_known_about_an_article_is_changed_later(reviewer: User, as_user: LogIn) -> None:
    client = as_user(reviewer)
    client.post(reverse("article-new"), {"way": "text", "text": TEXT})
    article = Article.objects.get()
    there = reverse("article-about", args=[article.pk])
    Article.objects.update(state="ready")
    assert there in client.get(article.get_absolute_url()).content.decode()
    bad = client.post(there, {"title": "Bridge", "outlet": "Courier", "published_on": "soon"})
    assert bad.status_code == 422
    assert 'value="Courier"' in bad.content.decode()
    assert Article.objects.get().outlet == ""
    good = {"title": "Bridge", "outlet": "Courier", "published_on": "2026-03-01", "next": "/desk/claims/7/"}
    assert client.post(there, good)["Location"] == "/desk/claims/7/"
    article.refresh_from_db()
    assert (article.title, article.outlet, str(article.published_on)) == ("Bridge", "Courier", "2026-03-01")


def test_a_claim_that_nobody_said_leads_to_its_article(
    claim_in: Callable[..., Claim], editor: User, as_user: LogIn
) -> None:
    claim = claim_in("approved")
    Claim.objects.filter(pk=claim.pk).update(speaker=None)
    Article.objects.filter(pk=claim.article_id).update(outlet="", url="")
    page = as_user(editor).get(reverse("claim", args=[claim.pk])).content.decode()
    there = f"{reverse('article-about', args=[claim.article_id])}?next={reverse('claim', args=[claim.pk])}"
    assert f'href="{there}#id_outlet"' in page
