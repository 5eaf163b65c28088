"""The administration: the same rows through the same door. Importing the files registers them."""

from claims.admin import articles, claims, desk, history, operations, people, reports

__all__ = ["articles", "claims", "desk", "history", "operations", "people", "reports"]
