"""`border-kit check`: the main job."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from border_kit.cli.asking import answering
from border_kit.cli.common import FILE, common, common_options
from border_kit.cli.diagnostics import Exit, say
from border_kit.cli.output import Progress, Row, batch, print_json, write
from border_kit.desk import render
from border_kit.desk.answers import Assessment
from border_kit.desk.desk import Desk
from border_kit.desk.intake import as_date_order, read_shipments
from border_kit.errors import StoreError
from border_kit.findings import Json, Verdict
from border_kit.shipment.model import Manifest
from border_kit.shipment.readers import ReadOptions, shipment_from_json

FULL_ANSWERS = 5
"""Shipments of one file that are printed in full; more are printed as a triage list, a row each."""

READ_OPTIONS = (
    click.option("--columns", metavar="MAP", help="How columns are read: description=Goods,quantity=Qty or a file."),
    click.option("--date-order", type=click.Choice(["dmy", "mdy", "ymd"]), help="The order of dates in the file."),
)


@click.command(
    epilog="""\b
Examples:
  border-kit check examples/green-release-shirts.json
  border-kit check manifest.csv --columns "description=Goods,quantity=Qty" --json
  border-kit check declaration.xml --date-order dmy --save
  border-kit check manifest.csv --queue         (100,000 lines: into the triage queue, on every core)
  border-kit check --batch shipments.jsonl      (a shipment a row)
Exit codes: 0 nothing to act on, 1 needs attention, 3 cannot tell, 4 file unusable, 5 catalog missing or damaged.
""",
)
@click.argument("file", type=FILE, required=False)
@READ_OPTIONS[0]
@READ_OPTIONS[1]
@click.option("--save", is_flag=True, help="Open a case for every shipment of the file.")
@click.option(
    "--queue", is_flag=True, help="Put its shipments into the triage queue; the same command goes on if stopped."
)
@click.option("--batch", "rows", metavar="FILE", help="Assess every row of a JSON-lines file (- is stdin).")
@common_options
@click.pass_context
def check(
    context: click.Context,
    file: Path | None,
    columns: str | None,
    date_order: str | None,
    save: bool,
    queue: bool,
    rows: str | None,
) -> int:
    """Check a shipment, declaration or manifest (our JSON, CSV, XLSX, ASYCUDA XML)."""
    if (file is None) == (rows is None):
        raise click.UsageError("Give a FILE, or --batch FILE.", context)
    if queue and (save or file is None):
        raise click.UsageError("--queue takes a FILE, and opens no case: case queue open does.", context)
    options = common(context)
    desk = options.desk()
    if save:
        _ = desk.casebook  # refuses before anything is assessed
    if rows is not None:
        _ = desk.assessor
        return batch(rows, lambda row: _answer(desk, row), needs_id=False)
    if queue:
        from border_kit.cli.case_queue import check_in  # one shipment needs no queue

        read = ReadOptions(columns=columns, date_order=as_date_order(date_order))
        return check_in(desk, file or Path(), read)
    manifest = read_file(desk, file or Path(), columns, date_order)
    assessments = _assess(desk, manifest)
    cases = [desk.save_case(*pair) for pair in zip(manifest.shipments, assessments, strict=True)] if save else []
    document = _document(desk, manifest, assessments)
    if options.json:
        print_json(document | ({"cases": [case.to_json() for case in cases]} if save else {}))
    else:
        write(render.check(document) if len(assessments) <= FULL_ANSWERS else render.triage(document))
        for case in cases:
            write(f"Case {case.case_id} opened on {case.shipment}.")
    return exit_code(assessments, rejected=bool(manifest.rejected))


def read_file(desk: Desk, file: Path, columns: str | None, date_order: str | None) -> Manifest:
    """Read a file; at a terminal ask once what it leaves open. Raises InputError."""
    options = ReadOptions(columns=columns, date_order=as_date_order(date_order))
    manifest = answering(options, lambda read: read_shipments(desk, file, read))
    for remark in manifest.remarks:
        say(remark)
    return manifest


def exit_code(assessments: Iterable[Assessment], *, rejected: bool) -> int:
    """The exit code of the contract for a set of assessments."""
    verdicts = {assessment.verdict for assessment in assessments}
    if rejected or verdicts & {Verdict.CHECK, Verdict.STOP}:
        return Exit.ATTENTION
    return Exit.CANNOT_TELL if Verdict.CANNOT_TELL in verdicts else Exit.OK


def _assess(desk: Desk, manifest: Manifest) -> list[Assessment]:
    progress = Progress("shipments", len(manifest.shipments))
    found = []
    for shipment in manifest.shipments:
        found.append(desk.assess(shipment))
        progress.step()
    progress.done()
    return found


def _document(desk: Desk, manifest: Manifest, assessments: list[Assessment]) -> dict[str, Json]:
    return {
        "now": desk.moment,
        "catalog": desk.catalog.ages(),
        "assessments": [assessment.to_json() for assessment in assessments],
        "rejected": [row.to_json() for row in manifest.rejected],
        "remarks": list(manifest.remarks),
        "precedents": _precedents(desk, manifest),
    }


def _precedents(desk: Desk, manifest: Manifest) -> list[Json]:
    """Rulings of past cases on like lines; a casebook that cannot be read is said so, and stops no check."""
    from border_kit.desk import cases  # a licence check needs no casework

    lines = (
        (shipment.id, [{"no": line.no, "description": line.description, "hs": line.hs} for line in shipment.lines])
        for shipment in manifest.shipments
    )
    try:
        return [*cases.precedents(desk, lines)]
    except StoreError as error:
        say(str(error))
        return []


def _answer(desk: Desk, row: Row) -> dict[str, Json]:
    shipment = shipment_from_json(row.fields, position=row.line)
    return {**desk.assess(shipment).to_json(), "now": desk.moment, "catalog": desk.catalog.ages()}
