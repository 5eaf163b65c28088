"""``manage.py`` with the test steps known to it, for sweepers started by tests."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    import django

    django.setup()
    from claims.steps import registry
    from tests.steps import breakages, kinds

    for kind in kinds.ALL:
        registry.register(kind)
    breakages.apply(os.environ.get("FACTCHECK_TEST_BREAK", ""))
    execute_from_command_line(["manage.py", *sys.argv[1:]])
