"""What a web process keeps for its whole life is put out of the garbage collector's sight."""

from __future__ import annotations

import gc

from django.urls import get_resolver


def settle() -> None:
    """Load every page's code, then freeze what is there.

    A full collection walks all objects: some 250,000 of them stand from the start and stay, and now and then a page waited
    a tenth of a second for that walk. See ``gc.freeze`` in Python's documentation.
    """
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
