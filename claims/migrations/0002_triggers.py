"""What the database itself refuses, whoever asks: changed history, approvals by authors, side doors to a status.

Row triggers on both engines; on PostgreSQL also a statement trigger against TRUNCATE, on SQLite a BEFORE INSERT
trigger against REPLACE of an old row (which fires no DELETE trigger while ``recursive_triggers`` is off).
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

APPEND_ONLY = (
    "claims_auditevent", "claims_auditseal", "claims_reportversion", "claims_verdictrevision", "claims_authorship",
    "claims_approval", "claims_snapshot",
)  # fmt: skip

WORDS = {
    "append": "rows of this table are only ever added",
    "author": "an approval by somebody who wrote on the claim",
    "door": "a status changes together with the version, through the door alone",
    "approved": "approved needs an approval by somebody who never wrote on the claim",
    "published": "published needs a frozen version",
}


def _sqlite() -> list[str]:
    statements = []
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            statements.append(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{WORDS['append']}'); END"
            )
        statements.append(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
            f"BEGIN SELECT RAISE(ABORT, '{WORDS['append']}'); END"
        )
    statements.append(
        "CREATE TRIGGER claims_auditevent_no_second BEFORE INSERT ON claims_auditevent "
        "WHEN EXISTS (SELECT 1 FROM claims_auditevent WHERE chain = NEW.chain AND sequence = NEW.sequence) "
        f"BEGIN SELECT RAISE(ABORT, '{WORDS['append']}'); END"
    )
    statements.append(
        "CREATE TRIGGER claims_approval_not_by_author BEFORE INSERT ON claims_approval "
        "WHEN EXISTS (SELECT 1 FROM claims_authorship WHERE claim_id = NEW.claim_id AND person_id = NEW.person_id) "
        f"BEGIN SELECT RAISE(ABORT, '{WORDS['author']}'); END"
    )
    claim = "CREATE TRIGGER claims_claim_{name} BEFORE UPDATE OF status ON claims_claim WHEN {when} "
    refuse = "BEGIN SELECT RAISE(ABORT, '{words}'); END"
    for name, when in _claim_rules("=", "<>").items():
        statements.append(claim.format(name=name, when=when) + refuse.format(words=WORDS[name]))
    return statements


def _claim_rules(equal: str, differs: str) -> dict[str, str]:
    return {
        "door": f"NEW.status {differs} OLD.status AND NEW.version {differs} OLD.version + 1",
        "approved": (
            f"NEW.status {equal} 'approved' AND OLD.status {equal} 'in_review' AND NOT EXISTS (SELECT 1 FROM "
            "claims_approval a WHERE a.claim_id = NEW.id AND NOT EXISTS (SELECT 1 FROM claims_authorship w "
            "WHERE w.claim_id = a.claim_id AND w.person_id = a.person_id))"
        ),
        "published": (
            f"NEW.status {equal} 'published' AND OLD.status {differs} 'published' AND NOT EXISTS (SELECT 1 FROM "
            "claims_report r WHERE r.claim_id = NEW.id AND r.current_version_id IS NOT NULL)"
        ),
    }


def _postgresql() -> list[str]:
    statements = [
        "CREATE FUNCTION claims_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE FUNCTION claims_check_approval() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM claims_authorship WHERE claim_id = NEW.claim_id AND person_id = NEW.person_id) "
        f"THEN RAISE EXCEPTION '{WORDS['author']}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER claims_approval_not_by_author BEFORE INSERT ON claims_approval "
        "FOR EACH ROW EXECUTE FUNCTION claims_check_approval()",
    ]
    for table in APPEND_ONLY:
        statements += [
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION claims_refuse('{WORDS['append']}')",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION claims_refuse('{WORDS['append']}')",
        ]
    checks = " ".join(
        f"IF {when} THEN RAISE EXCEPTION '{WORDS[name]}' USING ERRCODE = 'restrict_violation'; END IF;"
        for name, when in _claim_rules("=", "<>").items()
    )
    statements += [
        f"CREATE FUNCTION claims_check_status() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {checks} RETURN NEW; END $$",
        "CREATE TRIGGER claims_claim_status BEFORE UPDATE OF status ON claims_claim "
        "FOR EACH ROW EXECUTE FUNCTION claims_check_status()",
    ]
    return statements


def make(apps: Any, schema_editor: Any) -> None:
    for statement in _sqlite() if schema_editor.connection.vendor == "sqlite" else _postgresql():
        schema_editor.execute(statement, params=None)


def drop(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'claims_%'")
            names = [name for (name,) in cursor.fetchall()]
        for name in names:
            schema_editor.execute(f"DROP TRIGGER {name}")
        return
    for function in ("claims_refuse", "claims_check_approval", "claims_check_status"):
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {function}() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
