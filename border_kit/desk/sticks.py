"""Sticks between offices, and from the authority to them: what is written on one, and what is taken from one.

Out goes the part of the catalog's repository that the others lack (`sync/stick.py`), and every parcel that is here (`sync/parcels.py`):
this office's own, signed, with what was drawn and shown since the last, and those of other offices, as they came.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tuf.api.exceptions import DownloadHTTPError

from border_kit import signing
from border_kit.casework.checkpoint import parse
from border_kit.casework.operators import SignedIn
from border_kit.clock import stamp
from border_kit.desk import following, places, seen, usage_runs
from border_kit.errors import BorderKitError, InputError
from border_kit.findings import Json
from border_kit.licensing import ledger, runs
from border_kit.sync import parcels, stick
from border_kit.sync.fetchers import fetcher_for
from border_kit.sync.folders import FolderFetcher
from border_kit.sync.memory import Memory
from border_kit.sync.parcels import Goods, Known, Parcel, Shelf
from border_kit.sync.pull import pull
from border_kit.sync.refusal import LineError, Refusal
from border_kit.sync.transfer import Progress, no_progress
from border_kit.text import clean_line

if TYPE_CHECKING:
    from border_kit.desk.desk import Desk

_NOT_ENROLLED = "No operator is signed in: what this office drew and saw since its last parcel was not signed, and is not on the stick."


def shelf() -> Shelf:
    """The parcels that are kept here."""
    return Shelf(places.home() / "sync" / "parcels")


def known() -> Known:
    """The offices whose keys are known here. Raises StoreError."""
    return Known(places.home() / "sync")


# Writing a stick


def export(
    desk: Desk,
    into: Path,
    source: str | None = None,
    since: int | None = None,
    progress: Progress = no_progress,
) -> dict[str, Json]:
    """Write a stick: the catalog for those it goes to, and all parcels.

    Args:
        desk: this office.
        into: the stick's folder.
        source: the repository that is handed on; this office's own catalog where none is named.
        since: the publication that the readers have; what they left on the stick where none is stated.
        progress: told how far it is.

    Raises:
        Refusal, LineError, StoreError: the stick could not be written whole; what it held can still be read.
    """
    remarks: list[str] = []
    with stick.stick_written():
        stick.begin(into)
    keep, there, carried, office = shelf(), Shelf(into / stick.OFFICES), 0, _own(desk)
    made = _next_parcel(desk, there, remarks)
    catalog = _catalog_out(desk, into, source, since, progress, remarks)
    with stick.stick_written():
        for folder in keep.offices():
            carried += sum(there.put(folder, name, keep.content(folder, name)) for name in keep.names(folder))
        if office:
            stick.leave_state(into, office, parcels.slug(office), places.home())
    return {
        "now": desk.moment,
        "stick": str(into),
        "catalog": catalog,
        "parcel": _parcel(made) if made else None,
        "parcels_written": carried,
        "offices": offices(),
        "remarks": list(remarks),
    }


def _catalog_out(
    desk: Desk, into: Path, source: str | None, since: int | None, progress: Progress, remarks: list[str]
) -> dict[str, Json] | None:
    """Write the catalog. An office that cannot hand one on writes its parcels all the same, and says why."""
    root, now = Memory(places.home()).root(), desk.clock.now()
    try:
        fetcher = fetcher_for(source, progress) if source else stick.OfficeFetcher(places.home(), progress)
        with stick.looked_at(fetcher, root, now) as found:
            haves = (
                [stick.since(fetcher, since)]
                if since is not None
                else list(stick.states(into, parcels.slug(_own(desk))))
            )
            done = stick.write(found, into, haves, root, now)
    except (Refusal, LineError) as error:
        if source is not None or since is not None:
            raise
        remarks.append(f"No catalog was written: {error.message} {error.hint}")
        return None
    return {
        "publication": done.publication, "signed": stamp(done.signed), "files": done.files, "bytes": done.bytes,
        "full": done.full, "newer": done.newer,
    }  # fmt: skip


def _own(desk: Desk) -> str:
    """How this office is marked on sticks, as in its ledger; empty under a set clock where there is no ledger."""
    return desk.ledger.office if desk.settings.keeps else desk.drawings.office


def _next_parcel(desk: Desk, there: Shelf, remarks: list[str]) -> Parcel | None:
    """Sign what is new here as the next parcel; None, with the reason, where that cannot be, or nothing is new."""
    who = desk.casebook.author if desk.settings.keeps else None
    if not isinstance(who, SignedIn):
        remarks.append(_NOT_ENROLLED)
        return None
    keep, office = shelf(), _own(desk)
    folder = parcels.slug(office)
    if set(there.names(folder)) - set(keep.names(folder)):
        remarks.append(
            "The stick holds parcels of this office that are not here (its folder was restored?): nothing new was signed. "
            "Bring the stick in first: border-kit sync bundle import DIR"
        )
        return None
    before = keep.last(folder)
    goods = _goods(desk, keep, office)
    if before and not goods.runs and not goods.seen and _head(goods.checkpoint) == _head(before.checkpoint):
        return None
    made = parcels.make(office, who.office, before, desk.moment, goods)
    known().know(office, who.office.public)
    keep.put(folder, made.name, made.content)
    return made


def _goods(desk: Desk, keep: Shelf, office: str) -> Goods:
    """What no parcel here holds yet: runs of this office, rows of certificates; and the log's head."""
    desk.ledger.make_run(at=desk.clock.now())
    sent: set[str] = set()
    shown: set[str] = set()
    for folder in keep.offices():
        for parcel in keep.parcels(folder):
            sent.update(parcel.runs if parcel.office == office else ())
            shown.update(parcel.seen)
    ours = [desk.ledger.run_file(run.office, run.number) for run in desk.ledger.runs() if run.office == office]
    fresh = [text for text in (_text(file) for file in ours) if text not in sent]
    rows = [line for line in (row.line for row in desk.seen.rows()) if line not in shown]
    return Goods(fresh, rows, str(desk.casebook.checkpoint(at=desk.clock.now())))


