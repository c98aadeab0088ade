"""Cases that leave the office as a file: a dossier of some, or the whole chain for an auditor, with the proof in it.

The file holds events as they are stored, so that the receiver checks every hash and signature and makes the cases from them
again: nothing else in the file is trusted. In an auditor's pack every event's header is there and only the sampled cases'
contents; which cases those are follows from the auditor's own seed, so that the office cannot choose them.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from border_kit import store
from border_kit.casework import audit, log, schema, summary
from border_kit.casework.audit import LogCheck
from border_kit.casework.case import Case, Casebook
from border_kit.casework.checkpoint import Checkpoint, parse
from border_kit.casework.operators import OFFICE
from border_kit.clock import stamp
from border_kit.errors import InputError, UsageError
from border_kit.findings import Json
from border_kit.text import clean_line

FORMAT = "border_kit export 1"
LARGEST = 400_000_000
"""Bytes of a file that is read."""
MOST_FILES = 200_000_000
"""Bytes of attachments that an export takes along."""

_NUMBER = re.compile(r"\d{4}-\d{4,9}")
_FIELDS = ("seq", "case_id", "kind", "body", "hash", "signatures", "salt", "data")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes a cell for a formula by (OWASP, CSV injection), full-width forms among it."""


def dossier(
    book: Casebook, numbers: Sequence[str], attachments: Path | None, *, at: datetime
) -> tuple[dict[str, Json], str]:
    """An export of some cases, with their files where a folder is given; and the SHA-256 of its events. Raises InputError."""
    cases = [book.show(number) for number in dict.fromkeys(numbers)]
    wanted = frozenset([OFFICE, *(case.row.case_id for case in cases)])
    rows = book.stored(wanted)
    document: dict[str, Json] = {
        **_head(book, at),
        "complete": False,
        "cases": [case.to_json() for case in cases],
        "events": [dict(row) for row in rows],
        "files": [dict(row) for row in _files(cases, attachments)] if attachments else [],
    }
    return document, _digest(rows)


def audit_pack(book: Casebook, seed: str, size: int, *, at: datetime) -> tuple[dict[str, Json], str]:
    """The whole chain, with the contents of the office's own events and of the cases that an auditor's seed draws."""
    words = clean_line(seed, 200)
    if not words:
        raise UsageError("seed_missing", "The auditor names a seed: any words.", "Give --seed TEXT.")
    rows = book.stored(None)
    drawn = sample((row["case_id"] for row in rows if row["kind"] == "opened"), words, size)
    shown = frozenset([OFFICE, *drawn])
    kept = [row if row["case_id"] in shown else {**row, "salt": None, "data": None} for row in rows]
    document: dict[str, Json] = {
        **_head(book, at),
        "complete": True,
        "seed": words,
        "size": size,
        "sampled": list(drawn),
        "cases": [book.show(number).to_json() for number in drawn],
        "events": [dict(row) for row in kept],
        "files": [],
    }
    return document, _digest(kept)


def sample(numbers: Iterable[str], seed: str, size: int) -> tuple[str, ...]:
    """The cases that a seed draws: those whose number, hashed with it, comes first. Repeatable by whoever knows the seed."""
    ranked = sorted(numbers, key=lambda number: hashlib.sha256(f"{seed}\n{number}".encode()).digest())
    return tuple(sorted(ranked[: max(0, size)]))


def _head(book: Casebook, at: datetime) -> dict[str, Json]:
    office = book.office
    return {
        "format": FORMAT,
        "office": office.id if office else None,
        "at": stamp(at),
        "operator": book.author.badge,
        "checkpoint": str(book.checkpoint(at=at)),
    }


def _digest(rows: Iterable[Mapping[str, Any]]) -> str:
    found = hashlib.sha256()
    for row in rows:
        found.update(f"{row['seq']} {row['hash']}\n".encode())
    return found.hexdigest()


def _files(cases: Iterable[Case], folder: Path) -> Iterable[dict[str, Json]]:
    """The attachments of cases, those that still answer to their hash."""
    left, seen = MOST_FILES, set[str]()
    for case in cases:
        for event in case.events:
            digest = str(event.data.get("sha256", "")) if event.kind == "attached" else ""
            if not digest or digest in seen:
                continue
            seen.add(digest)
            try:
                content = (folder / digest[:2] / digest).read_bytes()
            except OSError:
                continue
            left -= len(content)
            if left < 0:
                raise InputError("export_large", "The attachments are too large for one file.", "Export fewer cases.")
            if hashlib.sha256(content).hexdigest() == digest:
                yield {"sha256": digest, "name": event.data["name"], "content": b64encode(content).decode()}


@dataclass(frozen=True, slots=True)
class Received:
    """An export that proved itself: whose it is, the check of its log, its cases made from its events, its files by hash."""

    office: str | None
    at: str
    operator: str | None
    checkpoint: Checkpoint
    complete: bool
    check: LogCheck
    cases: tuple[Case, ...]
    files: Mapping[str, tuple[str, bytes]]
    seed: str | None
    sampled: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """As `case read` prints it."""
        return {
            "office": self.office,
            "at": self.at,
            "operator": self.operator,
            "complete": self.complete,
            "log": self.check.to_json(),
            "checkpoint": self.checkpoint.to_json(),
            "seed": self.seed,
            "sampled": list(self.sampled),
            "cases": [case.to_json() for case in self.cases],
            "files": [
                {"sha256": digest, "name": name, "bytes": len(content)}
                for digest, (name, content) in self.files.items()
            ],
        }


