"""Run files: how the entries of one office travel to another, on a stick or by sync.

A run is JSON lines: a header (office, number, first and last entry), the entries in their order, and a trailer with their number,
the sum of the quantities and a hash over the entries. Nothing in it depends on when or where it is read; signing is sync's.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from border_kit.errors import InputError
from border_kit.findings import Json
from border_kit.licensing.entry import Entry, amount, parse
from border_kit.text import clean_line
from border_kit.units import exact

FORMAT = "border-kit usage run 1"
MAX_BYTES = 512_000_000
_MAX_LINE = 100_000
_UNSAFE = re.compile(r"[^a-z0-9]+")
_HEADER = {"format": str, "office": str, "run": int, "first": int, "last": int, "made": str}
_TRAILER = {"entries": int, "quantity_total": str, "hash": str}


@dataclass(frozen=True, slots=True)
class Run:
    """One run: whose, which number, which entries (by their sequence), when it was made, its hash.

    `here` says how it came: `made`, or the moment at which it was taken in.
    """

    office: str
    number: int
    first: int
    last: int
    made: str
    hash: str
    here: str = ""

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return {
            "office": self.office,
            "run": self.number,
            "first": self.first,
            "last": self.last,
            "entries": self.last - self.first + 1,
            "made": self.made,
            "hash": self.hash,
            "here": self.here,
        }


@dataclass(frozen=True, slots=True)
class RunFile:
    """A run with its entries."""

    run: Run
    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, office: str, number: int, made: str, entries: Sequence[Entry]) -> RunFile:
        """A run of entries in their order."""
        run = Run(office, number, entries[0].seq, entries[-1].seq, made, _hash(entries))
        return cls(run, tuple(entries))

    @property
    def name(self) -> str:
        """A file name that every file system takes: `usage-xa-bor-01-3fa9c1-000007.jsonl`."""
        slug = _UNSAFE.sub("-", self.run.office.lower()).strip("-")[:60]
        return f"usage-{slug}-{self.run.number:06}.jsonl"

    def content(self) -> bytes:
        """The file."""
        run = self.run
        head = {
            "format": FORMAT, "office": run.office, "run": run.number, "first": run.first, "last": run.last, "made": run.made,
        }  # fmt: skip
        tail = {"entries": len(self.entries), "quantity_total": _total(self.entries), "hash": run.hash}
        lines = [json.dumps(head, ensure_ascii=False), *(entry.written() for entry in self.entries), json.dumps(tail)]
        return ("\n".join(lines) + "\n").encode("utf-8")


def _hash(entries: Sequence[Entry]) -> str:
    summed = hashlib.sha256()
    for entry in entries:
        summed.update(entry.written().encode("utf-8", "surrogatepass") + b"\n")
    return summed.hexdigest()


def _total(entries: Sequence[Entry]) -> str:
    """The control total: the sum of all quantities, whatever their units."""
    with exact():
        return amount(sum((Decimal(entry.quantity) for entry in entries if entry.quantity), Decimal(0)))


def read(content: bytes, name: str) -> RunFile:
    """Read a run file. Raises InputError with the line and the reason; then nothing of it may be taken."""
    if len(content) > MAX_BYTES:
        raise InputError("run_too_large", f"{name} is larger than {MAX_BYTES:,} bytes.", "It is no run file.")
    lines = content.decode("utf-8", "surrogateescape").removesuffix("\n").split("\n")
    if len(lines) < 3:  # a header, an entry, a trailer
        raise _refused(name, len(lines), "the file was cut off, or is no run file")
    head = _object(name, 1, lines[0], _HEADER)
    if head["format"] != FORMAT:
        raise _refused(name, 1, f"it is no {FORMAT}, but {clean_line(str(head['format']), 60)!r}")
    if not _sound(head):
        raise _refused(name, 1, "the office is no plain text, or the moment none")
    entries = tuple(_entries(name, head, lines[1:-1]))
    tail = _object(name, len(lines), lines[-1], _TRAILER)
    run = Run(head["office"], head["run"], head["first"], head["last"], head["made"], _hash(entries))
    _agree(name, run, entries, tail, len(lines))
    return RunFile(run, entries)


def _sound(head: dict[str, Any]) -> bool:
    try:
        datetime.fromisoformat(head["made"])
    except ValueError:
        return False
    return bool(head["office"]) and clean_line(head["office"], 200) == head["office"]


def _refused(name: str, line: int, reason: str) -> InputError:
    return InputError(
        "run_refused",
        f"{name}, line {line}: {reason}.",
        "Nothing of it was taken. Ask the office for the run again.",
        row=line,
    )


def _object(name: str, no: int, line: str, shape: dict[str, type]) -> dict[str, Any]:
    try:
        found = json.loads(line) if len(line) <= _MAX_LINE else None
    except (ValueError, RecursionError) as error:
        raise _refused(name, no, f"it is no JSON ({clean_line(str(error), 80)})") from error
    if isinstance(found, dict) and set(found) == set(shape) and all(type(found[key]) is shape[key] for key in shape):
        return found
    raise _refused(name, no, f"it has not the fields {', '.join(shape)}")


def _entries(name: str, head: dict[str, Any], lines: Sequence[str]) -> Iterator[Entry]:
    expected: int = head["first"]
    for no, line in enumerate(lines, start=2):
        try:
            said = json.loads(line) if len(line) <= _MAX_LINE else None
            if not isinstance(said, dict):
                raise ValueError("it is no entry")  # noqa: TRY004, TRY301 - a fault of the file like the others
            entry = parse(said)
            if entry.written() != line:
                raise ValueError("it is not written as entries are")  # noqa: TRY301 - the same
        except (ValueError, RecursionError) as error:
            raise _refused(name, no, clean_line(str(error), 200)) from error
        follows = entry.seq in (
            expected - 1,
            expected,
        )  # an office whose ledger was restored may have written a number twice
        if entry.office != head["office"] or not follows or entry.seq < head["first"]:
            raise _refused(
                name,
                no,
                f"entry {expected} of {clean_line(head['office'], 60)} was expected, and {clean_line(entry.ref, 80)} came",
            )
        expected = entry.seq + 1
        yield entry


def _agree(name: str, run: Run, entries: Sequence[Entry], tail: dict[str, Any], no: int) -> None:
    """Header, entries and trailer must say the same."""
    if run.last != entries[-1].seq or run.number < 1 or run.first < 1:
        raise _refused(name, 1, "the header does not say which entries there are")
    if tail["entries"] != len(entries):
        raise _refused(name, no, f"the trailer counts {tail['entries']} entries, and there are {len(entries)}")
    if tail["quantity_total"] != _total(entries):
        raise _refused(name, no, "the sum of the quantities is another")
    if tail["hash"] != run.hash:
        raise _refused(name, no, "the hash total is another: the file was damaged or changed")
