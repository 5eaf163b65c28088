"""Train the worthiness model: ``python -m benchmarks.train_worthiness DATA``.

DATA is a folder with ``claimbuster/ncs25.jsonl.gz`` and ``claimbuster/crowdsourced.jsonl.gz``
(ClaimBuster: sentences of US presidential debates, CC BY 4.0, doi 10.5281/zenodo.3609356).
Needs scikit-learn; the model it writes does not.

A logistic regression with balanced classes over features that weigh more beforehand the more unevenly they stand
in the two classes. The rows of ``crowdsourced`` that are not in ``ncs25``
count ``EXTRA_WEIGHT`` of one that is, a figure chosen by trying four on the folds. The
threshold is where as many sentences are called check-worthy as are labelled so, on predictions that
never saw the sentence: a stable stand-in for the best F1. The slope is then fitted to the labels.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import re
from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from claims.extraction import features
from claims.extraction.worthiness import MODEL_FILE, Model

EXTRA_WEIGHT = 0.4
REGULARISATION = 0.5
#: How much a feature weighs before training whatever it says; the rest goes by how unevenly it stands in the two classes.
EVEN_SHARE = 0.5
KEPT_FEATURES = 120_000
INNER_FOLDS = 3
#: How much a block weighs before training, and in how many sentences a feature must stand to be seen.
SCALE = {"w": 0.2, "c": 0.2, "s": 0.2, "x": 0.2, "p": 0.2, "y": 0.3}
LEAST = {"w": 2, "c": 3, "s": 3, "x": 5, "p": 3, "y": 4}


class Row(NamedTuple):
    """A labelled sentence. ``core``: it belongs to ``ncs25``, the set that results are reported on."""

    text: str
    worthy: bool
    core: bool


def same_text(text: str) -> str:
    """What two sentences share that count as one text."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def fold_of(text: str, folds: int, salt: str = "") -> int:
    """The fold of a text: by its words alone, so that equal texts never stand on both sides."""
    return int(hashlib.sha256((salt + same_text(text)).encode()).hexdigest(), 16) % folds


