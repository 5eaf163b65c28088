"""A due date that is over and a note without end are refused by the verbs, so every face says the same sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.domain import articles, assignment, claims, notes, transitions
from claims.exceptions import InvalidInput
from claims.models import Assignment, Claim
from tests.api.clients import V1, client_of

OVER = "The due date is over. Choose a later one."
TOO_LONG = "The note is longer than 5,000 characters. Shorten it."
LONG = "x" * 5001


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(
        User.objects.create_superuser("root", password="x"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def _yesterday() -> Any:
    return timezone.localtime() - timedelta(days=1)


def test_the_verbs_refuse_a_due_date_that_is_over(
    claim_in: Callable[..., Claim], editor: User, reviewer: User
) -> None:
    claim = claim_in("triaged")
    payload = {"assignee": reviewer, "due_at": _yesterday()}
    with pytest.raises(InvalidInput, match=OVER) as refused:
        transitions.transition(claim.pk, "assign", actor=editor, version=claim.version, payload=payload)
    assert refused.value.field == "due_at"
    with pytest.raises(InvalidInput, match=OVER):
        claims.set_details(claim.pk, actor=editor, fields={"due_at": _yesterday()})
    # The one that stands may stay, though it is over meanwhile: who hands a claim over need not think about it.
    Claim.objects.filter(pk=claim.pk).update(due_at=_yesterday())
    claim.refresh_from_db()
    assert claim.due_at is not None
    payload["due_at"] = claim.due_at.replace(second=0, microsecond=0)
    transitions.transition(claim.pk, "assign", actor=editor, version=claim.version, payload=payload)


def test_the_api_says_it_at_the_field(claim_in: Callable[..., Claim], editor: User, reviewer: User) -> None:
    claim = claim_in("triaged")
    api, over = client_of(editor), _yesterday().isoformat()
    who = {"version": claim.version, "assignee": reviewer.username, "due_at": over}
    answers = [
        api.post(f"{V1}claims/{claim.pk}/assign/", who),
        api.post(f"{V1}claims/{claim.pk}/transitions/", {**who, "action": "assign"}),
        api.patch(f"{V1}claims/{claim.pk}/", {"due_at": over}),
    ]
    for answer in answers:
        assert answer.status_code == 400, answer.content
        assert [(e["field"], e["detail"]) for e in answer.json()["errors"]] == [("due_at", OVER)]
    many = {
        "items": [{"claim": claim.pk, "version": claim.version}],
        "assignee": reviewer.username,
        "due_at": over,
    }
    answer = api.post(f"{V1}claims/bulk/assign/", many)
    assert OVER in answer.content.decode()
    claim.refresh_from_db()
    assert (claim.status, claim.due_at) == ("triaged", None)


def test_the_administration_says_it_and_keeps_the_form(
    staff: Client, claim_in: Callable[..., Claim], reviewer: User
) -> None:
    claim = claim_in("triaged")
    day = _yesterday().strftime("%Y-%m-%d")
    page = staff.get(reverse("admin:claims_claim_change", args=[claim.pk]))
    form = page.context["adminform"].form
    typed = {f"{name}": value or "" for name, value in form.initial.items() if name in form.fields}
    typed |= {"tags": "", "due_at_0": day, "due_at_1": "10:00:00", "topic": "Ferries"}
    answer = staff.post(reverse("admin:claims_claim_change", args=[claim.pk]), typed)
    assert answer.status_code == 200  # Django's own way to show a form again
    assert answer.context["adminform"].form.errors["due_at"] == [OVER]
    assert "was changed successfully" not in answer.content.decode()
    claim.refresh_from_db()
    assert (claim.due_at, claim.topic) == (None, "")  # not half of it
    move = {
        "confirmed": "yes", "assignee": reviewer.pk, "due_at_0": day, "due_at_1": "10:00:00", "note": "By noon.",
        "reason": "",
    }  # fmt: skip
    answer = staff.post(reverse("admin:claims_claim_move", args=[claim.pk, "assign"]), move)
    assert answer.status_code == 422
    assert answer.context["form"].errors["due_at"] == [OVER]
    # Several at once: those refused stay chosen, with what was typed.
    many = {**move, "action": "bulk_assign", "_selected_action": [claim.pk]}
    answer = staff.post(reverse("admin:claims_claim_changelist"), many)
    assert answer.status_code == 422
    assert f'name="_selected_action" value="{claim.pk}"' in answer.content.decode()
    assert "By noon." in answer.content.decode()
    claim.refresh_from_db()
    assert claim.status == "triaged"


def test_the_command_says_it(claim_in: Callable[..., Claim], editor: User, reviewer: User) -> None:
    claim = claim_in("triaged")
    due = _yesterday().strftime("%Y-%m-%d %H:%M")
    with pytest.raises(CommandError, match="The due date is over"):
        call_command(
            "move", str(claim.pk), "assign", "--as", editor.username, "--assignee", reviewer.username,
            "--due-at", due,
        )  # fmt: skip


def test_a_note_that_is_too_long_is_refused_everywhere(
    claim_in: Callable[..., Claim], staff: Client, editor: User, reviewer: User, second_reader: User,
    as_user: Callable[[User], Client],
) -> None:  # fmt: skip
    claim = claim_in("triaged")
    give = {"assignee": reviewer.pk, "note": LONG, "version": claim.version}
    page = as_user(editor).post(reverse("move", args=[claim.pk, "assign"]), give)
    assert page.status_code == 422
    assert TOO_LONG in page.content.decode()
    assert LONG in page.content.decode()
    answer = client_of(editor).post(f"{V1}claims/{claim.pk}/assign/", {**give, "assignee": reviewer.username})
    assert [(e["field"], e["detail"]) for e in answer.json()["errors"]] == [("note", TOO_LONG)]
    answer = staff.post(
        reverse("admin:claims_claim_move", args=[claim.pk, "assign"]),
        {**give, "confirmed": "yes", "reason": ""},
    )
    assert answer.context["form"].errors["note"] == [TOO_LONG]
    with pytest.raises(InvalidInput, match="The note is longer"):
        transitions.transition(
            claim.pk,
            "assign",
            actor=editor,
            version=claim.version,
            payload={"assignee": reviewer, "note": LONG},
        )
    claim.refresh_from_db()
    transitions.transition(
        claim.pk,
        "assign",
        actor=editor,
        version=claim.version,
        payload={"assignee": reviewer, "note": LONG[1:]},
    )
    assert len(Assignment.objects.get(claim=claim, person=reviewer).note) == 5000
    with pytest.raises(InvalidInput, match="The note is longer"):
        assignment.set_second_reader(claim.pk, second_reader, actor=editor, note=LONG)
    # A hand-over says why; that is its note.
    with pytest.raises(InvalidInput, match="The reason is longer than 5,000 characters") as refused:
        transitions.transition(
            claim.pk, "reassign", actor=editor, version=claim.version + 1, reason=LONG,
            payload={"assignee": second_reader},
        )  # fmt: skip
    assert refused.value.field == "reason"


def test_nothing_that_was_written_is_cut_off_in_silence(
    claim_in: Callable[..., Claim], reviewer: User
) -> None:
    claim = claim_in("researching")
    with pytest.raises(InvalidInput, match="The comment is longer than 10,000 characters"):
        claims.add_comment(claim.pk, actor=reviewer, text="x" * (notes.LONGEST_COMMENT + 1))
    with pytest.raises(InvalidInput, match="The note is longer"):
        assignment.declare_conflict(actor=reviewer, topic="Ferries", note=LONG)


@pytest.fixture
def west_of_greenwich(settings: Any) -> Iterator[None]:
    settings.TIME_ZONE = "America/New_York"
    timezone.get_default_timezone.cache_clear()
    yield
    timezone.get_default_timezone.cache_clear()


@pytest.mark.parametrize("due", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59", "2200-06-01T00:00:00Z"])
def test_a_time_at_the_end_of_the_calendar_is_refused(
    west_of_greenwich: None, claim_in: Callable[..., Claim], editor: User, as_user: Any, due: str
) -> None:
    """In another time zone there is no such time, which would be a fault of the desk."""
    claim = claim_in("approved")
    program, address = client_of(editor), f"{V1}claims/{claim.pk}/"
    assert program.patch(address, {"due_at": due}, format="json").status_code == 400
    plan = {"action": "schedule", "version": claim.version, "publish_at": due}
    assert program.post(f"{address}transitions/", plan, format="json").status_code == 400
    form = {"due_at": due[:16], "priority": "normal"}
    page = as_user(editor).post(reverse("claim-details", args=[claim.pk]), form)
    assert page.status_code == 422
    with pytest.raises(InvalidInput, match="too far off"):
        transitions.transition(
            claim.pk, "schedule", actor=editor, version=claim.version, payload={"publish_at": due}
        )


@pytest.mark.parametrize(("field", "most"), sorted(notes.MOST_OF.items()))
def test_no_verb_cuts_a_field_in_silence(
    claim_in: Callable[..., Claim], editor: User, reviewer: User, field: str, most: int
) -> None:
    claim = claim_in("triaged")
    body = "The harbour took in 40 per cent more in 2024 than in 2020, its director said. " * 3
    fits, long = f" {'x' * most} ", "x" * (most + 1)
    of_claim: dict[str, Callable[[str], Any]] = {
        "reword": lambda text: claims.reword(claim.pk, actor=editor, fields={field: text}),
    }
    of_article: dict[str, Callable[[str], Any]] = {
        "change_details": lambda text: articles.change_details(
            claim.article_id, actor=editor, fields={field: text}
        ),
        "receive_text": lambda text: articles.receive_text(body, actor=editor, **{field: text}),
    }
    verbs = {} if field in {"title", "outlet", "author"} else of_claim
    verbs = verbs | (of_article if field in {"title", "outlet", "author", "topic"} else {})
    if field == "topic":
        verbs["set_details"] = lambda text: claims.set_details(claim.pk, actor=editor, fields={"topic": text})
        verbs["receive_url"] = lambda text: articles.receive_url(
            "https://a.example/b", actor=editor, topic=text
        )
    if field == "speaker":
        verbs["add_claim"] = lambda text: claims.add_claim(
            claim.article_id, actor=editor, text=claim.article.text[:20], speaker=text
        )
    for verb in verbs.values():
        with pytest.raises(InvalidInput, match="Shorten it") as refused:
            verb(long)
        assert refused.value.field == field
        verb(fits)
    kept = Claim.objects.select_related("speaker", "article").get(pk=claim.pk)
    stored = kept.article if field in {"title", "outlet", "author"} else kept
    assert (kept.speaker_name if field == "speaker" else getattr(stored, field)) == "x" * most


def test_a_topic_that_somebody_knows_well_is_not_cut_either(reviewer: User) -> None:
    with pytest.raises(InvalidInput, match="The topic is longer than 80 characters") as refused:
        assignment.save_interests(actor=reviewer, topics=["Harbour", "x" * 81], most_claims=5)
    assert refused.value.field == "topics"
