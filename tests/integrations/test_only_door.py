"""No other module may open a connection: whatever fetches goes through the guarded client."""

from __future__ import annotations

import ast
from pathlib import Path

import claims

ROOT = Path(claims.__file__).parent
DOOR = ROOT / "integrations" / "http.py"
NETWORK = {
    *(
        "socket",
        "ssl",
        "http.client",
        "urllib.request",
        "urllib3",
        "requests",
        "httpx",
        "httpcore",
        "aiohttp",
    ),
    *(
        "ftplib",
        "telnetlib",
        "smtplib",
        "poplib",
        "imaplib",
        "xmlrpc.client",
        "asyncio",
        "pycurl",
        "websockets",
    ),
    *("trafilatura.downloads", "socketserver", "http.server"),
}
FETCHING = {"fetch_url", "fetch_response", "urlopen", "urlretrieve", "create_connection", "getaddrinfo"}


def _imports(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def _called(tree: ast.AST) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def doors(root: Path) -> dict[str, set[str]]:
    """Files under ``root`` that could open a connection, and by what."""
    found = {}
    for path in root.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        used = (_imports(tree) & NETWORK) | (_called(tree) & FETCHING)
        if used and path != DOOR:
            found[str(path.relative_to(root))] = used
    return found


def test_the_guarded_client_is_the_only_door() -> None:
    # Management commands that start the demo's own processes may look for a free local port.
    others = {name: used for name, used in doors(ROOT).items() if not name.startswith("management/")}
    assert others == {}


def test_a_second_door_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("from urllib.request import urlopen\n", encoding="utf-8")
    (tmp_path / "b.py").write_text("import trafilatura\ntrafilatura.fetch_url('x')\n", encoding="utf-8")
    (tmp_path / "c.py").write_text("import http.client\n", encoding="utf-8")
    assert set(doors(tmp_path)) == {"a.py", "b.py", "c.py"}


def test_this_room_imports_no_models() -> None:
    for path in (ROOT / "integrations").rglob("*.py"):
        imported = {
            name
            for name in _imports(ast.parse(path.read_text(encoding="utf-8")))
            if name.startswith("claims")
        }
        allowed = ("claims.integrations", "claims.enums", "claims.exceptions")
        assert all(name.startswith(allowed) for name in imported), path
