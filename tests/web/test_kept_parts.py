"""Parts of pages that are kept in memory: nobody is shown what was drawn for somebody else, or for another moment."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from claims.models import DeskSettings, Profile
from claims.templatetags import kept_tags
from tests.web import rows

LogIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_memory() -> None:
    kept_tags._kept.clear()


def _page(client: Client, query: str = "") -> str:
    return client.get(f"{reverse('claims')}{query}").content.decode()


def test_each_person_sees_their_own_frame(editor: User, reviewer: User, viewer: User, as_user: LogIn) -> None:
    pages = {person.first_name: _page(as_user(person)) for person in (editor, reviewer, viewer)}
    for name, page in pages.items():
        frame = page[page.index('<header class="bar">') : page.index("</header>")]
        assert f"{name} Demo" in frame
        assert all(f"{other} Demo" not in frame for other in pages if other != name)
        assert (reverse("people") in frame) == (name == "Pia")
        assert (reverse("article-new") in frame) == (name != "Vera")


def test_the_frame_follows_what_it_counts_and_says(editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    assert "2 new notices" not in _page(client)
    rows.notices(2, editor)
    assert "2 new notices" in _page(client)
    DeskSettings.objects.update_or_create(pk=1, defaults={"name": "Another desk"})
    assert "Another desk" in _page(client)
    client.cookies["theme"] = "dark"
    dark = re.search(r'value="dark" aria-pressed="(\w+)"', _page(client))
    assert dark and dark[1] == "true"
    User.objects.filter(pk=editor.pk).update(first_name="Renamed")
    assert "Renamed Demo" in _page(client)


def test_tokens_and_addresses_are_those_of_this_look(editor: User, as_user: LogIn) -> None:
    client = as_user(editor)
    first, second = _page(client), _page(client, "?status=new&q=%3Cb%3E")
    tokens = [set(re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page)) for page in (first, second)]
    assert all(len(found) == 1 for found in tokens)
    assert tokens[0] != tokens[1]
    assert f'name="next" value="{reverse("claims")}"' in first
    assert f'name="next" value="{reverse("claims")}?status=new&amp;q=%3Cb%3E"' in second
    assert not re.search("[\ue000\ue001]", first + second)


def test_nobody_is_shown_a_token_in_place_of_what_an_address_says(editor: User, as_user: LogIn) -> None:
    """A link could bring it there: it would stand in the field of the search, and go on in the next address."""
    page = _page(as_user(editor), "?q=%EE%80%80x%EE%80%81")
    assert 'value="\ue000x\ue001"' in page
    tokens = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page)
    assert tokens
    assert page.count(tokens[0]) == len(tokens), "in its own fields alone"


def test_the_form_follows_the_address_and_the_people(editor: User, reviewer: User, as_user: LogIn) -> None:
    rows.claims(1, rows.article(1, editor), "new")
    client = as_user(editor)
    assert '<option value="new" selected>' in _page(client, "?status=new")
    assert '<option value="new" selected>' not in _page(client)
    rows.claims(2, rows.article(2, editor), "assigned", assignee=reviewer)
    assert "Noor Demo · 2" in _page(client)
    Profile.objects.update_or_create(person=reviewer, defaults={"is_machine": True})
    assert "Noor Demo ·" not in _page(client)


def test_a_part_without_a_form_asks_for_no_token() -> None:
    drawn = Template("{% load kept_tags %}{% kept name %}")
    for name, times in (("desk/_head.html", 0), ("partials/_theme.html", 1)):
        asked: list[str] = []

        def token(asked: list[str] = asked) -> str:
            asked.append("token")
            return "abc"

        context = Context(
            {"name": name, "csrf_token": SimpleLazyObject(token), "desk": {"themes": [], "theme": "dark"}}
        )
        html = drawn.render(context)
        assert len(asked) == times
        assert ("abc" in html) == bool(times)
