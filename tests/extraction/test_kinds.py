"""Reasons that a person understands, and kinds of claim."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.extraction.kinds import reasons_and_kinds

KINDS = ["quantity", "event", "causal", "comparison", "quote", "status", "law"]


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Unemployment stands at 4.5%.", "a number"),
        ("The fund holds two million dollars.", "a number"),
        ("It has been law since 1974.", "a date"),
        ("The talks ended on February 28.", "a date"),
        ("The company closed its plant.", "an event in the past"),
        ("Wages are lower than in France.", "compares"),
        ("The flood was caused by a broken dam.", "cause and effect"),
        ("The Supreme Court banned the practice.", "rule of law"),
        ("Nobody has ever crossed it.", "absolute (nobody)"),
        ("I think the plan is wonderful.", "opinion"),
        ("The bridge will open in May.", "prediction"),
        ("I've been to many summits.", "personal experience"),
        ("Did taxes rise?", "a question"),
        ("Thank you very much.", "courtesy"),
    ],
)
def test_a_reason_is_given(sentence: str, reason: str) -> None:
    assert reason in reasons_and_kinds(sentence)[0]


@pytest.mark.parametrize(
    ("sentence", "unwanted"),
    [
        ("The talks ended on February 28.", "a number"),
        ("It is difficult to imagine a third summit.", "a number"),
        ("Children need a good school.", "an event in the past"),
        ("Did taxes rise?", "an event in the past"),
        ("World War I changed Europe.", "personal experience"),
    ],
)
def test_a_reason_is_not_invented(sentence: str, unwanted: str) -> None:
    assert unwanted not in reasons_and_kinds(sentence)[0]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Exports rose by 5 percent.", "quantity"),
        ("The company closed its plant.", "event"),
        ("Smoking causes cancer.", "causal"),
        ("Wages are lower than in France.", "comparison"),
        ("He called it “a disgrace”.", "quote"),
        ("Canberra is the capital of Australia.", "status"),
        ("The treaty bans land mines.", "law"),
    ],
)
def test_the_kind_of_claim(sentence: str, kind: str) -> None:
    assert kind in reasons_and_kinds(sentence)[1]


def test_kinds_come_in_one_order() -> None:
    _, kinds = reasons_and_kinds(
        "In 2018 the treaty cut “dangerous” arms by 5%, more than the last, because it was the law."
    )
    assert kinds == [kind for kind in KINDS if kind in kinds]
    assert len(kinds) >= 5


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    reasons, kinds = reasons_and_kinds(text)
    assert set(kinds) <= set(KINDS)
    assert len(reasons) == len(set(reasons))
