"""A report as a Markdown file, readable as it is."""

from collections.abc import Iterable

from claims.publishing import bodies
from claims.publishing.document import ReportDocument, Source
from claims.publishing.exports.labels import ENGLISH, Labels

_SPECIAL = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>#"})


def to_markdown(document: ReportDocument, *, labels: Labels = ENGLISH) -> str:
    """The whole report; citations keep their numbers, the sources follow as a numbered list."""
    sections = [part for part in _sections(document, labels) if part]
    return "\n\n".join(sections) + "\n"


def _sections(document: ReportDocument, labels: Labels) -> Iterable[str]:
    verdict, claim = document.verdict, document.claim
    if document.notice:
        yield f"> **{labels.changes[document.notice.kind].capitalize()}.** {_plain(document.notice.text)}"
    yield f"# {_plain(document.headline)}"
    line = bodies.claim_line(document)
    yield f"> {_plain(claim.quote)}" + (f"\n>\n> {_plain(line)}" if line else "")
    yield _plain(claim.restated)
    word = f"~~{_plain(verdict.word)}~~" if document.retracted else f"**{_plain(verdict.word)}**"
    yield f"## {labels.verdict}\n\n{word} {_plain(verdict.summary)}".rstrip()
    yield _section(labels.short, "\n".join(f"- {point}" for point in document.short))
    yield _section(labels.why_checked, document.why_checked)
    yield _section(labels.evidence, document.reasoning_markdown)
    yield _section(labels.reply, document.claimant_reply)
    yield _section(labels.not_established, document.not_established)
    yield _section(labels.conclusion, document.conclusion)
    yield _section(labels.sources, "\n".join(_source(source, labels) for source in document.sources))
    yield _section(
        labels.who, _plain(", ".join(p.name for p in (*document.authors, *document.second_readers)))
    )
    yield f"{labels.version} {document.version}, {document.modified_at.date().isoformat()}, <{document.url}>"


def _section(heading: str, text: str) -> str:
    return f"## {heading}\n\n{text.strip()}" if text.strip() else ""


def _source(source: Source, labels: Labels) -> str:
    address = bodies.safe_address(source.url)
    facts = [source.publisher, source.where, labels.kinds[source.kind], labels.stances[source.stance]]
    known = ", ".join(_plain(fact) for fact in facts if fact)
    link = f" <{address}>" if address else ""
    archive = f" ({labels.archived}: <{source.archive.url}>)" if source.archive.url else ""
    return f"{source.number}. {_plain(source.title)}, {known}.{link}{archive}"


def _plain(text: str) -> str:
    """One line whose signs mean nothing to Markdown."""
    return " ".join(text.split()).translate(_SPECIAL)
