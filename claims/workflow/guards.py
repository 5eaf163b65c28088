"""What must hold before a move: small functions that answer ``Allowed`` or ``Denied(reason, remedy)``.

Guards read ``Facts`` and nothing else, so they need no database; the domain supplies facts that are looked up
only when a guard asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from claims.enums import ChangeKind


@dataclass(frozen=True, slots=True)
class Allowed:
    """Nothing stands in the way."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Denied:
    """Something stands in the way: why, how to mend it, and where (a name of a part of the claim page).

    ``field`` names the part of the form that it speaks of, where it speaks of one.
    """

    reason: str
    remedy: str = ""
    where: str = ""
    gate: str = ""
    field: str = ""

    def __bool__(self) -> bool:
        return False

    def sentence(self) -> str:
        """Reason and remedy as one text."""
        return f"{self.reason} {self.remedy}".strip()

    def as_dict(self) -> dict[str, str]:
        """Plain values for an API answer."""
        return {"gate": self.gate, "reason": self.reason, "remedy": self.remedy, "where": self.where}


Answer = Allowed | Denied
ALLOWED = Allowed()


class Facts(Protocol):
    """What guards may ask about a claim and the person who acts."""

    now: datetime
    actor_id: int | None
    payload: Mapping[str, Any]

    @property
    def actor_is_machine(self) -> bool: ...
    @property
    def actor_wrote(self) -> bool: ...
    @property
    def other_approvers(self) -> Sequence[str]: ...
    @property
    def gates_actor_excepted(self) -> Sequence[str]: ...
    @property
    def checker_problem(self) -> str: ...
    @property
    def reader_problem(self) -> str: ...
    @property
    def actor_has_conflict(self) -> bool: ...
    @property
    def has_verdict(self) -> bool: ...
    @property
    def verdict_by_machine(self) -> bool: ...
    @property
    def has_reasoning(self) -> bool: ...
    @property
    def has_summary(self) -> bool: ...
    @property
    def evidence_count(self) -> int: ...
    @property
    def failing_gates(self) -> Sequence[Denied]: ...
    @property
    def failing_author_gates(self) -> Sequence[Denied]: ...
    @property
    def approval_is_current(self) -> bool: ...
    @property
    def blind_rating_missing(self) -> bool: ...
    @property
    def scheduled_for(self) -> datetime | None: ...
    @property
    def correction_kind(self) -> str: ...
    @property
    def actor_corrected(self) -> bool: ...
    @property
    def verdict_changed(self) -> bool: ...
    @property
    def figures_changed(self) -> bool: ...
    @property
    def retraction_proposed_by(self) -> int | None: ...
    @property
    def note(self) -> str: ...
    @property
    def note_for(self) -> str: ...
    @property
    def note_needs_two(self) -> bool: ...
    @property
    def note_read_by_another(self) -> bool: ...
    @property
    def note_of_another(self) -> str: ...
    @property
    def note_colleague(self) -> str: ...
    @property
    def duplicate_problem(self) -> str: ...
    @property
    def undo_problem(self) -> str: ...


Guard = Callable[[Facts], Answer | Sequence[Denied]]


def checker_can_work(facts: Facts) -> Answer:
    problem = facts.checker_problem
    return Denied(problem, _("Choose somebody else."), "assign") if problem else ALLOWED


def reader_can_read(facts: Facts) -> Answer:
    problem = facts.reader_problem
    return Denied(problem, _("Choose another second reader."), "assign") if problem else ALLOWED


def no_conflict_declared(facts: Facts) -> Answer:
    if not facts.actor_has_conflict:
        return ALLOWED
    return Denied(
        _("You declared a conflict of interest that touches this claim."),
        _("Somebody else has to read it."),
        "review",
        "second_reader",
    )


