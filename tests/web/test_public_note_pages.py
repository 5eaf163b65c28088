"""The public note on the pages of the desk: offered, filled in, agreed to, and the sentence before pressing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.domain import desk, public_notes
from claims.enums import Action, NoteFor
from claims.models import Claim, DeskSettings
from tests import factories
from tests.factories import move

pytestmark = pytest.mark.django_db
NOTE = "We wrote 27 per cent of cars; it is 27 per cent of vehicles."
OTHER = "We wrote 27 per cent of cars. It is more."
LogIn = Callable[[User], Client]


@pytest.fixture
def correcting(claim_in: Callable[..., Claim], editor: User, reviewer: User, as_user: LogIn) -> Claim:
    """Opened on the page that offers a note, and written by the checker."""
    claim = claim_in("published")
    page = reverse("move", args=[claim.pk, "open_correction"])
    desk_of = as_user(editor)
    assert 'name="public_note"' in desk_of.get(page).content.decode()
    sent = {"version": claim.version, "kind": "correction", "reason": "A reader wrote.", "public_note": NOTE}
    assert desk_of.post(page, sent).status_code == 302
    return factories.fill(Claim.objects.get(pk=claim.pk), reviewer, summary="Of vehicles.")


def press(client: Client, claim: Claim, action: str, **sent: Any) -> Any:
    return client.post(reverse("move", args=[claim.pk, action]), {"version": claim.version, **sent})


def proposed(page: str) -> str:
    """The part of a claim's page that shows the proposed note."""
    return re.sub(r"\s+", " ", page.split('id="note-correction"')[1].split("</form>")[0])


def test_the_claim_page_shows_who_proposes_what_and_the_form_comes_filled_in(
    correcting: Claim, second_reader: User, viewer: User, as_user: LogIn
) -> None:
    client = as_user(second_reader)
    shown = proposed(client.get(reverse("claim", args=[correcting.pk])).content.decode())
    assert "Pia Demo proposes this public note" in shown
    assert NOTE in shown
    assert "nobody else has agreed to it yet" in shown
    assert "Agree to it" in shown
    form = client.get(reverse("move", args=[correcting.pk, "publish_correction"])).content.decode()
    assert f">\n{NOTE}</textarea>" in form
    assert "Pia Demo proposed this note. If you change it, nobody else reads it before it is public" in form
    seen_by_viewer = as_user(viewer).get(reverse("claim", args=[correcting.pk])).content.decode()
    assert NOTE in seen_by_viewer
    assert "Agree to it" not in seen_by_viewer


def test_other_words_are_refused_at_their_field_and_can_be_sent_to_whoever_proposed(
    correcting: Claim, editor: User, second_reader: User, as_user: LogIn
) -> None:
    desk.save_settings(actor=editor, fields={"note_needs_two": True})
    client = as_user(second_reader)
    answer = press(client, correcting, "publish_correction", public_note=OTHER)
    page = answer.content.decode()
    assert answer.status_code == 422
    field = re.search(r'<textarea name="public_note"[^>]*>', page)
    assert field
    assert 'aria-invalid="true"' in field[0]
    assert "id_public_note-error" in field[0]
    assert OTHER in page
    assert "This desk publishes only a note that two people have read." in page
    assert "These are not the words that are proposed, so nobody else has read them." in page
    assert "proposed this note" not in page, "the words in the form are others"
    there = re.search(r'formaction="([^"]+)">Send these words to Pia Demo first', page)
    mark = re.search(r'name="seen" value="([^"]+)"', page)
    assert there and mark
    sent = client.post(there[1], {"public_note": OTHER, "seen": mark[1], "version": correcting.version})
    assert sent.status_code == 302
    editors = as_user(editor)
    shown = proposed(editors.get(reverse("claim", args=[correcting.pk])).content.decode())
    assert "Tomas Demo proposes this public note" in shown
    mark = re.search(r'name="seen" value="([^"]+)"', shown)
    assert mark
    note = reverse("claim-note", args=[correcting.pk, "correction"])
    assert editors.post(note, {"agree": "yes", "seen": mark[1]}).status_code == 302
    form = client.get(reverse("move", args=[correcting.pk, "publish_correction"])).content.decode()
    assert "Pia Demo agreed to this note." in form
    assert press(client, correcting, "publish_correction", public_note=OTHER).status_code == 302
    history = client.get(reverse("claim", args=[correcting.pk])).content.decode()
    assert "two people had read the public note word for word: Tomas Demo, Pia Demo" in history


