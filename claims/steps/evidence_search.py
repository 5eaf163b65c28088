"""Where could a checker look: the desk's own library, Wikipedia and Wikidata, a search engine of the desk's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.enums import SourceKind, StepOutcome
from claims.integrations import searxng, wikidata, wikipedia
from claims.matching import lexical, names
from claims.matching.words import STOP, content, sentences, words
from claims.models import Article, Claim, LibraryDocument, Snapshot
from claims.models.article import ArticleQuerySet
from claims.models.evidence import SnapshotQuerySet
from claims.steps.asking import Asked, patience, together, told
from claims.steps.base import Context, Result, Step
from claims.steps.registry import register

MOST_DOCUMENTS = 60
SHOWN = 8
PASSAGE_SENTENCES = 3
LEAST_SCORE = 0.3
LEAST_SHARED = 3
# Endings of names under which official registers publish; a proposal that the checker confirms.
_OFFICIAL = (
    ".gov",
    ".mil",
    ".int",
    ".europa.eu",
    ".gov.uk",
    ".gc.ca",
    ".gov.au",
    ".gouv.fr",
    ".parliament.uk",
    ".un.org",
)


@dataclass(frozen=True, slots=True)
class Held:
    """A document of the desk's own."""

    where: str
    pk: int
    title: str
    url: str
    text: str
    kind: str = ""


@register
class EvidenceSearch(Step):
    """Passages that share the claim's rare words, and pages that services name. Nothing is added by itself.

    Items, best first, own library before the rest: ``where`` (``library``, ``copy``, ``article``, ``wikipedia``, ``wikidata``,
    ``web``), ``id`` (own documents), ``title``, ``url``, ``passage``, ``sentence`` (start and end of the best
    sentence in the passage), ``spans`` (shared words in the passage), ``score``, ``nearness`` (``primary`` or
    ``secondary``, proposed), ``published_on``. ``params["asked"]`` says for each source what asking it came to.
    """

    kind = "evidence_search"
    version = "2"
    label = gettext_lazy("Where to look")
    position = 50
    queue = "fetch"
    max_attempts = 5
    time_limit = 60
    services = ("searxng", "wikipedia", "wikidata")

    def inputs(self, subject: Claim) -> Mapping[str, Any]:
        return {"wording": subject.wording, "speaker": subject.speaker_name}

    def run(self, subject: Claim, context: Context) -> Result:
        query = question(subject.wording)
        language = subject.article.language or "en"
        asked: list[Asked] = []
        items = [
            *_library(subject, asked),
            *_wikipedia(query, language, asked),
            *_wikidata(subject, language, asked),
            *_web(query, language, asked),
        ]
        outcome = together(asked)
        return Result(
            outcome,
            _in_words(outcome, items, asked),
            items=items,
            source=", ".join(one.name for one in asked if one.outcome != StepOutcome.NOT_CONFIGURED),
            params={"query": query, "asked": [one.to_dict() for one in asked]},
            retry_after=patience(asked),
        )


def question(wording: str, most: int = 10) -> str:
    """The words of a claim that a search engine should see: names first, then its longest words, in their order."""
    named = {part.lower() for name in names.find(wording) for part in name.text.split()}
    found = [word for word in words(wording) if word.form not in STOP]
    ranked = sorted(
        found, key=lambda word: (word.form not in named, not word.form[0].isdigit(), -len(word.form))
    )
    kept = {(word.start, word.form) for word in ranked[:most]}
    return " ".join(wording[word.start : word.end] for word in found if (word.start, word.form) in kept)


# --- own library ---------------------------------------------------------------------------------------------------


def _library(claim: Claim, asked: list[Asked]) -> list[dict[str, Any]]:
    name = _("Own library")
    standing = LibraryDocument.objects.readable().filter(snapshot=OuterRef("snapshot"))
    taken_out = LibraryDocument.objects.filter(snapshot__isnull=False, withdrawn_at__isnull=False)
    copies = Snapshot.objects.exclude(pk__in=taken_out.exclude(Exists(standing)).values("snapshot"))
    articles = Article.objects.exclude(pk=claim.article_id)
    if not copies.exclude(text="").exists() and not articles.readable().exists():
        asked.append(
            Asked(name, StepOutcome.NOT_CONFIGURED, _("Not searched: no other document is kept here yet."))
        )
        return []
    total = (
        copies.count() + articles.count()
    )  # without a look at their texts, which would read all that is kept
    held = _held(claim.wording, copies, articles)
    passages = [(document, passage) for document in held for passage in _split(document.text)]
    index = lexical.Index(
        (number, document.text[slice(*span)]) for number, (document, span) in enumerate(passages)
    )
    hits = [
        hit
        for hit in index.search(claim.wording, limit=SHOWN * 3)
        if hit.score >= LEAST_SCORE and len(hit.shared) >= LEAST_SHARED
    ]
    items = [_passage(claim.wording, *passages[hit.key], hit.score) for hit in _one_each(hits, passages)]
    note = ngettext("%(count)d document searched.", "%(count)d documents searched.", total) % {"count": total}
    outcome = StepOutcome.FOUND if items else StepOutcome.NOTHING_FOUND
    asked.append(Asked(name, outcome, note, len(items), claim.wording))
    return items


