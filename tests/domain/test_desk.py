"""The desk's own affairs: only editors, always with a trace, and never without an editor."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from claims.domain import (
    assignment,
    audit,
    budgets,
    checklists,
    desk,
    factors,
    house_rules,
    people,
    scales,
    tokens,
)
from claims.exceptions import Conflict, InvalidInput, NotAllowed
from claims.models import AuditEvent, Notification, OutboxMessage, Page, Profile
from tests import factories


def _roles(person: User) -> frozenset[str]:
    return people.roles(User.objects.get(pk=person.pk))


def test_a_role_replaces_the_one_before_and_leaves_a_trace(editor: User, reviewer: User) -> None:
    desk.set_role(reviewer.pk, "editor", actor=editor)
    assert "editor" in _roles(reviewer)
    desk.set_role(reviewer.pk, "", actor=editor)
    assert _roles(reviewer) == frozenset()
    events = AuditEvent.objects.filter(action="person.role").order_by("id")
    assert [event.data["after"] for event in events] == [["editor"], []]
    assert events[1].data["before"] == ["editor"]
    assert audit.verify() is None


def test_the_last_editor_stays_one(editor: User, reviewer: User) -> None:
    with pytest.raises(InvalidInput, match="only editor"):
        desk.set_role(editor.pk, "reviewer", actor=editor)
    desk.set_role(reviewer.pk, "editor", actor=editor)
    desk.set_role(editor.pk, "reviewer", actor=reviewer)
    assert "editor" not in _roles(editor)


def test_a_closed_editor_does_not_count_as_one(editor: User, reviewer: User) -> None:
    desk.set_role(reviewer.pk, "editor", actor=editor)
    desk.set_active(reviewer.pk, False, actor=editor)
    with pytest.raises(InvalidInput, match="only editor"):
        desk.set_role(editor.pk, "viewer", actor=editor)


def test_nobody_closes_their_own_account(editor: User) -> None:
    with pytest.raises(InvalidInput):
        desk.set_active(editor.pk, False, actor=editor)


def test_only_editors_decide(reviewer: User, viewer: User) -> None:
    for person in (reviewer, viewer):
        with pytest.raises(NotAllowed):
            desk.set_role(viewer.pk, "editor", actor=person)
        with pytest.raises(NotAllowed):
            desk.add_person(actor=person, username="x", email="x@desk.example", role="viewer")
        with pytest.raises(NotAllowed):
            desk.save_settings(actor=person, fields={"name": "Mine"})
        with pytest.raises(NotAllowed):
            desk.save_page("about", actor=person, version=0, title="T", body="B")
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"username": "two words", "email": "a@desk.example", "role": "viewer"}, "username"),
        ({"username": "ida", "email": "no address", "role": "viewer"}, "email"),
        ({"username": "ida", "email": "a@desk.example", "role": "owner"}, "role"),
        ({"username": "PIA", "email": "a@desk.example", "role": "viewer"}, "username"),
    ],
)
def test_an_account_that_makes_no_sense_is_not_made(editor: User, fields: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        desk.add_person(actor=editor, **fields)
    assert caught.value.field == field
    assert User.objects.count() == 1


def test_settings_that_stay_the_same_leave_no_trace(editor: User) -> None:
    desk.save_settings(actor=editor, fields={"name": "The Ellery Check"})
    desk.save_settings(actor=editor, fields={"name": "The Ellery Check"})
    event = AuditEvent.objects.get(action="desk.settings")
    assert event.data["after"] == {"name": "The Ellery Check"}


def test_every_save_of_a_page_is_a_version_and_a_stale_one_is_refused(editor: User) -> None:
    desk.save_page("about", actor=editor, version=0, title="About", body="One.")
    desk.save_page("about", actor=editor, version=1, title="About", body="Two.")
    with pytest.raises(Conflict) as caught:
        desk.save_page("about", actor=editor, version=1, title="About", body="Mine.")
    assert caught.value.current["body"] == "Two."
    assert Page.objects.filter(kind="about").count() == 2


def test_absence_is_kept_with_a_trace(reviewer: User) -> None:
    desk.save_working_life(reviewer, away_until=date(2026, 12, 24), single_keys=False)
    profile = Profile.objects.get(person=reviewer)
    assert profile.away_until == date(2026, 12, 24)
    assert AuditEvent.objects.filter(action="person.working_life", actor=reviewer).exists()


def test_no_editor_lowers_the_guard_of_an_administrator(editor: User, reviewer: User) -> None:
    """Who takes the second step away from an account above their own, and learns its password, is in it."""
    chief = User.objects.create_superuser("chief", "chief@desk.example", "x")
    factors.confirm(chief, factors.code_at(factors.begin(chief), factors.window_now()))
    for attempt in (
        lambda: factors.switch_off(chief.pk, actor=editor),
        lambda: desk.set_active(chief.pk, False, actor=editor),
        lambda: desk.set_role(chief.pk, "viewer", actor=editor),
    ):
        with pytest.raises(NotAllowed, match="administrator"):
            attempt()
    assert factors.has(chief)
    other = User.objects.create_superuser("other", "other@desk.example", "x")
    factors.switch_off(chief.pk, actor=other)
    assert not factors.has(chief)


def test_the_only_administrator_is_let_in_again_on_the_server(db: None) -> None:
    chief = User.objects.create_superuser("chief", "chief@desk.example", "x")
    factors.confirm(chief, factors.code_at(factors.begin(chief), factors.window_now()))
    with pytest.raises(CommandError, match="Nobody has the user name"):
        call_command("second_step_away", "nobody")
    call_command("second_step_away", "chief")
    assert not factors.has(chief)
    assert factors.codes_left(chief) == 0
    assert AuditEvent.objects.filter(action="account.second_step_off", actor=None).count() == 1
    assert Notification.objects.filter(person=chief, kind="account.changed").count() == 2


def test_the_other_editors_hear_who_comes_and_goes(editor: User, reviewer: User) -> None:
    """One editor who invents a colleague would have two pairs of eyes."""
    second, third = factories.person("sam", "editor"), factories.person("ruth", "editor")
    made = desk.add_person(actor=editor, username="", email="me+2@elsewhere.example", role="reviewer")
    desk.set_role(made.pk, "editor", actor=editor)
    desk.set_active(made.pk, False, actor=editor)
    for person in (second, third):
        rows = Notification.objects.filter(person=person, kind="desk.people").order_by("pk")
        assert len(rows) == 3
        assert all("me+2@elsewhere.example" in row.text for row in rows)
        assert [row.text.rpartition("(")[2] for row in rows] == ["Reviewer).", "Editor).", "account closed)."]
    assert not Notification.objects.filter(person__in=[editor, reviewer, made]).exists()


def test_they_hear_who_switches_a_rule_on_two_pairs_of_eyes(editor: User, reviewer: User) -> None:
    """One editor who switches it off, publishes and switches it on again would have been two."""
    other = factories.person("sam", "editor")
    for at, fields in enumerate((
        {"note_needs_two": True, "tagline": "x"}, {"note_needs_two": True, "tagline": "y"},
        {"note_needs_two": False, "blind_second_rating": True},
    )):  # fmt: skip
        desk.save_settings(actor=editor, fields=fields)
        assert Notification.objects.filter(kind="desk.people").count() == [1, 1, 2][at]
    first, second = Notification.objects.filter(person=other).order_by("pk")
    assert first.text == "Pia Demo switched “a public note needs two people” on."
    assert "“a public note needs two people” off." in second.text
    assert second.text.count("switched") == 2
    assert OutboxMessage.objects.filter(kind="mail", key__endswith=f":{other.pk}").count() == 2
    assert not Notification.objects.filter(person__in=[editor, reviewer]).exists()


def test_they_hear_of_a_program_that_becomes_a_person_and_of_rules_switched_in_the_administration(
    editor: User, reviewer: User, as_user: Callable[[User], Client]
) -> None:
    chief = User.objects.create_superuser("chief", "chief@desk.example", "a long password")
    Profile.objects.update_or_create(person=reviewer, defaults={"is_machine": True})
    client = as_user(chief)
    page = f"/admin/claims/profile/{reviewer.profile.pk}/change/"
    for address, switch in ((page, "is_machine"), ("/admin/claims/desksettings/1/change/", "note_needs_two")):
        form = client.get(address).context["adminform"].form
        sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
        sent = {name: json.dumps(value) if isinstance(value, list) else value for name, value in sent.items()}
        turned = (
            {name: value for name, value in sent.items() if name != switch}
            if switch in sent
            else {**sent, switch: "on"}
        )
        assert client.post(address, turned).status_code == 302
    told = [row.text for row in Notification.objects.filter(person=editor, kind="desk.people").order_by("pk")]
    assert "Noor Demo" in told[0] and told[0].endswith("(no program any more).")
    assert told[1:] == ["chief switched “a public note needs two people” on."]


def test_long_names_do_not_hide_who_was_added_as_what(editor: User) -> None:
    other = factories.person("olga", "editor")
    User.objects.filter(pk=editor.pk).update(first_name="Piaa " * 30, last_name="B" * 150)
    actor = User.objects.get(pk=editor.pk)
    desk.add_person(
        actor=actor, username="", email=f"me@{'elsewhere.' * 5}example", role="editor", first_name="Eve",
        last_name="C" * 150,
    )  # fmt: skip
    told = Notification.objects.get(person=other, kind="desk.people").text
    assert "Eve" in told
    assert "me@elsewhere." in told
    assert told.endswith("(Editor).")


def test_a_machine_makes_itself_no_colleagues(editor: User, reviewer: User) -> None:
    """It never approves a verdict; nor may it make, or let in, somebody who would do it in its place."""
    robot = factories.person("robot", "editor", machine=True)
    for attempt in (
        lambda: desk.add_person(actor=robot, username="", email="mine@elsewhere.example", role="editor"),
        lambda: desk.set_role(reviewer.pk, "editor", actor=robot),
        lambda: desk.set_active(reviewer.pk, False, actor=robot),
        lambda: desk.save_settings(actor=robot, fields={"blind_second_rating": False}),
        lambda: factors.switch_off(reviewer.pk, actor=robot),
        lambda: desk.save_page("method", actor=robot, version=0, title="x", body="y"),
        lambda: budgets.set_limit("llm", None, actor=robot),
        lambda: assignment.save_interests(actor=robot, topics=[], most_claims=1, person=reviewer),
        lambda: scales.save(actor=robot, seen=1, name="x", on_scale=[], off_scale=[]),
        lambda: checklists.save(None, name="x", topic="", items=["y"], actor=robot),
        lambda: checklists.set_in_use(1, False, actor=robot),
        lambda: house_rules.save_reasons([], actor=robot),
        lambda: house_rules.save_due_rules([], usual_days=3, actor=robot),
    ):
        with pytest.raises(NotAllowed, match="machine account"):
            attempt()


def test_a_key_does_not_come_back_with_the_account(editor: User, reviewer: User) -> None:
    _row, secret = tokens.create(reviewer, "script")
    desk.set_active(reviewer.pk, False, actor=editor)
    desk.set_active(reviewer.pk, True, actor=editor)
    assert tokens.find(secret) is None
    closed, opened = AuditEvent.objects.filter(action__in=["person.closed", "person.opened"]).order_by("pk")
    assert (closed.data["keys_revoked"], "keys_revoked" in opened.data) == (1, False)
