"""Which broker is used, and that one of our own really keeps what was rung."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from claims.management import broker


@contextmanager
def _running(found: broker.Broker) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(found.command, stdout=subprocess.DEVNULL)
    try:
        assert broker.wait(found.url, 10), "the broker did not come up"
        yield process
    finally:
        process.kill()
        process.wait()


def _client(found: broker.Broker) -> redis.Redis:
    return redis.Redis.from_url(found.url.replace("redis+socket", "unix", 1))


def test_a_named_broker_is_used_and_not_started(tmp_path: Path) -> None:
    found = broker.find(tmp_path, "redis://127.0.0.1:6390/1")
    assert (found.url, found.command) == ("redis://127.0.0.1:6390/1", ())
    assert list(tmp_path.iterdir()) == []


def test_what_was_rung_outlives_a_killed_broker(tmp_path: Path) -> None:
    found = broker.find(tmp_path)
    with _running(found):
        _client(found).rpush("verify", "one")
        assert _client(found).config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    with _running(found) as again:
        assert _client(found).lrange("verify", 0, -1) == [b"one"]
        again.send_signal(signal.SIGTERM)
        assert again.wait(timeout=5) == 0
    assert not broker.answers(found.url)


def test_the_socket_is_for_this_account_alone(tmp_path: Path) -> None:
    found = broker.find(tmp_path)
    with _running(found):
        path = Path(found.url.removeprefix("redis+socket://"))
        assert path == tmp_path / "broker.sock"
        assert path.stat().st_mode & 0o077 == 0


def test_a_long_path_still_gets_a_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    found = broker.find(deep)
    path = Path(found.url.removeprefix("redis+socket://"))
    assert len(str(path)) <= broker.LONGEST_SOCKET_PATH
    with _running(found):
        assert (deep / "broker" / "appendonlydir").is_dir()
    shutil.rmtree(path.parent)


def test_no_server_anywhere_is_one_clear_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "embedded_server", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(broker.NoBrokerError, match="set REDIS_URL"):
        broker.find(tmp_path)


def test_nobody_there_does_not_answer(tmp_path: Path) -> None:
    assert not broker.answers(f"redis+socket://{tmp_path}/nobody.sock")
    assert not broker.answers("redis://127.0.0.1:1/0")
    assert not broker.wait("redis://127.0.0.1:1/0", 0.2)
