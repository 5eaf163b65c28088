"""Made-up requests against every operation of the API, as every role: no fault of the desk, no answer that the
schema does not describe, no wrong request that is taken, no address that forgets to ask who is there.

    python -m benchmarks.schema_fuzz --examples 200          # the full size
    python -m tests.deploy.services -- python -m benchmarks.schema_fuzz --examples 200     # on PostgreSQL
    python -m benchmarks.schema_fuzz --examples 5 --role editor --only transitions

Each example runs in a transaction that is rolled back, in a test database with a claim in mid-work and a published
report. Half of the examples fit the schema and half break it; half of them name things that exist.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

ROLES = ("anonymous", "viewer", "reviewer", "editor", "machine")
# What a request that fits the schema may be answered with. A read is met or refused by who asks; a write may besides
# run into the rules of the desk, which no schema can state.
_READ = ["2xx", "304", "401", "403", "404", "429"]
_WRITE = ["2xx", "400", "401", "403", "404", "409", "412", "422", "429"]
CONFIG = {
    "checks": {
        "positive_data_acceptance": {"expected-statuses": _WRITE},
        "negative_data_rejection": {
            "expected-statuses": [
                "400",
                "401",
                "403",
                "404",
                "405",
                "406",
                "409",
                "412",
                "413",
                "415",
                "422",
                "429",
            ]
        },
    },
    "operations": [
        # That one day comes after another, or which topics there are, no schema can state either.
        *(
            {
                "include-path": path,
                "checks": {"positive_data_acceptance": {"expected-statuses": [*_WRITE, "304"]}},
            }
            for path in ("/api/v1/insight/figures/", "/api/v1/reports/")
        ),
        {"include-method": "GET", "checks": {"positive_data_acceptance": {"expected-statuses": _READ}}},
    ],
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One request that was answered wrongly."""

    role: str
    operation: str
    kind: str
    said: str


