"""The stories use the same browser as the browser tests."""

from tests.browser.conftest import CHROMIUM, REQUIRED, chromium, one_at_a_time

collect_ignore_glob = [] if CHROMIUM or REQUIRED else ["test_*.py"]

__all__ = ["chromium", "one_at_a_time"]
