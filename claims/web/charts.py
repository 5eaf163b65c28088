"""Charts as the server draws them: places and lengths in per cent, so that words keep their size on every screen.

A chart has a title that says what was found, marks that differ by pattern as well as by colour, and a table of the
same figures, which is also its CSV.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

ROW = 40
COLUMNS_HIGH = 150
BASE = 24


@dataclass(frozen=True, slots=True)
class Table:
    """The figures behind a chart. The first cell of a row names it."""

    head: tuple[str, ...]
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a bar: where it begins, how long it is, and its pattern."""

    at: float
    width: float
    look: str
    count: str = ""

    @property
    def middle(self) -> float:
        return self.at + self.width / 2


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: its name, its figure in words, its stretches. ``y`` counts in pixels."""

    y: int
    name: str
    figure: str
    parts: tuple[Part, ...]

    @property
    def text_y(self) -> int:
        return self.y + 12

    @property
    def bar_y(self) -> int:
        return self.y + 18


@dataclass(frozen=True, slots=True)
class Column:
    """One upright mark: its place in per cent, its height in pixels, its pattern and figure."""

    at: float
    width: float
    y: float
    height: float
    look: str
    figure: str = ""

    @property
    def middle(self) -> float:
        return self.at + self.width / 2

    @property
    def figure_y(self) -> float:
        return self.y - 4


@dataclass(frozen=True, slots=True)
class Tick:
    """A name under the columns, anchored so that it never leaves the drawing."""

    at: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Key:
    """What a pattern stands for."""

    look: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing with its title, key and table. Without bars and columns it is the table alone."""

    name: str
    title: str
    table: Table
    note: str = ""
    bars: tuple[Bar, ...] = ()
    columns: tuple[Column, ...] = ()
    ticks: tuple[Tick, ...] = ()
    keys: tuple[Key, ...] = ()
    height: int = 0
    open: bool = False
    wide: bool = False

    @property
    def drawn(self) -> bool:
        return bool(self.bars or self.columns)

    @property
    def foot(self) -> int:
        """Where the columns stand."""
        return COLUMNS_HIGH - BASE

    @property
    def tick_y(self) -> int:
        return COLUMNS_HIGH - 6


def shorten(text: str, limit: int = 34) -> str:
    """A name that fits above its bar on a phone; the table has it in full."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def bars(
    rows: Sequence[tuple[str, str, Sequence[tuple[float, str]]]], *, most: float = 0
) -> tuple[tuple[Bar, ...], int]:
    """Lines of stretches, all to the same measure, with the height they need.

    Args:
        rows: name, figure in words, and for each stretch its value and its pattern.
        most: what the whole width stands for; else the longest line fills it.
    """
    most = (
        most or max((sum(value for value, _look in parts) for _name, _figure, parts in rows), default=0) or 1
    )
    made = []
    for at, (name, figure, parts) in enumerate(rows):
        stretches, begun = [], 0.0
        for value, look in parts:
            width = 100 * value / most
            if value:
                count = f"{value:g}" if len(parts) > 1 and width >= 7 else ""
                stretches.append(Part(round(begun, 3), round(width, 3), look, count))
            begun += width
        made.append(Bar(at * ROW, shorten(name), figure, tuple(stretches)))
    return tuple(made), len(rows) * ROW


def columns(
    rows: Sequence[tuple[str, Sequence[tuple[float, str]]]],
) -> tuple[tuple[Column, ...], tuple[Tick, ...]]:
    """Groups of upright marks side by side, with names under the first, the middle and the last group.

    Args:
        rows: the name under the group, and for each mark its value and its pattern.
    """
    most = max((value for _name, marks in rows for value, _look in marks), default=0) or 1
    room = COLUMNS_HIGH - BASE - 18
    step = 100 / max(1, len(rows))
    made, ticks = [], []
    for at, (name, marks) in enumerate(rows):
        width = step * 0.8 / max(1, len(marks))
        for place, (value, look) in enumerate(marks):
            high = room * value / most
            figure = f"{value:g}" if value and len(rows) * len(marks) <= 26 else ""
            left = at * step + step * 0.1 + place * width
            made.append(
                Column(round(left, 3), round(width * 0.92, 3), round(COLUMNS_HIGH - BASE - high, 1), round(high, 1), look, figure)
            )  # fmt: skip
        if at in {0, len(rows) // 2, len(rows) - 1}:
            anchor = "start" if at == 0 else "end" if at == len(rows) - 1 else "middle"
            place_of = {"start": 0.0, "end": 100.0}.get(anchor, at * step + step / 2)
            ticks.append(Tick(round(place_of, 3), name, anchor))
    return tuple(made), tuple(ticks)
