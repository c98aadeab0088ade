"""`ofac-csv`: the legacy CSV files of the United States Treasury's OFAC, a folder of them.

Layout (OFAC, "SDN data specification" dat_spec.txt): no header; `-0- ` is empty; the last line is a lone Ctrl-Z. `sdn.csv` (or
`cons_prim.csv`) has one party a row, `alt.csv` its other names, `add.csv` its addresses, `sdn_comments.csv` what did not fit
into the remarks; all joined by the first column.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from border_kit.catalog.importers import tables
from border_kit.catalog.importers.base import MAX_CELL, Batch, Listing, Name, Order, Skipped
from border_kit.catalog.importers.ofac_remarks import Remarks, parse_remarks
from border_kit.errors import InputError
from border_kit.shipment.countries import country_code
from border_kit.text import clean_line

SETS = (
    ("OFAC-SDN", "sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv"),
    ("OFAC-CONS", "cons_prim.csv", "cons_alt.csv", "cons_add.csv", "cons_comments.csv"),
)
_KINDS = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft", "": "organisation"}
_QUALITIES = {"aka": "alias", "nka": "alias", "fka": "former"}
_MAIN, _ALT, _ADD = 12, 5, 6
_END = "\x1a"


@dataclass(slots=True)
class _Joined:
    """What stands in the other files, by party."""

    names: dict[str, list[Name]] = field(default_factory=lambda: defaultdict(list))
    facts: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    comments: dict[str, str] = field(default_factory=lambda: defaultdict(str))


def read(order: Order) -> Batch:
    """Read a folder of OFAC files; they state no date. Raises InputError when its main file is not there."""
    folder = order.path if order.path.is_dir() else tables.regular_file(order.path).parent
    sets = [(name, *files) for name, *files in SETS if _find(folder, files[0])]
    if not sets:
        raise InputError(
            "ofac_missing",
            f"{order.path.name} holds neither sdn.csv nor cons_prim.csv.",
            "Name the folder with the CSV files.",
        )
    return Batch(None, sets[0][0], _all(folder, sets, named=len(sets) > 1), remarks=tuple(_missing(folder, sets)))


def _missing(folder: Path, sets: list[tuple[str, ...]]) -> Iterator[str]:
    """Files of a set that are not there and hold what a search needs."""
    for name, _, alt, add, _ in sets:
        for file, what in ((alt, "other names"), (add, "addresses and countries")):
            if _find(folder, file) is None:
                yield f"{name}: {file} is not in the folder; its parties have no {what}."


def _find(folder: Path, name: str) -> Path | None:
    """A file by its name, whatever its capitals (sticks change them)."""
    return next((path for path in sorted(folder.iterdir()) if path.name.casefold() == name and path.is_file()), None)


def _all(folder: Path, sets: list[tuple[str, ...]], *, named: bool) -> Iterator[Listing | Skipped]:
    for name, *files in sets:
        main, alt, add, comments = (_find(folder, file) for file in files)
        if main is not None:
            joined = _Joined()
            skipped = [*_names(alt, joined), *_addresses(add, joined), *_comments(comments, joined)]
            yield from skipped
            yield from _parties(main, joined, name if named else "")


def _rows(path: Path | None, width: int) -> Iterator[tuple[int, list[str]] | Skipped]:
    """The rows of a file, `-0-` emptied; the end mark is no row."""
    if path is None:
        return
    tables.regular_file(path)
    for row in tables.rows(path, tables.encoding_of(path, fallback="latin-1")):
        if isinstance(row, Skipped):
            yield Skipped(row.row, f"{path.name}: {row.reason}")
        elif not row[1] or row[1][0].strip(_END + " ") == "":
            continue
        elif len(row[1]) < width:
            yield Skipped(row[0], f"{path.name}: {len(row[1])} columns, expected {width}")
        else:
            yield row[0], ["" if cell.strip() == "-0-" else clean_line(cell, MAX_CELL) for cell in row[1]]


def _names(path: Path | None, joined: _Joined) -> Iterator[Skipped]:
    for row in _rows(path, _ALT):
        if isinstance(row, Skipped):
            yield row
        elif row[1][3]:
            joined.names[row[1][0]].append(Name(row[1][3], _QUALITIES.get(row[1][2].casefold(), "alias")))


def _addresses(path: Path | None, joined: _Joined) -> Iterator[Skipped]:
    for row in _rows(path, _ADD):
        if isinstance(row, Skipped):
            yield row
            continue
        party, _, street, city, country = row[1][:5]
        code = country_code(country) if country else None
        if code:
            joined.facts[party].append(("country", code))
        shown = ", ".join(part for part in (street, city, country) if part)
        if shown:
            joined.facts[party].append(("address", shown))


def _comments(path: Path | None, joined: _Joined) -> Iterator[Skipped]:
    for row in _rows(path, 2):
        if isinstance(row, Skipped):
            yield row
        else:
            joined.comments[row[1][0]] += row[1][1]


def _parties(path: Path, joined: _Joined, list_id: str) -> Iterator[Listing | Skipped]:
    for row in _rows(path, _MAIN):
        yield row if isinstance(row, Skipped) else _party(*row, joined, list_id)


def _party(number: int, row: list[str], joined: _Joined, list_id: str) -> Listing | Skipped:
    ref, name, kind, programme, title, call_sign, vessel_type, _, _, flag, owner, remarks = row[:_MAIN]
    if not name or not ref:
        return Skipped(number, f"the {'name' if ref else 'number'} is empty")
    said = parse_remarks(remarks + joined.comments.get(ref, ""))
    columns = [("title", title), ("vessel_type", vessel_type), ("owner", owner)]
    facts = [
        *((kind_of, text) for kind_of, text in columns if text),
        *_flag(flag),
        *said.facts,
        *joined.facts.get(ref, ()),
    ]
    names = [Name(name, "primary"), *joined.names.get(ref, ()), *said.names]
    identifiers = [*([("call_sign", call_sign)] if call_sign else []), *said.identifiers]
    return Listing(
        list=list_id,
        ref=ref,
        kind=_KINDS.get(kind.casefold(), "unknown"),
        caption=name,
        names=tuple({each.text: each for each in reversed(names)}.values())[::-1],
        facts=tuple(dict.fromkeys(facts)),
        identifiers=tuple(dict.fromkeys(identifiers)),
        programme="; ".join(part.strip(" []") for part in programme.split("] [")) or None,
        note=_note(said),
        row=number,
    )


def _flag(flag: str) -> Iterator[tuple[str, str]]:
    if flag:
        yield "flag", flag
        code = country_code(flag)
        if code:
            yield "country", code


def _note(said: Remarks) -> str | None:
    return clean_line("; ".join(said.rest), MAX_CELL) or None
