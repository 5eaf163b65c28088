"""How to cite a report: BibTeX, CSL-JSON and RIS.

Names are given whole, never split: the parts of a name cannot be guessed.
"""

import re
from typing import Any

from claims.publishing.document import ReportDocument

_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "{}$&#%_"},
}


def bibtex(document: ReportDocument) -> str:
    """The report as a BibTeX ``@misc`` entry."""
    day = document.modified_at
    fields = {
        "title": f"{{{_tex(document.headline)}}}",
        "author": " and ".join(f"{{{_tex(person.name)}}}" for person in document.authors),
        "publisher": _tex(document.desk.name),
        "year": str(day.year),
        "month": str(day.month),
        "day": str(day.day),
        "url": _tex_url(document.version_url),
        "note": f"Version {document.version}",
        "language": _tex(document.language),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{_key(document)},\n{lines}\n}}\n"


def csl(document: ReportDocument) -> list[dict[str, Any]]:
    """The report as CSL-JSON, a list with one item."""
    day = document.modified_at
    first = document.published_at
    return [
        {
            "id": _key(document),
            "type": "webpage",
            "title": document.headline,
            "author": [{"literal": person.name} for person in document.authors],
            "publisher": document.desk.name,
            "container-title": document.desk.name,
            "issued": {"date-parts": [[day.year, day.month, day.day]]},
            "original-date": {"date-parts": [[first.year, first.month, first.day]]},
            "version": str(document.version),
            "language": document.language,
            "URL": document.version_url,
        }
    ]


def ris(document: ReportDocument) -> str:
    """The report as RIS, type ELEC, with the line ends that the format demands."""
    day = document.modified_at
    tags = [
        ("TY", "ELEC"),
        ("TI", document.headline),
        *(("AU", person.name) for person in document.authors),
        ("PB", document.desk.name),
        ("PY", str(day.year)),
        ("DA", f"{day:%Y/%m/%d}"),
        ("ET", f"Version {document.version}"),
        ("LA", document.language),
        ("UR", document.version_url),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {_one_line(value)}\r\n" for tag, value in tags)


def _key(document: ReportDocument) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", f"{document.slug}-v{document.version}".lower()).strip("-")


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in _one_line(text))


def _tex_url(url: str) -> str:
    return (
        url.replace("\\", "%5C")
        .replace("{", "%7B")
        .replace("}", "%7D")
        .replace("%", r"\%")
        .replace("#", r"\#")
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
