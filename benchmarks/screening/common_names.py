"""Print how common given and family names are where they are commonest: input of make_weights.py.

    python3 -m venv names && names/bin/pip install Faker
    names/bin/python benchmarks/screening/common_names.py > common.tsv

Faker (MIT) carries given and family names of some eighty countries, taken from their census and registry offices, partly
with shares. A line: name, largest share in any country's list. A list without shares is taken as evenly spread.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

_ATTRIBUTE = re.compile(
    r"(?:first|last|middle)_names?(?:_(?:male|female|unisex|nonbinary|est|rus))?$|^(?:given|family)_names$|^last_romanized_names$|^first_romanized_names(?:_male|_female)?$"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
EVEN = 0.008
"""The most for a name of a list without shares: a short one says which names are common, not how common."""
FEWEST = 20
"""Shorter lists are no statistics."""


def shares(values: Any) -> dict[str, float]:
    """Share of each name in one list."""
    if isinstance(values, Mapping):
        total = sum(values.values()) or 1.0
        return {str(name): value / total for name, value in values.items()}
    if isinstance(values, Iterable) and not isinstance(values, str):
        names = [value[0] if isinstance(value, tuple) else value for value in values]
        return dict.fromkeys(map(str, names), min(EVEN, 1.0 / max(1, len(set(names)))))
    return {}


def main() -> None:
    """Write names with their largest share."""
    people = importlib.import_module("faker.providers.person")
    best: dict[str, float] = {}
    for module in pkgutil.iter_modules(people.__path__):
        provider = getattr(importlib.import_module(f"faker.providers.person.{module.name}"), "Provider", None)
        for name in dir(provider):
            if not _ATTRIBUTE.search(name):
                continue
            found = shares(getattr(provider, name))
            if len(found) < FEWEST:
                continue
            for text, share in found.items():
                for word in _WORD.findall(text):
                    best[word] = max(best.get(word, 0.0), share)
    for text, share in sorted(best.items()):
        sys.stdout.write(f"{text}\t{share:.6f}\n")


if __name__ == "__main__":
    main()
