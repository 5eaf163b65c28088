"""Times, people and sums as the desk says them."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from claims.domain import people


def initials(person: User | None) -> str:
    """Two letters for a person's sign; a question mark for nobody."""
    return initials_of(people.display_name(person) if person else "")


@lru_cache(maxsize=4096)
def initials_of(name: str) -> str:
    """The same from the name; a question mark for none."""
    words = name.split()
    if not words:
        return "?"
    letters = words[0][:2] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()


def day_words(moment: datetime, now: datetime | None = None) -> str:
    """``today, 18:00``, ``tomorrow, 09:00``, ``yesterday, 12:30``, ``26 Nov`` or ``26 Nov 2025``."""
    return _day_words(timezone.localtime(moment), timezone.localtime(now).date(), get_language())


def full_words(moment: datetime) -> str:
    """Date, time and zone in full: ``26 November 2026, 18:00 UTC``."""
    return _full_words(timezone.localtime(moment), get_language())


# Lists show the same moments again and again, and formatting a date takes longer than looking it up.
@lru_cache(maxsize=8192)
def _full_words(local: datetime, language: str | None) -> str:
    return f"{date_format(local, 'j F Y, H:i')} {local.tzname()}"


@lru_cache(maxsize=8192)
def _day_words(local: datetime, here: date, language: str | None) -> str:
    clock = date_format(local, "H:i")
    away = (local.date() - here).days
    if away == 0:
        return _("today, %(time)s") % {"time": clock}
    if away == 1:
        return _("tomorrow, %(time)s") % {"time": clock}
    if away == -1:
        return _("yesterday, %(time)s") % {"time": clock}
    return date_format(local, "j M" if local.year == here.year else "j M Y")


def late_words(moment: datetime, now: datetime | None = None) -> str:
    """``2 days late`` or ``3 hours late`` once the moment has passed; empty before."""
    seconds = ((now or timezone.now()) - moment).total_seconds()
    if seconds <= 0:
        return ""
    days, hours = int(seconds // 86_400), int(seconds // 3600)
    if days:
        return ngettext("%(count)d day late", "%(count)d days late", days) % {"count": days}
    if hours:
        return ngettext("%(count)d hour late", "%(count)d hours late", hours) % {"count": hours}
    return _("late")


def ago_words(moment: datetime, now: datetime | None = None) -> str:
    """``5 min``, ``3 h`` or ``2 days``: how long something has been waiting."""
    seconds = max(0, ((now or timezone.now()) - moment).total_seconds())
    if seconds < 60:
        return _("%(count)d s") % {"count": int(seconds)}
    if seconds < 3600:
        return _("%(count)d min") % {"count": int(seconds // 60)}
    if seconds < 2 * 86_400:
        return _("%(count)d h") % {"count": int(seconds // 3600)}
    return ngettext("%(count)d day", "%(count)d days", int(seconds // 86_400)) % {
        "count": int(seconds // 86_400)
    }
