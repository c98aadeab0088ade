"""What an office does with its casebook as a whole: back it up, restore it, forget what is old, hand cases on, read what came."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace as altered
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from border_kit import signing, store
from border_kit.casework import backup, extract, loose, retention
from border_kit.casework.checkpoint import Checkpoint, parse
from border_kit.casework.operators import OFFICE, SignedIn
from border_kit.clock import stamp
from border_kit.desk import cases, papers
from border_kit.errors import InputError, StoreError, UsageError
from border_kit.findings import Json

if TYPE_CHECKING:
    from border_kit.casework.audit import LogCheck
    from border_kit.casework.log import Event
    from border_kit.desk.desk import Desk

CSV_COLUMNS = (
    "case", "opened_at", "shipment", "lane", "advice", "verdict", "decided_by", "decision", "decided_at", "waits", "due",
    "forgotten",
)  # fmt: skip
_PAGE = 1_000


def _beside(desk: Desk) -> dict[str, Path]:
    return {"ledger.sqlite": desk.settings.ledger_path(), "certificates.sqlite": desk.settings.seen_path()}


def back_up(desk: Desk, into: Path) -> backup.Backup:
    """Write a backup into a new folder, check it, and remember its checkpoint. Raises UsageError, StoreError."""
    book, moment = desk.casebook, desk.clock.now()
    made = backup.make(book, into, cases.folder(desk), _beside(desk), at=moment)
    book.remember("backup", "last", {"folder": str(into), "at": stamp(moment), "checkpoint": str(made.checkpoint)})
    return made


def restore(
    desk: Desk,
    folder: Path,
    checkpoints: Sequence[Checkpoint] = (),
    *,
    replace: bool,
    badge: str | None,
    pin: Callable[[], str],
) -> backup.Restored:
    """Check a backup and put it in its place, as an event of the restored log. Raises InputError, UsageError, StoreError.

    Where the backup's office has operators, a supervisor of it restores: `pin` is asked before anything is touched.
    """
    if desk.settings.now is not None:
        _ = desk.casebook  # says that nothing is written under a set clock
    found = backup.check(folder, checkpoints)
    moment = desk.clock.now()
    signed = _key_of(found, badge, pin)
    desk.close()
    done = backup.restore(
        found,
        desk.settings.casebook_path(),
        cases.folder(desk),
        _beside(desk),
        replace=replace,
        at=moment,
    )
    desk.settings = altered(desk.settings, operator=badge, pin=(lambda _badge: signed) if signed is not None else None)
    data: dict[str, Json] = {"made_at": found.at, "events": found.events, "events_lost": done.lost}
    desk.casebook.append(OFFICE, "restored", data, at=moment)
    return done


def _key_of(found: backup.Backup, badge: str | None, pin: Callable[[], str]) -> str | None:
    """The PIN of who restores: a supervisor of the backup's office. None where nobody is enrolled there. Raises UsageError."""
    from border_kit.casework import operators

    copy = store.read_copy(found.folder / backup.CASEBOOK)
    try:
        if operators.read(copy) is None:
            return None
        if badge is None:
            raise UsageError(
                "sign_in", "The backup's office has operators: a supervisor restores it.", "Use --operator BADGE."
            )
        given = pin()
        who = operators.sign_in(copy, badge, given)
        if not operators.may(who.operator.role, "restored"):
            raise UsageError("role", f"Your role ({who.operator.role}) may not restore.", "Ask a supervisor.")
        return given
    finally:
        copy.close()


def verify(desk: Desk, checkpoints: Sequence[Checkpoint] = ()) -> LogCheck:
    """Check the whole log, against checkpoints from outside and the one of the last backup, then the file. Raises StoreError."""
    last = last_backup(desk)
    remembered = [parse(str(last["checkpoint"]))] if last else []
    found = desk.cases.verify([*checkpoints, *remembered])
    return altered(found, damage=desk.cases.damage()) if found.intact else found


def last_backup(desk: Desk) -> dict[str, Json] | None:
    """Where and when the last backup was made, and its checkpoint; None where none was."""
    found = desk.cases.remembered("backup", "last")
    return dict(found) if isinstance(found, dict) else None


def due(desk: Desk, by: date | None = None) -> list[retention.Due]:
    """The cases, and the events of none, whose retention has ended. Raises StoreError, CatalogError."""
    profile, day = desk.assessor.profile, by or desk.clock.now().date()
    periods = profile.retention if profile else ()
    return [*desk.cases.due(periods, day), *loose.due(desk.cases, periods, day)]


