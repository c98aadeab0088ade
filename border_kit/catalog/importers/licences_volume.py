"""A registry's rows in its authority's volume, and what a new run changed."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from border_kit.catalog import writer
from border_kit.catalog.importers.base import Findings, Skipped, Tally
from border_kit.catalog.importers.licences import Licence, Registry
from border_kit.catalog.importers.parties_volume import Edition
from border_kit.catalog.writer import Row, to_cell
from border_kit.errors import InputError

_SLUG = 40


def volume_name(authority: str) -> str:
    """The volume of an authority: `XA/LA-01` is `licences-xa-la-01` (small letters, digits and hyphens: FAT-safe)."""
    slug = re.sub(r"[^a-z0-9]+", "-", authority.casefold()).strip("-")
    if slug and len(slug) <= _SLUG and slug == re.sub(r"[/ _-]+", "-", authority.casefold()):
        return f"licences-{slug}"
    # What was cut or lost is told apart by a digest, so that two authorities never share a volume.
    return f"licences-{slug[:_SLUG]}-{hashlib.sha256(authority.encode()).hexdigest()[:8]}".replace("--", "-")


@dataclass(frozen=True, slots=True)
class Before:
    """What the volume said until now: run and date, each licence's content, and the history of its statuses."""

    run: int | None = None
    edition: str | None = None
    content: dict[str, str] = field(default_factory=dict)
    statuses: list[Row] = field(default_factory=list)
    editions: list[Row] = field(default_factory=list)


def before(connection: sqlite3.Connection) -> Before:
    """Read what an installed volume says."""
    authority = connection.execute("SELECT run FROM authority").fetchone()
    edition = connection.execute("SELECT max(edition) FROM edition WHERE demo = 0").fetchone()
    real = edition[0] is not None
    rows = connection.execute("SELECT * FROM licence").fetchall() if real else []
    return Before(
        run=authority["run"] if authority and real else None,
        edition=edition[0],
        content={row["number"]: _content(connection, row) for row in rows},
        statuses=[dict(row) for row in connection.execute("SELECT * FROM licence_status")] if real else [],
        editions=[dict(row) | {"current": 0} for row in connection.execute("SELECT * FROM edition WHERE demo = 0")],
    )


def _content(connection: sqlite3.Connection, licence: sqlite3.Row) -> str:
    found: list[Any] = [[licence[key] for key in licence.keys() if key != "edition"]]  # noqa: SIM118 - a Row iterates values
    for table in ("licence_line", "licence_usage", "obligation"):
        rows = connection.execute(f"SELECT * FROM {table} WHERE licence = ? ORDER BY id", (licence["number"],))
        found += [[row[key] for key in row.keys() if key != "edition"] for row in rows]  # noqa: SIM118 - the same
    return to_cell(found)


def fill(connection: sqlite3.Connection, registry: Registry, edition: Edition, known: Before) -> tuple[Tally, Findings]:
    """Fill a new volume with a registry; the history of statuses goes on.

    Raises:
        InputError: the run or the edition is older than the one installed.
    """
    _refuse_older(registry, edition, known)
    skipped = Findings()
    taken = list(_taken(registry.licences, skipped))
    tally = Tally(registry.authority, edition.date, edition.assumed, taken=len(taken))
    editions = [row for row in known.editions if row["id"] != edition.id]
    writer.insert(
        connection,
        "licences",
        {
            "edition": [*editions, edition.row()],
            "authority": [_authority(registry, edition)],
            "licence": [_licence(licence.data, registry.authority, edition.id) for licence in taken],
            "licence_status": _statuses(taken, edition, known),
            "licence_line": [row for licence in taken for row in _lines(licence.data, edition.id)],
            "licence_usage": [row for licence in taken for row in _usage(licence.data, edition.id)],
            "obligation": [row for licence in taken for row in _obligations(licence.data, edition.id)],
        },
    )
    now = before_content(connection)
    tally.added = len(set(now) - set(known.content))
    tally.ended = len(set(known.content) - set(now))
    tally.changed = sum(1 for number in set(now) & set(known.content) if now[number] != known.content[number])
    return tally, skipped


