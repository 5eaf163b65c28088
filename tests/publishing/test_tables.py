"""Tables of reports: the same rows in every form, harmless in a spreadsheet, streamed."""

import csv
import dataclasses
import io
import itertools
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from claims.publishing.document import ReportDocument
from claims.publishing.exports import tables
from tests.publishing import samples

ALL = [
    samples.report(uid="1"),
    samples.corrected(uid="2"),
    samples.off_scale(uid="3"),
    samples.retracted(uid="4"),
]


def csv_rows(documents: list[ReportDocument]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(tables.csv_lines(documents)), newline="")))


def workbook(documents: list[ReportDocument]) -> dict[str, list[tuple[object, ...]]]:
    file = io.BytesIO()
    tables.write_xlsx(iter(documents), file)
    book = load_workbook(file)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def test_all_forms_have_the_same_reports() -> None:
    ids = ["1", "2", "3", "4"]
    assert [row["id"] for row in csv_rows(ALL)] == ids
    assert [row[0] for row in workbook(ALL)["reports"][1:]] == ids
    lines = [json.loads(line) for line in tables.ndjson_lines(ALL)]
    assert [line["uid"] for line in lines] == ids
    graph = json.loads("".join(tables.jsonld_pieces(ALL)))["@graph"]
    assert [node["url"] for node in graph] == [report.url for report in ALL if not report.retracted]


def test_a_row_says_what_the_report_says() -> None:
    on_scale, off_scale = csv_rows([ALL[1], ALL[2]])
    assert on_scale["verdict"] == "Mostly false"
    assert on_scale["position"] == "2"
    assert on_scale["modified"] == "2026-11-22T16:05:00Z"
    assert on_scale["sha256"] == ALL[1].sha256()
    assert (off_scale["position"], off_scale["worst"], off_scale["best"]) == ("", "", "")


def test_lines_of_json_are_whole_documents() -> None:
    assert [ReportDocument.from_json(line) for line in tables.ndjson_lines(ALL)] == ALL


@pytest.mark.parametrize(
    "sting", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1"]
)
def test_no_cell_is_run_as_a_formula(sting: str) -> None:
    claim = dataclasses.replace(samples.CLAIM, restated=sting)
    document = samples.report(headline=sting, claim=claim, authors=())
    (row,) = csv_rows([document])
    assert row["headline"] == f"'{sting}"
    cell = workbook([document])["reports"][1][2]
    assert isinstance(cell, str)
    assert cell.startswith("'")


def test_control_signs_do_not_stop_a_workbook() -> None:
    assert workbook([samples.report(headline="a\x00b\x0bc")])["reports"][1][2] == "abc"


def test_numbers_are_not_mistaken_for_formulas() -> None:
    assert tables.harmless(-3) == -3
    assert workbook(ALL)["reports"][1][13] == 2


def test_workbook_sheets() -> None:
    sheets = workbook(ALL)
    assert list(sheets) == ["reports", "sources", "rating scale", "corrections", "README"]
    assert len(sheets["sources"]) == 1 + sum(len(report.sources) for report in ALL)
    assert [row[3] for row in sheets["corrections"][1:]] == ["verdict_change", "retraction"]
    words = {row[4]: row[2] for row in sheets["rating scale"][1:]}
    assert words["True"] == 5
    assert words["Unproven"] is None


@given(st.text(max_size=50))
def test_any_text_survives_csv(text: str) -> None:
    (row,) = csv_rows([samples.report(headline=text)])
    assert row["headline"] == tables.harmless(text.replace("\x00", ""))


def test_rows_come_as_they_are_read() -> None:
    read = 0

    def endless() -> Iterator[ReportDocument]:
        nonlocal read
        while True:
            read += 1
            yield ALL[0]

    lines = list(itertools.islice(tables.csv_lines(endless()), 3))
    assert len(lines) == 3
    assert read == 2


def test_byte_order_mark_on_request() -> None:
    assert next(tables.csv_lines([], bom=True)).startswith("\ufeffid,url")


def test_a_workbook_begins_before_the_last_report_is_read() -> None:
    read = 0

    def documents() -> Iterator[ReportDocument]:
        nonlocal read
        for number in range(40):
            read += 1
            yield samples.report(uid=str(number))

    pieces = tables.xlsx_pieces(documents())
    assert next(pieces).startswith(b"PK")
    assert read == 0
    rest = b"".join(pieces)
    assert read == 40
    assert len(rest) > 1000


def test_a_cell_holds_no_more_than_a_spreadsheet_keeps() -> None:
    long = samples.report(headline="<&>" + "x" * 40_000)
    (row,) = workbook([long])["reports"][1:]
    assert row[2] == "<&>" + "x" * 32_764
