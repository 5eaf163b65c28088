"""Coming in, in a real Chromium: the picture for the app."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import segno
from django.contrib.auth.models import User
from django.urls import reverse
from PIL import Image

from claims.domain import factors
from claims.web.pictures import QUIET
from tests.browser.visitors import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
