"""A whole desk on one machine: ``manage.py demo``."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from claims.domain import demo
from claims.management import broker, desk, smoke
from claims.management.supervisor import Supervisor


class Command(BaseCommand):
    """Broker, worker, sweeper and web server with a sample article and people to log in as."""

    help = "Bring up a whole desk on this machine with a sample article, until Ctrl-C."
    requires_system_checks: list[str] = []  # they read every address of the site, which takes seconds

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--full", action="store_true", help="load a desk in the middle of its work")
        parser.add_argument(
            "--load-only", action="store_true", help="fill the database of the settings, then stop"
        )
        parser.add_argument("--smoke", action="store_true", help="try everything once on a throw-away desk")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--reset-passwords", action="store_true", help="give the demo people new passwords"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["smoke"]:
            self._smoke(options["full"])
        elif options["load_only"]:
            report = self._load(options["full"], options["reset_passwords"])
            self._say(f"Loaded: {_counted(report)}.")
            self._logins(report)
        else:
            self._run(options["port"], options["full"], options["reset_passwords"])

    def _say(self, line: str) -> None:
        try:
            self.stdout.write(line)
            self.stdout.flush()
        except OSError:
            pass  # the terminal is gone; what is running must still be stopped in order

    def _smoke(self, full: bool) -> None:
        try:
            smoke.run(self._say, full=full)
        except smoke.SmokeError as error:
            raise CommandError(f"Smoke test failed: {error}") from error

    def _load(self, full: bool, reset_passwords: bool) -> demo.LoadReport:
        call_command("migrate", verbosity=0, interactive=False)
        return demo.load(full, reset_passwords=reset_passwords)

    def _run(self, port: int, full: bool, reset_passwords: bool) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "The demo is not for production. Unset FACTCHECK_MODE, or see docs/operations.md."
            )
        try:
            with desk.alone_in(settings.VAR_DIR):
                if problem := desk.port_problem(port):
                    raise desk.NotStartedError(problem)
                found = broker.find(settings.VAR_DIR, os.environ.get("REDIS_URL", ""))
                self._say("Preparing the database ...")
                report = self._load(full, reset_passwords)
                self._serve(desk.Desk(port, found), report)
        except (desk.NotStartedError, broker.NoBrokerError) as error:
            raise CommandError(str(error)) from error

    def _serve(self, here: desk.Desk, report: demo.LoadReport) -> None:
        supervisor = Supervisor(settings.VAR_DIR / "logs", self._say)
        with supervisor.signals():
            try:
                self._say(f"Starting worker, sweeper and web server, with {here.broker.name} as broker ...")
                here.start(supervisor)
                if not supervisor.stopping:
                    self._greet(here, report)
                    supervisor.run()
                self._say("Stopping ...")
            finally:
                supervisor.stop()
        self._say("All stopped.")

    def _greet(self, here: desk.Desk, report: demo.LoadReport) -> None:
        self._say(f"\nThe desk is open: {here.url}  ({_counted(report)})\n")
        self._logins(report)
        self._say(f"\nLogs: {settings.VAR_DIR / 'logs'}. Ctrl-C stops all of it; what was done is kept.")

    def _logins(self, report: demo.LoadReport) -> None:
        width = max(len(person.username) for person in report.people)
        self._say("People to log in as:")
        for person in report.people:
            password = person.password or "password as printed the first time"
            self._say(f"  {person.username:<{width}}  {person.role:<8}  {password}")
        if not all(person.password for person in report.people):
            self._say(
                "For new passwords start it again with --reset-passwords (make demo ARGS=--reset-passwords)."
            )


def _counted(report: demo.LoadReport) -> str:
    parts = ((report.articles, "article"), (report.claims, "claim"), (report.reports, "published report"))
    return ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in parts)
