"""What the strict policy of the desk asks of templates, scripts and vendored files."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.template import engines
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STATIC = ROOT / "claims" / "static" / "claims"
VENDOR = STATIC / "vendor"
OWN_SCRIPTS = sorted(STATIC.glob("*.js"))

FORBIDDEN = {
    "a style in the markup": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "a script in the page": r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)",
    "a handler in the markup": r"\son(?:click|change|submit|load|input|key\w+|mouse\w+)\s*=",
    "htmx's own handlers": r"hx-on\b",
    "values by script": r"js:",
    "a trigger with a filter, which htmx ignores without eval": r"hx-trigger=\"[^\"]*\[",
    "markup let through unescaped": r"\|safe\b|autoescape off",
    "a file from elsewhere": r"(?:src|href)=\"(?:https?:)?//",
    "an address that runs": r"javascript:",
}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_templates_hold_nothing_that_the_policy_forbids(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text, re.IGNORECASE)]
    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_templates_can_be_read(path: Path) -> None:
    assert get_template(str(path.relative_to(ROOT / "templates")))


def test_the_patterns_catch_what_they_name() -> None:
    samples = [
        '<p style="x">', "<style>", "<script>alert(1)</script>", '<a onclick="x">', '<p hx-on:click="x">',
        "hx-vals='js:{a:1}'", 'hx-trigger="click[1==2]"', "{{ x|safe }}", '<img src="//cdn.example/x">',
        '<a href="javascript:x">',
    ]  # fmt: skip
    for sample, pattern in zip(samples, FORBIDDEN.values(), strict=True):
        assert re.search(pattern, sample, re.IGNORECASE), sample
    assert not re.search(FORBIDDEN["a script in the page"], '<script type="application/json">', re.IGNORECASE)


def test_every_icon_named_in_a_template_is_drawn() -> None:
    sprite = ElementTree.parse(STATIC / "icons.svg").getroot()  # our own file
    drawn = {symbol.get("id") for symbol in sprite}
    named = set()
    for path in TEMPLATES:
        named |= set(re.findall(r'{%\s*icon "([\w-]+)"\s*[%\w]', path.read_text(encoding="utf-8")))
    assert len(named) > 10
    assert named - drawn == set()


def test_every_status_and_every_place_on_the_scale_has_its_sign() -> None:
    from claims.enums import ClaimStatus

    text = (STATIC / "icons.svg").read_text(encoding="utf-8")
    for status in ClaimStatus:
        assert f'id="s-{status}"' in text
    for place in ("true", "mostly-true", "half-true", "mostly-false", "false", "off"):
        assert f'id="v-{place}"' in text


@pytest.mark.parametrize("path", OWN_SCRIPTS, ids=_name)
def test_own_scripts_are_short_and_leave_no_globals(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 150
    code = "\n".join(line for line in text.splitlines() if not line.startswith("//")).strip()
    assert code.removeprefix('"use strict";').lstrip().startswith("(() => {")
    assert code.endswith("})();")
    assert not re.search(
        r"\beval\(|new Function|innerHTML\s*=|document\.write|localStorage|sessionStorage", text
    )


@pytest.mark.parametrize("sheet", sorted([*STATIC.glob("*.css"), *STATIC.glob("*.svg")]), ids=_name)
def test_sheets_load_nothing_from_elsewhere(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    assert not re.search(r"url\(\s*[\"']?(?:https?:|//|data:)", text)


@pytest.mark.parametrize(
    "sums", sorted([*VENDOR.rglob("SHA256SUMS"), *(ROOT / "tests").rglob("SHA256SUMS")]), ids=_name
)
def test_vendored_files_are_what_their_checksums_say(sums: Path) -> None:
    lines = [line.split(maxsplit=1) for line in sums.read_text(encoding="utf-8").splitlines() if line.strip()]
    listed = {name.strip().lstrip("*"): digest for digest, name in lines}
    lying = {path.name for path in sums.parent.iterdir() if path.is_file()} - {"SHA256SUMS", "README.md"}
    assert lying == set(listed)
    for name, digest in listed.items():
        assert hashlib.sha256((sums.parent / name).read_bytes()).hexdigest() == digest, name


def test_vendored_files_name_no_source_map() -> None:
    files = [
        *VENDOR.rglob("*.js"),
        *VENDOR.rglob("*.css"),
        *(ROOT / "tests" / "browser" / "vendor").glob("*.js"),
    ]
    assert len(files) >= 3
    for path in files:
        assert "sourceMappingURL" not in path.read_text(encoding="utf-8"), path.name


def test_every_vendored_folder_is_in_the_list_with_its_licence() -> None:
    listed = (VENDOR / "README.md").read_text(encoding="utf-8")
    for folder in (path for path in VENDOR.iterdir() if path.is_dir()):
        assert f"## {folder.name}/" in listed
        assert list(folder.glob("LICENSE*")) or list(folder.glob("OFL*")), folder.name


def test_the_engine_escapes_by_itself() -> None:
    assert engines["django"].from_string("{{ x }}").render({"x": "<b>"}) == "&lt;b&gt;"
