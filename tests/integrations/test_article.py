"""Documents: text out of every kind we read, a sentence for everything else, and no harm from crafted ones."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import os
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest

from claims.integrations import errors
from claims.integrations.article import Document, fetch_article, read_document, sniff
from claims.integrations.readers import docx as docx_reader
from claims.integrations.readers import html, sandbox
from claims.integrations.readers.found import NotRead
from claims.integrations.readers.pdf import paragraphs
from tests.standins.shapes import ARTICLE
from tests.standins.web import PublicWeb

SENTENCES = (
    "The town council said on Tuesday that the new river bridge would cost 12 million euros.",
    "Berta Example, the mayor, told the assembly that the state would cover 80 percent of that sum.",
    "Building work is to begin in 2027 and take three years, according to the planning office.",
)
PLAIN = "\n\n".join(SENTENCES)


# --- helpers that build real documents ---------------------------------------------------------------------------


def word_file(fill: Callable[[Any], None]) -> bytes:
    document = docx.Document()
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def archive(members: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


def pdf_file(pages: list[list[str]], **info: str) -> bytes:
    """A small hand-made PDF: each page a list of lines in Helvetica."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    for lines in pages:
        text = " ".join(f"({line.replace('(', '').replace(')', '')}) Tj 0 -14 Td" for line in lines)
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Contents = pdf.make_stream(f"BT /F1 11 Tf 60 780 Td {text} ET".encode("latin-1"))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    for name, value in info.items():
        pdf.docinfo[f"/{name}"] = value
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def locked(content: bytes, owner: str, user: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner=owner, user=user))
    return out.getvalue()


def word_xml(body: str, head: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f'<?xml version="1.0"?>{head}<w:document xmlns:w="{space}" '
            'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f"<w:body>{body}</w:body></w:document>",
        }
    )


# --- what is read --------------------------------------------------------------------------------------------------


def test_a_web_page_gives_its_article_and_what_it_says_about_itself() -> None:
    found = read_document(ARTICLE.encode(), "", "text/html", url="https://gazette.test/bridge?utm_source=x")
    assert found.title == "Council says bridge will cost 12 million"
    assert (found.outlet, found.author) == ("Test Gazette", "Ada Tester")
    assert found.published == dt.date(2026, 3, 4)
    assert found.url == "https://gazette.test/bridge"
    assert "80 percent of the sum" in found.text
    assert "Imprint" not in found.text
    assert len(found.text.split("\n\n")) >= 3
    assert found.warnings == ()


def test_an_article_is_fetched_and_read_in_one_go(public_web: PublicWeb) -> None:
    found = fetch_article("http://gazette.test/bridge")
    assert found.kind == "html"
    assert "12 million euros" in found.text


def test_repeated_sentences_of_a_page_are_kept() -> None:
    page = (
        "<html><body><article>" + "".join(f"<p>{line}</p>" for line in SENTENCES) + "</article></body></html>"
    )
    assert read_document(page.encode(), "page.html").text == PLAIN


@pytest.mark.parametrize(
    "encoded",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
    ],
)
def test_plain_text_in_its_encodings(encoded: bytes) -> None:
    assert read_document(encoded, "story.txt", "text/plain").text == PLAIN


def test_the_first_line_of_a_text_is_its_title_when_it_looks_like_one() -> None:
    assert read_document(("A bridge too dear\n\n" + PLAIN).encode(), "s.txt").title == "A bridge too dear"
    assert read_document(PLAIN.encode(), "the_bridge-story.txt").title == "the bridge story"


def test_text_that_quotes_markup_stays_text() -> None:
    text = "Use <p> and <div> with care, the editor said. " + PLAIN
    assert read_document(text.encode(), "notes.txt", "text/plain").text == text


def test_a_word_file_made_by_another_program() -> None:
    def fill(document: Any) -> None:
        document.core_properties.author = "Ada Tester"
        document.core_properties.title = "Bridge"
        document.add_heading("The bridge", 0)
        for line in SENTENCES:
            document.add_paragraph(line)
        table = document.add_table(rows=1, cols=2)
        table.cell(0, 0).text = "Cost"
        table.cell(0, 1).text = "12 million"

    found = read_document(word_file(fill), "story.docx")
    assert found.kind == "docx"
    assert (found.title, found.author) == ("Bridge", "Ada Tester")
    assert found.text == "\n\n".join(("The bridge", *SENTENCES, "Cost", "12 million"))


def test_tracked_deletions_and_repeated_fallbacks_are_left_out() -> None:
    body = (
        "<w:p><w:r><w:t>It cost </w:t></w:r><w:del><w:r><w:delText>six</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>twelve</w:t></w:r></w:ins><w:r><w:tab/><w:t>million.</w:t></w:r></w:p>"
        "<w:p><mc:AlternateContent><mc:Choice><w:r><w:t>Box</w:t></w:r></mc:Choice>"
        "<mc:Fallback><w:r><w:t>Box</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>"
    )
    assert read_document(word_xml(body), "a.docx").text == "It cost twelve\tmillion.\n\nBox"


