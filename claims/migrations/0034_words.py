"""Kept copies and articles are found by the words of their texts.

On SQLite an FTS5 table of words beside each, which holds no text of its own and is kept by triggers (**a later
migration that rebuilds one of these tables drops its triggers: run ``make`` again there**). On PostgreSQL a GIN index
over the words; of a text with more of them than PostgreSQL takes, the first 200,000 characters. It is asked by a function
for each table, with the planner's other ways closed: to the planner a row looks small whose text lies elsewhere, and it
would rather read every text than trust an estimate of how many hold a word.
"""

from __future__ import annotations

import sys
from typing import Any

from django.db import migrations
from django.db.utils import OperationalError

TABLES = ("claims_snapshot", "claims_article")
FUNCTION = """
CREATE OR REPLACE FUNCTION claims_words(held text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN to_tsvector('pg_catalog.simple'::regconfig, held);
EXCEPTION WHEN program_limit_exceeded THEN
    RETURN to_tsvector('pg_catalog.simple'::regconfig, left(held, 200000));
END $$
"""
ASKING = """
CREATE OR REPLACE FUNCTION {index}_holding(asked text) RETURNS SETOF bigint LANGUAGE sql STABLE
SET enable_seqscan = off SET enable_indexscan = off SET jit = off AS $$
    SELECT id FROM {table} WHERE claims_words(text) @@ to_tsquery('pg_catalog.simple'::regconfig, asked)
$$
"""


def _index(table: str) -> str:
    return f"words_{table.removeprefix('claims_')}"


def _on_sqlite(schema_editor: Any) -> None:
    for table in TABLES:
        index = _index(table)
        try:
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS {index} USING fts5(text, content='{table}', content_rowid='id', "
                'detail=none, tokenize="unicode61 remove_diacritics 2")',
                params=None,
            )
        except OperationalError as fault:
            if "no such module" not in str(fault):
                raise
            sys.stderr.write("This SQLite has no FTS5: searches read every text.\n")
            return
        add = f"INSERT INTO {index} (rowid, text) VALUES (NEW.id, NEW.text);"
        remove = f"INSERT INTO {index} ({index}, rowid, text) VALUES ('delete', OLD.id, OLD.text);"
        for statement in (
            f"CREATE TRIGGER IF NOT EXISTS {index}_added AFTER INSERT ON {table} BEGIN {add} END",
            f"CREATE TRIGGER IF NOT EXISTS {index}_removed AFTER DELETE ON {table} BEGIN {remove} END",
            f"CREATE TRIGGER IF NOT EXISTS {index}_changed AFTER UPDATE OF text ON {table} BEGIN {remove} {add} END",
            f"INSERT INTO {index} ({index}) VALUES ('rebuild')",
        ):
            schema_editor.execute(statement, params=None)


def make(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        _on_sqlite(schema_editor)
        return
    schema_editor.execute(FUNCTION, params=None)
    for table in TABLES:
        schema_editor.execute(
            f"CREATE INDEX IF NOT EXISTS {_index(table)} ON {table} USING gin (claims_words(text))",
            params=None,
        )
        schema_editor.execute(ASKING.format(index=_index(table), table=table), params=None)


def drop(apps: Any, schema_editor: Any) -> None:
    for table in TABLES:
        index = _index(table)
        if schema_editor.connection.vendor == "sqlite":
            for moment in ("added", "removed", "changed"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {index}_{moment}", params=None)
            schema_editor.execute(f"DROP TABLE IF EXISTS {index}", params=None)
        else:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {index}_holding(text)", params=None)
            schema_editor.execute(f"DROP INDEX IF EXISTS {index}", params=None)
    if schema_editor.connection.vendor != "sqlite":
        schema_editor.execute("DROP FUNCTION IF EXISTS claims_words(text)", params=None)


class Migration(migrations.Migration):
    dependencies = [("claims", "0033_topics_and_priorities")]
    operations = [migrations.RunPython(make, drop)]
