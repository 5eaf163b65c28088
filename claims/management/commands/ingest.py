"""``manage.py ingest PATH_OR_URL``: take an article in, as the web form does."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.domain import articles, audit, steps
from claims.domain.people import Person
from claims.enums import ArticleState, Channel
from claims.exceptions import AlreadyHere, DeskError
from claims.models import Article, VerificationStep


class Command(BaseCommand):
    help = "Take in an article: a .txt, .html, .docx or .pdf file, a web address, or - for standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="PATH_OR_URL")
        parser.add_argument(
            "--as", dest="username", help="user name of the person who adds it (default: an editor)"
        )
        parser.add_argument("--title", default="")
        parser.add_argument("--outlet", default="")
        parser.add_argument("--topic", default="")
        parser.add_argument("--later", action="store_true", help="leave reading it to the worker")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = _person(options["username"])
        with audit.channel(Channel.COMMAND):
            try:
                article = self._receive(options["source"], actor, options)
            except AlreadyHere as error:
                article = Article.objects.get(pk=error.article_id)
                self.stdout.write(f"{error} Article {article.pk}: {article}")
                return
            except DeskError as error:
                raise CommandError(str(error)) from error
            if not options["later"]:
                _read_now(article)
        article.refresh_from_db()
        if article.state == ArticleState.FAILED:
            raise CommandError(article.problem)
        self.stdout.write(f"Article {article.pk}: {article} ({article.claims.count()} claims)")

    def _receive(self, source: str, actor: Any, options: dict[str, Any]) -> Article:
        details = {name: options[name] for name in ("title", "outlet", "topic")}
        if source.startswith(("http://", "https://")):
            return articles.receive_url(source, actor=actor, topic=options["topic"])
        if source == "-":
            return articles.receive_text(sys.stdin.read(), actor=actor, **details)
        path = Path(source)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{source} cannot be read: {error.strerror}. Check the path.") from error
        return articles.receive_file(content, path.name, actor=actor, **details)


def _person(username: str | None) -> Any:
    people = Person.objects.filter(is_active=True)
    found = people.filter(username=username) if username else people.filter(groups__name="editor")
    person = found.order_by("pk").first() or (None if username else people.filter(is_superuser=True).first())
    if person is None:
        raise CommandError("There is nobody to add it. Make an editor first, or name a person with --as.")
    return person


def _read_now(article: Article) -> None:
    """Do the article's own steps here; those of its claims are left to the worker."""
    for _round in range(2):
        for pk in VerificationStep.objects.filter(article=article).values_list("pk", flat=True):
            steps.run_step(pk)
