"""Reasoning in Markdown to safe HTML, with citations that lead to the sources.

``[2]`` or ``[1, 3]`` cites sources by number; each becomes a link to
``#source-2`` and can be found again as ``#ref-2-1``, so that the source list
can lead back to every place that used it.

Two walls against markup from outside: the parser knows no HTML at all, and an
allow-list has the last word over what it made.
"""

import functools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_CITATION = re.compile(r"\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\](?!\()")
_REF_ID = re.compile(r"ref-\d{1,3}-\d{1,5}")
_ALIGNED = {"text-align:right": "align-right", "text-align:center": "align-center"}
_TAGS = {
    *("p", "br", "hr", "blockquote", "pre", "code", "em", "strong", "s"),
    *("ul", "ol", "li", "h2", "h3", "h4", "h5", "h6", "a", "sup", "bdi"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {
    "a": {"href", "id", "rel", "aria-label", "title"},
    "ol": {"start"},
    "td": {"class", "dir"},
    "th": {"class", "dir"},
    **{tag: {"dir"} for tag in ("p", "h2", "h3", "h4", "h5", "h6")},
}
# Blocks whose own words say which way they run: a paragraph in English on an Arabic page, or the other way round.
_BLOCKS = {"paragraph_open", "heading_open", "td_open", "th_open"}


@dataclass
class Citations:
    """Counts the citations of one report over all its texts.

    Pass the same object to every text of a report, in the order of the page:
    the ids stay unique and :meth:`places` gives the way back from each source.
    """

    known: Collection[int]
    label: str = "Source {number}"
    prefix: str = ""
    used: dict[int, int] = field(default_factory=dict)
    unresolved: list[int] = field(default_factory=list)

    def cite(self, number: int) -> str | None:
        """Note a citation; the id of its place, or None if there is no such source."""
        if number not in self.known:
            self.unresolved.append(number)
            return None
        self.used[number] = self.used.get(number, 0) + 1
        return f"ref-{number}-{self.used[number]}"

    def places(self, number: int) -> list[str]:
        """The ids of all places that cite this source, in the order of the text."""
        return [f"ref-{number}-{count}" for count in range(1, self.used.get(number, 0) + 1)]

    def unused(self) -> list[int]:
        """Sources that no text cites."""
        return sorted(set(self.known) - self.used.keys())


def render(markdown: str, citations: Citations, *, top: int = 3) -> str:
    """Make safe HTML of a text with paragraphs.

    The highest headings of the text become ``<h3>``, because the page has its own first two levels (or ``top``, where
    it has only one), and no level is left out below them, whatever signs the writer chose.
    A citation without a source stays as it was typed and is noted in
    ``citations.unresolved``.
    """
    return _clean(_parser().render(markdown, {"citations": citations, "top": top}))


def render_inline(markdown: str, citations: Citations) -> str:
    """Make safe HTML of one line, without a paragraph around it."""
    return _clean(_parser().renderInline(markdown, {"citations": citations})).strip()


def cited_numbers(markdown: str) -> list[int]:
    """The source numbers that a text cites, in order, each as often as it stands there."""
    collector = Citations(known=range(1000))
    tokens = _parser().parse(markdown, {"citations": collector})
    return [token.meta["number"] for token in _walk(tokens) if token.type == "citation" and token.meta]


def plain(markdown: str) -> str:
    """The words alone, for descriptions and cards: no markup, no citations."""
    tokens = _parser().parse(markdown, {"citations": Citations(known=range(1000))})
    blocks = (token.children for token in tokens if token.type == "inline" and token.children)
    text = " ".join("".join(_plain_token(token) for token in children) for children in blocks)
    return re.sub(r"\s+([.,;:?!])", r"\1", re.sub(r"\s+", " ", text)).strip()


def _plain_token(token: Token) -> str:
    if token.type in ("text", "code_inline"):
        return token.content
    return " " if token.type in ("softbreak", "hardbreak") else ""


def _walk(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or [])


@functools.cache
def _parser() -> MarkdownIt:
    """CommonMark and tables, without HTML, pictures and link definitions.

    Pictures would call other hosts; a definition such as ``[1]: http://…``
    would take over citations.
    """
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
    parser.disable(["image", "reference", "html_block", "html_inline"])
    parser.inline.ruler.before("link", "citation", _citation_rule)
    parser.core.ruler.push("house_style", _house_style)
    parser.add_render_rule("citation", _citation_html)
    return parser


def _citation_rule(state: StateInline, silent: bool) -> bool:
    match = _CITATION.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        numbers = [int(number) for number in re.findall(r"\d+", match[1])]
        if set(numbers) <= set(state.env["citations"].known):
            # Raised numbers stand at their word: a blank before one would let it slip to the next line alone.
            state.pending = state.pending.rstrip(" ")
        for number in numbers:
            state.push("citation", "sup", 0).meta = {"number": number}
    state.pos = match.end()
    return True


def _citation_html(_self: Any, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
    citations: Citations = env["citations"]
    number = int(tokens[index].meta["number"])
    place = citations.cite(number)
    if place is None:
        return f"[{number}]"
    label = citations.label.format(number=number).replace('"', "&quot;")
    target = f"{citations.prefix}#source-{number}".replace('"', "%22")
    return f'<sup><a href="{target}" id="{place}" aria-label="{label}">[{number}]</a></sup>'


def _house_style(state: Any) -> None:
    levels = sorted({token.tag for token in state.tokens if token.type == "heading_open"})
    top = state.env.get("top", 3)
    for token in _walk(state.tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(top + levels.index(token.tag), 6)}"
        elif token.type == "link_open" and not str(token.attrGet("href") or "").startswith("#"):
            token.attrSet("rel", "nofollow noopener")
        elif token.type in ("td_open", "th_open"):
            # A style attribute would be refused by the content security policy.
            style = token.attrs.pop("style", None)
            if style in _ALIGNED:
                token.attrSet("class", _ALIGNED[str(style)])
    _run_their_own_way(state.tokens)


def _run_their_own_way(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.type in _BLOCKS and not token.hidden:
            token.attrSet("dir", "auto")
        elif token.hidden and token.type in ("paragraph_open", "paragraph_close"):
            # In a tight list, whose signs stay on the side of the page: only the words within run their own way.
            token.tag, token.hidden, token.block = "bdi", False, False


def _allowed_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "id":
        return value if _REF_ID.fullmatch(value) else None
    if name == "class":
        return value if value in _ALIGNED.values() else None
    if name == "dir":
        return "auto"
    if tag == "a" and name == "rel":
        return "nofollow noopener"
    return value


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_allowed_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