def test_the_form_says_when_nobody_else_reads_the_note(
    claim_in: Callable[..., Claim], editor: User, second_reader: User, as_user: LogIn
) -> None:
    claim = move(claim_in("published"), Action.PROPOSE_RETRACTION, editor, reason="Wrong bridge.")
    client = as_user(second_reader)
    page = client.get(reverse("move", args=[claim.pk, "retract"])).content.decode()
    assert "Nobody has proposed a note, so nobody else reads yours before it is public." in page
    assert "You can send it to Pia Demo first." in page
    public_notes.propose(claim.pk, NoteFor.RETRACTION, actor=second_reader, text=NOTE)
    page = client.get(reverse("move", args=[claim.pk, "retract"])).content.decode()
    assert "You proposed this note, and nobody else has agreed to it yet." in page


def test_an_empty_note_is_marked_at_its_field(
    claim_in: Callable[..., Claim], editor: User, second_reader: User, as_user: LogIn
) -> None:
    claim = move(claim_in("published"), Action.PROPOSE_RETRACTION, editor, reason="Wrong bridge.")
    answer = press(as_user(second_reader), claim, "retract", public_note=" ")
    page = answer.content.decode()
    assert answer.status_code == 422
    field = re.search(r'<textarea name="public_note"[^>]*>', page)
    assert field
    assert 'aria-invalid="true"' in field[0]
    sentence = "The public note is empty. Tell readers why the report is withdrawn."
    assert f'<a href="#id_public_note">{sentence}</a>' in page
    assert page.count(sentence) == 2, "in the summary and at the field"
    assert re.search(r'id="id_public_note-error">The public note is empty. Tell readers why', page)


