"""The worthiness model: what ships, what it says of plain cases, and that it needs nothing but Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.extraction import features, worthiness
from claims.extraction.worthiness import Model

WORTHY = [
    "Unemployment fell to 3.9 percent in 2018, the lowest rate in fifty years.",
    "The United States spends more on health care than any other country.",
    "We lost 700,000 jobs last month.",
    "The number of refugees has doubled since 2015, according to the United Nations.",
    "The senator voted against the bill three times.",
    "More than 2,000 people were killed in the earthquake.",
]
UNWORTHY = [
    "Thank you very much.",
    "Good evening, and welcome to the show.",
    "I think we can do better.",
    "What do you want to do about it?",
    "Let me tell you something.",
    "I love this country.",
    "Read more",
    "We should all work together for a better future.",
]


@pytest.mark.parametrize("sentence", WORTHY)
def test_checkable_facts_are_worth_checking(sentence: str) -> None:
    assert worthiness.score([sentence])[0] >= 0.5


@pytest.mark.parametrize("sentence", UNWORTHY)
def test_thanks_wishes_and_questions_are_not(sentence: str) -> None:
    assert worthiness.score([sentence])[0] < 0.5


def test_facts_stand_above_everything_else() -> None:
    assert min(worthiness.score(WORTHY)) > max(worthiness.score(UNWORTHY))


def test_nothing_to_judge_scores_nothing() -> None:
    assert worthiness.score([]) == []
    assert worthiness.score(["", "  ", "…", "?!"]) == [0.0, 0.0, 0.0, 0.0]


def test_a_sentence_is_judged_alone() -> None:
    """Order and company change nothing, nor do the words remembered from before."""
    together = worthiness.score(WORTHY + UNWORTHY)
    assert together == [worthiness.score([sentence])[0] for sentence in WORTHY + UNWORTHY]
    assert list(reversed(worthiness.score(list(reversed(WORTHY))))) == together[: len(WORTHY)]
    fresh = Model.from_bytes(worthiness.MODEL_FILE.read_bytes())
    assert [fresh.score(sentence) for sentence in WORTHY] == together[: len(WORTHY)]


def test_the_model_file_is_small_and_written_the_same_way_twice() -> None:
    data = worthiness.MODEL_FILE.read_bytes()
    assert len(data) < 3_000_000
    model = Model.from_bytes(data)
    assert model.compact() == data
    assert Model.from_bytes(model.compact()).weights == model.weights


def test_the_total_is_what_the_features_say() -> None:
    """Counted by hand: each block's weights, divided by the square root of the block's length and one."""
    weights: dict[str, dict[str, float]] = {block: {} for block in features.BLOCKS}
    weights["w"]["jobs"] = 3.0
    weights["c"][" jo"] = 2.0
    model = Model(weights, bias=-1.0, threshold=0.5, slope=2.0)
    words = 5 + 4 + 3  # "<", three words and ">", their pairs and their triples
    chars = sum(len(features.char_features(word)) for word in ("jobs", "went", "down"))
    assert model.total("Jobs went down") == pytest.approx(
        -1 + 3 / (words + 1) ** 0.5 + 2 / (chars + 1) ** 0.5
    )
    assert model.curve(0.5) == 0.5


def test_walking_finds_the_same_sum_as_naming_every_feature() -> None:
    model = worthiness.shipped()
    articles = sorted((Path(__file__).parent / "articles").glob("*.txt"))
    lines = [line for path in articles for line in path.read_text(encoding="utf-8").split("\n")]
    for text in [*WORTHY, *UNWORTHY, *lines, "", "?", "a", "1", "< and >", "In 1999 3% of $5 was his 2nd?"]:
        assert model.total(text) == pytest.approx(model.total_by_name(text), abs=1e-9), text


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_walking_agrees_on_any_text(text: str) -> None:
    model = worthiness.shipped()
    assert model.total(text) == pytest.approx(model.total_by_name(text), abs=1e-9)


def test_scoring_needs_no_scikit_learn() -> None:
    code = (
        "import sys; from claims.extraction.worthiness import score; score(['Jobs fell by 5 percent.']);"
        "print(sorted(set(sys.modules) & {'sklearn', 'numpy', 'scipy', 'django'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=500))
def test_any_text_gets_a_score_between_0_and_1(text: str) -> None:
    (value,) = worthiness.score([text])
    assert 0.0 <= value <= 1.0
    assert worthiness.score([text]) == [value]
