"""The weighted sum of a sentence's features, without writing the features out.

``features.of`` names every feature, which training needs; most names are in no model, and making and looking up
five hundred strings a sentence is slow. Here the same sum is found by walking from word to word: a run of words
is followed only as long as the model holds some longer run that begins so. A test holds the two equal.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from itertools import chain, filterfalse
from typing import Any

from . import features

_W_LONGEST, _S_LONGEST = 3, 4
_MOST_TIMES = features.MOST_TIMES

# A node: the weight of the run that ends here, and the nodes of the words that may follow.
Node = tuple[float, dict[str, Any]]
Tree = dict[str, Node]


def tree(weights: dict[str, float]) -> Tree:
    """Runs of words ("in the", "in the last") by their first word, then by the next."""
    root: dict[str, list[Any]] = {}
    for name, weight in weights.items():
        level = root
        *front, last = name.split(" ")
        for word in front:
            level = level.setdefault(word, [0.0, {}])[1]
        level.setdefault(last, [0.0, {}])[0] = weight
    return _frozen(root)


_LEAF: dict[str, Any] = {}


def _frozen(level: dict[str, list[Any]]) -> Tree:
    return {word: (weight, _frozen(below) if below else _LEAF) for word, (weight, below) in level.items()}


def walk(root: Tree, names: list[str]) -> float:
    """The weights of all runs of ``names`` that the tree holds."""
    total = 0.0
    size = len(names)
    for at, name in enumerate(names, 1):
        node = root.get(name)
        while node is not None:
            total += node[0]
            below = node[1]
            if not below or at >= size:
                break
            node = below.get(names[at])
            at += 1
    return total


def _many(size: int, longest: int) -> int:
    """How many runs of up to ``longest`` there are in ``size`` names."""
    return sum(max(0, size - less) for less in range(longest))


class Scales:
    """The weights of one model, laid out for walking."""

    def __init__(self, weights: dict[str, dict[str, float]]) -> None:
        get = {block: weights.get(block, {}) for block in features.BLOCKS}
        self.words = tree(get["w"])
        self.shapes = tree(get["s"])
        self.clauses = get["p"]
        self.crossed: dict[str, dict[str, float]] = {}
        for name, weight in get["y"].items():
            self.crossed.setdefault(name[1:], {})[name[0]] = weight
        names, one = features.CLASS_NAMES, get["x"]
        self.times = {
            name: [sum(one.get(f"{name}{n}", 0.0) for n in range(1, most + 1)) for most in range(_MOST_TIMES + 1)]
            for name in names
        }
        self.pairs = {name: {other: one.get(f"{name}&{other}", 0.0) for other in names} for name in names}
        steps = len(features.LENGTHS) + 1
        self.long = [sum(one.get(f"long{n}", 0.0) for n in range(step + 1)) for step in range(steps)]
        self.class_long = {
            name: [one.get(f"{name}&long{step // 2}", 0.0) for step in range(steps)] for name in names
        }
        subjects = ("", *sorted(set(features.SUBJECTS.values())))
        self.class_subject = {
            name: {subject: one.get(f"{name}&{subject}", 0.0) for subject in subjects} for name in names
        }
        self.subject = {subject: one.get(f":{subject}", 0.0) for subject in subjects}
        self.question = one.get("?", 0.0)

    def weigh(self, sentence: str, toks: list[features.Token]) -> float:
        """The sum over all blocks but the characters."""
        found = features.clauses(toks)
        question = features.is_question(sentence)
        subject = features.first_subject(toks)
        counts: dict[str, int] = {}
        for name in chain.from_iterable([token.classes for token in toks]):
            counts[name] = counts.get(name, 0) + 1
        has_number = not features.NUMBER_CLASSES.isdisjoint(counts)
        words = ["<", *[token.word for token in toks], ">"]
        shapes = ["<", *[token.shape for token in toks], ">"]
        if toks:
            shapes[1] = toks[0].shape_first
        size = len(words)
        value = walk(self.words, words) / math.sqrt(_many(size, _W_LONGEST) + 1)
        value += walk(self.shapes, shapes) / math.sqrt(_many(size, _S_LONGEST) + 1)
        flags = features.flags(toks, found, counts, question, has_number)
        value += self._classes(toks, counts, subject, question)
        names = features.clause_features(toks, found, has_number)
        value += sum(filter(None, map(self.clauses.get, names))) / math.sqrt(len(names) + 1)
        return value + self._crossed(features.content_words(toks), flags)

    def _classes(self, toks: list[features.Token], counts: dict[str, int], subject: str, question: bool) -> float:
        step = bisect_right(features.LENGTHS, [token.is_word for token in toks].count(True))
        value = self.long[step] + self.subject[subject]
        many = step + 2
        for name, count in counts.items():
            count = min(count, _MOST_TIMES)
            many += count
            value += self.times[name][count]
        if question:
            counts["?"] = 1
            value += self.question
            many += 1
        names = sorted(counts)
        for n, name in enumerate(names, 1):
            value += sum(map(self.pairs[name].__getitem__, names[n:]))
            value += self.class_long[name][step] + self.class_subject[name][subject]
        size = len(names)
        return value / math.sqrt(many + size * (size - 1) // 2 + 2 * size + 1)

    def _crossed(self, words: list[str], flags: list[str]) -> float:
        value = 0.0
        for row in filterfalse(lambda row: row is None, map(self.crossed.get, words)):
            assert row is not None
            for flag in flags:
                value += row.get(flag, 0.0)
        return value / math.sqrt(len(words) * len(flags) + 1)
