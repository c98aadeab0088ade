"""An authority's desk: certificates of its registry's licences, one or a thousand, and its status list.

A folder of issued certificates holds a PNG or PDF each and `issued.jsonl`, a row a certificate. Issuing goes on where it was
stopped: a licence that has its row is not issued again.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from border_kit import disk
from border_kit.certificates import issue, page, qr, status
from border_kit.certificates.claims import Claims, StatusRef
from border_kit.certificates.issue import Issued, Signer
from border_kit.certificates.refusal import RefusedError
from border_kit.errors import BorderKitError, InputError, StoreError, UsageError
from border_kit.findings import Json
from border_kit.licensing.model import GOOD_STATUSES, Licence
from border_kit.text import clean_line

REGISTER = "issued.jsonl"


@dataclass(frozen=True, slots=True)
class Order:
    """How certificates are issued: where to, in which forms, under which status list, until when where a licence has no end."""

    into: Path
    uri: str
    forms: tuple[str, ...] = ("png",)
    expires: date | None = None


@dataclass(slots=True)
class Register:
    """What was issued into a folder: rows by licence number, and the places of the status list that are taken."""

    path: Path
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def at(cls, folder: Path) -> Register:
        """Read a folder's register; a row that a power cut left half is as if it were not there. Raises StoreError."""
        path = folder / REGISTER
        found = cls(path)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            text = path.read_text(encoding="utf-8") if path.exists() else ""
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError("register_unreadable", f"{path} cannot be read ({error}).", "Check the folder.") from error
        for line in text.splitlines():
            try:
                row = json.loads(line)
                found.rows[row["number"]] = row
            except (ValueError, KeyError, TypeError):
                continue
        if text and not text.endswith("\n"):
            found.write("")
        return found

    def index_for(self, licence: Licence) -> int:
        """The licence's place in the status list: the registry's, else the next that is free."""
        if licence.status_index is not None:
            return licence.status_index
        return max((int(row["status_index"]) for row in self.rows.values()), default=-1) + 1

    def write(self, line: str) -> None:
        """Append a line and force it to disk. Raises StoreError."""
        try:
            with self.path.open("a", encoding="utf-8") as stream:
                stream.write(line + "\n")
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise StoreError("register_not_written", f"{self.path} could not be written ({error.strerror}).") from error

    def add(self, row: dict[str, Any]) -> None:
        """Keep that a certificate was issued."""
        self.write(json.dumps(row, ensure_ascii=False, sort_keys=True))
        self.rows[row["number"]] = row


def claims_of(licence: Licence, order: Order, index: int, now: datetime) -> Claims:
    """What the certificate of a licence states. Raises InputError where the licence is not in force or has no end."""
    if licence.status_on(now.date()) not in GOOD_STATUSES:
        raise InputError(
            "licence_not_in_force",
            f"{licence.number} is {licence.status_on(now.date())}.",
            "Nothing was issued for it.",
        )
    last = licence.valid_to or order.expires
    if last is None:
        raise InputError("no_end", f"{licence.number} has no last day.", "Say until when with --expires DATE.")
    moment = now.replace(microsecond=0)
    begin = datetime.combine(licence.valid_from, time(), UTC) if licence.valid_from else moment
    one = licence.destinations[0] if len(licence.destinations) == 1 else None
    several = (f"destinations: {', '.join(licence.destinations)}",) if len(licence.destinations) > 1 else ()
    return Claims(
        issuer=licence.authority.id,
        number=licence.number,
        document="EL",
        cti=(licence.cti or os.urandom(16).hex()).casefold(),
        issued_at=moment,
        not_before=begin,
        expires=datetime.combine(last, time(), UTC) + timedelta(days=1),
        exporter=licence.holder,
        end_user=licence.end_user,
        end_use_state=one,
        destination=one,
        lines=licence.lines,
        conditions=(*licence.conditions, *several),
        status=StatusRef(order.uri, index),
    )


def signed(claims: Claims, signer: Signer) -> Issued:
    """A certificate; where it grows too long for paper, its goods are left to the registry, under their digest."""
    from dataclasses import replace

    try:
        return issue.certificate(claims, signer)
    except InputError as error:
        if error.code != "certificate_too_long" or not claims.lines:
            raise
        return issue.certificate(replace(claims, lines=(), goods_hash=issue.goods_digest(claims.lines)), signer)


