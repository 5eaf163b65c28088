"""Rules that hold across all rooms: who may import whom, who may write a status, how long a file may grow."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted(path for path in (ROOT / "claims").rglob("*.py") if "migrations" not in path.parts)
DOOR = ROOT / "claims" / "domain" / "transitions.py"
MOST_LINES = 500
# Data that people read as a table or a story, and what a program wrote.
MAY_BE_LONG = {
    "uv.lock",
    "tests/browser/vendor",
    "claims/static/claims/vendor",
    "claims/demo/desk",
    "claims/migrations",
    "client/plumbline.py",
}
WRITING = {"create", "update", "get_or_create", "update_or_create", "aupdate", "acreate", "change"}


def test_rooms_import_only_what_is_below_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == 0


def status_writes(source: str) -> Iterator[str]:
    """Places where code sets the status of a row: by assignment, by ``update``, or when it makes the row."""
    for node in ast.walk(ast.parse(source)):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign | ast.AugAssign):
            targets = [node.target]
        for target in targets:
            for part in ast.walk(target):
                if isinstance(part, ast.Attribute) and part.attr == "status":
                    yield f"line {part.lineno}: {ast.unparse(part)} ="
        if isinstance(node, ast.Call):
            yield from _writing_call(node)


def _writing_call(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    sets = {keyword.arg for keyword in call.keywords}
    if name in WRITING | {"Claim"} and "status" in sets:
        yield f"line {call.lineno}: {name}(status=…)"
    texts = {
        part.value
        for part in ast.walk(call)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }
    if name in {"setattr", "bulk_update", "update_or_create"} and "status" in texts:
        yield f"line {call.lineno}: {name}(… 'status' …)"


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_one_file_alone_moves_claims(path: Path) -> None:
    writes = list(status_writes(path.read_text(encoding="utf-8")))
    if path == DOOR:
        assert writes, "the door is somewhere else now"
    elif "integrations" not in path.parts:  # its status is that of an HTTP answer; it cannot import a model
        assert writes == []


@pytest.mark.parametrize(
    "code",
    ["claim.status = 'new'", "a, claim.status = 1, 2", "claim.status: str = 'x'", "rows.filter(pk=1).update(status='x')",
     "Claim.objects.create(status='x')", "Claim(status='x')", "setattr(claim, 'status', 'x')",
     "Claim.objects.bulk_update(rows, ['status'])", "statements.change(Claim, seen, status='x')"],
)  # fmt: skip
def test_every_way_to_write_a_status_is_seen(code: str) -> None:
    assert list(status_writes(code))


@pytest.mark.parametrize("code", ["claim.status == 'new'", "rows.filter(status='new')", "x = claim.status"])
def test_reading_a_status_is_not_writing(code: str) -> None:
    assert not list(status_writes(code))


def _own_files() -> list[Path]:
    """What the repository holds; in a copy without git, what lies in the rooms."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
        )  # fmt: skip
        return [
            path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()
        ]
    rooms = ("claims", "factcheck", "templates", "tests", "benchmarks", "docs")
    return [path for room in rooms for path in (ROOT / room).rglob("*") if path.is_file()]


def test_no_file_is_longer_than_one_can_keep_in_mind() -> None:
    long = {}
    for path in _own_files():
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(tuple(MAY_BE_LONG)):
            continue
        if path.suffix in {".py", ".html", ".css", ".js", ".md", ".toml", ".yml", ".sh", ""}:
            lines = path.read_text(encoding="utf-8", errors="replace").count("\n")
            if lines > MOST_LINES:
                long[name] = lines
    assert long == {}


def test_the_page_on_the_workflow_says_what_the_table_says() -> None:
    call_command("workflow_diagram", check=True)


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
