"""Flat marks: nothing lost, nothing nested, offsets in code points."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from claims.extraction.sentences import paragraphs
from claims.web.spans import Span, around, cut
from tests.growth import faults

letters = st.text(alphabet="ab \n👩‍🌾é\u0301ש.", min_size=1, max_size=80)


@st.composite
def text_and_spans(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(letters)
    edges = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    pairs = draw(st.lists(edges, max_size=6))
    return text, [Span(key, min(p), max(p)) for key, p in enumerate(pairs, start=1) if p[0] != p[1]]


@given(text_and_spans())
@settings(max_examples=300, deadline=None)
def test_every_character_stands_in_one_piece_under_the_right_claims(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    seen: dict[int, tuple[int, ...]] = {}
    for paragraph in cut(text, spans):
        for piece in paragraph.pieces:
            assert piece.text
            assert text[piece.start : piece.end] == piece.text
            for offset in range(piece.start, piece.end):
                assert offset not in seen
                seen[offset] = piece.keys
    expected = {offset for first, last in paragraphs(text) for offset in range(first, last)}
    assert set(seen) == expected
    for offset, keys in seen.items():
        assert set(keys) == {span.key for span in spans if span.start <= offset < span.end}


@given(text_and_spans())
@settings(max_examples=200, deadline=None)
def test_each_claim_is_announced_once_before_its_first_visible_piece(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    announced: list[int] = []
    shown: set[int] = set()
    for paragraph in cut(text, spans):
        for piece in paragraph.pieces:
            announced += piece.begins
            assert set(piece.begins) == set(piece.keys) - shown
            shown |= set(piece.keys)
    assert len(announced) == len(set(announced))


def test_overlap_is_one_piece_with_two_claims_and_the_inner_one_wins() -> None:
    text = "Traffic fell by 31 per cent since the toll"
    outer, inner = Span(1, 0, len(text)), Span(2, 16, 27)
    (paragraph,) = cut(text, [outer, inner])
    overlap = next(piece for piece in paragraph.pieces if piece.overlap)
    assert overlap.text == "31 per cent"
    assert overlap.keys == (2, 1)
    assert [piece.text for piece in paragraph.pieces] == [
        "Traffic fell by ",
        "31 per cent",
        " since the toll",
    ]


def test_offsets_count_code_points_not_utf16_units() -> None:
    text = "👩‍👩‍👧 families stay\n\naway 📉 now"
    start = text.index("away")
    found = cut(text, [Span(7, start, start + 6)])
    piece = next(piece for piece in found[1].pieces if piece.keys)
    assert piece.start == start
    assert piece.text == "away 📉"


def test_a_span_over_a_paragraph_break_is_marked_on_both_sides() -> None:
    text = "First words.\n\nSecond words."
    first, second = cut(text, [Span(3, 6, 20)])
    assert [piece.keys for piece in first.pieces] == [(), (3,)]
    assert [piece.keys for piece in second.pieces] == [(3,), ()]
    assert first.pieces[1].begins == (3,)
    assert second.pieces[0].begins == ()


def test_spans_outside_the_text_are_left_out() -> None:
    (paragraph,) = cut("Short text", [Span(1, 4, 400), Span(2, -3, 2), Span(3, 5, 5)])
    assert all(not piece.keys for piece in paragraph.pieces)


def test_cost_grows_with_the_text_not_with_text_times_claims() -> None:
    """Broken build: let every span look at the whole text."""
    sentence = "The bridge carries 22,400 vehicles a day. "

    def work(text: str) -> None:
        cut(text, [Span(n, at, at + 30) for n, at in enumerate(range(0, len(text), 2 * len(sentence)))])

    assert faults(work, sentence * 2_400) == []


def test_context_is_cut_between_words() -> None:
    text = "alpha beta gamma DELTA epsilon zeta eta"
    found = around(text, 17, 22, reach=9)
    assert (found.before, found.words, found.after) == ("gamma ", "DELTA", " epsilon")
    assert found.cut_before
    assert found.cut_after
    whole = around(text, 17, 22)
    assert not whole.cut_before
    assert not whole.cut_after
    assert whole.before + whole.words + whole.after == text