def verdict_written(facts: Facts) -> Sequence[Denied]:
    missing: list[Denied] = []
    if not facts.has_verdict:
        missing.append(Denied(_("There is no verdict yet."), _("Choose a rating."), "verdict", "verdict"))
    if not facts.has_summary:
        missing.append(
            Denied(
                _("The one-sentence summary is empty."),
                _("Say the finding in one sentence."),
                "verdict",
                "summary",
            )
        )
    if not facts.has_reasoning:
        missing.append(
            Denied(
                _("The reasoning is empty."), _("Write how the evidence leads to it."), "verdict", "reasoning"
            )
        )
    if facts.evidence_count == 0:
        missing.append(Denied(_("There is no evidence yet."), _("Add a source."), "evidence", "evidence"))
    return missing


def author_gates(facts: Facts) -> Sequence[Denied]:
    return facts.failing_author_gates


def all_gates(facts: Facts) -> Sequence[Denied]:
    return facts.failing_gates


def never_wrote(facts: Facts) -> Answer:
    if not facts.actor_wrote:
        return ALLOWED
    return Denied(
        _("You wrote on this claim, so somebody else has to approve it."), _ask_others(facts), "review",
        "second_reader",
    )  # fmt: skip


def _ask_others(facts: Facts) -> str:
    others = ", ".join(facts.other_approvers)
    return _("Ask %(people)s.") % {"people": others} if others else _("Invite a second reader.")


def no_exception_of_own(facts: Facts) -> Answer:
    excepted = ", ".join(f"“{gate}”" for gate in facts.gates_actor_excepted)
    if not excepted:
        return ALLOWED
    return Denied(
        _("You made an exception for this report (%(gates)s), so somebody else has to agree to it.")
        % {"gates": excepted},
        _ask_others(facts), "review", "second_reader",
    )  # fmt: skip


def person_decides(facts: Facts) -> Answer:
    if facts.actor_is_machine or facts.verdict_by_machine:
        return Denied(
            _("A machine account cannot set or approve a verdict."), _("Ask a person."), "review", "machine"
        )
    return ALLOWED


def blind_rating_done(facts: Facts) -> Answer:
    if facts.blind_rating_missing:
        return Denied(
            _("This desk asks for a second rating before the first is shown."),
            _("Record your rating."),
            "review",
        )
    return ALLOWED


def approval_stands(facts: Facts) -> Answer:
    if facts.approval_is_current:
        return ALLOWED
    return Denied(
        _("The approval is for an earlier version of this report."),
        _("Send it back and have it approved again."),
        "review",
        "approval",
    )


def date_ahead(facts: Facts) -> Answer:
    when = facts.payload.get("publish_at")
    if not isinstance(when, datetime):
        return Denied(
            _("No date is set."), _("Say when the report should go out."), "schedule", field="publish_at"
        )
    if when <= facts.now:
        return Denied(
            _("That date has passed."),
            _("Choose a later one, or publish now."),
            "schedule",
            field="publish_at",
        )
    return ALLOWED


def time_has_come(facts: Facts) -> Answer:
    if facts.actor_id is None and (facts.scheduled_for is None or facts.scheduled_for > facts.now):
        return Denied(_("The report is not due yet."), _("Publish it by hand, or wait."), "schedule")
    return ALLOWED


def correction_kind(facts: Facts) -> Answer:
    if facts.payload.get("kind") in ChangeKind.corrections():
        return ALLOWED
    return Denied(
        _("The kind of correction is missing."), _("Choose what is being mended."), "correction", field="kind"
    )


def another_than_corrector(facts: Facts) -> Answer:
    if facts.actor_corrected:
        return Denied(
            _("You wrote this correction, so somebody else has to publish it."),
            _("Ask a colleague."),
            "correction",
        )
    if facts.verdict_changed and facts.actor_wrote:
        return Denied(
            _("The verdict changes and you wrote on this claim, so somebody else has to publish it."),
            _("Ask a colleague who never wrote on it."),
            "correction",
        )
    return ALLOWED


def public_note(facts: Facts) -> Answer:
    if facts.correction_kind == ChangeKind.TYPO or str(facts.payload.get("public_note", "")).strip():
        return ALLOWED
    return Denied(
        _("The public note is empty."), _("Tell readers what was wrong and what is right."), "correction",
        field="public_note",
    )  # fmt: skip