def _read(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def load(data: Path) -> list[Row]:
    """All rows: ``ncs25`` first, then those of ``crowdsourced`` whose text is not in it."""
    folder = data / "claimbuster"
    rows = [Row(row["text"], row["label"] == 1, True) for row in _read(folder / "ncs25.jsonl.gz")]
    known = {same_text(row.text) for row in rows}
    for row in _read(folder / "crowdsourced.jsonl.gz"):
        if same_text(row["text"]) not in known:
            rows.append(Row(row["text"], row["verdict"] == 1, False))
    return rows


class Table:
    """The features of all rows as a sparse matrix, made once and cut by folds."""

    def __init__(self, texts: Sequence[str]) -> None:
        import numpy as np
        from scipy import sparse

        index: dict[str, int] = {}
        columns, values, ends = array("l"), array("d"), array("l", [0])
        for text in texts:
            for block, names in _all_lists(features.of(text)):
                share = 1 / math.sqrt(len(names) + 1)
                for name, count in Counter(names).items():
                    columns.append(index.setdefault(block + name, len(index)))
                    values.append(count * share)
            ends.append(len(columns))
        self.names = list(index)
        self.matrix = sparse.csr_matrix(
            (np.array(values), np.array(columns), np.array(ends)), shape=(len(texts), len(index))
        )


def _all_lists(seen: features.Seen) -> list[tuple[str, list[str]]]:
    chars = [gram for word in seen.words for gram in features.char_features(word)]
    return [("c", chars), *zip(features.LISTED, seen.lists, strict=True)]


def fit(table: Table, rows: Sequence[Row], chosen: Sequence[int]) -> Model:
    """A model from the chosen rows, without threshold and slope."""
    import numpy as np
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    part = table.matrix[np.array(chosen)]
    spread = np.asarray((part > 0).sum(axis=0)).ravel()
    wanted = np.array([LEAST[name[0]] for name in table.names])
    columns = np.flatnonzero(spread >= wanted)
    scale = np.array([SCALE[table.names[column][0]] for column in columns])
    factor = scale * (np.log((1 + len(chosen)) / (1 + spread[columns])) + 1)
    worthy = np.array([rows[i].worthy for i in chosen])
    trust = np.array([1.0 if rows[i].core else EXTRA_WEIGHT for i in chosen])
    factor = factor * (EVEN_SHARE + (1 - EVEN_SHARE) * unevenness(part[:, columns] > 0, worthy, trust))
    fitted = LogisticRegression(
        C=REGULARISATION, solver="liblinear", class_weight="balanced", random_state=0
    ).fit(
        part[:, columns] @ sparse.diags(factor),
        worthy.astype(int),
        sample_weight=trust,
    )
    weights = fitted.coef_[0] * factor
    # What a feature can still say over all sentences: its weight and how often it is met.
    worth = np.abs(weights) * np.sqrt(spread[columns])
    heaviest = np.argsort(-worth, kind="stable")[:KEPT_FEATURES]
    kept: dict[str, dict[str, float]] = {block: {} for block in features.BLOCKS}
    for i in heaviest:
        name = table.names[columns[i]]
        kept[name[0]][name[1:]] = float(weights[i])
    # Through the file format, so that what is measured is what ships.
    return Model.from_bytes(Model(kept, float(fitted.intercept_[0])).compact())


def unevenness(present: Any, worthy: Any, trust: Any) -> Any:
    """How far the odds of each feature differ between the classes, 1 on average: naive Bayes as a scale (Wang and Manning, 2012)."""
    import numpy as np

    yes, no = present.T @ (trust * worthy) + 1, present.T @ (trust * ~worthy) + 1
    distance = np.abs(np.log(yes / (trust * worthy).sum()) - np.log(no / (trust * ~worthy).sum()))
    return distance / distance.mean()


def train(
    table: Table, rows: Sequence[Row], chosen: Sequence[int], say: Callable[[str], None] = lambda _: None
) -> Model:
    """A complete model from the chosen rows: weights, and threshold and slope from unseen predictions."""
    totals: list[float] = []
    labels: list[bool] = []
    for fold in range(INNER_FOLDS):
        learn = [i for i in chosen if fold_of(rows[i].text, INNER_FOLDS, "inner ") != fold]
        held = [i for i in chosen if rows[i].core and fold_of(rows[i].text, INNER_FOLDS, "inner ") == fold]
        model = fit(table, rows, learn)
        totals += [model.total(rows[i].text) for i in held]
        labels += [rows[i].worthy for i in held]
        say(f"inner fold {fold + 1} of {INNER_FOLDS} done")
    model = fit(table, rows, chosen)
    model.threshold = round(base_rate_threshold(totals, labels), 4)
    model.slope = round(best_slope([total - model.threshold for total in totals], labels), 4)
    return model


def base_rate_threshold(totals: Sequence[float], labels: Sequence[bool]) -> float:
    """The value above which as many sentences lie as are labelled check-worthy."""
    ordered = sorted(totals, reverse=True)
    cut = sum(labels)
    return (ordered[cut - 1] + ordered[cut]) / 2


def best_slope(distances: Sequence[float], labels: Sequence[bool]) -> float:
    """The slope of the logistic curve through the threshold under which the labels are likeliest."""

    def loss(slope: float) -> float:
        return sum(
            math.log1p(math.exp(-slope * distance if label else slope * distance))
            for distance, label in zip(distances, labels, strict=True)
        )

    return min((step / 20 for step in range(4, 61)), key=loss)


def main() -> None:
    """Train on everything and write the model file."""
    parser = argparse.ArgumentParser(description="Train the worthiness model.")
    parser.add_argument("data", type=Path, help="folder that holds claimbuster/")
    parser.add_argument("--out", type=Path, default=MODEL_FILE, help="where to write the model")
    options = parser.parse_args()
    rows = load(options.data)
    print(f"{len(rows)} sentences, {sum(row.worthy for row in rows)} check-worthy")
    table = Table([row.text for row in rows])
    model = train(table, rows, range(len(rows)), print)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(model.compact())
    size = options.out.stat().st_size
    print(
        f"{sum(map(len, model.weights.values()))} features, threshold {model.threshold}, slope {model.slope}, {size} bytes"
    )


if __name__ == "__main__":
    main()
