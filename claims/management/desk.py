"""The processes that make up a desk on one machine, and what must be true before they start."""

from __future__ import annotations

import fcntl
import http.client
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from claims.management import broker
from claims.management.supervisor import Child, Supervisor

HOST = "127.0.0.1"
BROKER_SECONDS = 10.0
WEB_SECONDS = 90.0
DEATHS_BEFORE_GIVING_UP = 3


class NotStartedError(Exception):
    """The desk did not come up; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One broker, one worker with two processes, one sweeper and the web part, on one port."""

    port: int
    broker: broker.Broker

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        return f"http://{HOST}:{self.port}/"

    def children(self) -> list[Child]:
        """What has to run, in the order of starting."""
        python, manage = sys.executable, str(settings.BASE_DIR / "manage.py")
        common = {
            "REDIS_URL": self.broker.url,
            # A .env written for production names other hosts; this desk is reached at its own address all the same.
            "ALLOWED_HOSTS": ",".join(dict.fromkeys([*settings.ALLOWED_HOSTS, HOST, "localhost"])),
            "SITE_URL": os.environ.get("SITE_URL") or self.url.rstrip("/"),
            "PYTHONPATH": os.pathsep.join(
                filter(None, [str(settings.BASE_DIR), os.environ.get("PYTHONPATH")])
            ),
        }
        queues = ",".join(settings.FACTCHECK_QUEUES)
        worker = (
            *(python, "-m", "celery", "-A", "factcheck", "worker", "-Q", queues, "--concurrency", "2"),
            *("--without-gossip", "--without-mingle", "--loglevel", "INFO"),
        )
        web = (python, "-m", "gunicorn", "--config", "python:factcheck.serving", "factcheck.wsgi:application")
        bind = {"WEB_BIND": f"{HOST}:{self.port}", "WEB_THREADS": "4", "WEB_GRACE_SECONDS": "3"}
        # With SIGTERM as SIGQUIT the worker gives running steps a few seconds, then goes; their rows are put back.
        soft_end = {"REMAP_SIGTERM": "SIGQUIT"}
        own = [Child("broker", self.broker.command, foundation=True)] if self.broker.command else []
        return [
            *own,
            Child("worker", worker, {**common, **soft_end}),
            Child("sweeper", (python, manage, "sweep"), common),
            Child("web server", web, {**common, **bind}),
        ]

    def start(self, supervisor: Supervisor) -> None:
        """Start all of it and wait until it answers.

        Raises:
            NotStartedError: a part does not come up.
        """
        children = self.children()
        for child in [child for child in children if child.foundation]:
            supervisor.start(child)
        if not supervisor.wait_until(lambda: broker.answers(self.broker.url), BROKER_SECONDS):
            self._give_up(supervisor, "broker" if self.broker.command else "", "The broker does not answer")
        for child in [child for child in children if not child.foundation]:
            supervisor.start(child)
        supervisor.wait_until(lambda: self.answers() or self._hopeless(supervisor), WEB_SECONDS)
        if not self.answers():
            self._give_up(supervisor, "web server", f"Nothing answers at {self.url}healthz")

    def answers(self) -> bool:
        """Whether the web part says that it lives."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    @staticmethod
    def _hopeless(supervisor: Supervisor) -> bool:
        return supervisor.deaths("web server") >= DEATHS_BEFORE_GIVING_UP

    @staticmethod
    def _give_up(supervisor: Supervisor, name: str, sentence: str) -> None:
        if supervisor.stopping:
            return
        said = supervisor.last_lines(name) if name else ""
        raise NotStartedError(f"{sentence}." + (f" It last said:\n{said}" if said else " Look at REDIS_URL."))


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def port_problem(port: int) -> str:
    """Why the desk cannot listen on ``port``; empty when it can."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            return f"Port {port} may only be used by the administrator. Choose one above 1023: make demo PORT=8001."
        except OSError:
            return f"Port {port} is taken by another program. Choose another: make demo PORT={port + 1}."
        except OverflowError:
            return f"There is no port {port}. Choose one from 1024 to 65535."
    return ""


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder: two desks over one database and one broker socket would fight.

    Raises:
        NotStartedError: another demo runs there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "demo.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise NotStartedError(
                f"The demo of this folder is running already (process {lock.read().strip() or 'unknown'}). "
                "Stop it with Ctrl-C where it was started."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
