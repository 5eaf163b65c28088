"""Reading other publishers' markup: patient with each record, flat in memory."""

import gzip
import io
import json
import random
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.publishing import importing, jsonstream
from claims.publishing.datafeed import datafeed
from claims.publishing.importing import ImportedCheck, Quarantined
from tests.publishing import samples

NASTY = Path(__file__).with_name("fixtures") / "nasty-feed.json"
REVIEW: dict[str, Any] = {
    "@context": "http://schema.org/",
    "@type": ["ClaimReview"],
    "url": "https://other.example/checks/1",
    "claimReviewed": "The bridge is closed",
    "author": [{"@type": "Organization", "name": "Other Check", "url": "https://other.example"}],
    "datePublished": "2024-05-06T07:08:09+02:00",
    "itemReviewed": {"@type": "CreativeWork", "author": {"name": "A mayor"}, "datePublished": "2024-05-01"},
    "reviewRating": {
        "ratingValue": "2",
        "bestRating": "5",
        "worstRating": "1",
        "alternateName": "Mostly false",
    },
}


def read(text: str | bytes) -> tuple[list[ImportedCheck], list[Quarantined]]:
    raw = text.encode() if isinstance(text, str) else text
    found = list(importing.read(io.BytesIO(raw)))
    good = [item for item in found if isinstance(item, ImportedCheck)]
    return good, [item for item in found if isinstance(item, Quarantined)]


def one(**changes: Any) -> ImportedCheck:
    return importing.normalise({**REVIEW, **changes})


def test_a_plain_record() -> None:
    assert one() == ImportedCheck(
        claim="The bridge is closed",
        url="https://other.example/checks/1",
        publisher="Other Check",
        publisher_url="https://other.example",
        rating="Mostly false",
        rating_value=2.0,
        best=5.0,
        worst=1.0,
        claimant="A mayor",
        reviewed_on=date(2024, 5, 6),
        claimed_on=date(2024, 5, 1),
    )


@pytest.mark.parametrize(
    ("given_item", "live", "archived"),
    [
        ({"appearance": "https://a.example/1"}, ("https://a.example/1",), ()),
        ({"appearance": {"url": "https://a.example/1"}}, ("https://a.example/1",), ()),
        ({"appearance": [{"url": "https://a.example/1"}, "https://b.example"], "firstAppearance": "https://b.example"},
         ("https://a.example/1", "https://b.example"), ()),
        ({"appearance": "https://web.archive.org/web/20240501000000/https://a.example/1"},
         ("https://a.example/1",), ("https://web.archive.org/web/20240501000000/https://a.example/1",)),
        ({"appearance": "javascript:alert(1)"}, (), ()),
        ({"appearance": [None, 3, {}]}, (), ()),
    ],
)  # fmt: skip
def test_appearances(given_item: dict[str, Any], live: tuple[str, ...], archived: tuple[str, ...]) -> None:
    check = one(itemReviewed=given_item)
    assert (check.appearances, check.archived) == (live, archived)


@pytest.mark.parametrize(
    "rating",
    [
        {"ratingValue": -1, "bestRating": -1, "worstRating": -1},
        {"ratingValue": "7", "bestRating": "5", "worstRating": "1"},
        {"ratingValue": 3},
        {"ratingValue": "three", "bestRating": 5, "worstRating": 1},
        {"ratingValue": 1, "bestRating": 1, "worstRating": 1},
    ],
)
def test_numbers_that_mean_nothing_are_dropped(rating: dict[str, Any]) -> None:
    check = one(reviewRating={**rating, "alternateName": "Falsch"})
    assert (check.rating_value, check.best, check.worst, check.rating) == (None, None, None, "Falsch")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ({"@value": "Misleading", "@language": "en"}, "Misleading"),
        (["Misleading", "Irreführend"], "Misleading"),
        ("  It&#39;s &amp;amp; was\n false ", "It's & was false"),
        (None, ""),
    ],
)
def test_rating_words_are_kept_verbatim_but_clean(word: Any, expected: str) -> None:
    assert one(reviewRating={"alternateName": word}).rating == expected


def test_item_as_text_and_publisher_from_the_address() -> None:
    check = one(itemReviewed="The moon is green", claimReviewed=None, author=None)
    assert check.claim == "The moon is green"
    assert check.publisher == "other.example"


