"""``manage.py generate_client``: write the typed Python client anew from the description of the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from drf_spectacular.generators import SchemaGenerator

from claims.api.client import generate


class Command(BaseCommand):
    help = "Write client/plumbline.py from the description of the API, or check that it is what that says."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Only say whether it is up to date.")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "client" / "plumbline.py"
        text = generate(SchemaGenerator().get_schema(request=None, public=True))  # type: ignore[no-untyped-call]  # the library has no types here
        if not options["check"]:
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"Wrote {path.name}, {text.count(chr(10))} lines.")
        elif path.read_text(encoding="utf-8") != text:
            raise CommandError("The client is not what the API says. Run: manage.py generate_client")
