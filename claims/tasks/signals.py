"""What a worker does besides tasks: it shows that it lives, and bounds the memory of its processes."""

from __future__ import annotations

import os
import resource
from typing import Any

from celery.signals import heartbeat_sent, task_prerun, worker_process_init, worker_shutdown
from django.conf import settings
from django.db import connection

from claims.domain import workers


@task_prerun.connect
def at_work(task: Any = None, **kwargs: Any) -> None:
    """A process of the pool began a task."""
    hostname = getattr(getattr(task, "request", None), "hostname", None)
    if hostname and not task.request.is_eager:
        workers.seen(hostname)


@heartbeat_sent.connect
def idle(sender: Any = None, **kwargs: Any) -> None:
    """The main process is connected to its broker and has nothing better to do.

    Its connection is closed at once: processes forked later must not inherit it.
    """
    name = getattr(getattr(sender, "eventer", None), "hostname", None)
    if name and workers.seen(name):
        connection.close()


@worker_shutdown.connect
def good_bye(sender: Any = None, **kwargs: Any) -> None:
    """The worker ends by itself."""
    name = getattr(sender, "hostname", None)
    if name:
        workers.gone(name)
        connection.close()


@worker_process_init.connect
def bound_memory(**kwargs: Any) -> None:
    """A step that eats memory gets a MemoryError of its own instead of taking the machine down."""
    limit = settings.STEP_MEMORY_MB * 1024 * 1024
    if limit and os.name == "posix":
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
