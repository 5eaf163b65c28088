"""What the database knows about its own tables, so that it follows the right index."""

from __future__ import annotations

from django.db import connection

# Rows of each index that SQLite looks at: enough to tell a status from a date, and quick on a desk of any size.
ROWS = 1000


def refresh() -> None:
    """Let SQLite look at how the values of its indexes lie.

    It never does so by itself, and without that it may read all claims of a status to find the few that are late.
    PostgreSQL keeps its own statistics (autovacuum).
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {ROWS}")
        cursor.execute("ANALYZE")
