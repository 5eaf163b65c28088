"""The desk's own role in the database: what it needs it may do, and history it can only read and add to.

On SQLite there are no roles; there the command says so, and what a written file shows is tried in ``tests.domain.test_audit``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from claims.domain import audit, database_role
from claims.exceptions import InvalidInput
from claims.models import Claim, Report
from tests import factories

ROLE = "desk_app_of_a_test"
ATTACKS = {
    "update": "UPDATE {table} SET id = id + 1000",
    "delete": "DELETE FROM {table}",
    "upsert": "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET id = excluded.id + 1000",
    "truncate": "TRUNCATE {table} CASCADE",
    "disable the triggers": "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "disable ours": "ALTER TABLE {table} DISABLE TRIGGER USER",
    "drop the trigger": "DROP TRIGGER {table}_no_change ON {table}",
    "drop the function": "DROP FUNCTION claims_refuse() CASCADE",
    "replace the function": "CREATE OR REPLACE FUNCTION claims_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
    "a replica's role": "SET session_replication_role = replica",
    "a table in its place": "ALTER TABLE {table} RENAME TO gone",
    "drop the table": "DROP TABLE {table} CASCADE",
    "a table before ours": "CREATE TEMPORARY TABLE {table} (id int)",
    "a function before ours": "CREATE FUNCTION public.now() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a schema before ours": "CREATE SCHEMA mine",
    "take the right": "GRANT UPDATE ON {table} TO CURRENT_USER; UPDATE {table} SET id = id + 1000",
}
pytestmark = pytest.mark.django_db


@contextmanager
def as_the_desk() -> Iterator[None]:
    """Made in the test's transaction, so it is gone with it."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} NOSUPERUSER NOCREATEDB NOCREATEROLE")
        for statement in database_role.grants(ROLE):
            cursor.execute(statement)
        cursor.execute(f"SET ROLE {ROLE}")
        try:
            yield
        finally:
            cursor.execute("RESET ROLE")


def got_through(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def test_the_desk_can_work_and_history_stays(
    editor: User, reviewer: User, second_reader: User, claim_in: Callable[..., Claim]
) -> None:
    if connection.vendor != "postgresql":
        with pytest.raises(CommandError, match="Only PostgreSQL has roles"):
            call_command("database_role", ROLE)
        return
    with as_the_desk():
        people = {"editor": editor, "checker": reviewer, "reader": second_reader}
        claim = factories.bring_to("published", factories.claim(editor), **people)
        assert Report.objects.get(claim=claim).current_version is not None
        audit.seal()
        tables = database_role.append_only()
        assert len(tables) >= 7
        through = {
            (name, table): statement
            for table in tables
            for name, attack in ATTACKS.items()
            if got_through(statement := attack.format(table=table))
        }
        assert through == {}
        assert database_role.is_lesser() is True
        assert not got_through("UPDATE claims_claim SET status = 'triaged' WHERE status = 'published'")
        assert audit.verify() is None


def test_each_migration_gives_the_rights_anew(settings: Any) -> None:
    """A table that came with it is the desk's at once; a role that could do more than any right says is refused."""
    settings.DATABASE_ROLE = ROLE
    if connection.vendor != "postgresql":
        with pytest.raises(InvalidInput, match="Only PostgreSQL has roles"):
            call_command("migrate", verbosity=0)
        return
    settings.DATABASE_ROLE_PASSWORD = "only for this test"
    may_read = "SELECT has_table_privilege(%s, 'claims_tag', 'SELECT'), rolsuper, rolcanlogin FROM pg_roles WHERE rolname = %s"
    with connection.cursor() as cursor:
        for _time in range(2):  # made, and then found there
            call_command("migrate", verbosity=0)
            cursor.execute(may_read, [ROLE, ROLE])
            assert cursor.fetchone() == (True, False, True)
            cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {ROLE}")
        assert database_role.is_lesser() is False, "the tests run as the owner"
        cursor.execute(f"GRANT {connection.settings_dict['USER']} TO {ROLE}")
        with pytest.raises(InvalidInput, match="no rights hold it back"):
            call_command("migrate", verbosity=0)


@pytest.mark.parametrize("name", ["Desk", "desk; DROP TABLE x", "", "1desk"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(CommandError, match=r"Give a name|Only PostgreSQL"):
        call_command("database_role", name)


@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "UPDATE (reason)"])
def test_one_right_too_many_on_one_table_of_history_is_noticed(right: str) -> None:
    """The page of health and the start of the desk warn by this answer."""
    if connection.vendor != "postgresql":
        assert database_role.is_lesser() is None
        return
    with as_the_desk():
        assert database_role.is_lesser() is True
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute(f"GRANT {right} ON claims_auditevent TO {ROLE}")
            cursor.execute(f"SET ROLE {ROLE}")
        assert database_role.is_lesser() is False