def _text(file: runs.RunFile) -> str:
    return file.content().decode("utf-8")


def _head(checkpoint: str) -> tuple[int, str]:
    found = parse(checkpoint)
    return found.seq, found.hash


# Taking a stick in


@dataclass(slots=True)
class Taken:
    """What came of a stick's parcels so far."""

    rows: list[Json] = field(default_factory=list)
    runs: list[ledger.Taken] = field(default_factory=list)
    known: int = 0
    refused: list[Json] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def bring_in(
    desk: Desk,
    source: Path,
    root: bytes | None = None,
    know: Sequence[str] = (),
    progress: Progress = no_progress,
) -> dict[str, Json]:
    """Take a stick in: the catalog as by a pull, then every parcel that is new, each whole or not at all.

    Args:
        desk: this office.
        source: the stick's folder.
        root: the first trusted root, for an office that follows for the first time.
        know: fingerprints of offices' keys that somebody has compared, to be known from now on.
        progress: told how far it is.

    Raises:
        LineError: the stick is not there, or was pulled out; what had come whole is kept.
        StoreError: the disk is full or may not be written.
    """
    fetcher = FolderFetcher(source, progress)
    catalog, refused = _catalog_in(desk, source, root, progress)
    taken = Taken()
    on_stick = Shelf(source / stick.OFFICES)
    for folder in on_stick.offices()[: stick.MOST_OFFICES]:
        _office_in(desk, fetcher, folder, on_stick.names(folder), frozenset(know), taken)
    usage = usage_runs.reconciled(desk, taken.runs)
    taken.remarks += _own_log(desk, source)
    _leave_state(desk, source)
    return {
        "now": desk.moment, "stick": str(source), "catalog": catalog, "catalog_refused": refused, "parcels": taken.rows,
        "known": taken.known, "refused": taken.refused, "usage": usage.to_json(), "offices": offices(),
        "remarks": list(taken.remarks),
    }  # fmt: skip


def _catalog_in(
    desk: Desk, source: Path, root: bytes | None, progress: Progress
) -> tuple[dict[str, Json] | None, dict[str, Json] | None]:
    """Pull from the stick; what was refused does not keep the parcels out."""
    if stick.is_bare(source):
        return None, None
    office = following.office(desk.settings.now, progress)
    try:
        return pull(office, str(source.absolute()), root, once=True).to_json(), None
    except Refusal as error:
        return None, _told(error)


def _told(error: BorderKitError) -> dict[str, Json]:
    return {"code": error.code, "message": error.message, "hint": error.hint}


def _office_in(
    desk: Desk, fetcher: FolderFetcher, folder: str, names: Sequence[str], know: frozenset[str], taken: Taken
) -> None:
    """Take one office's parcels in their order, up to the first that is refused."""
    for name in names:
        try:
            _parcel_in(desk, _read(fetcher, folder, name), folder, name, know, taken)
        except (Refusal, InputError) as error:
            taken.refused.append({"office": clean_line(folder, 100), "parcel": name, **_told(error)})
            return


