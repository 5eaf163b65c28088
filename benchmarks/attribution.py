"""Quotations and their speakers, measured on PolNeAR.

    python -m benchmarks.attribution DATA [--split dev] [--limit N] [--resamples 1000] [--jobs 1]

DATA holds ``polnear/dev.jsonl.gz`` (one article a line: ``text`` and ``attributions``, each with the spans of
source, cue and content).

How it is matched
    Gold: every attribution with content, mental states ("believes", "wants") among them.
    Ours: the statements of ``extract(text, clean=False)`` with a kind other than "statement". PolNeAR has one
    attribution for a quotation of several sentences, so statements that carry the same ``attribution``
    number count as one, with the union of their content spans.
    Quote found: pairs (gold, ours) in falling order of overlap / gold length, in characters; each used once;
    a pair counts above the threshold. F1 from the matched pairs.
    Speaker right: of the pairs matched at 0.3, source spans overlap, or both are empty.
    By kind: a gold attribution is direct where at least 90% of its characters other than white space stand
    within quotation marks, mixed where at least 5% do, else indirect. Found: Jaccard index of the characters
    with one of ours is at least 0.5 (each of ours used once, best first).
    Intervals: 95%, percentile bootstrap over documents.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from claims.extraction import extract
from claims.extraction.quotes import find_quotes
from claims.extraction.sentences import paragraphs

Spans = list[tuple[int, int]]
KINDS = ("direct", "mixed", "indirect")


def length(spans: Iterable[Sequence[int]]) -> int:
    """Characters covered by disjoint spans."""
    return sum(end - start for start, end in spans)


def overlap(left: Iterable[Sequence[int]], right: Sequence[Sequence[int]]) -> int:
    """Characters that two sets of disjoint spans share."""
    return sum(max(0, min(end, stop) - max(start, begin)) for start, end in left for begin, stop in right)


def gold_kind(content: Spans, quoted: Spans, text: str) -> str:
    """Direct, mixed or indirect, by the share of the content within quotation marks."""
    inside = outside = 0
    for start, end in content:
        for at in range(start, end):
            if text[at].isspace():
                continue
            if any(begin <= at < stop for begin, stop in quoted):
                inside += 1
            else:
                outside += 1
    share = inside / max(1, inside + outside)
    return "direct" if share >= 0.9 else "mixed" if share >= 0.05 else "indirect"


def predictions(text: str) -> list[tuple[Spans, Spans]]:
    """(content spans, source spans) of each attribution found."""
    groups: dict[Any, tuple[Spans, Spans]] = {}
    for index, statement in enumerate(extract(text, clean=False).statements):
        if statement.kind == "statement" or not statement.content:
            continue
        key = ("alone", index) if statement.attribution is None else statement.attribution
        content, source = groups.setdefault(key, ([], []))
        content.extend(span for span in statement.content if span not in content)
        if statement.speaker_span and statement.speaker_span not in source:
            source.append(statement.speaker_span)
    return [(merged(content), merged(source)) for content, source in groups.values()]


def merged(spans: Spans) -> Spans:
    """The spans in order, overlapping ones joined."""
    done: Spans = []
    for start, end in sorted(spans):
        if done and start < done[-1][1]:
            done[-1] = (done[-1][0], max(end, done[-1][1]))
        else:
            done.append((start, end))
    return done


def best_pairs(scores: list[tuple[float, int, int]]) -> list[tuple[float, int, int]]:
    """Greedy one-to-one matching, best first."""
    used_gold: set[int] = set()
    used_ours: set[int] = set()
    chosen = []
    for value, gold, ours in sorted(scores, key=lambda item: (-item[0], item[1], item[2])):
        if gold not in used_gold and ours not in used_ours:
            used_gold.add(gold)
            used_ours.add(ours)
            chosen.append((value, gold, ours))
    return chosen


def source_right(gold: Sequence[Sequence[int]], ours: Spans) -> bool:
    """Source spans overlap, or both are empty."""
    return overlap(gold, ours) > 0 if gold and ours else not gold and not ours


def counts(document: dict[str, Any]) -> Counter[str]:
    """Everything that the table needs of one document, as sums."""
    text = document["text"]
    gold = [item for item in document["attributions"] if item["content"]]
    ours = predictions(text)
    quoted = [quote.inner for quote in find_quotes(text, paragraphs(text)) if quote.depth == 0]
    ratios, jaccards = [], []
    for g, item in enumerate(gold):
        size = length(item["content"])
        for o, (content, _) in enumerate(ours):
            shared = overlap(item["content"], content)
            if shared:
                ratios.append((shared / max(1, size), g, o))
                jaccards.append((shared / (size + length(content) - shared), g, o))
    total: Counter[str] = Counter(gold=len(gold), ours=len(ours))
    pairs = best_pairs(ratios)
    for threshold in (0.3, 0.8):
        hits = [(g, o) for value, g, o in pairs if value > threshold]
        total[f"found{threshold}"] = len(hits)
        total[f"speaker{threshold}"] = sum(source_right(gold[g]["source"], ours[o][1]) for g, o in hits)
    found = {g: o for value, g, o in best_pairs(jaccards) if value >= 0.5}
    total["jaccard"] = len(found)
    for g, item in enumerate(gold):
        kind = gold_kind(item["content"], quoted, text)
        total[f"{kind}.gold"] += 1
        if g in found:
            total[f"{kind}.found"] += 1
            total[f"{kind}.right"] += source_right(item["source"], ours[found[g]][1])
    return total


def ratio(top: float, bottom: float) -> float:
    """A share; 0 where there is nothing to share."""
    return top / bottom if bottom else 0.0


def figures(total: Counter[str]) -> dict[str, float]:
    """The measures of a set of documents, from their sums."""
    row: dict[str, float] = {}
    for threshold in (0.3, 0.8):
        hits = total[f"found{threshold}"]
        precision, recall = ratio(hits, total["ours"]), ratio(hits, total["gold"])
        row[f"quote found, precision @{threshold}"] = precision
        row[f"quote found, recall @{threshold}"] = recall
        row[f"quote found, F1 @{threshold}"] = ratio(2 * precision * recall, precision + recall)
        row[f"speaker right, of those found @{threshold}"] = ratio(total[f"speaker{threshold}"], hits)
    row["quote found, F1 at Jaccard 0.5"] = ratio(2 * total["jaccard"], total["gold"] + total["ours"])
    for kind in KINDS:
        row[f"{kind}: found"] = ratio(total[f"{kind}.found"], total[f"{kind}.gold"])
        row[f"{kind}: found with the right speaker"] = ratio(total[f"{kind}.right"], total[f"{kind}.gold"])
    return row


def interval(documents: list[Counter[str]], resamples: int, seed: int = 13) -> dict[str, tuple[float, float]]:
    """95% percentile bootstrap interval of each measure, documents drawn with replacement."""
    draw = random.Random(seed)
    rows: list[dict[str, float]] = []
    for _ in range(resamples):
        total: Counter[str] = Counter()
        for _ in documents:
            total.update(draw.choice(documents))
        rows.append(figures(total))
    bounds: dict[str, tuple[float, float]] = {}
    for name in rows[0] if rows else ():
        values = sorted(row[name] for row in rows)
        bounds[name] = (
            values[int(0.025 * len(values))],
            values[min(len(values) - 1, int(0.975 * len(values)))],
        )
    return bounds


def load(data: str, split: str, limit: int | None) -> list[dict[str, Any]]:
    """The articles of a split. Exits with a sentence where the file is absent."""
    path = Path(data) / "polnear" / f"{split}.jsonl.gz"
    if not path.is_file():
        sys.exit(f"There is no {path}. Give the folder that holds polnear/, or set FACTCHECK_DATA.")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines][:limit]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Quotations and speakers on PolNeAR, as a Markdown table.")
    parser.add_argument("data", nargs="?", default=os.environ.get("FACTCHECK_DATA", ""))
    parser.add_argument("--split", default="dev")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    documents = load(options.data, options.split, options.limit)
    if options.jobs > 1:
        with ProcessPoolExecutor(options.jobs) as pool:
            measured = list(pool.map(counts, documents, chunksize=8))
    else:
        measured = [counts(document) for document in documents]
    total: Counter[str] = Counter()
    for item in measured:
        total.update(item)
    bounds = interval(measured, options.resamples)
    sizes = ", ".join(f"{kind} {total[f'{kind}.gold']}" for kind in KINDS)
    print(
        f"PolNeAR {options.split}: {len(documents)} articles, {total['gold']} attributions ({sizes}); ours {total['ours']}\n"
    )
    print("| measure | value | 95% interval |\n|---|---|---|")
    for name, value in figures(total).items():
        low, high = bounds.get(name, (value, value))
        print(f"| {name} | {value:.3f} | {low:.3f} to {high:.3f} |")


if __name__ == "__main__":
    main()
