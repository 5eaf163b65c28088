"""Every cell of role, relation, status, action and channel, and what the two tables say of it.

Used whole by ``benchmarks/permissions.py`` and as a sample by ``tests/architecture/test_permits_on_claims.py``. What is
expected is worked out here from the rows of the tables alone, not by asking the code that is under test.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.domain import seen
from claims.enums import Action, ClaimStatus
from claims.models import Claim
from claims.workflow import permits, table
from tests import factories

CHANNELS = ("web", "api", "admin")
# Somebody on the desk, and what they are to every claim here, in the words of the tables.
VIEWER, REVIEWER, EDITOR = (
    {"viewer"},
    {"viewer", "reviewer", "doer"},
    {"viewer", "reviewer", "editor", "doer"},
)
PERSONS: dict[str, set[str]] = {
    "nobody": set(),
    "stranger": set(),
    "viewer": VIEWER,
    "bystander": REVIEWER,
    "machine": REVIEWER,
    "assignee": REVIEWER | {"assignee"},
    "second": REVIEWER | {"second_reader"},
    "editor": EDITOR | {"second_reader"},
    "chief": EDITOR | {"second_reader"},
}
VERBS = sorted({row.name for row in permits.CLAIM_VERBS})
WORDS = (
    "Traffic on the harbour bridge has fallen by 31 per cent", "since the toll began in March 2024",
    "The city spends every cent of the toll on buses", "the ferry carries 4,000 more passengers a day",
    "more passengers a day than in 2021", "22,400 vehicles crossed the bridge", "last year, against",
    "against 32,500 in 2023", "It is a lovely bridge", "I hope it stays that way", "Opposition leader Marek Dunn said",
    "on an average weekday", "council of Port Marlow on Tuesday",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One question: may this person do this to a claim of this status through this door?"""

    person: str
    status: str
    act: str
    channel: str

    def in_sample(self, one_in: int) -> bool:
        """The same cells in every run, spread over the whole; denser where only the relation to the claim decides."""
        close = expected(self) == "refused" and not outside(self) and self.possible()
        return zlib.crc32(repr(self).encode()) % max(1, one_in // (12 if close else 1)) == 0

    def possible(self) -> bool:
        """Whether the act exists from this status at all, so that a refusal is one of the person."""
        return self.act in VERBS or table.find(self.act, self.status) is not None


def cells() -> Iterator[Cell]:
    """All of them. Only moves go through the administration; it has no form for the other verbs."""
    for status in ClaimStatus.values:
        for person in PERSONS:
            for act in (*Action.values, *VERBS):
                for channel in CHANNELS:
                    if channel != "admin" or act in Action.values:
                        yield Cell(person, status, act, channel)


def outside(cell: Cell) -> bool:
    """Whether the person does not even reach the question: no log-in, no role, no way into the administration."""
    if cell.channel == "admin":
        return cell.person != "chief"
    return "reviewer" not in PERSONS[cell.person] or (cell.act == "except_gate" and not _is("editor", cell))


def _is(relation: str, cell: Cell) -> bool:
    held = set(PERSONS[cell.person])
    if cell.status in {"new", "triaged", "declined", "duplicate"}:
        held.discard("assignee")  # nobody was asked yet
        held |= {"second_reader"} if "reviewer" in held else set()
    return relation in held


def expected(cell: Cell) -> str:
    """``refused`` (403, or sent to the log-in), ``closed`` (422: never from this status), ``open``."""
    if outside(cell):
        return "refused"
    rows: list[Any]
    if cell.act in VERBS:
        rows = [(row.statuses, row.who) for row in permits.CLAIM_VERBS if row.name == cell.act]
    else:
        rows = [(row.sources, row.who) for row in table.TABLE if row.action == cell.act]
    needs_reviewer = {"assignee", "second_reader", "doer"}
    ever = [row for row in rows if any(_is(who, cell) or who in needs_reviewer for who in row[1])]
    here = [row for row in rows if cell.status in row[0]]
    if cell.act in VERBS:
        ever = rows  # a status that no row names is told before who may
    if not ever:
        return "refused"
    if not here:
        return "closed"
    return "open" if any(_is(who, cell) for row in here for who in row[1]) else "refused"


class Stage:
    """One claim in each status, and everybody logged in."""

    def __init__(self, editor: User, checker: User, reader: User) -> None:
        self.claims: dict[str, Claim] = {}
        self.editor, self.checker, self.reader = editor, checker, reader
        article = factories.article(editor)
        self.original = factories.claim(editor)
        for status, words in zip(ClaimStatus.values, WORDS, strict=True):
            self.claims[status] = self._bring(status, self._claim(article.pk, words))
        self.clients = {"nobody": Client(), "editor": self._client(editor), "assignee": self._client(checker)}
        self.clients["second"] = self._client(reader)
        for name, roles in (("stranger", ()), ("viewer", ("viewer",)), ("bystander", ("reviewer",))):
            self.clients[name] = self._client(factories.person(f"m-{name}", *roles))
        self.clients["machine"] = self._client(factories.person("m-machine", "reviewer", machine=True))
        chief = User.objects.create_superuser(
            "m-chief", "m-chief@desk.example", "correct horse battery staple"
        )
        self.clients["chief"] = self._client(chief)

    @staticmethod
    def _client(person: User) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def _claim(self, article: int, words: str) -> Claim:
        from claims.domain.claims import add_claim
        from claims.exceptions import AlreadyHere

        try:
            return add_claim(article, actor=self.editor, text=words)
        except AlreadyHere:
            return Claim.objects.get(text=words)

    def _bring(self, status: str, claim: Claim) -> Claim:
        people = {"editor": self.editor, "checker": self.checker, "reader": self.reader}
        way = {
            "new": "new", "scheduled": "approved", "correcting": "published", "retracted": "published",
            "declined": "new", "duplicate": "new", "on_hold": "researching",
        }  # fmt: skip
        if claim.speaker_id is None:
            from claims.domain import speakers

            Claim.objects.filter(pk=claim.pk).update(speaker=speakers.find_or_make("Lena Brandt"))
            claim.refresh_from_db()
        claim = factories.bring_to(way.get(status, status), claim, **people)
        if claim.assignee_id:
            Claim.objects.filter(pk=claim.pk).update(second_reader=self.reader)
        if status == "scheduled":
            factories.pages()
            later = timezone.now() + timedelta(days=2)
            claim = factories.move(claim, "schedule", self.editor, payload={"publish_at": later})
        elif status == "correcting":
            claim = factories.move(
                claim, "open_correction", self.editor, reason="x", payload={"kind": "correction"}
            )
        elif status == "retracted":
            claim = factories.move(claim, "propose_retraction", self.editor, reason="x")
            claim = factories.move(
                claim, "retract", self.reader, reason="x", payload={"public_note": "Wrong."}
            )
        elif status == "declined":
            claim = factories.move(claim, "decline", self.editor, reason="x")
        elif status == "duplicate":
            claim = factories.move(
                claim, "mark_duplicate", self.editor, payload={"original": self.original.pk}
            )
        elif status == "on_hold":
            claim = factories.move(claim, "hold", self.editor, reason="x")
        assert claim.status == status, (claim.status, status)
        return claim

    def ask(self, cell: Cell) -> str:
        """What the desk answers; what was changed by asking is taken back."""
        with transaction.atomic():
            answer = getattr(self, f"_{cell.channel}")(cell, self.clients[cell.person])
            after = Claim.objects.values_list("status", flat=True).get(pk=self.claims[cell.status].pk)
            transaction.set_rollback(True)
        moved = after != cell.status
        if moved and not _may_end_in(cell, after):
            return f"moved to {after}"
        text = "" if cell.channel != "admin" else answer.content.decode()
        location = answer.headers.get("Location", "")
        if answer.status_code in {401, 403} or (
            answer.status_code == 302 and ("/log-in/" in location or "/admin/login/" in location)
        ):
            return "refused"
        if cell.channel == "admin":
            return self._told(cell, text, moved)
        if answer.status_code in {200, 201, 202, 204, 302, 400} or (answer.status_code == 422 and moved):
            return "open"
        if answer.status_code == 409 and cell.act == "write":  # let in, and told of a newer draft
            return "open"
        return "closed or open" if answer.status_code == 422 else str(answer.status_code)

    def _told(self, cell: Cell, page: str, moved: bool) -> str:
        """The administration answers with a message on the next page."""
        if "does not allow this. Ask an editor" in page or "Only the person checking" in page:
            return "refused"
        if "Another second reader was asked" in page or "Only an editor can do that" in page:
            return "refused"
        return "open" if moved else "closed or open"

    def _web(self, cell: Cell, client: Client) -> Any:
        claim = self.claims[cell.status]
        if cell.act in Action.values:
            form = {"action": cell.act, "version": claim.version, "reason": "Because."}
            return client.post(reverse("transition", args=[claim.pk]), form)
        opened = seen.mark(Claim.objects.get(pk=claim.pk))
        address, form = {
            "write": ("verdict-save", {"revision": "0", "headline": "H"}),
            "reword": (
                "claim-words",
                {"words": claim.text, "restated": "Traffic fell.", "speaker": "Lena Brandt", "seen": opened},
            ),
            "details": ("claim-details", {"priority": "2_normal", "seen": opened}),
            "comment": ("comment-add", {"text": "Look at this."}),
            "propose_note": ("claim-note", {"public_note": "It was 27.", "seen": ""}),
            "except_gate": ("gate-exception", {"reason": "Because."}),
            "rerun_steps": ("claim-steps-again", {}),
        }[cell.act]
        more = {"except_gate": {"gate": "both_sides"}, "propose_note": {"of": "correction"}}
        kwargs: dict[str, Any] = {"pk": claim.pk} | more.get(cell.act, {})
        return client.post(reverse(address, kwargs=kwargs), form)

    def _api(self, cell: Cell, client: Client) -> Any:
        claim = self.claims[cell.status]
        if cell.act in Action.values:
            body = {"action": cell.act, "version": claim.version, "reason": "Because."}
            return client.post(
                f"/api/v1/claims/{claim.pk}/transitions/", body, content_type="application/json"
            )
        if cell.act in {
            "details",
            "rerun_steps",
        }:  # the API has no such verb on a claim: ask the web once more
            return self._web(cell, client)
        method, part, sent = {
            "write": ("put", "verdict/", {"revision": 0, "headline": "H"}),
            "reword": ("patch", "", {"restated": "Traffic fell."}),
            "comment": ("post", "comments/", {"text": "Look at this."}),
            "propose_note": ("put", "correction-note/", {"public_note": "It was 27."}),
            "except_gate": ("post", "gates/", {"gate": "both_sides", "reason": "Because."}),
        }[cell.act]
        return getattr(client, method)(
            f"/api/v1/claims/{claim.pk}/{part}", sent, content_type="application/json"
        )

    def _admin(self, cell: Cell, client: Client) -> Any:
        claim = self.claims[cell.status]
        address = reverse("admin:claims_claim_move", args=[claim.pk, cell.act])
        form = {"confirmed": "yes", f"version_{claim.pk}": claim.version, "reason": "Because."}
        return client.post(address, form, follow=cell.person == "chief")


def _may_end_in(cell: Cell, after: str) -> bool:
    """Whether a row of the table leads there, for somebody who may."""
    rows = [row for row in table.TABLE if row.action == cell.act and cell.status in row.sources]
    return expected(cell) == "open" and any(row.target in {after, None} for row in rows)


def fits(told: str, right: str) -> bool:
    """422 says both that the status never allows it and that something is missing; the rest is exact."""
    return told == right or (told == "closed or open" and right in {"closed", "open"})


def check(stage: Stage, one_in: int = 1) -> tuple[int, dict[Cell, tuple[str, str]]]:
    """How many cells were asked, and those that answered otherwise than the tables say."""
    asked, wrong = 0, {}
    for cell in cells():
        if not cell.in_sample(one_in):
            continue
        asked += 1
        told, right = stage.ask(cell), expected(cell)
        if not fits(told, right):
            wrong[cell] = (told, right)
    return asked, wrong
