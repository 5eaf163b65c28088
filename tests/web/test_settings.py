"""The settings pages: what editors change without code, and what comes back when it does not fit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.domain import checklists, house_rules, scales
from claims.models import ChecklistTick, Claim

LogIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
PAGES = ("settings-scale", "settings-checklists", "settings-reasons", "settings-due")


def rows(prefix: str, *entries: dict[str, str], initial: int = 0) -> dict[str, str]:
    """The fields of a form of rows, as a browser sends them."""
    sent = {f"{prefix}-TOTAL_FORMS": str(len(entries)), f"{prefix}-INITIAL_FORMS": str(initial)}
    return sent | {
        f"{prefix}-{at}-{name}": value for at, row in enumerate(entries) for name, value in row.items()
    }


def test_only_editors_see_them(reviewer: User, editor: User, as_user: LogIn) -> None:
    for name in PAGES:
        assert as_user(reviewer).get(reverse(name)).status_code == 403
        assert as_user(editor).get(reverse(name)).status_code == 200


def test_a_scale_is_put_in_order_by_its_places(editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    seen = client.get(reverse("settings-scale")).context["standing"]
    sent = {"name": "Accuracy", "seen": str(seen.pk)} | rows(
        "on", {"word": "False", "definition": "Not so.", "key": "false", "ORDER": "2"},
        {"word": "True", "definition": "So.", "key": "true", "ORDER": "1"}, {"word": "", "definition": "", "ORDER": ""},
        {"word": "Half", "definition": "Gone.", "key": "half_true", "ORDER": "3", "DELETE": "on"}, initial=4,
    ) | rows("off", {"word": "Satire", "definition": "A joke.", "ORDER": ""})  # fmt: skip
    page = client.post(reverse("settings-scale"), sent)
    assert page.status_code == 302
    scale = scales.in_use()
    assert scale is not None
    assert [(level.word, level.value) for level in scale.levels.order_by("off_scale", "position")] == [
        ("True", 2), ("False", 1), ("Satire", None)
    ]  # fmt: skip


def test_a_scale_that_does_not_fit_comes_back_as_typed(editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    seen = client.get(reverse("settings-scale")).context["standing"]
    sent = (
        {"name": "Accuracy", "seen": str(seen.pk)}
        | rows("on", {"word": "Lonely", "definition": "One."})
        | rows("off")
    )
    page = client.post(reverse("settings-scale"), sent)
    assert page.status_code == 422
    html = page.content.decode()
    assert "from 2 to 9" in html
    assert 'value="Lonely"' in html
    assert "Error:" in html


@pytest.mark.parametrize("place", ["99999", "0", "-1", "x"])
def test_a_place_that_is_none_is_said_and_what_was_typed_stays(
    place: str, editor: User, as_user: LogIn
) -> None:
    client = as_user(editor)
    seen = client.get(reverse("settings-scale")).context["standing"]
    sent = {"name": "Ours", "seen": str(seen.pk)} | rows(
        "on", {"word": "True", "definition": "So.", "ORDER": place}, {"word": "False", "definition": "No.", "ORDER": "2"}
    ) | rows("off")  # fmt: skip
    page = client.post(reverse("settings-scale"), sent)
    assert page.status_code == 422
    assert page.content.decode().count("Enter a place from 1 to 99.") == 2  # in the summary and at the field
    assert f'value="{place}"' in page.content.decode()
    assert scales.in_use() == seen


def test_two_editors_of_the_scale_get_a_clear_conflict(editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    two = rows("on", {"word": "Yes", "definition": "So."}, {"word": "No", "definition": "Not so."}) | rows(
        "off"
    )
    stale = str(client.get(reverse("settings-scale")).context["standing"].pk)
    assert client.post(reverse("settings-scale"), {"name": "Ours", "seen": stale} | two).status_code == 302
    page = client.post(reverse("settings-scale"), {"name": "Mine", "seen": stale} | two)
    assert page.status_code == 409
    assert 'value="Mine"' in page.content.decode()


def test_reasons_are_added_put_in_order_and_taken_off(editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    sent = rows(
        "reason", {"key": "opinion", "label": "Opinion", "ORDER": "2"}, {"key": "other", "label": "Other", "DELETE": "on", "ORDER": "3"},
        {"key": "", "label": "Rumour", "ORDER": "1"}, initial=2,
    )  # fmt: skip
    assert client.post(reverse("settings-reasons"), sent).status_code == 302
    assert house_rules.reasons() == [("rumour", "Rumour"), ("opinion", "Opinion")]
    page = client.get(reverse("settings-reasons")).content.decode()
    assert "Bring back “Other”" in page
    sent = rows("reason", {"key": "rumour", "label": "Rumour", "ORDER": "1"}, initial=1) | {"back": "other"}
    client.post(reverse("settings-reasons"), sent)
    assert [key for key, _label in house_rules.reasons()] == ["rumour", "other"]


def test_declining_offers_the_desks_own_reasons(
    editor: User, as_user: LogIn, claim_in: Callable[..., Claim]
) -> None:
    house_rules.save_reasons([{"label": "Not our beat"}], actor=editor)
    claim = claim_in("new")
    client = as_user(editor)
    for address in (
        reverse("move", args=[claim.pk, "decline"]),
        reverse("article", args=[claim.article_id]),
        reverse("claims"),
    ):
        page = client.get(address).content.decode()
        assert "Not our beat" in page, address
        assert "Too vague" not in page, address
    client.post(
        reverse("transition", args=[claim.pk]),
        {"action": "decline", "version": claim.version, "decline_reason": "not_our_beat"},
    )
    assert "Not our beat" in client.get(reverse("claim", args=[claim.pk])).content.decode()
    assert "Not our beat" in client.get(reverse("article", args=[claim.article_id])).content.decode()


def test_due_dates_are_kept_and_a_wrong_number_comes_back(editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    sent = {"usual": "6"} | rows(
        "rule",
        {"topic": "Health", "priority": "1_urgent", "days": "1"},
        {"topic": "", "priority": "", "days": ""},
    )
    assert client.post(reverse("settings-due"), sent).status_code == 302
    assert house_rules.days_for("1_urgent", "health") == 1
    assert house_rules.days_for("2_normal", "health") == 6
    page = client.post(reverse("settings-due"), sent | {"usual": "0"})
    assert page.status_code == 422
    assert "from 1 to 365" in page.content.decode()


def test_a_checklist_from_settings_to_the_claim(
    editor: User, reviewer: User, as_user: LogIn, claim_in: Callable[..., Claim]
) -> None:
    sent = {"name": "Figures", "topic": "", "items": "Right unit?\n\nRight year?"}
    assert as_user(editor).post(reverse("settings-checklists"), sent).status_code == 302
    claim = claim_in("researching")
    client = as_user(reviewer)
    page = client.get(reverse("claim", args=[claim.pk]))
    assert "0 of 2" in page.content.decode()
    item = page.context["checklists"][0].lines[1].item
    client.post(reverse("claim-checklist", args=[claim.pk]), {"item": [item.pk]})
    assert ChecklistTick.objects.get().person == reviewer
    assert "1 of 2" in client.get(reverse("claim", args=[claim.pk])).content.decode()
    retire = reverse("settings-checklist", args=[page.context["checklists"][0].checklist.pk])
    as_user(editor).post(retire, {"do": "retire"})
    assert checklists.on_claim(claim_in("new", "carries 4,000 more passengers")) == []


def test_more_lines_never_mean_more_queries(
    editor: User, reviewer: User, as_user: LogIn, claim_in: Callable[..., Claim]
) -> None:
    claim = claim_in("researching")
    client = as_user(reviewer)
    counts = []
    for size in (1, 3):
        checklists.save(
            None, name=f"List {size}", topic="", items=[f"Line {n}" for n in range(size)], actor=editor
        )
        ids = [line.item.pk for listed in checklists.on_claim(claim) for line in listed.lines]
        checklists.set_ticks(claim.pk, ids, actor=reviewer)
        client.get(reverse("claim", args=[claim.pk]))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("claim", args=[claim.pk]))
        counts.append(len(queries))
    assert counts[0] == counts[1]
