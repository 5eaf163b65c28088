"""Print what extraction finds in an article. Needs no database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from claims.extraction import Extraction, extract

MAX_BYTES = 20_000_000


class Command(BaseCommand):
    """``manage.py extract PATH|- ... [--format json|jsonl|text] [--no-clean]``."""

    help = "Print the statements, speakers and dropped pieces of one or more articles ('-' reads standard input)."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths", nargs="+", metavar="PATH", help="text or HTML files, or - for standard input"
        )
        parser.add_argument("--format", choices=("json", "jsonl", "text"), default="json")
        parser.add_argument("--no-clean", action="store_true", help="leave the text untouched")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["paths"]:
            text = _read(path)
            found = extract(text, clean=not options["no_clean"], source="" if path == "-" else path)
            self.stdout.write(_printable(_render(found, options["format"])))


def _read(path: str) -> str:
    """The text of a file or of standard input; wrong bytes become replacement marks.

    Raises CommandError where the file cannot be read, is too large or is not text.
    """
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise CommandError(
            _("Cannot read %(path)s: %(why)s") % {"path": path, "why": error.strerror}
        ) from error
    if len(data) > MAX_BYTES:
        raise CommandError(_("%(path)s is larger than 20 MB.") % {"path": path})
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CommandError(_("%(path)s is not a text file.") % {"path": path})
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _render(found: Extraction, form: str) -> str:
    """One document in the wanted form."""
    if form == "json":
        return json.dumps(found.to_dict(), ensure_ascii=False, indent=2)
    if form == "jsonl":
        return json.dumps(found.to_dict(), ensure_ascii=False)
    lines = [found.title, ""] if found.title else []
    for statement in found.statements:
        who = statement.speaker or "-"
        if not statement.speaker_resolved:
            who += " (?)"
        lines.append(f"{statement.worthiness:.2f}  {statement.kind:<9}  {who}: {statement.text}")
    lines.extend(f"dropped ({piece.reason}): {piece.text}" for piece in found.dropped)
    return "\n".join(lines)


def _printable(text: str) -> str:
    """The text without lone surrogates, which no terminal or file can take."""
    return text.encode("utf-8", errors="replace").decode("utf-8")
