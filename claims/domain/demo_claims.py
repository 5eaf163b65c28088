"""Walks the demo desk's claims through the workflow, each as far as its entry says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.utils import timezone

from claims.domain import claims, evidence, verdicts
from claims.domain.transitions import transition
from claims.enums import Action, ClaimStatus
from claims.exceptions import AlreadyHere
from claims.models import Article, Claim, Verdict

# How far along the road to a report each status lies.
ROAD = (
    ClaimStatus.NEW, ClaimStatus.TRIAGED, ClaimStatus.ASSIGNED, ClaimStatus.RESEARCHING, ClaimStatus.IN_REVIEW,
    ClaimStatus.APPROVED, ClaimStatus.PUBLISHED,
)  # fmt: skip
# Statuses off the road: from where they are reached.
STOPS = {
    ClaimStatus.SCHEDULED: ClaimStatus.APPROVED,
    ClaimStatus.CORRECTING: ClaimStatus.PUBLISHED,
    ClaimStatus.RETRACTED: ClaimStatus.PUBLISHED,
    ClaimStatus.ON_HOLD: ClaimStatus.TRIAGED,
    ClaimStatus.DECLINED: ClaimStatus.NEW,
    ClaimStatus.DUPLICATE: ClaimStatus.NEW,
}
NOT_ASKED = "anonymous"


class ClaimLoader:
    """Loads the claims of one demo article: first all are placed in the text, then each is worked on."""

    def __init__(
        self, article: Article, people: Mapping[str, User], topics: Mapping[str, str], zone: ZoneInfo
    ) -> None:
        self.article = article
        self.people = people
        self.topics = topics
        self.zone = zone
        self.editor = people["nora"]
        self.placed: dict[str, int] = {}

    def place(self, entry: Mapping[str, Any]) -> None:
        """Find or make the claim of this entry and set its wording, speaker and topic."""
        words = entry["words"]
        start = self.article.text.index(words)
        end = start + len(words)
        actor = self.people[entry["assignee"]] if entry.get("assignee") else self.editor
        overlapping = Claim.objects.filter(article=self.article, start__lt=end, end__gt=start)
        found = overlapping.filter(status=ClaimStatus.NEW).exclude(pk__in=self.placed.values()).first()
        if found is None:
            try:
                found = claims.add_claim(self.article.pk, actor=actor, start=start, end=end, text=words)
            except AlreadyHere:
                found = Claim.objects.get(article=self.article, start=start, end=end)
        labels = [self.topics.get(key, key) for key in entry.get("topics", [])]
        claims.reword(
            found.pk,
            actor=actor,
            fields={
                "start": start, "end": end, "restated": entry.get("claim_reviewed", ""),
                "speaker": entry.get("speaker", ""), "speaker_role": entry.get("speaker_role", ""),
                "said_on": entry.get("said_on"), "said_where": entry.get("said_where", ""),
                "topic": labels[0] if labels else "", "tags": labels[1:],
            },
        )  # fmt: skip
        self.placed[entry["key"]] = found.pk

    def work(self, entry: Mapping[str, Any]) -> None:
        """Walk the claim to the status of its entry."""
        status = ClaimStatus(entry["status"])
        goal = STOPS.get(status, status)
        for target in ROAD[1 : ROAD.index(goal) + 1]:
            self._step(entry, target)
        self._leave_road(entry, status)
        for comment in entry.get("comments", []):
            claims.add_comment(self._id(entry), actor=self.people[comment["by"]], text=comment["text"])

    def _step(self, entry: Mapping[str, Any], target: str) -> None:
        checker = self.people.get(entry.get("assignee", ""), self.editor)
        if target == ClaimStatus.TRIAGED:
            self._move(entry, Action.TRIAGE, self.editor)
        elif target == ClaimStatus.ASSIGNED:
            self._move(entry, Action.ASSIGN, self.editor, payload=self._assignment(entry, checker))
            self._let_pass(entry)
        elif target == ClaimStatus.RESEARCHING:
            self._move(entry, Action.START, checker)
            self._write(entry, checker)
        elif target == ClaimStatus.IN_REVIEW:
            self._move(entry, Action.SUBMIT, checker)
            for back in entry.get("sent_back", []):
                self._move(entry, Action.SEND_BACK, self.people[back["by"]], reason=back["reason"])
                self._move(entry, Action.SUBMIT, checker)
        elif target == ClaimStatus.APPROVED:
            self._move(entry, Action.APPROVE, self.people[entry["second_reader"]])
        elif target == ClaimStatus.PUBLISHED:
            self._move(entry, Action.PUBLISH, self.people.get(entry.get("published_by", ""), self.editor))

    def _assignment(self, entry: Mapping[str, Any], checker: User) -> dict[str, Any]:
        payload: dict[str, Any] = {"assignee": checker}
        if entry.get("second_reader"):
            payload["second_reader"] = self.people[entry["second_reader"]]
        if entry.get("due_in_days", 0) > 0:
            payload["due_at"] = timezone.now() + timedelta(days=entry["due_in_days"])
        return payload

    def _let_pass(self, entry: Mapping[str, Any]) -> None:
        """A due date that is over meanwhile: nobody can give one, so the claim waits past its own."""
        days = entry.get("due_in_days", 0)
        if days < 0:
            Claim.objects.filter(pk=self._id(entry)).update(due_at=timezone.now() + timedelta(days=days))

    def _write(self, entry: Mapping[str, Any], checker: User) -> None:
        """Evidence, verdict and right of reply; of a report corrected later, first as it was."""
        first = {**entry, **entry.get("first_version", {})}
        for item in entry.get("evidence", []):
            if item.get("since_version", 1) == 1:
                self._add(entry, item, checker)
        if entry.get("rating") or entry.get("reasoning") or entry.get("headline"):
            self._save(first, checker)
        if first.get("reply"):
            self._reply(first["reply"], entry, checker)
        elif entry.get("rating"):
            fields = {"contacted": False, "not_contacted_reason": NOT_ASKED}
            verdicts.save_reply(self._id(entry), actor=checker, fields=fields)

    def _add(self, entry: Mapping[str, Any], item: Mapping[str, Any], actor: User) -> None:
        names = ("title", "publisher", "url", "where", "quote", "stance", "kind", "origin", "interests")
        fields = {name: item[name] for name in names if name in item}
        added = evidence.add_evidence(
            self._id(entry), actor=actor, fields={**fields, "accessed_on": item.get("accessed")}
        )
        assert added.number == item["id"], (entry["key"], added.number, item["id"])

    def _save(self, entry: Mapping[str, Any], actor: User) -> None:
        searched = entry.get("searched", {})
        present = Verdict.objects.filter(claim_id=self._id(entry)).first()
        verdicts.save_verdict(
            self._id(entry),
            actor=actor,
            revision=present.revision if present else 0,
            fields={
                "level": entry.get("rating"), "headline": entry.get("headline", ""),
                "summary": entry.get("summary", ""), "reasoning": entry.get("reasoning", ""),
                "bullets": entry.get("bullets", []), "why_checked": entry.get("why_checked", ""),
                "how_read": entry.get("how_read", ""), "not_established": entry.get("not_established", ""),
                "searched_other_side": bool(searched),
                "other_side_queries": "; ".join(searched.get("queries", [])),
            },
        )  # fmt: skip

    def _reply(self, reply: Mapping[str, Any], entry: Mapping[str, Any], actor: User) -> None:
        if not reply.get("asked"):
            fields = {"contacted": False, "not_contacted_reason": reply.get("reason_kind", NOT_ASKED)}
            verdicts.save_reply(self._id(entry), actor=actor, fields=fields)
            return
        asked: datetime = reply["asked_on"]
        answered = reply.get("answered_on")
        deadline = reply.get("deadline")
        verdicts.save_reply(
            self._id(entry),
            actor=actor,
            fields={
                "contacted": True,
                "asked_on": asked.date(),
                "channel": reply.get("channel", ""),
                "deadline": deadline.replace(tzinfo=self.zone) if deadline else None,
                "answer": reply.get("answer", "") if answered else "",
                "answered_on": answered.date() if answered else None,
            },
        )

    def _leave_road(self, entry: Mapping[str, Any], status: str) -> None:
        if status == ClaimStatus.SCHEDULED:
            when = timezone.now() + timedelta(days=entry["publish_in_days"])
            actor = self.people.get(entry.get("scheduled_by", ""), self.editor)
            self._move(entry, Action.SCHEDULE, actor, payload={"publish_at": when})
        elif status == ClaimStatus.DECLINED:
            decline = entry["decline"]
            self._move(entry, Action.DECLINE, self.people[decline["by"]], reason=decline["reason"],
                       payload={"decline_reason": decline["kind"]})  # fmt: skip
        elif status == ClaimStatus.DUPLICATE:
            original = self.placed[entry["duplicate_of"]]
            self._move(entry, Action.MARK_DUPLICATE, self.editor, payload={"original": original})
        elif status == ClaimStatus.ON_HOLD:
            hold = entry["hold"]
            self._move(entry, Action.HOLD, self.people[hold["by"]], reason=hold["reason"])
        elif status == ClaimStatus.RETRACTED:
            self._retract(entry)
        if entry.get("correction"):
            self._correct(entry, finished=status == ClaimStatus.PUBLISHED)

    def _correct(self, entry: Mapping[str, Any], *, finished: bool) -> None:
        correction = entry["correction"]
        opener = self.people[correction["opened_by"]]
        self._move(entry, Action.OPEN_CORRECTION, opener, reason=correction["reason"],
                   payload={"kind": correction["kind"], "public_note": correction.get("public_note", "")})  # fmt: skip
        if not finished:
            return
        writer = self.people[entry["assignee"]]
        for item in entry.get("evidence", []):
            if item.get("since_version", 1) > 1:
                self._add(entry, item, writer)
        self._save(entry, writer)
        if entry.get("reply"):
            self._reply(entry["reply"], entry, writer)
        self._move(entry, Action.PUBLISH_CORRECTION, self.people[correction["approved_by"]],
                   payload={"public_note": correction["public_note"]})  # fmt: skip

    def _retract(self, entry: Mapping[str, Any]) -> None:
        retraction = entry["retraction"]
        self._move(entry, Action.PROPOSE_RETRACTION, self.people[retraction["proposed_by"]],
                   reason=retraction["reason"], payload={"public_note": retraction["public_note"]})  # fmt: skip
        self._move(entry, Action.RETRACT, self.people[retraction["confirmed_by"]],
                   payload={"public_note": retraction["public_note"]})  # fmt: skip

    def _id(self, entry: Mapping[str, Any]) -> int:
        return self.placed[entry["key"]]

    def _move(self, entry: Mapping[str, Any], action: str, actor: User, **rest: Any) -> None:
        version = Claim.objects.values_list("version", flat=True).get(pk=self._id(entry))
        transition(self._id(entry), action, actor=actor, version=version, **rest)
