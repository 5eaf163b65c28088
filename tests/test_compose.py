"""What a schema cannot see in docker-compose.yml, the Dockerfile and .env.example."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from tests import composefile
from tests.composefile import ROOT

SERVICES = composefile.services()
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
SECRETS = {"SECRET_KEY", "POSTGRES_PASSWORD", "POSTGRES_DESK_PASSWORD", "REDIS_PASSWORD"}
NAMES_READ = re.compile(r"""(?:env\.\w+\(|environ\.get\()\s*["']([A-Z_]+)["']""")


def test_the_file_fits_the_compose_schema() -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    command = [str(checker), "--builtin-schema", "vendor.compose-spec", str(ROOT / "docker-compose.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_all_parts_of_a_desk_are_there() -> None:
    assert set(SERVICES) == {"postgres", "redis", "migrate", "web", "worker", "scheduler"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_waits_for_services_that_exist_and_can_say_so(name: str) -> None:
    for target, how in SERVICES[name].get("depends_on", {}).items():
        assert target in SERVICES
        if how["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[target]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_what_keeps_running_has_a_health_check_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(OURS))
def test_commands_name_programs_that_exist(name: str) -> None:
    for command in filter(
        None, [OURS[name]["command"], OURS[name].get("healthcheck", {}).get("test", [])[1:]]
    ):
        program, *arguments = command
        assert shutil.which(program, path=str(Path(sys.executable).parent)), f"{program} is not installed"
        if program == "python" and arguments[0] == "manage.py":
            assert (ROOT / "manage.py").exists()
            assert arguments[1] in get_commands()
        elif program == "python":
            assert arguments[0] == "-m"
            assert importlib.util.find_spec(arguments[1])
        for module in re.findall(r"factcheck\.\w+", shlex.join(arguments)):
            assert importlib.util.find_spec(module), module


def test_the_worker_listens_to_every_queue() -> None:
    command = SERVICES["worker"]["command"]
    assert command[command.index("-Q") + 1].split(",") == settings.FACTCHECK_QUEUES


def test_redis_keeps_what_it_was_told() -> None:
    options = " ".join(SERVICES["redis"]["command"])
    assert "--appendonly yes" in options
    assert "--maxmemory-policy noeviction" in options
    assert "--requirepass" in options


def test_every_variable_is_explained_in_the_example() -> None:
    used = {match["name"] for match in composefile.VARIABLE.finditer(composefile.text())}
    assert used <= set(composefile.example_env())


def test_every_setting_of_the_environment_is_in_the_example_or_in_the_docs() -> None:
    sources = [*(ROOT / "factcheck").glob("*.py"), *(ROOT / "claims").rglob("*.py")]
    read = {name for source in sources for name in NAMES_READ.findall(source.read_text(encoding="utf-8"))}
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    unexplained = {name for name in read if f"`{name}`" not in manual}
    assert unexplained <= {"DJANGO_SETTINGS_MODULE", "PYTHONPATH"}
    assert set(composefile.example_env()) <= set(re.findall(r"`([A-Z_]+)`", manual))


def test_no_secret_has_a_default() -> None:
    example = composefile.example_env()
    assert {name: example[name] for name in SECRETS} == dict.fromkeys(SECRETS, "")
    for match in composefile.VARIABLE.finditer(composefile.text()):
        if match["name"] in SECRETS:
            assert match["kind"] == "?", f"{match['name']} must be asked for wherever it is used"
    with pytest.raises(KeyError, match="Set SECRET_KEY"):
        composefile.filled(OURS["web"]["environment"]["SECRET_KEY"], example)


def test_the_image_runs_as_nobody_special_and_holds_what_it_needs() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line.split()[1] for line in lines if line.startswith("USER ")] == ["plumbline"]
    wanted = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for name in ("manage.py", "pyproject.toml", "uv.lock", "factcheck", "claims", "templates"):
        assert name in wanted
        assert (ROOT / name).exists()


def test_only_the_migration_can_come_as_the_owner_of_the_tables() -> None:
    """``env_file`` brings every line of .env into a container, the owner's password too, unless it is taken out again."""
    for name, service in OURS.items():
        given = service["environment"]
        assert given["POSTGRES_PASSWORD"] == "", name
        owner = "POSTGRES_PASSWORD" in given["DATABASE_URL"]
        assert owner == (name == "migrate"), name
