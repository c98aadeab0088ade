"""A registry's rows in its authority's volume, and what a new run changed.

A registry comes whole (a licence that is no longer in it ends) or as what changed (UK licence data). Either way a licence that
changed ends and begins again, so that the past can still be asked. Changes are applied by run, whatever order they come in:
an older run never undoes a newer one.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from border_kit.catalog import writer
from border_kit.catalog.drawing import fold_number
from border_kit.catalog.importers import licence_usage
from border_kit.catalog.importers.base import Findings, Skipped, Tally
from border_kit.catalog.importers.licences import PLACES, Licence, Registry
from border_kit.catalog.importers.parties_volume import Edition
from border_kit.catalog.writer import Row, to_cell
from border_kit.errors import InputError

_SLUG = 40
_TABLES = (
    "country_group",
    "obligation",
    "licence_usage",
    "licence_status",
    "licence_line",
    "licence",
    "registry_run",
    "authority",
    "edition",
)


def volume_name(authority: str) -> str:
    """The volume of an authority: `XA/LA-01` is `licences-xa-la-01` (small letters, digits and hyphens: FAT-safe)."""
    slug = re.sub(r"[^a-z0-9]+", "-", authority.casefold()).strip("-")
    if slug and len(slug) <= _SLUG and slug == re.sub(r"[/ _-]+", "-", authority.casefold()):
        return f"licences-{slug}"
    # What was cut or lost is told apart by a digest, so that two authorities never share a volume.
    return f"licences-{slug[:_SLUG]}-{hashlib.sha256(authority.encode()).hexdigest()[:8]}".replace("--", "-")


def drop_demo(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Empty a demo registry: fiction never stands beside a real one. Gives the lists that went."""
    demo = tuple(row[0] for row in connection.execute("SELECT DISTINCT list FROM edition WHERE demo = 1 ORDER BY list"))
    for table in _TABLES if demo else ():
        connection.execute(f"DELETE FROM {table}")
    return demo


def merge(
    connection: sqlite3.Connection, registry: Registry, edition: Edition
) -> tuple[Tally, Findings, tuple[str, ...]]:
    """Bring a registry, or what changed in it, into its volume.

    Args:
        connection: the volume, in a transaction.
        registry: what the reader found.
        edition: the edition that it becomes.

    Returns:
        What happened, the rows that were skipped, and remarks (a run that is missing, totals that do not agree).

    Raises:
        InputError: the run or the edition is older than the one installed, or is here already with another content.
    """
    _refuse(connection, registry, edition)
    work = _Merge(connection, registry, edition)
    work.take_all()
    if registry.kind == "registry":
        work.end_absent()
    work.write()
    _note_run(connection, registry, edition)
    return work.tally, work.skipped, (*work.remarks, *_gaps(connection, registry.kind))


def _refuse(connection: sqlite3.Connection, registry: Registry, edition: Edition) -> None:
    if registry.reset:
        connection.execute("DELETE FROM registry_run WHERE kind = ?", (registry.kind,))
    if registry.kind == "registry":
        _refuse_older(connection, registry, edition)
    elif registry.run is not None:
        here = connection.execute(
            "SELECT digest FROM registry_run WHERE kind = ? AND run = ?", (registry.kind, registry.run)
        ).fetchone()
        if here is not None and here[0] != registry.digest:
            raise InputError(
                "run_conflict",
                f"Run {registry.run} of {registry.authority} is here already with another content.",
                "Ask the authority which of the two files is good.",
            )


def _refuse_older(connection: sqlite3.Connection, registry: Registry, edition: Edition) -> None:
    run = connection.execute("SELECT max(run) FROM registry_run WHERE kind = 'registry'").fetchone()[0]
    if registry.run is not None and run is not None and registry.run < run:
        raise InputError(
            "run_older",
            f"Run {registry.run} of {registry.authority} is older than the one installed (run {run}).",
            "Ask the authority for the current run.",
        )
    newest = connection.execute("SELECT max(edition) FROM edition").fetchone()[0]
    if newest is not None and edition.date < newest:
        raise InputError(
            "edition_older",
            f"The registry of {edition.date} is older than the one installed ({newest}).",
            "Ask the authority for the current run, or give the right date with --edition.",
        )


