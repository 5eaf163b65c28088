"""Limits: counted for all processes together, in Redis or in the table, and by what one visitor cannot choose."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory

from benchmarks.harness import Broker
from claims.domain import limits
from claims.models import RateBucket
from factcheck.address import counted_address

ROOT = Path(__file__).resolve().parents[2]
# Counts how many of a hundred tries it was granted, begun when its input is closed.
_TAKER = """
import sys, django
django.setup()
from claims.domain import limits
print("ready", flush=True)
sys.stdin.read()
print(sum(limits.take("the same", "1/d", 30) == 0.0 for _n in range(60)))
"""
# The one table that counting needs: migrating a whole desk takes longer than the rest of the test.
_ONLY_THIS_TABLE = """
import django
django.setup()
from django.db import connection
from claims.models import RateBucket
with connection.schema_editor() as editor:
    editor.create_model(RateBucket)
"""


@pytest.fixture
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    broker = Broker(tmp_path_factory.mktemp("v"), persistent=False)
    broker.start()
    yield broker
    broker.stop()


def holds_a_burst_and_fills(clock: Callable[[float], None]) -> None:
    assert [limits.take("a", "60/min", 3) for _n in range(3)] == [0.0] * 3
    assert limits.take("a", "60/min", 3) == pytest.approx(1, abs=0.01)
    assert limits.take("b", "60/min", 3) == 0.0, "each has its own"
    clock(1)
    assert limits.take("a", "60/min", 3) == 0.0
    assert limits.take("a", "60/min", 3) > 0
    clock(3600)
    assert [limits.take("a", "60/min", 3) for _n in range(3)] == [0.0] * 3, "no more than the burst is kept"
    assert limits.take("a", "60/min", 3) > 0


def test_a_bucket_in_the_table(db: None, clock: Callable[[float], None]) -> None:
    holds_a_burst_and_fills(clock)
    assert "a" not in set(RateBucket.objects.values_list("key", flat=True)), "names are kept as digests"
    clock(10)
    assert limits.forget_old() == 2
    assert RateBucket.objects.count() == 0


def test_who_waited_for_a_writer_is_judged_by_the_time_it_is_now(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([5.0, 0.0, 7.0, 7.0])  # another takes at 5; we begin at 0 and get to the table at 7
    monkeypatch.setattr(limits, "_now", lambda: next(times))
    RateBucket.objects.create(key=limits._key("a"), full_at=0.0)
    assert limits.take("a", "60/min", 1) == 0.0
    assert limits.take("a", "60/min", 1) == 0.0


def test_a_bucket_in_redis(settings: Any, valkey: Broker, clock: Callable[[float], None]) -> None:
    settings.LIMITS_REDIS_URL = valkey.url
    holds_a_burst_and_fills(clock)  # no fixture of the database: the table cannot have been asked


def test_a_redis_that_is_away_closes_nothing(
    settings: Any, db: None, valkey: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LIMITS_REDIS_URL = valkey.url
    monkeypatch.setattr(limits, "_resting_until", 0.0)
    assert limits.take("a", "1/d", 2) == 0.0
    valkey.kill()
    assert [limits.take("a", "1/d", 2) == 0.0 for _n in range(3)] == [True, True, False], "the table counts"


@pytest.mark.parametrize("store", ["table", "redis"])
def test_two_processes_count_together(store: str, tmp_path: Path, valkey: Broker) -> None:
    environment = {
        **os.environ, "FACTCHECK_VAR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'desk.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "factcheck.settings", "REDIS_URL": valkey.url if store == "redis" else "",
        "SECRET_KEY": "the same for both",
    }  # fmt: skip
    if store == "table":
        subprocess.run([sys.executable, "-c", _ONLY_THIS_TABLE], cwd=ROOT, env=environment, check=True)
    both = [
        subprocess.Popen([sys.executable, "-c", _TAKER], cwd=ROOT, env=environment, text=True,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _n in range(2)
    ]  # fmt: skip
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.close()
    granted = []
    for process in both:
        assert process.stdout is not None
        granted.append(int(process.stdout.read()))
        process.wait(timeout=30)
    assert sum(granted) == 30, granted


# --- whose bucket it is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "counted"),
    [("203.0.113.7", "203.0.113.7"), ("::ffff:203.0.113.7", "203.0.113.7"),
     ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
     ("2001:db8:1:3::1", "2001:db8:1:3::"), ("", None), ("nonsense", None)],
)  # fmt: skip
def test_what_a_visitor_can_choose_is_one_address(
    rf: RequestFactory, address: str, counted: str | None
) -> None:
    assert counted_address(rf.get("/", REMOTE_ADDR=address)) == counted
