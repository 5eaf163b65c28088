"""Words of claims, speakers, articles and sources are found by an index of their three-letter pieces.

On SQLite each table gets an FTS5 table beside it that holds no text of its own, kept by triggers (**a later migration
that rebuilds one of these tables drops its triggers: run ``make`` again there**). On PostgreSQL the same is four
GIN indexes of the extension pg_trgm. Where a database has neither, nothing is made, and searches read every row.
"""

from __future__ import annotations

import sys
from typing import Any

from django.db import migrations
from django.db.utils import OperationalError

SEARCHED = {
    "claims_claim": ("text", "restated"),
    "claims_speaker": ("name",),
    "claims_article": ("title",),
    "claims_evidence": ("title", "publisher", "quote", "note"),
}
MAY_EXTEND = (
    "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'), "
    "EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm') "
    "AND has_database_privilege(current_database(), 'CREATE')"
)


def _index(table: str) -> str:
    return f"search_{table.removeprefix('claims_')}"


def _sqlite(table: str, columns: tuple[str, ...]) -> list[str]:
    index, names = _index(table), ", ".join(columns)
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    add = f"INSERT INTO {index} (rowid, {names}) VALUES (NEW.id, {new});"
    remove = f"INSERT INTO {index} ({index}, rowid, {names}) VALUES ('delete', OLD.id, {old});"
    return [
        f"CREATE TRIGGER IF NOT EXISTS {index}_added AFTER INSERT ON {table} BEGIN {add} END",
        f"CREATE TRIGGER IF NOT EXISTS {index}_removed AFTER DELETE ON {table} BEGIN {remove} END",
        f"CREATE TRIGGER IF NOT EXISTS {index}_changed AFTER UPDATE OF {names} ON {table} BEGIN {remove} {add} END",
        f"INSERT INTO {index} ({index}) VALUES ('rebuild')",
    ]


def _on_sqlite(schema_editor: Any) -> None:
    for table, columns in SEARCHED.items():
        try:
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS {_index(table)} USING fts5({', '.join(columns)}, "
                f"content='{table}', content_rowid='id', tokenize='trigram')",
                params=None,
            )
        except OperationalError as fault:
            if "no such module" not in str(fault) and "no such tokenizer" not in str(fault):
                raise
            sys.stderr.write(
                "This SQLite has no trigram index (FTS5, 3.34 or later): searches read every claim.\n"
            )
            return
        for statement in _sqlite(table, columns):
            schema_editor.execute(statement, params=None)


def _on_postgresql(schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(MAY_EXTEND)
        there, possible = cursor.fetchone()
    if not there and not possible:
        sys.stderr.write(
            "The extension pg_trgm is not there and may not be made here: searches read every claim. "
            "docs/operations.md says how to add it.\n"
        )
        return
    if not there:
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm", params=None)
    for table, columns in SEARCHED.items():
        pieces = ", ".join(f'UPPER("{column}"::text) gin_trgm_ops' for column in columns)
        schema_editor.execute(
            f"CREATE INDEX IF NOT EXISTS {_index(table)} ON {table} USING gin ({pieces})", params=None
        )


def make(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        _on_sqlite(schema_editor)
    else:
        _on_postgresql(schema_editor)


def drop(apps: Any, schema_editor: Any) -> None:
    for table in SEARCHED:
        if schema_editor.connection.vendor == "sqlite":
            for moment in ("added", "removed", "changed"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {_index(table)}_{moment}", params=None)
            schema_editor.execute(f"DROP TABLE IF EXISTS {_index(table)}", params=None)
        else:
            schema_editor.execute(f"DROP INDEX IF EXISTS {_index(table)}", params=None)


class Migration(migrations.Migration):
    dependencies = [("claims", "0031_status_worth_who")]
    operations = [migrations.RunPython(make, drop)]
