"""Always the same people, and rows made through the real verbs wherever there is one."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, User
from django.utils import timezone

from claims.domain import articles, evidence, extraction, speakers, verdicts
from claims.domain.transitions import transition
from claims.enums import Action, ClaimStatus
from claims.extraction import extract
from claims.models import Article, Claim, DeskSettings, Page, Profile

TEXT = """Port Marlow bridge toll cut traffic by 31 per cent, council hears

Traffic on the harbour bridge has fallen by 31 per cent since the toll began in March 2024, Mayor Lena Brandt told
the council of Port Marlow on Tuesday. "The city spends every cent of the toll on buses," she said.

Opposition leader Marek Dunn said the ferry carries 4,000 more passengers a day than in 2021. According to the port
authority, 22,400 vehicles crossed the bridge on an average weekday last year, against 32,500 in 2023.

"It is a lovely bridge and I hope it stays that way," Dunn added.
"""


def person(username: str, *roles: str, first: str = "", machine: bool = False) -> User:
    """Somebody on the desk with these roles."""
    made = User.objects.create_user(
        username=username, email=f"{username}@desk.example", password="correct horse battery staple",
        first_name=first or username.capitalize(), last_name="Demo",
    )  # fmt: skip
    made.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
    if machine:
        Profile.objects.create(person=made, is_machine=True)
    return made


def article(editor: User, text: str = TEXT, **fields: Any) -> Article:
    """An article, received and read."""
    received = articles.receive_text(text, actor=editor, **fields)
    from django.db import transaction

    with transaction.atomic():
        extraction.store(received, extract(received.original_text))
    received.refresh_from_db()
    return received


def claim(editor: User, words: str = "fallen by 31 per cent", **fields: Any) -> Claim:
    """One claim of one article: the words must stand in ``TEXT``."""
    from claims.domain.claims import add_claim

    stored = Article.objects.first() or article(editor)
    found = Claim.objects.filter(article=stored, text__contains=words).first()
    made = found or add_claim(stored.pk, actor=editor, text=words)
    if made.speaker_id is None:
        Claim.objects.filter(pk=made.pk).update(speaker=speakers.find_or_make("Lena Brandt"))
        made.refresh_from_db()
    if fields:
        Claim.objects.filter(pk=made.pk).update(**fields)
        made.refresh_from_db()
    return made


def pages() -> None:
    """The public pages and the contact that publishing asks for."""
    DeskSettings.objects.update_or_create(pk=1, defaults={"contact": "desk@desk.example"})
    for kind in Page.Kind:
        Page.objects.get_or_create(
            kind=kind,
            version=1,
            defaults={"title": kind.label, "body": "Text.", "created_at": timezone.now()},
        )


def fill(stored: Claim, author: User, level: str = "mostly_false", **texts: Any) -> Claim:
    """Evidence, verdict and right of reply that pass every gate an author answers for."""
    numbers = list(stored.evidence.standing().values_list("number", flat=True))
    if not numbers:
        evidence.add_evidence(
            stored.pk, actor=author,
            fields={"title": "Traffic counts 2025", "publisher": "Port authority", "url": "https://port.example/counts",
                    "stance": "undermines", "kind": "primary", "quote": "22,400 vehicles"},
        )  # fmt: skip
        evidence.add_evidence(
            stored.pk, actor=author,
            fields={"title": "Council minutes", "publisher": "City council", "where": "City archive, folder 12",
                    "stance": "supports", "kind": "secondary"},
        )  # fmt: skip
    present = getattr(Claim.objects.get(pk=stored.pk), "verdict", None)
    verdicts.save_verdict(
        stored.pk, actor=author, revision=present.revision if present else 0,
        fields={"level": level, "headline": "Traffic fell by less than a third", "summary": "Counts show 27 per cent.",
                "reasoning": "The port authority counted fewer vehicles [1]. The minutes agree [2].",
                "why_checked": "The figure is quoted widely.", "bullets": ["Traffic fell [1]."], **texts},
    )  # fmt: skip
    verdicts.save_reply(
        stored.pk, actor=author, fields={"contacted": False, "not_contacted_reason": "public_record"}
    )
    return Claim.objects.get(pk=stored.pk)


def move(stored: Claim, action: str, actor: User | None, **rest: Any) -> Claim:
    """Through the door, at the version that stands."""
    version = Claim.objects.values_list("version", flat=True).get(pk=stored.pk)
    return transition(stored.pk, action, actor=actor, version=version, **rest)


def bring_to(status: str, stored: Claim, *, editor: User, checker: User, reader: User) -> Claim:
    """Walk a new claim through the door to one of the statuses on the way to a report."""
    way = (ClaimStatus.TRIAGED, ClaimStatus.ASSIGNED, ClaimStatus.RESEARCHING, ClaimStatus.IN_REVIEW,
           ClaimStatus.APPROVED, ClaimStatus.PUBLISHED)  # fmt: skip
    for target in way:
        if stored.status == status:
            break
        if target == ClaimStatus.TRIAGED:
            stored = move(stored, Action.TRIAGE, editor)
        elif target == ClaimStatus.ASSIGNED:
            stored = move(stored, Action.ASSIGN, editor, payload={"assignee": checker.pk})
        elif target == ClaimStatus.RESEARCHING:
            stored = move(stored, Action.START, checker)
        elif target == ClaimStatus.IN_REVIEW:
            fill(stored, checker)
            stored = move(stored, Action.SUBMIT, checker)
        elif target == ClaimStatus.APPROVED:
            stored = move(stored, Action.APPROVE, reader)
        else:
            pages()
            stored = move(stored, Action.PUBLISH, editor)
    assert stored.status == status, stored.status
    return stored
