"""Two figures side by side, with the sum written out. Nothing here says which of them is right."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from claims.matching.figures import Figure, comparable, in_percent

MOST_FIGURES = 6


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure of the claim beside what another text gives.

    ``relation`` is ``same``, ``fits`` (equal once rounded, or as "nearly" and "more than" allow) or ``apart``;
    ``others`` are the figures it was compared with, ``sum`` the arithmetic in plain signs.
    """

    figure: Figure
    others: tuple[Figure, ...]
    relation: str
    sum: str


def compare(one: Figure, other: Figure) -> Comparison | None:
    """The two as they stand; None where they do not belong side by side (people and euros)."""
    if not comparable(one, other):
        return None
    a, b = in_percent(one), in_percent(other)
    if a == b:
        return Comparison(one, (other,), "same", f"{_shown(one)} = {_shown(other)}")
    relation = "fits" if one.same_as(other) else "apart"
    return Comparison(one, (other,), relation, _difference(one, other, a, b))


def derive(one: Figure, present: Sequence[Figure]) -> list[Comparison]:
    """What pairs of amounts in one sentence come to, beside a percentage, share or multiple of the claim.

    A claim of a rise or fall is put beside the change between the two amounts; any other share beside the smaller
    as part of the larger; a multiple beside the quotient.
    """
    if one.kind not in {"percent", "share", "multiple"} or one.unit == "points":
        return []
    amounts = [figure for figure in present if figure.kind in {"amount", "money"}][:MOST_FIGURES]
    found = []
    for first, second in itertools.combinations(amounts, 2):
        if first.value != second.value and min(first.value, second.value) > 0 and _alike(first, second):
            found.append(_derived(one, first, second))
    return found


def _alike(first: Figure, second: Figure) -> bool:
    if first.kind != second.kind:
        return False
    return first.unit == second.unit or (first.kind == "amount" and not (first.unit and second.unit))


def _derived(one: Figure, first: Figure, second: Figure) -> Comparison:
    small, large = sorted((first, second), key=lambda figure: figure.value)
    if one.kind == "multiple":
        came = large.value / small.value
        target, words = one.value, f"{_number(large.value)} ÷ {_number(small.value)} = {_round(came)}"
    elif one.direction:
        base, new = (large, small) if one.direction < 0 else (small, large)
        change = (new.value - base.value) / base.value * 100
        came, target = abs(change), in_percent(one)
        words = (
            f"({_number(new.value)} − {_number(base.value)}) ÷ {_number(base.value)} = {_signed(change)} %"
        )
    else:
        came, target = small.value / large.value * 100, in_percent(one)
        words = f"{_number(small.value)} ÷ {_number(large.value)} = {_round(came)} %"
    step = max(one.step * (100 if one.kind == "share" else 1), Decimal("0.1"))
    gap = abs(came - target)
    relation = "same" if gap <= Decimal("0.05") else "fits" if gap <= max(step / 2, _slack(one)) else "apart"
    return Comparison(one, (first, second), relation, f"{words}; {_shown(one)}")


def _slack(one: Figure) -> Decimal:
    return in_percent(one) / 10 if one.rough in {"about", "below"} else Decimal(0)


def _difference(one: Figure, other: Figure, a: Decimal, b: Decimal) -> str:
    if one.kind == "year":
        years = abs(int(a - b))
        return f"{int(a)} − {int(b)} = {int(a - b)}" if years else f"{int(a)} = {int(b)}"
    if one.kind in {"percent", "share"}:
        return f"{_round(a)} % − {_round(b)} % = {_signed(a - b)} pp"
    share = f" ({_signed((a - b) / b * 100)} %)" if b else ""
    return f"{_number(a)} − {_number(b)} = {_signed(a - b)}{share}"


def _shown(figure: Figure) -> str:
    if figure.kind in {"percent", "share"}:
        return f"{_round(in_percent(figure))} %"
    return _round(figure.value) if figure.kind in {"multiple", "year"} else _number(figure.value)


def _number(value: Decimal) -> str:
    whole = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
    return f"{whole:,f}"


def _round(value: Decimal) -> str:
    short = value.quantize(Decimal("0.1"))
    return f"{short.quantize(Decimal(1)) if short == short.to_integral_value() else short:f}"


def _signed(value: Decimal) -> str:
    shown = _round(abs(value)) if abs(value) < 1000 else _number(abs(value).quantize(Decimal(1)))
    return f"{'−' if value < 0 else '+'}{shown}"
