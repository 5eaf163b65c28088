"""Word matching after BM25: which texts share the rare words of a question.

"Word match, not meaning": a negation, another year or another figure leaves the score nearly unchanged, so
``differences`` names them beside every hit. Formula: S. Robertson and H. Zaragoza, "The Probabilistic Relevance
Framework: BM25 and Beyond" (2009), with k1 = 1.2 and b = 0.75.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from claims.matching import figures
from claims.matching.words import STOP, content, is_negation, stem, words

K1 = 1.2
B = 0.75
SMALLEST = 1000
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Hit(Generic[Key]):
    """A text that shares words with the question. ``score`` is 1 for a text with all its words, 0 for none."""

    key: Key
    score: float
    shared: tuple[str, ...]


class Index(Generic[Key]):
    """A small index held in memory; made for some thousand short texts, built in linear time."""

    def __init__(self, texts: Iterable[tuple[Key, str]]) -> None:
        self._counts: dict[Key, Counter[str]] = {}
        self._postings: dict[str, list[Key]] = {}
        for key, text in texts:
            counts = Counter(content(text))
            self._counts[key] = counts
            for word in counts:
                self._postings.setdefault(word, []).append(key)
        lengths = {key: sum(counts.values()) for key, counts in self._counts.items()}
        self._lengths = lengths
        self._mean = sum(lengths.values()) / len(lengths) if lengths else 1.0

    def __len__(self) -> int:
        return len(self._counts)

    def search(self, question: str, limit: int = 10) -> list[Hit[Key]]:
        """The texts that share most, best first; ties in the order the texts came in."""
        asked = dict.fromkeys(content(question))
        if not asked or not self._counts:
            return []
        weights = {word: self._rarity(word) for word in asked}
        full = sum(weights.values())
        scores: dict[Key, float] = {}
        for word, weight in weights.items():
            for key in self._postings.get(word, ()):
                scores[key] = scores.get(key, 0.0) + weight * self._saturation(word, key)
        best = sorted(scores.items(), key=lambda item: -item[1])[:limit]
        return [
            Hit(key, min(1.0, score / full), tuple(word for word in asked if word in self._counts[key]))
            for key, score in best
        ]

    def _rarity(self, word: str) -> float:
        """Inverse document frequency; never negative, so that a word in all texts counts a little.

        A handful of texts says nothing about how rare a word is, so a small index counts as one of a thousand.
        """
        number = len(self._postings.get(word, ()))
        return math.log(1 + (max(len(self._counts), SMALLEST) - number + 0.5) / (number + 0.5))

    def _saturation(self, word: str, key: Key) -> float:
        count = self._counts[key][word]
        norm = 1 - B + B * self._lengths[key] / self._mean
        return count * (K1 + 1) / (count + K1 * norm)


@dataclass(frozen=True, slots=True)
class Differences:
    """What a word match hides: figures and years that stand on one side only, and negations that turn it round."""

    figures_here: tuple[str, ...] = ()
    figures_there: tuple[str, ...] = ()
    negated_here: bool = False
    negated_there: bool = False

    @property
    def any(self) -> bool:
        return bool(self.figures_here or self.figures_there or self.negated_here != self.negated_there)


def differences(here: str, there: str) -> Differences:
    """Figures, dates and negations in which two sentences differ, in their own words."""
    mine, yours = figures.parse(here), figures.parse(there)
    return Differences(
        figures_here=tuple(item.text for item in mine if not any(item.same_as(other) for other in yours)),
        figures_there=tuple(item.text for item in yours if not any(item.same_as(other) for other in mine)),
        negated_here=_negated(here),
        negated_there=_negated(there),
    )


def _negated(text: str) -> bool:
    return sum(is_negation(word.form) for word in words(text)) % 2 == 1


def shared_spans(question: str, text: str) -> list[tuple[int, int]]:
    """Where the words of ``question`` stand in ``text``, to be highlighted."""
    asked = set(content(question))
    return [
        (word.start, word.end) for word in words(text) if word.form not in STOP and stem(word.form) in asked
    ]
