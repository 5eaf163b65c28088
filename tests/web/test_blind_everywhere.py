"""The words of a first verdict stand nowhere that a second reader can look, until they have rated the claim themselves.

A canary stands in everything that a checker, an editor or a former second reader wrote around the verdict. Every address
of the desk, the API and the administration is asked as somebody who has not rated yet; then they rate, and it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.domain import blind, claims, desk, verdicts
from claims.enums import Action, ClaimStatus
from claims.models import Assignment, Claim, Notification, OutboxMessage, SecondRating, Verdict
from claims.workflow import permits
from tests import factories
from tests.architecture.test_addresses import PUBLIC, ROUTES

LogIn = Callable[[User], Client]
CANARY = "kanarienvogel"
WORDS = {
    ClaimStatus.IN_REVIEW: "fallen by 31 per cent",
    ClaimStatus.ON_HOLD: "spends every cent of the toll on buses",
    ClaimStatus.TRIAGED: "4,000 more passengers a day",
    ClaimStatus.DECLINED: "22,400 vehicles crossed the bridge",
    ClaimStatus.RESEARCHING: "It is a lovely bridge",
}


@pytest.fixture
def chief(db: None) -> User:
    """An administrator, who may look at every table, and is asked to be the second reader."""
    person = factories.person("mara", "editor", first="Mara")
    User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    return User.objects.get(pk=person.pk)


@pytest.fixture
def hidden(editor: User, reviewer: User, second_reader: User, chief: User) -> dict[str, Claim]:
    """A claim in each status in which a verdict may wait for somebody who has not seen it."""
    desk.save_settings(actor=editor, fields={"blind_second_rating": True})
    return {status: _claim(status, words, editor, reviewer, chief) for status, words in WORDS.items()}


def _claim(status: str, words: str, editor: User, checker: User, chief: User) -> Claim:
    stored = factories.claim(editor, words)
    stored = factories.bring_to(ClaimStatus.IN_REVIEW, stored, editor=editor, checker=checker, reader=chief)
    stored = factories.move(stored, Action.SEND_BACK, editor, reason=f"{CANARY} back")
    factories.fill(
        stored, checker, headline=f"{CANARY} headline", summary=f"{CANARY} summary", bullets=[f"{CANARY} [1]"],
        reasoning=f"{CANARY} reasoning [1] [2]", why_checked=f"{CANARY} why", not_established=f"{CANARY} open",
        how_read=f"{CANARY} read", interests=f"{CANARY} interests",
    )  # fmt: skip
    claims.add_comment(
        stored.pk, actor=checker, text=f"{CANARY} @{chief.username} @tomas", passage=f"{CANARY} passage"
    )
    verdicts.except_gate(stored.pk, "both_sides", actor=editor, reason=f"{CANARY} exception")
    Assignment.objects.filter(claim=stored).update(note=f"{CANARY} note")
    if status == ClaimStatus.RESEARCHING:
        # Told while an editor might still have written; asked to read it a second time since.
        Claim.objects.filter(pk=stored.pk).update(second_reader=chief)
    elif status == ClaimStatus.TRIAGED:
        factories.move(stored, Action.RELEASE, checker, reason=f"{CANARY} released")
    elif status == ClaimStatus.DECLINED:
        factories.move(stored, Action.DECLINE, editor, reason=f"{CANARY} declined")
    else:
        factories.move(stored, Action.SUBMIT, checker)
    if status == ClaimStatus.ON_HOLD:
        factories.move(stored, Action.HOLD, editor, reason=f"{CANARY} held")
    if status == ClaimStatus.TRIAGED:
        Claim.objects.filter(pk=stored.pk).update(second_reader=chief)
    found = Claim.objects.get(pk=stored.pk)
    assert found.status == status
    return found


def _desk(hidden: dict[str, Claim]) -> Iterator[str]:
    """Every address that answers to reading, with each of the claims where it names one."""
    fixed = {"number": 1, "kind": "methodology", "gate": "both_sides", "uidb64": "MQ", "token": "set-password",
             "form": "csv", "key": "others", "file": "report.json", "of": "correction"}  # fmt: skip
    for name, _route, pattern in ROUTES:
        names = set(pattern.pattern.regex.groupindex)
        permit = permits.find(name)
        if permit is None or "GET" not in permit.who or PUBLIC.get(name) or name == "document-file":
            continue  # the public site shows frozen reports alone, and tests/web/test_leaks.py crawls it
        for claim in hidden.values():
            pk = claim.article_id if "article" in name else claim.pk
            for action in ("assign", "approve", "reopen") if "action" in names else ("",):
                values = {**fixed, "pk": pk, "action": action, "slug": claim.article.slug}
                if names <= set(values):
                    yield reverse(name, kwargs={key: values[key] for key in names})
    yield f"{reverse('claims')}?q={CANARY}"
    yield f"/api/v1/claims/?search={CANARY}"
    yield reverse("claims-download", args=["xlsx"])


def _administration() -> Iterator[str]:
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        rows = list(model._default_manager.order_by("-pk").values_list("pk", flat=True)[:40])
        if rows:
            yield reverse(f"{name}_changelist")
            yield f"{reverse(f'{name}_changelist')}?q={CANARY}"
            yield reverse(f"{name}_history", args=[rows[0]])
        if "claim" in {field.name for field in model._meta.get_fields()} or model in (Claim, OutboxMessage):
            yield from (reverse(f"{name}_change", args=[pk]) for pk in rows)


def _telling(client: Client, addresses: Iterator[str]) -> tuple[set[str], int]:
    told, seen = set(), 0
    for address in dict.fromkeys(addresses):
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        seen += answer.status_code == 200
        # What was searched for may come back in its own field.
        text = body.decode(errors="replace").replace(f'value="{CANARY}"', "").replace(f"q={CANARY}", "")
        text = text.replace(f"{CANARY}”", "").replace(f"search={CANARY}", "").replace(f"%3D{CANARY}", "")
        if CANARY in text:
            told.add(address)
    return told, seen


@pytest.mark.parametrize("who", ["second reader", "administrator"])
def test_no_page_of_the_desk_or_the_api_tells_it(
    who: str, hidden: dict[str, Claim], second_reader: User, chief: User, as_user: LogIn
) -> None:
    client = as_user(second_reader if who == "second reader" else chief)
    told, seen = _telling(client, _desk(hidden))
    assert told == set()
    assert seen > 120, seen


def test_no_table_of_the_administration_tells_it(
    hidden: dict[str, Claim], chief: User, as_user: LogIn
) -> None:
    told, seen = _telling(as_user(chief), _administration())
    assert told == set()
    assert seen > 150, seen


@pytest.mark.parametrize("status", [ClaimStatus.IN_REVIEW, ClaimStatus.RESEARCHING])
def test_what_is_written_later_by_others_is_no_way_in(
    status: str, hidden: dict[str, Claim], chief: User, as_user: LogIn
) -> None:
    """Saving from a stale draft answers with the text that stands; not to somebody who may not see it."""
    client = as_user(chief)
    claim = hidden[status]
    typed = {"revision": 0, "headline": "Mine"}
    for answer in (
        client.post(reverse("verdict-save", args=[claim.pk]), typed),
        client.post(reverse("verdict-save", args=[claim.pk]), typed, headers={"Accept": "application/json"}),
        client.post(reverse("transition", args=[claim.pk]), {"action": "approve", "version": "1"}),
        client.post(
            reverse("transition", args=[claim.pk]), {"action": "approve", "version": str(claim.version)}
        ),
        client.put(f"/api/v1/claims/{claim.pk}/verdict/", typed, content_type="application/json"),
    ):
        assert answer.status_code in {403, 409, 422}, answer.content
        assert CANARY not in answer.content.decode()
    assert Verdict.objects.get(claim=claim).headline == f"{CANARY} headline"


def test_after_the_rating_everything_is_there(hidden: dict[str, Claim], chief: User, as_user: LogIn) -> None:
    claim = hidden[ClaimStatus.IN_REVIEW]
    blind.record_rating(claim.pk, actor=chief, level="false")
    client = as_user(chief)
    own = [
        reverse("claim", args=[claim.pk]), reverse("review", args=[claim.pk]), reverse("claim-history", args=[claim.pk]),
        f"/api/v1/claims/{claim.pk}/verdict/", f"/api/v1/claims/{claim.pk}/comments/",
        f"/api/v1/claims/{claim.pk}/history/", f"/api/v1/claims/{claim.pk}/gates/",
        f"/api/v1/claims/{claim.pk}/assignments/", reverse("admin:claims_claim_change", args=[claim.pk]),
        reverse("admin:claims_verdict_changelist"), reverse("admin:claims_comment_changelist"),
        reverse("admin:claims_auditevent_changelist"), reverse("admin:claims_gateexception_changelist"),
    ]  # fmt: skip
    told, _seen = _telling(client, iter(own))
    assert told == set(own)


def test_the_same_rule_for_one_claim_for_a_list_and_for_a_table(
    hidden: dict[str, Claim], editor: User, reviewer: User, second_reader: User, chief: User
) -> None:
    """``hidden`` (in memory) and ``in_sight`` (rows of a table) never differ, whoever looks."""
    everything = list(Claim.objects.all())
    with_verdict = set(Verdict.objects.values_list("claim_id", flat=True))
    for person in (editor, reviewer, second_reader, chief):
        fresh: Any = User.objects.get(pk=person.pk)
        shown = set(blind.in_sight(Verdict.objects.all(), fresh).values_list("claim_id", flat=True))
        assert shown == with_verdict - blind.hidden(everything, fresh)
    assert blind.hidden(everything, reviewer) & with_verdict == set()  # the checker of all of them
    assert blind.hidden(everything, second_reader) >= with_verdict
    assert SecondRating.objects.count() == 0
    assert Notification.objects.filter(
        person=chief, text__contains=CANARY
    ).exists()  # told, before it was hidden
