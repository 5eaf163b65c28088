"""The table as words and as a Mermaid picture, for docs/workflow.md."""

from __future__ import annotations

from claims.workflow.table import TABLE


def mermaid() -> str:
    """The state diagram, one line for each edge."""
    lines = ["stateDiagram-v2", "    [*] --> new"]
    for row in TABLE:
        if row.target is None:
            continue
        lines += [f"    {source} --> {row.target}: {row.action}" for source in row.sources]
    return "\n".join(lines)


def markdown() -> str:
    """The table as a Markdown page with the picture under it."""
    head = "| action | from | to | who | must hold |\n|---|---|---|---|---|"
    body = "\n".join(
        f"| {row.action} | {', '.join(row.sources)} | {row.target or 'as before'} | {', '.join(row.who)} | "
        f"{', '.join((*row.guards, *(('reason',) if row.needs_reason else ()))) or '-'} |"
        for row in TABLE
    )
    return (
        "# Workflow\n\nMade from `claims/workflow/table.py` by `manage.py workflow_diagram`. Do not edit by hand.\n\n"
        f"{head}\n{body}\n\n```mermaid\n{mermaid()}\n```\n"
    )
