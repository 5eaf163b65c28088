"""The sweeper as a process: ``manage.py sweep``."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseFault
from django.db import connection

from claims.checks import say_at_start
from claims.domain import sweeping, workers
from claims.domain.sweeping import Swept

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Make good what brokers and workers lost: ring again, put back, give up, deliver, publish, seal."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")
        parser.add_argument(
            "--interval", type=float, default=None, help="seconds between rounds (SWEEP_SECONDS)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        holder = f"sweeper@{socket.gethostname()}:{os.getpid()}"
        if options["once"]:
            self.stdout.write(_in_words(sweeping.sweep(holder)))
            sweeping.leave_turn(holder)
            return
        self._rounds(holder, options["interval"] or settings.SWEEP_SECONDS)

    def _rounds(self, holder: str, interval: float) -> None:
        say_at_start()
        over = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: over.set())
        while not over.is_set():
            _one_round(holder)
            over.wait(interval)
        try:
            sweeping.leave_turn(holder)
            workers.gone(holder)
        except DatabaseFault:
            pass  # the lease lapses by itself
        connection.close()


def _one_round(holder: str) -> None:
    try:
        swept = sweeping.sweep(holder)
        if swept.put_back or swept.given_up:
            logger.info("swept", extra={"put_back": swept.put_back, "given_up": swept.given_up})
    except DatabaseFault as error:
        # The database restarts, or is busy: a fresh connection next round.
        logger.warning("sweep put off", extra={"why": type(error).__name__})
        connection.close()
    except Exception:  # one bad row must not end the process that looks after all the others
        logger.exception("sweep failed")


def _in_words(swept: Swept) -> str:
    if not swept.held:
        return "Another sweeper has the turn."
    return (
        f"Rung {swept.rung}, put back {swept.put_back}, given up {swept.given_up}, "
        f"messages {swept.delivered}, published {swept.published}, "
        f"late {swept.reminded}, daily mails {swept.digests}, sealed {'yes' if swept.sealed else 'no'}, "
        f"head kept {'yes' if swept.head_kept else 'no'}."
    )