@pytest.mark.parametrize(
    ("change", "reason"), [({"url": None}, "address"), ({"claimReviewed": ""}, "which claim")]
)
def test_what_is_missing_is_said(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(importing.UnreadableError, match=reason):
        one(**change)


def test_nasty_feed_gives_the_good_and_puts_the_bad_aside() -> None:
    good, bad = read(NASTY.read_bytes())
    assert [check.url.rsplit("/", 1)[1] for check in good] == ["1", "2", "3", "4", "5", "6"]
    assert {item.reason for item in bad} == {
        "holds no ClaimReview",
        "not JSON",
        "has no web address",
        "does not say which claim was checked",
    }


SHAPES = {
    "list": lambda items: json.dumps(items),
    "lines": lambda items: "\n".join(json.dumps(item) for item in items) + "\n",
    "scripts": lambda items: "\n".join(
        f'<script type="application/ld+json">{json.dumps(item)}</script>' for item in items
    ),
    "feed": lambda items: json.dumps(
        {"@type": "DataFeed", "dataFeedElement": [{"item": [item]} for item in items]}
    ),
    "pretty feed": lambda items: json.dumps({"@type": "DataFeed", "dataFeedElement": items}, indent=2),
    "bom": lambda items: "\ufeff" + json.dumps(items),
}


@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_all_shapes_give_the_same(shape: str, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonstream, "CHUNK", 97)
    text = SHAPES[shape]([REVIEW] * count)
    good, bad = read(text)
    if not (count == 0 and shape == "feed"):
        assert bad == []
    assert len(good) == count
    assert len(read(gzip.compress(text.encode()))[0]) == count


def test_one_object_over_many_lines() -> None:
    good, bad = read(json.dumps(REVIEW, indent=2))
    assert (len(good), bad) == (1, [])


def test_a_damaged_gzip_keeps_what_came_before() -> None:
    lines = "\n".join(json.dumps({**REVIEW, "headline": str(random.Random(n).random())}) for n in range(3000))
    packed = gzip.compress(lines.encode())
    good, bad = read(packed[: len(packed) // 2])
    assert len(good) > 100
    assert "damaged" in bad[-1].reason


def test_a_broken_element_does_not_take_the_next_with_it() -> None:
    whole = json.dumps(REVIEW)
    broken = [
        whole.replace(":", " ", 1),
        whole[:-1] + ",}",
        '{"claimReviewed": "say "what" now"}',
        "nonsense",
        '{"a": tru}',
    ]
    for item in broken:
        good, bad = read(f"[{whole},{item},{whole}]")
        assert len(good) == 2, item
        assert bad, item


def test_an_element_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonstream, "MAX_OBJECT", 2000)
    monkeypatch.setattr(jsonstream, "CHUNK", 500)
    good, bad = read("[" + json.dumps(REVIEW) + ',{"a": "' + "x" * 20_000)
    assert len(good) == 1
    assert any("does not end" in item.reason for item in bad)
    good, bad = read(json.dumps(REVIEW) + "\n" + "x" * 20_000 + "\n" + json.dumps(REVIEW))
    assert len(good) == 2
    assert any("longer" in item.reason for item in bad)


def test_a_file_of_nothing_but_beginnings_is_left_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them is looked through to the most that an object may be; ten thousand would keep a process for hours."""
    monkeypatch.setattr(jsonstream, "MAX_OBJECT", 2000)
    monkeypatch.setattr(jsonstream, "CHUNK", 500)
    walks: list[int] = []
    find = jsonstream._end_of_element
    monkeypatch.setattr(
        jsonstream,
        "_end_of_element",
        lambda text, start: walks.append(len(text) - start) or find(text, start),
    )
    good, bad = read("[" + json.dumps(REVIEW) + "," + '{"a":{},' * 10_000)
    assert len(good) == 1
    assert [item.reason for item in bad[-2:]] == [
        "the element does not end",
        "too many elements do not end: the rest of the file was left out",
    ]
    assert sum(walks) < 60_000


class Watched(io.BytesIO):
    """Remembers how far it was read."""

    furthest = 0

    def read(self, size: int | None = -1) -> bytes:
        block = super().read(size)
        self.furthest = max(self.furthest, self.tell())
        return block


def test_a_bomb_is_known_without_unpacking_it() -> None:
    bomb = Watched(gzip.compress(b" " * 300_000_000, 1))
    assert jsonstream.larger_than(bomb, 1_000_000)
    assert bomb.furthest < len(bomb.getvalue()) / 4
    assert bomb.tell() == 0
    for fits in (gzip.compress(b"[]"), b"[]", gzip.compress(b"[]" * 5000)[:40]):
        assert not jsonstream.larger_than(io.BytesIO(fits), 1_000_000)
    assert jsonstream.larger_than(io.BytesIO(b"[" * 11), 10)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*REVIEW, "name", "@value", "item", "x"]), inner, max_size=5)
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_record_however_strange_stops_the_import(value: Any) -> None:
    good, bad = read(
        json.dumps([value, {**REVIEW, "itemReviewed": value, "author": value, "reviewRating": value}])
    )
    assert len(good) + len(bad) >= 1


@given(st.text(max_size=300) | st.binary(max_size=300))
def test_no_file_however_strange_stops_the_import(data: str | bytes) -> None:
    read(data)


def test_our_own_feed_comes_back_whole() -> None:
    reports = [samples.report(uid="1"), samples.corrected(), samples.off_scale(), samples.retracted()]
    good, bad = read("".join(datafeed(reports, desk=samples.DESK, now=samples.LATER)))
    assert bad == []
    live = [report for report in reports if not report.retracted]
    for check, report in zip(good, live, strict=True):
        assert check.claim == report.claim.stated
        assert check.claimant == "Ilse Brandvoort"
        assert check.rating == report.verdict.word
        assert check.rating_value == report.verdict.position
        assert check.url == report.url
        assert (check.reviewed_on, check.claimed_on) == (report.published_at.date(), report.claim.said_on)


def test_memory_stays_flat_on_a_feed_of_tens_of_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    with path.open("w") as file:
        file.write('{"@type": "DataFeed", "dataFeedElement": [')
        padding = {"reviewBody": "word " * 400}
        for number in range(20_000):
            item = {**REVIEW, **padding, "url": f"https://other.example/checks/{number}"}
            file.write(("," if number else "") + json.dumps({"item": [item]}))
        file.write("]}")
    assert path.stat().st_size > 45_000_000
    script = f"""
        import pathlib, re
        from claims.publishing import importing
        with open({str(path)!r}, "rb") as file:
            count = sum(isinstance(item, importing.ImportedCheck) for item in importing.read(file))
        # The peak of this process alone: getrusage would count the parent's.
        peak = re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]
        print(count, int(peak) // 1024)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    count, megabytes = map(int, done.stdout.split())
    assert count == 20_000
    assert megabytes < 100
