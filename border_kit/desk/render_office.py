"""The office's own affairs as plain text: operators and keys, precedents, inspections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from border_kit.text import clean_line

Document = Mapping[str, Any]


def office(document: Document | None) -> str:
    """The office, its key, and everybody enrolled."""
    if document is None:
        return "No office is enrolled here: events are unsigned. Enrol one with: border-kit operator enrol --help"
    shown = [f"OFFICE {clean_line(document['office'])}  key {document['key']}"]
    for row in document["operators"]:
        state = "" if row["active"] else "  (retired)"
        shown.append(f"  {row['badge']:12} {row['role']:11} key {row['key']}  {clean_line(row['name'])}{state}")
    return "\n".join(shown)


def precedent(row: Document) -> str:
    """A ruling of a past case on a like line."""
    entry = f" under {row['entry']}" if row["entry"] else ""
    said = f"{row['outcome'].replace('_', ' ')}{entry}, {row['authority']} {row['reference']}"
    return clean_line(
        f"line {row['for_line']} is like case {row['case']} line {row['line']}: {said} ({row['at'][:10]})"
    )


def inspection(result: Document) -> str:
    """What an inspection of serial numbers found."""
    shown = [f"agree: {len(result['matched'])}"]
    shown += [f"mistyped? licensed {row['licensed']}, seen {row['seen']}" for row in result["mistyped"]]
    shown += [f"missing: {number}" for number in result["missing"]]
    shown += [f"not licensed: {number}" for number in result["extra"]]
    shown += [f"seen {row['times']} times: {row['seen']}" for row in result["seen_twice"]]
    return "\n".join(clean_line(line) for line in shown)
