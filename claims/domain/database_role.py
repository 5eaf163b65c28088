"""The rights that the desk's own role needs in PostgreSQL, and none beyond: history may be read and added to, no more.

The owner of the tables migrates; the desk, run as a lesser role, can then neither change history nor take the triggers off
that guard it, whatever statement gets through to the database.
"""

from __future__ import annotations

import re

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext as _

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
    history = set(append_only())
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    kept = sorted(set(tables) - history)
    return [
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
