"""A report as one HTML file that needs nothing else: no script, no picture, no request.

The order is that of the public page. It carries no ClaimReview: a second page
with the same one would make both ineligible. The PDF is made from it.
"""

from collections.abc import Iterable
from html import escape
from pathlib import Path

from claims.publishing import bodies
from claims.publishing.document import CheckStep, HistoryEntry, ReportDocument, Source
from claims.publishing.exports.labels import ENGLISH, Labels
from claims.publishing.markdown import Citations, render, render_inline

_STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")


def standalone_html(document: ReportDocument, *, labels: Labels = ENGLISH) -> str:
    """The whole report as a file that opens without a network."""
    citations = Citations(known=document.source_numbers)
    body = "\n".join(part for part in _parts(document, labels, citations) if part)
    language = escape(document.language)
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{document.direction}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{escape(document.headline)} | {escape(document.desk.name)}</title>\n"
        f'<meta name="description" content="{escape(bodies.summary(document))}">\n'
        f'<link rel="canonical" href="{escape(document.url)}">\n<style>{_STYLE}</style>\n</head>\n'
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _parts(document: ReportDocument, labels: Labels, citations: Citations) -> Iterable[str]:
    """The sections in the order in which readers meet them."""
    yield _running(document, labels)
    yield _notice(document, labels)
    yield f'<h1 dir="auto">{escape(document.headline)}</h1>'
    yield _claim(document, labels)
    yield _verdict(document, labels)
    points = "".join(f"<li><bdi>{render_inline(point, citations)}</bdi></li>" for point in document.short)
    yield _section(labels.short, f"<ul>{points}</ul>" if points else "")
    yield _section(labels.why_checked, render(document.why_checked, citations))
    yield _section(labels.evidence, render(document.reasoning_markdown, citations))
    yield _section(labels.reply, render(document.claimant_reply, citations))
    yield _section(labels.not_established, render(document.not_established, citations))
    yield _section(
        labels.how_checked, _list("ul", (_step(step, document, labels) for step in document.how_checked))
    )
    yield _section(labels.conclusion, render(document.conclusion, citations))
    yield _section(labels.sources, _sources(document, labels, citations))
    yield _section(labels.who, _who(document, labels))
    yield _section(labels.history, _list("ol", (_change(entry, labels) for entry in document.history)))


def _section(heading: str, html: str) -> str:
    return f"<section>\n<h2>{escape(heading)}</h2>\n{html}\n</section>" if html else ""


def _list(tag: str, items: Iterable[str]) -> str:
    inner = "".join(f"<li>{item}</li>" for item in items)
    return f"<{tag}>{inner}</{tag}>" if inner else ""


def _apart(text: str) -> str:
    """Words that may run the other way than the sentence around them, kept apart from its signs."""
    return f"<bdi>{escape(text)}</bdi>" if text else ""


def _link(url: str, text: str) -> str:
    address = bodies.safe_address(url)
    if not address:
        return _apart(text)
    return f'<a class="out" href="{escape(address)}" rel="nofollow noopener">{_apart(text)}</a>'


def _running(document: ReportDocument, labels: Labels) -> str:
    """On every printed page: what this is a print of."""
    day = document.modified_at.date().isoformat()
    version = f"{labels.version} {document.version}, {day}"
    return f'<p class="running quiet">{escape(version)}<br>{escape(document.url)}</p>'


def _notice(document: ReportDocument, labels: Labels) -> str:
    notice = document.notice
    if not notice:
        return ""
    changed = (
        f"{notice.old_verdict} → {notice.new_verdict}. " if notice.old_verdict and notice.new_verdict else ""
    )
    day = notice.at.date().isoformat()
    kind = labels.changes[notice.kind].capitalize()
    return f'<p class="notice"><strong>{kind}, {day}.</strong> {_apart(changed + notice.text)}</p>'


def _claim(document: ReportDocument, labels: Labels) -> str:
    claim = document.claim
    line = bodies.claim_line(document)
    words = f'<blockquote><p dir="auto">{escape(claim.quote)}</p></blockquote>'
    who = f"<p>{escape(line)}</p>" if line else ""
    read = "<br>".join(_apart(part) for part in (claim.restated, claim.how_read) if part)
    restated = f"<p>{escape(labels.read_as)}: {read}</p>" if read else ""
    return _section(labels.claim, f"{words}{who}{restated}{_article(document, labels)}")


def _article(document: ReportDocument, labels: Labels) -> str:
    article = document.claim.article
    if not article:
        return ""
    title = _link(article.url, article.title or article.url)
    archive = f", {_link(article.archive_url, labels.archived)}" if article.archive_url else ""
    outlet = f"{_apart(article.outlet)}: " if article.outlet else ""
    return f'<p class="quiet">{outlet}{title}{archive}</p>'


