"""Published reports at the rate of the machine: how near a report's page comes to a page that asks nothing.

    python -m benchmarks.report_serving [--engine sqlite|postgres] [--reports 50000] [--seconds 2] [--rounds 5]

A real desk is filled with so many reports, each with a frozen version of its own, and served by two plain gunicorn
workers. In turns within one run: a constant Django view of the same size behind the same middleware (the control),
reports that were asked for before, the same with ``If-None-Match`` (304), reports whose page was made at publishing and
that nobody has asked these processes for, and reports spread evenly over all of them, whose pages were never made.
Ratios are medians of rates over the control's in the same round. Then the time of one request after another, spread
evenly, and the lists and the share card at 500 reports and at all.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from benchmarks import harness

HOT = 100
READY = 4000
FEW = 500
CONNECTIONS = 8
LISTS = (
    "/",
    "/reports/",
    "/reports/?topic=Economy",
    "/speakers/",
    "/corrections/",
    "/feeds/verdicts.atom",
    "/sitemap.xml",
    "/topics/",
    "/outlets/",
    "/articles/",
)
# The issue asks for 0.40 and 0.55 by one query, and for 1.0 where a version is kept in a process or as a file.
BARS = {"report": 1.0, "not_changed": 0.55, "report_first_asked": 0.40}


def main() -> int:
    """Fill, measure, print; the exit status says whether the bars were met."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--reports", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with harness.desk(engine=options.engine) as desk:
        from django.core.management import call_command

        call_command("demo", full=True, load_only=True, stdout=open("/dev/null", "w"))  # noqa: PTH123, SIM115
        few = _fill(FEW)
        with harness.gunicorn(desk, "benchmarks.serving_app", processes=2) as port:
            lists_few = {path: _median_ms(port, path) for path in LISTS}
        slugs = few + _fill(options.reports - FEW, start=FEW)
        _make_ready(slugs[HOT : HOT + READY])
        with harness.gunicorn(desk, "benchmarks.serving_app", processes=2) as port:
            result = run(port, slugs, options)
            result["share_card_ms"] = _median_ms(port, f"/reports/{slugs[0]}/card.png")
            result["lists_ms"] = {path: [lists_few[path], _median_ms(port, path)] for path in LISTS}
    result = {"engine": options.engine, "reports": len(slugs), **result}
    print(json.dumps(result, indent=2))
    met = (
        all(result["ratios"][name] >= bar for name, bar in BARS.items())
        and result["one_by_one_ms"]["p95"] < 20
    )
    return 0 if met else 1


