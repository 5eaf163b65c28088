"""All kinds of steps, found in this folder. A new step needs no other file to know of it."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from typing import Any, TypeVar

import claims.steps
from claims.steps.base import Step

_kinds: dict[str, Step] = {}
Kind = TypeVar("Kind", bound=type[Step])


def register(cls: Kind) -> Kind:
    """Class decorator: make the step known under its kind. Two steps of one kind are a mistake in the code."""
    known = _kinds.get(cls.kind)
    if known is not None and type(known).__qualname__ != cls.__qualname__:
        raise ValueError(f"Two steps are called {cls.kind!r}: {type(known).__name__} and {cls.__name__}.")
    _kinds[cls.kind] = cls()
    return cls


def get(kind: str) -> Step | None:
    """The step of that kind; None for one that this version of the tool does not know."""
    _load()
    return _kinds.get(kind)


def label(kind: str) -> Any:
    """What people call it; the kind itself for one that is not known (any more)."""
    step = get(kind)
    return step.label if step else kind


def claim_steps() -> list[Step]:
    """The steps every claim gets, in the order of the claim page."""
    return [step for step in _of("claim") if step.planned]


def article_steps() -> list[Step]:
    """The steps that bring an article in."""
    return _of("article")


def document_steps() -> list[Step]:
    """The steps that bring a document into the library."""
    return _of("document")


def _of(subject: str) -> list[Step]:
    _load()
    return sorted(
        (step for step in _kinds.values() if step.subject == subject), key=lambda step: step.position
    )


@functools.cache
def _load() -> None:
    for module in pkgutil.iter_modules(claims.steps.__path__):
        importlib.import_module(f"{claims.steps.__name__}.{module.name}")
