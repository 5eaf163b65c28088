"""What stands in a web process for its whole life is not walked again and again."""

from __future__ import annotations

import gc

from factcheck import heap


def test_what_stands_from_the_start_is_out_of_the_collectors_sight() -> None:
    before = gc.get_freeze_count()
    try:
        heap.settle()
        assert gc.get_freeze_count() > before + 50_000
        assert len(gc.get_objects()) < 50_000
    finally:
        gc.unfreeze()
