"""The language in which a report speaks: its fixed words where a catalogue has them, days as that language writes them.

The desk itself speaks English, its public pages what ``SITE_LANGUAGE`` says. A report in another language has its labels
from ``claims/locale``; where there is no catalogue they stay English, and pages say so in ``lang``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from claims.domain.gates import GATES
from claims.publishing.exports.labels import Labels
from claims.steps import registry

ENGLISH = "en"
CATALOGUES = frozenset(settings.SITE_LANGUAGES) - {ENGLISH}


def labels_in(language: str) -> str:
    """The language that the labels of a report in ``language`` are in."""
    base = language.replace("_", "-").split("-")[0].lower()
    return base if base in CATALOGUES else ENGLISH


def fallback(language: str) -> str:
    """``en`` where the labels are English though the report is not; else empty."""
    base = language.replace("_", "-").split("-")[0].lower()
    return ENGLISH if base != ENGLISH and base not in CATALOGUES else ""


def frame(language: str) -> str:
    """The language of a page around a report: the report's own where its labels are in it, else English."""
    return fallback(language) or language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Words and days are those of a report in this language meanwhile."""
    chosen = labels_in(language)
    with translation.override(settings.LANGUAGE_CODE if chosen == ENGLISH else chosen):
        yield


def now() -> str:
    """The language that is spoken now, as pages name it."""
    return labels_in(translation.get_language() or ENGLISH)


def day(value: date | None) -> str:
    """A day in words; empty for none."""
    if not value:
        return ""
    return date_format(value, "j F Y" if now() == ENGLISH else "DATE_FORMAT")


def in_english(words: object) -> str:
    """A name in the words that catalogues know it by, whatever is spoken now: what is frozen stays the same for all."""
    with translation.override(None):
        return str(words)


def within(words: str) -> str:
    """A label as it stands within a sentence; the capitals of nouns in German are no beginnings and stay."""
    return words[:1].lower() + words[1:]


def name(words: str) -> str:
    """The name of a step or gate, frozen in English, in the language that is spoken now; English where it has none."""
    return _(words) if words else ""


def _gates() -> dict[str, str]:
    return {gate.key: str(gate.label) for gate in GATES}


def _steps() -> dict[str, str]:
    english = [in_english(step.label) for step in registry.claim_steps()]
    return {words: name(words) for words in english if name(words) != words}


def labels(language: str) -> Labels:
    """The fixed words of files that are made of a report."""
    with speaking(language):
        return Labels(
            claim=_("The claim"),
            read_as=_("How it was read"),
            verdict=_("Verdict"),
            withdrawn=_("Withdrawn"),
            scale=_("What the word means"),
            short=_("If your time is short"),
            why_checked=_("Why we checked this"),
            evidence=_("Evidence"),
            reply=_("What the claimant says"),
            not_established=_("What we could not establish"),
            how_checked=_("How we checked"),
            conclusion=_("Conclusion"),
            sources=_("Sources"),
            archived=_("archived copy"),
            own_copy=_("copy held by the desk, SHA-256"),
            no_copy=_("no copy"),
            accessed=_("accessed"),
            interests=_("interests"),
            who=_("Who did this"),
            author=_("Checked by"),
            second_reader=_("Second reader"),
            methodology=_("Methodology version"),
            exceptions=_("Rules set aside"),
            history=_("History"),
            version=_("Version"),
            permalink=_("Permanent address"),
            back=_("Back to the text"),
            stances={
                "supports": _("supports the claim"),
                "undermines": _("undermines the claim"),
                "context": _("gives context"),
            },
            kinds={"primary": _("primary source"), "secondary": _("secondary source"), "expert": _("expert")},
            gates=_gates(),
            steps=_steps(),
            changes={
                "first": _("published"),
                "typo": _("typing error mended"),
                "update": _("update"),
                "clarification": _("clarification"),
                "correction": _("correction"),
                "verdict_change": _("verdict changed"),
                "retraction": _("withdrawn"),
            },
        )
