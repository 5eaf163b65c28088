"""Fills a desk with the demonstration content of ``claims/demo/``, through the same verbs that people use.

Nothing is written past the door: the demo desk's audit trail verifies like any other. Loading twice changes nothing.
"""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils import timezone

from claims.domain import articles, audit, steps
from claims.domain.demo_claims import ClaimLoader
from claims.enums import Channel
from claims.exceptions import AlreadyHere
from claims.models import (
    Article,
    Claim,
    DeskSettings,
    Page,
    Profile,
    RatingLevel,
    RatingScale,
    Report,
    VerificationStep,
)
from claims.queue import hushed

FOLDER = Path(__file__).resolve().parent.parent / "demo"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Who can log in; ``password`` only where it was made just now."""

    username: str
    name: str
    role: str
    password: str | None


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What the desk holds after loading."""

    people: list[DemoPerson]
    articles: int
    claims: int
    reports: int


def read(name: str) -> dict[str, Any]:
    """One TOML file of the demo folder."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def load(full: bool = False, *, reset_passwords: bool = False) -> LoadReport:
    """Load the sample article and its people, or with ``full`` the whole desk in mid-work.

    Args:
        full: three more articles with claims in every status and a dozen published reports.
        reset_passwords: give people of an earlier run new passwords and report them.
    """
    desk = read("desk.toml")
    with audit.channel(Channel.COMMAND), hushed():
        everyone = [_person(entry, reset_passwords) for entry in desk["people"] if full or entry["base"]]
        by_name = {person.username: person for person in User.objects.all()}
        editor = by_name["nora"]
        _desk(desk)
        _scale(read("scale.toml"))
        _pages(desk, editor)
        for entry in read("articles/index.toml")["articles"]:
            if entry["set"] == "sample" or full:
                _article(entry, editor, by_name, desk)
        if full:
            audit.seal(settle_seconds=0)
    return LoadReport(
        everyone, Article.objects.count(), Claim.objects.count(), Report.objects.public().count()
    )


def _person(entry: Mapping[str, Any], reset: bool) -> DemoPerson:
    person = User.objects.filter(username=entry["username"]).first()
    password = None
    if person is None or reset:
        password = secrets.token_urlsafe(9)
        first, _space, last = entry["full_name"].partition(" ")
        person = person or User(
            username=entry["username"], first_name=first, last_name=last,
            email=f"{entry['username']}@factdesk.example.org",
        )  # fmt: skip
        person.set_password(password)
        person.save()
        person.groups.set([Group.objects.get_or_create(name=entry["role"])[0]])
        Profile.objects.get_or_create(person=person)
    return DemoPerson(entry["username"], entry["full_name"], entry["role"], password)


@transaction.atomic
def _desk(desk: Mapping[str, Any]) -> None:
    """Name the desk, unless somebody has done so already."""
    settings, _made = DeskSettings.objects.get_or_create(pk=1)
    if settings.is_demo or settings.name != DeskSettings._meta.get_field("name").default:
        return
    settings.name = desk["desk"]["name"]
    settings.language = desk["desk"]["language"]
    settings.contact = desk["desk"]["contact"]
    settings.is_demo = True
    settings.save()
    audit.record("desk.named", actor=None, data={"name": settings.name})


@transaction.atomic
def _scale(scale: Mapping[str, Any]) -> None:
    """The demo desk's own rating scale, in place of the one that every desk starts with."""
    if RatingScale.objects.filter(name=scale["name"]).exists():
        return
    RatingScale.objects.filter(in_use=True).update(in_use=False)
    made = RatingScale.objects.create(
        name=scale["name"], version=scale.get("version", 1), in_use=True, created_at=timezone.now()
    )
    for position, level in enumerate(scale["levels"]):
        RatingLevel.objects.create(
            scale=made, key=level["key"], word=level["word"], definition=level["definition"],
            value=level["value"], position=position,
        )  # fmt: skip
    for position, level in enumerate(scale["off_scale"]):
        RatingLevel.objects.create(
            scale=made, key=level["key"], word=level["word"], definition=level["definition"], off_scale=True,
            position=position,
        )  # fmt: skip
    audit.record("scale.made", actor=None, data={"name": made.name, "version": made.version})


@transaction.atomic
def _pages(desk: Mapping[str, Any], editor: User) -> None:
    for entry in desk["pages"]:
        if Page.objects.filter(kind=entry["kind"]).exists():
            continue
        body = (FOLDER / entry["file"]).read_text(encoding="utf-8")
        body = (
            body.split("\n", 1)[1].lstrip() if body.startswith("# ") else body
        )  # the title is a field of its own
        Page.objects.create(
            kind=entry["kind"], title=entry["title"], body=body, saved_by=editor, created_at=timezone.now()
        )
        audit.record("page.saved", actor=editor, data={"page": entry["kind"], "version": 1})


def _article(
    entry: Mapping[str, Any], editor: User, by_name: Mapping[str, User], desk: Mapping[str, Any]
) -> None:
    text = (FOLDER / "articles" / entry["file"]).read_text(encoding="utf-8")
    try:
        article = articles.receive_text(
            text, actor=editor, title=entry["title"], outlet=entry["outlet"], author=entry["author"],
            url=entry["url"], published_on=entry["published"],
        )  # fmt: skip
    except AlreadyHere:
        return
    for step in VerificationStep.objects.filter(article=article):
        steps.run_step(step.pk)
    article.refresh_from_db()
    work = FOLDER / "desk" / f"{entry['key']}.toml"
    if entry["set"] != "full" or not work.exists():
        return
    zone = ZoneInfo(desk["desk"]["time_zone"])
    labels = {topic["key"]: topic["label"] for topic in desk["topics"]}
    loader = ClaimLoader(article, by_name, labels, zone)
    entries = read(f"desk/{entry['key']}.toml")["claims"]
    for claim in entries:
        loader.place(claim)
    for claim in entries:
        with transaction.atomic():
            loader.work(claim)
