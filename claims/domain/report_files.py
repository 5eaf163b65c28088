"""One report in the forms in which people take it along, each made from its document and nothing else."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import tempfile
import threading
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from claims.domain import spoken
from claims.exceptions import DeskError
from claims.models import Article, Claim, Report
from claims.publishing import claimreview, pdf
from claims.publishing.document import ReportDocument
from claims.publishing.exports import annotations as web_annotations
from claims.publishing.exports import citing, markdown_file, page, provenance, tables

_ONE_AT_A_TIME = threading.Semaphore(1)
KEPT_PDFS = 500


class NotHere(DeskError):
    """This form cannot be had for this report or on this machine; the sentence says why."""

    code = "not_here"


class Busy(DeskError):
    """The machine is making another PDF; try again in a moment."""

    code = "busy"


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A form of one report. ``open`` ones are data that other sites may read by script (CORS)."""

    content_type: str
    make: Callable[[Report, ReportDocument], bytes]
    open: bool = False
    as_download: bool = False


@functools.cache
def software() -> tuple[str, str]:
    """Name and version of this program, for provenance."""
    with contextlib.suppress(PackageNotFoundError):
        return "Plumbline", version("plumbline")
    # Run from its folder and never installed, as in the image.
    told = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return "Plumbline", str(told["project"]["version"])


def make(name: str, report: Report) -> tuple[ReportFile, bytes]:
    """The file ``name`` (a key of ``FILES``) of the version that stands.

    Raises:
        NotHere: there is no such form, or not for this report, or not on this machine.
        Busy: another PDF is being made.
    """
    form = FILES.get(name)
    if form is None or report.current_version is None:
        raise NotHere(_("There is no such file."))
    return form, form.make(report, ReportDocument.from_json(report.current_version.document))


def claimreview_text(document: ReportDocument) -> bytes:
    """The ClaimReview as a file.

    Raises:
        NotHere: the report was retracted and has none.
    """
    node = claimreview.build(document)
    if node is None:
        raise NotHere(_("This report was withdrawn and has no ClaimReview any more."))
    return as_json(node)


def annotation(report: Report, document: ReportDocument) -> dict[str, Any]:
    """The verdict as a W3C annotation of the words in the article.

    Raises:
        NotHere: the words do not stand in the article's text any more.
    """
    text = Claim.objects.values_list("article__text", flat=True).get(pk=report.claim_id)
    found = document.claim.quote
    start, end = document.claim.start, document.claim.end
    if start is None or end is None or text[start:end] != found:
        raise NotHere(_("The place of this claim in its article is not known."))
    return web_annotations.annotation(document, text)


def annotations_of(article: Article) -> dict[str, Any]:
    """All public verdicts on one article as a collection of annotations. Withdrawn ones are left out."""
    rows = Report.objects.standing().filter(claim__article=article).select_related("current_version")
    items = []
    for row in rows.order_by("claim__start", "id"):
        assert row.current_version is not None, "standing reports have one"
        document = ReportDocument.from_json(row.current_version.document)
        start, end = document.claim.start, document.claim.end
        if start is not None and end is not None and article.text[start:end] == document.claim.quote:
            items.append(web_annotations.annotation(document, article.text))
    url = f"{settings.SITE_URL}/articles/{article.slug}/annotations.jsonld"
    return web_annotations.collection(items, url=url, label=article.title)


def provenance_of(document: ReportDocument) -> dict[str, Any]:
    """Where the report comes from, as PROV-JSON."""
    name, number = software()
    return provenance.prov_json(document, software=name, software_version=number)


def pdf_of(document: ReportDocument) -> bytes:
    """The report as PDF, kept on disk by the hash of its version, since making one takes a second.

    Raises:
        NotHere: the optional part for PDF is not installed.
        Busy: another one is being made in this process.
    """
    kept = Path(settings.VAR_DIR) / "pdf" / f"{document.sha256()}{_spoken(document)}.pdf"
    with contextlib.suppress(OSError):
        return kept.read_bytes()
    if not _ONE_AT_A_TIME.acquire(timeout=10):
        raise Busy(_("Another PDF is being made. Try again in a moment."))
    try:
        made = pdf.render(document, labels=spoken.labels(document.language))
    except pdf.PdfUnavailableError as error:
        raise NotHere(_("PDF files are not set up on this desk. %(why)s") % {"why": error}) from error
    finally:
        _ONE_AT_A_TIME.release()
    _keep(kept, made)
    return made


def _keep(path: Path, content: bytes) -> None:
    """Written beside and moved into place, so that nobody reads half of it; a full disk keeps nothing."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        oldest = sorted(path.parent.glob("*.pdf"), key=lambda file: file.stat().st_mtime)
        for file in oldest[: max(0, len(oldest) - KEPT_PDFS + 1)]:
            file.unlink(missing_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as part:
            part.write(content)
        Path(name).replace(path)


def as_json(value: Any) -> bytes:
    """JSON as people can read it."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _text(maker: Callable[[ReportDocument], str]) -> Callable[[Report, ReportDocument], bytes]:
    return lambda report, document: maker(document).encode()


def _labelled(maker: Callable[..., str]) -> Callable[[Report, ReportDocument], bytes]:
    """With the fixed words in the report's language."""
    return lambda report, document: maker(document, labels=spoken.labels(document.language)).encode()


def _spoken(document: ReportDocument) -> str:
    """The part of a kept file's name that says in which language its labels are; none for English."""
    language = spoken.labels_in(document.language)
    return "" if language == spoken.ENGLISH else f"-{language}"


FILES: dict[str, ReportFile] = {
    "report.html": ReportFile("text/html; charset=utf-8", _labelled(page.standalone_html), as_download=True),
    "report.pdf": ReportFile("application/pdf", lambda report, document: pdf_of(document)),
    "report.md": ReportFile("text/markdown; charset=utf-8", _labelled(markdown_file.to_markdown), open=True),
    "report.json": ReportFile("application/json; charset=utf-8", _text(ReportDocument.to_json), open=True),
    "report.csv": ReportFile(
        "text/csv; charset=utf-8",
        lambda report, document: "".join(tables.csv_lines([document], bom=True)).encode(),
        open=True,
        as_download=True,
    ),
    "cite.bib": ReportFile("application/x-bibtex; charset=utf-8", _text(citing.bibtex), open=True),
    "cite.ris": ReportFile(
        "application/x-research-info-systems; charset=utf-8", _text(citing.ris), open=True
    ),
    "cite.json": ReportFile(
        "application/vnd.citationstyles.csl+json; charset=utf-8",
        lambda report, document: as_json(citing.csl(document)),
        open=True,
    ),
    "annotation.jsonld": ReportFile(
        'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
        lambda report, document: as_json(annotation(report, document)),
        open=True,
    ),
    "prov.json": ReportFile(
        "application/json; charset=utf-8",
        lambda report, document: as_json(provenance_of(document)),
        open=True,
    ),
}
"""Name of the file below a report's address -> what it is and how it is made."""
