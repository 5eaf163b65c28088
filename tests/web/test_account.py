"""One's own account, and what editors look after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.domain import people, tokens
from claims.models import ApiToken, DeskSettings, Page, Profile
from tests.mails import link_mailed

LogIn = Callable[[User], Client]


def test_a_key_is_shown_once_and_never_kept(reviewer: User, as_user: LogIn) -> None:
    client = as_user(reviewer)
    page = client.post(reverse("token-new"), {"name": "Newsroom script", "scope": "desk", "days": "30"})
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert secret not in client.get(reverse("account")).content.decode()
    found = tokens.find(secret)
    assert found is not None
    assert found.person == reviewer
    assert secret not in str(ApiToken.objects.values().get())


def test_a_key_without_a_name_brings_the_form_back(reviewer: User, as_user: LogIn) -> None:
    page = as_user(reviewer).post(reverse("token-new"), {"name": " ", "scope": "desk", "days": "30"})
    assert page.status_code == 422
    assert 'href="#id_name"' in page.content.decode()
    assert ApiToken.objects.count() == 0


def test_a_key_is_revoked_only_by_its_owner(reviewer: User, second_reader: User, as_user: LogIn) -> None:
    token, secret = tokens.create(reviewer, "script")
    assert as_user(second_reader).post(reverse("token-revoke", args=[token.pk])).status_code == 404
    assert tokens.find(secret) is not None
    as_user(reviewer).post(reverse("token-revoke", args=[token.pk]))
    assert tokens.find(secret) is None


def test_absence_is_kept(reviewer: User, as_user: LogIn) -> None:
    until = (timezone.localdate() + timedelta(days=4)).isoformat()
    form = {"away_until": until}
    as_user(reviewer).post(reverse("account"), form)
    profile = Profile.objects.get(person=reviewer)
    assert profile.away_until is not None
    assert profile.away_until.isoformat() == until
    assert not profile.single_keys


def test_an_absence_that_is_over_is_refused_and_a_former_one_not_shown(
    reviewer: User, as_user: LogIn
) -> None:
    client, over = as_user(reviewer), timezone.localdate() - timedelta(days=1)
    page = client.post(reverse("account"), {"away_until": over.isoformat()})
    assert page.status_code == 422
    assert "That day is over." in page.content.decode()
    Profile.objects.filter(person=reviewer).update(away_until=over)
    assert client.get(reverse("account")).context["life"]["away_until"].value() is None


def test_single_keys_are_switched_off_on_the_page_that_lists_them(reviewer: User, as_user: LogIn) -> None:
    client = as_user(reviewer)
    assert 'data-single-keys="on"' in client.get(reverse("keys")).content.decode()
    client.post(reverse("keys"), {"single_keys": "off"})
    assert 'data-single-keys="off"' in client.get(reverse("board")).content.decode()
    client.post(reverse("keys"), {"single_keys": "on"})
    assert 'data-single-keys="on"' in client.get(reverse("board")).content.decode()


def test_a_password_is_changed_by_who_knows_the_old_one(reviewer: User, as_user: LogIn) -> None:
    client = as_user(reviewer)
    new = "a new and rather long one"
    wrong = {"old_password": "no", "new_password1": new, "new_password2": new}
    assert client.post(reverse("password_change"), wrong).status_code == 422
    client.post(reverse("password_change"), {**wrong, "old_password": "correct horse battery staple"})
    reviewer.refresh_from_db()
    assert reviewer.check_password(new)
    assert client.get(reverse("my-work")).status_code == 200, "the session that changed it goes on"


# --- editors ---------------------------------------------------------------------------------------------------------


def test_somebody_invited_gets_a_link_and_a_role(editor: User, as_user: LogIn, client: Client) -> None:
    form = {"first_name": "Ida", "email": "ida@desk.example", "username": "ida", "role": "reviewer"}
    as_user(editor).post(reverse("people"), form)
    made = User.objects.get(username="ida")
    assert "reviewer" in people.roles(made)
    assert client.get(link_mailed("/invitation/"), follow=True).context["validlink"]


def test_without_a_mail_server_no_link_by_mail_is_promised(
    editor: User, as_user: LogIn, settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    form = {"first_name": "Ida", "email": "ida@desk.example", "username": "ida", "role": "reviewer"}
    page = as_user(editor).post(reverse("people"), form, follow=True).content.decode()
    assert "gets a link by mail" not in page
    assert "no mail server is set up" in page


def test_a_user_name_left_empty_is_taken_from_the_address(editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    for host in ("desk.example", "other.example"):
        form = {"email": f"ida+new.k@{host}", "username": "", "role": "reviewer"}
        assert client.post(reverse("people"), form).status_code == 302
    names = User.objects.filter(email__startswith="ida+").order_by("pk").values_list("username", flat=True)
    assert list(names) == ["idanew.k", "idanew.k1"]
    nameless = {"email": "", "username": "", "role": "reviewer"}
    assert list(client.post(reverse("people"), nameless).context["form"].errors) == ["email"]


def test_a_second_account_with_the_same_address_is_refused_and_the_form_kept(
    editor: User, reviewer: User, as_user: LogIn
) -> None:
    form = {"first_name": "Ida", "email": reviewer.email.upper(), "username": "ida", "role": "reviewer"}
    page = as_user(editor).post(reverse("people"), form)
    assert page.status_code == 422
    assert "is here already" in page.content.decode()
    assert 'value="Ida"' in page.content.decode()


def test_a_closed_account_is_out_at_once(editor: User, reviewer: User, as_user: LogIn) -> None:
    client = as_user(reviewer)
    assert client.get(reverse("my-work")).status_code == 200
    as_user(editor).post(reverse("person-change", args=[reviewer.pk]), {"do": "close"})
    assert client.get(reverse("my-work")).status_code == 302


def test_the_desk_is_renamed_and_an_address_that_makes_no_sense_is_refused(
    editor: User, as_user: LogIn
) -> None:
    client = as_user(editor)
    form = {"name": "The Ellery Check", "language": "en", "contact": "desk@ellery.example"}
    client.post(reverse("settings"), form)
    assert DeskSettings.objects.get().name == "The Ellery Check"
    assert "The Ellery Check" in client.get(reverse("board")).content.decode()
    page = client.post(reverse("settings"), {**form, "contact": "nobody"})
    assert page.status_code == 422
    assert DeskSettings.objects.get().contact == "desk@ellery.example"


def test_two_editors_of_one_page_get_both_texts(editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    address = reverse("settings-page", args=["about"])
    client.post(address, {"title": "About us", "body": "First.", "version": "0"})
    page = client.post(address, {"title": "About us", "body": "Mine.", "version": "0"})
    assert page.status_code == 409
    text = page.content.decode()
    assert "First." in text
    assert "Mine." in text
    client.post(address, {"title": "About us", "body": "Mine.", "version": page.context["theirs"]["version"]})
    assert list(Page.objects.filter(kind="about").order_by("version").values_list("body", flat=True)) == [
        "First.", "Mine.",
    ]  # fmt: skip
