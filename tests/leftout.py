"""Tests that need a program of the system: run where it is found, named with the reason where it is not.

A left-out test is never silent: the last lines of the run say which and why. ``REQUIRE_BROWSER=1`` and
``REQUIRE_SERVICES=1`` make a missing program an error, so that a test machine cannot pass by lacking it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests import tools
from tests.deploy import services


def chromium() -> str | None:
    """Path of the browser that the browser tests drive."""
    return os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


def vnu() -> str | None:
    """Path of the W3C's validator, where a Java is here to run it."""
    places = [os.environ.get("VNU_JAR", ""), "node_modules/vnu-jar/build/dist/vnu.jar"]
    return (
        next((path for path in places if path and Path(path).is_file()), None)
        if shutil.which("java")
        else None
    )


def reasons() -> dict[str, str]:
    """Marker -> why tests with it cannot run here."""
    found = {}
    if chromium() is None:
        found["browser"] = (
            "Chromium was not found (Debian: apt-get install chromium; or set CHROMIUM to its path)"
        )
    if vnu() is None:
        found["vnu"] = "java or vnu.jar was not found (npm install vnu-jar; or set VNU_JAR to its path)"
    if not asked_for("PROOFS"):
        found["proof"] = (
            "they show for a minute that the short races notice a broken build (make prove runs them)"
        )
    if absent := services.missing():
        found["services"] = f"{absent} not found (Debian: apt-get install postgresql redis-server)"
    return found


def asked_for(name: str) -> bool:
    """Whether the environment switches something on."""
    return os.environ.get(name, "") not in {"", "0"}


def pytest_configure(config: pytest.Config) -> None:
    """Stop at once where a program is required and missing."""
    for marker, why in reasons().items():
        if asked_for(f"REQUIRE_{marker.upper()}"):
            raise pytest.UsageError(f"REQUIRE_{marker.upper()} is set, but {why}.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out what cannot run here."""
    absent = reasons()
    out = [
        item for item in items if any(item.get_closest_marker(marker) for marker in absent) or lacking(item)
    ]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]


def lacking(item: pytest.Item) -> str:
    """Why a test marked ``tool(name)`` cannot run here; empty where it can."""
    absent = tools.missing()
    needed = [mark.args[0] for mark in item.iter_markers("tool")]
    return next((f"{name} {absent[name]}" for name in needed if name in absent), "")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out, and why."""
    for marker, why in reasons().items():
        terminalreporter.write_line(f"Left out: {marker} tests, because {why}.")
    for name, why in tools.missing().items():
        terminalreporter.write_line(f"Left out: checks with {name}, which {why}.")
