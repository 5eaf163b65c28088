"""Whether one order of changes explains everything that everybody was told: the checker behind ``benchmarks.history``.

A claim's version is its order: every move raises it by one, and the audit trail names the move at each place. So what
has to be shown is that the answers fit to that order, that no change is there which nobody asked for, none is missing that
somebody was told of, and that nobody ever saw a state from before something that had been answered already.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.history import Note

MOST_SHOWN = 20


def account(notes: list[Note], claims: list[int], killed: list[tuple[str, float]]) -> dict[str, Any]:
    """What was tried, and every fault that the history shows."""
    from claims.domain import audit

    faults: list[str] = []
    trail = audit.verify()
    if trail is not None:
        faults.append(f"audit trail: {trail}")
    for pk in claims:
        mine = [note for note in notes if note.claim == pk]
        for check in (_moves, _order, _edits, _verdicts, _remarks):
            faults += [f"claim {pk}: {fault}" for fault in check(pk, mine)]
    told = Counter(f"{note.kind} {note.status or 'no answer'}" for note in notes)
    return {
        "requests": len(notes),
        "changes": sum(note.done and note.kind not in {"read", "look"} for note in notes),
        "unknown": sum(note.unknown for note in notes),
        "killed": dict(Counter(what for what, _when in killed)),
        "answers": dict(sorted(told.items())),
        "faults": faults[:MOST_SHOWN],
        "faults_in_all": len(faults),
    }


def _of(kind: str, notes: Iterable[Note]) -> list[Note]:
    return [note for note in notes if note.kind == kind]


def _moves(pk: int, notes: list[Note]) -> Iterator[str]:
    """The trail is one path from the first status, its length is the version, and it fits to what was answered."""
    from claims.models import AuditEvent, Claim

    claim = Claim.objects.get(pk=pk)
    events = list(
        AuditEvent.objects.filter(claim=claim).exclude(to_status="").select_related("actor").order_by("id")
    )
    if claim.version != len(events) + 1:
        yield f"version {claim.version} after {len(events)} moves in the trail"
    for before, after in pairwise(events):
        if before.to_status != after.from_status:
            yield f"the trail jumps from {before.to_status} to {after.from_status}"
    if events and events[-1].to_status != claim.status:
        yield f"it is {claim.status}, the trail says {events[-1].to_status}"
    asked = defaultdict(list)
    for note in _of("move", notes):
        asked[note.saw["version"]].append(note)
    for place, event in enumerate(events, start=1):
        name = event.actor.get_username() if event.actor else ""
        fitting = [
            note
            for note in asked[place]
            if note.who == name and event.action == f"claim.{note.wanted['action']}"
        ]
        if not any(note.done or note.unknown for note in fitting):
            yield f"nobody was told of {event.action} by {name} at version {place}, or all were told no"
    for version, tried in asked.items():
        won = [note for note in tried if note.done]
        if len(won) > 1:
            yield f"{len(won)} moves from version {version} were told that they succeeded"
        for note in won:
            # The answer shows the claim as it stands by then: somebody else may have gone on from there.
            if not version < note.told["version"] <= len(events) + 1:
                yield f"a move from {version} was told version {note.told['version']}; the trail has {len(events)}"


def _order(pk: int, notes: list[Note]) -> Iterator[str]:
    """Whatever was sent after an answer had come sees at least the version of that answer."""
    marks: list[tuple[float, int, Note]] = []
    for note in notes:
        if note.done and note.kind in {"read", "move", "edit"}:
            marks.append((note.over, int(note.told["version"]), note))
    marks.sort(key=lambda mark: mark[0])
    newest, at = 0, 0
    for note in sorted((mark[2] for mark in marks), key=lambda one: one.sent):
        while at < len(marks) and marks[at][0] < note.sent:
            newest = max(newest, marks[at][1])
            at += 1
        if int(note.told["version"]) < newest:
            yield f"{note.who} was shown version {note.told['version']} after {newest} had been answered"


def _edits(pk: int, notes: list[Note]) -> Iterator[str]:
    """Each topic was put in the place of one that its writer had seen; together they are one path to the present one."""
    from claims.models import AuditEvent, Claim

    tried = _of("edit", notes)
    present = Claim.objects.values_list("topic", flat=True).get(pk=pk)
    kept = [
        str(data)
        for data in AuditEvent.objects.filter(claim_id=pk, action__in=("claim.details", "claim.reworded"))
        .order_by("id")
        .values_list("data", flat=True)
    ]
    followers: dict[str, list[str]] = defaultdict(list)
    for note in tried:
        word, count = note.wanted["topic"], sum(_says(one, note.wanted["topic"]) for one in kept)
        if note.done:
            followers[note.saw["topic"]].append(word)
            if count == 0:
                yield f"the edit to {word} was answered and is not in the trail"
        elif not note.unknown and count:
            yield f"the edit to {word} was refused and stands in the trail"
    for before, after in followers.items():
        if len(after) > 1:
            yield f"{' and '.join(after)} were both put in the place of {before!r}: one was lost unseen"
    asked = {note.wanted["topic"] for note in tried if note.done or note.unknown}
    if tried and present not in asked | {note.saw["topic"] for note in tried}:
        yield f"the topic is {present!r}, which nobody wrote"


def _says(data: str, word: str) -> bool:
    return f"'{word}'" in data


def _verdicts(pk: int, notes: list[Note]) -> Iterator[str]:
    """Every revision was asked for by its author from the one before, and every answered save is a revision."""
    from claims.models import VerdictRevision

    rows = {
        row.revision: (row.author.get_username(), row.headline)
        for row in VerdictRevision.objects.select_related("author").filter(claim_id=pk)
    }
    if sorted(rows) != list(range(1, len(rows) + 1)):
        yield f"revisions are {sorted(rows)}"
    tried = _of("verdict", notes)
    for note in tried:
        if note.done and rows.get(note.told["revision"]) != (note.who, note.wanted["headline"]):
            yield f"{note.who} was told revision {note.told['revision']}, where {rows.get(note.told['revision'])} stands"
    asked = {
        (note.saw["revision"] + 1, note.who, note.wanted["headline"])
        for note in tried
        if note.done or note.unknown
    }
    for revision, (author, headline) in rows.items():
        if (revision, author, headline) not in asked:
            yield f"nobody who was not refused wrote revision {revision}: {headline!r} by {author}"


def _remarks(pk: int, notes: list[Note]) -> Iterator[str]:
    """Sent as often as it took, there once; what was refused is not there."""
    from claims.models import AuditEvent, Comment

    count = Counter(Comment.objects.filter(claim_id=pk).values_list("text", flat=True))
    for note in _of("remark", notes):
        there = count.pop(note.wanted["text"], 0)
        if there != 1 if note.done else there > (1 if note.unknown else 0):
            yield f"the remark {note.wanted['text']} was answered {note.status} and is there {there} times"
    if count:
        yield f"remarks that nobody sent: {sorted(count)[:5]}"
    told = AuditEvent.objects.filter(claim_id=pk, action="comment.added").count()
    if told != Comment.objects.filter(claim_id=pk).count():
        yield f"{told} remarks in the trail"
