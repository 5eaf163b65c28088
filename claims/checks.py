"""System checks: the workflow table is closed, and every task has a queue that a worker listens to."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from claims.enums import ClaimStatus
from claims.workflow.guards import GUARDS
from claims.workflow.table import TABLE


@register()
def workflow_is_closed(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Every status can be reached from ``new``; every guard named in the table exists."""
    problems: list[Error] = []
    reached = {ClaimStatus.NEW}
    for _round in ClaimStatus:
        reached |= {row.target for row in TABLE if row.target and reached & set(row.sources)}
    for status in set(ClaimStatus) - reached:
        problems.append(Error(f"No way leads from new to {status}.", id="claims.E001"))
    for row in TABLE:
        for guard in row.guards:
            if guard not in GUARDS:
                problems.append(Error(f"{row.action} names the unknown guard {guard}.", id="claims.E002"))
    return problems


@register()
def tasks_have_queues(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A task without a route, or on a queue that nobody listens to, would never run."""
    from celery import current_app

    routes = {name: route["queue"] for name, route in settings.CELERY_TASK_ROUTES.items()}
    return [
        Error(
            f"Task {name} goes to the queue {routes.get(name)!r}, which no worker serves.", id="claims.E003"
        )
        for name in current_app.tasks
        if name.startswith("claims.") and routes.get(name) not in settings.FACTCHECK_QUEUES
    ]
