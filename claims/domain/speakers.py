"""Speakers: one for each name, however its spaces and capitals are written."""

from __future__ import annotations

import unicodedata

from claims.models import Speaker


def key_of(name: str) -> str:
    """What makes two spellings the same speaker: compatibility form, one space, no case."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:300]


def find_or_make(name: str, role: str = "") -> Speaker | None:
    """The speaker of this name; None for an empty one."""
    clean = " ".join(name.split())[:300]
    if not clean:
        return None
    speaker, _made = Speaker.objects.get_or_create(
        key=key_of(clean), defaults={"name": clean, "role": role[:300]}
    )
    return speaker
