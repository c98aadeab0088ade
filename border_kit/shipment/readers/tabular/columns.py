"""Which column is which field: guessed from the header's words, said by the officer, or remembered."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from border_kit.errors import AmbiguousInputError, InputError
from border_kit.shipment.readers.options import ColumnMap
from border_kit.shipment.readers.tabular.words import MULTIPLE, NAME_PART, UNUSED, compact, key, words
from border_kit.text import clean_line
from border_kit.units import find_unit

OPTION = "--columns"

EXACT, STRIPPED, WEAK, PARTIAL = 4, 3, 2, 1

_ASIDE = re.compile(r"[(\[{（【].*?[)\]}）】]")
_CONNECTORS = frozenset(["of", "the", "in", "de", "du", "des", "del", "la", "le", "der", "die", "das", "d", "s", "的"])
_MUST_BE_SURE = frozenset({"consignment", "description", "hs", "quantity", "value", "currency", "destination", "date"})


@dataclass(frozen=True, slots=True)
class Match:
    """What a header means: the `field`, how sure (`level`), how many characters of it were understood (`weight`)."""

    field: str
    level: int
    weight: int


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table.

    `at` gives the positions (from 0) that feed a field; `units` and `currencies` what a column's header states; `remarks`
    how it was read.
    """

    at: dict[str, tuple[int, ...]]
    units: dict[int, str] = field(default_factory=dict)
    currencies: dict[int, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def first(self, name: str) -> int | None:
        """The position that feeds a field, if any does."""
        return self.at[name][0] if self.at.get(name) else None


def header_fingerprint(headers: Sequence[str]) -> str:
    """What tells one header row from another: SHA-256 over its folded words. Files of one sender share it."""
    return hashlib.sha256("\x1f".join(key(clean_line(header, 200)) for header in headers).encode()).hexdigest()


def understand(header: str) -> Match | None:
    """What one header cell means, or None."""
    text = clean_line(header, 200)
    vocabulary = words()
    whole = compact(text)
    if not whole:
        return None
    if whole in vocabulary.fields:
        return Match(vocabulary.fields[whole], WEAK if whole in vocabulary.weak else EXACT, len(whole))
    party = _party(key(text).split())
    if party:
        return Match(party, EXACT, len(whole))
    bare = _bare(text)
    if bare != key(text) and bare:
        found = vocabulary.fields.get(bare.replace(" ", "")) or _party(bare.split())
        if found:
            return Match(found, STRIPPED, len(bare))
    return _partial(bare.split())


def _bare(text: str) -> str:
    """A header without its asides and without a unit or currency at its end."""
    parts = key(_ASIDE.sub(" ", text)).split()
    while len(parts) > 1 and (_is_measure(parts[-1]) or parts[-1] in _CONNECTORS):
        parts.pop()
    return " ".join(parts)


def _is_measure(word: str) -> bool:
    return find_unit(word) is not None or word.upper() in words().currencies


def _party(parts: list[str]) -> str | None:
    """`consignee country`, `name of the end user`: a role, and the part of it that the rest of the header names."""
    vocabulary = words()
    for length in range(len(parts), 0, -1):
        for start in range(len(parts) - length + 1):
            role = vocabulary.roles.get("".join(parts[start : start + length]))
            if role is None:
                continue
            rest = [part for part in (*parts[:start], *parts[start + length :]) if part not in _CONNECTORS]
            if not rest:
                return role
            part = vocabulary.parts.get("".join(rest))
            return None if part is None else role if part == NAME_PART else f"{role}_{part}"
    return None


def _partial(parts: list[str]) -> Match | None:
    """The longest known phrase inside a header, when it makes up half of its words or more."""
    vocabulary = words()
    for length in range(len(parts) - 1, 0, -1):
        if length * 2 < len(parts):
            return None
        for start in range(len(parts) - length + 1):
            phrase = "".join(parts[start : start + length])
            if phrase in vocabulary.fields and phrase not in vocabulary.weak:
                return Match(vocabulary.fields[phrase], PARTIAL, len(phrase))
    return None


def guess(headers: Sequence[str]) -> Columns:
    """Give every field its column. Raises AmbiguousInputError where two columns claim a field that must be sure."""
    claims: dict[str, list[tuple[int, int, int]]] = {}
    for position, header in enumerate(headers):
        match = understand(header)
        if match and match.field not in UNUSED:
            claims.setdefault(match.field, []).append((-match.level, -match.weight, position))
    at: dict[str, tuple[int, ...]] = {}
    for name, found in claims.items():
        ranked = sorted(found)
        if name in MULTIPLE:
            at[name] = tuple(sorted(position for _, _, position in ranked))
            continue
        if len(ranked) > 1 and ranked[0][:2] == ranked[1][:2] and name in _MUST_BE_SURE:
            raise _two_columns(name, [ranked[0][2], ranked[1][2]], headers)
        at[name] = (ranked[0][2],)
    return _finished(at, headers, "read from the header")


def _two_columns(name: str, positions: list[int], headers: Sequence[str]) -> AmbiguousInputError:
    shown = " and ".join(f"{clean_line(headers[position], 60)!r} (#{position + 1})" for position in positions)
    return AmbiguousInputError(
        "columns_ambiguous",
        f"Two columns may be the {name.replace('_', ' ')}: {shown}.",
        f"Say which with {OPTION} {name}=#{positions[0] + 1}.",
        option=OPTION,
    )


def apply(headers: Sequence[str], chosen: ColumnMap, *, remembered: bool = False) -> Columns:
    """The guess, with what the officer chose put over it. Raises InputError when a named column is not there."""
    picked = {name: _position(name, target, headers) for name, target in chosen.fields.items()}
    taken = {position for position in picked.values() if position is not None}
    others = ["" if position in taken else header for position, header in enumerate(headers)]
    for name in picked:
        others = ["" if (match := understand(header)) and match.field == name else header for header in others]
    guessed = guess(others)
    at = {name: where for name, where in guessed.at.items() if name not in picked}
    at |= {name: (position,) for name, position in picked.items() if position is not None}
    return _finished(
        at,
        headers,
        "as remembered for this header"
        if remembered
        else "as said with --columns"
        if picked
        else "read from the header",
    )


def _position(name: str, target: str, headers: Sequence[str]) -> int | None:
    if not target:
        return None
    if target.startswith("#") and target[1:].isdecimal():
        position = int(target[1:]) - 1
        if 0 <= position < len(headers):
            return position
    folded = [key(header) for header in headers]
    if key(target) and folded.count(key(target)) == 1:
        return folded.index(key(target))
    if key(target) and folded.count(key(target)) > 1:
        raise _two_columns(name, [index for index, header in enumerate(folded) if header == key(target)][:2], headers)
    shown = ", ".join(repr(clean_line(header, 30)) for header in headers[:20])
    raise InputError(
        "column_missing",
        f"There is no column {clean_line(target, 60)!r} for {name}.",
        f"The columns are: {shown}.",
        field=name,
    )


def _finished(at: dict[str, tuple[int, ...]], headers: Sequence[str], how: str) -> Columns:
    shown = ", ".join(
        f"{name} ← {clean_line(headers[position], 40)!r}"
        if clean_line(headers[position], 40)
        else f"{name} ← #{position + 1}"
        for name in at
        for position in at[name]
    )
    used = {position for positions in at.values() for position in positions}
    rest = [
        clean_line(header, 40) for position, header in enumerate(headers) if position not in used and header.strip()
    ]
    remarks = [f"Columns ({how}): {shown}."] if at else []
    if rest:
        remarks.append(f"Columns not used: {', '.join(repr(header) for header in rest[:30])}.")
    units, currencies = _measures(headers)
    return Columns(at, units, currencies, tuple(remarks))


def _measures(headers: Sequence[str]) -> tuple[dict[int, str], dict[int, str]]:
    """Units and currencies that headers state: `Net weight (kg)`, `Value EUR`."""
    units: dict[int, str] = {}
    currencies: dict[int, str] = {}
    for position, header in enumerate(headers):
        text = clean_line(header, 200)
        aside = " ".join(part[1:-1] for part in _ASIDE.findall(text))
        last = re.split(r"[\s/,:]+", _ASIDE.sub(" ", text).strip())[-1:]
        for word in (*re.split(r"[\s/,:]+", aside), *(last if len(key(text).split()) > 1 else [])):
            for symbol, code in words().symbols.items():
                if symbol in word:
                    currencies.setdefault(position, code)
            if word.upper() in words().currencies:
                currencies.setdefault(position, word.upper())
            elif word and find_unit(word) is not None:
                units.setdefault(position, word)
    return units, currencies
