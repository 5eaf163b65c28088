"""Is this ClaimReview fit to be published? A schema, rules on top, a guard against typing errors.

Two severities: an ``error`` means the markup is refused or misread, a
``warning`` that it loses something. Three levels: ``google-required`` and
``google-recommended`` after Google's fact check guideline, ``house`` for what
this program asks beyond it. Off-scale verdicts need no numbers at any level.
"""

import difflib
import functools
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from claims.publishing.properties import PROPERTIES

Level = Literal["google-required", "google-recommended", "house"]
Severity = Literal["error", "warning"]

MAX_CLAIM = 75
"""Characters of ``claimReviewed`` from which phones wrap it badly (Google's advice)."""

_SCHEMA = Path(__file__).with_name("claimreview.schema.json")
_DASHES = "\N{EN DASH}\N{EM DASH}"
_RATING_WORDS = (
    "true",
    "false",
    "mostly true",
    "mostly false",
    "half true",
    "misleading",
    "unproven",
    "fake",
)
_RECOMMENDED = {
    "itemReviewed.author": "Name who made the claim, unless nobody can be named.",
    "itemReviewed.datePublished": "Say when the claim was made.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, where, and how to mend it.

    ``field`` is the path inside the markup, such as ``reviewRating.bestRating``.
    """

    level: Level
    severity: Severity
    field: str
    message: str
    remedy: str

    def __str__(self) -> str:
        """One line for a terminal."""
        return f"{self.severity} ({self.level}) {self.field}: {self.message} {self.remedy}"


def lint(markup: object, *, page_url: str | None = None, own_hosts: Collection[str] = ()) -> list[Finding]:
    """All findings about one ClaimReview, errors first.

    Args:
        markup: the JSON-LD, parsed.
        page_url: the page that carries it, if known; ``url`` has to be on its host.
        own_hosts: further hosts of the desk, on which no claim may have its origin.
    """
    if not isinstance(markup, Mapping):
        remedy = "Give one JSON object with @type ClaimReview."
        return [Finding("google-required", "error", "@type", "This is not a ClaimReview.", remedy)]
    findings = [*_schema_findings(markup), *_spelling(markup, ""), *_rules(markup, page_url, own_hosts)]
    unique = dict.fromkeys(findings)
    return sorted(unique, key=lambda finding: (finding.severity != "error", finding.field))


def errors(findings: list[Finding]) -> list[Finding]:
    """Only what forbids publishing."""
    return [finding for finding in findings if finding.severity == "error"]


@functools.cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(_SCHEMA.read_text(encoding="utf-8")))


def _schema_findings(markup: Mapping[str, Any]) -> Iterator[Finding]:
    for error in _validator().iter_errors(markup):
        yield from _explain(error)


def _explain(error: ValidationError) -> Iterator[Finding]:
    path = _path(error.absolute_path)
    schema: Any = error.schema
    instance: Any = error.instance
    wanted: Any = error.validator_value
    if error.validator == "dependentRequired":
        wanted = sorted({name for names in wanted.values() for name in names})
    if error.validator in ("required", "dependentRequired"):
        for name in wanted:
            if name not in instance:
                rule = schema["properties"][name]
                field = f"{path}.{name}".lstrip(".")
                yield Finding(rule["x-level"], "error", field, "This is missing.", rule["x-remedy"])
    else:
        rule = _rule_of(error)
        message = f"{_shown(error.instance)} is not allowed here."
        yield Finding(rule["x-level"], "error", path or "@type", message, rule["x-remedy"])


def _rule_of(error: ValidationError) -> Mapping[str, Any]:
    """The nearest rule around the error that says its level and remedy."""
    root: Any = _validator().schema
    schema = root
    found: Mapping[str, Any] = {"x-level": "house", "x-remedy": "See claimreview.schema.json."}
    for step in error.absolute_schema_path:
        # The path of an error leaves references out, so they are followed here.
        while isinstance(schema, Mapping) and step not in schema:
            schema = root["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
            found = schema if "x-level" in schema else found
        schema = schema[step]
        if isinstance(schema, Mapping) and "x-level" in schema:
            found = schema
    return found


def _path(parts: Any) -> str:
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _spelling(node: object, path: str) -> Iterator[Finding]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _spelling(item, f"{path}[{index}]")
    if not isinstance(node, Mapping):
        return
    yield from _type_spelling(node.get("@type"), path)
    known = PROPERTIES.get(str(node.get("@type"))) or frozenset().union(*PROPERTIES.values())
    for name, value in node.items():
        field = f"{path}.{name}".lstrip(".")
        if name not in known:
            yield _unknown(field, name, known)
        yield from _spelling(value, field)


def _type_spelling(kind: object, path: str) -> Iterator[Finding]:
    field = f"{path}.@type".lstrip(".")
    if isinstance(kind, str) and kind not in PROPERTIES:
        yield _unknown(field, kind, PROPERTIES.keys())


def _unknown(field: str, word: str, known: Collection[str]) -> Finding:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.8)
    message = f"{word!r} is not a word of schema.org that is known here."
    if close:
        return Finding("house", "error", field, message, f"Did you mean {close[0]!r}?")
    return Finding("house", "warning", field, message, "Check the spelling, or leave it out.")


def _rules(markup: Mapping[str, Any], page_url: str | None, own_hosts: Collection[str]) -> Iterator[Finding]:
    rating = markup.get("reviewRating")
    if isinstance(rating, Mapping):
        yield from _numbers(rating)
        yield from _wording(str(markup.get("claimReviewed") or ""), str(rating.get("alternateName") or ""))
    yield from _length(str(markup.get("claimReviewed") or ""))
    yield from _hosts(markup, page_url, own_hosts)
    yield from _recommended(markup)


def _numbers(rating: Mapping[str, Any]) -> Iterator[Finding]:
    value, best, worst = (rating.get(name) for name in ("ratingValue", "bestRating", "worstRating"))
    if not all(isinstance(number, int | float) for number in (value, best, worst)):
        return
    assert value is not None
    assert best is not None
    assert worst is not None
    if worst >= best:
        remedy = "Give the truest rating the highest number."
        message = f"The scale runs from {worst} to {best}."
        yield Finding("google-recommended", "error", "reviewRating.worstRating", message, remedy)
    elif not worst <= value <= best:
        message = f"{value} does not lie between {worst} and {best}."
        remedy = "Take the number of the level that was chosen."
        yield Finding("google-recommended", "error", "reviewRating.ratingValue", message, remedy)


def _wording(claim: str, word: str) -> Iterator[Finding]:
    """The claim has to be the claim: a rating in it turns the finding round in a list."""
    names = "|".join(
        re.escape(name) for name in sorted({word.lower(), *_RATING_WORDS} - {""}, key=len, reverse=True)
    )
    text = claim.strip().lower()
    before = re.match(
        rf"[\W_]*(?:{names})[\W_]*?\s*[:{_DASHES}|]|[\W_]*(?:{names})\s+-\s|[\[(](?:{names})[\])]", text
    )
    after = re.search(
        rf"(?:[\[(](?:{names})[\])]|[:{_DASHES}|]\s*(?:{names})|\s-\s(?:{names}))[\s.!]*$", text
    )
    if before or after:
        message = "The claim carries its rating."
        remedy = "State the claim alone; the verdict has its own place."
        yield Finding("google-required", "error", "claimReviewed", message, remedy)
    elif word and re.search(rf"\b{re.escape(word.lower())}\b", text):
        message = f"The word of the verdict, {word!r}, stands in the claim."
        yield Finding(
            "house", "warning", "claimReviewed", message, "Make sure it belongs to the claim itself."
        )


def _length(claim: str) -> Iterator[Finding]:
    if len(claim) >= MAX_CLAIM:
        message = f"The claim has {len(claim)} characters."
        remedy = f"Restate it in fewer than {MAX_CLAIM} if nothing is lost by that."
        yield Finding("google-recommended", "warning", "claimReviewed", message, remedy)


def _hosts(markup: Mapping[str, Any], page_url: str | None, own_hosts: Collection[str]) -> Iterator[Finding]:
    host = _host(markup.get("url"))
    if page_url and host and not _within(host, _host(page_url)):
        message = f"{host} is not the site of the page ({_host(page_url)})."
        remedy = "Use the address of the page that carries the markup."
        yield Finding("google-required", "error", "url", message, remedy)
    own = {host, *(name.lower() for name in own_hosts)} - {""}
    for field, address in _appearances(markup.get("itemReviewed")):
        if any(_within(_host(address), name) for name in own):
            message = f"{_host(address)} is the desk's own site."
            remedy = "Give the page where the claim was made, not the one where it was checked."
            yield Finding("google-required", "error", field, message, remedy)


def _appearances(item: object) -> Iterator[tuple[str, str]]:
    if not isinstance(item, Mapping):
        return
    for name in ("appearance", "firstAppearance"):
        values = item.get(name)
        for index, value in enumerate(values if isinstance(values, list) else [values]):
            address = value.get("url") if isinstance(value, Mapping) else value
            if isinstance(address, str):
                yield (
                    f"itemReviewed.{name}[{index}]" if isinstance(values, list) else f"itemReviewed.{name}",
                    address,
                )


def _recommended(markup: Mapping[str, Any]) -> Iterator[Finding]:
    item = markup.get("itemReviewed")
    if not isinstance(item, Mapping):
        return
    for field, remedy in _RECOMMENDED.items():
        if not item.get(field.rpartition(".")[2]):
            yield Finding("google-recommended", "warning", field, "This is missing.", remedy)
    if not item.get("appearance") and not item.get("firstAppearance"):
        remedy = "Give the address of a page where the claim stands, best with an archived copy."
        yield Finding("google-recommended", "warning", "itemReviewed.appearance", "This is missing.", remedy)


def _host(address: object) -> str:
    try:
        return (urlsplit(str(address or "")).hostname or "").lower()
    except ValueError:
        return ""


def _within(host: str, site: str) -> bool:
    return bool(site) and (host == site or host.endswith(f".{site}"))
