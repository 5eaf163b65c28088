"""Speakers: one for each name, however its spaces and capitals are written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

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


def find_or_make_all(names: Iterable[tuple[str, str]]) -> dict[str, Speaker]:
    """The speakers of many names with their roles, by ``key_of`` the name, in three statements; empty names have none."""
    wanted: dict[str, Speaker] = {}
    for name, role in names:
        clean = " ".join(name.split())[:300]
        if clean:
            wanted.setdefault(key_of(clean), Speaker(name=clean, key=key_of(clean), role=role[:300]))
    found = _with_keys(wanted)
    missing = [speaker for key, speaker in wanted.items() if key not in found]
    if missing:  # made by somebody else at the same moment, theirs is taken
        Speaker.objects.bulk_create(missing, ignore_conflicts=True)
        found |= _with_keys(speaker.key for speaker in missing)
    return found


def _with_keys(keys: Iterable[str]) -> dict[str, Speaker]:
    return {speaker.key: speaker for speaker in Speaker.objects.filter(key__in=list(keys))}
