"""What people and programs take along: the same rows as the list, the same words as the report."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from claims.models import Claim, Report
from claims.publishing.document import ReportDocument
from tests.factories import move
from tests.web import rows

pytestmark = pytest.mark.django_db
ClaimIn = Callable[..., Claim]
AsUser = Callable[[User], Client]


@pytest.fixture
def published(claim_in: ClaimIn) -> Report:
    return Report.objects.get(claim=claim_in("published"))


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def claim_ids(form: str, data: bytes) -> list[int]:
    if form == "csv":
        return [int(row["id"]) for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))]
    if form == "xlsx":
        return [
            row[0] for row in list(load_workbook(io.BytesIO(data))["claims"].iter_rows(values_only=True))[1:]
        ]
    if form == "ndjson":
        return [json.loads(line)["id"] for line in data.decode().splitlines()]
    return [node["identifier"] for node in json.loads(data)["@graph"]]


@pytest.mark.parametrize("form", ["csv", "xlsx", "ndjson", "jsonld"])
def test_a_file_holds_the_rows_of_the_list_in_its_order(form: str, editor: User, as_user: AsUser) -> None:
    """Check 32: all pages of the filtered list, and nothing else."""
    stored = rows.article(1, editor)
    rows.claims(60, stored, "new")
    rows.claims(3, stored, "triaged")
    Claim.objects.filter(pk=Claim.objects.order_by("pk")[0].pk).update(restated="=cmd|' /C calc'!A0")
    query = {"status": "new", "order": "worth"}
    client = as_user(editor)
    shown: list[int] = []
    after = ""
    while True:
        page = client.get(reverse("claims"), {**query, "after": after}).context["page"]
        shown += [claim.pk for claim in page.rows]
        after = page.after
        if not after:
            break
    assert len(shown) == 60
    answer = client.get(reverse("claims-download", args=[form]), query)
    data = content(answer)
    assert claim_ids(form, data) == shown
    assert "attachment" in answer["Content-Disposition"]
    if form == "csv":
        assert "'=cmd" in data.decode()
        assert ",=cmd" not in data.decode()


def test_the_list_offers_its_files_with_its_own_filter(editor: User, as_user: AsUser) -> None:
    rows.claims(1, rows.article(1, editor), "new")
    page = as_user(editor).get(reverse("claims"), {"status": "new", "after": "x"}).content.decode()
    assert f'{reverse("claims-download", args=["xlsx"])}?status=new"' in page


def test_rows_of_a_file_cost_no_queries_of_their_own(
    editor: User, as_user: AsUser, django_assert_max_num_queries: Any
) -> None:
    stored = rows.article(1, editor)
    rows.claims(3, stored, "new")
    client = as_user(editor)
    client.get(reverse("claims"))
    with django_assert_max_num_queries(6):
        content(client.get(reverse("claims-download", args=["csv"])))


def test_public_list_and_its_files_have_the_same_reports(client: Client, published: Report) -> None:
    page = client.get(reverse("reports"), {"q": "traffic"}).content.decode()
    address = f"{reverse('reports-export', args=['ndjson'])}?q=traffic"
    assert f'href="{address}"' in page
    line = content(client.get(address)).decode()
    assert ReportDocument.from_json(line).slug == published.slug
    assert content(client.get(reverse("reports-export", args=["csv"]), {"q": "ferry"})).count(b"\r\n") == 1
    answer = client.get(reverse("reports-export", args=["jsonld"]))
    assert json.loads(content(answer))["@graph"][0]["@type"] == "ClaimReview"
    again = client.get(reverse("reports-export", args=["jsonld"]), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    assert client.get(reverse("reports-export", args=["doc"])).status_code == 404


def test_datafeed_holds_every_report_with_its_markup(client: Client, published: Report) -> None:
    answer = client.get(reverse("reports-export", args=["datafeed"]))
    feed = json.loads(content(answer))
    assert feed["@type"] == "DataFeed"
    assert feed["dataFeedElement"][0]["item"][0]["reviewRating"]["alternateName"] == "Mostly false"
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("report.html", "Traffic fell by less than a third"), ("report.md", "# Traffic fell by less than a third"),
        ("report.json", '"format":"report/1"'), ("report.csv", "Mostly false"), ("cite.bib", "@misc{"),
        ("cite.ris", "TY  - ELEC"), ("cite.json", '"type": "webpage"'), ("annotation.jsonld", "TextQuoteSelector"),
        ("prov.json", "prov:"),
    ],
)  # fmt: skip
def test_each_form_of_a_report(client: Client, published: Report, file: str, words: str) -> None:
    address = reverse("report-file", args=[published.slug, file])
    answer = client.get(address)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert client.get(reverse("report-file", args=[published.slug, "x.exe"])).status_code == 404


def test_the_page_offers_every_form(client: Client, published: Report) -> None:
    page = client.get(reverse("report", args=[published.slug])).content.decode()
    for file in ("report.pdf", "report.html", "report.json", "cite.bib", "annotation.jsonld", "prov.json"):
        assert reverse("report-file", args=[published.slug, file]) in page
    old = client.get(reverse("report-version", args=[published.slug, 1])).content.decode()
    assert "cite.bib" not in old


def test_annotation_names_the_very_words(client: Client, published: Report) -> None:
    """Check 35: both selectors, on the article's text as it is stored."""
    article = published.claim.article
    node = client.get(reverse("report-file", args=[published.slug, "annotation.jsonld"])).json()
    quote, position = node["target"]["selector"]
    assert article.text[position["start"] : position["end"]] == quote["exact"] == published.claim.text
    assert f"{quote['prefix']}{quote['exact']}{quote['suffix']}" in article.text
    whole = client.get(reverse("article-annotations", args=[article.slug])).json()
    assert whole["total"] == 1
    assert whole["first"]["items"][0]["id"] == node["id"]


