"""Looking through what the desk keeps: does it slow as copies grow?

    python -m benchmarks.own_texts [--engine sqlite|postgres] [--copies 1000 10000] [--words 1500] [--rounds 7]

Fills a desk of its own with made-up copies of so many words each, and asks three times over: the step "Where to look"
and the step that looks for a quotation (the part of both that finds documents, not the reading of those found), and the
library's search. Milliseconds, the median of the rounds, for words that nobody wrote, that one copy holds, and that
nearly all hold.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import random
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import harness

VOCABULARY = 30_000


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--copies", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--words", type=int, default=1500, help="of each copy")
    parser.add_argument("--rounds", type=int, default=7)
    return parser


def main() -> int:
    """Fill, ask, fill more, ask again; print the account as JSON."""
    options = arguments().parse_args()
    with harness.desk(engine=options.engine):
        writer, told = Writer(), {}
        for wanted in sorted(options.copies):
            writer.fill(wanted, options.words)
            told[str(wanted)] = ask(writer, options.rounds)
    harness.tell(told)
    return 0


class Writer:
    """Texts of made-up words, a few of them in nearly every text and most in hardly any, as in a language."""

    def __init__(self) -> None:
        self.chosen = random.Random(3)
        self.words = ["".join(self._syllables()) for _number in range(VOCABULARY)]
        self.weights = list(itertools.accumulate(1 / (number + 1) for number in range(VOCABULARY)))
        self.last = 0

    def _syllables(self) -> Iterator[str]:
        for _number in range(self.chosen.randint(2, 5)):
            yield self.chosen.choice("bcdfghjklmnprstvw") + self.chosen.choice("aeiou")

    def fill(self, wanted: int, length: int) -> None:
        """Copies until there are ``wanted``."""
        from django.db import connection
        from django.utils import timezone

        from claims.models import Snapshot

        while self.last < wanted:
            rows = []
            numbers = range(self.last + 1, min(self.last + 500, wanted) + 1)
            for number in numbers:
                words = self.chosen.choices(self.words, cum_weights=self.weights, k=length)
                text = " ".join([f"mark{number}of", *words])
                rows.append(
                    Snapshot(
                        sha256=hashlib.sha256(text.encode()).hexdigest(), url=f"https://source.test/{number}",
                        content=text.encode(), text=text, taken_at=timezone.now(),
                    )
                )  # fmt: skip
            Snapshot.objects.bulk_create(rows)
            self.last = numbers[-1]
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def ask(writer: Writer, rounds: int) -> dict[str, Any]:
    """Milliseconds of each question."""
    from claims.domain import library
    from claims.models import Snapshot
    from claims.steps import quote_check

    asked = {
        "nobody's": ["xyzzyxy", "qwertyqw"],
        "of one": [f"mark{writer.last // 2}of", f"mark{writer.last // 3}of"],
        "of nearly all": writer.words[:2],
    }
    told: dict[str, Any] = {}
    for name, words in asked.items():
        some = (
            Snapshot.objects.holding(*([word] for word in words))
            .defer("content", "warc")
            .order_by("-pk")[:60]
        )
        pairs = Snapshot.objects.holding(*quote_check._pairs(words)).order_by("-pk").values("pk")[:40]
        told[name] = {
            "where to look": _median(lambda found=some: list(found.all()), rounds),  # type: ignore[misc]
            "quotation": _median(lambda found=pairs: list(found.all()), rounds),  # type: ignore[misc]
            "library": _median(lambda said=words: list(library.search(" ".join(said))[:50]), rounds),  # type: ignore[misc]
        }
    return told


def _median(question: Callable[[], object], rounds: int) -> float:
    taken = []
    for _round in range(rounds):
        begun = time.perf_counter()
        question()
        taken.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(taken), 1)


if __name__ == "__main__":
    raise SystemExit(main())
