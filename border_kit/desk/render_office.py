"""The office's own affairs as plain text: operators, keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from border_kit.text import clean_line


def office(document: Mapping[str, Any] | None) -> str:
    """The office, its key, and everybody enrolled."""
    if document is None:
        return "No office is enrolled here: events are unsigned. Enrol one with: border-kit operator enrol --help"
    shown = [f"OFFICE {clean_line(document['office'])}  key {document['key']}"]
    for row in document["operators"]:
        state = "" if row["active"] else "  (retired)"
        shown.append(f"  {row['badge']:12} {row['role']:11} key {row['key']}  {clean_line(row['name'])}{state}")
    return "\n".join(shown)
