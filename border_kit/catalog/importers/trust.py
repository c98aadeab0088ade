"""Trust lists: authorities, their keys and status lists, who recognises whom; and a single newer status list.

A trust list is YAML (JSON is YAML too) by the schema `trust`; it replaces the one before as a whole. A status list is the file
that `certificate revoke` writes. What they say of keys and tokens is proven by those who use them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from border_kit.catalog import sources, writer
from border_kit.catalog.importers.base import Findings, Order, Skipped, Tally
from border_kit.catalog.importers.parties_volume import Edition, open_edition
from border_kit.catalog.sources import Key, Problem, Source, SourceError
from border_kit.catalog.trust_rules import is_demo_issuer
from border_kit.catalog.writer import Row, to_cell
from border_kit.errors import InputError
from border_kit.text import clean_line

LIST = "TRUST"
KEPT_STATUS_LISTS = 3
"""Newest status lists of an address that are kept: one that proves nothing must not hide the one before."""

MAX_STATUS_FILE = 8_000_000
TABLES = ("authority", "key", "recognition", "status_list")


@dataclass(frozen=True, slots=True)
class TrustFile:
    """A trust list as read: its own date and id where it states them, and its rows without an edition."""

    stated: str | None
    list_id: str
    rows: dict[str, list[Row]]


def read(order: Order) -> TrustFile:
    """Read a live trust list. Raises SourceError naming every line that is wrong."""
    return parse(sources.load(order.path, sources.schema_named("trust")), demo=False)


def parse(source: Source, *, demo: bool) -> TrustFile:
    """The rows of a trust list. Raises SourceError naming every line that is wrong; a live list contains no demo issuer."""
    problems = list(_problems(source, demo=demo))
    if problems:
        raise SourceError(problems)
    data = source.data
    authorities = data["authorities"]
    return TrustFile(
        stated=data.get("edition"),
        list_id=data.get("list", LIST),
        rows={
            "authority": [_authority(row, demo=demo) for row in authorities],
            "key": [_key(row["id"], key) for row in authorities for key in row.get("keys", ())],
            "recognition": [row for stated in data.get("recognitions", ()) for row in _recognitions(stated)],
            "status_list": [
                status_list_row(row["id"], one) for row in authorities for one in row.get("status_lists", ())
            ],
        },
    )


def _problems(source: Source, *, demo: bool) -> Iterator[Problem]:
    authorities = source.data["authorities"]
    ids = [row["id"] for row in authorities]
    for at, row in enumerate(authorities):
        path: Key = ("authorities", at)
        if ids.index(row["id"]) != at:
            yield source.problem((*path, "id"), f"{row['id']} stands twice")
        if row["id"].partition("/")[0] != row["country"]:
            yield source.problem((*path, "country"), f"{row['id']} is of another country than {row['country']}")
        if is_demo_issuer(row["id"]) and not demo:
            yield source.problem((*path, "id"), "a live trust list contains no demonstration issuer")
        yield from _key_problems(source, path, row)
    for at, row in enumerate(source.data.get("recognitions", ())):
        for side in ("recogniser", "issuer"):
            if row[side] not in ids:
                yield source.problem(("recognitions", at, side), f"{row[side]} is no authority of this list")
        if row.get("from", "") >= row.get("to", "9999"):
            yield source.problem(("recognitions", at), "it ends before it begins")


def _key_problems(source: Source, path: Key, authority: Any) -> Iterator[Problem]:
    for at, key in enumerate(authority.get("keys", ())):
        where = (*path, "keys", at)
        der = _decoded(key["public"])
        if der is None:
            yield source.problem((*where, "public"), "this is no base64")
        elif hashlib.sha256(der).hexdigest()[:16] != key["kid"]:
            yield source.problem((*where, "kid"), "the kid is not the first 16 digits of the key's SHA-256")
        if key.get("from", "") >= key.get("to", "9999"):
            yield source.problem(where, "the key's window ends before it begins")
    for at, one in enumerate(authority.get("status_lists", ())):
        if _decoded(one["token"]) is None:
            yield source.problem((*path, "status_lists", at, "token"), "this is no base64")


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _authority(row: Any, *, demo: bool) -> Row:
    return {
        "id": row["id"], "name": row["name"], "country": row["country"], "phone": row.get("phone"), "demo": int(demo),
        "home": int(row.get("home", False)),
    }  # fmt: skip


def _key(authority: str, key: Any) -> Row:
    return {
        "id": f"{authority}#{key['kid']}", "authority": authority, "kid": key["kid"], "algorithm": key["algorithm"],
        "public": "".join(key["public"].split()), "document_types": to_cell(key["document_types"]),
        "valid_from": key.get("from"), "valid_to": key.get("to"), "status": key["status"],
    }  # fmt: skip


def _recognitions(row: Any) -> list[Row]:
    """One row a document type and direction: mutual recognition is two one-way rows."""
    sides = [(row["recogniser"], row["issuer"])]
    if row.get("both"):
        sides.append((row["issuer"], row["recogniser"]))
    types = row.get("document_types") or [row["document_type"]]
    return [
        {
            "id": f"{recogniser}>{issuer}>{document}@{row.get('from', '')}", "recogniser": recogniser, "issuer": issuer,
            "document_type": document, "valid_from": row.get("from"), "valid_to": row.get("to"),
        }
        for recogniser, issuer in sides
        for document in types
    ]  # fmt: skip


def status_list_row(authority: str, one: Any) -> Row:
    """The row of a status list: `uri`, `as_of` and `token` of `one`."""
    return {
        "id": f"{authority}#{one['uri']}@{one['as_of']}", "authority": authority, "uri": one["uri"],
        "token": "".join(one["token"].split()), "as_of": one["as_of"],
    }  # fmt: skip


def fill(connection: sqlite3.Connection, found: TrustFile, edition: Edition) -> Tally:
    """Put a trust list into its volume in place of the one before; newer status lists of its authorities stay.

    Raises:
        InputError: the edition is older than the one installed.
    """
    demo = connection.execute("SELECT 1 FROM edition WHERE demo = 1").fetchone() is not None
    before = {} if demo else content(connection)
    if demo:
        for table in (*TABLES, "edition"):
            connection.execute(f"DELETE FROM {table}")
    open_edition(connection, "trust", edition)
    known = {row["id"] for row in found.rows["authority"]}
    kept = [dict(row) for row in connection.execute("SELECT * FROM status_list") if row["authority"] in known]
    for table in TABLES:
        connection.execute(f"DELETE FROM {table}")
    rows = {
        table: [{**row, "edition": edition.id} for row in found.rows[table]] for table in TABLES if table != "authority"
    }
    lists = {row["id"]: row for row in (*kept, *rows["status_list"])}
    writer.insert(
        connection, "trust", {**rows, "authority": found.rows["authority"], "status_list": _newest(lists.values())}
    )
    now = content(connection)
    return Tally(
        edition.list,
        edition.date,
        edition.assumed,
        taken=len(now),
        added=len(now.keys() - before.keys()),
        ended=len(before.keys() - now.keys()),
        changed=sum(now[key] != before[key] for key in now.keys() & before.keys()),
    )


def content(connection: sqlite3.Connection) -> dict[str, str]:
    """Every row of a trust volume by table and id, without the edition it came with."""
    return {
        f"{table}:{row['id']}": to_cell({key: row[key] for key in row.keys() if key != "edition"})  # noqa: SIM118 - a Row iterates values
        for table in TABLES
        for row in connection.execute(f"SELECT * FROM {table}")
    }


def _newest(rows: Any) -> list[Row]:
    """The newest lists of each address."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(rows, key=lambda row: row["as_of"], reverse=True):
        lists = found.setdefault((row["authority"], row["uri"]), [])
        if len(lists) < KEPT_STATUS_LISTS:
            lists.append(row)
    return [row for lists in found.values() for row in lists]


