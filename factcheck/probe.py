"""Asks the web process of this machine how it is: ``python -m factcheck.probe [/healthz | /readyz]``.

Exit code 0 for a 200, else 1 with one line on why. For health checks of containers; needs no Django.
"""

from __future__ import annotations

import http.client
import os
import sys


def ask(path: str, bind: str, allowed_hosts: str) -> str:
    """Empty when ``path`` answers 200, else what came instead."""
    port = int(bind.rpartition(":")[2])
    host = allowed_hosts.split(",")[0].strip().lstrip(".") or "localhost"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": "https"})
        status = connection.getresponse().status
    except OSError as error:
        return f"no answer on port {port}: {error}"
    finally:
        connection.close()
    return "" if status == 200 else f"{path} answered {status}"


if __name__ == "__main__":
    path = sys.argv[1] if len(sys.argv) > 1 else "/healthz"
    problem = ask(path, os.environ.get("WEB_BIND", "127.0.0.1:8000"), os.environ.get("ALLOWED_HOSTS", ""))
    sys.exit(problem or 0)