@dataclass(slots=True)
class Account:
    """What was tried and found."""

    operations: int = 0
    requests: int = 0
    answers: dict[int, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class World:
    """The desk that is asked: how each role shows itself, and what exists."""

    headers: dict[str, dict[str, str]]
    known: dict[str, Any]


def make_world() -> World:
    """A claim in mid-work with all that hangs on it, and a published report."""
    from claims.domain import claims as verbs
    from claims.domain import imports, reader_messages, tokens, webhooks
    from claims.models import ApiToken, Claim, Evidence, Report, Speaker, VerificationStep
    from tests import factories

    editor = factories.person("pia", "editor")
    checker, reader = factories.person("noor", "reviewer"), factories.person("tomas", "reviewer")
    people = {"viewer": factories.person("vera", "viewer"), "reviewer": checker, "editor": editor,
              "machine": factories.person("robot", "reviewer", machine=True)}  # fmt: skip
    published = factories.claim(editor, "carries 4,000 more passengers")
    factories.bring_to("published", published, editor=editor, checker=checker, reader=reader)
    claim = factories.claim(editor)
    factories.bring_to("researching", claim, editor=editor, checker=checker, reader=reader)
    factories.fill(Claim.objects.get(pk=claim.pk), checker)
    verbs.add_comment(claim.pk, actor=editor, text="A word.")
    report = Report.objects.get()
    message = reader_messages.receive(report, about="fact", text="The counts were revised in May.")
    receiver, _secret = webhooks.add(
        actor=editor, name="CMS", url="https://cms.example/hook", form="signed", events=["report.published"]
    )
    batch = imports.import_checks(io.BytesIO(b"[]"), name="empty.json", actor=editor)
    known = {
        "webhooks": receiver.pk,
        "delivery": webhooks.test(receiver, actor=editor).pk,
        "imports": batch.pk,
        "articles": claim.article_id, "claims": claim.pk, "reports": report.slug, "reader-messages": message.pk,
        "evidence": Evidence.objects.filter(claim=claim).order_by("id")[0].pk,
        "steps": VerificationStep.objects.order_by("id")[0].pk, "speakers": Speaker.objects.order_by("id")[0].pk,
        "tokens": ApiToken.objects.create(
            person=editor, name="spare", prefix="plb_spare", digest="0" * 64, scope="read",
            created_at=claim.created_at, expires_at=claim.created_at,
        ).pk,
    }  # fmt: skip
    plain = {"Accept-Encoding": "identity"}
    headers: dict[str, dict[str, str]] = {"anonymous": plain}
    for role, person in people.items():
        secret = tokens.create(person, role, scope=ApiToken.Scope.PUBLISH)[1]
        headers[role] = {**plain, "Authorization": f"Bearer {secret}"}
    return World(headers, known)


def load() -> Any:
    """The schema as the site serves it, tied to the site in this process."""
    import schemathesis
    from schemathesis.config import SchemathesisConfig

    from factcheck.wsgi import application

    return schemathesis.openapi.from_wsgi(
        "/api/schema/?format=json", application, config=SchemathesisConfig.from_dict(CONFIG),
        headers={"Accept": "application/vnd.oai.openapi+json"},
    )  # fmt: skip


def fuzz(
    world: World,
    role: str,
    *,
    examples: int,
    seed: int,
    only: str = "",
    schema: Any = None,
    made_up_paths: bool = True,
) -> Account:
    """Ask every operation as one role.

    Args:
        examples: how many requests for each operation, at the least four.
        only: operations whose address holds this text.
        made_up_paths: also ask for things that are not there.
    """
    account = Account()
    with one_connection():
        for found in (schema or load()).get_all_operations():
            operation = found.ok()
            if only and only not in operation.path:
                continue
            account.operations += 1
            _operation(operation, world, role, max(4, examples), seed, account, made_up_paths)
    return account


@contextlib.contextmanager
def one_connection() -> Iterator[None]:
    """Keep the connection open from request to request, as Django's own test client does.

    The site closes one that is in the middle of a transaction, and here every request is. (A SQLite database in memory
    is never closed, which is why this was not noticed there.)
    """
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def _operation(
    operation: Any, world: World, role: str, examples: int, seed: int, account: Account, made_up_paths: bool
) -> None:
    from schemathesis.generation import GenerationMode

    known = _known(operation, world)
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        for path in [known, None][: 1 + made_up_paths] if known else [None]:
            share = examples // (4 if known else 2)
            _ask(operation, world.headers[role], role, mode, path, share, seed, account)


def _known(operation: Any, world: World) -> dict[str, Any] | None:
    """The numbers of things that exist, for the places in the operation's address."""
    if "{" not in operation.path:
        return None
    thing = operation.path.split("/v1/")[1].split("/")[0]
    names = [part.strip("{}") for part in operation.path.split("/") if part.startswith("{")]
    return {
        name: 1 if name == "number" else world.known.get(name, world.known.get(thing, 1)) for name in names
    }


def _ask(
    operation: Any, headers: dict[str, str], role: str, mode: Any, path: dict[str, Any] | None, examples: int, seed: int,
    account: Account,
) -> None:  # fmt: skip
    import hypothesis
    from hypothesis import HealthCheck, Phase
    from hypothesis.errors import Unsatisfiable
    from schemathesis.core.failures import FailureGroup

    strategy = operation.as_strategy(generation_mode=mode, path_parameters=path)

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=examples, deadline=None, database=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    @hypothesis.given(case=strategy)
    def ask(case: Any) -> None:
        with _rolled_back():
            response = case.call(headers=headers)
            account.requests += 1
            account.answers[response.status_code] = account.answers.get(response.status_code, 0) + 1
            try:
                case.validate_response(response, headers=headers)
            except Exception as error:
                error.add_note(f"{case.as_curl_command()} -> {response.status_code} {response.text[:600]}")
                raise

    try:
        ask()
    except Unsatisfiable:
        return  # an operation that takes nothing cannot be asked wrongly
    except FailureGroup as group:
        for failure in group.exceptions:
            said = f"{_words(failure)} {_words(group)}"
            account.findings.append(Finding(role, operation.label, type(failure).__name__, said))
    except Exception as error:
        account.findings.append(Finding(role, operation.label, type(error).__name__, _words(error)))


def _words(error: BaseException) -> str:
    return f"{error} {' '.join(getattr(error, '__notes__', []))}"[:3000]


@contextlib.contextmanager
def _rolled_back() -> Iterator[None]:
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--examples", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--role", choices=ROLES, action="append")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    os.environ |= {"API_BURST": "100000000", "LOG_LEVEL": "CRITICAL"}
    import logging

    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    from django.conf import settings
    from django.test.utils import get_runner, setup_test_environment

    settings.CELERY_BROKER_URL = "redis+socket:///nonexistent/broker.sock"
    setup_test_environment()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    begun = time.monotonic()
    result: dict[str, Any] = {"examples": options.examples, "seed": options.seed, "roles": {}}
    findings = 0
    try:
        world = make_world()
        with one_connection():
            schema = load()
        for role in options.role or ROLES:
            account = fuzz(
                world, role, examples=options.examples, seed=options.seed, only=options.only, schema=schema
            )
            findings += len(account.findings)
            result["roles"][role] = asdict(account)
    finally:
        runner.teardown_databases(databases)
    result |= {"seconds": round(time.monotonic() - begun, 1), "findings": findings}
    print(json.dumps(result, indent=1))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