def read_status_list(order: Order) -> Row:
    """Read the file that `certificate revoke` writes. Raises InputError."""
    wrong = InputError(
        "status_list_invalid",
        f"{clean_line(order.path.name, 200)} is no status list file.",
        "It is the file that border-kit certificate revoke writes.",
    )
    try:
        if order.path.stat().st_size > MAX_STATUS_FILE:
            raise wrong
        data = json.loads(order.path.read_bytes())
        row = {name: data[name] for name in ("authority", "uri", "token", "as_of")}
        if not all(isinstance(value, str) and value for value in row.values()) or _decoded(row["token"]) is None:
            raise wrong
        date.fromisoformat(row["as_of"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise wrong from error
    return status_list_row(row["authority"], row)


def add_status_list(connection: sqlite3.Connection, row: Row) -> tuple[Tally, Findings]:
    """Put a newer status list beside those that are there. Skips one of an authority that nobody trusts here."""
    tally = Tally(str(row["uri"]), str(row["as_of"]), assumed=False)
    skipped = Findings()
    edition = connection.execute("SELECT id FROM edition WHERE current = 1").fetchone()
    if (
        connection.execute("SELECT 1 FROM authority WHERE id = ?", (row["authority"],)).fetchone() is None
        or edition is None
    ):
        skipped.add(Skipped(1, f"{row['authority']} is not on the trust list of this catalog"))
        return tally, skipped
    rows = {one["id"]: dict(one) for one in connection.execute("SELECT * FROM status_list")}
    tally.taken, tally.added, tally.changed = 1, int(row["id"] not in rows), int(row["id"] in rows)
    rows[row["id"]] = {**row, "edition": edition[0]}
    connection.execute("DELETE FROM status_list")
    writer.insert(connection, "trust", {"status_list": _newest(rows.values())})
    return tally, skipped
