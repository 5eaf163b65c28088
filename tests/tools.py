"""Programs that some checks use where they are found; where not, the check is named with the reason."""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import subprocess


def missing() -> dict[str, str]:
    """Name of a tool -> why checks with it are left out here."""
    reasons = {}
    if not (shutil.which("soffice") or shutil.which("libreoffice")):
        reasons["libreoffice"] = "needs LibreOffice (Debian: apt-get install libreoffice-calc)"
    if not shutil.which("qpdf"):
        reasons["qpdf"] = "needs qpdf (Debian: apt-get install qpdf)"
    if not shutil.which("jing"):
        reasons["jing"] = "needs jing (Debian: apt-get install jing); the same grammar is checked by libxml2"
    if not shutil.which("php"):
        reasons["php"] = "needs PHP (Debian: apt-get install php-cli)"
    if not os.environ.get("CHECK_PUBLISHING"):
        reasons["a polling browser"] = "takes minutes on a busy machine: make check-publishing runs it"
    for name, package in (("ar", "fonts-noto-core"), ("zh", "fonts-noto-cjk")):
        if not _writes(name):
            reasons[f"a font for {name}"] = f"needs a font of that script (Debian: apt-get install {package})"
    if importlib.util.find_spec("prov") is None:
        reasons["prov"] = "needs the package prov (pip install prov)"
    if importlib.util.find_spec("weasyprint") is None:
        reasons["weasyprint"] = "needs the extra pdf (pip install plumbline[pdf])"
    return reasons


@functools.cache
def _writes(language: str) -> bool:
    """Whether the machine has a font for this language."""
    if not shutil.which("fc-list"):
        return False
    found = subprocess.run(
        ["fc-list", f":lang={language}", "file"], capture_output=True, text=True, check=False
    )
    return bool(found.stdout.strip())