def _read(fetcher: FolderFetcher, folder: str, name: str) -> bytes:
    """Copy a parcel from the stick, once; what is proven is the copy."""
    try:
        with fetcher.download_file(f"{fetcher.base}{stick.OFFICES}/{folder}/{name}", parcels.MAX_BYTES) as stream:
            return bytes(stream.read())
    except DownloadHTTPError as error:
        raise LineError("stick_unreadable", f"{name} is gone from the stick.", "Leave it in, and repeat.") from error


def _parcel_in(desk: Desk, content: bytes, folder: str, name: str, know: frozenset[str], taken: Taken) -> None:
    parcel, keep, trusted = parcels.read(content, name), shelf(), known()
    if (parcels.slug(parcel.office), parcel.name) != (folder, name):
        raise _foreign(parcel, "it lies under another name than its own")
    if keep.has(parcel):
        taken.known += 1
        return
    fingerprint = signing.key_id(parcel.key)
    parcels.expect(parcel, keep, trusted, frozenset({fingerprint}) & know)
    files, rows = _opened(desk, parcel)
    if fingerprint in know:
        trusted.know(parcel.office, parcel.key)
    before = keep.last(folder)
    if before and _head(parcel.checkpoint)[0] < _head(before.checkpoint)[0]:
        taken.remarks.append(
            f"The log of {parcel.office} has become shorter with {parcel}: it was restored or changed."
        )
    runs_taken = [desk.ledger.take_run(file, at=desk.clock.now()) for file in files]
    new = desk.seen.add(rows)
    keep.put(folder, name, content)
    taken.runs += runs_taken
    taken.rows.append({**_parcel(parcel), "new_entries": sum(run.new for run in runs_taken), "new_seen": new})


def _opened(desk: Desk, parcel: Parcel) -> tuple[list[runs.RunFile], list[seen.Shown]]:
    """What a parcel holds, read strictly. Raises Refusal, InputError; then nothing of it is taken."""
    files = [runs.read(text.encode("utf-8", "surrogatepass"), str(parcel)) for text in parcel.runs]
    if any(file.run.office != parcel.office for file in files):
        raise _foreign(parcel, "it holds a run of another office")
    rows = [seen.parsed(line, desk.clock.now()) for line in parcel.seen]
    found = parse(parcel.checkpoint)
    if found.key != signing.key_id(parcel.key) or not signing.good(
        parcel.key, found.signed_text, signing.raw(found.signature)
    ):
        raise _foreign(parcel, "its checkpoint is not signed by the office")
    good = [row for row in rows if row is not None]
    if len(good) != len(rows):
        raise _foreign(parcel, "it holds a row that is no certificate that was shown, or is of a day that has not come")
    return files, good


def _foreign(parcel: Parcel, why: str) -> Refusal:
    return Refusal(
        "parcel_refused", f"{parcel} is refused: {why}.", "Nothing of it is taken; ask the office that made it."
    )


def _own_log(desk: Desk, source: Path) -> Iterator[str]:
    """Hold the log against the newest checkpoint of this office that others carried back."""
    office = _own(desk)
    folder = parcels.slug(office)
    if not office or not Shelf(source / stick.OFFICES).names(folder):
        return
    last = shelf().last(folder)
    if last is None:
        return
    found = desk.cases.verify([parse(last.checkpoint)])
    if not found.intact:
        yield f"This office's log is not the one that others saw (event {found.first_bad}: {found.fault})."


def _leave_state(desk: Desk, source: Path) -> None:
    """Leave word on the stick of what is here now; one that may not be written, or has links, is left as it is."""
    office = _own(desk)
    with suppress(OSError, Refusal):
        if office and (source / stick.MARK).is_file():
            stick.leave_state(source, office, parcels.slug(office), places.home())


# What both show


def offices() -> list[Json]:
    """The offices whose parcels are here: how far they came, with which key, and the newest checkpoint of each log."""
    keep, found = shelf(), list[Json]()
    for folder in keep.offices():
        last = keep.last(folder)
        if last is not None:
            found.append(
                {
                    "office": last.office, "key": signing.key_id(last.key), "last": last.number, "made": last.made,
                    "checkpoint": last.checkpoint,
                }
            )  # fmt: skip
    return found


def _parcel(parcel: Parcel) -> dict[str, Json]:
    return {
        "office": parcel.office, "number": parcel.number, "made": parcel.made, "runs": len(parcel.runs),
        "seen": len(parcel.seen), "checkpoint": _head(parcel.checkpoint)[0],
    }  # fmt: skip
