"""Role, relation, status, action, channel: a sample of the cells that ``benchmarks/permissions.py`` asks in full."""

from __future__ import annotations

import os

import pytest
from django.contrib.auth.models import User

from tests import matrix

ONE_IN = int(os.environ.get("PERMISSIONS_ONE_IN", "60"))


@pytest.mark.django_db
def test_each_cell_answers_as_the_tables_say(editor: User, reviewer: User, second_reader: User) -> None:
    asked, wrong = matrix.check(matrix.Stage(editor, reviewer, second_reader), ONE_IN)
    assert wrong == {}, f"{len(wrong)} of {asked}"
    assert asked


def test_the_sample_reaches_every_status_person_and_act() -> None:
    sample = [cell for cell in matrix.cells() if cell.in_sample(60)]
    everything = list(matrix.cells())
    for name in ("person", "status", "act", "channel"):
        assert {getattr(cell, name) for cell in sample} == {getattr(cell, name) for cell in everything}
