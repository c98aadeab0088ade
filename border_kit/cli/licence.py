"""`border-kit licence …`."""

from __future__ import annotations

from pathlib import Path

import click

from border_kit.cli.check import READ_OPTIONS, read_file
from border_kit.cli.common import FILE, common, common_options
from border_kit.cli.diagnostics import Exit
from border_kit.cli.output import print_json, write
from border_kit.desk import render
from border_kit.errors import InputError


@click.group(
    epilog="""\b
Examples:
  border-kit licence show IND-22-0071
  border-kit licence check examples/blue-release-licensed-camera.json --json
""",
)
@common_options
def licence() -> None:
    """Licences: show one with what is left, or check those a shipment declares."""


@licence.command(
    epilog="""\b
Example:
  border-kit licence check shipment.json --json
""",
)
@click.argument("file", type=FILE)
@READ_OPTIONS[0]
@READ_OPTIONS[1]
@common_options
@click.pass_context
def check(context: click.Context, file: Path, columns: str | None, date_order: str | None) -> int:
    """Hold a shipment against the licences it declares."""
    options = common(context)
    desk = options.desk()
    manifest = read_file(desk, file, columns, date_order)
    answers = [answer for shipment in manifest.shipments for answer in desk.check_licences(shipment)]
    if options.json:
        print_json(
            {
                "now": desk.moment,
                "catalog": desk.catalog.ages(),
                "licences": [answer.to_json() for answer in answers],
                "rejected": [row.to_json() for row in manifest.rejected],
            }
        )
    else:
        write(render.licences(answer.to_json() for answer in answers))
    verdicts = {answer.verdict for answer in answers}
    if "fail" in verdicts or manifest.rejected:
        return Exit.ATTENTION
    return Exit.CANNOT_TELL if "cannot_tell" in verdicts else Exit.OK


@licence.command(
    epilog="""\b
Example:
  border-kit licence show IND-22-0071 --json
""",
)
@click.argument("number")
@common_options
@click.pass_context
def show(context: click.Context, number: str) -> int:
    """Show a licence of the registry: status, dates, lines, and what is left as known here."""
    options = common(context)
    desk = options.desk()
    found = desk.registry.find(number)
    if found is None:
        raise InputError(
            "licence_unknown",
            f"No registry of this catalog has a licence {number!r}.",
            "Check the number as printed, or phone the licensing authority.",
        )
    if options.json:
        print_json({"now": desk.moment, "catalog": desk.catalog.ages(), "licence": found.to_json()})
    else:
        write(render.licence_page(found.to_json()))
    return Exit.OK
