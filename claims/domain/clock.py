"""What the desk does by itself when its time has come."""

from __future__ import annotations

import logging

from django.utils import timezone

from claims.domain.transitions import transition
from claims.enums import Action, ClaimStatus
from claims.exceptions import DeskError
from claims.models import Claim

logger = logging.getLogger(__name__)


def publish_due(limit: int = 20) -> int:
    """Publish the reports whose hour has come; how many went out. One that is refused stays scheduled."""
    due = Claim.objects.filter(status=ClaimStatus.SCHEDULED, publish_at__lte=timezone.now()).order_by(
        "publish_at"
    )
    published = 0
    for pk, version in due.values_list("pk", "version")[:limit]:
        try:
            transition(pk, Action.PUBLISH, actor=None, version=version)
            published += 1
        except DeskError as error:
            logger.warning("scheduled report held back", extra={"claim": pk, "why": str(error)})
    return published
