"""A report as tagged PDF (PDF/UA-1), from the same HTML as the self-contained file.

Needs the optional extra ``pdf``. Only the vendored font is read; nothing is
fetched, whatever the report links to.
"""

import importlib
from typing import Any, Final

from claims.publishing.document import ReportDocument
from claims.publishing.exports.labels import ENGLISH, Labels
from claims.publishing.exports.page import standalone_html
from claims.publishing.typesetting import VENDORED

_INSTALL: Final = (
    "PDF files need WeasyPrint and Pango. Install them with 'pip install \"plumbline[pdf]\"' "
    "and, on Debian, 'apt-get install libpango-1.0-0 libpangoft2-1.0-0'."
)
_FACES: Final = {"SourceSerif4-Regular.ttf": 400, "SourceSerif4-Bold.ttf": 700}

_RUNNING: Final = """
.running{position:running(permalink);font-size:8pt;margin:0}
@page{@bottom-left{content:element(permalink)}}
"""
"""The address and version at the foot of each page; browsers do not know these rules."""


class PdfUnavailableError(RuntimeError):
    """WeasyPrint is not installed, or not the libraries that it needs."""


def available() -> bool:
    """Whether :func:`render` can work on this machine."""
    try:
        _weasyprint()
    except PdfUnavailableError:
        return False
    return True


def render(document: ReportDocument, *, labels: Labels = ENGLISH) -> bytes:
    """The report as PDF: tagged, with title, language and embedded fonts.

    Raises:
        PdfUnavailableError: if the extra is not installed; the message says what to install.
    """
    weasyprint = _weasyprint()
    fetcher = _fonts_only()
    fonts = importlib.import_module("weasyprint.text.fonts").FontConfiguration()
    html = weasyprint.HTML(
        string=standalone_html(document, labels=labels), base_url=document.url, url_fetcher=fetcher
    )
    style = weasyprint.CSS(string=_font_faces() + _RUNNING, font_config=fonts, url_fetcher=fetcher)
    written: bytes = html.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
    return written


def _weasyprint() -> Any:
    try:
        return importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:  # OSError: Pango is missing
        raise PdfUnavailableError(_INSTALL) from error


def _fonts_only() -> Any:
    """A fetcher that opens the vendored fonts and refuses everything else."""
    urls = importlib.import_module("weasyprint.urls")
    files = {(VENDORED / name).as_uri(): VENDORED / name for name in _FACES}

    class FontsOnly(urls.URLFetcher):  # type: ignore[misc, name-defined]  # loaded at run time
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url not in files:
                raise ValueError(f"a report loads nothing from outside: {url}")
            return urls.URLFetcherResponse(url, files[url].read_bytes(), {"Content-Type": "font/ttf"})

    return FontsOnly()


def _font_faces() -> str:
    face = '@font-face{{font-family:"Source Serif 4";font-weight:{weight};src:url("{address}")}}'
    return "".join(
        face.format(weight=weight, address=(VENDORED / name).as_uri()) for name, weight in _FACES.items()
    )
