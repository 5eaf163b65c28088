"""Coming in, in a real Chromium: the picture for the app, and passkeys on a device that the debugger lends."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import segno
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, Route, expect

from claims.domain import factors
from claims.models import AuditEvent, Passkey, PasskeyChallenge
from claims.models.access import SessionStore
from claims.web.pictures import QUIET
from tests.browser.devices import Device
from tests.browser.visitors import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery staple"
URLSAFE = str.maketrans("+/", "-_")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_picture_for_the_app_is_black_on_white_and_says_what_the_link_says(
    visit: Callable[..., Visitor], editor: User, dark: bool
) -> None:
    visitor = visit(editor, width=360, dark=dark)
    page = visitor.open(reverse("second-step"))
    address = page.get_by_role("link", name="open it in the app").get_attribute("href")
    assert address == factors.address_for_app(editor, factors.begin(editor), "Fact-check desk")
    assert page.get_by_role("img", name="QR code").is_visible()
    rows = segno.make_qr(address, error="m").matrix
    seen = Image.open(io.BytesIO(page.locator(".qr").screenshot())).convert("L")
    square = seen.width / (len(rows) + 2 * QUIET)

    def is_dark(x: int, y: int) -> bool:
        value = seen.getpixel((int((x + 0.5) * square), int((y + 0.5) * square)))
        assert isinstance(value, int)
        assert value < 60 or value > 195, "neither black nor white"
        return value < 60

    for y in range(len(rows) + 2 * QUIET):
        for x in range(len(rows) + 2 * QUIET):
            inside = QUIET <= x < len(rows) + QUIET and QUIET <= y < len(rows) + QUIET
            assert is_dark(x, y) == bool(inside and rows[y - QUIET][x - QUIET]), (x, y)
    if dark:
        assert visitor.violations() == []


# --- passkeys ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def at_home(settings: Any, live_server: Any) -> str:
    """The desk's own address is the one that the test browses."""
    settings.SITE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def holder(visit: Callable[..., Visitor], at_home: str, editor: User) -> tuple[Visitor, Device]:
    """An editor who has just added a passkey, at her browser."""
    visitor = visit(editor)
    device = Device(visitor.page)
    add_passkey(visitor, "phone")
    expect(visitor.page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    return visitor, device


def add_passkey(visitor: Visitor, name: str) -> None:
    page = visitor.open(reverse("passkey-add"))
    page.get_by_label("Name of the passkey").fill(name)
    page.get_by_role("button", name="Add a passkey").click()


def out(visitor: Visitor) -> Page:
    """At the log-in page, as nobody."""
    visitor.page.context.clear_cookies()
    return visitor.open(reverse("login"))


def by_password(visitor: Visitor, person: User) -> Page:
    page = out(visitor)
    page.get_by_label("User name").fill(person.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    return page


def signed(page: Page) -> tuple[str, str]:
    """What the device answers at the log-in, kept back before it is sent, and the id of the session it was made in."""
    page.evaluate("HTMLFormElement.prototype.submit = () => {}")
    page.get_by_role("button", name="Log in with a passkey").click()
    field = page.locator("form[data-passkey] input[name=passkey]")
    expect(field).not_to_have_value("")
    cookies = page.context.cookies()
    return field.input_value(), next(one["value"] for one in cookies if one["name"] == "sessionid")


def events(turn: Any) -> list[str]:
    with turn:
        found = AuditEvent.objects.filter(action__startswith="account.passkey").order_by("pk")
        return [event.action.removeprefix("account.passkey_") for event in found]


def test_a_passkey_is_added_used_both_ways_and_removed(
    holder: tuple[Visitor, Device], editor: User, one_at_a_time: Any
) -> None:
    visitor, device = holder
    with one_at_a_time:
        assert factors.codes_left(editor) == 10
        stored = Passkey.objects.get()
        assert device.keys()[0]["userHandle"].rstrip("=").translate(URLSAFE) == stored.handle
        assert len(stored.handle) == 86 and editor.username not in stored.handle
    before = visitor.page.context.cookies()
    page = by_password(visitor, editor)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.goto(visitor.address + reverse("my-work"))
    expect(page).to_have_url(re.compile(reverse("login")))  # the password alone opens nothing
    page = by_password(visitor, editor)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page).to_have_url(visitor.address + reverse("my-work"))
    page = out(visitor)
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page).to_have_url(visitor.address + reverse("my-work"))
    ids = {one["value"] for one in (*before, *page.context.cookies()) if one["name"] == "sessionid"}
    assert len(ids) == 2, "the id of the session changed"
    page = visitor.open(reverse("account"))
    expect(page.get_by_text("Passkey: phone")).to_be_visible()
    expect(page.get_by_text("never used", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Remove the passkey phone").click()
    expect(page.get_by_text("opens the desk no more")).to_be_visible()
    page = out(visitor)
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("not accepted")
    assert events(one_at_a_time) == ["added", "used", "used", "removed"]
    assert visitor.complaints == []


def test_recovery_codes_open_the_desk_beside_a_passkey(
    visit: Callable[..., Visitor], holder: tuple[Visitor, Device], editor: User, one_at_a_time: Any
) -> None:
    code = holder[0].page.locator("code.secret").first.inner_text()
    plain = visit(script=False)
    page = by_password(plain, editor)
    expect(page.get_by_role("button", name="Use your passkey")).to_have_count(0)
    expect(page.get_by_text("cannot be used in this browser")).to_be_visible()
    page.get_by_label("Recovery code").fill(code)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(plain.address + reverse("my-work"))
    assert events(one_at_a_time) == ["added"]


def test_a_device_that_does_not_know_its_owner_opens_nothing(
    holder: tuple[Visitor, Device], one_at_a_time: Any
) -> None:
    visitor, device = holder
    device.trusts_whoever_holds_it(False)
    page = out(visitor)
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_text("No passkey was used")).to_be_visible()
    assert events(one_at_a_time) == ["added"]


def test_somebody_elses_passkey_is_no_second_step(
    holder: tuple[Visitor, Device], reviewer: User, visit: Callable[..., Visitor], one_at_a_time: Any
) -> None:
    key = holder[1].keys()[0]
    theirs = visit(reviewer)
    other = Device(theirs.page)
    add_passkey(theirs, "laptop")
    expect(theirs.page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    # The reviewer's password is known, and the editor's key is at hand under the reviewer's name.
    other.clear()
    other.put(key)
    # Before the log-in page opens: a page that is on its way while the route is set may ask past it.
    theirs.page.route(re.compile("begin"), _ask_for_any_key)
    page = by_password(theirs, reviewer)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("not accepted")
    assert events(one_at_a_time) == ["added", "added"]


def _ask_for_any_key(route: Route) -> None:
    """What a thief's own script would do: let the device answer with whatever it holds."""
    answer = route.fetch()
    route.fulfill(response=answer, json=answer.json() | {"allowCredentials": []})


def test_a_copy_of_a_key_is_noticed_by_its_counter(
    holder: tuple[Visitor, Device], one_at_a_time: Any
) -> None:
    visitor, device = holder
    copy = device.keys()[0]
    page = out(visitor)
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page).to_have_url(visitor.address + reverse("my-work"))
    device.clear()
    device.put(copy | {"signCount": 0})
    page = out(visitor)
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("not accepted")
    assert events(one_at_a_time) == ["added", "used", "doubted"]


def test_an_answer_counts_once_in_one_session_and_not_for_long(
    holder: tuple[Visitor, Device], one_at_a_time: Any
) -> None:
    answer, session = signed(out(holder[0]))

    def send(cookie: str) -> int:
        client = Client()
        client.cookies["sessionid"] = cookie
        return client.post(reverse("login-passkey"), {"passkey": answer}).status_code

    with one_at_a_time:
        assert send("") == 422, "another session"
        PasskeyChallenge.objects.update(expires_at=timezone.now())
        assert send(session) == 422, "too late"
        PasskeyChallenge.objects.update(expires_at=timezone.now() + timedelta(minutes=1), purpose="again")
        assert send(session) == 422, "asked for something else"
        PasskeyChallenge.objects.update(purpose="alone")
        assert send(session) == 302
        assert send(session) == 422, "a second time"
        told = json.loads(answer)
        assert told["response"]["userHandle"] == Passkey.objects.get().handle
    assert events(one_at_a_time) == ["added", "used"]


def test_what_was_signed_for_another_site_opens_nothing(
    holder: tuple[Visitor, Device], one_at_a_time: Any, settings: Any
) -> None:
    visitor, _device = holder
    page = out(visitor)
    settings.SITE_URL = "http://desk.localhost:1"
    page.get_by_role("button", name="Log in with a passkey").click()
    # The keys would belong to another host than the page's, so the browser itself refuses.
    expect(page.get_by_text("That did not work")).to_be_visible()
    settings.SITE_URL = visitor.address
    answer, session = signed(out(visitor))
    settings.SITE_URL = "http://localhost:1"  # the same host by another door: here the desk has to look
    client = Client()
    client.cookies["sessionid"] = session
    with one_at_a_time:
        assert client.post(reverse("login-passkey"), {"passkey": answer}).status_code == 422
    page = out(visitor)
    expect(page.locator("form[data-passkey]")).to_be_hidden()
    assert events(one_at_a_time) == ["added"]


def half_an_hour_later(visitor: Visitor, turn: Any) -> None:
    """The last proof of everybody who is logged in grows old."""
    cookies = visitor.page.context.cookies()
    with turn:
        session = SessionStore(next(one["value"] for one in cookies if one["name"] == "sessionid"))
        session["proven_at"] -= 1800
        session.save()


def test_a_passkey_proves_again_who_sits_there_and_the_form_goes_out_as_typed(
    holder: tuple[Visitor, Device], one_at_a_time: Any
) -> None:
    visitor, _device = holder
    half_an_hour_later(visitor, one_at_a_time)
    page = visitor.open(reverse("people"))
    page.get_by_label("User name").fill("o.new")
    page.get_by_label("E-mail address").fill("o@desk.example")
    page.get_by_label("Role", exact=True).select_option("viewer")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    assert visitor.violations() == []
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_text("gets a link by mail")).to_be_visible()
    with one_at_a_time:
        assert User.objects.filter(username="o.new", groups__name="viewer").exists()
    assert events(one_at_a_time) == ["added", "used"]


