"""The desk's usage runs: out to a stick, in from one, and what bringing two offices together brings to light.

An overdraw becomes a case, so that somebody has to look at it; coming in again, the same overdraw does not become another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from border_kit import disk
from border_kit.desk import places
from border_kit.errors import InputError, StoreError
from border_kit.findings import Evidence, Finding, Json, Severity, Subject
from border_kit.licensing import runs
from border_kit.licensing.ledger import Taken
from border_kit.licensing.model import Licence, plain
from border_kit.licensing.usage import Balance, balances
from border_kit.shipment.model import Shipment
from border_kit.sync.parcels import Known
from border_kit.text import clean_line, whole_number

if TYPE_CHECKING:
    from border_kit.casework.summary import CaseRow
    from border_kit.desk.desk import Desk


@dataclass(frozen=True, slots=True)
class Overdraw:
    """A licence line of which more was drawn than it has; `case` is where somebody looks at it."""

    licence: str
    line: int
    finding: Finding
    case: str | None = None

    def to_json(self) -> dict[str, Json]:
        """All fields."""
        return {"licence": self.licence, "line": self.line, "finding": self.finding.to_json(), "case": self.case}


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What bringing runs in came to."""

    taken: tuple[Taken, ...] = ()
    overdrawn: tuple[Overdraw, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing needs attention."""
        return not self.overdrawn and not self.remarks

    def to_json(self) -> dict[str, Json]:
        """As `licence runs import` prints it."""
        return {
            "taken": [row.run.to_json() | {"new": row.new, "known": row.known} for row in self.taken],
            "overdrawn": [row.to_json() for row in self.overdrawn],
            "remarks": list(self.remarks),
        }


def export(desk: Desk, folder: Path, *, again: str | None = None) -> tuple[Path, runs.Run] | None:
    """Write the next run of this office into a folder, or one that was made or came here `again` (`OFFICE:RUN`, or the run here).

    None where nothing was drawn since the last run. An office with a key signs it. Raises InputError, StoreError, UsageError.
    """
    from border_kit.desk import run_seals

    ledger = desk.ledger
    if again is None:
        run_seals.signer(desk)  # before a run is made
        made = ledger.make_run(at=desk.clock.now())
    else:
        office, _, stated = again.rpartition(":")
        number = whole_number(stated, 12)  # more than any office counts
        if number is None:
            raise InputError(
                "run_unknown", f"{clean_line(again, 60)!r} is no run.", "Write 7, or XA-BOR-02~3fa9c1d2:7."
            )
        made = ledger.run_file(office or ledger.office, number)
    if made is None:
        return None
    path, content = folder / made.name, made.content()
    line = run_seals.seal(desk, made.run, content)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        disk.replace_file(path, content + line + b"\n" if line else content)
    except OSError as error:
        raise StoreError(
            "run_not_written",
            f"Run {made.run.number} is made, and could not be written to {folder} ({error.strerror}).",
            f"Write it again with: border-kit licence runs export --to DIR --again {made.run.number}",
        ) from error
    return path, made.run


def bring_in(desk: Desk, files: Sequence[Path], know: Sequence[str] = (), *, unsigned: bool = False) -> Reconciled:
    """Bring run files in: each whole or not at all, and none before all were found good and their signatures proven.

    Args:
        desk: this office.
        files: the files.
        know: fingerprints of offices' keys that somebody has compared, to be known from now on.
        unsigned: take what no office signed, too.

    Raises:
        InputError: a file is damaged, or whose it is is not proven.
        StoreError: the disk is full or may not be written.
    """
    from border_kit.desk import run_seals

    found = []
    for path in files:
        content, line = run_seals.split(_content(path))
        file = runs.read(content, path.name)
        found.append((file, line, run_seals.expect(desk, file.run, content, line, know, unsigned=unsigned)))
    taken = []
    for file, line, key in found:
        if key is not None:
            Known(places.home() / "sync").know(file.run.office, key)
        taken.append(desk.ledger.take_run(file, at=desk.clock.now()))
        run_seals.keep(desk, file.run, line)
    return reconciled(desk, taken)


def reconciled(desk: Desk, taken: Sequence[Taken]) -> Reconciled:
    """What runs that were taken bring to light. Raises StoreError."""
    ledger = desk.drawings
    licences = dict.fromkeys(number for row in taken for number in row.licences)
    remarks = [*ledger.gaps(), *ledger.forks()]
    for number in licences:
        remarks += ledger.drawn_twice(number)
        if desk.registry.find(number) is None:
            remarks.append(f"No registry here has the licence {number}; its drawings are kept.")
    return Reconciled(tuple(taken), tuple(overdraws(desk, licences)), tuple(remarks))


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise InputError("file_unusable", f"{path.name} is no file.", "Check the path.")
        with path.open("rb") as stream:
            return stream.read(runs.MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            "file_unusable", f"{path.name} cannot be read ({error.strerror}).", "Check the stick."
        ) from error


def overdraws(desk: Desk, numbers: Iterable[str]) -> Iterable[Overdraw]:
    """Lines of these licences of which more was drawn than they have, each with its case."""
    for number in numbers:
        licence = desk.registry.find(number)
        if licence is None:
            continue
        for balance in balances(licence, desk.licences.drawn_here(licence)).values():
            if balance.overdrawn:
                found = _finding(licence, balance)
                yield Overdraw(licence.number, balance.line.no, found, _case(desk, licence, balance, found))


def _finding(licence: Licence, balance: Balance) -> Finding:
    line = balance.line
    short = [
        (f"{plain(drawn)} {unit or ''}".strip(), f"{plain(licensed)} {unit or ''}".strip())
        for licensed, drawn, left, unit in (
            (line.quantity, balance.drawn, balance.left, line.unit),
            (line.value, balance.value_drawn, balance.value_left, line.currency),
        )
        if left is not None and left < 0
    ]
    shown = "; ".join(f"{drawn} drawn of {licensed}" for drawn, licensed in short)
    return Finding(
        "licence_overdrawn",
        Severity.STOP,
        Subject("licence", licence.number),
        f"Line {line.no} of {licence.number} is overdrawn: {shown}.",
        tuple(
            Evidence("drawn against licensed", row=f"licence:{licence.number}", left=drawn, right=licensed)
            for drawn, licensed in short
        ),
        ask="Find out with the offices which drawing is wrong, and call the authority.",
        as_of=licence.authority.as_of.isoformat() if licence.authority.as_of else None,
    )


def _case(desk: Desk, licence: Licence, balance: Balance, found: Finding) -> str:
    """The case of an overdraw: the one that was opened for it, unless it has grown since."""
    key, size = f"{licence.number}/{balance.line.no}", found.message
    known = desk.casebook.remembered("overdraw", key)
    if isinstance(known, dict) and known.get("said") == size:
        return str(known["case"])
    shipment = Shipment(f"overdraw {licence.number}")
    assessment = desk.assessor.of_findings(shipment, (found,))
    with desk.casebook.step():
        row: CaseRow = desk.save_case(shipment, assessment)
        desk.casebook.remember("overdraw", key, {"case": row.case_id, "said": size})
    return row.case_id
