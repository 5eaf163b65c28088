"""One JSON line per event, UTC, with control characters escaped by JSON itself."""

from __future__ import annotations

import structlog


def make_formatter() -> structlog.stdlib.ProcessorFormatter:
    """The formatter for every handler: message, extras, time, level, logger and, where there is one, the fault."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.stdlib.ExtraAdder(),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
    )
