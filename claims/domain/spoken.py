"""The language in which a report speaks: its fixed words where a catalogue has them, days as that language writes them.

The desk itself speaks English. A report in another language has its labels from ``claims/locale``; where there is no
catalogue they stay English, and pages say so in ``lang``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format

CATALOGUES = frozenset({"ar", "de", "es", "fr", "pt"})
ENGLISH = "en"


def labels_in(language: str) -> str:
    """The language that the labels of a report in ``language`` are in."""
    base = language.replace("_", "-").split("-")[0].lower()
    return base if base in CATALOGUES else ENGLISH


def fallback(language: str) -> str:
    """``en`` where the labels are English though the report is not; else empty."""
    base = language.replace("_", "-").split("-")[0].lower()
    return ENGLISH if base != ENGLISH and base not in CATALOGUES else ""


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Words and days are those of a report in this language meanwhile."""
    chosen = labels_in(language)
    with translation.override(settings.LANGUAGE_CODE if chosen == ENGLISH else chosen):
        yield


def day(value: date | None) -> str:
    """A day in words; empty for none."""
    if not value:
        return ""
    english = (translation.get_language() or ENGLISH).startswith(ENGLISH)
    return date_format(value, "j F Y" if english else "DATE_FORMAT")
