"""Figures, quotations, names and word matching: the pure crafts behind the steps."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.matching import arithmetic, figures, lexical, names, quoting
from tests.growth import faults

# --- figures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "value", "unit"),
    [
        ("fallen by 31 per cent", "percent", "31", ""),
        ("up 2.5 percentage points", "percent", "2.5", "points"),
        ("nearly half of voters", "share", "0.5", ""),
        ("two-thirds of pupils", "share", "0.6667", ""),
        ("1 in 5 people", "share", "0.2", ""),
        ("four out of ten pupils", "share", "0.4", ""),
        ("1.2m people", "amount", "1200000", "people"),
        ("some 4,000 more passengers a day", "amount", "4000", "passengers"),
        ("twenty-five buses", "amount", "25", "buses"),
        ("a million euros", "money", "1000000", "EUR"),
        ("cost $3.5 billion", "money", "3500000000", "USD"),
        ("£12.50 each", "money", "12.5", "GBP"),
        ("5 km of track", "amount", "5000", "m"),
        ("prices doubled", "multiple", "2", ""),
        ("since 2019", "year", "2019", ""),
    ],
)
def test_a_figure_is_read(text: str, kind: str, value: str, unit: str) -> None:
    [figure] = figures.parse(text)
    assert (figure.kind, figure.unit) == (kind, unit)
    assert round(figure.value, 4) == Decimal(value)
    assert text[figure.start : figure.end].strip() == figure.text


@pytest.mark.parametrize("text", ["the third time", "one of them", "on 27 February", "COVID-19", "room B12"])
def test_what_is_no_figure_is_left_alone(text: str) -> None:
    assert figures.parse(text) == []


@pytest.mark.parametrize(
    ("claim", "source", "relation"),
    [
        ("nearly half of voters", "48 per cent of voters", "fits"),
        ("1.2m people", "1,187,300 people", "fits"),
        ("1.2m people", "1,487,300 people", "apart"),
        ("fell by a third", "fell by 33 per cent", "fits"),
        ("$3 billion", "3 billion dollars", "same"),
        ("5 km", "5,200 metres", "fits"),
        ("more than 300 people", "350 people", "fits"),
        ("more than 300 people", "250 people", "apart"),
        ("31 per cent", "27 per cent", "apart"),
        ("in 2019", "in 2018", "apart"),
    ],
)
def test_two_figures_side_by_side(claim: str, source: str, relation: str) -> None:
    found = arithmetic.compare(figures.parse(claim)[0], figures.parse(source)[0])
    assert found is not None
    assert found.relation == relation


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("rose by a third", "fell by a third"),
        ("300 people", "300 euros"),
        ("4 buses", "4 ferries"),
        ("2%", "2 pp"),
    ],
)
def test_what_does_not_belong_side_by_side_is_not_compared(claim: str, source: str) -> None:
    there = figures.parse(source)
    assert not there or arithmetic.compare(figures.parse(claim)[0], there[0]) is None


def test_the_sum_of_a_share_is_written_out() -> None:
    [share] = figures.parse("a quarter of the bridges")
    [found] = arithmetic.derive(share, figures.parse("12 of the 48 bridges"))
    assert (found.relation, found.sum) == ("same", "12 ÷ 48 = 25 %; 25 %")


# --- quotations ---------------------------------------------------------------------------------------------------

SPEECH = "Madam chair — “The city spends every single cent of the\n toll on buses”, and on nothing else. Thank you."


def test_marks_blanks_and_dashes_make_no_difference() -> None:
    place = quoting.find('"Every  single cent of the toll on buses"', SPEECH)
    assert place is not None
    assert place.exact
    assert SPEECH[place.start : place.end] == place.found


def test_differences_are_named() -> None:
    place = quoting.find("The city spends every cent of the toll on trams", SPEECH)
    assert place is not None
    assert not place.exact
    told = [(change.kind, change.quoted, change.source) for change in place.changes if change.kind != "same"]
    assert told == [("left_out", "", "single"), ("changed", "trams", "buses")]


def test_an_ellipsis_is_an_omission_and_shown_as_one() -> None:
    place = quoting.find("The city spends every cent … and on nothing else", SPEECH)
    assert place is not None
    assert not place.exact
    assert any(change.kind == "left_out" and "toll" in change.source for change in place.changes)


def test_words_that_are_not_there_are_absent() -> None:
    assert quoting.find("We shall never close the northern ferry terminal", SPEECH) is None
    assert quoting.find("", SPEECH) is None
    assert quoting.find("the of and to", "nothing of the kind") is None


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=400))
def test_any_text_may_be_searched_for_in_any(quote: str, text: str) -> None:
    place = quoting.find(quote, text)
    if place is not None:
        assert text[place.start : place.end] == place.found
    for figure in figures.parse(text):
        assert 0 <= figure.start < figure.end <= len(text)


def test_the_search_is_linear() -> None:
    """Broken build: begin at every word of the text anew, or look for a figure from each of its digits."""
    words = "word after word and nothing else to be found " * 3_000
    assert (
        faults(lambda text: quoting.find("the words that never come after word and nothing", text), words)
        == []
    )
    assert faults(figures.parse, words) == []
    assert faults(figures.parse, "1,2,3 " * 5_000) == []


# --- names and words ----------------------------------------------------------------------------------------------


def test_names_and_what_they_are() -> None:
    text = "Mayor Lena Brandt told the Harbour Commission in Port Marlow that the IMF and Dunn agreed."
    found = {name.text: name.kind for name in names.find(text, people=["Marek Dunn"])}
    assert found == {
        "Lena Brandt": "person",
        "Harbour Commission": "organisation",
        "Port Marlow": "place",
        "IMF": "organisation",
        "Dunn": "person",
    }


def test_a_hit_shares_rare_words_and_differences_are_named() -> None:
    index = lexical.Index(
        [("toll", "The bridge toll cut traffic by 27 per cent"), ("soup", "Leek soup is served on Fridays")]
    )
    [hit] = index.search("The toll did not cut traffic on the bridge by 31 per cent")
    assert hit.key == "toll"
    apart = lexical.differences(
        "The toll did not cut traffic by 31 per cent", "The toll cut traffic by 27 per cent"
    )
    assert (apart.figures_here, apart.figures_there) == (("31 per cent",), ("27 per cent",))
    assert (apart.negated_here, apart.negated_there) == (True, False)
