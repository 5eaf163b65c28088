"""The whole database as text, to search it for what must not be there."""

from __future__ import annotations

from django.db import connection


def every_row() -> str:
    """Every row of every table as text."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            texts.append(repr(cursor.fetchall()))
    return "\n".join(texts)
