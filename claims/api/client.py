"""Writes the typed Python client from the description of the API, so that the two cannot drift apart.

``generate(schema)`` gives the text of one module: a TypedDict for each shape, a method for each operation. The fixed
part (calling, trying again, problems) stands in ``client_runtime.txt`` beside this file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import indent
from typing import Any

RUNTIME = Path(__file__).with_name("client_runtime.txt")
WIDTH = 106
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
# The client keeps no answers, so it never has a tag for If-None-Match to offer.
_CARRIED = {"Idempotency-Key", "If-Match"}


def generate(schema: Mapping[str, Any]) -> str:
    """The text of the client's module."""
    shapes = schema["components"]["schemas"]
    used = _used(schema)
    types = [
        _type(name, shapes[name])
        for name in sorted(used, key=lambda name: ("enum" not in shapes[name], name))
    ]
    methods = [
        text
        for path, method, operation in _operations(schema)
        for text in _methods(path, method, operation, shapes)
    ]
    head, _marker, tail = RUNTIME.read_text(encoding="utf-8").partition("# --- shapes\n")
    return (
        head
        + "\n\n".join(types)
        + "\n\n\n"
        + tail.rstrip("\n")
        + "\n\n"
        + indent("\n\n".join(methods), "    ")
        + "\n"
    )


