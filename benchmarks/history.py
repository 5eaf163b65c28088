"""Many people at few claims while processes are killed; then the history is held against what everybody was told.

    python -m benchmarks.history [--engine sqlite|postgres] [--seconds 60] [--clients 8] [--claims 3] [--kills 6]
                                 [--seed 1] [--break]

Clients read, move, edit, write verdicts and remarks over HTTP, each request noted with when it was sent and what came
back; an answer that never came is *unknown*. Meanwhile web processes are killed, and on PostgreSQL the database crashes
and comes back. ``benchmarks.history_check`` then proves from the notes, the audit trail and the rows that there is one
order of changes that explains all answers. ``--break`` serves a door that looks and then saves: it must fail.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks import harness

FROM_AN_OLD_PAGE = 0.3
DECLINES = {"decline", "mark_duplicate"}  # rarely, or all claims soon lie there


@dataclass(slots=True)
class Note:
    """One request of one client: what it wanted, from when to when, and what it was told."""

    who: str
    kind: str  # read, move, edit, verdict, remark
    claim: int
    sent: float
    over: float = 0.0
    status: int = 0  # 0: no answer came
    saw: dict[str, Any] = field(default_factory=dict)  # what the client knew when it sent this
    wanted: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        return self.status in {200, 201}

    @property
    def unknown(self) -> bool:
        """Nobody knows whether it happened: no answer, or that of a server in trouble."""
        return self.status == 0 or self.status >= 500


class Client(threading.Thread):
    """One person who does this and that until the time is over."""

    def __init__(self, port: int, who: str, token: str, claims: list[int], seed: int, until: float) -> None:
        super().__init__(name=who)
        self.port, self.who, self.token, self.claims, self.until = port, who, token, claims, until
        self.dice = random.Random(seed)
        self.notes: list[Note] = []
        self.tabs: dict[
            int, dict[str, Any]
        ] = {}  # what stood on the claims' pages when they were last opened
        self.count = 0

    def run(self) -> None:
        while time.monotonic() < self.until:
            pk = self.dice.choice(self.claims)
            seen = self._send(Note(self.who, "read", pk, time.monotonic()), "GET", "")
            if seen.done:
                act = self.dice.choices((self._move, self._edit, self._verdict, self._remark), (6, 3, 2, 1))[
                    0
                ]
                act(pk, self._page(pk, seen.told))

    def _page(self, pk: int, present: dict[str, Any]) -> dict[str, Any]:
        """What somebody acts on: now and then a page that was left open while others went on."""
        if pk not in self.tabs or self.dice.random() >= FROM_AN_OLD_PAGE:
            self.tabs[pk] = present
        return self.tabs[pk]

    def _word(self) -> str:
        self.count += 1
        return f"{self.who}-{self.count}"

    def _move(self, pk: int, seen: dict[str, Any]) -> None:
        offered = [move for move in seen["moves"] if move["allowed"]]
        if not offered:
            return
        weights = [1 if move["action"] in DECLINES else 8 for move in offered]
        action = self.dice.choices(offered, weights)[0]["action"]
        body = {"action": action, "version": seen["version"], "reason": "Because.", **self._form(action, pk)}
        note = Note(self.who, "move", pk, time.monotonic(), saw={"version": seen["version"]}, wanted=body)
        self._send(note, "POST", "transitions/", body)

    def _form(self, action: str, pk: int) -> dict[str, Any]:
        others = [claim for claim in self.claims if claim != pk]
        forms: dict[str, dict[str, Any]] = {
            "assign": {"assignee": self.dice.choice(("noor", "tomas", "ines"))},
            "reassign": {"assignee": self.dice.choice(("noor", "tomas", "ines"))},
            "schedule": {"publish_at": "2030-01-01T09:00:00Z"},
            "open_correction": {"kind": "typo"},
            "publish_correction": {"public_note": "A letter was wrong."},
            "retract": {"public_note": "The source was withdrawn."},
            "decline": {"decline_reason": "opinion"},
            "mark_duplicate": {"original": self.dice.choice(others or [pk])},
        }
        return forms.get(action, {})

    def _edit(self, pk: int, seen: dict[str, Any]) -> None:
        note = Note(self.who, "edit", pk, time.monotonic(), saw={"topic": seen["topic"]})
        note.wanted = {"topic": self._word()}
        self._send(note, "PATCH", "", note.wanted, {"If-Match": seen["etag"]})

    def _verdict(self, pk: int, seen: dict[str, Any]) -> None:
        present = self._send(Note(self.who, "look", pk, time.monotonic()), "GET", "verdict/")
        if present.done:
            note = Note(self.who, "verdict", pk, time.monotonic(), saw={"revision": present.told["revision"]})
            note.wanted = {"revision": present.told["revision"], "headline": self._word()}
            self._send(note, "PUT", "verdict/", note.wanted)

    def _remark(self, pk: int, seen: dict[str, Any]) -> None:
        """Said once, asked until an answer comes: the key makes of many sendings one effect."""
        note = Note(self.who, "remark", pk, time.monotonic(), wanted={"text": self._word()})
        for _try in range(20):
            self._send(note, "POST", "comments/", note.wanted, {"Idempotency-Key": note.wanted["text"]})
            if not note.unknown:
                return
            time.sleep(0.3)

    def _send(
        self, note: Note, method: str, part: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Note:
        sent = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            **(headers or {}),
        }
        if not self.notes or self.notes[-1] is not note:
            self.notes.append(note)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        note.status = 0
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, f"/api/v1/claims/{note.claim}/{part}", content, sent)
            answer = connection.getresponse()
            told = json.loads(answer.read() or b"{}")
            note.status = answer.status
            note.told = {**told, "etag": answer.headers.get("ETag", "")}
        except (OSError, http.client.HTTPException, ValueError):
            note.status = 0
        finally:
            connection.close()
        note.over = time.monotonic()
        return note


def main() -> int:
    """One run; the account on standard output."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--claims", type=int, default=3)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--break", dest="broken", action="store_true")
    options = parser.parse_args()
    app = "tests.weak_door" if options.broken else "factcheck.wsgi"
    with (
        harness.desk(engine=options.engine, API_RATE_PERSON="1000000/min", API_BURST="1000000") as desk,
        harness.gunicorn(desk, app) as port,
    ):
        account = run(desk, port, options)
    harness.tell(account)
    return 0 if account["faults"] == [] and account["changes"] > 0 else 1


