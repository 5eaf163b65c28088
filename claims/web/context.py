"""What every page may show of the desk and of the person who looks; nothing is asked for until a page shows it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from claims.domain import house_rules, passkeys, people
from claims.domain.desk import Glance, glance
from claims.enums import Role
from claims.models import DeskSettings
from claims.web import languages

THEMES = {"device": _("As the device"), "light": _("Light"), "dark": _("Dark")}


def theme_of(request: HttpRequest) -> str:
    """``light`` or ``dark`` where the person chose one, else ``device``."""
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else "device"


class Desk:
    """The desk as templates see it: ``{{ desk.name }}``, ``{{ desk.theme }}``, ``{% if desk.is_editor %}``."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def user(self) -> User | AnonymousUser:
        # Error pages may be drawn before the session was read.
        return getattr(self._request, "user", None) or AnonymousUser()

    @cached_property
    def settings(self) -> DeskSettings:
        return house_rules.settings()

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def face(self) -> str:
        """The name of the person who looks, as the frame shows it."""
        return people.display_name(self.user) if isinstance(self.user, User) else ""

    @property
    def is_inside(self) -> bool:
        """Whether the address lies behind the log-in, also where there is no page at it."""
        return self._request.path_info.startswith(("/desk/", "/admin/"))

    @property
    def frame(self) -> str:
        """The frame of a page that may stand inside or outside."""
        return "base.html" if self.is_inside else "public/base.html"

    @property
    def is_public(self) -> bool:
        """Whether the address belongs to the public site, whose pages speak the site's language."""
        return languages.is_public(self._request.path_info)

    @property
    def frame_here(self) -> str:
        """The frame of a page that tells of a refusal: the public site's for readers, else the desk's."""
        return "public/base.html" if self.is_public else "base.html"

    @property
    def decline_reasons(self) -> list[tuple[str, str]]:
        """The reasons to decline in use, as key and words."""
        return house_rules.reasons(self.settings)

    def decline_label(self, key: str) -> str:
        """The words of a reason, also of one that is off the list."""
        return house_rules.reason_label(key, self.settings)

    @cached_property
    def theme(self) -> str:
        """``light`` or ``dark`` where the person chose one, else ``device``."""
        return theme_of(self._request)

    @property
    def themes(self) -> list[tuple[str, str]]:
        """Every choice with its word."""
        return [(value, str(label)) for value, label in THEMES.items()]

    @cached_property
    def roles(self) -> frozenset[str]:
        return people.roles(self.user)

    @property
    def is_member(self) -> bool:
        return Role.VIEWER in self.roles

    @property
    def is_reviewer(self) -> bool:
        return Role.REVIEWER in self.roles

    @property
    def is_editor(self) -> bool:
        return Role.EDITOR in self.roles

    @cached_property
    def _glance(self) -> Glance:
        if not isinstance(self.user, User):
            return Glance(0, 0, False)
        return glance(self.user)

    @property
    def single_keys(self) -> bool:
        """Whether keys without Ctrl are on for this person."""
        return self._glance.single_keys

    @property
    def unread(self) -> int:
        """Notices the person has not read, counted up to 99."""
        return self._glance.unread

    @property
    def on_my_table(self) -> int:
        """Claims the person is to check, counted up to 99."""
        return self._glance.on_my_table

    @property
    def passkey_origin(self) -> str:
        """The address at which browsers use passkeys for this desk; empty where they cannot."""
        here = passkeys.site()
        return here.origin if here else ""

    @property
    def section(self) -> str:
        """Which entry of the bar the page belongs to: the second part of a desk page's address."""
        room, _slash, rest = self._request.path_info.strip("/").partition("/")
        part = rest.partition("/")[0] or "work"
        return _WITHIN.get(part, part) if room == "desk" else ""


# Pages that belong to an entry of the bar without saying so in their address.
_WITHIN = {"evidence": "claims", "reply": "claims", "import": "claims"}


def desk(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``desk`` in every template."""
    return {"desk": Desk(request)}
