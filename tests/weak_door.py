"""A desk whose door looks, then saves, as most desks do: served by ``benchmarks.pairs --break``, which must notice."""

from __future__ import annotations

import os
import time
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
application = get_wsgi_application()

from claims.domain import transitions  # noqa: E402  # only once the applications are set up
from claims.models import Claim  # noqa: E402
from claims.workflow import table  # noqa: E402


def look_then_save(claim_id: int, action: str, **_rest: Any) -> Claim:
    """No version, no transaction, no condition on the write."""
    claim = Claim.objects.get(pk=claim_id)
    row = table.find(action, claim.status)
    assert row is not None
    time.sleep(0.02)  # what gates and guards cost
    Claim.objects.filter(pk=claim_id).update(status=row.target or claim.status, version=claim.version + 1)
    return Claim.objects.select_related("article").get(pk=claim_id)


transitions.transition = look_then_save
