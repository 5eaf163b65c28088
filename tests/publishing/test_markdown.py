"""Reasoning in Markdown: safe whatever it holds, citations that lead there and back."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.publishing.markdown import Citations, cited_numbers, plain, render, render_inline


class Seen(HTMLParser):
    """Everything an HTML reader would find."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.anchors = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.anchors += tag == "a"
        assert self.anchors < 2, "a link inside a link"
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self.anchors -= tag == "a"


ALLOWED = {
    "p",
    "br",
    "hr",
    "blockquote",
    "pre",
    "code",
    "em",
    "strong",
    "s",
    "bdi",
    "ul",
    "ol",
    "li",
    "h3",
    "h4",
    "h5",
    "h6",
    "a",
    "sup",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://tracker.example/p.gif)",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://a.example "\\" onmouseover=alert(1)")',
    "<svg/onload=alert(1)>",
    "</sup></a><iframe src=//a.example>",
    "`<script>`",
    "# <style>*{}</style>",
    "|a|\n|--|\n|<b onclick=x>|",
]


def assert_safe(html: str) -> None:
    seen = Seen(html)
    assert set(seen.tags) <= ALLOWED
    for tag, name, value in seen.attributes:
        assert (tag, name) in {
            ("a", "href"),
            ("a", "id"),
            ("a", "rel"),
            ("a", "aria-label"),
            ("a", "title"),
            ("ol", "start"),
            ("td", "class"),
            ("th", "class"),
        } or (name, value) == ("dir", "auto")
        if name == "href":
            assert not re.match(r"\s*(javascript|data|vbscript)\s*:", value, re.IGNORECASE)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_is_harmless(text: str) -> None:
    assert_safe(render(text, Citations(known={1})))
    assert_safe(render_inline(text, Citations(known={1})))


@given(
    st.lists(
        st.sampled_from([*HOSTILE, "[1]", "[a", "](https://a.example)", "**", "\n\n", "- ", "> ", "`", "a"])
        | st.text(max_size=8),
        max_size=8,
    )
)
def test_no_mixture_breaks_out(parts: list[str]) -> None:
    assert_safe(render("".join(parts), Citations(known={1})))


def test_citations_lead_to_the_source_and_back() -> None:
    citations = Citations(known={1, 2, 3})
    html = render("Seventy. [1] And more [1][2].", citations)
    assert html.count('href="#source-1"') == 2
    assert '<sup><a href="#source-1" id="ref-1-1" aria-label="Source 1">[1]</a></sup>' in html
    assert 'id="ref-1-2"' in html
    assert citations.places(1) == ["ref-1-1", "ref-1-2"]
    assert citations.unused() == [3]
    assert all(f'id="{place}"' in html for number in (1, 2) for place in citations.places(number))


def test_ids_stay_unique_over_several_texts() -> None:
    citations = Citations(known={1})
    html = render_inline("a [1]", citations) + render("b [1]", citations)
    ids = re.findall(r'id="([^"]+)"', html)
    assert ids == ["ref-1-1", "ref-1-2"]


def test_groups() -> None:
    html = render_inline("so [1, 3]", Citations(known={1, 3}))
    assert "#source-1" in html
    assert "#source-3" in html


def test_a_citation_without_source_is_reported_and_left_as_typed() -> None:
    citations = Citations(known={1})
    html = render_inline("so [7]", citations)
    assert html == "so [7]"
    assert citations.unresolved == [7]


@pytest.mark.parametrize("text", ["`[1]`", "    [1]", r"\[1\]", "[1](https://a.example)"])
def test_what_is_no_citation(text: str) -> None:
    citations = Citations(known={1})
    render(text, citations)
    assert citations.used == {}
    assert cited_numbers(text) == []


def test_a_citation_inside_a_link_text_wins_since_links_do_not_nest() -> None:
    html = render("[see *[1]*](https://a.example)", Citations(known={1}))
    assert html.count("<a ") == 1
    assert 'href="#source-1"' in html


def test_a_link_definition_does_not_take_over_a_citation() -> None:
    html = render("so [1]\n\n[1]: https://evil.example", Citations(known={1}))
    assert 'href="#source-1"' in html
    assert 'href="https://evil.example"' not in html
    assert ": https://evil.example" in html


def test_typed_html_is_shown_as_it_was_typed() -> None:
    assert render("<b>x</b>", Citations(known=())) == '<p dir="auto">&lt;b&gt;x&lt;/b&gt;</p>\n'


def test_a_picture_becomes_a_link() -> None:
    html = render("![chart](https://a.example/c.png)", Citations(known=()))
    assert html == '<p dir="auto">!<a href="https://a.example/c.png" rel="nofollow noopener">chart</a></p>\n'


def test_cited_numbers_in_order() -> None:
    assert cited_numbers("a [2]\n\n- b [1, 2]\n\n> c [9]") == [2, 1, 2, 9]


def test_links_outside_are_not_followed_and_tables_keep_alignment() -> None:
    html = render("[x](https://a.example)\n\n|n|\n|-:|\n|1|", Citations(known=()))
    assert 'rel="nofollow noopener"' in html
    assert '<td class="align-right" dir="auto">1</td>' in html
    assert "style=" not in html


def test_headings_start_below_the_sections_of_the_page() -> None:
    assert '<h3 dir="auto">a</h3>' in render("# a", Citations(known=()))
    headings = render("## a\n\n#### b\n\n## c", Citations(known=()))
    assert re.findall(r"<(h\d) [^>]*>(\w)", headings) == [("h3", "a"), ("h4", "b"), ("h3", "c")]
    assert '<h2 dir="auto">a</h2>' in render("## a", Citations(known=()), top=2)
    steep = "\n\n".join(f"{'#' * depth} x" for depth in range(1, 7))
    assert re.findall(r"<h(\d) ", render(steep, Citations(known=()))) == ["3", "4", "5", "6", "6", "6"]


def test_each_block_runs_the_way_of_its_own_words() -> None:
    """Items of lists do not, or their signs would stand on the other side, outside of the page on a phone."""
    html = render("# a\n\nb\n\n- c\n- d\n\n1. e\n\n2. f\n\n> g\n\n|h|\n|-|\n|i|", Citations(known=()))
    auto = re.findall(r'<(\w+)(?: [^>]*)? dir="auto">', html)
    assert auto == ["h3", "p", "p", "p", "p", "th", "td"]
    assert "<ul>\n<li>\n<bdi>c</bdi></li>\n<li>\n<bdi>d</bdi></li>\n</ul>" in html
    assert "<ol>\n<li>\n<p" in html
    assert "dir=" not in render_inline("a", Citations(known=()))


def test_base_address_for_texts_that_leave_the_page() -> None:
    html = render_inline("a [1]", Citations(known={1}, prefix="https://check.example/reports/x/"))
    assert 'href="https://check.example/reports/x/#source-1"' in html


def test_plain_words() -> None:
    assert plain("**Buses** got `69` per\ncent [1], [so](https://a.example).") == "Buses got 69 per cent, so."