def test_a_pdf_gives_paragraphs_without_running_heads() -> None:
    pages = [
        [
            "Test Gazette",
            "The council said on Tuesday that the new river",
            "bridge would cost 12 mil-",
            f"lion {n}.",
            str(n),
        ]
        for n in range(1, 5)
    ]
    found = read_document(pdf_file(pages, Title="Bridge", Author="Ada Tester"), "story.pdf")
    assert (found.kind, found.title, found.author) == ("pdf", "Bridge", "Ada Tester")
    expected = "The council said on Tuesday that the new river bridge would cost 12 million {}."
    assert found.text == "\n\n".join(expected.format(n) for n in range(1, 5))


def test_lines_are_joined_into_paragraphs() -> None:
    lines = [
        "A full line of text that fills the whole measure of",
        "the column and ends here.",
        "Another one begins now,",
    ]
    assert paragraphs([[*lines, "yes."]]) == "\n\n".join(
        (
            "A full line of text that fills the whole measure of the column and ends here.",
            "Another one begins now, yes.",
        )
    )


def test_a_pdf_that_only_forbids_printing_is_read() -> None:
    content = locked(pdf_file([list(SENTENCES)]), owner="owner", user="")
    assert "80 percent" in read_document(content, "a.pdf").text


def test_the_kind_is_told_by_content_not_by_name() -> None:
    pdf, page = pdf_file([list(SENTENCES)]), ARTICLE.encode()
    assert sniff(pdf, "story.txt", "text/html") == "pdf"
    assert sniff(page, "story.txt", "text/plain") == "html"
    assert sniff(b"<!-- a --> <!-- b -->\n" + page) == "html"
    assert sniff(word_file(lambda document: None), "story.pdf") == "docx"
    assert sniff(PLAIN.encode(), "story.pdf") == "text"
    assert sniff("<!doctype html><p>x".encode("utf-16")) == "html"


# --- what is not ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (b"", errors.EmptyDocument, "empty"),
        (b" \n\0\0", errors.EmptyDocument, "empty"),
        (b"x" * 21_000_000, errors.DocumentTooLarge, "20 MB"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), errors.OtherFormat, "PNG"),
        (b"{\\rtf1 hello}", errors.OtherFormat, "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), errors.OtherFormat, "Office"),
        (b"\x1f\x8b\x08" + os.urandom(500), errors.OtherFormat, "gzip"),
        (b"\x7fELF\x02\x01" + bytes(300), errors.OtherFormat, "program"),
        (bytes(range(256)) * 40, errors.BinaryDocument, "not a text document"),
        (archive({"a.txt": "hello"}), errors.OtherFormat, "zip"),
        (b"%PDF-1.7\nnothing that is a PDF", errors.BrokenDocument, "PDF"),
        (pdf_file([[]]), errors.ScannedPdf, "pictures of pages"),
        (locked(pdf_file([["x"]]), owner="o", user="secret"), errors.EncryptedPdf, "password"),
        (word_file(lambda document: None), errors.EmptyDocument, "empty"),
        (b"<html><body><nav><a href=/>Home</a></nav></body></html>", errors.NoArticleText, "Paste the text"),
    ],
)
def test_everything_else_gets_a_sentence(
    content: bytes, error: type[errors.DocumentError], says: str
) -> None:
    with pytest.raises(error, match=says):
        read_document(content, "file")


def test_a_consent_wall_and_a_paywall_are_pointed_out() -> None:
    wall = "<html><body><article>" + "".join(
        f"<p>Part {n}: to read on, please accept cookies or log in. Our subscription costs less than coffee.</p>"
        for n in range(4)
    )
    found = read_document((wall + "</article></body></html>").encode(), "a.html")
    assert any("cookie or subscription notice" in warning for warning in found.warnings)
    marked = ARTICLE.replace(
        "</head>", '<script type="application/ld+json">{"isAccessibleForFree": "False"}</script></head>'
    )
    assert any("subscribers" in warning for warning in read_document(marked.encode(), "a.html").warnings)


# --- crafted ones --------------------------------------------------------------------------------------------------


def _bounded(
    read: Callable[[], Document], *, seconds: float = 20.0, kilobytes: int = 200_000
) -> Document | None:
    """Run ``read``; None for a clean refusal. The limits are those of the acceptance list (36 and 37)."""
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    found: Document | None = None
    with contextlib.suppress(errors.DocumentError):
        found = read()
    assert time.monotonic() - started < seconds
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < kilobytes
    return found


P = "<p>The town council said on Tuesday that the new river bridge would cost 12 million euros.</p>"
HEAVY_PAGES = {
    "nested": "<html><body>" + "<div>" * 100_000 + P * 5,
    "attributes": "<html><body><article><p " + " ".join(f"a{n}=1" for n in range(500_000)) + ">" + P * 5,
    "links": "<html><body><article>" + "<a href=x>y</a>" * 300_000 + P * 5,
    "breaks": "<html><body><article><p>" + "x<br>" * 500_000 + P * 5,
    "entities": "<html><body><article><p>" + "&lt;&amp;" * 400_000 + P * 5,
    "comments": "<!--" * 100_000 + P * 5,
}


