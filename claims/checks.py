"""System checks: the workflow table is closed, every task has a queue, and what a desk in production still lacks."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from claims.domain import wellbeing
from claims.enums import ClaimStatus
from claims.workflow.guards import GUARDS
from claims.workflow.table import TABLE

logger = logging.getLogger(__name__)


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


@register(Tags.security, deploy=True)
def desk_can_be_relied_on(app_configs: Any, **kwargs: Any) -> list[Warning]:
    """The head of the audit trail leaves the house, mail goes out, and the desk does not own its tables."""
    return [Warning(said, hint=remedy, id=name) for name, said, remedy in wellbeing.warnings()]


def say_at_start() -> None:
    """Write into the log what a desk in production still lacks, once for each program that starts."""
    if settings.PRODUCTION:
        for name, said, remedy in wellbeing.warnings():
            logger.warning(said, extra={"check": name, "remedy": remedy})