def correction_gates(facts: Facts) -> Sequence[Denied]:
    if facts.verdict_changed and facts.correction_kind != ChangeKind.VERDICT_CHANGE:
        return [
            Denied(
                _("The verdict has changed, but the correction was opened as something smaller."),
                _("Drop it and open a change of verdict."),
                "correction",
            )
        ]
    if facts.correction_kind == ChangeKind.TYPO and facts.figures_changed:
        return [
            Denied(
                _(
                    "A figure has changed, but the correction was opened as a typing error, which readers are not told of."
                ),
                _("Drop it and open a clarification or a correction."),
                "correction",
            )
        ]
    machine = person_decides(facts)
    return [*facts.failing_gates, *([machine] if isinstance(machine, Denied) else [])]


def not_yet_proposed(facts: Facts) -> Answer:
    if facts.retraction_proposed_by is None:
        return ALLOWED
    return Denied(
        _("The retraction is proposed already."), _("Somebody else has to confirm it."), "correction"
    )


def retraction_proposed(facts: Facts) -> Answer:
    if facts.retraction_proposed_by is not None:
        return ALLOWED
    return Denied(_("Nobody has proposed to retract this report."), "", "correction")


def retraction_proposed_by_another(facts: Facts) -> Answer:
    if facts.retraction_proposed_by is None:
        return Denied(_("Nobody has proposed to retract this report."), _("Propose it first."), "correction")
    if facts.retraction_proposed_by == facts.actor_id:
        return Denied(
            _("You proposed this, so somebody else has to confirm it."), _("Ask a colleague."), "correction"
        )
    return ALLOWED


def person_confirms(facts: Facts) -> Answer:
    if facts.actor_is_machine:
        return Denied(
            _("A machine account cannot be the second to agree."), _("Ask a person."), "correction", "machine"
        )
    return ALLOWED


def retraction_note(facts: Facts) -> Answer:
    if str(facts.payload.get("public_note", "")).strip():
        return ALLOWED
    return Denied(
        _("The public note is empty."), _("Tell readers why the report is withdrawn."), "correction",
        field="public_note",
    )  # fmt: skip


def note_read_by_two(facts: Facts) -> Answer:
    if not facts.note or facts.note_read_by_another or not facts.note_needs_two:
        return ALLOWED
    place = f"note-{facts.note_for}"
    if facts.note_of_another:
        return Denied(
            _(
                "On this desk two people read a public note, and this is not word for word the one that %(name)s proposed."
            )
            % {"name": facts.note_of_another},
            _("Publish that one as it stands, or propose yours and let %(name)s agree to it.")
            % {"name": facts.note_of_another},
            place,
            field="public_note",
        )
    return Denied(
        _("On this desk two people read a public note, and nobody but you has read this one."),
        _("Propose it, and let a colleague agree to it, such as %(name)s.") % {"name": facts.note_colleague},
        place,
        field="public_note",
    )


def duplicate_of_original(facts: Facts) -> Answer:
    problem = facts.duplicate_problem
    return Denied(problem, _("Choose the claim it repeats."), "duplicate") if problem else ALLOWED


def nobody_acted_since(facts: Facts) -> Answer:
    problem = facts.undo_problem
    return Denied(problem, "", "timeline") if problem else ALLOWED


GUARDS: Mapping[str, Guard] = {
    guard.__name__: guard
    for guard in (
        checker_can_work, reader_can_read, no_conflict_declared, verdict_written, author_gates, all_gates, never_wrote, no_exception_of_own,
        person_decides, blind_rating_done,
        approval_stands, date_ahead, time_has_come, correction_kind, another_than_corrector, public_note,
        correction_gates, not_yet_proposed, retraction_proposed, retraction_proposed_by_another, person_confirms, retraction_note, note_read_by_two, duplicate_of_original,
        nobody_acted_since,
    )
}  # fmt: skip


def ask(names: Sequence[str], facts: Facts) -> tuple[Denied, ...]:
    """Ask every named guard in order and collect what stands in the way; empty means allowed."""
    denials: list[Denied] = []
    for name in names:
        answer = GUARDS[name](facts)
        if isinstance(answer, Denied):
            denials.append(answer)
        elif not isinstance(answer, Allowed):
            denials.extend(answer)
    return tuple(denials)
