"""Control codes as licences print them: `6A003.b.4.b`, `US-CCL/6A003`, `ML10.c`, `VIII(h)(12)`; compared by paragraph."""

from __future__ import annotations

import re

_PART = re.compile(r"[a-z]+|\d+")
_DUAL_USE = re.compile(r"[0-9][a-e][0-9]{3}", re.IGNORECASE)
_DIVISIONS = re.compile(r"[.(]")


def bare(code: str) -> str:
    """A code without the list before it and without spaces."""
    return code.rsplit("/", 1)[-1].replace(" ", "")


def paragraphs(code: str) -> tuple[str, ...]:
    """The parts of a code, root first: `6A003.b.4` is 6, a, 003, b, 4."""
    return tuple(_PART.findall(bare(code).casefold()))


def code_root(code: str) -> str:
    """The entry that a code's paragraph belongs to: `6A003`, `ML10`, `VIII`."""
    text = bare(code)
    match = _DUAL_USE.match(text)
    return match.group() if match else _DIVISIONS.split(text)[0]


def within(one: str, other: str) -> bool:
    """Whether one code is the other or a paragraph of it, whichever is the wider."""
    left, right = paragraphs(one), paragraphs(other)
    shorter = min(len(left), len(right))
    return shorter > 0 and left[:shorter] == right[:shorter]


def same_root(one: str, other: str) -> bool:
    """Whether two codes stand in one entry."""
    return paragraphs(code_root(one)) == paragraphs(code_root(other))


def sisters(one: str, other: str) -> bool:
    """Whether two dual-use codes are of one kind of goods under different regimes: `2B004` and `2B104`, `9A012` and `9A112`.

    Annex I of Reg. (EU) 2021/821 numbers by regime in the hundreds, and repeats the rest where regimes control like goods.
    """
    left, right = code_root(one).upper(), code_root(other).upper()
    numbered = _DUAL_USE.fullmatch(left) and _DUAL_USE.fullmatch(right)
    return bool(numbered) and left[:2] == right[:2] and left[3:] == right[3:]
