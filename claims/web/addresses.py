"""Addresses of claims for long lists: reversing each by itself took a third of the board's time."""

from __future__ import annotations

from functools import lru_cache

from django.urls import reverse


def of_claim(name: str, pk: int, action: str = "") -> str:
    """The address ``name`` of claim ``pk``; for ``move`` with its action, for ``claim-cell`` with its field."""
    return _shape(name, bool(action)).replace("/0/", f"/{pk}/", 1).replace("/-/", f"/{action}/", 1)


@lru_cache(maxsize=16)
def _shape(name: str, with_action: bool) -> str:
    return reverse(name, args=[0, "-"] if with_action else [0])
