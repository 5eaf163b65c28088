"""What every move and every long list runs, composed once: rows by their ids, one conditional UPDATE, one INSERT.

Django composes a statement anew each time, which takes several times longer than the database needs to run it. Values
pass through the model's own fields in both directions, so rows are what the ORM would read and write on either engine.
Nothing else is meant to be done here: no signals (the desk has none), no defaults of the database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


@cache
def _select(model: type[models.Model], vendor: str) -> tuple[str, list[str], list[tuple[int, Any, Any]]]:
    """The statement, the names of its columns, and what turns the engine's values into the model's."""
    compiler = model._base_manager.filter(pk=0).query.get_compiler(connection.alias)
    sql, _params = compiler.as_sql()
    columns = [column for column, *_rest in compiler.select]
    converters = [(place, *pair) for place, pair in compiler.get_converters(columns).items()]
    return sql, [column.target.attname for column in columns], converters


def one(model: type[M], pk: int) -> M | None:
    """The row with this id, with no other row joined; None where there is none."""
    sql, names, converters = _select(model, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, [pk])
        found = cursor.fetchone()
    if found is None:
        return None
    values = list(found)
    for place, functions, expression in converters:
        for function in functions:
            values[place] = function(values[place], expression, connection)
    return model.from_db(connection.alias, names, values)


@cache
def _list(
    model: type[models.Model], vendor: str, columns: tuple[str, ...]
) -> tuple[str, list[tuple[int, Any, Any]]]:
    rows = model._base_manager.filter(pk__in=[0]).order_by().values_list(*columns)
    compiler = rows.query.get_compiler(connection.alias)
    sql, _params = compiler.as_sql()
    selected = [column for column, *_rest in compiler.select]
    return sql, [(place, *pair) for place, pair in compiler.get_converters(selected).items()]


def columns_of(
    model: type[models.Model], columns: tuple[str, ...], ids: Sequence[int]
) -> list[tuple[Any, ...]]:
    """``values_list(*columns)`` of the rows with these ids, in no order; ``columns`` may lead to other tables."""
    if not ids:
        return []
    sql, converters = _list(model, connection.vendor, columns)
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("IN (%s)", f"IN ({marks})"), list(ids))
        found = [list(row) for row in cursor.fetchall()]
    for place, functions, expression in converters:
        for row in found:
            for function in functions:
                row[place] = function(row[place], expression, connection)
    return [tuple(row) for row in found]


@cache
def _update(
    model: type[models.Model], vendor: str, where: tuple[str, ...], names: tuple[str, ...]
) -> tuple[str, list[Any]]:
    fields: list[Any] = [model._meta.get_field(name) for name in (*names, *where)]
    columns = [f"{connection.ops.quote_name(field.column)} = %s" for field in fields]
    sets, conditions = ", ".join(columns[: len(names)]), " AND ".join(columns[len(names) :])
    table = connection.ops.quote_name(model._meta.db_table)
    return f"UPDATE {table} SET {sets} WHERE {conditions}", fields  # noqa: S608  # names of our own columns


def change(model: type[models.Model], where: Mapping[str, Any], **fields: Any) -> int:
    """Write ``fields`` to the rows that still are what ``where`` says, both by the names of columns; how many these were."""
    sql, columns = _update(model, connection.vendor, tuple(where), tuple(fields))
    values = (*fields.values(), *where.values())
    with connection.cursor() as cursor:
        cursor.execute(sql, _prepared(columns, values))
        return int(cursor.rowcount)


@cache
def _insert(model: type[models.Model], vendor: str) -> tuple[str, list[Any]]:
    fields: list[Any] = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    key = quote(str(model._meta.pk.column))
    marks = ", ".join(["%s"] * len(fields))
    table = quote(model._meta.db_table)
    returning = f" RETURNING {key}" if connection.features.can_return_columns_from_insert else ""
    return f"INSERT INTO {table} ({columns}) VALUES ({marks}){returning}", fields  # noqa: S608  # see above


def insert(row: models.Model) -> None:
    """Write a new row and give it its id."""
    sql, fields = _insert(type(row), connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, _prepared(fields, [field.pre_save(row, True) for field in fields]))
        returned = connection.features.can_return_columns_from_insert
        row.pk = cursor.fetchone()[0] if returned else cursor.lastrowid
    row._state.adding, row._state.db = False, connection.alias


def _prepared(fields: list[Any], values: Any) -> list[Any]:
    return [field.get_db_prep_save(value, connection) for field, value in zip(fields, values, strict=True)]
