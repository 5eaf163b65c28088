"""A reader in a process of its own, with its own limits on memory and time.

Started by ``sandbox`` as a plain script, in isolated mode: ``python -I child.py pdf URL``; the document comes on
standard input, JSON goes to standard output. The limits are set before any parser is loaded. After loading,
opening connections and starting programs is switched off by an audit hook: a parser has no need of either.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path

MEMORY_BYTES = 640 * 1024 * 1024
CPU_SECONDS = 10
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "ctypes.dlopen")


def limit() -> None:
    """Bounds that the kernel keeps, whatever the parser does."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refuse(event: str, arguments: object) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)


def main(kind: str, url: str) -> dict[str, object]:
    """Read standard input as ``kind`` (pdf or html) and say what was found."""
    from claims.integrations.readers.found import NotRead

    content = sys.stdin.buffer.read()
    try:
        if kind == "pdf":
            from claims.integrations.readers import pdf

            sys.addaudithook(_refuse)
            return {"found": asdict(pdf.read(content))}
        from claims.integrations.readers import html

        sys.addaudithook(_refuse)
        return {"found": asdict(html.read(content.decode("utf-8", "replace"), url))}
    except NotRead as error:
        return {"code": error.code, "kind": error.kind}
    except (MemoryError, RecursionError):
        return {"code": "too_hard"}
    except Exception:  # whatever a hostile file provokes in a parser means the same to a reader
        return {"code": "broken", "kind": kind.upper()}


if __name__ == "__main__":
    limit()
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    answer = main(sys.argv[1], sys.argv[2])
    sys.stdout.write(json.dumps(answer))
