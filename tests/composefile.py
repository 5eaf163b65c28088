"""Reads docker-compose.yml the way Compose does, as far as this file uses it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_]+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


def text() -> str:
    """The file as written."""
    return (ROOT / "docker-compose.yml").read_text(encoding="utf-8")


def services() -> dict[str, dict[str, Any]]:
    """Every service, with the shared parts merged in."""
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(text())["services"]
    return loaded


def example_env() -> dict[str, str]:
    """The names and values of .env.example."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _separator, value in pairs}


def filled(value: str, env: dict[str, str]) -> str:
    """``value`` with its variables put in; a required one that is missing is an error, as in Compose."""

    def put(match: re.Match[str]) -> str:
        found = env.get(match["name"], "")
        if found:
            return found
        if match["kind"] == "?":
            raise KeyError(match["rest"])
        return match["rest"] or ""

    return VARIABLE.sub(put, value)
