"""Runs a reader in a child process and waits for it no longer than allowed."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from claims.integrations.readers.found import Found, NotRead

WALL_SECONDS = 12.0
_CHILD = Path(__file__).with_name("child.py")


def read(kind: str, content: bytes, url: str = "", *, seconds: float | None = None) -> Found:
    """``content`` read as ``kind`` (pdf or html) in a child process; ``url`` is where a page came from.

    Raises ``NotRead``: the reader's own reason, or ``too_hard`` when the child hit its limit on memory, on
    processor time, or ``seconds`` (12) of waiting.
    """
    command = [sys.executable, "-I", str(_CHILD), kind, url]
    environment = {"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - our own script, no shell; the one outside value is data to it
            command,
            input=content,
            capture_output=True,
            timeout=seconds or WALL_SECONDS,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotRead("too_hard") from None
    try:
        answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {"code": "too_hard"}
    except ValueError:
        answer = {"code": "too_hard"}
    if "found" not in answer:
        raise NotRead(str(answer.get("code", "broken")), str(answer.get("kind", "")))
    found = Found(**answer["found"])
    return replace(found, warnings=tuple(found.warnings))  # JSON knows no tuples
