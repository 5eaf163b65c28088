"""Dataclasses to canonical JSON and back, without loss.

Canonical means: sorted keys, no blanks, text left as it is, times in UTC, and
no key for a field that has its default. Two equal documents give the same
bytes, so that a hash over them means something.
"""

import dataclasses
import json
import types
from datetime import UTC, date, datetime
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

_HINTS: dict[type, dict[str, Any]] = {}


class CanonicalError(ValueError):
    """The JSON does not fit the dataclass; the message names the place."""


def dumps(value: Any) -> str:
    """Write canonical JSON.

    Raises:
        UnicodeEncodeError: if a string holds half a surrogate pair.
    """
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text.encode()
    return text


def loads(text: str | bytes) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        CanonicalError: if it is not one.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CanonicalError(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise CanonicalError("not a JSON object")
    return value


def encode(value: Any) -> Any:
    """Turn a dataclass, tuple, date or plain value into what JSON can say.

    Raises:
        CanonicalError: for a time without a zone.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: encode(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if getattr(value, field.name) != field.default
        }
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise CanonicalError(f"{value.isoformat()}: a time needs its zone")
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value


def decode(kind: type[T], data: Any, place: str = "") -> T:
    """Build a dataclass from what :func:`encode` made of one.

    Raises:
        CanonicalError: for an unknown key, a missing one or a value of another type.
    """
    if not isinstance(data, dict):
        raise CanonicalError(f"{place or 'document'}: expected an object")
    hints = _HINTS.get(kind) or _HINTS.setdefault(kind, get_type_hints(kind))
    if unknown := data.keys() - hints.keys():
        raise CanonicalError(f"{place or 'document'}: unknown field {sorted(unknown)[0]!r}")
    values = {name: _value(hints[name], item, f"{place}.{name}".lstrip(".")) for name, item in data.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise CanonicalError(f"{place or 'document'}: {error}") from error


def _value(hint: Any, data: Any, place: str) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        if data is None:
            return None
        hint = next(option for option in get_args(hint) if option is not type(None))
    if get_origin(hint) is tuple:
        return _tuple(hint, data, place)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return decode(hint, data, place)
    if hint in (date, datetime):
        return _moment(hint, data, place)
    if type(data) is not hint:
        raise CanonicalError(f"{place}: expected {hint.__name__}, found {type(data).__name__}")
    return data


def _tuple(hint: Any, data: Any, place: str) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise CanonicalError(f"{place}: expected a list")
    return tuple(_value(get_args(hint)[0], item, f"{place}[{index}]") for index, item in enumerate(data))


def _moment(hint: type[date], data: Any, place: str) -> date:
    if not isinstance(data, str):
        raise CanonicalError(f"{place}: expected a date as text")
    try:
        return hint.fromisoformat(data)
    except ValueError as error:
        raise CanonicalError(f"{place}: {data!r} is not a date") from error
