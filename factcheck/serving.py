"""How gunicorn serves the desk: ``gunicorn --config python:factcheck.serving factcheck.wsgi:application``.

Every value may be set in the environment. Behind a proxy that buffers, plain processes answer most requests a second
(WEB_THREADS=1). Browsers that connect directly open connections ahead of need and leave them silent; each would
hold a plain process until its timeout, so without a proxy each process has a few threads.
"""

import os
from typing import Any

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "1"))
worker_class = "sync" if threads == 1 else "gthread"
timeout = 60
graceful_timeout = int(os.environ.get("WEB_GRACE_SECONDS", "25"))
keepalive = 5
# A process is replaced now and then, at different times, so that a slow leak never adds up.
max_requests = 20_000
max_requests_jitter = 2_000
# Its heartbeat file is touched every second: never on a disk that may stall.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Once the desk is loaded, the first process says what it still lacks; those after it would only repeat that."""
    if worker.age == 1:
        from claims.checks import say_at_start

        say_at_start()


loglevel = os.environ.get("LOG_LEVEL", "info").lower()
# Its own lines look like all others, and pass the same sieve: a request that cannot be read is quoted in them.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "factcheck.logs.make_formatter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}
    },
    "root": {"level": loglevel.upper(), "handlers": ["console"]},
    "loggers": {
        "gunicorn.error": {"level": loglevel.upper(), "handlers": ["console"], "propagate": False},
        "gunicorn.access": {"level": "WARNING", "handlers": ["console"], "propagate": False},
    },
}
