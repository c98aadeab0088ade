"""How long the balance of a licence takes among a million usage lines, and the check of a large shipment.

Run: python benchmarks/licensing/run.py [LINES]. Prints the table of benchmarks/results/licensing.md. CPU time, since the machine may be
shared; the ledger and the registry are built in a temporary folder.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from border_kit.catalog import volumes
from border_kit.catalog.importers import import_into
from border_kit.desk.desk import Desk
from border_kit.desk.install import install
from border_kit.desk.settings import Settings
from border_kit.licensing.entry import COLUMNS, Entry
from border_kit.licensing.ledger import Ledger
from border_kit.licensing.registry import Registry
from border_kit.licensing.usage import balances
from border_kit.shipment.readers import shipment_from_json

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 25)
LICENCES = 10_000
GOODS = (
    ("Thermal imaging camera with uncooled 640x512 detector, 30 Hz", "852589", "6A003.b.4.b"),
    ("Lens assembly for a thermal camera", "900211", "6A003"),
    ("Unmanned aerial vehicle, endurance 2 h, with GPS autopilot", "880622", "9A012.a"),
    ("Men's shirts of cotton", "620520", None),
    ("Frequency changer 0-1200 Hz, 40 VA", "850440", "3A225"),
    ("Maraging steel bars 300 mm", "722840", "1C216"),
    ("Gyroscope for inertial navigation", "901420", "7A002"),
    ("Carbon fibre prepreg on rolls", "681511", "1C010"),
    ("Hydraulic pump", "841350", None),
    ("Development board with FPGA", "847330", "3A001"),
)


def licence(number: str, quantity: str = "100000000") -> dict[str, object]:
    """A licence of ten lines."""
    lines = [
        {"no": no, "control_code": code, "hs": hs, "description": f"{text}, type {number[-4:]}", "quantity": quantity, "unit": "pcs", "value": "9e9", "currency": "EUR"}
        for no, (text, hs, code) in enumerate(GOODS, start=1)
    ]  # fmt: skip
    return {
        "number": number, "type": "individual", "status": "issued", "holder": "Aldermoor Instruments Ltd",
        "consignee": "Norrhaven Survey Office", "end_user": "Norrhaven Survey Office", "destinations": ["YY"],
        "valid_from": "2026-01-01", "valid_to": "2026-12-31", "conditions": ["Serial numbers on the invoice"], "lines": lines,
    }  # fmt: skip


def fill_ledger(path: Path, lines: int, hot: int) -> Ledger:
    """A ledger of so many drawings over all licences, of which the first has `hot`."""
    ledger = Ledger.at(path, lambda: "XA-BOR-01~3fa9c1d2")
    chance = random.Random(7)
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    marks = ", ".join("?" * (len(COLUMNS) + 2))

    def rows() -> object:
        for seq in range(1, lines + 1):
            number = f"IND-26-{0 if seq <= hot else chance.randrange(1, LICENCES):05}"
            entry = Entry(
                number, chance.randrange(1, 11), "2026-03-02", quantity=str(chance.randrange(1, 9_999) / 1000), unit="pcs",
                value=str(chance.randrange(1, 99_999) / 100), currency="EUR", declaration=f"EX-{seq}", office=ledger.office,
                seq=seq, at="2026-03-02T09:30:00Z",
            )  # fmt: skip
            yield (f"{seq:064x}", number.replace("-", ""), *entry.cells())

    connection = ledger._connection  # noqa: SLF001 - a million durable transactions would take hours
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN")
    connection.executemany(f"INSERT INTO entry (id, folded, {names}) VALUES ({marks})", rows())
    connection.execute("COMMIT")
    return ledger


def fill_registry(folder: Path, lines: int) -> Registry:
    """A registry of all licences with so many usage lines."""
    chance = random.Random(9)
    source = folder / "registry.json"
    held = [licence(f"IND-26-{number:05}") for number in range(LICENCES)]
    for row in held:
        row["lines"] = row["lines"][:2]  # type: ignore[index]  # a list of ten
        row["usage"] = []
    for number in range(lines):
        row = {"line": chance.randrange(1, 3), "quantity": str(chance.randrange(1, 9_999) / 1000), "date": "2026-03-02", "declaration": f"EX-{number}"}  # fmt: skip
        held[chance.randrange(LICENCES)]["usage"].append(row)  # type: ignore[attr-defined]  # a list
    source.write_text(json.dumps({"authority": "XA/LA-09", "run": 1, "as_of": "2026-11-20", "licences": held}))
    import_into("licences-json", source, folder / "catalog", today=TODAY)
    return Registry(volumes.open_catalog(folder / "catalog", TODAY))


def timed(times: int, call: Callable[[int], object]) -> tuple[float, float]:
    """Median and worst CPU milliseconds of a call."""
    found = []
    for number in range(times):
        before = time.process_time()
        call(number)
        found.append((time.process_time() - before) * 1000)
    return statistics.median(found), max(found)


def check_large(folder: Path) -> list[tuple[str, tuple[float, float]]]:
    """A shipment of 200 lines on 20 licences: in the process, and as a command."""
    root = folder / "check"
    source = folder / "twenty.json"
    source.write_text(json.dumps({"authority": "XA/LA-09", "run": 1, "as_of": "2026-11-20", "licences": [licence(f"IND-26-{number:05}") for number in range(20)]}))  # fmt: skip
    import_into("licences-json", source, root, today=TODAY, install=install)
    lines = [
        {"no": no, "description": f"{GOODS[no % 10][0]}, model {no}", "hs": GOODS[no % 10][1], "quantity": "3", "unit": "pcs", "value": "100", "currency": "EUR", "licences": [{"number": f"IND-26-{no % 20:05}"}]}
        for no in range(1, 201)
    ]  # fmt: skip
    parties = [{"role": role, "name": name} for role, name in (("exporter", "Aldermoor Instruments"), ("consignee", "Norrhaven Survey Office"), ("end_user", "Norrhaven Survey Office"))]  # fmt: skip
    document = {"id": "EX-1", "date": "2026-11-20", "destination": "YY", "parties": parties, "lines": lines}
    shipment = shipment_from_json(document, position=1)
    path = folder / "shipment.json"
    path.write_text(json.dumps(document))

    def inside(_: int) -> None:
        desk = Desk(Settings(catalog=root, casebook=folder / "casebook.sqlite", now=NOW))
        assert all(answer.verdict == "pass" for answer in desk.check_licences(shipment))
        desk.close()

    command = [
        sys.executable,
        "-m",
        "border_kit",
        "--catalog",
        str(root),
        "licence",
        "check",
        str(path),
        "--json",
        "--now",
        "2026-11-25",
    ]

    def outside(_: int) -> float:
        import resource  # noqa: PLC0415 - POSIX only

        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1000

    commands = [outside(number) for number in range(7)]
    return [
        ("licence check, 200 lines on 20 licences, in the process (desk opened each time)", timed(7, inside)),
        ("the same as a command, start included", (statistics.median(commands), max(commands))),
    ]


def main() -> None:
    """Build, measure, print."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rows: list[tuple[str, tuple[float, float]]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows += check_large(folder)
        ledger = fill_ledger(folder / "ledger.sqlite", lines, hot=1_000)
        numbers = [f"IND-26-{number:05}" for number in range(1, LICENCES, 53)]
        rows.append(
            (
                f"ledger of {lines:,} entries: what was drawn on a licence ({lines // LICENCES} entries)",
                timed(len(numbers), lambda at: ledger.usage(numbers[at])),
            )
        )
        rows.append(("the same of a licence with 1,000 entries", timed(20, lambda _: ledger.usage("IND-26-00000"))))
        registry = fill_registry(folder, lines)
        rows.append(
            (
                f"registry of {lines:,} usage lines: a licence with its balance",
                timed(len(numbers), lambda at: balances(registry.look_up(numbers[at]).licence)),
            )
        )  # type: ignore[union-attr]  # it is there
        ledger.close()
    print("| what | median ms | worst ms |\n|---|---|---|")
    for what, (median, worst) in rows:
        print(f"| {what} | {median:.2f} | {worst:.2f} |")


if __name__ == "__main__":
    main()
