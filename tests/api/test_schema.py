"""The description of the API: whole, in plain words, with examples that are true, and kept by every answer."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator
from rest_framework.pagination import CursorPagination

from benchmarks import schema_fuzz
from claims.api.examples import EXAMPLES
from claims.api.pagination import ByKey
from claims.models import (
    Article,
    Claim,
    Evidence,
    ReaderMessage,
    Report,
    RightOfReply,
    Verdict,
)
from tests.api.clients import client_of

pytestmark = pytest.mark.django_db
UNTYPED = {"document", "item", "current", "items"}  # their shape is that of the thing inside


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made


def operations(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, item in schema["paths"].items()
        for method, operation in item.items()
    ]


def test_schema_is_valid_and_without_warnings(tmp_path: Any) -> None:
    from django.core.management import call_command

    call_command("spectacular", "--validate", "--fail-on-warn", file=str(tmp_path / "schema.yml"))


def _routes(patterns: Any, before: str = "") -> set[str]:
    found = set()
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found |= _routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and route.startswith("api/v1/"):
            found.add(
                "/"
                + re.sub(r"\(\?P<(\w+)>(?:\[[^]]*\](?:\{[^}]*\}|\+)?)\)", r"{\1}", route)
                .replace("^", "")
                .rstrip("$")
            )
    return found


def test_every_route_is_in_the_schema(schema: dict[str, Any]) -> None:
    routes = {
        route.replace("{pk}", "{id}").replace("\\Z", "") for route in _routes(get_resolver().url_patterns)
    }
    assert routes == set(schema["paths"])
    assert len(routes) > 35


def test_every_method_of_every_view_is_in_the_schema(schema: dict[str, Any]) -> None:
    methods = {(path, method) for path, method, _operation in operations(schema)}
    for pattern in _patterns(get_resolver().url_patterns):
        actions = getattr(pattern.callback, "actions", None)
        if actions is None:
            continue
        path = next(iter(_routes([pattern], "api/v1/"))).replace("{pk}", "{id}").replace("\\Z", "")
        for method in set(actions) - {"head", "options"}:
            assert (path, method) in methods


def _patterns(patterns: Any) -> list[URLPattern]:
    found: list[URLPattern] = []
    for pattern in patterns:
        found += _patterns(pattern.url_patterns) if isinstance(pattern, URLResolver) else [pattern]
    return found


def test_every_operation_says_what_it_does_in_plain_words(schema: dict[str, Any]) -> None:
    names = [operation["operationId"] for _path, _method, operation in operations(schema)]
    assert len(names) == len(set(names))
    for path, method, operation in operations(schema):
        where = f"{method} {path}"
        assert operation["summary"], where
        assert len(operation["summary"]) < 80, where
        assert operation["description"] != operation["summary"], where
        assert operation["description"].rstrip().endswith("."), where
        for parameter in operation.get("parameters", []):
            assert parameter["schema"], where
        for code, response in operation["responses"].items():
            assert response.get("description") or int(code) < 300, where
            if int(code) >= 400:
                assert set(response["content"]) == {"application/problem+json"}, where


def test_every_write_takes_a_key_and_every_read_a_tag(schema: dict[str, Any]) -> None:
    for path, method, operation in operations(schema):
        names = {parameter["name"] for parameter in operation["parameters"]}
        if "/exports/" in path:
            assert "form" in names, path
        elif method == "get":
            assert "If-None-Match" in names, path
            assert "fields" in names, path
        else:
            assert "Idempotency-Key" in names, path
            assert ("If-Match" in names) == ("{" in path), path


def test_every_text_that_narrows_a_list_says_how_long_it_may_be(schema: dict[str, Any]) -> None:
    for path, method, operation in operations(schema):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query" and parameter["schema"].get("type") == "string":
                told = parameter["schema"].keys() & {"maxLength", "enum", "format", "pattern"}
                assert told or parameter["name"] == "cursor", (method, path, parameter["name"])


def test_every_shape_that_is_sent_or_shown_has_a_true_example(schema: dict[str, Any]) -> None:
    shapes = schema["components"]["schemas"]
    used = set()
    for _path, _method, operation in operations(schema):
        bodies = [
            operation.get("requestBody", {}),
            operation["responses"].get("200", {}),
            operation["responses"].get("201", {}),
        ]
        for body in bodies:
            for kind, content in body.get("content", {}).items():
                if kind == "application/json":
                    used |= {name.rpartition("/")[2] for name in _references(content["schema"])}
    wanted = {name for name in used if not name.startswith("Paginated") and not name.endswith("Part")}
    assert wanted - set(EXAMPLES) - {"ClaimPair"} == set()
    for name, example in EXAMPLES.items():
        if name in shapes:
            whole = {
                "$ref": f"#/components/schemas/{name}",
                "components": _in_json_schema(schema["components"]),
            }
            jsonschema.validate(example, whole, format_checker=jsonschema.FormatChecker())
            missing = (
                set(shapes[name]["properties"]) - set(example) if not name.endswith("Request") else set()
            )
            assert missing <= {"errors", "current", "article"}, (name, missing)
    assert set(EXAMPLES) - set(shapes) <= {"EvidenceIn"}


def _references(schema: Any) -> set[str]:
    if isinstance(schema, dict):
        own = {schema["$ref"]} if "$ref" in schema else set()
        return own.union(*(_references(part) for part in schema.values()))
    return set().union(*(_references(part) for part in schema)) if isinstance(schema, list) else set()


def _in_json_schema(schema: Any) -> Any:
    """OpenAPI 3.0 says ``nullable`` where JSON Schema lists null."""
    if isinstance(schema, list):
        return [_in_json_schema(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _in_json_schema(part) for key, part in schema.items()}
    if made.pop("nullable", False) is True:
        return {"anyOf": [made, {"type": "null"}]}
    return made


@pytest.fixture
def world() -> schema_fuzz.World:
    return schema_fuzz.make_world()


@pytest.mark.slow
@pytest.mark.parametrize("role", schema_fuzz.ROLES)
def test_no_made_up_request_finds_a_fault(role: str, world: schema_fuzz.World) -> None:
    """The short form of ``python -m benchmarks.schema_fuzz --examples 200``."""
    account = schema_fuzz.fuzz(world, role, examples=4, seed=2026, made_up_paths=role == "editor")
    assert account.findings == []
    assert account.operations > 50
    assert account.requests >= 2 * account.operations
    assert not any(code >= 500 for code in account.answers)


def test_the_fuzzer_notices_a_build_that_takes_anything(
    world: schema_fuzz.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ByKey, "get_page_size", CursorPagination.get_page_size)
    account = schema_fuzz.fuzz(world, "editor", examples=60, seed=1, only="v1/speakers/")
    assert {finding.kind for finding in account.findings} == {"AcceptedNegativeData"}


def test_the_fuzzer_notices_a_fault_of_the_desk(
    world: schema_fuzz.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from claims.api.views.claims import ClaimViewSet

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(ClaimViewSet, "shaped", fail)
    account = schema_fuzz.fuzz(world, "editor", examples=8, seed=1, only="claims/{id}/history")
    assert "ServerError" in {finding.kind for finding in account.findings}


# --- mass assignment -------------------------------------------------------------------------------------------
MODELS = (Article, Claim, Evidence, ReaderMessage, Report, RightOfReply, Verdict)
PROTECTED = {
    "status",
    "approved_by",
    "desk",
    "is_staff",
    "is_superuser",
    "version",
    "published_at",
    "is_machine",
    "digest",
}


def test_no_field_of_a_row_can_be_set_that_is_not_meant_to(
    schema: dict[str, Any], world: schema_fuzz.World
) -> None:
    """Every field of every model, sent to every write beside a body that is right: each refused by name."""
    from django.contrib.auth.models import User

    client = client_of(User.objects.get(username="pia"))
    every = PROTECTED | {field.name for model in MODELS for field in model._meta.get_fields()}
    shapes = schema["components"]["schemas"]
    before = _rows()
    tried = 0
    for path, method, operation in operations(schema):
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body is None:
            continue
        name = body["schema"]["$ref"].rpartition("/")[2]
        strange = sorted(every - set(shapes[name]["properties"]))
        thing = path.split("/v1/")[1].split("/")[0]
        address = re.sub(r"\{\w+\}", str(world.known.get(thing, 1)), path)
        answer = getattr(client, method)(address, {**EXAMPLES[name], **dict.fromkeys(strange, 1)})
        assert answer.status_code == 400, (path, answer.content)
        assert {error["field"] for error in answer.json()["errors"]} >= set(strange), path
        tried += 1
    assert tried > 15
    assert _rows() == before


def _rows() -> list[Any]:
    return [list(model._default_manager.order_by("pk").values()) for model in MODELS]
