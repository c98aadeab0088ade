"""Country names as lists print them → ISO 3166-1 alpha-2 codes.

`countries.csv`: codes and usual names from the time-zone database's `iso3166.tab` (public domain); official, inverted and former
names added from the forms that the United Nations' M49 standard and United States sanctions lists print. XK is the user-assigned code in
general use for Kosovo; AN was withdrawn in 2011.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from border_kit.text import tokens

_SMALL = frozenset({"the", "of", "and", "region"})
_CODE_LENGTH = 2


def country_code(name: str) -> str | None:
    """The alpha-2 code of a country's name or code; None where it is none that is known."""
    bare = name.strip().rstrip(".")
    if len(bare) == _CODE_LENGTH and bare.isascii() and bare.isalpha():
        return bare.upper()
    return _table().get(_key(bare))


def _key(name: str) -> frozenset[str]:
    """The words of a name in any order: `Korea, North` is `North Korea`."""
    return frozenset("saint" if word.text == "st" else word.text for word in tokens(name[:200])) - _SMALL


@lru_cache(maxsize=1)
def _table() -> dict[frozenset[str], str]:
    with Path(__file__).with_name("countries.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {_key(name): row["code"] for row in rows for name in row["names"].split(";")}