def run(port: int, slugs: list[str], options: argparse.Namespace) -> dict[str, Any]:
    """Rounds of every kind, the control before each."""
    dice = random.Random(7)
    hot = slugs[:HOT]
    for slug in hot * 6:  # both processes have made them before anything is measured
        _ask(port, f"/reports/{slug}/")
    tags = {slug: _ask(port, f"/reports/{slug}/")[1]["ETag"] for slug in hot}

    ready = iter(slugs[HOT : HOT + READY] * 1000)

    def of(slug: str, **headers: str) -> tuple[str, dict[str, str]]:
        return f"/reports/{slug}/", headers

    kinds: dict[str, Callable[[], tuple[str, dict[str, str]]]] = {
        "report": lambda: of(dice.choice(hot)),
        "not_changed": lambda: (lambda slug: of(slug, **{"If-None-Match": tags[slug]}))(dice.choice(hot)),
        "report_first_asked": lambda: of(next(ready)),
        "report_never_made": lambda: of(dice.choice(slugs[HOT + READY :])),
    }
    rates: dict[str, list[float]] = {name: [] for name in ("constant", *kinds)}
    ratios: dict[str, list[float]] = {name: [] for name in kinds}
    for _round in range(options.rounds):
        for name, kind in kinds.items():
            control = _rate(port, lambda: ("/constant/", {}), options.seconds)
            rate = _rate(port, kind, options.seconds)
            rates["constant"].append(control)
            rates[name].append(rate)
            ratios[name].append(rate / control)
    times = sorted(_time(port, f"/reports/{slug}/") for slug in dice.sample(slugs, min(400, len(slugs))))
    return {
        "requests_a_second": {name: round(statistics.median(found)) for name, found in rates.items()},
        "ratios": {name: round(statistics.median(found), 3) for name, found in ratios.items()},
        "ratio_ranges": {
            name: [round(min(found), 3), round(max(found), 3)] for name, found in ratios.items()
        },
        "one_by_one_ms": {
            "p50": round(times[len(times) // 2], 2),
            "p95": round(times[int(len(times) * 0.95)], 2),
        },
        "page_bytes": len(_ask(port, f"/reports/{hot[0]}/")[2]),
    }


def _make_ready(slugs: list[str]) -> None:
    """What publishing does for each: the page, made before anybody asks."""
    from django.http import HttpRequest

    from claims.web.views import public

    for slug in slugs:
        request = HttpRequest()
        request.path = request.path_info = f"/reports/{slug}/"
        public.make_ready(request, slug)


def _ask(port: int, path: str, headers: dict[str, str] | None = None) -> tuple[int, Any, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip", **(headers or {})})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status in {200, 304}, (answer.status, path)
    return answer.status, answer.headers, body


def _rate(port: int, kind: Callable[[], tuple[str, dict[str, str]]], seconds: float) -> float:
    """Answers a second over several connections at once."""
    counts = [0] * CONNECTIONS
    end = time.perf_counter() + seconds

    def work(number: int) -> None:
        while time.perf_counter() < end:
            _ask(port, *kind())
            counts[number] += 1

    workers = [threading.Thread(target=work, args=(number,)) for number in range(CONNECTIONS)]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts), "no answer at all: see what the threads said"
    return sum(counts) / (time.perf_counter() - began)


def _time(port: int, path: str) -> float:
    began = time.perf_counter()
    _ask(port, path)
    return (time.perf_counter() - began) * 1000


def _median_ms(port: int, path: str) -> float:
    _ask(port, path)
    return round(statistics.median(_time(port, path) for _try in range(9)), 1)


def _fill(count: int, start: int = 0) -> list[str]:
    """So many copies of the demonstration's newest report, each with its own claim, slug, day and frozen version."""
    from datetime import timedelta

    from django.db import connection
    from django.utils import timezone

    from claims.domain import tallies
    from claims.models import Claim, Report, ReportVersion

    source = Report.objects.select_related("current_version", "claim").order_by("-published_at")[0]
    version, model = source.current_version, source.claim
    assert version is not None, "it is published"
    now = timezone.now()
    slugs = [f"report-{number}" for number in range(start, start + count)]
    for first in range(0, count, 1000):
        part = slugs[first : first + 1000]
        claims = Claim.objects.bulk_create(
            Claim(article_id=model.article_id, number=1000 + start + first + at, text=model.text, start=model.start,
                  end=model.end, speaker_id=model.speaker_id, status="published", status_since=now, created_at=now,
                  touched_at=now)
            for at in range(len(part))
        )  # fmt: skip
        days = [now - timedelta(minutes=start + first + at) for at in range(len(part))]
        reports = Report.objects.bulk_create(
            Report(claim=claim, slug=slug, drafted_by_id=source.drafted_by_id, approved_by_id=source.approved_by_id,
                   headline=source.headline, verdict_key=source.verdict_key, topic=source.topic, modified_at=day,
                   speaker=f"{source.speaker} {number % 5000}", speaker_slug=f"speaker-{(start + first + number) % 5000}",
                   outlet=source.outlet, outlet_slug=source.outlet_slug, language="en")
            for number, (claim, slug, day) in enumerate(zip(claims, part, days, strict=True))
        )  # fmt: skip
        versions = []
        for report in reports:
            text = version.document.replace(f'"slug":"{source.slug}"', f'"slug":"{report.slug}"')
            versions.append(
                ReportVersion(report=report, number=1, document=text, sha256=hashlib.sha256(text.encode()).hexdigest(),
                              author_id=version.author_id, approved_by_id=version.approved_by_id, created_at=now)
            )  # fmt: skip
        ReportVersion.objects.bulk_create(versions)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE claims_report SET published_at = modified_at, current_version_id = (SELECT v.id FROM "
            "claims_reportversion v WHERE v.report_id = claims_report.id) WHERE current_version_id IS NULL"
        )
    tallies.rebuild()
    return slugs


if __name__ == "__main__":
    sys.exit(main())
