"""The public note of a correction and of a retraction: proposed, agreed to, and read by two people before it is public."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from claims.domain import desk, public_notes, seen, tokens
from claims.enums import Action, NoteFor
from claims.exceptions import Conflict, InvalidInput, Missing, NotAllowed, TransitionRefused
from claims.models import AuditEvent, Claim, Correction, Notification, ProposedNote, ReportVersion
from claims.web.wording import happenings
from tests import factories
from tests.factories import move

pytestmark = pytest.mark.django_db
NOTE = "We wrote 27 per cent of cars; it is 27 per cent of vehicles."
OTHER = "We wrote 27 per cent of cars. It is more."
Ready = tuple[Claim, str]


@pytest.fixture
def needs_two(editor: User) -> None:
    desk.save_settings(actor=editor, fields={"note_needs_two": True})


def correcting(
    claim: Claim, editor: User, checker: User, *, note: str = "", kind: str = "correction"
) -> Claim:
    """A correction opened by the editor and written by the checker, so that a third person can publish it."""
    payload = {"kind": kind, "public_note": note}
    claim = move(claim, Action.OPEN_CORRECTION, editor, reason="A reader wrote.", payload=payload)
    return factories.fill(claim, checker, summary="Counts show 27 per cent of vehicles.")


@pytest.fixture(params=[Action.PUBLISH_CORRECTION, Action.RETRACT])
def ready(request: Any, claim_in: Callable[..., Claim], editor: User, reviewer: User) -> Callable[..., Ready]:
    """``ready(note)``: a claim whose note can go out by the move that is named with it."""

    def make(note: str = "") -> Ready:
        claim = claim_in("published")
        if request.param == Action.PUBLISH_CORRECTION:
            return correcting(claim, editor, reviewer, note=note), request.param
        asked = {"reason": "Wrong bridge.", "payload": {"public_note": note}}
        return move(claim, Action.PROPOSE_RETRACTION, editor, **asked), request.param

    return make


def of(action: str) -> str:
    return NoteFor.RETRACTION if action == Action.RETRACT else NoteFor.CORRECTION


def readers_of(claim: Claim, action: str) -> list[int]:
    event = AuditEvent.objects.filter(claim=claim, action=f"claim.{action}").order_by("-id")[0]
    return [one["id"] for one in event.data["note_read_by"]]


def publish(ready: Ready, by: User, note: str) -> Claim:
    claim, action = ready
    return move(claim, action, by, payload={"public_note": note})


def test_a_note_that_another_proposed_was_read_by_two_and_the_trail_and_the_history_say_so(
    ready: Callable[..., Ready], needs_two: None, editor: User, second_reader: User
) -> None:
    claim, action = ready(NOTE)
    moved = publish((claim, action), second_reader, f"{NOTE}\r\n")  # browsers send other ends of lines
    assert ReportVersion.objects.order_by("-number")[0].note == NOTE
    assert readers_of(claim, action) == [second_reader.pk, editor.pk]
    told = happenings(list(AuditEvent.objects.filter(claim=moved).order_by("-id")))
    assert "two people had read the public note word for word: Tomas Demo, Pia Demo" in told[0].what


def test_where_the_desk_does_not_ask_for_two_the_trail_says_that_nobody_else_read_it(
    ready: Callable[..., Ready], second_reader: User
) -> None:
    claim, action = ready(NOTE)
    publish((claim, action), second_reader, OTHER)
    assert readers_of(claim, action) == [second_reader.pk]
    told = happenings(list(AuditEvent.objects.filter(claim=claim).order_by("-id")))
    assert "nobody else read the public note before" in told[0].what


@pytest.mark.parametrize(("proposed", "published"), [("", NOTE), (NOTE, OTHER), (NOTE, NOTE + " Really.")])
def test_a_note_that_one_person_alone_has_read_does_not_go_out(
    ready: Callable[..., Ready], needs_two: None, second_reader: User, proposed: str, published: str
) -> None:
    claim, action = ready(proposed)
    with pytest.raises(TransitionRefused, match="On this desk two people read a public note") as refused:
        publish((claim, action), second_reader, published)
    assert refused.value.failing[0]["remedy"]
    assert list(refused.value.fields) == ["public_note"]
    assert ("Pia Demo proposed" in str(refused.value)) == bool(proposed)


def test_nobody_is_the_second_to_read_their_own_words(
    ready: Callable[..., Ready], needs_two: None, second_reader: User
) -> None:
    claim, action = ready()
    public_notes.propose(claim.pk, of(action), actor=second_reader, text=NOTE)
    with pytest.raises(TransitionRefused, match="nobody but you has read this one"):
        publish((claim, action), second_reader, NOTE)


def test_who_would_publish_other_words_sends_them_to_whoever_proposed_and_publishes_once_they_agree(
    ready: Callable[..., Ready], needs_two: None, editor: User, second_reader: User
) -> None:
    claim, action = ready(NOTE)
    sent = public_notes.propose(claim.pk, of(action), actor=second_reader, text=OTHER)
    assert Notification.objects.filter(person=editor, kind="claim.note", claim=claim).count() == 1
    public_notes.propose(claim.pk, of(action), actor=editor, text=OTHER, seen=seen.mark(sent))
    assert Notification.objects.filter(person=second_reader, kind="claim.note", claim=claim).count() == 1
    publish((claim, action), second_reader, OTHER)
    assert readers_of(claim, action) == [second_reader.pk, editor.pk]
    trail = AuditEvent.objects.filter(claim=claim, action__startswith="note.").order_by("id")
    assert [(row.action, row.actor_id, row.data["public_note"]) for row in trail] == [
        ("note.proposed", second_reader.pk, OTHER),
        ("note.agreed", editor.pk, OTHER),
    ]


def test_an_agreement_ends_with_the_words_it_was_for(
    ready: Callable[..., Ready], needs_two: None, editor: User, second_reader: User
) -> None:
    claim, action = ready(NOTE)
    public_notes.propose(claim.pk, of(action), actor=second_reader, text=NOTE)
    note = public_notes.propose(claim.pk, of(action), actor=second_reader, text=OTHER)
    assert (note.proposed_by_id, note.agreed_by_id) == (second_reader.pk, None)
    with pytest.raises(TransitionRefused):
        publish((claim, action), second_reader, OTHER)


def test_a_program_is_no_second_person(
    ready: Callable[..., Ready], needs_two: None, second_reader: User
) -> None:
    claim, action = ready()
    robot = factories.person("robot-editor", "editor", machine=True)
    public_notes.propose(claim.pk, of(action), actor=robot, text=NOTE)
    with pytest.raises(TransitionRefused, match="nobody but you has read this one"):
        publish((claim, action), second_reader, NOTE)
    public_notes.propose(claim.pk, of(action), actor=second_reader, text=OTHER)
    with pytest.raises(NotAllowed, match="cannot be the second to agree"):
        public_notes.propose(claim.pk, of(action), actor=robot, text=OTHER)


def test_a_typing_error_needs_no_note_and_one_that_is_given_needs_two(
    claim_in: Callable[..., Claim], needs_two: None, editor: User, reviewer: User, second_reader: User
) -> None:
    claim = correcting(claim_in("published"), editor, reviewer, kind="typo")
    with pytest.raises(TransitionRefused, match="two people read a public note"):
        move(claim, Action.PUBLISH_CORRECTION, second_reader, payload={"public_note": "Smuggled in."})
    move(claim, Action.PUBLISH_CORRECTION, second_reader)
    event = AuditEvent.objects.get(claim=claim, action="claim.publish_correction")
    assert "note_read_by" not in event.data


def test_the_note_of_one_correction_is_none_of_the_next(
    claim_in: Callable[..., Claim], needs_two: None, editor: User, reviewer: User, second_reader: User
) -> None:
    claim = correcting(claim_in("published"), editor, reviewer, note=NOTE)
    move(claim, Action.PUBLISH_CORRECTION, second_reader, payload={"public_note": NOTE})
    claim = correcting(claim, editor, reviewer)
    assert public_notes.standing(claim, NoteFor.CORRECTION) is None
    with pytest.raises(TransitionRefused, match="nobody but you"):
        move(claim, Action.PUBLISH_CORRECTION, second_reader, payload={"public_note": NOTE})


def test_the_note_of_a_correction_is_none_of_a_retraction(
    claim_in: Callable[..., Claim], needs_two: None, editor: User, reviewer: User, second_reader: User
) -> None:
    claim = correcting(claim_in("published"), editor, reviewer, note=NOTE)
    claim = move(claim, Action.PROPOSE_RETRACTION, editor, reason="It cannot be mended.")
    with pytest.raises(TransitionRefused, match="nobody but you"):
        move(claim, Action.RETRACT, second_reader, payload={"public_note": NOTE})
    public_notes.propose(claim.pk, NoteFor.RETRACTION, actor=editor, text=OTHER)
    move(claim, Action.RETRACT, second_reader, payload={"public_note": OTHER})
    assert ProposedNote.objects.filter(claim=claim).count() == 2


def test_a_note_is_proposed_where_something_is_to_be_told_and_by_who_works_on_it(
    claim_in: Callable[..., Claim], editor: User, reviewer: User, second_reader: User
) -> None:
    claim = claim_in("published")
    for what in NoteFor.values:
        with pytest.raises(TransitionRefused, match="so there is no note to write"):
            public_notes.propose(claim.pk, what, actor=editor, text=NOTE)
    claim = correcting(claim, editor, reviewer)
    Claim.objects.filter(pk=claim.pk).update(second_reader=second_reader)
    with pytest.raises(NotAllowed, match="can propose the public note"):
        public_notes.propose(
            claim.pk, NoteFor.CORRECTION, actor=factories.person("by", "reviewer"), text=NOTE
        )
    with pytest.raises(Missing, match="The public note is empty"):
        public_notes.propose(claim.pk, NoteFor.CORRECTION, actor=reviewer, text=" \r\n")
    with pytest.raises(InvalidInput, match="longer than 5,000 characters"):
        public_notes.propose(claim.pk, NoteFor.CORRECTION, actor=reviewer, text="x" * 5001)
    with pytest.raises(InvalidInput, match="speaks of a correction or of a retraction"):
        public_notes.propose(claim.pk, "poem", actor=reviewer, text=NOTE)
    for person in (reviewer, second_reader, editor):
        public_notes.propose(claim.pk, NoteFor.CORRECTION, actor=person, text=f"By {person.username}.")
    assert ProposedNote.objects.get(claim=claim).text == "By pia."
    assert not claim.authorships.filter(person=second_reader).exists(), "to propose is not to write on it"


def test_nobody_changes_or_agrees_to_words_that_they_have_not_seen(
    ready: Callable[..., Ready], editor: User, reviewer: User, second_reader: User
) -> None:
    claim, action = ready(NOTE)
    opened = seen.mark(public_notes.standing(claim, of(action)))
    public_notes.propose(claim.pk, of(action), actor=reviewer, text=OTHER, seen=opened)
    with pytest.raises(Conflict, match="Noor Demo saved after you opened this"):
        public_notes.propose(claim.pk, of(action), actor=second_reader, text="Third.", seen=opened)
    with pytest.raises(Conflict):
        public_notes.propose(claim.pk, of(action), actor=second_reader, text=OTHER, seen=opened)


def test_the_api_gives_the_same_refusal_one_by_one_and_in_bulk(
    ready: Callable[..., Ready], needs_two: None, second_reader: User
) -> None:
    claim, action = ready(NOTE)
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.create(second_reader, 'x', scope='publish')[1]}")
    sent = {"action": action, "version": claim.version, "public_note": OTHER}
    answer = api.post(f"/api/v1/claims/{claim.pk}/transitions/", sent, format="json")
    assert answer.status_code == 422
    assert "not word for word the one that Pia Demo proposed" in answer.json()["failing"][0]["reason"]
    many = api.post(
        "/api/v1/claims/bulk/transitions/", {"items": [{"claim": claim.pk, **sent}]}, format="json"
    )
    assert many.json()["items"][0]["status"] == 422
    shown = api.get(f"/api/v1/claims/{claim.pk}/{of(action)}-note/")
    assert (shown.json()["public_note"], shown.json()["proposed_by"]) == (NOTE, "pia")
    sent["public_note"] = shown.json()["public_note"]
    assert api.post(f"/api/v1/claims/{claim.pk}/transitions/", sent, format="json").status_code == 200
    latest = api.get(f"/api/v1/claims/{claim.pk}/history/").json()["results"][0]
    assert latest["note_read_by"] == ["Tomas Demo", "Pia Demo"]


def test_the_api_proposes_under_the_tag_that_was_read(
    ready: Callable[..., Ready], reviewer: User, second_reader: User
) -> None:
    claim, action = ready(NOTE)
    address = f"/api/v1/claims/{claim.pk}/{of(action)}-note/"
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.create(second_reader, 'x', scope='publish')[1]}")
    tag = api.get(address)["ETag"]
    public_notes.propose(claim.pk, of(action), actor=reviewer, text=OTHER)
    sent = {"public_note": "Third."}
    late = api.put(address, sent, format="json", HTTP_IF_MATCH=tag)
    assert late.status_code == 412
    assert late.json()["current"]["public_note"] == OTHER
    now = api.get(address)["ETag"]
    saved = api.put(address, sent, format="json", HTTP_IF_MATCH=now)
    assert (saved.status_code, saved.json()["proposed_by"]) == (200, "tomas")


@pytest.mark.parametrize("text", ["\u200b", "\u2060 \ufeff", "\u202e", "\u00ad", "\u3164", " \u2800"])
def test_a_note_in_which_nothing_can_be_seen_is_empty(
    ready: Callable[..., Ready], second_reader: User, text: str
) -> None:
    claim, action = ready(text)
    assert public_notes.standing(claim, of(action)) is None
    with pytest.raises(Missing):
        public_notes.propose(claim.pk, of(action), actor=second_reader, text=text)
    with pytest.raises(TransitionRefused, match="The public note is empty"):
        publish((claim, action), second_reader, text)


def test_a_note_with_a_nul_is_refused_where_no_form_reads_it(
    ready: Callable[..., Ready], second_reader: User
) -> None:
    """PostgreSQL takes none: it broke off there, and SQLite printed it."""
    claim, action = ready(NOTE)
    with pytest.raises(InvalidInput, match="Null characters"):
        public_notes.propose(claim.pk, of(action), actor=second_reader, text=f"{OTHER}\x00")
    with pytest.raises(InvalidInput, match="Null characters"):
        publish((claim, action), second_reader, f"{NOTE}\x00")


def test_the_ends_of_lines_that_browsers_send_make_no_note_too_long(
    ready: Callable[..., Ready], needs_two: None, second_reader: User
) -> None:
    note = "\n".join(["a" * 99] * 50)
    sent = note.replace("\n", "\r\n")
    claim, action = ready()
    editor = User.objects.get(username="pia")
    public_notes.propose(claim.pk, of(action), actor=editor, text=sent)
    publish((claim, action), second_reader, sent)
    assert readers_of(claim, action) == [second_reader.pk, editor.pk]


def test_the_command_gives_the_same_refusal(
    ready: Callable[..., Ready], needs_two: None, second_reader: User
) -> None:
    claim, action = ready()
    with pytest.raises(CommandError, match="nobody but you has read this one"):
        call_command("move", claim.pk, action, "--as", second_reader.username, "--public-note", NOTE)
    assert Claim.objects.get(pk=claim.pk).status == claim.status


@pytest.fixture
def chief(client: Client) -> Client:
    chief = User.objects.create_superuser("chief", "chief@desk.example", "x", first_name="Cleo")
    client.force_login(chief, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_administration_proposes_fills_in_and_refuses_alike(
    ready: Callable[..., Ready], needs_two: None, chief: Client
) -> None:
    claim, action = ready(NOTE)
    page = reverse("admin:claims_claim_move", args=[claim.pk, action])
    assert NOTE in chief.get(page).content.decode()
    form = {"confirmed": "yes", f"version_{claim.pk}": claim.version, "public_note": OTHER}
    refused = chief.post(page, form)
    assert refused.status_code == 422
    assert "not word for word the one that Pia Demo proposed" in refused.content.decode()
    note = reverse("admin:claims_claim_note", args=[claim.pk, of(action)])
    assert note in chief.get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
    late = chief.post(note, {"public_note": OTHER, "seen": "stale"})
    assert late.status_code == 409
    page = late.content.decode()
    assert f"It reads now: “{NOTE}”" in page
    assert "Seen:" not in page
    mark = seen.mark(public_notes.standing(claim, of(action)))
    assert f'name="seen" value="{mark}"' in page
    assert chief.post(note, {"public_note": OTHER, "seen": mark}).status_code == 302
    standing = public_notes.standing(claim, of(action))
    assert standing is not None
    assert (standing.text, standing.proposed_by.username) == (OTHER, "chief")


def test_an_open_correction_keeps_the_note_that_came_with_it_before(
    claim_in: Callable[..., Claim], editor: User, reviewer: User
) -> None:
    claim = correcting(claim_in("published"), editor, reviewer)
    Correction.objects.filter(claim=claim).update(public_note=f"{NOTE}\r\n")
    import_module("claims.migrations.0036_notes_of_open_corrections").move(apps, None)
    standing = public_notes.standing(claim, NoteFor.CORRECTION)
    assert standing is not None
    assert (standing.text, standing.proposed_by) == (NOTE, editor)
