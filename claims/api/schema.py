"""The description of the API (OpenAPI): what every operation shares is added here, so that no view can forget it.

Writes take an Idempotency-Key, single things an If-Match, reads an If-None-Match and ``fields``; every operation names
the problems it can answer with. Examples come from ``examples.py`` and are checked against the schema by a test.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from claims.api.examples import EXAMPLES
from claims.api.problems import Problem

JSON = "application/json"
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
WORDS: dict[int, str] = {
    304: "You have it already: the tag in If-None-Match is that of this answer.",
    400: "Something that was sent cannot be used; `errors` names the fields.",
    401: "Nobody is logged in, or the token is unknown, expired or revoked.",
    403: "Your role, or the scope of your token, does not allow this.",
    404: "There is no such thing.",
    406: "Only JSON is answered.",
    409: "Somebody was first, or it is here already; `current` says what stands.",
    412: "The tag in If-Match is not that of the present state; `current` shows it.",
    413: "The request is larger than this desk takes.",
    415: "This kind of body is not read here.",
    422: "The rules do not allow this now, or something that it needs was left out (`failing` says what), or the Idempotency-Key came before with "
    "another request.",
    429: "Too many requests; Retry-After says how many seconds to wait.",
}
_DEEDS = {"retrieve": "get", "partial_update": "update", "destroy": "delete"}
# Marks a parameter or operation for the hook below; taken out there.
_SPARSE = "x-sparse"

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="Any text of your own, such as a UUID. The same request with the same key has one effect and the same "
    "answer for 24 hours.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag that you read. When it changed since, nothing is done and the answer is 412.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of the answer that you have; 304 when it is still the same.",
)


class DeskSchema(AutoSchema):
    """How one view is described."""

    def get_operation_id(self) -> str:
        """``claims_move``: the thing and what is done, as the Python client calls it."""
        if not hasattr(self.view, "shaped"):
            return str(super().get_operation_id())
        thing = self.path.removeprefix("/api/v1/").split("/")[0].replace("-", "_")
        deed = str(getattr(self.view, "action", ""))
        return f"{thing}_{_DEEDS.get(deed, deed)}"

    def get_override_parameters(self) -> list[Any]:
        parameters = super().get_override_parameters()
        if not hasattr(self.view, "shaped"):
            return parameters
        if self.method in WRITES:
            parameters.append(IDEMPOTENCY_KEY)
            if getattr(self.view, "detail", False):
                parameters.append(IF_MATCH)
        elif not getattr(self.view, "streams", False):
            parameters.append(IF_NONE_MATCH)
        return parameters

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None or not hasattr(self.view, "shaped"):
            return operation
        view: Any = self.view
        responses = operation["responses"]
        reference = self.resolve_serializer(Problem, "response").ref
        for code in self._codes():
            content = {"application/problem+json": {"schema": reference}} if code != 304 else None
            responses.setdefault(
                str(code), {"description": WORDS[code], **({"content": content} if content else {})}
            )
        if "429" in responses:
            responses["429"]["headers"] = {
                "Retry-After": {
                    "schema": {"type": "integer", "minimum": 0},
                    "description": "Seconds to wait.",
                }
            }
        if view.streams:
            return operation
        if self.method == "GET":
            operation[_SPARSE] = True
        for fine in ("200", "201"):
            if fine in responses:
                responses[fine]["headers"] = {
                    "ETag": {"schema": {"type": "string"}, "description": "For If-Match and If-None-Match."}
                }
        return operation

    def _codes(self) -> list[int]:
        view: Any = self.view
        codes = {400, 406, 429}
        if not view.public:
            codes |= {401, 403}
        if view.detail or self.method == "GET":
            codes.add(404)
        if self.method in WRITES:
            codes |= {409, 413, 415, 422}
            if view.detail:
                codes.add(412)
        elif not view.streams:
            codes.add(304)
        return sorted(codes)


def finish(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Postprocessing: sparse answers and examples."""
    schemas = result.get("components", {}).get("schemas", {})
    for operation in _operations(result):
        if operation.pop(_SPARSE, False):
            _allow_sparse(operation, schemas)
    for name, schema in schemas.items():
        if name.endswith("Request"):
            schema["additionalProperties"] = False  # see ``inputs.Strict``
    for name, example in EXAMPLES.items():
        if name in schemas:
            schemas[name]["example"] = example
    return result


def _operations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in result["paths"].values():
        yield from path.values()


def _allow_sparse(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """``?fields=`` and the shape of what it leaves: the same thing with nothing required."""
    schema = operation["responses"].get("200", {}).get("content", {}).get(JSON, {}).get("schema")
    if not schema or "$ref" not in schema:
        return
    name = _name(schema)
    listed = (
        schemas[name]["properties"].get("results", {}).get("items") if name.startswith("Paginated") else None
    )
    if listed is not None:
        shown = _name(listed) if "$ref" in listed else _name(listed["anyOf"][0])
        listed.clear()
        listed["anyOf"] = _whole_or_part(shown, schemas)
    else:
        shown = name
        content = operation["responses"]["200"]["content"][JSON]
        content["schema"] = {"anyOf": _whole_or_part(shown, schemas)}
    names = sorted(schemas[shown]["properties"])
    operation.setdefault("parameters", []).append(
        {
            "in": "query",
            "name": "fields",
            "description": "Only these fields, separated by commas.",
            "schema": {
                "type": "array",
                "minItems": 1,
                "items": {"type": "string", "enum": names},
            },
            "style": "form",
            "explode": False,
        }
    )


def _whole_or_part(name: str, schemas: dict[str, Any]) -> list[dict[str, str]]:
    part = f"{name}Part"
    if part not in schemas:
        schemas[part] = copy.deepcopy(schemas[name])
        schemas[part].pop("required", None)
        schemas[part]["description"] = f"{name} with the fields that were asked for."
    return [{"$ref": f"#/components/schemas/{shown}"} for shown in (name, part)]


def _name(reference: dict[str, str]) -> str:
    return reference["$ref"].rpartition("/")[2]
