"""The stand-ins, for every test of this room."""

from __future__ import annotations

from tests.standins.fixtures import public_web, services, stand_in

__all__ = ["public_web", "services", "stand_in"]
