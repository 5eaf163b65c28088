"""How long the desk's pages take on a full desk, and how that grows.

    python -m benchmarks.desk_pages [--engine sqlite|postgres] [--claims 100000] [--lean] [--rounds 40] [--here]

Makes a desk of that size (see ``benchmarks.fill``), then opens each page as an editor and as a reviewer through the
whole of Django, middleware and templates included: server time without the network. Prints p50 and p95 in
milliseconds of real time, the queries of each page, and the rate of the claims' table against the plain administration's
list of the same table in the same run. ``--here`` measures the desk that ``benchmarks.fill`` made in the database that
the settings name. With ``--lean --claims 1000000`` and ``--claims 10000`` it shows growth.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks import fill, harness

BAR = {"p95_ms": 150, "over_admin": 2.5}


def main() -> int:
    """Measure and print; the exit status says whether the bars were kept."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--lean", action="store_true")
    parser.add_argument("--here", action="store_true")
    options = parser.parse_args()
    if options.here:
        return _judge(options, _measure_here(options.rounds))
    with harness.desk(engine=options.engine):
        begun = time.monotonic()
        fill.fill(options.claims, lean=options.lean)
        print(f"{options.claims:,} claims made in {time.monotonic() - begun:.0f} s", flush=True)
        report = measure(options.rounds)
    return _judge(options, report)


def _measure_here(rounds: int) -> dict[str, Any]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    import django

    django.setup()
    return measure(rounds)


def _judge(options: argparse.Namespace, report: dict[str, Any]) -> int:
    print(json.dumps({"engine": options.engine, "claims": options.claims, **report}, indent=2))
    slow = [name for name, row in report["pages"].items() if row["p95_ms"] > BAR["p95_ms"]]
    print(
        f"over {BAR['p95_ms']} ms: {', '.join(slow) or 'none'}; table {report['over_admin']} times the admin's rate"
    )
    return 0 if not slow and report["over_admin"] >= BAR["over_admin"] else 1


def measure(rounds: int) -> dict[str, Any]:
    """Every page in turn, so that a busy moment of the machine hits all of them."""
    from django.contrib.auth.models import User
    from django.test import Client

    from claims.models import Claim
    from factcheck import heap

    editor = User.objects.get(username="checker0")
    User.objects.filter(pk=editor.pk).update(is_staff=True, is_superuser=True)
    editor.refresh_from_db()
    clients: dict[str, Client] = {}
    for role, name in (("editor", "checker0"), ("reviewer", "checker7")):
        clients[role] = Client(headers={"host": "127.0.0.1"})
        clients[role].force_login(
            User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend"
        )
    middle = Claim.objects.filter(status="researching").order_by("-created_at", "-id")[50]
    pages = addresses(middle)
    asked: dict[str, Callable[[], float]] = {
        f"{name} ({role})": _opener(client, path)
        for role, client in clients.items()
        for name, path in pages.items()
    }
    asked["plain administration"] = _plain_administration(clients["editor"])
    heap.settle()  # as each web process does
    for ask in asked.values():
        ask()  # the first look at a page also reads its templates
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for _round in range(rounds):
        for name, ask in asked.items():
            taken[name].append(ask())
    rows = {
        name: {
            "p50_ms": round(statistics.median(times), 1),
            "p95_ms": round(sorted(times)[int(len(times) * 0.95)], 1),
            "queries": _queries(asked[name]),
        }
        for name, times in taken.items()
    }
    over = rows["plain administration"]["p50_ms"] / rows["claims (editor)"]["p50_ms"]
    return {"pages": rows, "over_admin": round(over, 2)}


def addresses(claim: Any) -> dict[str, str]:
    """What people have open all day, by name."""
    from urllib.parse import quote

    middle = quote(f"{claim.created_at.isoformat()}~{claim.pk}", safe="")
    return {
        "my work": "/desk/",
        "board": "/desk/board/",
        "claims": "/desk/claims/",
        "claims, three filters": "/desk/claims/?status=triaged&who=nobody&worth=75&order=worth",
        "claims, from the middle": f"/desk/claims/?after={middle}",
        "claims, searched": "/desk/claims/?q=ferry",
        "claims, searched for what nobody said": "/desk/claims/?q=quokka",
        "claims, late": "/desk/claims/?late=1&order=due",
        "claim": f"/desk/claims/{claim.pk}/",
        "article": f"/desk/articles/{claim.article_id}/",
        "articles": "/desk/articles/",
    }


def _plain_administration(client: Any) -> Callable[[], float]:
    """Django's own list of the same table as it comes: the same columns and joins, fifty rows, its full count.

    It is asked for like every other page: at an address of its own, through the middleware, by somebody logged in. The
    room is that of the administration, whose addresses ask for themselves who may come in.
    """
    from django.contrib import admin
    from django.urls import clear_url_caches, path

    import factcheck.urls
    from claims.models import Claim

    class Plain(admin.ModelAdmin[Claim]):
        list_display = (
            "text",
            "status",
            "speaker",
            "article",
            "assignee",
            "due_at",
            "worthiness",
            "priority",
        )
        list_select_related = ("speaker", "article", "assignee")
        list_per_page = 50

    site = admin.AdminSite("plain")
    site.register(Claim, Plain)
    factcheck.urls.urlpatterns.insert(0, path("admin/plain/", site.urls))
    clear_url_caches()
    return _opener(client, "/admin/plain/claims/claim/")


def _opener(client: Any, path: str) -> Callable[[], float]:
    def ask() -> float:
        begun = time.perf_counter()
        answer = client.get(path)
        taken = (time.perf_counter() - begun) * 1000
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        return taken

    return ask


def _queries(ask: Callable[[], float]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        ask()
    return len(seen)


if __name__ == "__main__":
    raise SystemExit(main())