def _verdict(document: ReportDocument, labels: Labels) -> str:
    verdict = document.verdict
    word = escape(verdict.word)
    said = f"<s>{word}</s> {escape(labels.withdrawn)}" if document.retracted else f"<strong>{word}</strong>"
    levels = sorted(verdict.levels, key=lambda level: -level.position) if verdict.on_scale else []
    steps = "".join(
        f"<li{' aria-current=true' if level.position == verdict.position else ''}>{escape(level.word)}</li>"
        for level in levels
    )
    scale = f'<ol class="scale">{steps}</ol>' if steps else ""
    meaning = (
        f'<p class="quiet">{escape(labels.scale)}: {_apart(verdict.definition)} '
        f"{_link(document.desk.scale_url, verdict.scale_name)}</p>"
        if verdict.definition
        else ""
    )
    return _section(
        labels.verdict,
        f'<div class="verdict"><p>{said}</p><p dir="auto">{escape(verdict.summary)}</p>{scale}{meaning}</div>',
    )


def _step(step: CheckStep, document: ReportDocument, labels: Labels) -> str:
    day = f" ({step.ran_on.isoformat()})" if step.ran_on else ""
    made_with = ", ".join(part for part in (step.tool, step.model) if part)
    tail = f'<span class="quiet"> {escape(made_with)}</span>' if made_with else ""
    words = escape(step.outcome_words or step.outcome)
    if not document.language.lower().startswith("en"):  # programs tell of their work in English
        words = f'<span lang="en" dir="ltr">{words}</span>'
    return f"{_apart(labels.steps.get(step.label, step.label))}{day}: {words}{tail}"


def _sources(document: ReportDocument, labels: Labels, citations: Citations) -> str:
    items = "".join(
        f'<li id="source-{source.number}" value="{source.number}">{_source(source, labels)}'
        f"{_back(citations.places(source.number), labels)}</li>"
        for source in document.sources
    )
    return f"<ol>{items}</ol>" if items else ""


def _source(source: Source, labels: Labels) -> str:
    facts = [source.publisher, source.where, labels.kinds[source.kind], labels.stances[source.stance]]
    if source.accessed:
        facts.append(f"{labels.accessed} {source.accessed.isoformat()}")
    if source.interests:
        facts.append(f"{labels.interests}: {source.interests}")
    quote = f'<br><q dir="auto">{escape(source.quote)}</q>' if source.quote else ""
    known = ", ".join(_apart(fact) for fact in facts if fact)
    return f"{_link(source.url, source.title)}<br>{known}{quote}<br>{_copy(source, labels)}"


def _copy(source: Source, labels: Labels) -> str:
    archive = source.archive
    if archive.state == "independent":
        return _link(archive.url, labels.archived)
    if archive.state == "own_copy":
        return f"{escape(labels.own_copy)} <code>{escape(archive.sha256)}</code>"
    return f"{escape(labels.no_copy)}: {_apart(archive.reason)}" if archive.reason else escape(labels.no_copy)


def _back(places: list[str], labels: Labels) -> str:
    links = " ".join(
        f'<a href="#{place}" aria-label="{escape(labels.back)} {n}">↩</a>'
        for n, place in enumerate(places, 1)
    )
    return f" {links}" if links else ""


def _who(document: ReportDocument, labels: Labels) -> str:
    authors = ", ".join(person.name for person in document.authors)
    readers = ", ".join(person.name for person in document.second_readers)
    lines = {
        labels.author: authors,
        labels.second_reader: readers,
        labels.interests.capitalize(): document.interests,
        labels.methodology: document.methodology_version,
        labels.permalink: document.url,
    }
    facts = _list("ul", (f"{escape(name)}: {_apart(value)}" for name, value in lines.items() if value))
    rules = [
        f"{_apart(labels.gates.get(item.gate, item.gate))}: {_apart(item.reason)} ({_apart(item.by)})"
        for item in document.exceptions
    ]
    aside = _list("ul", rules)
    return f"{facts}<h3>{escape(labels.exceptions)}</h3>{aside}" if aside else facts


def _change(entry: HistoryEntry, labels: Labels) -> str:
    changed = (
        f" {entry.old_verdict} → {entry.new_verdict}." if entry.old_verdict and entry.new_verdict else ""
    )
    said = escape(f"{entry.at.date().isoformat()}, {labels.changes[entry.kind]}.{changed}")
    return f"{said} {_apart(entry.note)}" if entry.note else said
