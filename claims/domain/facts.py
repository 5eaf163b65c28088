"""What the guards may ask, looked up only when they ask."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.domain import blind, gates, notices, people, public_notes
from claims.enums import Action, ClaimStatus, NoteFor
from claims.models import (
    Approval,
    AuditEvent,
    Authorship,
    Claim,
    Correction,
    DeskSettings,
    ProposedNote,
    Report,
    Verdict,
    VerdictRevision,
)  # fmt: skip
from claims.workflow.guards import Denied
from claims.workflow.table import UNDOABLE

# "1,000" set right to "1 000" is the same figure.
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[.,’'\u00a0\u202f ](?=\d)")


def _figures(text: Verdict | VerdictRevision) -> list[str]:
    parts = (text.headline, text.summary, text.reasoning)
    return re.findall(r"\d+", _BETWEEN_DIGITS.sub("", " | ".join(parts)))


class ClaimFacts:
    """Facts about one claim and one person, for ``claims.workflow.guards``."""

    def __init__(
        self,
        claim: Claim,
        actor: User | None,
        payload: Mapping[str, Any] | None = None,
        *,
        action: str = "",
        asked: Mapping[int, people.Asked] | None = None,
    ) -> None:
        self.claim = claim
        self.actor = actor
        self.actor_id: int | None = actor.pk if actor else None
        self.action = action
        self.payload: Mapping[str, Any] = payload or {}
        self._asked = asked
        self.now: datetime = timezone.now()

    @cached_property
    def _self(self) -> people.Asked | None:
        """Who acts, with what stands against them on this claim; None for the clock."""
        if self.actor_id is None:
            return None
        known = self._asked or {}
        return (
            known[self.actor_id]
            if self.actor_id in known
            else people.asked(self.claim, self.actor_id)[self.actor_id]
        )

    @property
    def actor_is_machine(self) -> bool:
        return self._self is None or self._self.machine

    @property
    def actor_wrote(self) -> bool:
        return self._self is not None and self._self.wrote

    @cached_property
    def authors(self) -> list[User]:
        """Everybody who wrote on the claim, the first one first."""
        rows = Authorship.objects.filter(claim=self.claim).select_related("person").order_by("since")
        return [row.person for row in rows]

    @property
    def author_ids(self) -> set[int]:
        return {person.pk for person in self.authors}

    @property
    def other_approvers(self) -> Sequence[str]:
        excepted = {row.person_id for row in self.dossier.exceptions.values()}
        others = people.reviewers().exclude(pk__in=self.author_ids | excepted)[:4]
        return [people.display_name(person) for person in others]

    @property
    def reached(self) -> dict[int, notices.Reached]:
        """Who may have to be told of the move and is at hand already."""
        asked = self._asked or {}
        found = {pk: notices.Reached(one.person, one.profile, one.blind) for pk, one in asked.items()}
        return found or notices.people_of(self.claim)

    def _whom(self, part: str) -> people.Asked | None:
        """The person whom the payload names here, with what stands against them."""
        person = self.payload.get(part)
        if not isinstance(person, User):
            return None
        known = self._asked or people.asked(self.claim, person.pk)
        return known[person.pk]

    @property
    def checker_problem(self) -> str:
        checker = self._whom("assignee")
        return checker.problem_checking() if checker else _("Nobody is chosen.")

    @property
    def reader_problem(self) -> str:
        reader = self._whom("second_reader")
        return people.reading_problem(reader, self.claim) if reader else ""

    @property
    def actor_has_conflict(self) -> bool:
        """Declared now, or taken back since somebody was first asked to check the claim: that would lead round the rule."""
        if self._self is None or self.actor_id is None:
            return False
        return self._self.barred or people.took_back(self.actor_id, self.claim)

    @cached_property
    def dossier(self) -> gates.Dossier:
        return gates.load_dossier(self.claim, self.now)

    @cached_property
    def gate_results(self) -> list[gates.GateResult]:
        return gates.evaluate(self.dossier)

    @property
    def has_verdict(self) -> bool:
        return bool(self.dossier.verdict and self.dossier.verdict.level_id)

    @property
    def verdict_by_machine(self) -> bool:
        verdict = self.dossier.verdict
        profile = getattr(verdict.saved_by, "profile", None) if verdict else None
        return profile is not None and profile.is_machine

    @property
    def has_reasoning(self) -> bool:
        return bool(self.dossier.verdict and self.dossier.verdict.reasoning.strip())

    @property
    def has_summary(self) -> bool:
        return bool(self.dossier.verdict and self.dossier.verdict.summary.strip())

    @property
    def evidence_count(self) -> int:
        return len(self.dossier.evidence)

    @property
    def failing_gates(self) -> Sequence[Denied]:
        return gates.failing(self.gate_results)

    @property
    def failing_author_gates(self) -> Sequence[Denied]:
        return gates.failing(self.gate_results, author_only=True)

    @cached_property
    def approval(self) -> Approval | None:
        return Approval.objects.select_related("person").filter(claim=self.claim).order_by("-id").first()

    @property
    def gates_actor_excepted(self) -> Sequence[str]:
        since = self._standing_since(self.correction) if self.correction else None
        mine = {
            gate
            for gate, row in self.dossier.exceptions.items()
            if row.person_id == self.actor_id and (since is None or row.created_at >= since)
        }
        return [str(gate.label) for gate in gates.GATES if gate.key in mine]

    @property
    def approval_is_current(self) -> bool:
        from claims.domain.documents import fingerprint  # documents read facts' dossier

        approval = self.approval
        if approval is None or approval.person_id in self.author_ids:
            return False
        if any(row.person_id == approval.person_id for row in self.dossier.exceptions.values()):
            return False  # whoever made an exception has come to be the only one who agreed to it
        return approval.fingerprint == fingerprint(self.dossier)

    @property
    def blind_rating_missing(self) -> bool:
        asked = self.dossier.desk.blind_second_rating and not self.actor_wrote
        return asked and blind.rating_missing(self.claim, self.actor)

    @property
    def scheduled_for(self) -> datetime | None:
        return self.claim.publish_at

    @cached_property
    def correction(self) -> Correction | None:
        if self.claim.status != ClaimStatus.CORRECTING:
            return None
        opened = Correction.objects.filter(claim=self.claim, closed_at__isnull=True)
        return opened.select_related("opened_by", *public_notes.with_people("proposed_note__")).first()

    @cached_property
    def report(self) -> Report | None:
        """The published report with the version that stands, and the people whom it names."""
        rows = Report.objects.select_related("current_version", "drafted_by", "approved_by")
        asked = DeskSettings.objects.filter(pk=1).values("note_needs_two")
        report = rows.annotate(note_needs_two=Subquery(asked)).filter(claim=self.claim).first()
        if report is not None:
            report.claim = self.claim
        return report

    @property
    def correction_kind(self) -> str:
        return self.correction.kind if self.correction else ""

    @property
    def actor_corrected(self) -> bool:
        correction = self.correction
        if correction is None or self.actor_id is None:
            return False
        if correction.opened_by_id == self.actor_id:
            return True
        # Since the version that stands, not since this correction was opened: one that was dropped may have left words.
        since = self._standing_since(correction)
        mine = AuditEvent.objects.filter(actor_id=self.actor_id, at__gte=since)
        return mine.filter(
            Q(claim=self.claim, action__in=AUTHORING)
            | Q(claim=self.claim, action="claim.details", data__has_key="topic")
            | Q(article_id=self.claim.article_id, action="article.changed")
            | Q(action="admin.changed", data__table="claims.speaker", data__row=self.claim.speaker_id)
        ).exists()

    def _standing_since(self, correction: Correction) -> datetime:
        version = self.report.current_version if self.report else None
        return min(version.created_at, correction.opened_at) if version else correction.opened_at

    @cached_property
    def verdict_changed(self) -> bool:
        verdict = self.dossier.verdict
        if self.report is None or verdict is None or verdict.level is None:
            return False
        return self.report.verdict_key != verdict.level.key

    @cached_property
    def figures_changed(self) -> bool:
        """Whether the verdict's text names other figures than when the correction was opened, or in another order."""
        verdict, correction = self.dossier.verdict, self.correction
        if verdict is None or correction is None:
            return False
        former = VerdictRevision.objects.filter(claim=self.claim, revision=correction.revision_before).first()
        return former is not None and _figures(former) != _figures(verdict)

    @property
    def retraction_proposed_by(self) -> int | None:
        return self.claim.retraction_proposed_by_id

    @property
    def note(self) -> str:
        """What readers are to be told, as it is kept."""
        return str(self.payload.get("public_note", "")).strip()

    @property
    def note_for(self) -> str:
        return NoteFor.RETRACTION if self.action == Action.RETRACT else NoteFor.CORRECTION

    @cached_property
    def proposed_note(self) -> ProposedNote | None:
        """The note that stands proposed for this move."""
        if self.note_for == NoteFor.RETRACTION:
            return public_notes.standing(self.claim, NoteFor.RETRACTION)
        return getattr(self.correction, "proposed_note", None)

    @property
    def note_read_by(self) -> list[User]:
        """Whoever acts, and everybody else who stands by the note's very words."""
        others = public_notes.stand_by(self.proposed_note, self.note)
        found = [self.actor] if self.actor is not None else []
        return [*found, *(person for person in others if person.pk != self.actor_id)]

    @property
    def note_read_by_another(self) -> bool:
        return any(person.pk != self.actor_id for person in self.note_read_by)

    @property
    def note_needs_two(self) -> bool:
        return bool(getattr(self.report, "note_needs_two", False))

    @property
    def note_of_another(self) -> str:
        """Who else proposed a note, by name; empty where nobody did."""
        others = public_notes.others_behind(self.proposed_note, self.actor_id)
        return people.display_name(others[0]) if others else ""

    @property
    def note_colleague(self) -> str:
        """Who is to be asked first to agree to a note, by name."""
        return people.display_name(public_notes.begun_by(self.claim, self.note_for, self.correction))

    @property
    def duplicate_problem(self) -> str:
        original = self.payload.get("original")
        if not isinstance(original, Claim):
            return _("It is not said which claim this repeats.")
        if original.pk == self.claim.pk:
            return _("A claim cannot repeat itself.")
        if original.status == ClaimStatus.DUPLICATE:
            return _("That claim is marked as a duplicate itself.")
        return ""

    @cached_property
    def last_move(self) -> AuditEvent | None:
        return latest_move(self.claim)

    @property
    def undo_problem(self) -> str:
        move = self.last_move
        if move is None or move.action.removeprefix("claim.") not in UNDOABLE or not move.from_status:
            return _("There is nothing to undo.")
        if move.actor_id != self.actor_id or self.actor_id is None:
            return _("%(name)s moved this claim last, so only they can undo it.") % {"name": move.actor_name}
        if move.claim_version != self.claim.version:
            return _("The claim has changed since, so this can no longer be undone.")
        return ""


# Acts that make somebody an author of the claim.
# Whatever changes words that the report prints: whoever did one of these wrote on it.
AUTHORING = (
    "verdict.saved", "evidence.added", "evidence.changed", "evidence.withdrawn", "evidence.arranged",
    "claim.reworded", "claim.submit", "media.saved", "reply.saved", "reply.asked", "reply.answered", "reply.changed",
)  # fmt: skip


def latest_move(claim: Claim) -> AuditEvent | None:
    """The event of the claim's latest change of status."""
    return AuditEvent.objects.filter(claim=claim).exclude(to_status="").order_by("-id").first()