def test_a_withdrawn_report_keeps_its_words_and_loses_its_markup(
    client: Client, published: Report, editor: User, second_reader: User
) -> None:
    move(published.claim, "propose_retraction", editor, reason="wrong bridge")
    move(published.claim, "retract", second_reader, payload={"public_note": "It was another bridge."})
    assert client.get(reverse("report-jsonld", args=[published.slug])).status_code == 410
    assert (
        b"It was another bridge."
        in client.get(reverse("report-file", args=[published.slug, "report.html"])).content
    )
    assert (
        json.loads(content(client.get(reverse("reports-export", args=["datafeed"]))))["dataFeedElement"] == []
    )
    assert (
        client.get(reverse("article-annotations", args=[published.claim.article.slug])).json()["total"] == 0
    )


def test_pdf_is_made_once_and_kept(client: Client, published: Report, settings: Any, tmp_path: Any) -> None:
    from claims.publishing import pdf

    settings.VAR_DIR = tmp_path
    address = reverse("report-file", args=[published.slug, "report.pdf"])
    answer = client.get(address)
    if not pdf.available():
        assert answer.status_code == 404
        assert b"not set up" in answer.content
        return
    assert answer.content.startswith(b"%PDF-")
    kept = list((tmp_path / "pdf").iterdir())
    assert [path.suffix for path in kept] == [".pdf"]
    kept[0].write_bytes(b"%PDF-kept")
    assert client.get(address).content == b"%PDF-kept"


# --- the other lists of the desk ------------------------------------------------------------------------------------


def _table(form: str, data: bytes) -> list[list[str]]:
    if form == "csv":
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_articles_go_along_with_their_counts_and_the_search_of_the_page(
    form: str, published: Report, editor: User, as_user: AsUser
) -> None:
    other = rows.article(7, editor)
    rows.claims(3, other, "new")
    type(other).objects.filter(pk=other.pk).update(title="=SUM(1) Ferry", outlet="The Courier")
    client = as_user(editor)
    page = client.get(reverse("articles"), {"q": "ferry"}).content.decode()
    address = f"{reverse('articles-download', args=[form])}?q=ferry"
    assert address in page
    head, *found = _table(form, content(client.get(address)))
    assert len(found) == 1
    row = dict(zip(head, found[0], strict=True))
    assert (row["outlet"], row["claims"], row["to_triage"], row["published"]) == (
        "The Courier",
        "3",
        "3",
        "0",
    )
    assert row["title"].startswith("'=")  # no formula
    every = _table(form, content(client.get(reverse("articles-download", args=[form]))))
    assert [row[0] for row in every[1:]] == [
        str(one.pk) for one in client.get(reverse("articles")).context["page"].rows
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_messages_from_readers_go_along_without_their_addresses(
    form: str, published: Report, editor: User, as_user: AsUser
) -> None:
    from claims.domain import reader_messages

    for number in range(2):
        reader_messages.receive(
            published, about="fact", text=f"The count of {number} is wrong, see the table.",
            email="reader@example.org", address="127.0.0.1",
        )  # fmt: skip
    data = content(as_user(editor).get(reverse("readers-download", args=[form])))
    head, *found = _table(form, data)
    assert [dict(zip(head, row, strict=True))["message"] for row in found] == [
        f"The count of {number} is wrong, see the table." for number in range(2)
    ]
    assert b"reader@example.org" not in data
    answered = as_user(editor).get(reverse("readers-download", args=[form]), {"show": "answered"})
    assert len(_table(form, content(answered))) == 1  # the headings


def test_the_library_goes_along_and_a_form_that_is_none_is_not_found(viewer: User, as_user: AsUser) -> None:
    client = as_user(viewer)
    assert _table("csv", content(client.get(reverse("library-download", args=["csv"]))))[0][:3] == [
        "id",
        "page",
        "title",
    ]
    assert client.get(reverse("library-download", args=["pdf"])).status_code == 404