def before_content(connection: sqlite3.Connection) -> dict[str, str]:
    """Each licence's content, by number."""
    rows = connection.execute("SELECT * FROM licence").fetchall()
    return {row["number"]: _content(connection, row) for row in rows}


def _refuse_older(registry: Registry, edition: Edition, known: Before) -> None:
    if registry.run is not None and known.run is not None and registry.run < known.run:
        raise InputError(
            "run_older",
            f"Run {registry.run} of {registry.authority} is older than the one installed (run {known.run}).",
            "Ask the authority for the current run.",
        )
    if known.edition is not None and edition.date < known.edition:
        raise InputError(
            "edition_older",
            f"The registry of {edition.date} is older than the one installed ({known.edition}).",
            "Ask the authority for the current run, or give the right date with --edition.",
        )


def _taken(found: Iterable[Licence | Skipped], skipped: Findings) -> Iterator[Licence]:
    for row in found:
        if isinstance(row, Skipped):
            skipped.add(row)
        else:
            yield row


def _authority(registry: Registry, edition: Edition) -> Row:
    return {
        "id": registry.authority, "name": registry.name, "phone": registry.phone, "run": registry.run,
        "as_of": edition.date, "demo": int(edition.demo),
    }  # fmt: skip


def _licence(data: Any, authority: str, edition: str) -> Row:
    plain = {key: data.get(key) or None for key in ("cti", "holder", "consignee", "end_user", "valid_from", "valid_to")}
    return {
        "number": data["number"], "authority": authority, "status_index": data.get("status_index"), "type": data["type"],
        "status": data["status"], **plain,
        "destinations": to_cell([code.upper() for code in data.get("destinations") or []]),
        "conditions": to_cell(data.get("conditions") or []), "edition": edition,
    }  # fmt: skip


def _statuses(taken: list[Licence], edition: Edition, known: Before) -> list[Row]:
    """The history so far, and a row for each licence whose status is not the last one known."""
    kept = [row for row in known.statuses if row["edition"] != edition.id]
    last: dict[Any, Row] = {}
    for row in sorted(kept, key=lambda row: str(row["from_date"])):
        last[row["licence"]] = row
    new: list[Row] = []
    for licence in taken:
        number, status = licence.data["number"], licence.data["status"]
        if number not in last or last[number]["status"] != status:
            row = {
                "id": f"{number}@{edition.date}",
                "licence": number,
                "status": status,
                "from_date": edition.date,
                "edition": edition.id,
            }
            new.append(row)
    return [*kept, *new]


def _lines(data: Any, edition: str) -> Iterator[Row]:
    keys = ("control_code", "hs", "description", "quantity", "unit", "value", "currency")
    for line in data.get("lines") or ():
        plain = {key: line.get(key) or None for key in keys}
        yield {
            "id": f"{data['number']}/{line['no']}",
            "licence": data["number"],
            "no": line["no"],
            **plain,
            "edition": edition,
        }


def _usage(data: Any, edition: str) -> Iterator[Row]:
    for at, row in enumerate(data.get("usage") or ()):
        plain = {key: row.get(key) or None for key in ("quantity", "value", "currency", "declaration", "date")}
        yield {
            "id": f"{data['number']}/u{at:06}", "licence": data["number"], "line": row["line"], **plain,
            "type": row.get("type", "O"), "edition": edition,
        }  # fmt: skip


def _obligations(data: Any, edition: str) -> Iterator[Row]:
    for at, row in enumerate(data.get("obligations") or ()):
        plain = {key: row.get(key) or None for key in ("due", "condition")}
        yield {
            "id": f"{data['number']}/o{at:04}",
            "licence": data["number"],
            "kind": row["kind"],
            **plain,
            "edition": edition,
        }
