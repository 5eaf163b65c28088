"""Measure check-worthiness: ``python -m benchmarks.worthiness DATA``.

Four folds over ``ncs25``; a text stands in one fold only, and rows of ``crowdsourced`` with a text of
the fold under test are never in its training. Weights, threshold and slope come from the other folds
alone. Intervals: 95%, bootstrap over sentences, 1,000 draws with a fixed seed.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.train_worthiness import Row, Table, fold_of, load, train
from claims.extraction.worthiness import MODEL_FILE, Model

FOLDS = 4
DRAWS = 1_000

Measure = Callable[[Sequence[float], Sequence[bool]], float]


def precision(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """Of those called check-worthy, how many are."""
    called = [label for score, label in zip(scores, labels, strict=True) if score >= 0.5]
    return sum(called) / len(called) if called else 0.0


def recall(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """Of the check-worthy, how many were called so."""
    found = sum(label and score >= 0.5 for score, label in zip(scores, labels, strict=True))
    return found / sum(labels) if any(labels) else 0.0


def f1(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """F1 of the check-worthy class."""
    p, r = precision(scores, labels), recall(scores, labels)
    return 2 * p * r / (p + r) if p + r else 0.0


def average_precision(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """How high the check-worthy stand when sorted by score: the mean of the precision at each of them."""
    found, total = 0, 0.0
    for rank, i in enumerate(sorted(range(len(scores)), key=lambda i: -scores[i]), 1):
        if labels[i]:
            found += 1
            total += found / rank
    return total / found if found else 0.0


def calibration_error(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """Mean distance between score and share of check-worthy, over ten equal steps of the score."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(10)]
    for score, label in zip(scores, labels, strict=True):
        bins[min(9, int(score * 10))].append((score, label))
    return sum(abs(sum(s for s, _ in b) - sum(y for _, y in b)) for b in bins if b) / len(scores)


def interval(measure: Measure, scores: Sequence[float], labels: Sequence[bool]) -> tuple[float, float]:
    """The 95% bootstrap interval over sentences."""
    chance = random.Random(20190228)
    values = []
    for _ in range(DRAWS):
        drawn = chance.choices(range(len(scores)), k=len(scores))
        values.append(measure([scores[i] for i in drawn], [labels[i] for i in drawn]))
    values.sort()
    return values[int(DRAWS * 0.025)], values[int(DRAWS * 0.975)]


def out_of_fold(rows: Sequence[Row]) -> tuple[list[float], list[bool]]:
    """Scores of all ``ncs25`` rows by models that never saw their texts, and the labels."""
    table = Table([row.text for row in rows])
    scores: list[float] = []
    labels: list[bool] = []
    for fold in range(FOLDS):
        model = train(table, rows, [i for i, row in enumerate(rows) if fold_of(row.text, FOLDS) != fold])
        held = [row for row in rows if row.core and fold_of(row.text, FOLDS) == fold]
        scores += [model.score(row.text) for row in held]
        labels += [row.worthy for row in held]
    return scores, labels


def speed(texts: Sequence[str], runs: int = 5) -> tuple[float, float, float]:
    """Sentences a second of processor time: median, least and most of ``runs``, each with a model that starts anew."""
    rates = []
    for _ in range(runs):
        model = Model.from_bytes(MODEL_FILE.read_bytes())
        start = time.process_time()
        for text in texts:
            model.score(text)
        rates.append(len(texts) / (time.process_time() - start))
    rates.sort()
    return rates[runs // 2], rates[0], rates[-1]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Measure check-worthiness on ClaimBuster.")
    parser.add_argument("data", type=Path, help="folder that holds claimbuster/")
    options = parser.parse_args()
    rows = load(options.data)
    scores, labels = out_of_fold(rows)
    print("| measure (ClaimBuster 2.5xNCS, 4 text-disjoint folds) | value | 95% interval |")
    print("|---|---|---|")
    measures: tuple[tuple[str, Measure], ...] = (
        ("F1 of the check-worthy class", f1),
        ("precision", precision),
        ("recall", recall),
        ("average precision", average_precision),
        ("calibration error", calibration_error),
    )
    for name, measure in measures:
        low, high = interval(measure, scores, labels)
        print(f"| {name} | {measure(scores, labels):.3f} | {low:.3f} to {high:.3f} |")
    median, slowest, fastest = speed([row.text for row in rows if row.core])
    print(
        f"| sentences a second, one core, shipped model | {median:,.0f} | {slowest:,.0f} to {fastest:,.0f} (5 runs) |"
    )


if __name__ == "__main__":
    main()
