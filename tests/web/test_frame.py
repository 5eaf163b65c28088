"""The frame of the desk: who gets in, what is never kept, and what every answer carries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse

from claims.domain import people
from claims.models import AuditEvent
from claims.web.urls import urlpatterns
from tests.mails import link_mailed, send_mails

LogIn = Callable[[User], Client]
PASSWORD = "correct horse battery staple"


def _desk_addresses() -> list[str]:
    """Every address under /desk/, with plausible arguments."""
    found = []
    for pattern in urlpatterns:
        route = str(pattern.pattern)
        if route.startswith("desk/"):
            for piece, value in (("<int:pk>", "1"), ("<slug:action>", "publish"), ("<slug:kind>", "about"),
                                 ("<slug:gate>", "verdict")):  # fmt: skip
                route = route.replace(piece, value)
            found.append("/" + route)
    return found


def test_there_is_a_desk_to_guard() -> None:
    assert len(_desk_addresses()) > 25


@pytest.mark.parametrize("address", _desk_addresses())
def test_no_page_of_the_desk_opens_without_a_role(
    address: str, client: Client, stranger: User, as_user: LogIn
) -> None:
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/log-in/")
    assert response["Cache-Control"] == "no-store"
    assert as_user(stranger).get(address).status_code == 403
    assert client.post(address).status_code == 302


def test_a_stranger_is_told_whom_to_ask(stranger: User, editor: User, as_user: LogIn) -> None:
    page = as_user(stranger).get(reverse("my-work")).content.decode()
    assert "no role on this desk yet" in page
    assert people.display_name(editor) in page


def test_a_part_of_a_page_says_that_one_is_logged_out_and_leaves_the_page(client: Client, db: None) -> None:
    here = "https://desk.example/desk/claims/?status=new"
    response = client.get(reverse("board"), headers={"HX-Request": "true", "HX-Current-URL": here})
    assert response.status_code == 401
    assert "HX-Redirect" not in response
    assert "You are logged out. Copy what you have typed" in response.content.decode()
    assert f'href="{reverse("login")}?next=%2Fdesk%2Fclaims%2F%3Fstatus%3Dnew"' in response.content.decode()
    draft = client.post(reverse("board"), headers={"Accept": "application/json"})
    assert draft.status_code == 401
    assert draft.json()["said"].startswith("You are logged out.")


def test_desk_pages_are_never_kept_and_allow_nothing_from_elsewhere(editor: User, as_user: LogIn) -> None:
    response = as_user(editor).get(reverse("board"))
    assert response["Cache-Control"] == "no-store"
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "data:" not in policy
    assert "default-src 'self'" in policy
    assert response["X-Frame-Options"] == "DENY"


def test_changes_through_the_web_say_so(editor: User, reviewer: User, as_user: LogIn) -> None:
    as_user(editor).post(reverse("person-change", args=[reviewer.pk]), {"role": "viewer"})
    event = AuditEvent.objects.get(action="person.role")
    assert event.channel == "web"
    assert event.actor == editor


def test_a_refusal_is_a_page_with_its_sentence(editor: User, as_user: LogIn) -> None:
    response = as_user(editor).post(reverse("person-change", args=[editor.pk]), {"role": "viewer"})
    assert response.status_code == 422
    assert "This is the only editor." in response.content.decode()


def test_a_refusal_of_a_part_goes_to_the_line(editor: User, as_user: LogIn) -> None:
    response = as_user(editor).post(
        reverse("person-change", args=[editor.pk]), {"role": "viewer"}, headers={"HX-Request": "true"}
    )
    assert response.status_code == 422
    assert response["HX-Retarget"] == "#line"
    assert "<html" not in response.content.decode()


def test_an_unknown_address_is_a_page_of_ours(editor: User, as_user: LogIn) -> None:
    response = as_user(editor).get("/desk/nowhere/")
    assert response.status_code == 404
    assert "There is no page at this address" in response.content.decode()


# --- colours -------------------------------------------------------------------------------------------------------


def test_colours_are_kept_in_a_cookie(editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    assert 'data-theme="device"' in client.get(reverse("board")).content.decode()
    client.post(reverse("theme"), {"theme": "dark", "next": reverse("board")})
    assert 'data-theme="dark"' in client.get(reverse("board")).content.decode()
    client.post(reverse("theme"), {"theme": '"><script>'})
    assert 'data-theme="dark"' in client.get(reverse("board")).content.decode()


def test_the_colours_never_lead_to_another_site(client: Client, db: None) -> None:
    response = client.post(reverse("theme"), {"theme": "light", "next": "https://evil.example/"})
    assert response["Location"] == reverse("home")


# --- coming in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["noor", "noor@desk.example", "NOOR@desk.example"])
def test_user_name_or_address_opens_the_desk(name: str, reviewer: User, client: Client) -> None:
    response = client.post(reverse("login"), {"username": name, "password": PASSWORD, "next": "/desk/board/"})
    assert response.status_code == 302
    assert response["Location"] == "/desk/board/"


def test_an_address_of_two_people_opens_neither(reviewer: User, editor: User, client: Client) -> None:
    User.objects.filter(pk=editor.pk).update(email=reviewer.email)
    response = client.post(reverse("login"), {"username": reviewer.email, "password": PASSWORD})
    assert response.status_code == 422


def test_a_wrong_pair_keeps_the_name_and_does_not_say_which_was_wrong(reviewer: User, client: Client) -> None:
    answers = []
    for name in ("noor", "nobody-here"):
        response = client.post(reverse("login"), {"username": name, "password": "wrong"})
        assert response.status_code == 422
        page = response.content.decode()
        assert f'value="{name}"' in page
        assert "<title>Error:" in page
        answers.append(page.split("error-summary-title")[2].split("</ul>")[0])
    assert answers[0] == answers[1]


def test_five_wrong_tries_lock_this_name_with_a_way_out(reviewer: User, client: Client) -> None:
    for _try in range(5):
        response = client.post(reverse("login"), {"username": "noor", "password": "wrong"})
    assert response.status_code == 429
    page = response.content.decode()
    assert "Wait 15 minutes" in page
    assert reverse("password_reset") in page
    right = client.post(reverse("login"), {"username": "noor", "password": PASSWORD})
    assert right.status_code == 429


def test_a_forgotten_password_is_set_by_a_link(reviewer: User, client: Client) -> None:
    client.post(reverse("password_reset"), {"email": reviewer.email})
    page = client.get(link_mailed("/password/new/"), follow=True)
    new = "a new and rather long one"
    done = client.post(page.request["PATH_INFO"], {"new_password1": new, "new_password2": new})
    assert done.status_code == 302
    assert client.post(reverse("login"), {"username": "noor", "password": new}).status_code == 302


def test_an_unknown_address_gets_the_same_answer_and_no_mail(db: None, client: Client) -> None:
    response = client.post(reverse("password_reset"), {"email": "nobody@desk.example"})
    assert response["Location"] == reverse("password_reset_done")
    send_mails()
    assert mail.outbox == []


def test_logging_out_needs_a_press(editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).status_code == 302
    assert client.get(reverse("my-work")).status_code == 302


# --- every page draws ------------------------------------------------------------------------------------------------

PAGES: list[tuple[str, list[Any]]] = [
    ("my-work", []), ("claims", []), ("board", []), ("articles", []), ("article-new", []), ("notices", []),
    ("library", []), ("document-new", []),
    ("keys", []), ("steps-overview", []), ("account", []), ("password_change", []), ("people", []), ("settings", []),
    ("settings-page", ["methodology"]), ("settings-scale", []), ("settings-checklists", []), ("settings-reasons", []),
    ("settings-due", []), ("wellbeing", []), ("notice-choices", []), ("insight", []), ("import", []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "args"), PAGES)
def test_every_page_has_its_skeleton(name: str, args: list[Any], editor: User, as_user: LogIn) -> None:
    page = as_user(editor).get(reverse(name, args=args)).content.decode()
    assert page.count("<h1") == 1
    assert page.count('id="main"') == 1
    assert page.count('class="btn-primary"') + page.count("btn btn-primary") <= 1, "one filled button a page"
    assert 'href="#main"' in page
    assert 'role="status"' in page


def test_viewers_cannot_open_the_editors_pages(viewer: User, reviewer: User, as_user: LogIn) -> None:
    for person in (viewer, reviewer):
        for name in ("people", "settings"):
            assert as_user(person).get(reverse(name)).status_code == 403
    assert as_user(viewer).get(reverse("article-new")).status_code == 403