def test_a_second_passkey_asks_for_a_proof_before_the_device_makes_it(
    holder: tuple[Visitor, Device], one_at_a_time: Any
) -> None:
    visitor, device = holder
    device.clear()  # it would know that it holds one already
    half_an_hour_later(visitor, one_at_a_time)
    add_passkey(visitor, "key on my ring")
    page = visitor.page
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("Name of the passkey")).to_have_value("key on my ring")
    assert device.keys() == []
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Passkey: key on my ring")).to_be_visible()
    assert events(one_at_a_time) == ["added", "added"]


def test_log_ins_are_listed_and_one_elsewhere_is_ended(
    visit: Callable[..., Visitor], at_home: str, reviewer: User
) -> None:
    here, there = visit(), visit()
    for visitor in (here, there):
        by_password(visitor, reviewer)
        expect(visitor.page).to_have_url(at_home + reverse("my-work"))
    page = here.open(reverse("account"))
    expect(page.get_by_text("this one", exact=True)).to_have_count(1)
    expect(page.get_by_role("button", name=re.compile("^Log out:"))).to_have_count(1)
    page.get_by_role("button", name=re.compile("^Log out: Chrome, Linux")).click()
    expect(page.get_by_text("Logged out there.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Log out:"))).to_have_count(0)
    there.open(reverse("board"))
    expect(there.page).to_have_url(re.compile(reverse("login")))
    here.open(reverse("board"))
    expect(here.page).to_have_url(at_home + reverse("board"))


@pytest.mark.parametrize(("width", "dark"), [(360, True), (1280, False)], ids=["narrow dark", "wide light"])
def test_the_pages_of_the_log_in_are_open_to_everybody(
    holder: tuple[Visitor, Device], visit: Callable[..., Visitor], editor: User, width: int, dark: bool
) -> None:
    visitor = visit(width=width, dark=dark)
    found: dict[str, list[str]] = {}
    by_password(visitor, editor)
    found["second"] = visitor.violations()
    out(visitor)
    found["login"] = visitor.violations()
    inside = visit(editor, width=width, dark=dark)
    for name in ("account", "passkey-add", "second-step", "proof"):
        inside.open(reverse(name))
        assert inside.page.evaluate("document.documentElement.scrollWidth") <= width
        found[name] = inside.violations()
    assert not any(found.values()), found
