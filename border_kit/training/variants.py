"""Seeded variants: `{field}` or `{field.part}` in any text of a scenario stands for a value that a seed draws.

The same seed draws the same values, on every machine: the draw is a digest of seed and field (no state, no platform).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from border_kit.catalog.sources import Key
from border_kit.text import clean

Values = Mapping[str, str]
"""What each placeholder stands for."""

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)\}")

Fields = Mapping[str, list[Any]]


def draw(fields: Fields, seed: int | None) -> Values:
    """The values of a seed; None takes the first value of every field, as the author wrote the scenario."""
    return _values({name: found[_index(name, seed, len(found))] for name, found in fields.items()})


def covering(fields: Fields) -> Iterator[Values]:
    """The fewest draws in which every value of every field comes at least once, the author's own first."""
    for position in range(max([len(found) for found in fields.values()], default=1)):
        yield _values({name: found[position % len(found)] for name, found in fields.items()})


def _index(name: str, seed: int | None, count: int) -> int:
    if seed is None:
        return 0
    return int.from_bytes(hashlib.sha256(f"{seed}:{name}".encode()).digest()[:8]) % count


def _values(chosen: Mapping[str, Any]) -> Values:
    found: dict[str, str] = {}
    for name, value in chosen.items():
        if isinstance(value, Mapping):
            found |= {f"{name}.{part}": text for part, text in value.items()}
        else:
            found[name] = value
    return found


def fill(data: Any, values: Values) -> Any:
    """A copy of a document with every text made safe and its placeholders filled; unknown ones stay as they are."""
    if isinstance(data, str):
        return _PLACEHOLDER.sub(lambda match: values.get(match.group(1), match.group()), clean(data))
    if isinstance(data, list):
        return [fill(item, values) for item in data]
    if isinstance(data, dict):
        return {key: fill(value, values) for key, value in data.items()}
    return data


def unfilled(data: Any, path: Key = ()) -> Iterator[tuple[Key, str]]:
    """Every placeholder that is still there, with its place."""
    if isinstance(data, str):
        yield from ((path, name) for name in _PLACEHOLDER.findall(data))
    elif isinstance(data, list):
        for position, item in enumerate(data):
            yield from unfilled(item, (*path, position))
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from unfilled(value, (*path, key))
