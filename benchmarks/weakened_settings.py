"""Settings of ``benchmarks.weakened``: a test database that stays from one weakened build to the next."""

from __future__ import annotations

import os

from factcheck.settings import *  # noqa: F403  # all of them, and one more
from factcheck.settings import DATABASES

DATABASES["default"]["TEST"] = {"NAME": os.environ.get("WEAKENED_DATABASE") or None}
