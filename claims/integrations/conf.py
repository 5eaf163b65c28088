"""Settings of this room, read in one place so that ``fetch`` also works before Django is configured."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext

DEFAULT_USER_AGENT = "Plumbline/0.1 (fact-checking desk tool)"


def setting(name: str, default: Any = None) -> Any:
    """The Django setting ``name``, or ``default`` where it is absent or no settings are configured."""
    try:
        return getattr(settings, name, default)
    except ImproperlyConfigured:
        return default


def text(name: str, default: str = "") -> str:
    """A text setting; an empty value counts as not set."""
    return str(setting(name, "") or default)


def outside_allowed() -> bool:
    """The master switch ``FACTCHECK_OUTSIDE``: off means that no service beyond the house is asked.

    Off is the default, so that a demo on a machine without a network never waits for a time-out.
    """
    value = setting("FACTCHECK_OUTSIDE", False)
    if isinstance(value, str):
        return value.strip().lower() in {"1", "true", "yes", "on"}
    return bool(value)


def trusted_origin(service: str) -> str:
    """The origin the operator listed for ``service`` in ``FACTCHECK_TRUSTED_ORIGINS``, or an empty string."""
    origins = setting("FACTCHECK_TRUSTED_ORIGINS", {}) or {}
    return str(origins.get(service, "")).rstrip("/")


def denied_networks() -> tuple[str, ...]:
    """Further networks the operator closes (``FACTCHECK_DENIED_NETWORKS``), such as the desk's own public range."""
    value = setting("FACTCHECK_DENIED_NETWORKS", ()) or ()
    parts: Iterable[str] = value.split(",") if isinstance(value, str) else value
    return tuple(part.strip() for part in parts if part.strip())


def user_agent() -> str:
    """How the desk names itself to other sites (``FACTCHECK_USER_AGENT``); Wikipedia asks for a contact in it."""
    return text("FACTCHECK_USER_AGENT", DEFAULT_USER_AGENT)


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for translation; Django's own marker needs settings while a module is being read."""
    return sentence


def say(sentence: str, **figures: Any) -> str:
    """``sentence`` in the reader's language, with its figures; in English where no settings can be read."""
    known = settings.configured or bool(os.environ.get("DJANGO_SETTINGS_MODULE"))
    translated = gettext(sentence) if known else sentence
    return translated % figures if figures else translated
