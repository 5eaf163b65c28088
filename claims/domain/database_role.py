"""The rights that the desk's own role needs in PostgreSQL, and none beyond: history may be read and added to, no more.

The owner of the tables migrates; the desk, run as a lesser role, can then neither change history nor take the triggers off
that guard it, whatever statement gets through to the database.
"""

from __future__ import annotations

import re

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from claims.exceptions import InvalidInput

NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def grants(name: str) -> list[str]:
    """The statements that the owner of the tables runs for this role after each migration.

    Raises:
        InvalidInput: the database is no PostgreSQL, or the name is none for a role.
    """
    if connection.vendor != "postgresql":
        raise InvalidInput(
            _("Only PostgreSQL has roles. With SQLite, whoever can write the file can do all.")
        )
    if not NAME.fullmatch(name):
        raise InvalidInput(_("Give a name of small letters, digits and underscores, such as desk_app."))
    _require_lesser(name)
    history = set(append_only())
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    kept = sorted(set(tables) - history)
    return [
        # Who may make tables of their own could put one before ours, where a trigger then looks for who wrote on a claim.
        f"REVOKE TEMPORARY ON DATABASE {connection.ops.quote_name(str(connection.settings_dict['NAME']))} FROM PUBLIC, {name}",
        f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {name}",
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}",
        f"GRANT SELECT, INSERT ON {', '.join(sorted(history))} TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(kept)} TO {name}",
        f"GRANT SELECT ON django_migrations TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
    ]


def append_only() -> list[str]:
    """Tables that a trigger of ours guards against every change; a later migration that adds one needs nothing here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgname = c.relname || '_no_change' AND c.relname = ANY(%s)",
            [[model._meta.db_table for model in apps.get_models()]],
        )
        return [name for (name,) in cursor.fetchall()]


def _require_lesser(name: str) -> None:
    """Raise ``InvalidInput`` where the role's rights reach further than any GRANT could say."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolcreaterole OR rolreplication OR pg_has_role(rolname, current_user, 'MEMBER') "
            "FROM pg_roles WHERE rolname = %s",
            [name],
        )
        found = cursor.fetchone()
    if found and found[0]:
        raise InvalidInput(
            _(
                "The role %(name)s owns the tables, is a superuser or may become one, so no rights hold it back. Name another "
                "one in DATABASE_ROLE."
            )
            % {"name": name}
        )


def after_migration(**kwargs: object) -> None:
    """Called by Django whenever migrations have run: make the role that ``DATABASE_ROLE`` names, and give its rights anew.

    With ``DATABASE_ROLE_PASSWORD`` the role is made, or gets that password; without one it has to be there.

    Raises:
        InvalidInput: there can be no such role.
    """
    name = settings.DATABASE_ROLE
    if not name:
        return
    with transaction.atomic():  # all at once, for a desk that is at work meanwhile
        statements = grants(name)
        if settings.DATABASE_ROLE_PASSWORD:
            _make(name, settings.DATABASE_ROLE_PASSWORD)
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


@sensitive_variables("password", "kept", "statement")
def _make(name: str, password: str) -> None:
    """The password is made here into what PostgreSQL keeps of it, so that it stands in none of its logs."""
    with connection.cursor() as cursor:
        kept = cursor.connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        verb = "ALTER" if cursor.fetchone() else "CREATE"
        statement = f"{verb} ROLE {name} LOGIN PASSWORD '{kept.decode()}'"
        cursor.execute(statement)


def is_lesser() -> bool | None:
    """Whether the role that the desk runs as can change no history; None where the database has no roles."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(has_table_privilege(t, 'UPDATE, DELETE, TRUNCATE, TRIGGER') "
            "OR has_any_column_privilege(t, 'UPDATE')) FROM unnest(%s::text[]) t",
            [append_only()],
        )
        return not cursor.fetchone()[0]