def _held(wording: str, copies: SnapshotQuerySet, articles: ArticleQuerySet) -> list[Held]:
    forms = sorted(
        {word.form for word in words(wording) if word.form not in STOP}, key=lambda form: -len(form)
    )[:6]
    any_of = [[form] for form in forms]
    # Newest by their numbers, which needs no other column of rows as large as these.
    chosen = list(copies.holding(*any_of).defer("content", "warc").order_by("-pk")[:MOST_DOCUMENTS])
    known = {
        document.snapshot_id: document
        for document in LibraryDocument.objects.readable().filter(snapshot__in=[copy.pk for copy in chosen])
    }
    return [_of_copy(copy, known.get(copy.pk)) for copy in chosen] + [
        Held("article", article.pk, str(article), article.url, article.text)
        for article in articles.holding(*any_of).defer("original_text").order_by("-pk")[:MOST_DOCUMENTS]
    ]


def _of_copy(copy: Snapshot, document: LibraryDocument | None) -> Held:
    if document is None:
        return Held("copy", copy.pk, str(copy), copy.url, copy.text)
    return Held("library", document.pk, str(document), document.url or copy.url, copy.text, document.kind)


def _split(text: str) -> list[tuple[int, int]]:
    """Passages of a few sentences, each beginning one sentence after the last began."""
    spans = sentences(text[:200_000])
    return [
        (span[0], spans[min(number + PASSAGE_SENTENCES, len(spans)) - 1][1])
        for number, span in enumerate(spans)
        if number == 0 or number + PASSAGE_SENTENCES <= len(spans)
    ]


def _one_each(
    hits: Sequence[lexical.Hit[int]], passages: Sequence[tuple[Held, Any]]
) -> list[lexical.Hit[int]]:
    """The best passage of each document: its neighbours say the same."""
    best: dict[tuple[str, int], lexical.Hit[int]] = {}
    for hit in hits:
        document = passages[hit.key][0]
        best.setdefault((document.where, document.pk), hit)
    return list(best.values())[:SHOWN]


def _passage(wording: str, document: Held, span: tuple[int, int], score: float) -> dict[str, Any]:
    text = document.text[slice(*span)]
    asked = set(content(wording))
    best = max(
        sentences(text),
        key=lambda part: len(asked & set(content(text[slice(*part)]))),
        default=(0, len(text)),
    )
    return {
        "where": document.where,
        "id": document.pk,
        "title": document.title,
        "url": document.url,
        "passage": text,
        "sentence": list(best),
        "spans": [list(part) for part in lexical.shared_spans(wording, text)],
        "score": round(score, 3),
        "nearness": document.kind or _proposed(document),
        "published_on": "",
    }


def _proposed(document: Held) -> str:
    return nearness(document.url) if document.where == "copy" else SourceKind.SECONDARY.value


# --- services ------------------------------------------------------------------------------------------------------


def _wikipedia(query: str, language: str, asked: list[Asked]) -> list[dict[str, Any]]:
    answer = wikipedia.search(query, language=language)
    asked.append(told("Wikipedia", answer, query))
    host = language.lower().split("-")[0]
    return [
        _found("wikipedia", hit.title, f"https://{host}.wikipedia.org/?curid={hit.page_id}", hit.snippet)
        for hit in answer.items
    ]


def _wikidata(claim: Claim, language: str, asked: list[Asked]) -> list[dict[str, Any]]:
    """Candidates for who speaks: a person confirms which of the namesakes is meant, or none."""
    name = claim.speaker_name
    if not name:
        return []
    answer = wikidata.search(name, language=language)
    asked.append(told("Wikidata", answer, name))
    return [_found("wikidata", item.label, item.url, item.description) for item in answer.items]


def _web(query: str, language: str, asked: list[Asked]) -> list[dict[str, Any]]:
    answer = searxng.search(query, language=language)
    asked.append(told(_("Web search"), answer, query))
    return [
        _found(
            "web", hit.title, hit.url, hit.snippet, hit.published.date().isoformat() if hit.published else ""
        )
        for hit in answer.items
    ]


def _found(where: str, title: str, url: str, passage: str, published_on: str = "") -> dict[str, Any]:
    return {
        "where": where,
        "id": None,
        "title": title,
        "url": url,
        "passage": passage,
        "sentence": [0, len(passage)],
        "spans": [],
        "score": None,
        "nearness": nearness(url) if where == "web" else SourceKind.SECONDARY.value,
        "published_on": published_on,
    }


def nearness(url: str) -> str:
    """Primary for addresses of official registers, else secondary: a proposal, by the name of the site alone."""
    host = (urlsplit(url).hostname or "").lower()
    return SourceKind.PRIMARY.value if f".{host}".endswith(_OFFICIAL) else SourceKind.SECONDARY.value


def _in_words(outcome: StepOutcome, items: Sequence[Any], asked: Sequence[Asked]) -> str:
    off = [one.name for one in asked if one.outcome == StepOutcome.NOT_CONFIGURED]
    silent = [one.name for one in asked if one.outcome == StepOutcome.UNAVAILABLE]
    searched = [one.name for one in asked if one.outcome in {StepOutcome.FOUND, StepOutcome.NOTHING_FOUND}]
    parts = []
    if items:
        parts.append(
            ngettext("%(count)d place to look.", "%(count)d places to look.", len(items))
            % {"count": len(items)}
        )
    elif searched:
        parts.append(_("Nothing found in: %(names)s.") % {"names": ", ".join(searched)})
    if silent:
        parts.append(_("No answer from: %(names)s.") % {"names": ", ".join(silent)})
    if off:
        parts.append(_("Not searched, because not set up: %(names)s.") % {"names": ", ".join(off)})
    return " ".join(parts)