def _note_run(connection: sqlite3.Connection, registry: Registry, edition: Edition) -> None:
    """The run, the edition, and as of which run the authority is known now."""
    label = f"{registry.kind}#{registry.run if registry.run is not None else registry.digest[:16] or edition.date}"
    connection.execute("DELETE FROM registry_run WHERE id = ?", (label,))
    connection.execute("DELETE FROM edition WHERE id = ?", (edition.id,))
    writer.insert(
        connection,
        "licences",
        {
            "edition": [edition.row()],
            "registry_run": [
                {
                    "id": label, "kind": registry.kind, "run": registry.run, "as_of": edition.date,
                    "digest": registry.digest, "edition": edition.id,
                }
            ],
        },
    )  # fmt: skip
    connection.execute("UPDATE edition SET current = (edition = (SELECT max(edition) FROM edition))")
    newest = connection.execute("SELECT run, as_of FROM registry_run ORDER BY as_of DESC, run DESC LIMIT 1").fetchone()
    known = connection.execute("SELECT name, phone FROM authority WHERE id = ?", (registry.authority,)).fetchone()
    connection.execute("DELETE FROM authority")
    row = {
        "id": registry.authority, "name": registry.name, "phone": registry.phone or (known["phone"] if known else None),
        "run": newest["run"], "as_of": newest["as_of"], "demo": int(edition.demo),
    }  # fmt: skip
    writer.insert(connection, "licences", {"authority": [row]})


def _gaps(connection: sqlite3.Connection, kind: str) -> tuple[str, ...]:
    """Runs that were never seen here, in words."""
    runs = [
        row[0]
        for row in connection.execute(
            "SELECT run FROM registry_run WHERE kind = ? AND run IS NOT NULL ORDER BY run", (kind,)
        )
    ]
    gaps = [(low + 1, high - 1) for low, high in pairwise(runs) if high - low > 1]
    means = "" if kind == "registry" else "; until they come, what is known here may be incomplete"
    return tuple(
        f"{'Run' if low == high else 'Runs'} {low if low == high else f'{low} to {high}'} ({kind}) never came here{means}."
        for low, high in gaps
    )


