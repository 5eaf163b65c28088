"""Pages are made once, kept, and answered on the short way: the same answer as on the long one, and never a stale one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Claim, Report
from claims.publishing import sharecard
from claims.publishing.keeping import KeptFiles
from claims.web import kept_pages, short_path
from claims.web.views import public
from claims.workflow import permits
from tests.factories import move

pytestmark = pytest.mark.django_db
ClaimIn = Callable[..., Claim]
WAYS = ({}, {"accept-encoding": "gzip"}, {"cookie": "theme=dark"})


@pytest.fixture
def published(claim_in: ClaimIn) -> Report:
    return Report.objects.get(claim=claim_in("published"))


@pytest.fixture
def kept(settings: Any, tmp_path: Path) -> Path:
    settings.KEPT_FILES = tmp_path / "kept"
    return tmp_path / "kept"


def refuse(*_args: object, **_more: object) -> bytes:
    raise AssertionError("made again")


def withdraw(claim: Claim, editor: User, second_reader: User) -> None:
    move(claim, "propose_retraction", editor, reason="x")
    move(claim, "retract", second_reader, payload={"public_note": "Wrong bridge."})


@pytest.mark.parametrize("given", WAYS)
def test_the_short_way_answers_as_the_long_one(
    client: Client, published: Report, given: dict[str, str]
) -> None:
    url = published.get_absolute_url()
    long_way = client.get(url, headers=given)
    with CaptureQueriesContext(connection) as asked:
        short_way = client.get(url, headers=given)
    assert type(long_way).__name__ == "KeptAnswer"
    assert type(short_way).__name__ == "HttpResponse"
    assert short_way.content == long_way.content
    assert dict(short_way.items()) == dict(long_way.items())
    assert "frame-ancestors 'none'" in short_way["Content-Security-Policy"]
    assert len(asked) == 1


def test_what_the_reader_has_is_not_sent_again_on_either_way(client: Client, published: Report) -> None:
    url = published.get_absolute_url()
    short_path.forget()
    tag = f"{kept_pages.standing(published.slug).tag('device', zipped=False)}"  # type: ignore[union-attr]
    long_way = client.get(url, headers={"if-none-match": tag})
    client.get(url)
    for said in (tag, f"W/{tag}", f'"other", {tag}'):
        short_way = client.get(url, headers={"if-none-match": said})
        assert (short_way.status_code, short_way.content) == (304, b"")
        assert {name for name, _value in short_way.items()} >= {name for name, _value in long_way.items()} - {
            "Content-Length"
        }
    assert client.get(url, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_withdrawal_shows_at_once_on_the_short_way(
    client: Client, published: Report, editor: User, second_reader: User
) -> None:
    url, card = published.get_absolute_url(), reverse("report-card", args=[published.slug])
    embed = reverse("embed", args=[published.slug])
    before = [client.get(address) for address in (url, url, card, embed)]
    withdraw(published.claim, editor, second_reader)
    after = [client.get(address) for address in (url, url, card, embed)]
    assert all(old.content != new.content for old, new in zip(before, after, strict=True))
    assert "Wrong bridge." in after[0].content.decode()
    assert "ClaimReview" not in after[1].content.decode()
    assert client.get(url, headers={"if-none-match": before[1]["ETag"]}).status_code == 200


def test_a_report_that_stands_no_more_is_not_found_on_the_short_way(
    client: Client, published: Report
) -> None:
    url = published.get_absolute_url()
    assert [client.get(url).status_code for _try in range(2)] == [200, 200]
    Report.objects.filter(pk=published.pk).update(current_version=None, published_at=None)
    assert client.get(url).status_code == 404


def test_an_address_that_is_not_ours_is_refused_though_the_page_is_kept(
    client: Client, published: Report, settings: Any
) -> None:
    url = published.get_absolute_url()
    assert [client.get(url).status_code for _try in range(2)] == [200, 200]
    assert client.get(url, headers={"host": "evil.example"}).status_code == 400
    assert client.get(url, headers={"host": "evil.example"}).status_code == 400
    settings.SECURE_SSL_REDIRECT = True
    short_path.forget()
    fresh = Client()
    answers = [fresh.get(url, headers={"host": "localhost"}) for _try in range(2)]
    assert [answer.status_code for answer in answers] == [301, 301]


def test_an_answer_with_a_cookie_teaches_nothing(client: Client, published: Report) -> None:
    answer = short_path.KeptAnswer(b"x")
    answer.set_cookie("a", "b")
    assert short_path._learn(("http", "testserver", False), answer) is answer
    assert short_path._learned == {}


def test_the_page_of_a_report_is_open_to_everybody() -> None:
    """The short way asks nobody who they are, so the table of permits must say the same."""
    permit = permits.find("report")
    assert permit is not None
    assert permit.needed("GET") == permits.EVERYONE


def test_other_requests_take_the_long_way(client: Client, published: Report) -> None:
    url = published.get_absolute_url()
    client.get(url)
    assert client.get(url).status_code == 200
    assert client.head(url).content == b""
    assert client.post(url).status_code in {403, 405}
    assert client.get(url.rstrip("/")).status_code == 301


def test_a_new_version_is_made_before_anybody_asks(
    client: Client, claim_in: ClaimIn, kept: Path, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        published = Report.objects.get(claim=claim_in("published"))
    kept_pages.PAGES.clear()  # as in another process, or after a restart
    monkeypatch.setattr(public, "_made", refuse)
    monkeypatch.setattr(sharecard, "render", refuse)
    for _way in ("long", "short"):
        page = client.get(published.get_absolute_url())
        assert published.headline in page.content.decode()
        kept_pages.PAGES.clear()
    assert client.get(reverse("report-card", args=[published.slug])).content.startswith(b"\x89PNG")


def test_a_publication_stands_though_its_page_cannot_be_made(
    client: Client, claim_in: ClaimIn, kept: Path, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    made = public._made
    monkeypatch.setattr(public, "_made", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        published = Report.objects.get(claim=claim_in("published"))
    monkeypatch.setattr(public, "_made", made)
    assert client.get(published.get_absolute_url()).status_code == 200


def test_the_share_card_is_drawn_once(
    client: Client, published: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = reverse("report-card", args=[published.slug])
    first = client.get(url)
    monkeypatch.setattr(sharecard, "render", refuse)
    with CaptureQueriesContext(connection) as asked:
        again = client.get(url)
    assert again.content == first.content
    assert len(asked) == 1
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("harm", [b"", b"short", None])
def test_a_torn_file_is_as_good_as_none(tmp_path: Path, harm: bytes | None) -> None:
    files = KeptFiles(tmp_path)
    files.write(b"whole page", "a", 1)
    assert files.read("a", 1) == b"whole page"
    assert files.read("a", 2) is None
    path = next(tmp_path.glob("*/*"))
    path.write_bytes(path.read_bytes()[:-1] + b"x" if harm is None else harm)
    assert files.read("a", 1) is None
    files.write(b"whole page", "a", 1)
    assert files.read("a", 1) == b"whole page"


def test_room_is_made_by_what_was_not_asked_for_longest(tmp_path: Path) -> None:
    files = KeptFiles(tmp_path)
    for number in range(4):
        files.write(b"x" * 68, number)
        os.utime(next(path for path in tmp_path.glob("*/*") if path.stat().st_mtime > 1e9), (number, number))
    assert files.read(0) is not None  # and is now the latest asked for
    assert files.trim(200) == 2
    assert [files.read(number) is not None for number in range(4)] == [True, False, False, True]


def test_nothing_is_kept_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    files = KeptFiles(tmp_path / "file")
    files.write(b"x", "a")
    assert files.read("a") is None
    assert KeptFiles(None).read("a") is None
    assert KeptFiles(None).trim(0) == 0


def test_another_name_of_the_desk_or_another_release_makes_the_page_anew(
    client: Client, published: Report, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = published.get_absolute_url()
    client.get(url)
    kept_pages.PAGES.clear()
    monkeypatch.setattr(kept_pages, "build", lambda: "another release")
    short_path.forget()
    monkeypatch.setattr(public, "_made", refuse)
    with pytest.raises(AssertionError, match="made again"):
        client.get(url)


def test_publishing_makes_page_and_card_and_a_correction_makes_them_anew(
    claim_in: ClaimIn, kept: Path, editor: User, second_reader: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        claim = claim_in("published")
    assert len(list(kept.glob("*/*"))) == 2
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(claim, editor, second_reader)
    assert len(list(kept.glob("*/*"))) == 4