def test_two_who_write_at_once_see_both_texts(
    correcting: Claim, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    client, address = as_user(second_reader), reverse("claim-note", args=[correcting.pk, "correction"])
    opened = re.search(r'name="seen" value="([^"]+)"', client.get(address).content.decode())
    assert opened
    public_notes.propose(correcting.pk, NoteFor.CORRECTION, actor=reviewer, text=OTHER)
    answer = client.post(address, {"public_note": "A third wording.", "seen": opened[1]})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "What Noor Demo saved, and yours" in page
    assert "A third wording.</textarea>" in page
    assert "proposed the words below" not in page, "they are those that were typed"
    late = client.post(address, {"agree": "yes", "seen": opened[1]})
    assert late.status_code == 409
    text = late.content.decode()
    assert "Noor Demo changed the note after you opened this, so you have not agreed to it." in text
    assert "Your text is still here" not in text, "none was typed"
    assert "Noor Demo proposed the words below." in text
    assert client.post(address, {"public_note": ""}).status_code == 409
    stands = re.search(r'name="seen" value="([^"]+)"', page)
    assert stands
    empty = client.post(address, {"public_note": "", "seen": stands[1]})
    assert empty.status_code == 422
    assert "The public note is empty." in empty.content.decode()
    assert client.post(address, {"public_note": "A third wording.", "seen": stands[1]}).status_code == 302


def test_nobody_publishes_past_a_proposal_that_came_after_they_opened_the_form(
    correcting: Claim, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    client, page = as_user(second_reader), reverse("move", args=[correcting.pk, "publish_correction"])
    opened = re.search(r'name="seen" value="([^"]+)"', client.get(page).content.decode())
    assert opened
    public_notes.propose(correcting.pk, NoteFor.CORRECTION, actor=reviewer, text=OTHER)
    late = press(client, correcting, "publish_correction", public_note=NOTE, seen=opened[1])
    text = late.content.decode()
    assert late.status_code == 422
    assert f"Noor Demo proposed another note after you opened this: “{OTHER}”" in text
    assert f"{NOTE}</textarea>" in text
    stands = re.search(r'name="seen" value="([^"]+)"', text)
    assert stands
    again = press(client, correcting, "publish_correction", public_note=NOTE, seen=stands[1])
    assert again.status_code == 302, "knowingly, where the desk does not ask for two"


def test_a_note_that_was_typed_comes_back_when_the_claim_was_moved_meanwhile(
    correcting: Claim, editor: User, second_reader: User, as_user: LogIn
) -> None:
    move(correcting, Action.PROPOSE_RETRACTION, editor, reason="Wrong bridge.")
    late = press(as_user(second_reader), correcting, "publish_correction", public_note=OTHER)
    assert late.status_code == 409
    assert f"<bdi>{OTHER}</bdi>" in late.content.decode()


def test_whoever_decides_reads_why_it_was_begun(
    correcting: Claim, editor: User, second_reader: User, as_user: LogIn
) -> None:
    move(correcting, Action.PROPOSE_RETRACTION, editor, reason="Wrong <bridge>.")
    client = as_user(second_reader)
    for page in (reverse("claim", args=[correcting.pk]), reverse("move", args=[correcting.pk, "retract"])):
        assert re.search(
            r"Pia Demo proposes to retract this report.{0,160}Wrong &lt;bridge&gt;.",
            client.get(page).content.decode(),
        )
    form = client.get(reverse("move", args=[correcting.pk, "publish_correction"])).content.decode()
    assert re.search(
        r"Pia Demo is correcting the published report \(Correction\):.{0,40}A reader wrote.", form
    )


def test_whoever_publishes_a_correction_is_led_to_what_changed_since_readers_last_saw_it(
    correcting: Claim, editor: User, reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    client, review = as_user(second_reader), reverse("review", args=[correcting.pk])
    form = reverse("move", args=[correcting.pk, "publish_correction"])
    for page in (form, reverse("claim", args=[correcting.pk])):
        assert f'href="{review}"' in client.get(page).content.decode()
    first = changed(client.get(review).content.decode())
    assert "Of vehicles" in first
    assert press(client, correcting, "publish_correction", public_note=NOTE).status_code == 302
    again = move(
        Claim.objects.get(pk=correcting.pk),
        Action.OPEN_CORRECTION,
        editor,
        reason="One more.",
        payload={"kind": "correction"},
    )
    assert "vehicles" not in changed(client.get(review).content.decode()), "readers have seen that"
    factories.fill(again, reviewer, summary="Of lorries.")
    assert "lorries" in changed(client.get(review).content.decode())


def changed(page: str) -> str:
    """The part of the review that says what changed."""
    words = re.sub("<[^>]+>", "", page.split("Since it was last looked at")[1].split("</details>")[0])
    return re.sub(r"\s+", " ", words)


def test_opening_a_correction_says_who_can_publish_it(
    claim_in: Callable[..., Claim], editor: User, as_user: LogIn
) -> None:
    page = as_user(editor).get(reverse("move", args=[claim_in("published").pk, "open_correction"]))
    assert "Somebody else has to publish it: the second reader, or an editor" in page.content.decode()


def test_the_same_words_sent_again_are_said_to_be_proposed_already(
    correcting: Claim, editor: User, second_reader: User, as_user: LogIn
) -> None:
    address, client = reverse("claim-note", args=[correcting.pk, "correction"]), as_user(editor)
    mark = re.search(r'name="seen" value="([^"]+)"', client.get(address).content.decode())
    assert mark
    sent = {"public_note": NOTE, "seen": mark[1]}
    again = client.post(address, sent, follow=True).content.decode()
    assert "These words are proposed already." in again
    assert (
        "You agreed to the note." in as_user(second_reader).post(address, sent, follow=True).content.decode()
    )
    other = client.post(address, {**sent, "public_note": OTHER}, follow=True).content.decode()
    assert "The note is proposed." in other


def test_a_note_for_nothing_is_no_page(claim_in: Callable[..., Claim], editor: User, as_user: LogIn) -> None:
    claim, client = claim_in("published"), as_user(editor)
    assert client.get(reverse("claim-note", args=[claim.pk, "poem"])).status_code == 404
    assert client.get(reverse("claim-note", args=[claim.pk, "retraction"])).status_code == 422
    assert 'id="note-' not in client.get(reverse("claim", args=[claim.pk])).content.decode()


def test_a_typing_error_asks_for_no_note(
    claim_in: Callable[..., Claim], editor: User, as_user: LogIn
) -> None:
    claim = move(
        claim_in("published"), Action.OPEN_CORRECTION, editor, reason="A letter.", payload={"kind": "typo"}
    )
    assert 'id="note-' not in as_user(editor).get(reverse("claim", args=[claim.pk])).content.decode()


def test_editors_set_that_a_note_needs_two(editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    page = client.get(reverse("settings")).content.decode()
    assert "A public note needs two people" in page
    assert not DeskSettings.objects.filter(note_needs_two=True).exists()
    saved = client.post(reverse("settings"), {"name": "Desk", "language": "en", "note_needs_two": "on"})
    assert saved.status_code == 302
    assert DeskSettings.objects.get().note_needs_two