@pytest.mark.parametrize("name", HEAVY_PAGES)
def test_heavy_pages_end_in_time(name: str) -> None:
    """Read in the cage, here with little time, so that the suite does not wait for the full limit."""
    page = HEAVY_PAGES[name].encode()
    assert html.is_heavy(page)
    started = time.monotonic()
    with contextlib.suppress(NotRead):
        sandbox.read("html", page, seconds=3.0)
    assert time.monotonic() - started < 60.0


def test_a_heavy_page_is_given_up_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 3.0)
    assert _bounded(lambda: read_document(HEAVY_PAGES["links"].encode(), "a.html")) is None


def test_an_ordinary_page_is_not_heavy_and_a_long_one_is_read_in_the_cage() -> None:
    assert not html.is_heavy(ARTICLE.encode())
    long_page = ARTICLE.replace("<footer>", "<footer>" + "<i></i>" * 11_000).encode()
    assert html.is_heavy(long_page)
    found = read_document(long_page, "", "text/html", url="https://gazette.test/bridge")
    assert (found.outlet, found.published) == ("Test Gazette", dt.date(2026, 3, 4))
    assert found.text == read_document(ARTICLE.encode(), "", "text/html").text


BOMBS = {
    "1 GB of XML": archive({"word/document.xml": b"<w>" + b" " * 120_000_000 + b"</w>"}),
    "many members": archive({"word/document.xml": "<w/>"} | {f"m{n}": "" for n in range(6_000)}),
    "laughs": word_xml(
        "<w:p><w:r><w:t>&c;</w:t></w:r></w:p>",
        '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]>',
    ),
    "outside file": word_xml(
        "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    ),
    "deep": word_xml("<w:p>" * 200_000),
    "not xml": archive({"word/document.xml": "<w:p"}),
    "paths": archive({"word/document.xml": "<w/>", "../../evil": "x"}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_word_bombs_are_refused(name: str) -> None:
    assert _bounded(lambda: read_document(BOMBS[name], "a.docx")) is None


@pytest.mark.parametrize("name", ["1 GB of XML", "many members"])
def test_a_word_bomb_is_refused_for_what_it_is_and_not_for_what_it_unpacks_to(name: str) -> None:
    with pytest.raises(NotRead) as refusal:
        docx_reader.read(BOMBS[name])
    assert refusal.value.code == "explosive"


def test_a_lying_size_in_the_archive_does_not_help() -> None:
    content = archive({"word/document.xml": b"<w>" + b" " * 60_000_000 + b"</w>"})
    true_size = (60_000_007).to_bytes(4, "little")
    assert true_size in content
    assert (
        _bounded(lambda: read_document(content.replace(true_size, (1000).to_bytes(4, "little")), "a.docx"))
        is None
    )


def test_text_beyond_the_limit_is_cut_with_a_warning() -> None:
    many = "<w:p><w:r><w:t>" + "word " * 2000 + "</w:t></w:r></w:p>"
    found = docx_reader.read(word_xml(many * 250))
    assert len(found.text) <= 2_000_000
    assert found.warnings == ("cut",)


def test_a_pdf_that_takes_too_long_is_stopped() -> None:
    started = time.monotonic()
    with pytest.raises(NotRead) as caught:
        sandbox.read("pdf", pdf_file([list(SENTENCES)]), seconds=0.02)
    assert caught.value.code == "too_hard"
    assert time.monotonic() - started < 30.0


def test_a_pdf_bomb_stays_in_its_cage() -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    page.Contents = pdf.make_stream(b"BT (" + b"A" * 120_000_000 + b") Tj ET")
    out = io.BytesIO()
    pdf.save(out, compress_streams=True, recompress_flate=True)
    del pdf
    assert _bounded(lambda: read_document(out.getvalue(), "a.pdf")) is None


def test_the_cage_lets_nothing_out(tmp_path: Path) -> None:
    """The child opens no connection, starts no program and writes no file, even if a parser wanted to."""
    child = Path(sandbox.__file__).with_name("child.py")
    root = str(child.resolve().parents[3])
    wishes = f"""
    import socket, subprocess
    for wish in (
        lambda: socket.create_connection(("127.0.0.1", 1)),
        lambda: subprocess.run(["true"]),
        lambda: open({str(tmp_path / "x")!r}, "w").write("y" * 99999),
    ):
        try:
            wish()
        except OSError as error:
            print(type(error).__name__, end=" ")
        else:
            print("let-out", end=" ")
"""
    script = child.read_text(encoding="utf-8")
    for old, new in (
        ("str(Path(__file__).resolve().parents[3])", repr(root)),
        ("    sys.stdout.write(json.dumps(answer))", wishes),
    ):
        assert old in script
        script = script.replace(old, new)
    changed = tmp_path / "child.py"
    changed.write_text(script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(changed), "pdf", ""],
        input=pdf_file([list(SENTENCES)]),
        capture_output=True,
        check=False,
    )
    # The third is the limit on file size; the signal that comes with it may end the process first.
    assert done.stdout.split()[:2] == [b"PermissionError", b"PermissionError"]
    assert b"let-out" not in done.stdout