def forget(desk: Desk) -> tuple[list[retention.Due], int]:
    """Delete the contents of every case and event that is due, and the files that go with them; what it was, and how many files.

    Each case is one step of its own: an interruption leaves the rest for the next time. Raises UsageError, StoreError.
    """
    book, moment = desk.casebook, desk.clock.now()
    done = [row for row in due(desk) if not row.older_layout]
    for row in done:
        if row.events:
            book.forget_events(row.case_id, row.events, row.rule, at=moment)
        else:
            book.forget(row.case_id, row.rule, at=moment)
    book.settle()
    try:
        return done, retention.sweep(book, cases.folder(desk), papers.folder(), at=moment)
    except OSError as error:
        raise StoreError(
            "files_not_deleted",
            f"The contents are deleted, but a file of theirs is not ({error.strerror}).",
            "Check the permissions and repeat.",
        ) from error


def export(
    desk: Desk, numbers: Sequence[str], out: Path, addresses: Sequence[str] = (), *, files: bool = False
) -> Event:
    """Write a dossier of cases, encrypted where addresses are given, and record that it was. Raises InputError, UsageError, StoreError."""
    if not numbers:
        raise UsageError("cases_missing", "No case was named.", "Name one or more: case list shows them.")
    book = desk.casebook
    document, digest = extract.dossier(book, numbers, cases.folder(desk) if files else None, at=desk.clock.now())
    return _hand_out(desk, document, out, addresses, {"cases": list(numbers), "events_sha256": digest})


def audit_pack(desk: Desk, seed: str, size: int, out: Path, addresses: Sequence[str] = ()) -> Event:
    """Write an auditor's pack and record that it was. Raises UsageError, StoreError."""
    book = desk.casebook
    document, digest = extract.audit_pack(book, seed, size, at=desk.clock.now())
    return _hand_out(desk, document, out, addresses, {"seed": seed, "size": size, "events_sha256": digest})


def export_table(desk: Desk, out: Path) -> Event:
    """Write the summaries of all cases as CSV and record that it was. Raises UsageError, StoreError."""
    rows: list[dict[str, Json]] = []
    while page := desk.cases.rows(limit=_PAGE, offset=len(rows)):
        rows += [row.to_json() for row in page]
    content = extract.table(rows, CSV_COLUMNS)
    return _recorded(desk, content, out, {"form": "csv", "rows": len(rows)})


def _hand_out(
    desk: Desk, document: dict[str, Json], out: Path, addresses: Sequence[str], about: dict[str, Json]
) -> Event:
    content = json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    boxes = [signing.box_of(address) for address in addresses]
    if boxes:
        content = signing.enclose(content, boxes)
    return _recorded(desk, content, out, {**about, "for": [signing.key_id(box) for box in boxes]})


def _recorded(desk: Desk, content: bytes, out: Path, about: dict[str, Json]) -> Event:
    """The event first, then the file: nothing leaves of which the log does not say so."""
    if out.exists():
        raise UsageError("file_exists", f"{out.name} is there already: nothing is written over.", "Name a new file.")
    data = {**about, "file": out.name, "sha256": hashlib.sha256(content).hexdigest()}
    event = desk.casebook.append(OFFICE, "exported", data, at=desk.clock.now())
    papers.save_as(out, content)
    return event


def read_export(
    desk: Desk, file: Path, checkpoints: Iterable[Checkpoint] = (), seed: str | None = None
) -> extract.Received:
    """Open an export that came, with the signed-in operator's key or the office's. Raises InputError, UsageError."""
    try:
        if file.stat().st_size > extract.LARGEST:
            raise InputError("export_large", f"{file.name} is too large to be read.", "Ask for fewer cases.")
        content = file.read_bytes()
    except OSError as error:
        raise InputError(
            "export_unreadable", f"{file.name} cannot be read ({error.strerror}).", "Check the path."
        ) from error
    if signing.is_enclosed(content):
        who = desk.casebook.author
        if not isinstance(who, SignedIn):
            raise UsageError(
                "sign_in", "This file is encrypted: say who opens it.", "Sign in, or use --operator BADGE."
            )
        try:
            content = signing.disclose(content, (who.key, who.office))
        except ValueError as error:
            raise InputError(
                "export_bad", f"{file.name} was changed after it was encrypted.", "Ask the sender for it again."
            ) from error
    return extract.read(content, checkpoints, seed)


def unpack(found: extract.Received, into: Path) -> list[Path]:
    """Write the cases of an export, and its files, into a new folder. Raises UsageError, StoreError."""
    if into.exists():
        raise UsageError(
            "folder_exists", f"{into.name} is there already: nothing is written over.", "Name a new folder."
        )
    try:
        into.mkdir(parents=True)
    except OSError as error:
        raise StoreError(
            "folder_not_made", f"{into.name} cannot be made ({error.strerror}).", "Name another."
        ) from error
    made: list[Path] = []
    for case in found.cases:
        path = into / f"case-{case.row.case_id}.json"
        papers.save_as(path, json.dumps(case.to_json(), ensure_ascii=False, indent=1))
        made.append(path)
    for digest, (_, content) in found.files.items():
        path = into / f"file-{digest}"  # named by its hash: a foreign name is never a path
        papers.save_as(path, content)
        made.append(path)
    return made
