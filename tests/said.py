"""What readers are told: every sentence of the public site's templates, and of the Python behind them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
_TEMPLATES = ROOT / "templates"
_FIRST = ("400", "403_csrf", "404", "500", "503", "errors/alone", "errors/refused", "partials/_downloads")
# Frames and parts that these name and that only people of the desk see.
_INSIDE = {"base.html"}
_NAMED = re.compile(r'{%\s*(?:include|extends)\s+"([^"]+)"')
_SAID = re.compile(
    r"""n?gettext\(u?'((?:[^'\\]|\\.)*)'|n?gettext\(u?"((?:[^"\\]|\\.)*)"|_\(['"](.*?)['"]\)"""
)
_CALLS = {"_", "_lazy", "ngettext", "gettext", "gettext_lazy"}
# Modules of which readers see every sentence; what only the desk sees of others is named in TO_THE_DESK.
MODULES = (
    "claims/web/views/public.py", "claims/web/views/sharing.py", "claims/web/views/feeds.py",
    "claims/web/views/downloads.py", "claims/web/public_report.py", "claims/web/problems.py", "claims/web/middleware.py",
    "claims/templatetags/public_tags.py", "claims/templatetags/reuse_tags.py", "claims/domain/listing.py",
    "claims/domain/report_files.py", "claims/domain/spoken.py",
)  # fmt: skip
TO_THE_DESK = {
    # Halves of pages that a reader's half stands beside.
    "All claims", "It is now", "Nothing was changed. What is missing:",
    "There is no page at this address. Check it for a slip of the pen, or look for the claim in the list.",
    # What the middleware answers behind the log-in.
    "Log in", "You are logged out. Copy what you have typed, then log in again.",
    "Your role needs a second step at the log-in. Set it up under Your account.",
    "Your role needs a second step at the log-in. Copy what you have typed, then set it up.", "Your account",
    "Your role on this desk does not allow this. Ask an editor.",
}  # fmt: skip


def templates() -> list[Path]:
    """Every template of a public page, and what these are made of."""
    todo = [*_TEMPLATES.glob("public/*.html"), *(_TEMPLATES / f"{name}.html" for name in _FIRST)]
    found: set[Path] = set()
    while todo:
        path = todo.pop()
        if path not in found:
            found.add(path)
            named = set(_NAMED.findall(path.read_text(encoding="utf-8"))) - _INSIDE
            todo += [_TEMPLATES / name for name in named]
    return sorted(found)


def by_template(text: str) -> set[str]:
    """The sentences that a template asks to be translated."""
    return {next(filter(None, parts)).replace("\\'", "'") for parts in _SAID.findall(templatize(text))}


def by_code(text: str) -> set[str]:
    """The sentences that a module asks to be translated."""
    return {
        call.args[0].value
        for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _CALLS
        and call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }  # fmt: skip


def to_readers() -> set[str]:
    """All of them."""
    found: set[str] = set()
    for path in templates():
        found |= by_template(path.read_text(encoding="utf-8"))
    for name in MODULES:
        found |= by_code((ROOT / name).read_text(encoding="utf-8"))
    assert found > TO_THE_DESK, "a sentence that nobody says any more"
    return found - TO_THE_DESK
