"""Fixtures for the whole suite."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from django.test.client import Client

from claims.models import Article, Claim
from claims.web import kept_pages, short_path
from tests import factories

pytest_plugins = [
    "tests.standins.fixtures",
    "tests.leftout",
    "tests.migrated",
    "tests.publishing_checks",
    "tests.browser.visitors",
]

_flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # Django's own hook between tests


def _flush_with_triggers_off(self: TransactionTestCase) -> None:
    """History cannot be deleted, so the flush between transactional tests has to step around the triggers."""
    from importlib import import_module

    triggers = import_module("claims.migrations.0002_triggers")
    base = import_module("claims.migrations.0003_roles_and_scale")
    from django.apps import apps

    with connection.schema_editor() as editor:
        triggers.drop(apps, editor)
    try:
        _flush(self)
    finally:
        with connection.schema_editor() as editor:
            triggers.make(apps, editor)
        base.make(apps, None)


TransactionTestCase._fixture_teardown = _flush_with_triggers_off  # type: ignore[attr-defined]  # see above


@pytest.fixture(autouse=True)
def _quiet_settings(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # No broker in plain tests: a ring finds nobody at once, exactly as when the broker is down.
    settings.HOST_PAUSE_SECONDS = 0  # stand-ins need no rest; tests of the turns set their own
    settings.CELERY_BROKER_URL = "redis+socket:///nonexistent/broker.sock"
    # Tests make requests faster than people; those on throttling set their own rates.
    settings.API_BURST = 100_000
    settings.LIMITS_REDIS_URL = ""
    # Nothing that one test made is shown to another; those on kept files name a folder of their own.
    settings.KEPT_FILES = None
    kept_pages.PAGES.clear()
    short_path.forget()
    cache.clear()


@pytest.fixture(autouse=True)
def _silent_bell(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Plain tests do not ring: the ledger row is what they look at. Tests marked ``broker`` ring for real."""
    if request.node.get_closest_marker("broker") is None:
        from claims import queue

        monkeypatch.setattr(queue, "_send", lambda *args, **kwargs: None)


@pytest.fixture
def editor(db: None) -> User:
    return factories.person("pia", "editor")


@pytest.fixture
def reviewer(db: None) -> User:
    return factories.person("noor", "reviewer")


@pytest.fixture
def second_reader(db: None) -> User:
    return factories.person("tomas", "reviewer")


@pytest.fixture
def viewer(db: None) -> User:
    return factories.person("vera", "viewer")


@pytest.fixture
def stranger(db: None) -> User:
    """Has an account, but no role on this desk."""
    return factories.person("stranger")


@pytest.fixture
def machine(db: None) -> User:
    return factories.person("robot", "reviewer", machine=True)


@pytest.fixture
def make_article(editor: User) -> Callable[..., Article]:
    return lambda *args, **fields: factories.article(editor, *args, **fields)


@pytest.fixture
def make_claim(editor: User) -> Callable[..., Claim]:
    return lambda *args, **fields: factories.claim(editor, *args, **fields)


@pytest.fixture
def claim_in(editor: User, reviewer: User, second_reader: User) -> Callable[..., Claim]:
    """``claim_in("approved")``: a claim brought to that status through the door."""

    def bring(status: str, words: str = "fallen by 31 per cent") -> Claim:
        stored = factories.claim(editor, words)
        return factories.bring_to(status, stored, editor=editor, checker=reviewer, reader=second_reader)

    return bring


@pytest.fixture
def as_user(client: Client) -> Callable[[User], Client]:
    def log_in(person: User) -> Client:
        fresh = Client()
        fresh.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return fresh

    return log_in


@pytest.fixture(scope="session")
def collected_static(tmp_path_factory: pytest.TempPathFactory) -> None:
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """The moment by which limits count; called with seconds it goes on."""
    at = [1_700_000_000.0]
    monkeypatch.setattr("claims.domain.limits._now", lambda: at[0])

    def later(seconds: float) -> None:
        at[0] += seconds

    return later
