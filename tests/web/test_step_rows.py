"""Every thing that can have become of a step reads differently: its own word, its own sign."""

from __future__ import annotations

from claims.enums import StepOutcome
from claims.web import step_rows


def test_the_seven_outcomes_never_look_alike() -> None:
    """Broken build: give "not set up" the sign or the word of "nothing found"."""
    signs = [step_rows._SIGNS[outcome] for outcome in StepOutcome]
    assert len(signs) == 7
    waiting = [
        step_rows._STATES["queued"],
        step_rows._STATES["running"],
        step_rows._STATES["cancelled"],
        step_rows._HELD,
    ]
    words = [str(word) for _sign, _tone, word in [*signs, *waiting]]
    assert len(set(words)) == len(words)
    pictures = [sign for sign, _tone, _word in [*signs, *waiting]]
    assert len(set(pictures)) == len(pictures)
