"""The commands of docker-compose.yml, started as processes against a real PostgreSQL and a real Redis."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import psycopg
import pytest

from claims.management import smoke
from claims.management.visitor import VisitError, Visitor
from tests import composefile
from tests.deploy import services
from tests.management.processes import eventually

pytestmark = [pytest.mark.services, pytest.mark.slow]
SITE = "https://desk.example.org"
DESK_PASSWORD = secrets.token_hex(16)
# What somebody tries who gets a statement through to the database, on every table that holds history.
FORGERIES = (
    "ALTER TABLE {table} DISABLE TRIGGER ALL", "ALTER TABLE {table} DISABLE TRIGGER USER", "TRUNCATE {table} CASCADE",
    "UPDATE {table} SET id = id + 1000", "DELETE FROM {table}", "DROP TABLE {table} CASCADE",
    "DROP TRIGGER {table}_no_change ON {table}", "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "CREATE TEMPORARY TABLE {table} (id int)", "GRANT ALL ON {table} TO CURRENT_USER; DELETE FROM {table}",
)  # fmt: skip
ANYWHERE = (
    "DROP FUNCTION claims_refuse() CASCADE", "SET session_replication_role = replica", "SET ROLE {owner}",
    "SET SESSION AUTHORIZATION {owner}", "ALTER ROLE CURRENT_USER SUPERUSER", "CREATE SCHEMA mine", "DROP SCHEMA public CASCADE",
    "ALTER TABLE claims_claim DISABLE TRIGGER ALL", "UPDATE django_migrations SET name = name",
)  # fmt: skip


@dataclass(frozen=True)
class Stack:
    """The services of the file as processes of this machine."""

    env: dict[str, str]
    owner: dict[str, str]  # what ``migrate`` gets
    port: int
    folder: Path
    redis: ExitStack
    postgres: ExitStack

    def command(self, words: list[str]) -> list[str]:
        """The command with programs taken from this virtual environment, as the image has them on its path."""
        return [str(Path(sys.executable).parent / words[0]), *words[1:]]

    def run(self, words: list[str], **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the file to its end."""
        return subprocess.run(
            self.command(words), env={**self.env, **more}, cwd=composefile.ROOT, capture_output=True, text=True, check=False,
            timeout=180,
        )  # fmt: skip

    def visitor(self) -> Visitor:
        """Somebody behind the proxy that ends TLS."""
        return Visitor(self.port, SITE)

    def ready(self, expected: int) -> str:
        """What ``/readyz`` says."""
        return self.visitor().get("/readyz", expected).text


def _environment(name: str, folder: Path, database: str, broker: str, port: int) -> dict[str, str]:
    """What a service of ours gets, with this machine's addresses in place of the container network's."""
    example, owner = composefile.example_env(), urlsplit(database)
    given = {
        "SECRET_KEY": secrets.token_urlsafe(60), "ALLOWED_HOSTS": "desk.example.org", "SITE_URL": SITE,
        "POSTGRES_PASSWORD": owner.password or "", "POSTGRES_DESK_PASSWORD": DESK_PASSWORD, "REDIS_PASSWORD": "none",
    }  # fmt: skip
    service = composefile.services()[name]["environment"]
    put_in = {name: composefile.filled(str(value), {**example, **given}) for name, value in service.items()}
    url = urlsplit(put_in["DATABASE_URL"])
    # The owner's name is the one thing that Compose's own PostgreSQL and ours do not share.
    account = owner.username if url.username == "plumbline" else url.username
    here = {
        "DATABASE_URL": f"postgres://{account}:{url.password}@127.0.0.1:{owner.port}{owner.path}",
        "REDIS_URL": broker, "WEB_BIND": f"127.0.0.1:{port}", "WEB_WORKERS": "2",
        "FACTCHECK_VAR": str(folder / "var"), "STATIC_ROOT": str(folder / "static"), "SWEEP_SECONDS": "1",
        # Nothing answers outside: hosts would be asked in turns of a second for every claim of the demonstration.
        "FACTCHECK_OUTSIDE": "false",
        "SECOND_STEP_REQUIRED": "false",  # the walk goes through the log-in by password alone
    }  # fmt: skip
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # As Compose does it: the file .env first, then what the service says itself.
    return {**kept, **example, **given, **put_in, **here}


@contextmanager
def _process(stack: Stack, name: str) -> Iterator[None]:
    service = composefile.services()[name]
    extra = {"REMAP_SIGTERM": "SIGQUIT"} if "REMAP_SIGTERM" in service["environment"] else {}
    with (stack.folder / f"{name}.log").open("wb") as log:
        process = _start(stack.command(service["command"]), {**stack.env, **extra}, log)
    try:
        yield
    finally:
        process.terminate()
        assert process.wait(timeout=30) in {0, -15}, (stack.folder / f"{name}.log").read_text()[-2000:]


