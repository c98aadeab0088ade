"""Control codes: how each list writes them, and what stands above a paragraph.

`6A003.b.4.b` (EU and US dual-use), `ML10.c` (munitions lists), `VIII(a)(5)` (USML), `9.A.2.b` (MTCR, NSG and Wassenaar item
numbers, whose first three parts name one item).
"""

from __future__ import annotations

import re

_ITEM = re.compile(r"[0-9]{1,2}\.[A-E]\.[0-9]{1,3}")
_PARTS = re.compile(r"\([^()]*\)|[^.()]+")
_USML = re.compile(r"[IVX]{1,5}(?:\([A-Z0-9]{1,8}\))*")
_CAPITALS = 3
_ECCN = re.compile(r"[0-9][A-E][0-9]{3}")


def qualify(reference: str, default: str = "EU-DU") -> str:
    """A reference with its list: `6A003` becomes `EU-DU/6A003`, `MTCR/9.A.2` stays."""
    return reference if "/" in reference else f"{default}/{reference}"


def split(reference: str) -> tuple[str, str]:
    """List and code of a reference in full. Raises ValueError where it names no list."""
    name, slash, code = reference.partition("/")
    if not slash or not code:
        raise ValueError(f"no list in {reference!r}")
    return name, code


def ancestors(code: str) -> list[str]:
    """The codes above a code, nearest first, down to its root: `6A003.b.4` gives `6A003.b`, `6A003`."""
    item = _ITEM.match(code)
    start = item.end() if item else 0
    ends = [start] if item else []
    ends += [match.end() for match in _PARTS.finditer(code, start)]
    return [code[:end] for end in reversed(ends) if end < len(code.rstrip("."))]


def root(code: str) -> str:
    """The item a paragraph belongs to: `6A003` of `6A003.b.4.b`, `VIII` of `VIII(a)(5)`, `9.A.2` of `9.A.2.b`."""
    above = ancestors(code)
    return above[-1] if above else code


def tidy(code: str) -> str:
    """A code as its list writes it: `6a003.B.4` is `6A003.b.4`, `VIII(A)(5)` is `VIII(a)(5)`; others only lose white space.

    Paragraphs of the Code of Federal Regulations run (a)(1)(i)(A)(1): the fourth level alone has capitals (1 CFR 21.11).
    """
    bare = "".join(code.split()).strip(".")
    head, dot, rest = bare.partition(".")
    if _ECCN.fullmatch(head.upper()):
        return head.upper() + dot + rest.lower()
    if _USML.fullmatch(bare.upper()):
        category, *levels = [match.group() for match in _PARTS.finditer(bare.upper())]
        return category + "".join(level if at == _CAPITALS else level.lower() for at, level in enumerate(levels))
    return bare
