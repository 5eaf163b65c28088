"""One form per address, so that the same page pasted twice is seen as the same."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.integrations.errors import FetchError
from claims.integrations.urls import join, normalise, parse


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("HTTP://Gazette.TEST:80/a?utm_source=x&id=3#top", "http://gazette.test/a?id=3"),
        ("https://gazette.test:443", "https://gazette.test/"),
        ("https://gazette.test.", "https://gazette.test/"),
        ("https://gazette.test:8443/a", "https://gazette.test:8443/a"),
        ("https://gazette.test/a?fbclid=1&gclid=2&mc_cid=3&utm_medium=mail", "https://gazette.test/a"),
        ("https://gazette.test/a?b=2&a=1", "https://gazette.test/a?b=2&a=1"),
        ("https://gazette.test/a?flag", "https://gazette.test/a?flag"),
        ("https://gazette.test/%7eada/%c3%a9", "https://gazette.test/~ada/%C3%A9"),
        ("https://gazette.test/é", "https://gazette.test/%C3%A9"),
        ("https://Bücher.test/", "https://xn--bcher-kva.test/"),
        ("  https://gazette.test/a  ", "https://gazette.test/a"),
        ("https://gazette.test/watch?v=1&t=20s", "https://gazette.test/watch?v=1&t=20s"),
    ],
)
def test_normalise(given_url: str, expected: str) -> None:
    assert normalise(given_url) == expected


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(tail: str) -> None:
    try:
        once = normalise("https://gazette.test/" + tail)
    except FetchError:
        return
    assert normalise(once) == once
    assert once.isascii()


@given(st.text(max_size=80))
def test_parsing_anything_gives_an_address_or_a_sentence(url: str) -> None:
    for candidate in (url, "http://" + url):
        with contextlib.suppress(FetchError):
            target = parse(candidate)
            assert target.port in {80, 443}
            assert target.url.isascii()
            assert parse(target.url) == target


def test_join_is_relative_to_the_page() -> None:
    assert join("https://gazette.test/a/b", "../c") == "https://gazette.test/c"
    assert join("https://gazette.test/a", "//other.test/x") == "https://other.test/x"
