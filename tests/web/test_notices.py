"""The page of notices and the page on which one chooses among them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Claim, Notification, Profile
from tests.web import rows

LogIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def test_one_notice_is_read_by_itself_and_only_ones_own(
    reviewer: User, second_reader: User, as_user: LogIn
) -> None:
    rows.notices(2, reviewer)
    first = Notification.objects.earliest("pk")
    as_user(second_reader).post(reverse("notice-read", args=[first.pk]))
    assert Notification.objects.filter(read_at__isnull=True).count() == 2
    client = as_user(reviewer)
    answer = client.post(reverse("notice-read", args=[first.pk]), {"next": reverse("notices") + "?show=new"})
    assert answer.headers["Location"] == reverse("notices") + "?show=new"
    html = client.get(reverse("notices") + "?show=new").content.decode()
    assert "Notice 1" in html
    assert "Notice 0" not in html
    assert "1 new notice" in html


def test_choices_are_kept_for_each_way(reviewer: User, as_user: LogIn) -> None:
    client = as_user(reviewer)
    sent = {"desk": ["claim.assign", "claim.overdue"], "mail": ["claim.overdue"], "rhythm": "daily"}
    assert client.post(reverse("notice-choices"), sent).status_code == 302
    profile = Profile.objects.get(person=reviewer)
    assert "claim.assign" in profile.muted
    assert "claim.assign" not in profile.muted_desk
    assert "claim.overdue" not in profile.muted
    html = client.get(reverse("notice-choices")).content.decode()
    assert html.count('name="mail" value="claim.overdue" checked') == 1
    assert html.count('name="mail" value="claim.assign" checked') == 0


def test_what_is_always_told_is_said_to_be_and_is_no_choice(editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    assert client.post(reverse("notice-choices"), {"rhythm": "never"}).status_code == 302
    profile = Profile.objects.get(person=editor)
    html = client.get(reverse("notice-choices")).content.decode()
    assert html.count("Always, since it is about who can get in") == 2
    for kind in ("desk.people", "account.codes"):
        assert kind not in {*profile.muted, *profile.muted_desk}
        for way in ("desk", "mail"):
            assert f'name="{way}" value="{kind}" checked disabled' in html
    assert "claim.assign" in profile.muted


def test_a_rhythm_that_makes_no_sense_is_refused(reviewer: User, as_user: LogIn) -> None:
    page = as_user(reviewer).post(reverse("notice-choices"), {"rhythm": "hourly"})
    assert page.status_code == 422
    assert "Choose how often mail comes." in page.content.decode()


def test_a_notice_leads_to_its_claim(
    editor: User, reviewer: User, as_user: LogIn, claim_in: Callable[..., Claim]
) -> None:
    claim = claim_in("assigned")
    html = as_user(reviewer).get(reverse("notices")).content.decode()
    assert f'href="{claim.get_absolute_url()}"' in html