@dataclass(slots=True)
class _Merge:
    """One file on its way into the volume."""

    connection: sqlite3.Connection
    registry: Registry
    edition: Edition
    skipped: Findings = field(default_factory=Findings)
    remarks: list[str] = field(default_factory=list)
    tally: Tally = field(init=False)
    _now: dict[str, Row] = field(default_factory=dict)
    _new: dict[str, tuple[Row, list[Row]]] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _ends: list[tuple[str, str]] = field(default_factory=list)
    _gone: list[tuple[str]] = field(default_factory=list)
    _forget: dict[str, list[tuple[str]]] = field(default_factory=dict)
    _rows: dict[str, list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tally = Tally(self.registry.authority, self.edition.date, self.edition.assumed)
        self._now = {
            row["number"]: dict(row) for row in self.connection.execute("SELECT * FROM licence WHERE until IS NULL")
        }

    def take_all(self) -> None:
        """Take every row of the file."""
        for item in self.registry.licences:
            if isinstance(item, Skipped):
                self.skipped.add(item)
                continue
            problem = self._take(item)
            if problem:
                self.skipped.add(Skipped(item.row, problem))
            else:
                self.tally.taken += 1
                self._seen.add(item.data["number"])

    def _take(self, item: Licence) -> str | None:
        """Take one row; the reason where it is left out."""
        number = str(item.data["number"])
        now = self._now.get(number)
        if item.action == "use":
            self._use(item, now)
            return None
        run = self.registry.run
        if now is not None and run is not None and _whole(now["run"]) > run and self.registry.kind != "registry":
            return f"{number}: run {now['run']}, which is here already, says later what became of it"
        if item.action == "cancel":
            return self._cancel(number, now)
        content = _content(item.data)
        if item.action == "insert" and now is not None and now["content"] != content and now["run"] != run:
            return f"{number}: is here already with another content, and only a replacement may change it"
        if item.action == "replace" and now is None:
            self.remarks.append(f"{number} was to be replaced and had never come here; it was taken as it is.")
        self._put(item.data, content, now)
        return None

    def _put(self, data: Any, content: str, now: Row | None) -> None:
        number = data["number"]
        if now is None or now["content"] != content:
            label = f"{number}@{self.edition.date}"
            version = self._licence(data, content, label, self._begin(data, now))
            self._renew(number, version, list(_lines(data, label, self.edition.id)))
            self.tally.added += now is None
            self.tally.changed += now is not None
        self._add("licence_status", self._statuses(data, now))
        if self.registry.kind == "registry" or data.get("obligations"):
            self._replace("obligation", number, _obligations(data, self.edition.id))
        if self.registry.kind == "registry":
            self._replace("licence_usage", number, licence_usage.rows(data, self.edition.id))

    def _begin(self, data: Any, now: Row | None) -> str | None:
        """End the version that was, and the day from which the new one applies: the earliest that the file states, for a new licence."""
        if now is not None and now["edition"] == self.edition.id:
            self._gone.append((str(now["id"]),))  # an edition has no past within itself
            return str(now["since"]) if now["since"] else None
        if now is not None:
            self._ends.append((self.edition.date, str(now["id"])))
            return self.edition.date
        stated: list[str | None] = [data.get("valid_from"), *(row["from"] for row in data.get("history") or ())]
        if not any(stated):
            return None
        return min(day for day in (*stated, self.edition.date) if day)

    def _licence(self, data: Any, content: str, label: str, since: str | None) -> Row:
        keys = ("cti", "direction", "holder", "consignee", "end_user", "valid_from", "valid_to", "goods_hash")
        return {
            "id": label, "number": data["number"], "folded": fold_number(data["number"]), "authority": self.registry.authority,
            "status_index": data.get("status_index"), "type": data["type"], "status": data["status"],
            **{key: data.get(key) or None for key in keys},
            **{key: to_cell([code.upper() for code in data.get(key) or []]) for key in PLACES},
            "conditions": to_cell(data.get("conditions") or []), "content": content, "run": self.registry.run,
            "since": since, "until": None, "edition": self.edition.id,
        }  # fmt: skip

    def _statuses(self, data: Any, now: Row | None) -> list[Row]:
        """The history that the file states; else one more row where the status is not the last one known."""
        number = data["number"]
        if data.get("history"):
            self._forget.setdefault("licence_status", []).append((number,))
            return [
                _status(number, row["status"], row["from"], self.edition.id, at)
                for at, row in enumerate(data["history"])
            ]
        if now is not None and now["status"] == data["status"]:
            return []
        return [_status(number, data["status"], self.edition.date, self.edition.id)]

    def _cancel(self, number: str, now: Row | None) -> str | None:
        if now is None:
            return f"{number}: was to be cancelled and had never come here"
        self._restate(now, "cancelled", self.edition.date)
        return None

    def _restate(self, now: Row, status: str, day: str) -> None:
        """A licence as it was, with another status."""
        if now["status"] == status:
            return
        number = str(now["number"])
        lines = self._new[number][1] if number in self._new else self._stored_lines(str(now["id"]))
        label = f"{number}@{self.edition.date}"
        changed = now | {
            "id": label, "status": status, "content": f"{status}:{now['content']}", "run": self.registry.run,
            "since": self._begin({}, now), "edition": self.edition.id,
        }  # fmt: skip
        self._renew(number, changed, [row | {"id": f"{label}/{row['no']}", "licence": label} for row in lines])
        self._add("licence_status", [_status(number, status, day, self.edition.id)])
        self.tally.changed += 1

    def _stored_lines(self, version: str) -> list[Row]:
        rows = self.connection.execute("SELECT * FROM licence_line WHERE licence = ?", (version,))
        return [dict(row) for row in rows]

    def _renew(self, number: str, version: Row, lines: list[Row]) -> None:
        self._gone.append((str(version["id"]),))
        self._now[number] = version
        self._new[number] = (version, lines)

    def _use(self, item: Licence, now: Row | None) -> None:
        number = str(item.data["number"])
        if now is None:
            self.remarks.append(f"{number} was used and had never come here; its usage is kept until it does.")
        late = self.connection.execute(
            "SELECT 1 FROM registry_run WHERE kind = 'usage' AND run > ?", (self.registry.run,)
        ).fetchone()
        self.remarks += licence_usage.add(self.connection, item.data, self.edition.id, totals=late is None)
        status = item.data.get("status")
        if status and now is not None and not late:
            self._restate(now, status, item.data.get("status_from") or self.edition.date)

    def end_absent(self) -> None:
        """Licences that a whole registry no longer has end on its date."""
        for number, row in self._now.items():
            if number not in self._seen:
                self._ends.append((self.edition.date, str(row["id"])))
                self.tally.ended += 1

    def _add(self, table: str, rows: Iterable[Row]) -> None:
        self._rows.setdefault(table, []).extend(rows)

    def _replace(self, table: str, number: str, rows: Iterable[Row]) -> None:
        self._forget.setdefault(table, []).append((number,))
        self._add(table, rows)

    def write(self) -> None:
        """Write what was taken."""
        run = self.connection.executemany
        run("UPDATE licence SET until = ? WHERE id = ?", self._ends)
        run("DELETE FROM licence WHERE id = ?", self._gone)
        run("DELETE FROM licence_line WHERE licence = ?", self._gone)
        for table, numbers in self._forget.items():
            run(f"DELETE FROM {table} WHERE number = ?", numbers)
        statuses = {str(row["id"]): row for row in self._rows.pop("licence_status", [])}
        run("DELETE FROM licence_status WHERE id = ?", [(label,) for label in statuses])
        self._add("licence_status", statuses.values())
        self._add("licence", (version for version, _ in self._new.values()))
        self._add("licence_line", (line for _, lines in self._new.values() for line in lines))
        groups: list[Row] = [
            {"code": code, "countries": to_cell(list(members)), "cite": self.registry.name, "edition": self.edition.id}
            for code, members in self.registry.groups.items()
        ]
        run("DELETE FROM country_group WHERE code = ?", [(code,) for code in self.registry.groups])
        writer.insert(self.connection, "licences", {**self._rows, "country_group": groups})


def _whole(number: object) -> int:
    return number if isinstance(number, int) else 0


def _content(data: Any) -> str:
    """A digest of what a licence says: another one is another version. Its usage, obligations and history have tables of their own."""
    kept = {
        key: value
        for key, value in data.items()
        if key not in {"usage", "obligations", "history"} and value not in (None, "", [])
    }
    return hashlib.sha256(to_cell(kept).encode("utf-8", "surrogatepass")).hexdigest()


def _status(number: str, status: str, day: str, edition: str, at: int = 0) -> Row:
    label = f"{number}@{day}" + (f"/{at:03}" if at else "")
    return {"id": label, "number": number, "status": status, "from_date": day, "edition": edition}


def _lines(data: Any, label: str, edition: str) -> Iterator[Row]:
    keys = ("control_code", "hs", "description", "quantity", "unit", "value", "currency")
    for line in data.get("lines") or ():
        plain = {key: line.get(key) or None for key in keys}
        yield {"id": f"{label}/{line['no']}", "licence": label, "no": line["no"], **plain, "edition": edition}


def _obligations(data: Any, edition: str) -> Iterator[Row]:
    """Named by what they ask and until when, so that one that was done stays done when the registry comes again."""
    seen: dict[str, int] = {}
    for row in data.get("obligations") or ():
        plain = {key: row.get(key) or None for key in ("due", "condition")}
        label = f"{data['number']}/{row['kind']}@{plain['due'] or ''}"
        seen[label] = seen.get(label, 0) + 1
        yield {
            "id": label if seen[label] == 1 else f"{label}#{seen[label]}",
            "number": data["number"],
            "kind": row["kind"],
            **plain,
            "edition": edition,
        }
