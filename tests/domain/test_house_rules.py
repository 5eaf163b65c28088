"""Reasons to decline, due dates, checklists and the rating scale: an editor's to change, and nothing old gets lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from claims.domain import checklists, house_rules, scales
from claims.domain.house_rules import DueRule
from claims.domain.scales import Rating
from claims.enums import DeclineReason
from claims.exceptions import Conflict, InvalidInput, NotAllowed, TransitionRefused
from claims.models import AuditEvent, ChecklistTick, Claim, RatingScale, Report
from claims.publishing.document import ReportDocument
from tests.factories import fill, move

ClaimIn = Callable[..., Claim]
pytestmark = pytest.mark.django_db


# --- reasons to decline -------------------------------------------------------------------------------------------


def test_a_desk_that_changed_nothing_has_the_list_as_delivered(db: None) -> None:
    assert house_rules.reasons() == [(reason.value, str(reason.label)) for reason in DeclineReason]


def test_a_reason_taken_off_stays_on_the_claims_that_name_it(editor: User, claim_in: ClaimIn) -> None:
    declined = move(claim_in("new"), "decline", editor, reason="x", payload={"decline_reason": "opinion"})
    entries = [{"key": "prediction", "label": "About the future"}, {"label": "Satire, plainly"}]
    house_rules.save_reasons(entries, actor=editor)
    assert house_rules.reasons() == [
        ("prediction", "About the future"),
        ("satire_plainly", "Satire, plainly"),
    ]
    assert house_rules.reason_label(declined.decline_reason) == str(DeclineReason.OPINION.label)
    again = move(move(declined, "reopen", editor, reason="x"), "decline", editor, reason="x",
                 payload={"decline_reason": "satire_plainly"})  # fmt: skip
    assert again.decline_reason == "satire_plainly"
    with pytest.raises(InvalidInput, match="reasons on the list"):
        move(move(again, "reopen", editor, reason="x"), "decline", editor, reason="x",
             payload={"decline_reason": "opinion"})  # fmt: skip


def test_a_reason_comes_back_under_its_old_key(editor: User) -> None:
    house_rules.save_reasons([{"key": "other", "label": "Other"}], actor=editor)
    house_rules.save_reasons(
        [{"key": "other", "label": "Other"}, {"key": "opinion", "label": "Opinion"}], actor=editor
    )
    assert house_rules.reasons() == [("other", "Other"), ("opinion", "Opinion")]
    assert AuditEvent.objects.filter(action="desk.settings").count() == 2


@pytest.mark.parametrize(
    ("entries", "words"),
    [([], "at least one"), ([{"label": "A"}, {"label": "a "}], "twice"), ([{"label": "x" * 81}], "longer than 80"),
     ([{"label": f"Reason {n}"} for n in range(21)], "20 reasons")],
)  # fmt: skip
def test_a_list_of_reasons_that_makes_no_sense_changes_nothing(
    editor: User, entries: list[dict[str, str]], words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        house_rules.save_reasons(entries, actor=editor)
    assert len(house_rules.reasons()) == len(DeclineReason)


# --- due dates ----------------------------------------------------------------------------------------------------


def test_the_closest_rule_says_how_many_days(editor: User) -> None:
    rules = [DueRule(1, "1_urgent"), DueRule(10, "", "Climate"), DueRule(2, "1_urgent", "climate")]
    house_rules.save_due_rules(rules, usual_days=5, actor=editor)
    asked = [("2_normal", ""), ("1_urgent", "Sport"), ("2_normal", "climate"), ("1_urgent", "CLIMATE")]
    assert [house_rules.days_for(*pair) for pair in asked] == [5, 1, 10, 2]


def test_a_rule_for_the_topic_comes_before_one_for_the_priority(editor: User) -> None:
    house_rules.save_due_rules(
        [DueRule(1, "1_urgent"), DueRule(10, "", "Climate")], usual_days=5, actor=editor
    )
    assert house_rules.days_for("1_urgent", "Climate") == 10


def test_giving_a_claim_out_asks_the_rules(editor: User, reviewer: User, claim_in: ClaimIn) -> None:
    house_rules.save_due_rules([DueRule(9, "", "Transport")], usual_days=2, actor=editor)
    claim = claim_in("triaged")
    Claim.objects.filter(pk=claim.pk).update(topic="Transport")
    given = move(claim, "assign", editor, payload={"assignee": reviewer.pk})
    assert given.due_at is not None
    assert timedelta(days=8) < given.due_at - timezone.now() < timedelta(days=10)


@pytest.mark.parametrize(
    ("rules", "usual", "words"),
    [([DueRule(0, "1_urgent")], 3, "1 to 365"), ([DueRule(3)], 3, "priority or a topic"), ([], 400, "1 to 365"),
     ([DueRule(3, "", "A"), DueRule(4, "", "a")], 3, "same claims"), ([DueRule(3, "soon")], 3, "priority")],
)  # fmt: skip
def test_rules_that_make_no_sense_change_nothing(
    editor: User, rules: list[DueRule], usual: int, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        house_rules.save_due_rules(rules, usual_days=usual, actor=editor)
    assert (house_rules.due_rules(), house_rules.settings().due_days) == ([], 3)


# --- checklists ---------------------------------------------------------------------------------------------------


def texts_on(claim: Claim) -> list[tuple[str, bool]]:
    return [
        (line.item.text, line.tick is not None)
        for listed in checklists.on_claim(claim)
        for line in listed.lines
    ]


def test_words_that_stay_keep_their_ticks_and_what_was_ticked_is_never_lost(
    editor: User, reviewer: User, claim_in: ClaimIn
) -> None:
    claim = claim_in("researching")
    made = checklists.save(None, name="Figures", topic="", items=["Unit", "Period", "Source"], actor=editor)
    ids = {line.item.text: line.item.pk for listed in checklists.on_claim(claim) for line in listed.lines}
    checklists.set_ticks(claim.pk, [ids["Unit"], ids["Period"]], actor=reviewer)
    checklists.save(made.pk, name="Figures", topic="", items=["Source", "Unit", "Base year"], actor=editor)
    assert texts_on(claim) == [("Source", False), ("Unit", True), ("Period", True), ("Base year", False)]
    checklists.set_in_use(made.pk, False, actor=editor)
    assert texts_on(claim) == [("Unit", True), ("Period", True)]


def test_a_tick_keeps_its_person_when_somebody_else_saves_the_list(
    editor: User, reviewer: User, claim_in: ClaimIn
) -> None:
    claim = claim_in("researching")
    checklists.save(None, name="All", topic="", items=["One", "Two"], actor=editor)
    first, second = (line.item.pk for listed in checklists.on_claim(claim) for line in listed.lines)
    checklists.set_ticks(claim.pk, [first], actor=reviewer)
    checklists.set_ticks(claim.pk, [first, second], actor=editor)
    assert list(ChecklistTick.objects.order_by("item_id").values_list("person", flat=True)) == [
        reviewer.pk,
        editor.pk,
    ]
    events = AuditEvent.objects.filter(claim=claim, action="claim.checklist").order_by("id")
    assert [event.data["ticked"] for event in events] == [["One"], ["Two"]]


def test_a_list_for_a_topic_stands_only_on_its_claims(editor: User, claim_in: ClaimIn) -> None:
    claim = claim_in("triaged")
    checklists.save(None, name="Health", topic="Health", items=["Dose"], actor=editor)
    assert texts_on(claim) == []
    claim.topic = "health"
    assert texts_on(claim) == [("Dose", False)]


def test_only_those_at_work_on_a_claim_tick(
    editor: User, second_reader: User, viewer: User, claim_in: ClaimIn
) -> None:
    claim = claim_in("researching")
    checklists.save(None, name="All", topic="", items=["One"], actor=editor)
    with pytest.raises(TransitionRefused):
        checklists.set_ticks(claim.pk, [], actor=second_reader)
    with pytest.raises(NotAllowed):
        checklists.set_ticks(claim.pk, [], actor=viewer)
    with pytest.raises(InvalidInput, match="changed meanwhile"):
        checklists.set_ticks(claim.pk, [987654], actor=editor)


# --- the rating scale ---------------------------------------------------------------------------------------------

THREE = [
    Rating("Right", "It holds.", "true"),
    Rating("In between", "Partly."),
    Rating("Wrong", "It does not.", "false"),
]
OFF = [Rating("Unproven", "Nobody can tell yet.", "unproven")]


def standing() -> RatingScale:
    found = scales.in_use()
    assert found is not None
    return found


def test_a_new_version_leaves_old_reports_as_they_are(editor: User, claim_in: ClaimIn) -> None:
    before = claim_in("published")
    old = standing()
    scale = scales.save(actor=editor, seen=old.pk, name=old.name, on_scale=THREE, off_scale=OFF)
    assert (scale.version, scale.in_use) == (2, True)
    levels = [(level.key, level.value) for level in scale.levels.order_by("off_scale", "position")]
    assert levels == [("true", 3), ("in_between", 2), ("false", 1), ("unproven", None)]
    report = Report.objects.get(claim=before)
    assert report.current_version is not None
    document = ReportDocument.from_json(report.current_version.document)
    assert (document.verdict.scale_version, document.verdict.best) == (1, 5)


def test_a_verdict_is_written_with_the_new_scale(editor: User, reviewer: User, claim_in: ClaimIn) -> None:
    claim = claim_in("researching")
    old = standing()
    scales.save(actor=editor, seen=old.pk, name=old.name, on_scale=THREE, off_scale=OFF)
    with pytest.raises(InvalidInput, match="scale in use"):
        fill(claim, reviewer, level="mostly_false")
    verdict = fill(claim, reviewer, level="in_between").verdict
    assert verdict.level is not None
    assert verdict.level.scale == standing()


def test_the_same_words_make_no_version_and_a_stale_page_is_refused(editor: User) -> None:
    old = standing()
    scale = scales.save(actor=editor, seen=old.pk, name=old.name, on_scale=THREE, off_scale=OFF)
    assert scales.save(actor=editor, seen=scale.pk, name=old.name, on_scale=THREE, off_scale=OFF) == scale
    with pytest.raises(Conflict, match="version 2"):
        scales.save(actor=editor, seen=old.pk, name=old.name, on_scale=THREE[:2], off_scale=[])


@pytest.mark.parametrize(
    ("on", "off", "words"),
    [(THREE[:1], [], "from 2 to 9"), (THREE, [Rating("wrong", "Twice.")], "twice"), ([*THREE[:2], Rating("Odd", "")], [], "means"),
     ([*THREE[:2], Rating("", "No word.")], [], "word")],
)  # fmt: skip
def test_a_scale_that_makes_no_sense_is_not_made(
    editor: User, on: list[Rating], off: list[Rating], words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        scales.save(actor=editor, seen=standing().pk, name="Accuracy", on_scale=on, off_scale=off)
    assert RatingScale.objects.count() == 1


def test_only_editors_lay_anything_down(reviewer: User) -> None:
    for attempt in (
        lambda: house_rules.save_reasons([{"label": "A"}], actor=reviewer),
        lambda: house_rules.save_due_rules([], usual_days=4, actor=reviewer),
        lambda: checklists.save(None, name="A", topic="", items=["B"], actor=reviewer),
        lambda: scales.save(actor=reviewer, seen=standing().pk, name="A", on_scale=THREE, off_scale=[]),
    ):
        with pytest.raises(NotAllowed):
            attempt()
