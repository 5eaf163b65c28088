"""The PDF: tagged, with title and language, or a clear word on what is missing."""

import importlib
import io
import unicodedata
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader

from claims.publishing import pdf
from tests.publishing import samples


@pytest.fixture
def missing_letters(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What WeasyPrint says of letters that it drew as the box for a missing one, however quiet logs are in this process."""
    said: list[str] = []
    logger = importlib.import_module("weasyprint.draw.text").LOGGER
    monkeypatch.setattr(logger, "warning", lambda words, *values, **_more: said.append(words % values))
    return said


def opened(**changes: Any) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf.render(samples.corrected(**changes))))


def test_tagged_as_pdf_ua() -> None:
    file = opened(language="en-GB")
    root = file.Root
    assert root.MarkInfo.Marked
    assert root.StructTreeRoot
    assert str(root.Lang) == "en-GB"
    assert root.ViewerPreferences.DisplayDocTitle


def test_metadata() -> None:
    file = opened()
    with file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert samples.report().headline in str(metadata["dc:title"])


def test_words_addresses_version_and_order() -> None:
    reader = PdfReader(io.BytesIO(pdf.render(samples.corrected())))
    text = " ".join("".join(page.extract_text() for page in reader.pages).split())
    document = samples.corrected()
    places = [
        text.rindex(words)
        for words in (
            document.headline,
            document.claim.quote,
            document.verdict.summary,
            "The accounts say",
            "Minutes of the city",
        )
    ]
    assert places == sorted(places)
    tight = text.replace(" ", "")
    for address in (document.url, *(source.url for source in document.sources if source.url)):
        assert address in tight
    assert all("Version 2, 2026-11-22" in page.extract_text() for page in reader.pages)


def test_every_font_is_embedded() -> None:
    document = samples.report(conclusion="Ναι. Да. خاطئ في معظمه.")
    with pikepdf.open(io.BytesIO(pdf.render(document))) as file:
        fonts = [
            item
            for item in file.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        assert all(any(key in font for key in ("/FontFile", "/FontFile2", "/FontFile3")) for font in fonts)


SCRIPTS = {
    "ar": ("خاطئ في معظمه. انخفضت حركة المرور بنسبة سبعة وعشرين في المئة", "rtl"),
    "zh": ("大部分不实。数据显示下降百分之二十七", "ltr"),
}


@pytest.mark.parametrize(
    "language", [pytest.param(name, marks=pytest.mark.tool(f"a font for {name}")) for name in SCRIPTS]
)
def test_other_scripts_are_set_in_fonts_that_have_them(language: str, missing_letters: list[str]) -> None:
    """Check 33: the words can be taken out again, and no letter is drawn as the box for a missing one."""
    words, direction = SCRIPTS[language]
    document = samples.report(language=language, direction=direction, headline=words, conclusion=words)
    made = pdf.render(document)
    text = unicodedata.normalize(
        "NFKC", "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    )
    assert set(words) <= set(text), "every letter can be taken out"
    if language == "zh":
        assert words in "".join(text.split())
    assert [words for words in missing_letters if ".notdef" in words] == []


def test_a_missing_letter_is_seen(missing_letters: list[str]) -> None:
    pdf.render(samples.report(headline="\U000f1234"))
    assert any(".notdef" in words for words in missing_letters)


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_args: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    pdf.render(samples.report(reasoning_markdown="![x](https://tracker.example/x.png)"))


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    assert not pdf.available()
    with pytest.raises(pdf.PdfUnavailableError, match=r"plumbline\[pdf\]"):
        pdf.render(samples.report())
