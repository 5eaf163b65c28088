"""How much a sentence is worth checking, between 0 and 1: a linear model that needs nothing but Python.

The model is trained by ``python -m benchmarks.train_worthiness`` and described in ``model/CARD.md``.
The score of a sentence is the sum of the weights of its features (``features``), each block divided
by the square root of its length, brought to 0..1 by a logistic curve that crosses 0.5 at the
threshold chosen in training.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from . import features
from .weighing import Scales

MODEL_FILE = Path(__file__).with_name("model") / "worthiness.gz"
_LEVELS = 127
_CACHED_WORDS = 30_000


@dataclass(slots=True)
class Model:
    """Weights by block and name of feature, and the curve from their sum to a worthiness."""

    weights: dict[str, dict[str, float]]
    bias: float
    threshold: float = 0.0
    slope: float = 1.0
    _by_word: dict[str, tuple[float, int]] = field(default_factory=dict)
    _scales: Scales | None = None

    def total(self, sentence: str) -> float:
        """The weighted sum, before the curve; greater means worthier."""
        toks = features.tokens(sentence)
        if self._scales is None:
            self._scales = Scales(self.weights)
        return self.bias + self._characters([token.word for token in toks]) + self._scales.weigh(sentence, toks)

    def total_by_name(self, sentence: str) -> float:
        """The same sum feature by feature, as training sees it: slow, to compare with."""
        seen = features.of(sentence)
        value = self.bias + self._characters(seen.words)
        for block, names in zip(features.LISTED, seen.lists, strict=True):
            known = filter(None, map(self.weights[block].get, names))
            value += sum(known) / math.sqrt(len(names) + 1)
        return value

    def score(self, sentence: str) -> float:
        """The worthiness, 0 to 1."""
        if not any(map(str.isalnum, sentence)):
            return 0.0
        return self.curve(self.total(sentence))

    def curve(self, total: float) -> float:
        """From a weighted sum to a worthiness: 0.5 at the threshold."""
        exponent = -self.slope * (total - self.threshold)
        return 1.0 / (1.0 + math.exp(min(50.0, max(-50.0, exponent))))

    def _characters(self, words: list[str]) -> float:
        """The part of the characters: one sum per word, remembered, since words return."""
        by_word = self._by_word
        value, length = 0.0, 0
        for word in words:
            known = by_word.get(word)
            if known is None:
                grams = features.char_features(word)
                weights = self.weights["c"]
                known = (sum(weights.get(gram, 0.0) for gram in grams), len(grams))
                if len(by_word) >= _CACHED_WORDS:
                    by_word.clear()
                by_word[word] = known
            value += known[0]
            length += known[1]
        return value / math.sqrt(length + 1)

    def compact(self) -> bytes:
        """The model as a file: gzip over a header line and one line "block, name, tab, level" per feature.

        A weight is kept as one of 255 levels, closer to each other near nothing. The same weights give
        the same bytes.
        """
        peak = max((abs(value) for names in self.weights.values() for value in names.values()), default=1.0)
        header = {"bias": self.bias, "threshold": self.threshold, "slope": self.slope, "peak": peak}
        lines = [json.dumps(header, sort_keys=True)]
        for block in features.BLOCKS:
            names = self.weights.get(block, {})
            levels = ((name, _level(names[name], peak)) for name in sorted(names))
            lines += [f"{block}{name}\t{level}" for name, level in levels if level]
        return gzip.compress("\n".join(lines).encode(), mtime=0)

    @classmethod
    def from_bytes(cls, data: bytes) -> Model:
        """Read what ``compact`` wrote."""
        first, _, rest = gzip.decompress(data).decode().partition("\n")
        header = json.loads(first)
        values = {str(level): _value(level, header["peak"]) for level in range(-_LEVELS, _LEVELS + 1)}
        weights: dict[str, dict[str, float]] = {block: {} for block in features.BLOCKS}
        for line in rest.split("\n"):
            name, _, level = line.rpartition("\t")
            weights[name[0]][name[1:]] = values[level]
        return cls(weights, header["bias"], header["threshold"], header["slope"])


def _level(weight: float, peak: float) -> int:
    return round(math.copysign(math.sqrt(abs(weight) / peak) * _LEVELS, weight))


def _value(level: int, peak: float) -> float:
    return math.copysign((level / _LEVELS) ** 2 * peak, level)


@cache
def shipped() -> Model:
    """The model that comes with the program, read when first needed."""
    return Model.from_bytes(MODEL_FILE.read_bytes())


def score(sentences: Sequence[str] | Iterable[str]) -> list[float]:
    """The worthiness of each sentence, 0 to 1; check-worthy from 0.5 up.

    Sentences are judged one by one, without the ones around them. The model knows English only.
    """
    model = shipped()
    return [model.score(sentence) for sentence in sentences]
