"""Importing a spreadsheet at the desk: bring, choose columns, see every row, import all of it or nothing."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from claims.domain import sheets
from claims.models import Claim, ClaimSheet

LogIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
ROWS = "What they said;Who;When\nThe ferry carries 4,000 more passengers.;Marek Dunn;24 Nov 2026\n"


def bring(client: Client, content: str = ROWS) -> ClaimSheet:
    upload = SimpleUploadedFile("claims.csv", content.encode(), content_type="text/csv")
    answer = client.post(reverse("import"), {"file": upload})
    assert answer.status_code == 302, answer.content.decode()
    return ClaimSheet.objects.latest("pk")


def test_from_file_to_claims_without_a_script(reviewer: User, as_user: LogIn) -> None:
    client = as_user(reviewer)
    sheet = bring(client)
    address = reverse("import-sheet", args=[sheet.pk])
    page = client.get(address)
    assert page.status_code == 200
    assert page.context["plan"] is None, "no heading says which column holds the claim"
    chosen = {"column-claim": "0", "column-speaker": "1", "column-said_on": "2"}
    page = client.post(address, {**chosen, "do": "look"})
    html = page.content.decode()
    assert "Import 1 claim" in html
    assert "Marek Dunn" in html
    assert "24 Nov 2026" in html
    assert Claim.objects.count() == 0
    page = client.post(address, {**chosen, "do": "import"}, follow=True)
    assert "1 claim imported." in page.content.decode()
    assert Claim.objects.get().speaker_name == "Marek Dunn"
    again = client.post(address, {**chosen, "do": "import"})
    assert again.status_code == 422
    assert "imported already" in again.content.decode()
    assert Claim.objects.count() == 1


def test_pasted_rows_are_read_too(reviewer: User, as_user: LogIn) -> None:
    client = as_user(reviewer)
    pasted = "Claim\tSpeaker\nThe toll was raised twice last year.\tLena Brandt\n"
    answer = client.post(reverse("import"), {"rows": pasted})
    assert answer.status_code == 302
    html = client.get(answer.headers["Location"]).content.decode()
    assert "Pasted rows" in html
    assert "cells parted by tab" in html
    assert "Import 1 claim" in html


def test_rows_to_mend_are_shown_with_their_numbers_and_nothing_can_be_imported(
    reviewer: User, as_user: LogIn
) -> None:
    client = as_user(reviewer)
    sheet = bring(
        client, "Claim,Date\nThe ferry carries more people.,3/4/2026\nThe toll was raised twice.,\nno,\n"
    )
    page = client.get(reverse("import-sheet", args=[sheet.pk])).content.decode()
    assert "2 rows have to be mended first" in page
    assert "is no day that can be read one way only" in page
    assert 'value="import"' not in page
    answer = client.post(
        reverse("import-sheet", args=[sheet.pk]), {"column-claim": "0", "column-said_on": "1", "do": "import"}
    )
    assert answer.status_code == 422
    assert "Nothing was imported." in answer.content.decode()
    assert Claim.objects.count() == 0


@pytest.mark.parametrize(
    ("sent", "words"),
    [({}, "Choose a file, or paste the rows."), ({"rows": "Claim\n"}, "at least one row")],
)
def test_what_cannot_be_read_brings_the_form_back(
    reviewer: User, as_user: LogIn, sent: dict[str, str], words: str
) -> None:
    page = as_user(reviewer).post(reverse("import"), sent)
    assert page.status_code == 422
    html = page.content.decode()
    assert words in html
    assert "Error:" in html


def test_a_workbook_and_a_file_too_large_are_named(reviewer: User, as_user: LogIn) -> None:
    client = as_user(reviewer)
    for content, words in ((b"PK\x03\x04rest", "workbook"), (b"x" * 2_100_000, "larger than 2 MB")):
        page = client.post(reverse("import"), {"file": SimpleUploadedFile("a.csv", content)})
        assert page.status_code == 422
        assert words in page.content.decode()


def bomb() -> bytes:
    """A workbook as a spreadsheet would save it, whose one sheet unpacks to 60 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _piece in range(60):
                sheet.write(b"0" * 1_000_000)
    return packed.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a zip that unpacks to a thousand times its size": (bomb, "workbook"),
    "the same behind a few letters": (lambda: b"Claim\n" + bomb(), "no text that we can read"),
    "one row of a million cells": (lambda: b"," * 1_000_000, "no text|headings|more than 60 columns"),
    "a heading of a million columns": (lambda: b"a," * 900_000 + b"\nx\n", "more than 60 columns"),
    "more rows than are read": (lambda: b"Claim\n" + b"x\n" * 900_000, "more than 500 rows"),
    "a quotation mark that never ends": (lambda: b'Claim\n"' + b"x," * 900_000, "quotation mark"),
    "quotation marks alone": (lambda: b'"' * 1_900_000, "quotation mark|headings"),
    "line ends alone": (lambda: b"\n" * 1_900_000, "empty"),
    "NULs between letters": (lambda: b"C\x00l\x00a\x00i\x00m\x00\n\x00x\x00", "no text that we can read"),
    "bytes of no encoding": (lambda: b"Claim\n\x81\x8d\x8f\x90\x9d\n", "no text that we can read"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_sheet_is_refused_with_a_sentence(name: str, reviewer: User, as_user: LogIn) -> None:
    make, words = HOSTILE[name]
    for called in ("claims.csv", "claims.xlsx"):
        page = as_user(reviewer).post(reverse("import"), {"file": SimpleUploadedFile(called, make())})
        assert page.status_code == 422
        assert re.search(words, page.content.decode()), page.content.decode()
    assert not ClaimSheet.objects.exists()


def test_cells_beyond_the_columns_that_are_read_are_passed_over(reviewer: User, as_user: LogIn) -> None:
    sheet = bring(as_user(reviewer), "Claim,Speaker\nThe toll was raised.," + "x," * 200_000 + "\n")
    ((_number, cells),) = sheets.read(sheet.content, sheet.delimiter).rows
    assert len(cells) == sheets.MOST_COLUMNS


def test_one_column_cannot_say_two_things(reviewer: User, as_user: LogIn) -> None:
    client = as_user(reviewer)
    sheet = bring(client)
    page = client.post(
        reverse("import-sheet", args=[sheet.pk]), {"column-claim": "0", "column-speaker": "0", "do": "look"}
    )
    assert page.status_code == 422
    assert "are the same column" in page.content.decode()


def test_a_sheet_is_its_owners_and_the_editors(
    reviewer: User, second_reader: User, editor: User, viewer: User, as_user: LogIn
) -> None:
    sheet = bring(as_user(reviewer))
    address = reverse("import-sheet", args=[sheet.pk])
    assert as_user(second_reader).get(address).status_code == 404
    assert as_user(editor).get(address).status_code == 200
    assert as_user(viewer).get(address).status_code == 403
    assert as_user(viewer).get(reverse("import")).status_code == 403


def test_markup_in_a_cell_stays_text(reviewer: User, as_user: LogIn) -> None:
    client = as_user(reviewer)
    sheet = bring(client, "Claim,Speaker\n<script>alert(1)</script> is what the mayor said.,<b>A</b>\n")
    html = client.get(reverse("import-sheet", args=[sheet.pk])).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html
