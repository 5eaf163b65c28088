"""Speed, growth of cost and memory of extraction, and the seconds that texts made to be slow take.

    python -m benchmarks.extraction_speed [DATA] [--seconds 5] [--rounds 2]

Measured in processor time of one process, so that other work on the machine counts less. With DATA the
articles of ``polnear/dev.jsonl.gz`` are used, else made-up news text; figures are scaled to 700 words an article.
"""

from __future__ import annotations

import argparse
import os
import resource
import time

_PARAGRAPHS = (
    "The council approved the new harbour on Monday by nine votes to four, ending a dispute of six years. “We have waited long "
    "enough,” said Ilse Brandt, the mayor of Norhaven. She added that the work would cost 41 million crowns.",
    "According to the regional audit office, the first plan was 12 percent cheaper. Brandt told reporters that “no other bid was "
    "complete”, while Tomas Reek, who leads the opposition, called the figures a fairy tale.",
    "Two people briefed on the talks said the builder had asked for more time. The company declined to comment. In 2019 it lost "
    "a case over unpaid wages, and the court ordered it to pay 3.2 million crowns.",
    "Traffic through the old port fell by a third between 2014 and 2021. Experts at the Norhaven Institute expect it to fall "
    "further, though their last report warned that fuel prices made every forecast uncertain.",
)


def made_up(words: int) -> str:
    """News-like text of about so many words."""
    parts: list[str] = []
    count = 0
    while count < words:
        part = _PARAGRAPHS[len(parts) % len(_PARAGRAPHS)]
        parts.append(part)
        count += len(part.split())
    return "\n\n".join(parts)


def best(text: str, rounds: int = 3) -> float:
    """Least processor seconds of a few runs."""
    from claims.extraction import extract

    times = []
    for _ in range(rounds):
        begin = time.process_time()
        extract(text)
        times.append(time.process_time() - begin)
    return min(times)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description="Speed, growth and memory of extraction, as a Markdown table."
    )
    parser.add_argument("data", nargs="?", default=os.environ.get("FACTCHECK_DATA", ""))
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument(
        "--rounds", type=int, default=2, help="runs of each hostile text, of which the best counts"
    )
    options = parser.parse_args()
    from claims.extraction import extract

    extract(made_up(50))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if options.data:
        from benchmarks.attribution import load

        texts = [item["text"] for item in load(options.data, "dev", None)]
    else:
        texts = [made_up(700)]
    begin = time.process_time()
    done = words = statements = 0
    while time.process_time() - begin < options.seconds:
        text = texts[done % len(texts)]
        statements += len(extract(text).statements)
        words += len(text.split())
        done += 1
    spent = time.process_time() - begin
    print("| measure | value |\n|---|---|")
    print(f"| articles of 700 words a second, one core | {words / 700 / spent:.0f} |")
    print(f"| statements a second | {statements / spent:.0f} |")
    print(f"| memory after import and one article | {memory:.0f} MB |")
    sizes = [62_500, 125_000, 250_000, 500_000, 1_000_000]
    times = [best((made_up(size // 5))[:size]) for size in sizes]
    for (small, before), (large, after) in zip(
        zip(sizes, times, strict=True), list(zip(sizes, times, strict=True))[1:], strict=False
    ):
        print(
            f"| time for {large:,} characters against {small:,} | {after / before:.2f} times ({after:.2f} s) |"
        )

    hostile(options.rounds)


def hostile(rounds: int) -> None:
    """The rows for the texts of ``tests.extraction.hostile``, 100,000 characters each, as pasted and as they are."""
    from claims.extraction import extract
    from tests.extraction.hostile import HOSTILE

    seconds: list[tuple[float, str]] = []
    for name, text in HOSTILE.items():
        best_of = []
        for _ in range(rounds):
            begin = time.process_time()
            extract(text)
            cleaned = time.process_time()
            extract(text, clean=False)
            best_of.append(max(cleaned - begin, time.process_time() - cleaned))
        seconds.append((min(best_of), name))
    slowest, name = max(seconds)
    over = sum(value >= 1 for value, _ in seconds)
    print(f"| hostile texts of 100 kB that take 1 s or more, of {len(seconds)} | {over} |")
    print(f'| slowest of them, "{name}" | {slowest:.2f} s |')


if __name__ == "__main__":
    main()
