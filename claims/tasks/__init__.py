"""Thin Celery tasks: an id comes in, one call into the domain follows."""

from claims.tasks import maintenance, publishing, signals, steps

__all__ = ["maintenance", "publishing", "signals", "steps"]
