"""Criteria trees in words, for an officer to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from border_kit.findings import Json

_WORDS = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than", "==": "exactly", "is": "is"}


def tree_words(node: Mapping[str, Any], names: Mapping[str, str], depth: int = 0) -> list[Json]:
    """A tree as lines, indented by depth; `names` gives each parameter's name.

    A citation of a leaf stands behind it in brackets.
    """
    pad = "  " * depth
    for word, shown in (("all", "all of:"), ("any", "any of:")):
        if word in node:
            lines: list[Json] = [pad + shown]
            for child in node[word]:
                lines += tree_words(child, names, depth + 1)
            return lines
    if "not" in node:
        return [pad + "not:", *tree_words(node["not"], names, depth + 1)]
    return [pad + leaf_words(node, names)]


def leaf_words(leaf: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """One condition: `frame rate at most 9 Hz [Note 4.a]`."""
    name = names.get(leaf["parameter"], leaf["parameter"])
    unit = f" {leaf['unit']}" if leaf.get("unit") and leaf["op"] != "is" else ""
    cite = f" [{leaf['cite']}]" if leaf.get("cite") else ""
    return f"{name} {_WORDS[leaf['op']]} {leaf['value']}{unit}{cite}"


def release_words(release: Mapping[str, Any], names: Mapping[str, str]) -> Json:
    """A note that takes goods out: what it says, when it applies, and where the goods then stand."""
    return {
        "note": release["note"],
        "when": tree_words(release["when"], names),
        "then": release.get("to"),
        "citation": release["cite"],
    }