def run(desk: harness.Desk, port: int, options: argparse.Namespace) -> dict[str, Any]:
    """The clients, the killer and then the checker."""
    from benchmarks import history_check
    from benchmarks.pairs import desk_people, fresh_claims

    people, keys = desk_people()
    made = fresh_claims(people["pia"])
    claims = [next(made).pk for _ in range(options.claims)]
    begun = time.monotonic()
    until = begun + options.seconds
    clients = []
    for at in range(options.clients):
        who = list(keys)[at % len(keys)]  # two clients may be one person with two windows
        clients.append(Client(port, who, keys[who].token, claims, options.seed * 1000 + at, until))
        clients[-1].count = at * 1_000_000  # so that no two write the same word
        clients[-1].start()
    killed = _kill(desk, options, begun)
    for client in clients:
        client.join(options.seconds + 120)
    notes = [note for client in clients for note in client.notes]
    if desk.postgres is not None:
        from django.db import connections

        connections.close_all()  # the database may have crashed under this process too
    return history_check.account(notes, claims, killed)


def _kill(desk: harness.Desk, options: argparse.Namespace, begun: float) -> list[tuple[str, float]]:
    """At even distances a web process, on PostgreSQL every second time the database; what was killed when."""
    killed: list[tuple[str, float]] = []
    dice = random.Random(options.seed)
    arbiter = desk.processes[-1].pid
    for number in range(options.kills):
        pause = begun + options.seconds * (number + 1) / (options.kills + 1) - time.monotonic()
        time.sleep(max(0.0, pause))
        if desk.postgres is not None and number % 2:
            desk.postgres.crash()
            desk.postgres.serve()
            killed.append(("database", time.monotonic()))
            continue
        working = harness.children(arbiter)
        if working:
            with contextlib.suppress(ProcessLookupError):
                os.kill(dice.choice(working), signal.SIGKILL)
            killed.append(("web process", time.monotonic()))
    return killed


if __name__ == "__main__":
    sys.exit(main())