def read(content: bytes, checkpoints: Iterable[Checkpoint] = (), seed: str | None = None) -> Received:
    """Check an export and make its cases again. Raises InputError for one that does not prove itself, naming the first bad event."""
    document = _document(content)
    rows = _rows(document["events"])
    complete = document.get("complete") is True
    head = parse(str(document["checkpoint"]))
    inside = {row["seq"] for row in rows}
    held = [item for item in (head, *checkpoints) if complete or item.seq in inside]
    check = audit.verify_rows(rows, held, whole=complete, contents=False)
    if not check.intact:
        raise _bad(f"event {check.first_bad}: {check.fault}")
    if head.signature and not audit.signed_by(head, rows):
        raise _bad("its checkpoint is not signed by the office")
    office = next((row for row in rows if row["case_id"] == OFFICE and row["kind"] == "office_enrolled"), None)
    sampled = _sampled(document, rows, seed) if complete else ()
    cases = _cases(rows, sampled if complete else None)
    if [case.to_json() for case in cases] != document["cases"]:
        raise _bad("the cases that it shows are not those of its events")
    return Received(
        office=json.loads(office["data"])["office"] if office and office["data"] else None,
        at=str(document["at"]),
        operator=str(document["operator"]) if document.get("operator") else None,
        checkpoint=head,
        complete=complete,
        check=check,
        cases=tuple(cases),
        files=_attachments(document["files"], cases),
        seed=str(document["seed"]) if complete else None,
        sampled=sampled,
    )


def _bad(why: str) -> InputError:
    return InputError("export_bad", f"This export does not prove itself: {why}.", "Ask the sender for it again.")


def _document(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _bad(f"it is no export of this kit ({clean_line(str(error), 80)})") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise _bad("it is no export of this version of the kit")
    if not all(isinstance(found.get(name), list) for name in ("events", "cases", "files")):
        raise _bad("its parts are missing")
    if not all(isinstance(found.get(name), str) for name in ("at", "checkpoint")):
        raise _bad("it does not say when it was made")
    return found


def _rows(given: Sequence[Any]) -> list[dict[str, Any]]:
    """The stored events, every field of its type."""
    rows: list[dict[str, Any]] = []
    for item in given:
        if not isinstance(item, dict) or set(item) != set(_FIELDS) or type(item["seq"]) is not int:
            raise _bad("an event lacks a field")
        optional = ("signatures", "salt", "data")
        for name in _FIELDS[1:]:
            if not isinstance(item[name], str) and not (name in optional and item[name] is None):
                raise _bad(f"event {item['seq']}: the field {name} makes no sense")
        rows.append(item)
    return rows


def _sampled(document: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], seed: str | None) -> tuple[str, ...]:
    """The sampled cases, drawn again: by the auditor's own seed where it is given."""
    own, size = str(document.get("seed", "")), document.get("size")
    if seed is not None and clean_line(seed, 200) != own:
        raise _bad("it was drawn with another seed than yours")
    if type(size) is not int:
        raise _bad("it does not say how many cases were drawn")
    drawn = sample((row["case_id"] for row in rows if row["kind"] == "opened"), own, size)
    if list(drawn) != document.get("sampled"):
        raise _bad("its sample is not the one that the seed draws")
    return drawn


def _cases(rows: Sequence[Mapping[str, Any]], sampled: Sequence[str] | None) -> list[Case]:
    """Cases made again from their events, in a casebook of their own in memory."""
    connection = store.memory()
    book = Casebook(connection)
    told = {row["case_id"] for row in rows if row["kind"] == log.RETENTION}
    shown = {row["case_id"] for row in rows if row["kind"] == "opened"} if sampled is None else set(sampled)
    short = {row["case_id"] for row in rows if row["data"] is None and '"content":' in row["body"]} - told
    if not all(_NUMBER.fullmatch(number) for number in shown):
        raise _bad("a case has a number that is none")
    if short & shown:
        raise _bad(f"contents of {min(short & shown)} are missing")
    try:
        with store.writing(connection):
            for row in rows:
                if row["case_id"] in shown:
                    schema.take_row(connection, row)
            summary.rebuild(connection)
        order = dict.fromkeys(row["case_id"] for row in rows if row["case_id"] in shown)
        return [book.show(number) for number in order]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, sqlite3.Error) as error:
        raise _bad(f"its events make no case ({type(error).__name__})") from error
    finally:
        book.close()


def _attachments(given: Sequence[Any], cases: Iterable[Case]) -> dict[str, tuple[str, bytes]]:
    """Files by hash, each one that an event names and that answers to its hash."""
    named = {
        str(event.data.get("sha256")): str(event.data.get("name"))
        for case in cases
        for event in case.events
        if event.kind == "attached"
    }
    found: dict[str, tuple[str, bytes]] = {}
    for item in given:
        try:
            digest, content = str(item["sha256"]), b64decode(item["content"], validate=True)
        except (KeyError, TypeError, ValueError) as error:
            raise _bad("a file in it makes no sense") from error
        if digest not in named or hashlib.sha256(content).hexdigest() != digest:
            raise _bad("a file in it is not the one that was attached")
        found[digest] = (named[digest], content)
    return found


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """Rows as CSV (RFC 4180, UTF-8 with a mark for spreadsheets); no cell can be taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([harmless("" if row[name] is None else str(row[name])) for name in columns])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def harmless(cell: str) -> str:
    """A cell that a spreadsheet takes for text: what begins like a formula gets an apostrophe before it."""
    shown = clean_line(cell, 32_000)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
