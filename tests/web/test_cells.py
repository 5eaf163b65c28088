"""Cells of the table of claims that are changed where they stand: saved, refused, beaten by a colleague, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.domain import assignment
from claims.domain import claims as verbs
from claims.enums import Action, ClaimStatus
from claims.models import AuditEvent, Claim
from tests import factories
from tests.web import rows

LogIn = Callable[[User], Client]
FIELDS = ("assignee", "due_at", "priority", "tags")
pytestmark = pytest.mark.django_db


def _at(claim: Claim, field: str) -> str:
    return reverse("claim-cell", args=[claim.pk, field])


def _list(query: str = "") -> dict[str, Any]:
    page = f"http://testserver{reverse('claims')}{query}"
    return {"headers": {"hx-request": "true", "hx-current-url": page}}


def _seen(html: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', html)
    assert found
    return found[1]


def _open(client: Client, claim: Claim, field: str, **how: Any) -> str:
    """What the form was opened on."""
    answer = client.get(_at(claim, field), **(how or _list()))
    assert answer.status_code == 200
    return _seen(answer.content.decode())


def _day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def _cells(html: str, claim: Claim) -> set[str]:
    return {field for field in FIELDS if f'href="{_at(claim, field)}"' in html}


# --- what may be changed ------------------------------------------------------------------------------------------


def test_each_sees_the_cells_that_the_verbs_open_to_them(
    claim_in: Any, editor: User, reviewer: User, second_reader: User, viewer: User, as_user: LogIn
) -> None:
    claim = claim_in(ClaimStatus.RESEARCHING)
    free = factories.move(factories.claim(editor, "22,400 vehicles crossed"), Action.TRIAGE, editor)
    done = claim_in(ClaimStatus.PUBLISHED, "carries 4,000 more passengers")
    seen = {}
    for person in (editor, reviewer, second_reader, viewer):
        html = as_user(person).get(reverse("claims")).content.decode()
        seen[person.username] = [_cells(html, one) for one in (claim, free, done)]
        for one, cells in zip((claim, free, done), seen[person.username], strict=True):
            for field in FIELDS:  # what is shown and what opens are the same
                answer = as_user(person).get(_at(one, field), **_list()).status_code
                assert answer == (200 if field in cells else 403), (person, one.status, field)
    others = {"due_at", "priority", "tags"}
    assert seen[editor.username] == [set(FIELDS), set(FIELDS), others]
    assert seen[reviewer.username] == [
        set(FIELDS),
        {"assignee"},
        others,
    ]  # the checker's own; one that can be taken
    assert seen[second_reader.username] == [set(), {"assignee"}, set()]
    assert seen[viewer.username] == [set(), set(), set()]
    assert "change the due date of claim" not in as_user(viewer).get(reverse("claims")).content.decode()


def test_a_field_that_is_no_cell_is_not_there(make_claim: Any, editor: User, as_user: LogIn) -> None:
    assert as_user(editor).get(_at(make_claim(), "topic")).status_code == 404


def test_the_form_of_a_cell_is_none_of_the_tables(make_claim: Any, editor: User, as_user: LogIn) -> None:
    claim, client = make_claim(), as_user(editor)
    for field in FIELDS:
        html = client.get(_at(claim, field), **_list()).content.decode()
        controls = re.findall(r"<(?:input|select|button)[^>]*>", html)
        sent = [one for one in controls if "name=" in one or 'type="submit"' in one]
        assert len(sent) >= 3
        assert all('form="cell-form"' in one for one in sent), sent
        assert "csrfmiddlewaretoken" not in html  # the page's own form has it
        named = re.findall(r"<(?:label|button).*?</(?:label|button)>", html, re.DOTALL)
        assert len(named) >= 3
        assert all(f"of claim {claim.number}" in one for one in named), named
    page = client.get(reverse("claims")).content.decode()
    assert (
        page.index("</table>") < page.index("</form>", page.index("</table>")) < page.index('id="cell-form"')
    )


# --- saved --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "shown"),
    [
        ("due_at", "2031-03-04", "4 Mar 2031"),
        ("priority", "1_urgent", "Urgent"),
        ("tags", "housing, Rents,housing", '<bdi class="tag">Rents</bdi>'),
    ],
)
def test_what_is_saved_comes_back_as_the_row(
    field: str, typed: str, shown: str, make_claim: Any, editor: User, as_user: LogIn
) -> None:
    claim, client = make_claim(), as_user(editor)
    seen = _open(client, claim, field)
    answer = client.post(_at(claim, field), {field: typed, "seen": seen}, **_list("?late=1"))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.startswith(f'<tr id="r{claim.pk}"')  # though the list's filter finds it no more
    assert shown in html
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == (f"#r{claim.pk}", "outerHTML")
    assert f"of claim {claim.number}: " in html.split("<template>")[1]
    event = AuditEvent.objects.filter(claim=claim).latest("pk")
    assert (event.action, event.actor, list(event.data)) == ("claim.details", editor, [field])


def test_a_day_is_six_in_the_evening_the_same_day_keeps_its_time_and_none_takes_it_away(
    make_claim: Any, editor: User, as_user: LogIn
) -> None:
    claim, client = make_claim(), as_user(editor)

    def save(day: str) -> datetime | None:
        seen = _open(client, claim, "due_at")
        assert client.post(_at(claim, "due_at"), {"due_at": day, "seen": seen}, **_list()).status_code == 200
        claim.refresh_from_db()
        return claim.due_at

    due = save(_day(9))
    assert due is not None
    assert timezone.localtime(due).hour == 18
    Claim.objects.filter(pk=claim.pk).update(due_at=due.replace(hour=7))
    assert save(_day(9)) == due.replace(hour=7)
    assert save("") is None


def test_a_checker_is_assigned_through_the_door_and_that_can_be_undone(
    claim_in: Any, editor: User, reviewer: User, as_user: LogIn
) -> None:
    claim, client = claim_in(ClaimStatus.TRIAGED), as_user(editor)
    seen = _open(client, claim, "assignee")
    where = _list("?status=triaged&who=nobody")
    answer = client.post(_at(claim, "assignee"), {"assignee": reviewer.pk, "seen": seen}, **where)
    html = answer.content.decode()
    claim.refresh_from_db()
    assert (claim.status, claim.assignee) == (ClaimStatus.ASSIGNED, reviewer)
    assert "Assigned to Noor Demo." in html
    assert f'value="{claim.pk}.{claim.version}"' in html  # the box beside it knows the new version
    # Undone, one is back at the list, not at the form of a cell.
    assert 'name="action" value="undo"' in html
    assert f'name="next" value="{reverse("claims")}?status=triaged&amp;who=nobody"' in html
    undo = {"action": "undo", "version": claim.version}
    client.post(reverse("transition", args=[claim.pk]), undo)
    claim.refresh_from_db()
    assert (claim.status, claim.assignee) == (ClaimStatus.TRIAGED, None)


def test_only_who_hands_over_is_asked_why(
    claim_in: Any, editor: User, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    claim, client = claim_in(ClaimStatus.TRIAGED), as_user(editor)
    assert 'name="reason"' not in client.get(_at(claim, "assignee"), **_list()).content.decode()
    claim = factories.move(claim, Action.ASSIGN, editor, payload={"assignee": reviewer.pk})
    page = client.get(_at(claim, "assignee"), **_list()).content.decode()
    assert 'name="reason"' in page
    form = {"assignee": second_reader.pk, "seen": _seen(page)}
    answer = client.post(_at(claim, "assignee"), form, **_list())
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "The reason is missing." in html
    assert re.search(r'name="reason"[^>]*aria-invalid="true" aria-describedby="cell-reason-error"', html)
    assert re.search(r'name="reason"[^>]*data-focus', html)
    assert f'<option value="{second_reader.pk}" selected>' in html
    answer = client.post(_at(claim, "assignee"), {**form, "reason": "On holiday."}, **_list())
    assert "Handed over to Tomas Demo." in answer.content.decode()
    event = AuditEvent.objects.filter(claim=claim).latest("pk")
    assert (event.action, event.reason) == ("claim.reassign", "On holiday.")


def test_who_is_offered_is_who_the_assign_form_offers(
    claim_in: Any, editor: User, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    claim, client = claim_in(ClaimStatus.TRIAGED), as_user(editor)
    assignment.declare_conflict(actor=second_reader, speaker="lena brandt")
    form = client.get(_at(claim, "assignee"), **_list()).context["form"]
    page = client.get(reverse("move", args=[claim.pk, "assign"])).context["form"]
    assert form.fields["assignee"].choices == page.fields["assignee"].choices
    assert form.initial["assignee"] == page.initial["assignee"]
    assert "Tomas Demo has declared a conflict" in str(form.fields["assignee"].help_text)


def test_a_reviewer_takes_for_themselves_alone(
    claim_in: Any, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    claim, client = claim_in(ClaimStatus.TRIAGED), as_user(reviewer)
    page = client.get(_at(claim, "assignee"), **_list())
    assert [value for value, _words in page.context["form"].fields["assignee"].choices] == [str(reviewer.pk)]
    seen = _seen(page.content.decode())
    answer = client.post(_at(claim, "assignee"), {"assignee": second_reader.pk, "seen": seen}, **_list())
    assert answer.status_code == 403
    assert f'<option value="{second_reader.pk}" selected>' in answer.content.decode()  # what was chosen stays
    claim.refresh_from_db()
    assert claim.assignee is None
    client.post(_at(claim, "assignee"), {"assignee": reviewer.pk, "seen": seen}, **_list())
    claim.refresh_from_db()
    assert (claim.status, claim.assignee) == (ClaimStatus.ASSIGNED, reviewer)


# --- refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("due_at", "2001-03-04", "The due date is over."),
        ("due_at", "2031-02-30", "Enter a valid date."),
        ("priority", "soon", "It cannot be chosen, or not any more."),
        ("tags", "x" * 61, "is longer than 60 characters. Shorten it."),
        ("assignee", "987654", "Choose a person of this desk."),
        ("assignee", "", "Choose a person of this desk."),
    ],
)
def test_what_cannot_be_comes_back_at_its_field_as_it_was_typed(
    field: str, typed: str, sentence: str, make_claim: Any, editor: User, as_user: LogIn
) -> None:
    claim, client = make_claim(), as_user(editor)
    seen = _open(client, claim, field)
    answer = client.post(_at(claim, field), {field: typed, "seen": seen}, **_list())
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "data-editor" in html
    error = re.search(rf'<p class="error" id="cell-{field}-error">(.*?)</p>', html)
    assert error, html
    assert sentence in error[1]
    control = re.search(rf'<(?:input|select) [^>]*name="{field}"[^>]*>', html)
    assert control
    assert 'aria-invalid="true"' in control[0]
    assert f"cell-{field}-error" in control[0]
    if field in {"due_at", "tags"}:
        assert f'value="{typed}"' in control[0]
    assert not AuditEvent.objects.filter(claim=claim, action__in=("claim.details", "claim.assign")).exists()


def test_who_may_not_any_more_is_told_in_the_cell(
    claim_in: Any, editor: User, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    claim, client = claim_in(ClaimStatus.ASSIGNED), as_user(reviewer)
    seen = _open(client, claim, "tags")
    factories.move(claim, Action.REASSIGN, editor, reason="x", payload={"assignee": second_reader.pk})
    answer = client.post(_at(claim, "tags"), {"tags": "mine, still", "seen": seen}, **_list())
    assert answer.status_code == 403
    html = answer.content.decode()
    assert "Your role on this desk does not allow this." in html
    assert 'value="mine, still"' in html
    assert "data-stale" in html
    assert Claim.objects.get(pk=claim.pk).tags == []


def test_a_log_in_that_has_ended_says_so_and_changes_nothing(make_claim: Any, client: Client) -> None:
    claim = make_claim()
    answer = client.post(_at(claim, "tags"), {"tags": "typed"}, **_list("?q=x"))
    assert answer.status_code == 401
    assert "You are logged out. Copy what you have typed" in answer.content.decode()


# --- a colleague was first ----------------------------------------------------------------------------------------


def test_of_two_who_change_one_cell_the_second_sees_both(
    claim_in: Any, editor: User, reviewer: User, as_user: LogIn
) -> None:
    claim = claim_in(ClaimStatus.ASSIGNED)
    client = as_user(editor)
    seen = _open(client, claim, "tags")
    verbs.set_details(claim.pk, actor=reviewer, fields={"tags": ["ferry"]})
    verbs.set_details(
        claim.pk, actor=editor, fields={"priority": "3_low"}
    )  # who changed the tags is somebody else
    answer = client.post(_at(claim, "tags"), {"tags": "bridge", "seen": seen}, **_list())
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Noor Demo saved after you opened this." in html
    assert "It is now: ferry." in html
    assert 'value="bridge"' in html
    assert "data-stale" in html  # whoever leaves it gets the row anew
    assert Claim.objects.get(pk=claim.pk).tags == ["ferry"]
    fresh = client.get(f"{_at(claim, 'tags')}?row", **_list())
    assert '<bdi class="tag">ferry</bdi>' in fresh.content.decode()
    assert "<template>" not in fresh.content.decode()
    # Saving once more is a choice made with both in sight.
    client.post(_at(claim, "tags"), {"tags": "bridge", "seen": _seen(html)}, **_list())
    assert Claim.objects.get(pk=claim.pk).tags == ["bridge"]


def test_two_who_change_two_cells_of_a_row_are_not_in_each_others_way(
    make_claim: Any, editor: User, as_user: LogIn
) -> None:
    claim, client = make_claim(), as_user(editor)
    seen = _open(client, claim, "priority")
    verbs.set_details(claim.pk, actor=editor, fields={"tags": ["ferry"], "topic": "Harbour"})
    answer = client.post(_at(claim, "priority"), {"priority": "3_low", "seen": seen}, **_list())
    assert answer.status_code == 200
    claim.refresh_from_db()
    assert (claim.priority, claim.tags) == ("3_low", ["ferry"])


def test_who_assigns_what_a_colleague_has_assigned_is_told_and_may_hand_it_over(
    claim_in: Any, editor: User, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    claim, client = claim_in(ClaimStatus.TRIAGED), as_user(editor)
    seen = _open(client, claim, "assignee")
    factories.move(claim, Action.TAKE, reviewer)
    form = {"assignee": second_reader.pk, "seen": seen}
    answer = client.post(_at(claim, "assignee"), form, **_list())
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Noor Demo moved this claim to “Assigned”" in html
    assert "It is now: Assigned, Noor Demo." in html
    assert f'<option value="{second_reader.pk}" selected>' in html
    assert 'name="reason"' in html
    form = {"assignee": second_reader.pk, "seen": _seen(html), "reason": "She has the minutes."}
    assert client.post(_at(claim, "assignee"), form, **_list()).status_code == 200
    claim.refresh_from_db()
    assert claim.assignee == second_reader


# --- without scripts ----------------------------------------------------------------------------------------------


def test_without_scripts_a_page_with_the_same_form_leads_back_to_the_row(
    claim_in: Any, editor: User, reviewer: User, as_user: LogIn
) -> None:
    claim, client = claim_in(ClaimStatus.TRIAGED), as_user(editor)
    where = f"{reverse('claims')}?status=triaged&after=x"
    page = client.get(_at(claim, "due_at"), headers={"referer": f"http://testserver{where}"})
    html = page.content.decode()
    assert f"<h1>Due date of claim {claim.number}</h1>" in html
    assert f'name="next" value="{where.replace("&", "&amp;")}"' in html
    form = {"due_at": "2001-01-01", "seen": _seen(html), "next": where}
    wrong = client.post(_at(claim, "due_at"), form)
    assert wrong.status_code == 422
    assert 'value="2001-01-01"' in wrong.content.decode()
    assert f'name="next" value="{where.replace("&", "&amp;")}"' in wrong.content.decode()
    verbs.set_details(claim.pk, actor=editor, fields={"due_at": timezone.now() + timedelta(days=3)})
    form["due_at"] = "2031-03-04"
    beaten = client.post(_at(claim, "due_at"), form)
    assert beaten.status_code == 409
    assert "It is now: " in beaten.content.decode()
    form["seen"] = _seen(beaten.content.decode())
    saved = client.post(_at(claim, "due_at"), form)
    assert (saved.status_code, saved["Location"]) == (302, f"{where}#r{claim.pk}")
    listed = client.get(saved["Location"].replace("&after=x", ""))
    assert f'id="r{claim.pk}"' in listed.content.decode()
    assert f"Due date of claim {claim.number}: 4 Mar 2031." in listed.content.decode()


@pytest.mark.parametrize(
    "came", ["", "https://elsewhere.example/desk/claims/?q=x", "http://testserver/desk/board/?q=x"]
)
def test_who_comes_from_elsewhere_goes_to_the_whole_list(
    came: str, make_claim: Any, editor: User, as_user: LogIn
) -> None:
    claim, client = make_claim(), as_user(editor)
    page = client.get(_at(claim, "tags"), headers={"referer": came} if came else {}).content.decode()
    assert f'name="next" value="{reverse("claims")}"' in page
    form = {"tags": "ferry", "seen": _seen(page), "next": "https://elsewhere.example/"}
    assert client.post(_at(claim, "tags"), form)["Location"] == f"{reverse('claims')}#r{claim.pk}"


# --- many at once, and what it costs ------------------------------------------------------------------------------


def test_what_is_done_with_many_rows_goes_on_as_before(make_claim: Any, editor: User, as_user: LogIn) -> None:
    claim, client = make_claim(), as_user(editor)
    seen = _open(client, claim, "tags")
    client.post(_at(claim, "tags"), {"tags": "ferry", "seen": seen}, **_list())
    claim.refresh_from_db()
    form = {"do": "tag", "tags": "bridge", "claim": f"{claim.pk}.{claim.version}"}
    assert client.post(reverse("claims-together"), form).status_code == 200
    claim.refresh_from_db()
    assert claim.tags == ["ferry", "bridge"]


def _cost(ask: Callable[..., Any], *what: Any, **how: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        answer = ask(*what, **how)
    assert answer.status_code == 200
    return len(asked)


def test_table_form_and_row_cost_the_same_whatever_the_table_holds(
    editor: User, reviewer: User, as_user: LogIn
) -> None:
    client, costs = as_user(editor), []
    for more in (1, 2):
        stored = rows.article(more, editor)
        claim = rows.claims(more, stored, ClaimStatus.ASSIGNED, assignee=reviewer, tags=["ferry"])[0]
        client.get(reverse("claims"))
        one = [_cost(client.get, reverse("claims"))]
        one += [_cost(client.get, _at(claim, field), **_list()) for field in FIELDS]
        one.append(_cost(client.get, f"{_at(claim, 'tags')}?row", **_list()))
        form = {"priority": "3_low", "seen": _open(client, claim, "priority")}
        one.append(_cost(client.post, _at(claim, "priority"), form, **_list()))
        costs.append(one)
    assert costs[0] == costs[1]
    assert costs[0][0] <= 12  # the table asks no more than before its cells could be changed
    assert max(costs[0][1:6]) <= 8  # person, roles, claim, and the four by which people are offered