def _operations(schema: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, item in sorted(schema["paths"].items()):
        for method in ("get", "post", "put", "patch", "delete"):
            if method in item:
                yield path, method, item[method]


def _used(schema: Mapping[str, Any]) -> set[str]:
    """Names of the shapes that operations name, and of those inside them; partial answers are left out."""
    shapes = schema["components"]["schemas"]
    found: set[str] = set()
    waiting = [name for path in schema["paths"].values() for name in _references(path)]
    while waiting:
        name = waiting.pop()
        if name not in found and not name.endswith("Part"):
            found.add(name)
            waiting += _references(shapes[name])
    return found


def _references(part: Any) -> list[str]:
    if isinstance(part, Mapping):
        own = [part["$ref"].rpartition("/")[2]] if "$ref" in part else []
        return own + [name for inner in part.values() for name in _references(inner)]
    return [name for inner in part for name in _references(inner)] if isinstance(part, list) else []


def _name(name: str) -> str:
    """``PatchedClaimChangeRequest`` and ``ClaimOut`` as a person would call them."""
    return {"Problem": "ProblemBody"}.get(name, name)


def _type(name: str, shape: Mapping[str, Any]) -> str:
    if "enum" in shape:
        return f"{_name(name)} = {_annotation(shape)}"
    required = set(shape.get("required", ()))
    lines = []
    for field, inner in shape.get("properties", {}).items():
        kind = _annotation(inner)
        lines.append(f"    {field}: {kind if field in required else f'NotRequired[{kind}]'}")
    words = str(shape.get("description", name)).replace("\\", "").strip().splitlines()[0]
    return f'\nclass {_name(name)}(TypedDict):\n    """{words}"""\n\n' + "\n".join(lines or ["    pass"])


def _annotation(schema: Mapping[str, Any]) -> str:
    kind = _inner_annotation(schema)
    return f"{kind} | None" if schema.get("nullable") and "None" not in kind else kind


def _inner_annotation(schema: Mapping[str, Any]) -> str:
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            parts = [
                _annotation(part) for part in schema[key] if not str(part.get("$ref", "")).endswith("Part")
            ]
            return " | ".join(dict.fromkeys(parts))
    if "$ref" in schema:
        return _name(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        values = [value for value in schema["enum"] if value is not None]
        literal = f"Literal[{', '.join(map(repr, values))}]" if values else "None"
        return f"{literal} | None" if None in schema["enum"] and values else literal
    if schema.get("type") == "array":
        return f"list[{_annotation(schema['items'])}]"
    if schema.get("type") == "object":
        return "dict[str, Any]"
    return "bytes" if schema.get("format") == "binary" else _PLAIN.get(str(schema.get("type")), "Any")


def _methods(
    path: str, method: str, operation: Mapping[str, Any], shapes: Mapping[str, Any]
) -> Iterator[str]:
    name = operation["operationId"].removeprefix("v1_")
    parameters = operation.get("parameters", [])
    query = [parameter for parameter in parameters if parameter["in"] == "query"]
    carried = {parameter["name"] for parameter in parameters if parameter["name"] in _CARRIED}
    body = _body(operation)
    result = _result(operation)
    places = [(part["name"], _annotation(part["schema"])) for part in parameters if part["in"] == "path"]
    signature = [f"{place}: {kind}" for place, kind in places] + ([f"body: {body}"] if body else [])
    named = [f"{part['name']}: {_parameter(part)} = None" for part in query]
    if "Idempotency-Key" in carried:
        named.append("idempotency_key: str | None = None")
    if "If-Match" in carried:
        named.append("if_match: str | None = None")
    values = ", ".join(f'"{part["name"]}": {part["name"]}' for part in query)
    address = re.sub(r"\{(\w+)\}", r"{_part(\1)}", path.removeprefix("/api/v1/"))
    address = f'f"{address}"' if places else f'"{address}"'
    sent = [f'"{method.upper()}"', address]
    sent += [f"query={{{values}}}"] if query else []
    sent += [f"{'form' if _is_form(operation) else 'body'}=body"] if body else []
    sent += ["key=idempotency_key"] if "Idempotency-Key" in carried else []
    sent += ["if_match=if_match"] if "If-Match" in carried else []
    sent += ["raw=True"] if result == "bytes" else []
    call = f"self._call({', '.join(sent)})"
    code = call if result == "None" else f"answer: {result} = {call}\nreturn answer"
    yield _method(name, signature, named, result, operation, code)
    row = _row(result, shapes)
    if row:
        kept = [part for part in named if not part.startswith("cursor:")]
        passed = ", ".join(f'"{part.split(":")[0]}": {part.split(":")[0]}' for part in kept)
        yield _method(
            f"{name}_all", signature, kept, f"Iterator[{row}]", operation,
            f"return self._every({address}, {{{passed}}})", every=True,
        )  # fmt: skip


def _method(
    name: str, signature: list[str], named: list[str], result: str, operation: Mapping[str, Any], code: str, *,
    every: bool = False,
) -> str:  # fmt: skip
    words = operation["summary"] + (", page after page." if every else ".")
    arguments = ["self", *signature, *(["*", *named] if named else [])]
    head = f"def {name}({', '.join(arguments)}) -> {result}:"
    if len(head) > WIDTH:
        lines = "".join(f"    {argument},\n" for argument in arguments)
        head = f"def {name}(\n{lines}) -> {result}:"
    return head + f'\n    """{words}"""\n' + indent(code, "    ")


def _parameter(parameter: Mapping[str, Any]) -> str:
    schema = parameter["schema"]
    if parameter["name"] == "fields":
        return "Sequence[str] | None"  # a list of every field would hide the rest of the signature
    if schema.get("type") == "array":
        return f"Sequence[{_annotation(schema['items'])}] | None"
    return f"{_annotation(schema)} | None"


def _is_form(operation: Mapping[str, Any]) -> bool:
    return "multipart/form-data" in operation.get("requestBody", {}).get("content", {})


def _body(operation: Mapping[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    return next((_annotation(kind["schema"]) for kind in content.values()), "")


def _result(operation: Mapping[str, Any]) -> str:
    for code in ("200", "201", "202"):
        content = operation["responses"].get(code, {}).get("content", {}).get("application/json")
        if content:
            return _annotation(content["schema"])
        if operation["responses"].get(code, {}).get("content"):
            return "bytes"
    return "None"


def _row(result: str, shapes: Mapping[str, Any]) -> str:
    if not result.startswith("Paginated"):
        return ""
    return _annotation(shapes[result]["properties"]["results"]["items"])
