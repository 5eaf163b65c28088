"""The administration goes through the door, and offers no way around it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Article, AuditEvent, Claim
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(db: None) -> User:
    return User.objects.create_superuser("chief", "chief@desk.example", "correct horse battery staple")


@pytest.fixture
def staff(chief: User, as_user: Callable[[User], Client]) -> Client:
    return as_user(chief)


def test_every_page_opens(staff: Client, claim_in: Callable[..., Claim]) -> None:
    claim_in("published")
    for model in apps.get_app_config("claims").get_models():
        if model not in admin.site._registry:
            continue
        name = model._meta.model_name
        assert staff.get(reverse(f"admin:claims_{name}_changelist")).status_code == 200, name
        first = model._default_manager.first()
        if first is not None:
            url = reverse(f"admin:claims_{name}_change", args=[first.pk])
            assert staff.get(url).status_code == 200, name


def test_claims_are_searched_as_on_the_desk(staff: Client, make_claim: Callable[..., Claim]) -> None:
    claim = make_claim()
    listed = staff.get(
        reverse("admin:claims_claim_changelist"), {"q": f"fallen {claim.article.title.split()[-1]}"}
    )
    assert [row.pk for row in listed.context["cl"].result_list] == [claim.pk]
    assert not staff.get(reverse("admin:claims_claim_changelist"), {"q": "quokka"}).context["cl"].result_list


def test_events_are_told_and_filtered_in_the_words_of_the_timeline(
    staff: Client, claim_in: Callable[..., Claim]
) -> None:
    """Broken build: leave the filter of the kinds of events to the administration."""
    claim_in("published")
    address = reverse("admin:claims_auditevent_changelist")
    html = staff.get(address).content.decode()
    for words in ("published it", "assigned it to …", "added source […]: …", "saved the verdict"):
        assert words in html, words
    assert ">claim.publish<" not in html
    rows = staff.get(address, {"action__exact": "claim.publish"}).context["cl"].result_list
    assert [row.action for row in rows] == ["claim.publish"]


def test_move_by_button(staff: Client, make_claim: Callable[..., Claim], chief: User) -> None:
    claim = make_claim()
    url = reverse("admin:claims_claim_move", args=[claim.pk, "triage"])
    assert "Accept" in staff.get(url).content.decode()
    staff.post(url, {"confirmed": "yes", f"version_{claim.pk}": claim.version, "reason": ""})
    claim.refresh_from_db()
    assert claim.status == "triaged"
    event = AuditEvent.objects.get(action="claim.triage")
    assert (event.actor, event.channel) == (chief, "admin")


def test_a_second_reader_is_asked_for_several_claims_and_each_refusal_is_told(
    staff: Client, claim_in: Callable[..., Claim], make_claim: Callable[..., Claim], second_reader: User
) -> None:
    ready, new = claim_in("researching"), make_claim("22,400 vehicles crossed the bridge")
    url = reverse("admin:claims_claim_changelist")
    form = {"action": "second_reader", "_selected_action": [ready.pk, new.pk]}
    assert "Second reader" in staff.post(url, form).content.decode()
    page = staff.post(
        url, {**form, "confirmed": "yes", "second_reader": second_reader.pk, "note": "Soon"}, follow=True
    )
    assert "This claim is new, so no second reader is asked for now." in page.content.decode()
    ready.refresh_from_db()
    new.refresh_from_db()
    assert (ready.second_reader, new.second_reader, ready.status) == (second_reader, None, "researching")
    assert AuditEvent.objects.get(action="claim.second_reader").channel == "admin"


def test_the_verdict_is_kept_from_whoever_may_still_rate_blind(
    staff: Client, claim_in: Callable[..., Claim], editor: User
) -> None:
    from claims.domain import desk

    verdict = claim_in("in_review").verdict
    url = reverse("admin:claims_verdict_change", args=[verdict.pk])
    assert staff.get(url).status_code == 200
    desk.save_settings(actor=editor, fields={"blind_second_rating": True})
    assert staff.get(url).status_code == 302
    assert (
        "Counts show 27 per cent."
        not in staff.get(reverse("admin:claims_verdict_changelist")).content.decode()
    )


def test_button_pressed_too_late_changes_nothing(
    staff: Client, make_claim: Callable[..., Claim], editor: User
) -> None:
    claim = make_claim()
    factories.move(claim, "triage", editor)
    url = reverse("admin:claims_claim_move", args=[claim.pk, "decline"])
    answer = staff.post(
        url,
        {
            "confirmed": "yes",
            f"version_{claim.pk}": claim.version,
            "reason": "x",
            "decline_reason": "opinion",
        },
        follow=True,
    )
    assert "Nothing was changed by you" in answer.content.decode()
    claim.refresh_from_db()
    assert claim.status == "triaged"


def test_assign_in_bulk(staff: Client, make_claim: Callable[..., Claim], reviewer: User) -> None:
    chosen = [make_claim(), make_claim("carries 4,000 more passengers")]
    url = reverse("admin:claims_claim_changelist")
    picked = {"action": "bulk_assign", "_selected_action": [claim.pk for claim in chosen]}
    assert "Checker" in staff.post(url, picked).content.decode()
    versions = {f"version_{claim.pk}": claim.version for claim in chosen}
    staff.post(url, {**picked, **versions, "confirmed": "yes", "assignee": reviewer.pk, "reason": ""})
    assert set(Claim.objects.filter(pk__in=[c.pk for c in chosen]).values_list("status", "assignee")) == {
        ("assigned", reviewer.pk)
    }


def test_no_field_bypasses_the_workflow(staff: Client, make_claim: Callable[..., Claim]) -> None:
    claim = make_claim()
    url = reverse("admin:claims_claim_change", args=[claim.pk])
    staff.post(
        url,
        {"status": "published", "version": 9, "restated": "Traffic fell.", "speaker_role": "Mayor", "topic": "",
         "said_where": "", "tags": "", "priority": "2_normal", "due_at_0": "", "due_at_1": ""},
    )  # fmt: skip
    claim.refresh_from_db()
    assert (claim.status, claim.version) == ("new", 1)
    assert claim.restated == "Traffic fell."
    assert AuditEvent.objects.filter(claim=claim, action="claim.reworded").exists()


def test_article_comes_in_by_the_same_verb(staff: Client) -> None:
    url = reverse("admin:claims_article_add")
    short = staff.post(url, {"pasted": "too short"})
    assert "are not an article" in short.content.decode()
    assert not Article.objects.exists()
    staff.post(url, {"pasted": factories.TEXT, "title": "Toll"})
    article = Article.objects.get()
    assert article.title == "Toll"
    again = staff.post(url, {"pasted": factories.TEXT})
    assert again.status_code == 302
    assert Article.objects.count() == 1


def test_audit_is_read_only(staff: Client, make_claim: Callable[..., Claim]) -> None:
    make_claim()
    event = AuditEvent.objects.first()
    assert event is not None
    assert staff.get(reverse("admin:claims_auditevent_add")).status_code == 403
    assert (
        staff.post(reverse("admin:claims_auditevent_delete", args=[event.pk]), {"post": "yes"}).status_code
        == 403
    )
    url = reverse("admin:claims_auditevent_change", args=[event.pk])
    assert staff.post(url, {"reason": "x"}).status_code == 403


def test_reviewer_without_staff_flag_stays_outside(as_user: Callable[[User], Client], reviewer: User) -> None:
    assert as_user(reviewer).get(reverse("admin:index")).status_code == 302


def test_somebody_who_is_no_administrator_is_told_so_and_not_sent_round(
    as_user: Callable[[User], Client], editor: User
) -> None:
    client = as_user(editor)
    page = client.get(reverse("admin:index"), follow=True)
    assert page.status_code == 403
    assert "You cannot open this page" in page.content.decode()
    assert Client().get(reverse("admin:index"), follow=True).status_code == 200  # the log-in


def test_tags_are_written_as_words(staff: Client, make_claim: Callable[..., Claim]) -> None:
    claim = make_claim()
    url = reverse("admin:claims_claim_change", args=[claim.pk])
    fields = {"restated": "", "speaker_role": "", "topic": "", "said_where": "", "priority": "2_normal",
              "due_at_0": "", "due_at_1": ""}  # fmt: skip
    staff.post(url, {**fields, "tags": "Ferries,  water , FERRIES"})
    claim.refresh_from_db()
    assert claim.tags == ["Ferries", "water"]
    assert 'value="Ferries, water"' in staff.get(url).content.decode()
    staff.post(url, {**fields, "tags": "ferries, water", "topic": "Transport"})
    claim.refresh_from_db()
    assert claim.topic == "Transport"


def test_a_tag_too_long_is_refused_at_its_field(staff: Client, make_claim: Callable[..., Claim]) -> None:
    claim = make_claim()
    fields = {"restated": "", "speaker_role": "", "topic": "", "said_where": "", "priority": "2_normal",
              "due_at_0": "", "due_at_1": ""}  # fmt: skip
    page = staff.post(
        reverse("admin:claims_claim_change", args=[claim.pk]), {**fields, "tags": f"water, {'x' * 61}"}
    )
    assert "is longer than 60 characters. Shorten it." in page.content.decode()
    claim.refresh_from_db()
    assert claim.tags == []


def test_a_move_without_its_reason_comes_back(staff: Client, claim_in: Callable[..., Claim]) -> None:
    claim = claim_in("triaged")
    page = staff.post(
        reverse("admin:claims_claim_move", args=[claim.pk, "hold"]),
        {"confirmed": "yes", f"version_{claim.pk}": claim.version, "reason": " "},
    )
    assert page.status_code == 422
    assert "The reason is missing. Give a reason." in page.content.decode()
    claim.refresh_from_db()
    assert claim.status == "triaged"
