"""The source library: files are checked, kept once and searched; pages are fetched by a step; both back evidence."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from claims.domain import library, seen, steps
from claims.enums import DocumentState, StepOutcome, StepState
from claims.exceptions import InvalidInput, NotAllowed
from claims.models import AuditEvent, Claim, Evidence, LibraryDocument, Snapshot, VerificationStep
from tests import factories
from tests.standins.server import Reply
from tests.standins.shapes import ARTICLE
from tests.standins.web import PublicWeb
from tests.steps.test_first_steps import run

LogIn = Callable[[User], Client]
MINUTES = (
    "Minutes of the council\n\nThe harbour bridge lost traffic after the toll. The port authority counted 22,400 "
    "vehicles on the harbour bridge on an average weekday.\n\nThe meeting closed at nine."
)
pytestmark = pytest.mark.django_db


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, kind)
    return out.getvalue()


# --- what may come in ---------------------------------------------------------------------------------------------


def test_a_file_is_kept_with_its_text_and_digest(reviewer: User) -> None:
    document = library.add_file(MINUTES.encode(), "minutes.txt", actor=reviewer, fields={"kind": "primary"})
    assert document.snapshot is not None
    assert document.snapshot.sha256 == hashlib.sha256(MINUTES.encode()).hexdigest()
    assert document.snapshot.text.startswith("Minutes of the council")
    assert (document.kind, document.state, str(document)) == ("primary", "ready", "Minutes of the council")
    assert AuditEvent.objects.get(action="library.added").actor == reviewer


def test_the_same_bytes_twice_are_one_document(reviewer: User, editor: User) -> None:
    first = library.add_file(MINUTES.encode(), "minutes.txt", actor=reviewer)
    assert library.add_file(MINUTES.encode(), "again.txt", actor=editor).pk == first.pk
    library.take_out(first.pk, actor=editor)
    again = library.add_file(MINUTES.encode(), "again.txt", actor=editor)
    assert again.pk != first.pk
    assert again.snapshot_id == first.snapshot_id


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"\x7fELF\x02\x01\x01" + b"\0" * 200, "report.pdf", "program"),
        (b"MZ\x90\0\x03\0" + b"\0" * 200, "minutes.docx", "program"),
        (MINUTES.encode(), "minutes.pdf", "called .pdf"),
        (b"%PDF-1.4 cut off", "minutes.pdf", ""),
        (picture(), "photo.pdf", "called .pdf"),
        (picture()[:40], "photo.png", "damaged"),
        (b"   \n", "empty.txt", "empty"),
    ],
)
def test_what_is_not_what_it_says_is_refused(content: bytes, name: str, told: str, reviewer: User) -> None:
    """Broken build: trust the ending of the name."""
    with pytest.raises(InvalidInput) as refused:
        library.add_file(content, name, actor=reviewer)
    assert refused.value.field == "file"
    assert told in str(refused.value)
    assert not Snapshot.objects.exists()


def test_a_picture_is_kept_and_says_that_it_cannot_be_searched(reviewer: User) -> None:
    document = library.add_file(picture("JPEG"), "letter.jpg", actor=reviewer)
    assert document.snapshot is not None
    assert (document.snapshot.content_type, document.snapshot.text) == ("image/jpeg", "")
    assert "cannot be searched" in document.problem


def test_viewers_add_nothing(viewer: User) -> None:
    with pytest.raises(NotAllowed):
        library.add_file(MINUTES.encode(), "minutes.txt", actor=viewer)
    with pytest.raises(NotAllowed):
        library.add_url("https://port.test/x", actor=viewer)


# --- fetched ------------------------------------------------------------------------------------------------------


def test_an_address_is_fetched_by_a_step_with_text_digest_and_archive_file(
    reviewer: User, public_web: PublicWeb
) -> None:
    public_web.site.page("/counts", ARTICLE)
    document = library.add_url("http://port.test/counts", actor=reviewer)
    assert (document.state, public_web.site.seen) == (DocumentState.FETCHING, [])
    step = VerificationStep.objects.get(document=document)
    assert steps.run_step(step.pk) is True
    document.refresh_from_db()
    assert document.state == DocumentState.READY
    assert document.snapshot is not None
    assert "the new river bridge would cost 12 million euros" in document.snapshot.text
    assert bytes(document.snapshot.warc or b"")[:2] == b"\x1f\x8b"
    assert AuditEvent.objects.filter(action="library.fetched").count() == 1


def test_a_page_that_is_gone_fails_with_its_reason_and_can_be_tried_again(
    reviewer: User, public_web: PublicWeb, as_user: LogIn
) -> None:
    public_web.site.route("/counts", lambda seen: Reply.html("no", 404))
    document = library.add_url("http://port.test/counts", actor=reviewer)
    step = VerificationStep.objects.get(document=document)
    steps.run_step(step.pk)
    page = as_user(reviewer)
    shown = page.get(reverse("document", args=[document.pk])).content.decode()
    assert "There is no page at this address (answer 404)." in shown
    assert reverse("document", args=[document.pk]) in page.get(reverse("steps-overview")).content.decode()
    public_web.site.page("/counts", ARTICLE)
    page.post(reverse("document-decide", args=[document.pk]), {"do": "retry"})
    again = VerificationStep.objects.get(document=document, state=StepState.QUEUED)
    assert steps.run_step(again.pk) is True
    document.refresh_from_db()
    assert document.state == DocumentState.READY


# --- searched -----------------------------------------------------------------------------------------------------


def test_the_list_is_searched_word_by_word_with_the_passage_marked(reviewer: User, as_user: LogIn) -> None:
    library.add_file(MINUTES.encode(), "minutes.txt", actor=reviewer)
    library.add_file(b"Soup of the day: leek <b>and</b> bridge.", "menu.txt", actor=reviewer)
    page = as_user(reviewer)
    shown = page.get(reverse("library"), {"q": "average bridge"}).content.decode()
    assert "Minutes of the council" in shown
    assert "menu.txt" not in shown
    assert "<mark>average</mark>" in shown
    escaped = page.get(reverse("library"), {"q": "leek"}).content.decode()
    assert "&lt;b&gt;and&lt;/b&gt;" in escaped
    assert "No document fits" in page.get(reverse("library"), {"q": "zzz"}).content.decode()


def test_the_list_costs_the_same_with_one_and_with_three(reviewer: User, as_user: LogIn) -> None:
    page = as_user(reviewer)
    counts = []
    for total in (1, 3):
        while LibraryDocument.objects.count() < total:
            number = LibraryDocument.objects.count()
            library.add_file(f"{MINUTES} Number {number}.".encode(), f"m{number}.txt", actor=reviewer)
        page.get(reverse("library"), {"q": "bridge"})
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page.get(reverse("library"), {"q": "bridge"})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_step_finds_the_passage_and_takes_the_kind_people_gave(editor: User) -> None:
    document = library.add_file(MINUTES.encode(), "minutes.txt", actor=editor, fields={"kind": "primary"})
    result = run(
        "evidence_search", factories.claim(editor, "22,400 vehicles crossed the bridge on an average weekday")
    )
    assert result.outcome == StepOutcome.FOUND
    [item] = [item for item in result.items if item["where"] == "library"]
    assert (item["id"], item["nearness"]) == (document.pk, "primary")
    start, end = item["sentence"]
    assert "22,400" in item["passage"][start:end]
    library.take_out(document.pk, actor=editor)
    result = run(
        "evidence_search", factories.claim(editor, "22,400 vehicles crossed the bridge on an average weekday")
    )
    assert not [item for item in result.items if item["where"] in {"library", "copy"}]


# --- as evidence --------------------------------------------------------------------------------------------------


@pytest.fixture
def writable(editor: User) -> Claim:
    claim = factories.claim(editor)
    return factories.move(claim, "triage", editor)


def typed(**more: Any) -> dict[str, Any]:
    return {"title": "Minutes", "stance": "undermines", "kind": "primary", "quote": "22,400 vehicles", **more}


def test_an_uploaded_file_backs_a_source_and_its_words_are_looked_for(
    writable: Claim, editor: User, as_user: LogIn
) -> None:
    page = as_user(editor)
    upload = SimpleUploadedFile("minutes.txt", MINUTES.encode(), "text/plain")
    answer = page.post(reverse("evidence-add", args=[writable.pk]), typed(file=upload))
    assert answer.status_code == 302
    item = Evidence.objects.get()
    assert item.snapshot == LibraryDocument.objects.get().snapshot
    assert (item.archive_state, item.quote_found) == ("own_copy", True)
    assert item.where == "File kept by this desk: minutes.txt"
    page.post(
        reverse("evidence-change", args=[item.pk]),
        typed(quote="99,999 trams", where=item.where, seen=seen.mark(item)),
    )
    item.refresh_from_db()
    assert item.quote_found is False
    assert "words not found in the copy" in page.get(reverse("claim", args=[writable.pk])).content.decode()


def test_a_file_that_is_kept_is_not_asked_for_again_when_something_else_is_wrong(
    writable: Claim, editor: User, as_user: LogIn
) -> None:
    page = as_user(editor)
    address = reverse("evidence-add", args=[writable.pk])
    upload = SimpleUploadedFile("minutes.txt", MINUTES.encode(), "text/plain")
    again = page.post(address, typed(file=upload, stance=""))
    assert again.status_code == 422
    document = LibraryDocument.objects.get()
    assert f'name="document" value="{document.pk}"' in again.content.decode()
    assert page.post(address, typed(document=document.pk)).status_code == 302
    assert Evidence.objects.get().snapshot == document.snapshot


def test_a_bad_file_comes_back_with_what_was_typed(writable: Claim, editor: User, as_user: LogIn) -> None:
    upload = SimpleUploadedFile("minutes.pdf", b"\x7fELF" + b"\0" * 99, "application/pdf")
    answer = as_user(editor).post(reverse("evidence-add", args=[writable.pk]), typed(file=upload))
    assert answer.status_code == 422
    assert "22,400 vehicles" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_the_file_is_saved_never_shown(reviewer: User, viewer: User, as_user: LogIn, client: Client) -> None:
    page = ARTICLE.replace("<body>", "<body><script>alert(1)</script>").encode()
    document = library.add_file(page, "p\u00e4ge.html", actor=reviewer)
    address = reverse("document-file", args=[document.pk])
    answer = as_user(viewer).get(address)
    assert answer.content == page
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client.get(address).status_code == 302


def test_viewers_read_and_change_nothing(viewer: User, reviewer: User, as_user: LogIn) -> None:
    document = library.add_file(MINUTES.encode(), "minutes.txt", actor=reviewer)
    page = as_user(viewer)
    shown = page.get(reverse("document", args=[document.pk])).content.decode()
    assert "The meeting closed at nine." in shown
    assert "Take it out" not in shown
    assert page.post(reverse("document-decide", args=[document.pk])).status_code == 403
    assert page.post(reverse("document", args=[document.pk]), {"title": "x"}).status_code == 403
    assert page.get(reverse("document-new")).status_code == 403


def test_another_link_leaves_copy_and_archive_of_the_former_page_behind(
    writable: Claim, editor: User
) -> None:
    """Broken build: keep them, and the report shows an archive link of a page that it does not cite."""
    from claims.domain import copies, evidence

    item = evidence.add_evidence(writable.pk, actor=editor, fields=typed(url="https://port.example/a"))
    kept = library.add_file(MINUTES.encode(), "minutes.txt", actor=editor).snapshot
    Evidence.objects.filter(pk=item.pk).update(snapshot=kept, archive_state="own_copy")
    with transaction.atomic():
        copies.confirm({item.pk: "https://web.archive.org/web/20260102030405/https://port.example/a"})
    evidence.change_evidence(item.pk, actor=editor, fields={"note": "same page"})
    item.refresh_from_db()
    assert (item.archive_state, item.snapshot) == ("independent", kept)
    evidence.change_evidence(item.pk, actor=editor, fields={"url": "https://port.example/b"})
    item.refresh_from_db()
    assert (item.archive_state, item.archive_url, item.snapshot, item.quote_found) == ("none", "", None, None)


def test_what_is_wrong_with_a_document_is_said_once(reviewer: User, as_user: LogIn) -> None:
    answer = as_user(reviewer).post(reverse("document-new"), {"way": "file"})
    assert answer.status_code == 422
    assert answer.content.decode().count('id="error-summary"') == 1