def _start(command: list[str], env: dict[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, env=env, cwd=composefile.ROOT, stdout=log, stderr=log, start_new_session=True
    )


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    with ExitStack() as postgres, ExitStack() as redis:
        database = postgres.enter_context(services.postgres())
        broker = redis.enter_context(services.redis_server())
        port = services.free_port()
        env, owner = (_environment(name, folder, database, broker, port) for name in ("web", "migrate"))
        owner["SECRET_KEY"] = env["SECRET_KEY"]
        made = Stack(env, owner, port, folder, redis, postgres)
        migrate = composefile.services()["migrate"]["command"]
        # An installation from before the lesser role, which is migrated once more as the file says now.
        before = {"DATABASE_ROLE": "", "DATABASE_ROLE_PASSWORD": ""}
        for words, more in (
            (["python", "manage.py", "collectstatic", "--noinput"], {}),
            (migrate, owner | before),
            (migrate, owner),
            (migrate, owner),
        ):
            done = made.run(words, **more)
            assert done.returncode == 0, done.stderr
        with _process(made, "web"), _process(made, "worker"), _process(made, "scheduler"):
            assert eventually(
                lambda: made.run(["python", "-m", "factcheck.probe", "/healthz"]).returncode == 0, 60
            )
            yield made


def _went_through(stack: Stack) -> list[str]:
    """Of all forgeries those that the database took from the role that web, worker and scheduler run as."""
    owner = str(urlsplit(stack.owner["DATABASE_URL"]).username)
    with psycopg.connect(stack.env["DATABASE_URL"].replace("postgres://", "postgresql://")) as desk:
        guarded = desk.execute(
            "SELECT relname FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid WHERE tgname = relname || '_no_change'"
        )
        tables = sorted(name for (name,) in guarded.fetchall())
        assert len(tables) >= 7
        assert desk.execute("SELECT count(*) FROM claims_auditevent").fetchone() != (0,)
        statements = [forgery.format(table=table) for table in tables for forgery in FORGERIES]
        statements += [forgery.format(owner=owner) for forgery in ANYWHERE]
        through = []
        for statement in statements:
            try:
                desk.execute(statement)
                through.append(statement)
            except psycopg.Error:
                pass
            desk.rollback()
        return through


def test_the_stack_takes_an_article_to_a_report_and_tells_what_is_missing(stack: Stack) -> None:
    """One story, since each part costs seconds to start: healthy, at work, broker gone, database gone."""
    assert '"status": "ok"' in stack.ready(200)
    for name in ("worker", "scheduler"):
        check = composefile.services()[name]["healthcheck"]["test"][1:]
        assert eventually(lambda words=check: stack.run(words).returncode == 0, 60), (
            f"{name} never showed itself"
        )

    loaded = stack.run(["python", "manage.py", "demo", "--load-only"])
    logins = [
        smoke.Login(*line)
        for line in re.findall(r"^  (\w+) +(editor|reviewer) +(\S+)$", loaded.stdout, re.MULTILINE)
    ]
    said: list[str] = []
    path = smoke.walk(stack.port, SITE, logins, said.append)
    assert path.startswith("/reports/")
    assert len(said) == 7

    assert urlsplit(stack.env["DATABASE_URL"]).username == "plumbline_desk"
    owners = str(urlsplit(stack.owner["DATABASE_URL"]).password)
    assert owners not in "\n".join(stack.env.values()), "kept from what faces people"
    assert _went_through(stack) == []
    proved = stack.run(["python", "manage.py", "verify_audit"])
    assert proved.returncode == 0, proved.stderr

    with pytest.raises(VisitError, match="301 instead of 200"):
        Visitor(stack.port, SITE.replace("https", "http")).get("/")

    stack.redis.close()
    assert eventually(lambda: '"status": "degraded"' in stack.ready(200), 20)
    assert stack.visitor().get(path).status == 200
    stack.postgres.close()
    assert '"status": "down"' in stack.ready(503)
    assert stack.visitor().get("/healthz").status == 200

    # What the desk still lacks is said at the start, by the first process of each kind.
    for name in ("web", "scheduler"):
        log = (stack.folder / f"{name}.log").read_text()
        assert log.count("claims.W001") == log.count("claims.W002") == 1, name
        assert "claims.W003" not in log, "it does not own its tables"

    # What broke was logged with the addresses that it broke at; what opens them was not.
    secrets_of_it = [stack.env["SECRET_KEY"], *(urlsplit(stack.env[name]).password or "" for name in ("DATABASE_URL", "REDIS_URL")), owners]  # fmt: skip
    told = {path.name: path.read_text() for path in stack.folder.glob("*.log")}
    assert [(name, secret) for name, text in told.items() for secret in secrets_of_it if secret in text] == []
    assert [line for line in told["web.log"].splitlines() if not line.startswith("{")] == [], (
        "one event a line"
    )
