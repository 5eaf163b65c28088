"""Every address has its row in the table of permits, and answers as the row says: asked over HTTP."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, reverse

from claims.enums import Role
from claims.models import Claim, Report
from claims.workflow import permits
from tests.architecture.test_addresses import ROUTES, address_of

PATTERNS: dict[str, URLPattern] = {name: pattern for name, _route, pattern in ROUTES}
WRITES = ("POST", "PUT", "PATCH", "DELETE")
# Where an empty form would ask for more than this person may: what they send instead.
FILLED = {"second-reader": {"second_reader": "me"}}
LADDER = ("", "stranger", Role.VIEWER, Role.REVIEWER, Role.EDITOR)


def test_every_address_has_one_row_and_every_row_an_address() -> None:
    names = [permit.name for permit in permits.ADDRESSES]
    assert len(names) == len(set(names))
    assert set(names) == set(PATTERNS), "give the new address a row in claims/workflow/permits.py"


def test_every_table_of_the_administration_has_a_row() -> None:
    shown = {model._meta.label_lower for model in admin.site._registry}
    assert shown == set(permits.ADMINISTRATION)


def test_what_the_api_answers_is_what_the_table_says() -> None:
    wrong = {}
    for name, pattern in PATTERNS.items():
        actions = getattr(pattern.callback, "actions", None)
        if actions and {method.upper() for method in actions} - {"HEAD"} != set(permits.find(name).who):  # type: ignore[union-attr]  # the test above
            wrong[name] = sorted(actions)
    assert wrong == {}, "a new action of the API needs its method in its row"


def test_what_the_pages_answer_is_what_the_table_says() -> None:
    wrong = {}
    for name, pattern in PATTERNS.items():
        view: Any = pattern.callback
        methods = (
            inspect.getclosurevars(view).nonlocals.get("request_method_list")
            if inspect.isfunction(view)
            else None
        )
        if methods and set(methods) - {"HEAD"} != set(permits.find(name).who):  # type: ignore[union-attr]  # as above
            wrong[name] = sorted(methods)
    assert wrong == {}, "the row and the decorator of the view name other methods"


def test_an_address_without_a_row_is_open_to_nobody() -> None:
    assert not permits.may_open("invented", "GET", frozenset(Role.values))
    assert not permits.may_open(None, "GET", frozenset(Role.values))


def lowest_allowed(name: str, method: str) -> int:
    """The place on the ladder from which on the table lets people in."""
    needed = permits.find(name).needed(method)  # type: ignore[union-attr]  # tested above
    return 0 if needed == permits.EVERYONE else LADDER.index(needed)


def refused(answer: Any) -> bool:
    """Whether the answer says that the person may not."""
    to_login = answer.status_code == 302 and answer.headers["Location"].startswith(
        reverse("login") + "?next="
    )
    return answer.status_code in {401, 403} or to_login


@pytest.fixture
def doors(
    claim_in: Callable[..., Claim], make_claim: Callable[..., Claim], stranger: User, viewer: User,
    reviewer: User, editor: User, as_user: Callable[[User], Client],
) -> Callable[[str, str, int], HttpResponse]:  # fmt: skip
    """``ask(name, method, rung)``: the answer of this address to somebody on this rung of the ladder."""
    report = Report.objects.get(claim=claim_in("published"))
    fresh = make_claim("carries 4,000 more passengers")
    clients = [Client(), *(as_user(person) for person in (stranger, viewer, reviewer, editor))]

    def ask(name: str, method: str, rung: int) -> HttpResponse:
        client = clients[rung]
        # A claim that is new, so that moves are open to reviewers too; the report of the other one is public.
        address = address_of(name, PATTERNS[name], report, pk=fresh.pk, action="triage")
        kind = "application/json" if name.startswith("api-") else "application/octet-stream"
        if method == "POST" and not name.startswith("api-"):
            return client.post(address, FILLED.get(name, {}))  # type: ignore[return-value]  # the test client's own kind of response
        return client.generic(method, address, b"", content_type=kind)  # type: ignore[return-value]

    return ask


def test_each_address_opens_at_the_rung_that_the_table_names(
    doors: Callable[[str, str, int], HttpResponse],
) -> None:
    wrong = {}
    for permit in permits.ADDRESSES:
        for method in permit.who:
            rung = lowest_allowed(permit.name, method)
            answer = doors(permit.name, method, rung)
            if refused(answer) or answer.status_code == 405 or answer.status_code >= 500:
                wrong[permit.name, method, LADDER[rung]] = answer.status_code
            if rung and not refused(answer := doors(permit.name, method, rung - 1)):
                wrong[permit.name, method, LADDER[rung - 1]] = answer.status_code
    assert wrong == {}


def test_no_address_answers_a_method_that_is_not_in_its_row(
    doors: Callable[[str, str, int], HttpResponse],
) -> None:
    wrong = {}
    editor = LADDER.index(Role.EDITOR)
    for permit in permits.ADDRESSES:
        for method in {"GET", *WRITES} - set(permit.who):
            answer = doors(permit.name, method, editor)
            if answer.status_code != 405:
                wrong[permit.name, method] = answer.status_code
    assert wrong == {}