def issue_all(
    licences: Iterable[Licence], signer: Signer, order: Order, now: datetime, step: Callable[[], None]
) -> Iterator[dict[str, Json]]:
    """Issue certificates one by one; each gives a row with what came of it: `issued`, `already`, or an error."""
    register = Register.at(order.into)
    for licence in licences:
        step()
        known = register.rows.get(licence.number)
        if known is not None:
            yield {"number": licence.number, "state": "already", "files": known["files"], "error": None}
            continue
        try:
            row = _issue(licence, signer, order, now, register)
        except StoreError:
            raise
        except BorderKitError as error:
            yield {
                "number": licence.number,
                "state": "error",
                "files": [],
                "error": f"{error.message} {error.hint}".strip(),
            }
            continue
        yield row


def _issue(licence: Licence, signer: Signer, order: Order, now: datetime, register: Register) -> dict[str, Json]:
    index = register.index_for(licence)
    made = signed(claims_of(licence, order, index, now), signer)
    stem = "".join(char if char.isalnum() and char.isascii() else "-" for char in licence.number)[:60]
    files = [f"{stem}.{form}" for form in order.forms]
    for name, form in zip(files, order.forms, strict=True):
        content = qr.png(made.text) if form == "png" else page.pdf(made.claims, made.text, licence.authority.name)
        try:
            disk.replace_file(order.into / name, content)
        except OSError as error:
            raise StoreError(
                "certificate_not_written",
                f"{name} could not be written ({error.strerror}).",
                "Free some space and go on.",
            ) from error
    register.add(
        {"number": licence.number, "cti": made.claims.cti, "status_index": index, "files": files, "text": made.text,
         "issued_at": made.claims.issued_at.isoformat(), "expires": made.claims.expires.isoformat()}
    )  # fmt: skip
    return {
        "number": licence.number, "state": "issued", "files": [*files], "error": None, "characters": len(made.text),
        "long": made.long, "goods_in_registry": made.claims.goods_hash is not None,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Revocation:
    """A new status list: whose, where it will stand, and the places that change."""

    authority: str
    uri: str
    changes: dict[int, int]
    bits: int = 1
    size: int = 0


def status_file(order: Revocation, previous: Path | None, signer: Signer, now: datetime) -> bytes:
    """The file of a new signed status list; what the previous one revoked stays. Raises InputError, UsageError."""
    statuses, size, bits = _previous(previous, order) if previous else ({}, 0, order.bits)
    statuses |= order.changes
    if any(value >= 1 << bits for value in statuses.values()):
        raise UsageError("bits", "A list of one bit knows valid and revoked only.", "Begin the list with --bits 2.")
    size = max([size, order.size, *(index + 1 for index in statuses)])
    payload = status.build(order.authority, order.uri, statuses, max(size, 1), now, bits=bits)
    token = issue.status_token(payload, signer)
    row = {
        "authority": order.authority,
        "uri": order.uri,
        "as_of": now.date().isoformat(),
        "token": base64.b64encode(token).decode(),
    }
    return (json.dumps(row, indent=1) + "\n").encode()


def _previous(path: Path, order: Revocation) -> tuple[dict[int, int], int, int]:
    wrong = f"{clean_line(path.name, 100)} is no status list of {order.authority} at {order.uri}"
    try:
        row = json.loads(path.read_bytes())
        _, found = status.parse(base64.b64decode(row["token"], validate=True))
    except (OSError, ValueError, KeyError, TypeError, RefusedError) as error:
        raise InputError("status_list_invalid", f"{wrong}.", "Name the newest file that revoke wrote.") from error
    if (found.issuer, found.uri) != (order.authority, order.uri):
        raise InputError("status_list_invalid", f"{wrong}.", "Name the newest file that revoke wrote.")
    stated = {index: value for index in range(len(found)) if (value := found.status(index) or 0)}
    return stated, len(found), found.bits


def places(register: Register, numbers: Iterable[str]) -> list[int]:
    """The places of licences in the status list, by what was issued. Raises InputError for one that was not."""
    found = []
    for number in numbers:
        row = register.rows.get(number)
        if row is None:
            raise InputError(
                "never_issued",
                f"No certificate of {clean_line(number, 100)} is in {register.path}.",
                "Check the number.",
            )
        found.append(int(row["status_index"]))
    return found
