"""A report as a piece of HTML that stands on its own: for feeds and files.

No headings and hardly a label, so that it reads in any language; every text
from outside is escaped, Markdown goes through the allow-list.
"""

from html import escape

from claims.publishing.document import ReportDocument, Source
from claims.publishing.markdown import Citations, render, render_inline


def summary(document: ReportDocument) -> str:
    """The finding in one line of plain text, for feeds, descriptions and cards."""
    return (
        f"{document.verdict.word}: {document.verdict.summary}"
        if document.verdict.summary
        else document.verdict.word
    )


def brief_html(document: ReportDocument) -> str:
    """Notice, claim, verdict and the points in short."""
    return "".join([*_top(document), _points(document, _citations(document))])


def full_html(document: ReportDocument) -> str:
    """The whole check: what :func:`brief_html` gives, reasoning, reply, conclusion, sources."""
    citations = _citations(document)
    parts = [*_top(document), _points(document, citations)]
    for text in (
        document.why_checked,
        document.reasoning_markdown,
        document.claimant_reply,
        document.not_established,
        document.conclusion,
    ):
        parts.append(render(text, citations) if text else "")
    parts.append(source_list(document))
    return "".join(parts)


def source_list(document: ReportDocument) -> str:
    """The numbered sources, each with its link, its copy or the place where it can be found."""
    items = "".join(
        f'<li id="source-{source.number}" value="{source.number}">{_source(source)}</li>'
        for source in document.sources
    )
    return f"<ol>{items}</ol>" if items else ""


def claim_line(document: ReportDocument) -> str:
    """Who said it, where and when, as plain text; empty if nothing of it is known."""
    claim = document.claim
    who = claim.speaker.name if claim.speaker else ""
    role = claim.speaker.role if claim.speaker else ""
    when = claim.said_on.isoformat() if claim.said_on else claim.said_when
    return ", ".join(part for part in (who, role, claim.where, when) if part)


def safe_address(url: str) -> str:
    """The address if it is a web address, else nothing: no ``javascript:`` gets into a link."""
    return url if url.lower().startswith(("https://", "http://")) else ""


def _citations(document: ReportDocument) -> Citations:
    return Citations(known=document.source_numbers, prefix=document.url)


def _top(document: ReportDocument) -> list[str]:
    notice = f"<p><em>{escape(document.notice.text)}</em></p>" if document.notice else ""
    line = claim_line(document)
    cite = f"<p>{escape(line)}</p>" if line else ""
    restated = f"<p>{escape(document.claim.restated)}</p>" if document.claim.restated else ""
    word = escape(document.verdict.word)
    verdict = f"<s>{word}</s>" if document.retracted else f"<strong>{word}</strong>"
    return [
        notice,
        f"<blockquote><p>{escape(document.claim.quote)}</p>{cite}</blockquote>{restated}",
        f"<p>{verdict} {escape(document.verdict.summary)}</p>",
    ]


def _points(document: ReportDocument, citations: Citations) -> str:
    items = "".join(f"<li>{render_inline(point, citations)}</li>" for point in document.short)
    return f"<ul>{items}</ul>" if items else ""


def _source(source: Source) -> str:
    title = escape(source.title)
    address = safe_address(source.url)
    if address:
        title = f'<a href="{escape(address)}" rel="nofollow noopener">{title}</a>'
    archive = safe_address(source.archive.url)
    copy = f' (<a href="{escape(archive)}" rel="nofollow noopener">{escape(archive)}</a>)' if archive else ""
    rest = ", ".join(escape(part) for part in (source.publisher, source.where) if part)
    return f"{title}{', ' if rest else ''}{rest}{copy}"
